"""What the desk lists: who waits, since when and until when, and what an adviser holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from base import clock
from casework import tables
from casework.accounts import Account
from casework.errors import NotFound
from casework.states import HELD, OPEN, QUEUED, REASONS, STATES

_table, _conversations, _accounts = tables.handoff, tables.conversation, tables.account


@dataclass(frozen=True)
class Item:
    """A hand-off as the desk lists it; `gist` names the problems, `adviser` who has it."""

    id: int
    number: str
    conversation_id: str
    state: str
    state_label: str
    reason: str
    reason_label: str
    urgent: bool
    overdue: bool
    promised_for: datetime | None
    requested_at: datetime
    gist: str
    channel: str
    adviser_id: int | None
    adviser: str | None


def waiting(conn: Connection, now: datetime | None = None) -> list[Item]:
    """What waits for an adviser: urgent ones first, then by the promised hour."""
    return _items(conn, now, _table.c.state.in_(QUEUED))


def mine(conn: Connection, account: Account, now: datetime | None = None) -> list[Item]:
    """What this adviser holds, in the same order."""
    return _items(conn, now, _table.c.state.in_(HELD), _table.c.adviser_id == account.id)


def item(conn: Connection, handoff_id: int, now: datetime | None = None) -> Item:
    """One hand-off. Raises NotFound."""
    found = _items(conn, now, _table.c.id == handoff_id)
    if not found:
        raise NotFound()
    return found[0]


def of_conversation(conn: Connection, conversation_id: str, now: datetime | None = None) -> Item | None:
    """The open hand-off of a conversation, or None."""
    found = _items(conn, now, _table.c.conversation_id == conversation_id, _table.c.state.in_(OPEN))
    return found[0] if found else None


def _items(conn: Connection, now: datetime | None, *where: Any) -> list[Item]:
    query = (
        sa.select(_table, _conversations.c.summary, _conversations.c.channel, _accounts.c.name.label("adviser"))
        .join(_conversations, _conversations.c.id == _table.c.conversation_id)
        .outerjoin(_accounts, _accounts.c.id == _table.c.adviser_id)
        .where(*where)
        .order_by(_table.c.urgent.desc(), _table.c.promised_for, _table.c.id)
    )
    return [_item(row, now or clock.now()) for row in conn.execute(query)]


def _item(row: Row, moment: datetime) -> Item:
    problems: Sequence[str] = json.loads(row.summary).get("problems", ()) if row.summary else ()
    return Item(
        id=row.id,
        number=row.number,
        conversation_id=row.conversation_id,
        state=row.state,
        state_label=STATES[row.state],
        reason=row.reason,
        reason_label=REASONS.get(row.reason, REASONS["undecided"]),
        urgent=row.urgent,
        overdue=row.state in QUEUED and row.promised_for < moment,
        promised_for=row.promised_for,
        requested_at=row.requested_at,
        gist="、".join(problems) or "还没说清楚是什么事",
        channel=row.channel,
        adviser_id=row.adviser_id,
        adviser=row.adviser,
    )
