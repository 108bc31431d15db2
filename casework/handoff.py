"""The hand-off from the bot to a person: one table of moves, one holder at any moment, and a promise with a real hour.

The conversation's row is locked first and the hand-off's second, everywhere; so two people who act at once queue up and
the later one is told what the earlier one did.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from base import clock
from casework import accounts, audit, conversation, hours, tables, wording
from casework.accounts import Account
from casework.desk import Item, item, mine, of_conversation, waiting
from casework.errors import NotFound, Refused
from casework.states import HELD, OPEN, OUTCOMES, QUEUED, REASONS, STATES, TRANSITIONS

__all__ = ["OUTCOMES", "REASONS", "STATES", "TRANSITIONS", "Item", "NotFound", "Refused", "Ticket"]
__all__ += ["item", "mine", "of_conversation", "waiting"]  # the desk's lists, kept in casework/desk.py

LONGEST_REPLY = 2000
EXPIRES = timedelta(hours=6)  # of working time after the promised hour: a working day
SILENT = timedelta(hours=1)  # of working time without an answer: the matter goes back to the queue

_table, _conversations = tables.handoff, tables.conversation


@dataclass(frozen=True)
class Ticket:
    """What the worker is told: number, until when somebody answers (aware UTC), and the sentence."""

    number: str
    promised_for: datetime
    text: str


# -- the worker's side ---------------------------------------------------------


def request(
    conn: Connection, conversation_id: str, reason: str, urgent: bool = False, now: datetime | None = None
) -> Ticket:
    """Put the conversation into the queue and tell the worker; an open hand-off of it is returned again.

    Raises NotFound for no such conversation, Refused when it has ended.
    """
    moment = now or clock.now()
    talk = _lock(conn, conversation_id)
    if talk.ended:
        raise Refused("这次对话已经结束了，请重新打开页面再说。")
    held = _open_of(conn, conversation_id)
    if held is not None:
        return _again(conn, held, urgent, moment)
    promised = hours.next_promise(moment, urgent=urgent)
    row = _insert(conn, conversation_id, reason, urgent, promised, moment)
    _hold(conn, talk, "queue", None)
    _move(conn, row, "queued")
    text = wording.queued(row.number, hours.promise_text(promised, moment), urgent)
    _tell(conn, conversation_id, text)
    audit.write(conn, "handoff_requested", _subject(row), detail=f"{row.reason}{' urgent' * urgent}", at=moment)
    return Ticket(row.number, promised, text)


def withdraw(conn: Connection, conversation_id: str, now: datetime | None = None) -> None:
    """The worker no longer wants to wait. Raises Refused when nobody is waiting or an adviser is already there."""
    talk = _lock(conn, conversation_id)
    row = _open_of(conn, conversation_id)
    if row is None:
        raise Refused("现在没有在排队的人工。")
    if row.state in HELD:
        raise Refused(f"{_name(conn, row.adviser_id)}已经接手了，您直接跟顾问说一声就行。")
    _end(conn, talk, row, "withdrawn", now or clock.now())
    _tell(conn, conversation_id, wording.withdrawn())
    audit.write(conn, "handoff_withdrawn", _subject(row), at=now)


_NO_MORE = re.compile(
    r"(?:算了[，, ]*)?我?(?:"
    r"(?:不用|不要|不需要|不想|不|别|取消|撤销)再?[转找等叫]?了?(?:人工|真人|顾问|律师)(?:服务|客服)?"
    r"|(?:不用|不想|不)再?(?:等|排队|排)"
    r"|取消排队"
    r")[了吧啦]*[。.!！~]*"
)


def is_withdrawal(text: str) -> bool:
    """True when a message says nothing but that the person no longer waits for a human (不用转人工了, 不等了)."""
    return len(text) <= 20 and _NO_MORE.fullmatch(text.strip()) is not None


def while_held(conn: Connection, conversation_id: str, text: str, now: datetime | None = None) -> None:
    """A worker wrote while the bot is silent: a withdrawal ends the waiting, anything else is the adviser's turn."""
    _lock(conn, conversation_id)
    row = _open_of(conn, conversation_id)
    if row is None:
        return
    if row.state in QUEUED and is_withdrawal(text):
        withdraw(conn, conversation_id, now)
    elif row.state == "waiting_worker":
        _move(conn, row, "active")


