"""The durable outbox: what was said to a worker, in order, once; the web page reads it from the timeline.

Channels that push (WeChat) will mark rows `sent`; the web chat needs no mark, since a page reads by sequence number.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from casework.conversation import Entry, entry
from casework.tables import message as _messages

_STATUS = sa.select(_messages.c.status).where(_messages.c.id == sa.bindparam("id"))
_AFTER = (
    sa.select(_messages)
    .where(
        _messages.c.conversation_id == sa.bindparam("conversation"),
        _messages.c.seq > sa.bindparam("after"),
        _messages.c.author != "worker",
    )
    .order_by(_messages.c.seq)
)
_ANSWERS = sa.select(_messages).where(_messages.c.reply_to == sa.bindparam("id")).order_by(_messages.c.seq)

_WITH_ANSWERS = (
    sa.select(_messages)
    .where(sa.or_(_messages.c.id == sa.bindparam("id"), _messages.c.reply_to == sa.bindparam("id")))
    .order_by(_messages.c.seq)
)


def is_done(conn: Connection, inbound_id: int) -> bool:
    """Whether an inbound message has been dealt with (answered, left to an adviser, or given up)."""
    return conn.execute(_STATUS, {"id": inbound_id}).scalar() in ("done", "dead")


def said_after(conn: Connection, conversation_id: str, seq: int) -> list[Entry]:
    """What was said to the worker after message number `seq`."""
    return [entry(row) for row in conn.execute(_AFTER, {"conversation": conversation_id, "after": seq})]


def answer_to(conn: Connection, inbound_id: int) -> tuple[bool, list[Entry]]:
    """Whether an inbound message has been dealt with, and the replies to it; one look."""
    rows = conn.execute(_WITH_ANSWERS, {"id": inbound_id}).all()
    done = any(row.id == inbound_id and row.status in ("done", "dead") for row in rows)
    return done, [entry(row) for row in rows if row.id != inbound_id]


def replies_to(conn: Connection, inbound_id: int) -> list[Entry]:
    """The replies to one inbound message."""
    return [entry(row) for row in conn.execute(_ANSWERS, {"id": inbound_id})]


def mark_sent(conn: Connection, message_id: int) -> bool:
    """Mark an outbound row as handed to its channel; False when it was marked before."""
    done = conn.execute(
        sa.update(_messages).where(_messages.c.id == message_id, _messages.c.status == "ready").values(status="sent")
    )
    return bool(done.rowcount == 1)
