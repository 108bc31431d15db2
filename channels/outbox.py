"""The durable outbox: what was said to a worker, in order, once; the web page reads it by sequence number."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from casework.conversation import Entry, entry
from casework.tables import message as _messages

_AFTER = (
    sa.select(_messages)
    .where(
        _messages.c.conversation_id == sa.bindparam("conversation"),
        _messages.c.seq > sa.bindparam("after"),
        _messages.c.author != "worker",
    )
    .order_by(_messages.c.seq)
)

_WITH_ANSWERS = (
    sa.select(_messages)
    .where(sa.or_(_messages.c.id == sa.bindparam("id"), _messages.c.reply_to == sa.bindparam("id")))
    .order_by(_messages.c.seq)
)


def said_after(conn: Connection, conversation_id: str, seq: int) -> list[Entry]:
    """What was said to the worker after message number `seq`."""
    return [entry(row) for row in conn.execute(_AFTER, {"conversation": conversation_id, "after": seq})]


def answer_to(conn: Connection, inbound_id: int) -> tuple[bool, list[Entry]]:
    """Whether an inbound message has been dealt with, and the replies to it; one look."""
    rows = conn.execute(_WITH_ANSWERS, {"id": inbound_id}).all()
    done = any(row.id == inbound_id and row.status in ("done", "dead") for row in rows)
    return done, [entry(row) for row in rows if row.id != inbound_id]