# -- the desk's side -----------------------------------------------------------


def claim(conn: Connection, handoff_id: int, account: Account, now: datetime | None = None) -> Item:
    """Take a waiting hand-off. Exactly one wins; the others get Refused naming who has it."""
    moment = now or clock.now()
    _may(account)
    row, talk = _both(conn, handoff_id)
    if row.state in HELD:
        if row.adviser_id == account.id:
            return item(conn, handoff_id, moment)
        raise Refused(f"{_name(conn, row.adviser_id)}已经接手了这件事。")
    _move(conn, row, "claimed", adviser_id=account.id, claimed_at=moment)
    _hold(conn, talk, "adviser", account.id)
    _tell(conn, row.conversation_id, wording.claimed(account.name, account.role_label))
    audit.write(conn, "handoff_claimed", _subject(row), account.id, at=moment)
    return item(conn, handoff_id, moment)


def reply(conn: Connection, handoff_id: int, account: Account, text: str) -> int:
    """The holder's words to the worker; returns their place in the timeline. Raises Refused."""
    row, _ = _held_by(conn, handoff_id, account)
    text = text.strip()
    if not text:
        raise Refused("还没有写内容。")
    if len(text) > LONGEST_REPLY:
        raise Refused(f"一次最多{LONGEST_REPLY}个字，请分两次发。")
    if row.state != "waiting_worker":
        _move(conn, row, "waiting_worker")
    return int(conversation.append(conn, row.conversation_id, "adviser", text, author_name=account.name))


def give_back(conn: Connection, handoff_id: int, account: Account, now: datetime | None = None) -> None:
    """Return the conversation to the bot, which goes on with what it knows. Raises Refused."""
    row, talk = _held_by(conn, handoff_id, account)
    _end(conn, talk, row, "returned", now or clock.now())
    _tell(conn, row.conversation_id, wording.returned(account.name))
    audit.write(conn, "handoff_returned", _subject(row), account.id, at=now)


def close(conn: Connection, handoff_id: int, account: Account, outcome: str, now: datetime | None = None) -> None:
    """End the hand-off with one of OUTCOMES; the bot receives the next message. Raises Refused."""
    row, talk = _held_by(conn, handoff_id, account)
    if outcome not in OUTCOMES:
        raise Refused("结案前请选一个结果。")
    _end(conn, talk, row, "closed", now or clock.now(), outcome=outcome)
    _tell(conn, row.conversation_id, wording.closed(account.name, OUTCOMES[outcome]))
    audit.write(conn, "handoff_closed", _subject(row), account.id, outcome, at=now)


def reassign(
    conn: Connection, handoff_id: int, account: Account, to: Account | None = None, now: datetime | None = None
) -> None:
    """Hand the matter to a colleague, or without one back to the queue; by its holder or an administrator."""
    moment = now or clock.now()
    row, talk = _both(conn, handoff_id)
    if row.state not in HELD:
        raise Refused(f"这件事{STATES[row.state]}，不能转给别人。")
    if row.adviser_id != account.id and not account.may("accounts"):
        raise Refused(f"这件事在{_name(conn, row.adviser_id)}手里，只有本人或管理员能转。")
    if to is not None:
        _may(to)
        if to.id == row.adviser_id:
            raise Refused(f"这件事已经在{to.name}手里了。")
    _requeue(conn, row, talk, moment, to)
    audit.write(conn, "handoff_reassigned", _subject(row), account.id, f"to account:{to.id}" if to else None, at=moment)


