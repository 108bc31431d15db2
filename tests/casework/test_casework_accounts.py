"""Staff: invitations work once, passwords are checked, guessing is stopped, sessions end, roles hold."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from base.database import transaction
from casework import accounts, tables
from casework.accounts import RIGHTS, ROLES, Account
from casework.errors import Refused

PASSWORD = "wu-zhong-2026-shun"


def _with_password(engine, account: Account) -> None:
    with transaction(engine) as conn:
        accounts.accept(conn, accounts.invite(conn, account), PASSWORD)


def _sign_in(engine, name: str, password: str, now=None):
    with transaction(engine) as conn:
        return accounts.sign_in(conn, name, password, now)


def test_an_invitation_sets_a_password_once_and_ends_after_48_hours(engine, staff, at) -> None:
    now = at()
    with transaction(engine) as conn:
        token = accounts.invite(conn, staff["李律师"], now)
        assert accounts.invited_name(conn, token, now) == "李律师"
        assert accounts.accept(conn, token, PASSWORD, now + timedelta(hours=47)).name == "李律师"
        with pytest.raises(Refused, match="已经用过"):
            accounts.accept(conn, token, "another-password-9", now)
        late = accounts.invite(conn, staff["王律师"], now)
        with pytest.raises(Refused, match="过期"):
            accounts.accept(conn, late, PASSWORD, now + timedelta(hours=48))
    assert _sign_in(engine, "李律师", PASSWORD) is not None


def test_a_newer_invitation_ends_the_older_one(engine, staff) -> None:
    with transaction(engine) as conn:
        older, newer = (accounts.invite(conn, staff["李律师"]) for _ in range(2))
        assert accounts.invited_name(conn, older) is None
        assert accounts.invited_name(conn, newer) == "李律师"


@pytest.mark.parametrize(
    ("password", "why"),
    [("short-one", "至少"), ("x" * 300, "最多"), ("我是李律师2026ok", "姓名"), ("aaaaaaaaaaaaa", "简单")],
)
def test_a_bad_password_is_refused_with_the_reason_and_the_link_stays_good(engine, staff, password, why) -> None:
    with transaction(engine) as conn:
        token = accounts.invite(conn, staff["李律师"])
        with pytest.raises(Refused, match=why):
            accounts.accept(conn, token, password)
        assert accounts.accept(conn, token, PASSWORD).name == "李律师"


def test_five_wrong_passwords_lock_the_account_for_some_minutes(engine, staff, at) -> None:
    _with_password(engine, staff["李律师"])
    now = at()
    for _ in range(5):
        assert _sign_in(engine, "李律师", "wrong-password-1", now) is None
    assert _sign_in(engine, "李律师", PASSWORD, now) is None
    assert _sign_in(engine, "李律师", PASSWORD, now + timedelta(minutes=9)) is None
    assert _sign_in(engine, "李律师", PASSWORD, now + timedelta(minutes=11)) is not None


def test_unknown_uninvited_and_deactivated_people_cannot_sign_in(engine, staff) -> None:
    _with_password(engine, staff["王律师"])
    assert _sign_in(engine, "王律师", PASSWORD) is not None
    with transaction(engine) as conn:
        accounts.deactivate(conn, staff["王律师"], by=staff["管理员"])
    for name in ("没有这人", "李律师", "王律师"):
        assert _sign_in(engine, name, PASSWORD) is None


def test_a_session_lives_eight_hours_from_its_last_use_and_ends_at_sign_out(engine, staff, at) -> None:
    _with_password(engine, staff["李律师"])
    now = at()
    opened = _sign_in(engine, "李律师", PASSWORD, now)
    with transaction(engine) as conn:
        for hours in (7, 14, 21):
            held = accounts.session_of(conn, opened.token, now + timedelta(hours=hours))
            assert held is not None and held.account.name == "李律师"
        assert accounts.session_of(conn, opened.token, now + timedelta(hours=30)) is None
        assert accounts.session_of(conn, "forged", now) is None
    again = _sign_in(engine, "李律师", PASSWORD, now)
    with transaction(engine) as conn:
        accounts.sign_out(conn, again.token)
        assert accounts.session_of(conn, again.token, now) is None


def test_a_session_looked_up_for_reading_says_when_it_should_be_prolonged(engine, staff, at) -> None:
    _with_password(engine, staff["李律师"])
    opened = _sign_in(engine, "李律师", PASSWORD, at())
    with transaction(engine) as conn:
        for minutes, stale in ((4, False), (6, True), (400, True)):
            held = accounts.session_of(conn, opened.token, at() + timedelta(minutes=minutes), prolong=False)
            assert held.stale is stale
        assert held.expires_at == at() + timedelta(hours=8)
        assert not accounts.session_of(conn, opened.token, at() + timedelta(minutes=400)).stale


def test_a_new_password_or_a_deactivation_ends_open_sessions(engine, staff) -> None:
    _with_password(engine, staff["李律师"])
    opened = _sign_in(engine, "李律师", PASSWORD)
    _with_password(engine, staff["李律师"])
    with transaction(engine) as conn:
        assert accounts.session_of(conn, opened.token) is None
    opened = _sign_in(engine, "李律师", PASSWORD)
    with transaction(engine) as conn:
        accounts.deactivate(conn, staff["李律师"], by=staff["管理员"])
        assert accounts.session_of(conn, opened.token) is None
        with pytest.raises(Refused):
            accounts.deactivate(conn, staff["管理员"], by=staff["管理员"])
        with pytest.raises(Refused):
            accounts.deactivate(conn, staff["管理员"], by=staff["陈主任"])


def test_each_session_has_its_own_csrf_token(engine, staff) -> None:
    _with_password(engine, staff["李律师"])
    first, second = (_sign_in(engine, "李律师", PASSWORD) for _ in range(2))
    assert accounts.csrf_fits(first, first.csrf)
    assert not accounts.csrf_fits(first, second.csrf)
    assert not accounts.csrf_fits(first, None)


def test_no_token_and_no_password_is_stored_in_clear(engine, staff) -> None:
    with transaction(engine) as conn:
        token = accounts.invite(conn, staff["李律师"])
        accounts.accept(conn, token, PASSWORD)
    opened = _sign_in(engine, "李律师", PASSWORD)
    with transaction(engine) as conn:
        stored = "".join(
            str(tuple(row))
            for t in (tables.account, tables.invitation, tables.session)
            for row in conn.execute(sa.select(t))
        )
    assert len(stored) > 100
    for secret in (token, opened.token, PASSWORD):
        assert secret not in stored


def test_the_first_administrator_gets_a_link_until_somebody_has_a_password(engine) -> None:
    with transaction(engine) as conn:
        lost, token = accounts.first_admin(conn), accounts.first_admin(conn)
        assert accounts.invited_name(conn, lost) is None
        admin = accounts.accept(conn, token, PASSWORD)
        assert (admin.name, admin.role) == ("admin", "admin")
        assert accounts.first_admin(conn) is None
        assert [a.name for a in accounts.everybody(conn)] == ["admin"]


@pytest.mark.parametrize(
    ("name", "role"), [("李律师", "adviser"), ("x", "adviser"), ("好人", "boss"), ("a b<c>", "editor")]
)
def test_names_that_are_taken_or_odd_and_unknown_roles_are_refused(engine, staff, name, role) -> None:
    with transaction(engine) as conn, pytest.raises(Refused):
        accounts.create(conn, name, role)


def test_each_role_may_do_its_own_work_and_no_other() -> None:
    every = set().union(*RIGHTS.values())
    allowed = {
        "adviser": {"desk", "desk_read"},
        "editor": {"knowledge"},
        "manager": {"board", "desk_read"},
        "admin": every,
    }
    for role in ROLES:
        assert {r for r in every if Account(1, "某人", role).may(r)} == allowed[role]
        assert not any(Account(1, "某人", role, active=False).may(r) for r in every)
