"""The people who work with farun: accounts, invitations, sign-in, sessions and what each role may do."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Connection

from base import clock
from base.privacy import keyed_hash, new_token
from casework import audit
from casework.errors import Refused
from casework.tables import account as accounts
from casework.tables import invitation, session

ROLES = {"adviser": "法律顾问", "editor": "知识编辑", "manager": "负责人", "admin": "管理员"}
RIGHTS = {  # desk: take and answer matters; desk_read: look at them; the rest by their names
    "adviser": frozenset({"desk", "desk_read"}),
    "editor": frozenset({"knowledge"}),
    "manager": frozenset({"board", "desk_read"}),
    "admin": frozenset({"desk", "desk_read", "knowledge", "board", "accounts"}),
}
FIRST = "admin"
SHORTEST, LONGEST = 10, 200  # characters of a password
TRIES, LOCKED = 5, timedelta(minutes=10)
INVITED = timedelta(hours=48)
SESSION = timedelta(hours=8)
REFRESH = timedelta(minutes=5)  # a session is prolonged at most this often, so that reading stays mostly reading

_hasher = PasswordHasher()


@dataclass(frozen=True)
class Account:
    """A member of the staff as the rest of farun knows them."""

    id: int
    name: str
    role: str
    active: bool = True

    @property
    def role_label(self) -> str:
        """The role in Chinese, as a worker sees it."""
        return ROLES[self.role]

    def may(self, right: str) -> bool:
        """True when the account is active and its role has the right (see RIGHTS)."""
        return self.active and right in RIGHTS[self.role]


@dataclass(frozen=True)
class Session:
    """A signed-in person. `token` is known only right after signing in; the database holds its hash.

    `stale`: it was found without being prolonged though it is time to.
    """

    account: Account
    csrf: str
    expires_at: datetime
    token: str = ""
    stale: bool = False


def _account(row: sa.engine.Row) -> Account:
    return Account(row.id, row.name, row.role, row.active)


def load(conn: Connection, account_id: int) -> Account | None:
    """The account with this id, or None."""
    row = conn.execute(sa.select(accounts).where(accounts.c.id == account_id)).first()
    return row and _account(row)


def by_name(conn: Connection, name: str) -> Account | None:
    """The account with this name, or None."""
    row = conn.execute(sa.select(accounts).where(accounts.c.name == name.strip())).first()
    return row and _account(row)


def everybody(conn: Connection) -> list[Account]:
    """All accounts in the order of their names."""
    return [_account(r) for r in conn.execute(sa.select(accounts).order_by(accounts.c.name))]


def create(conn: Connection, name: str, role: str, now: datetime | None = None) -> Account:
    """A new account without a password. Raises Refused for a bad name or role, or a name that is taken."""
    name = name.strip()
    if role not in ROLES:
        raise Refused(f"没有“{role}”这个角色，可选：{'、'.join(ROLES)}。")
    if not re.fullmatch(r"[\w·.\-]{2,20}", name):
        raise Refused("姓名要2到20个字，只用文字、数字、点和横线。")
    if by_name(conn, name) is not None:
        raise Refused(f"已经有叫“{name}”的账号了。")
    moment = now or clock.now()
    row = {"name": name, "role": role, "active": True, "failures": 0, "created_at": moment}
    made = conn.execute(sa.insert(accounts).values(**row)).inserted_primary_key[0]
    audit.write(conn, "account_created", f"account:{made}", detail=role, at=moment)
    return Account(made, name, role)


def invite(conn: Connection, account: Account, now: datetime | None = None) -> str:
    """A one-time token (48 h) with which the account sets its password; earlier unused ones end."""
    moment, token = now or clock.now(), new_token()
    conn.execute(
        sa.update(invitation)
        .where(invitation.c.account_id == account.id, invitation.c.used_at.is_(None))
        .values(used_at=moment)
    )
    made = {"token_hash": keyed_hash("invitation", token), "account_id": account.id, "expires_at": moment + INVITED}
    conn.execute(sa.insert(invitation).values(**made))
    audit.write(conn, "account_invited", f"account:{account.id}", at=moment)
    return token


def accept(conn: Connection, token: str, password: str, now: datetime | None = None) -> Account:
    """Set the password of the invited account and end its sessions. Raises Refused with what is wrong."""
    moment = now or clock.now()
    invited = _invited(conn, token, moment)
    check_password(password, invited.name)
    used = conn.execute(
        sa.update(invitation)
        .where(invitation.c.token_hash == keyed_hash("invitation", token), invitation.c.used_at.is_(None))
        .values(used_at=moment)
    )
    if used.rowcount != 1:
        raise Refused(_STALE)
    values = {"password_hash": _hasher.hash(password), "failures": 0, "locked_until": None}
    conn.execute(sa.update(accounts).where(accounts.c.id == invited.id).values(**values))
    conn.execute(sa.delete(session).where(session.c.account_id == invited.id))
    audit.write(conn, "password_set", f"account:{invited.id}", invited.id, at=moment)
    return invited


_STALE = "这个链接无效，或者已经用过、过期了。请管理员再发一个。"


def invited_name(conn: Connection, token: str, now: datetime | None = None) -> str | None:
    """For whom an invitation is, while it can still be used; else None."""
    try:
        return _invited(conn, token, now or clock.now()).name
    except Refused:
        return None


def _invited(conn: Connection, token: str, moment: datetime) -> Account:
    row = conn.execute(
        sa.select(accounts)
        .join(invitation, invitation.c.account_id == accounts.c.id)
        .where(
            invitation.c.token_hash == keyed_hash("invitation", token),
            invitation.c.used_at.is_(None),
            invitation.c.expires_at > moment,
            accounts.c.active,
        )
    ).first()
    if row is None:
        raise Refused(_STALE)
    return _account(row)


def check_password(password: str, name: str) -> None:
    """Raises Refused when the password is too short, too long, too plain, or made of the name."""
    if len(password) < SHORTEST:
        raise Refused(f"密码至少要{SHORTEST}个字符。")
    if len(password) > LONGEST:
        raise Refused(f"密码最多{LONGEST}个字符。")
    if name.lower() in password.lower():
        raise Refused("密码里不要带姓名。")
    if len(set(password)) < 4:
        raise Refused("密码太简单，请多用几种字符。")


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash(new_token())


def _matches(stored: str | None, password: str) -> bool:
    """Compare in the same time whether or not there is a password to compare with."""
    try:
        right = _hasher.verify(stored or _nobody(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def sign_in(conn: Connection, name: str, password: str, now: datetime | None = None) -> Session | None:
    """A new session, or None: unknown name, wrong password, locked and inactive look and last the same.

    After 5 failures the account is locked for 10 minutes. Commit also when None is returned: it holds the failure.
    """
    moment = now or clock.now()
    row = conn.execute(sa.select(accounts).where(accounts.c.name == name.strip()).with_for_update()).first()
    right = _matches(row.password_hash if row is not None else None, password)
    if row is None or not row.active or (row.locked_until is not None and row.locked_until > moment):
        return None
    if not right:
        _failed(conn, row, moment)
        return None
    conn.execute(sa.update(accounts).where(accounts.c.id == row.id).values(failures=0, locked_until=None))
    audit.write(conn, "signed_in", f"account:{row.id}", row.id, at=moment)
    return _open(conn, _account(row), moment)


def _failed(conn: Connection, row: sa.engine.Row, moment: datetime) -> None:
    failures = row.failures + 1
    values: dict[str, object] = {"failures": failures}
    if failures >= TRIES:
        values = {"failures": 0, "locked_until": moment + LOCKED}
        audit.write(conn, "account_locked", f"account:{row.id}", row.id, at=moment)
    conn.execute(sa.update(accounts).where(accounts.c.id == row.id).values(**values))


def _open(conn: Connection, who: Account, moment: datetime) -> Session:
    conn.execute(sa.delete(session).where(session.c.expires_at <= moment))
    made = Session(who, csrf=new_token(), expires_at=moment + SESSION, token=new_token())
    conn.execute(
        sa.insert(session).values(
            token_hash=keyed_hash("session", made.token),
            account_id=who.id,
            csrf=made.csrf,
            created_at=moment,
            expires_at=made.expires_at,
        )
    )
    return made


def session_of(conn: Connection, token: str, now: datetime | None = None, prolong: bool = True) -> Session | None:
    """The living session of a token, prolonged to 8 h from now; None when it ended or the account is inactive.

    Prolonging writes (at most every 5 minutes). On a connection for reading pass `prolong=False`, and when the session
    comes back `stale` call again in a writing transaction.
    """
    moment, hashed = now or clock.now(), keyed_hash("session", token)
    row = conn.execute(
        sa.select(accounts, session.c.csrf, session.c.expires_at)
        .join(session, session.c.account_id == accounts.c.id)
        .where(session.c.token_hash == hashed, session.c.expires_at > moment, accounts.c.active)
    ).first()
    if row is None:
        return None
    ends, stale = row.expires_at, moment + SESSION - row.expires_at >= REFRESH
    if stale and prolong:
        ends, stale = moment + SESSION, False
        conn.execute(sa.update(session).where(session.c.token_hash == hashed).values(expires_at=ends))
    return Session(_account(row), row.csrf, ends, stale=stale)


def csrf_fits(held: Session, given: str | None) -> bool:
    """True when a form carries the token of its session."""
    return given is not None and hmac.compare_digest(held.csrf.encode(), given.encode())


def sign_out(conn: Connection, token: str, now: datetime | None = None) -> None:
    """End the session of this token; one that is not there is as good as ended."""
    conn.execute(sa.delete(session).where(session.c.token_hash == keyed_hash("session", token)))


def deactivate(conn: Connection, account: Account, by: Account, now: datetime | None = None) -> None:
    """Take all access away at once. Raises Refused for one's own account or without the right."""
    if not by.may("accounts"):
        raise Refused("只有管理员能停用账号。")
    if account.id == by.id:
        raise Refused("不能停用自己的账号。")
    conn.execute(sa.update(accounts).where(accounts.c.id == account.id).values(active=False))
    conn.execute(sa.delete(session).where(session.c.account_id == account.id))
    audit.write(conn, "account_deactivated", f"account:{account.id}", by.id, at=now)


def first_admin(conn: Connection, now: datetime | None = None) -> str | None:
    """An invitation for the account "admin" while nobody at all has a password yet, else None.

    Called at every start: a link that was lost before it was used is simply replaced.
    """
    some = conn.execute(sa.select(accounts.c.id).where(accounts.c.password_hash.isnot(None)).limit(1)).first()
    if some is not None:
        return None
    admin = by_name(conn, FIRST) or create(conn, FIRST, "admin", now)
    return invite(conn, admin, now)