def _requeue(conn: Connection, row: Row, talk: Row, moment: datetime, to: Account | None = None) -> None:
    promised = hours.next_promise(moment, urgent=row.urgent)
    row = _move(conn, row, "reassigned", adviser_id=None, claimed_at=None, promised_for=promised)
    if to is None:
        _hold(conn, talk, "queue", None)
        _tell(conn, row.conversation_id, wording.reassigned(hours.promise_text(promised, moment)))
        return
    _move(conn, row, "claimed", adviser_id=to.id, claimed_at=moment)
    _hold(conn, talk, "adviser", to.id)
    _tell(conn, row.conversation_id, wording.taken_over(to.name, to.role_label))


# -- time ----------------------------------------------------------------------


def expire(conn: Connection, handoff_id: int, now: datetime | None = None) -> None:
    """Close a hand-off for which nobody came; the worker hears the truth. Raises Refused when it is not waiting."""
    row, talk = _both(conn, handoff_id)
    _end(conn, talk, row, "expired", now or clock.now())
    _tell(conn, row.conversation_id, wording.expired(row.number))
    audit.write(conn, "handoff_expired", _subject(row), at=now)


def sweep(conn: Connection, now: datetime | None = None) -> int:
    """Let time act, to be called every minute or so; returns how many hand-offs moved.

    Waiting a working day past the promise expires (never an urgent one); an adviser who owes an answer for a working
    hour loses the matter to the queue, never to the bot.
    """
    moment, moved = now or clock.now(), 0
    for row in conn.execute(sa.select(_table).where(_table.c.state.in_(OPEN))).all():
        if row.state in QUEUED:
            late = not row.urgent and hours.office().add(row.promised_for, EXPIRES) <= moment
            if late:
                expire(conn, row.id, moment)
        else:
            since = _owed_since(conn, row)
            late = since is not None and hours.office().add(since, SILENT) <= moment
            if late:
                fresh, talk = _both(conn, row.id)
                _requeue(conn, fresh, talk, moment)
                audit.write(conn, "handoff_reassigned", _subject(row), detail="silent", at=moment)
        moved += late
    return moved


def _owed_since(conn: Connection, row: Row) -> datetime | None:
    """Since when the worker waits for this adviser's words, or None when it is the worker's turn."""
    if row.state == "claimed":
        return row.claimed_at
    if row.state == "waiting_worker":
        return None
    t = tables.message.c
    same = t.conversation_id == row.conversation_id
    answered = sa.select(sa.func.max(t.seq)).where(same, t.author == "adviser").scalar_subquery()
    asked = sa.select(sa.func.min(t.created_at)).where(same, t.author == "worker", t.seq > answered)
    return conn.execute(asked).scalar_one_or_none()


# -- how a move is made --------------------------------------------------------


def _lock(conn: Connection, conversation_id: str) -> Row:
    found = sa.select(_conversations).where(_conversations.c.id == conversation_id).with_for_update()
    row = conn.execute(found).first()
    if row is None:
        raise NotFound()
    return row


def _both(conn: Connection, handoff_id: int) -> tuple[Row, Row]:
    """The hand-off and its conversation, locked in the one order; raises NotFound."""
    which = sa.select(_table.c.conversation_id).where(_table.c.id == handoff_id)
    conversation_id = conn.execute(which).scalar_one_or_none()
    if conversation_id is None:
        raise NotFound()
    talk = _lock(conn, conversation_id)
    return conn.execute(sa.select(_table).where(_table.c.id == handoff_id)).one(), talk


def _held_by(conn: Connection, handoff_id: int, account: Account) -> tuple[Row, Row]:
    row, talk = _both(conn, handoff_id)
    if row.state not in HELD:
        raise Refused(f"这件事{STATES[row.state]}，现在不能这样做。")
    if row.adviser_id != account.id:
        raise Refused(f"这件事在{_name(conn, row.adviser_id)}手里。")
    _may(account)
    return row, talk


