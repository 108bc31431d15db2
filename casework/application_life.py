"""What happens to an application after it is handed in: the staff's moves, and the look-up without signing in."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from base import clock
from base.privacy import keyed_hash, mask, mask_name
from casework import audit, conversation, tables
from casework.accounts import Account
from casework.application_fields import MATTERS
from casework.errors import NotFound, Refused

STATES = {
    "submitted": "已提交",
    "needs_papers": "待补材料",
    "accepted": "已受理",
    "under_review": "审查中",
    "approved": "决定给予援助",
    "assigned": "已指派律师",
    "refused": "不予援助",
    "closed": "已办结",
}
TRANSITIONS: dict[str, frozenset[str]] = {
    "submitted": frozenset({"accepted", "needs_papers"}),
    "needs_papers": frozenset({"accepted", "under_review", "closed"}),
    "accepted": frozenset({"under_review", "needs_papers"}),
    "under_review": frozenset({"approved", "needs_papers", "refused"}),
    "approved": frozenset({"assigned"}),
    "assigned": frozenset({"closed"}),
    "refused": frozenset({"under_review"}),  # an objection was right
    "closed": frozenset(),
}
GUESSES, GUESS_TIME = 10, timedelta(hours=1)
LONGEST_NOTE = 200

_table, _events = tables.application, tables.application_event


@dataclass(frozen=True)
class Step:
    """One state the application reached, when, and what the applicant was told."""

    state: str
    label: str
    at: datetime
    note: str | None


@dataclass(frozen=True)
class StatusView:
    """What may be seen with number and phone tail: the family name, the states, nothing else of the person."""

    number: str
    applicant: str
    state: str
    label: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Applied:
    """An application as the desk lists it."""

    id: int
    number: str
    state: str
    label: str
    applicant: str
    matter: str
    means_test: str
    created_at: datetime


_WIDE = str.maketrans("０１２３４５６７８９－—–ＷＺ", "0123456789---WZ")


def number_of(text: str) -> str:
    """An application number as people type it, in its one spelling; "" when it is none."""
    found = re.fullmatch(r"WZ(\d{8})-?(\d{4,9})", re.sub(r"\s", "", text.translate(_WIDE).upper()))
    return f"WZ{found.group(1)}-{found.group(2)}" if found else ""


def status(conn: Connection, number: str, phone_tail: str, now: datetime | None = None) -> StatusView | None:
    """The view for whoever knows the number and the last four digits of the phone; None for everybody else.

    A wrong tail, an unknown number and too many wrong guesses (10 in an hour for one number) look the same.
    Needs a transaction that is committed: a wrong guess is counted.
    """
    moment, spelled = now or clock.now(), number_of(number)
    tail = phone_tail.translate(_WIDE).strip()
    if not spelled or not re.fullmatch(r"\d{4}", tail):
        return None
    subject = f"status:{spelled}"
    if audit.count(conn, "status_failed", subject, since=moment - GUESS_TIME) >= GUESSES:
        return None
    row = conn.execute(sa.select(_table).where(_table.c.number == spelled)).first()
    stored = row.phone_tail_hash if row is not None else ""
    if row is None or not hmac.compare_digest(stored, keyed_hash(spelled, tail)):
        audit.write(conn, "status_failed", subject, at=moment)
        return None
    return _view(conn, row)


def _view(conn: Connection, row: Row) -> StatusView:
    events = sa.select(_events).where(_events.c.application_id == row.id).order_by(_events.c.id)
    steps = tuple(Step(e.state, STATES[e.state], e.at, e.note) for e in conn.execute(events))
    return StatusView(row.number, _surname(row), row.state, STATES[row.state], steps)


def _surname(row: Row) -> str:
    return mask_name(str(json.loads(row.fields)["values"].get("name", "")))


def move(
    conn: Connection,
    application_id: int,
    account: Account,
    to: str,
    note: str = "",
    now: datetime | None = None,
) -> None:
    """Bring an application to its next state; the note is shown to the applicant, also in the chat.

    Raises NotFound, or Refused for a move outside TRANSITIONS, a refusal or a request for papers without a word why, or
    a note with somebody's number in it.
    """
    moment, note = now or clock.now(), note.strip()
    if not account.may("desk"):
        raise Refused("这个账号没有办理的权限。")
    row = conn.execute(sa.select(_table).where(_table.c.id == application_id).with_for_update()).first()
    if row is None:
        raise NotFound()
    _check_move(row, to, note)
    same = (_table.c.id == row.id, _table.c.version == row.version)
    values = {"state": to, "version": row.version + 1, "updated_at": moment}
    if conn.execute(sa.update(_table).where(*same).values(**values)).rowcount != 1:
        raise Refused("刚刚有人动过这份申请，请刷新再看。")
    event = {"application_id": row.id, "state": to, "note": note or None, "at": moment}
    conn.execute(sa.insert(_events).values(**event))
    audit.write(conn, "application_moved", f"application:{row.id}", account.id, to, at=moment)
    if row.conversation_id is not None:
        text = f"您的法律援助申请 {row.number}：{STATES[to]}。{note}"
        conversation.append(conn, row.conversation_id, "system", text)


def _check_move(row: Row, to: str, note: str) -> None:
    if to not in TRANSITIONS[row.state]:
        raise Refused(f"这份申请{STATES[row.state]}，不能改成“{STATES.get(to, to)}”。")
    if to in ("needs_papers", "refused") and not note:
        raise Refused("请写明要补什么材料。" if to == "needs_papers" else "请写明理由和可以怎么提异议。")
    if len(note) > LONGEST_NOTE:
        raise Refused(f"说明最多{LONGEST_NOTE}个字。")
    if mask(note) != note:
        raise Refused("说明里不要写手机号、身份证号和卡号：查进度的页面上能看到。")


def pending(conn: Connection) -> list[Applied]:
    """The applications that are not ended, oldest first; names are masked."""
    running = sa.select(_table).where(_table.c.state.notin_(("closed", "refused"))).order_by(_table.c.id)
    return [_applied(row) for row in conn.execute(running)]


def _applied(row: Row) -> Applied:
    matter = json.loads(row.fields)["values"].get("matter", "")
    label, matter = STATES[row.state], MATTERS.get(matter, "")
    return Applied(row.id, row.number, row.state, label, _surname(row), matter, row.means_test, row.created_at)