def _open_of(conn: Connection, conversation_id: str) -> Row | None:
    query = sa.select(_table).where(_table.c.conversation_id == conversation_id, _table.c.state.in_(OPEN))
    return conn.execute(query).first()


def _move(conn: Connection, row: Row, to: str, **values: Any) -> Row:
    """Compare and set along the table; raises Refused for a move that is not in it or that came second."""
    if to not in TRANSITIONS[row.state]:
        raise Refused(f"这件事{STATES[row.state]}，现在不能这样做。")
    same = (_table.c.id == row.id, _table.c.version == row.version, _table.c.state == row.state)
    done = conn.execute(sa.update(_table).where(*same).values(state=to, version=row.version + 1, **values))
    if done.rowcount != 1:
        raise Refused("刚刚有人动过这件事，请刷新再看。")
    return conn.execute(sa.select(_table).where(_table.c.id == row.id)).one()


def _end(conn: Connection, talk: Row, row: Row, state: str, moment: datetime, **values: Any) -> None:
    _move(conn, row, state, closed_at=moment, **values)
    _hold(conn, talk, "bot", None)


def _hold(conn: Connection, talk: Row, holder: str, holder_id: int | None) -> None:
    version = conn.execute(sa.select(_conversations.c.version).where(_conversations.c.id == talk.id)).scalar_one()
    if not conversation.set_holder(conn, talk.id, version, holder, holder_id):
        raise Refused("刚刚有人动过这次对话，请刷新再看。")


def _insert(
    conn: Connection, conversation_id: str, reason: str, urgent: bool, promised: datetime, moment: datetime
) -> Row:
    """A new row in state requested; its number is made of the day and its id, so that no two can be alike."""
    values = {
        "number": f"~{secrets.token_hex(8)}",
        "conversation_id": conversation_id,
        "state": "requested",
        "reason": reason[:30],
        "urgent": urgent,
        "promised_for": promised,
        "requested_at": moment,
        "version": 0,
    }
    made = conn.execute(sa.insert(_table).values(**values)).inserted_primary_key[0]
    number = f"RG{clock.to_local(moment):%Y%m%d}-{made:04d}"
    conn.execute(sa.update(_table).where(_table.c.id == made).values(number=number))
    return conn.execute(sa.select(_table).where(_table.c.id == made)).one()


def _again(conn: Connection, row: Row, urgent: bool, moment: datetime) -> Ticket:
    """The ticket of an open hand-off; one that became urgent is moved forward, and the worker is told once."""
    if row.state in HELD:
        who = accounts.load(conn, row.adviser_id)
        text = wording.being_served(who.name if who else "顾问", who.role_label if who else "法律顾问", row.number)
        return Ticket(row.number, row.promised_for, text)
    if not urgent or row.urgent:
        text = wording.still_queued(row.number, _promise(row.promised_for, moment))
        return Ticket(row.number, row.promised_for, text)
    promised = min(row.promised_for, hours.next_promise(moment, urgent=True))
    values = {"urgent": True, "promised_for": promised, "version": row.version + 1}
    conn.execute(sa.update(_table).where(_table.c.id == row.id).values(**values))
    text = wording.sooner(row.number, _promise(promised, moment))
    _tell(conn, row.conversation_id, text)
    audit.write(conn, "handoff_urgent", _subject(row), at=moment)
    return Ticket(row.number, promised, text)


def _promise(promised: datetime, moment: datetime) -> str | None:
    return hours.promise_text(promised, moment) if promised > moment else None


def _tell(conn: Connection, conversation_id: str, text: str) -> None:
    conversation.append(conn, conversation_id, "system", text)


def _may(account: Account) -> None:
    if not account.may("desk"):
        raise Refused("这个账号没有接待的权限。")


def _name(conn: Connection, account_id: int | None) -> str:
    who = accounts.load(conn, account_id) if account_id is not None else None
    return who.name if who else "别的顾问"


def _subject(row: Row) -> str:
    return f"handoff:{row.id}"
