"""One conversation: who may read it, who holds it, and its timeline of messages with one sequence of numbers."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from base import clock
from base.privacy import keyed_hash, new_token
from casework.tables import conversation as _table
from casework.tables import message as _messages

HOLDERS = ("bot", "queue", "adviser")


@dataclass(frozen=True)
class Entry:
    """A line of the timeline: `author` is worker, bot, adviser or system."""

    id: int
    seq: int
    author: str
    author_name: str | None
    text: str
    at: datetime
    message_id: str | None = None
    reply_to: int | None = None
    status: str = ""
    meta: dict[str, Any] | None = None


def open_conversation(conn: Connection, channel: str, peer: str | None = None) -> tuple[str, str]:
    """A new conversation; its id and the token that opens it (only the token's hash is kept)."""
    conversation_id, token, moment = "c_" + new_token()[:22], new_token(), clock.now()
    values = {
        "id": conversation_id,
        "channel": channel,
        "peer": peer and keyed_hash("peer", channel, peer),
        "token_hash": keyed_hash("conversation", token),
        "holder": "bot",
        "version": 0,
        "ended": False,
        "last_seq": 0,
        "waiting": 0,
        "created_at": moment,
        "updated_at": moment,
    }
    conn.execute(sa.insert(_table).values(**values))
    return conversation_id, token


def authenticate(conn: Connection, conversation_id: str, token: str) -> Row | None:
    """The conversation (as `brief`) if the token opens it, else None: whether it exists is not told."""
    row = brief(conn, conversation_id)
    given = keyed_hash("conversation", token)
    if row is None or row.token_hash is None or not hmac.compare_digest(row.token_hash, given):
        return None
    return row


_BRIEF = sa.select(
    _table.c.id, _table.c.holder, _table.c.ended, _table.c.version, _table.c.last_seq, _table.c.token_hash
).where(_table.c.id == sa.bindparam("conversation"))


def brief(conn: Connection, conversation_id: str) -> Row | None:
    """Id, holder, ended, version, last_seq and token_hash of a conversation, without unsealing anything; or None."""
    return conn.execute(_BRIEF, {"conversation": conversation_id}).first()


_LOAD = sa.select(_table).where(_table.c.id == sa.bindparam("conversation"))


def load(conn: Connection, conversation_id: str) -> Row | None:
    """The row of a conversation, or None."""
    return conn.execute(_LOAD, {"conversation": conversation_id}).first()


def end(conn: Connection, conversation_id: str) -> None:
    """The worker ends the conversation; it takes no more messages."""
    conn.execute(sa.update(_table).where(_table.c.id == conversation_id).values(ended=True, updated_at=clock.now()))


_NUMBER = sa.text(
    "UPDATE conversation SET last_seq = last_seq + :count, updated_at = :at WHERE id = :id RETURNING last_seq"
).bindparams(sa.bindparam("at", type_=_table.c.updated_at.type))


def take_numbers(conn: Connection, conversation_id: str, count: int = 1) -> int:
    """The last of `count` new sequence numbers; locks the conversation's row until the transaction ends."""
    found = conn.execute(_NUMBER, {"id": conversation_id, "count": count, "at": clock.now()}).first()
    if found is None:
        raise LookupError("no such conversation")
    return int(found[0])


def append(
    conn: Connection,
    conversation_id: str,
    author: str,
    text: str,
    *,
    author_name: str | None = None,
    reply_to: int | None = None,
    ordinal: int | None = None,
    meta: Mapping[str, Any] | None = None,
) -> int:
    """Add an outbound message and return its number; the same (reply_to, ordinal) again finds the first one."""
    seq = take_numbers(conn, conversation_id)
    if reply_to is not None:
        same = sa.select(_messages.c.seq).where(_messages.c.reply_to == reply_to, _messages.c.ordinal == ordinal)
        found = conn.execute(same).scalar()
        if found is not None:
            return int(found)
    conn.execute(
        sa.insert(_messages).values(
            **outbound(conversation_id, seq, author, text, author_name, reply_to, ordinal, meta)
        )
    )
    return seq


def outbound(
    conversation_id: str,
    seq: int,
    author: str,
    text: str,
    author_name: str | None = None,
    reply_to: int | None = None,
    ordinal: int | None = None,
    meta: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The values of an outbound message row."""
    return {
        "conversation_id": conversation_id,
        "seq": seq,
        "author": author,
        "author_name": author_name,
        "text": storable(text),
        "status": "ready",
        "attempts": 0,
        "reply_to": reply_to,
        "ordinal": ordinal,
        "meta": None if meta is None else json.dumps(meta, ensure_ascii=False, default=str),
        "created_at": clock.now(),
    }


def storable(text: str) -> str:
    """The text without what no database stores: NUL characters and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


_TIMELINE = (
    sa.select(_messages)
    .where(_messages.c.conversation_id == sa.bindparam("conversation"), _messages.c.seq > sa.bindparam("after"))
    .order_by(_messages.c.seq)
)


def timeline(conn: Connection, conversation_id: str, after: int = 0) -> list[Entry]:
    """The messages of a conversation with numbers above `after`, in order."""
    return [entry(row) for row in conn.execute(_TIMELINE, {"conversation": conversation_id, "after": after})]


def entry(row: Row) -> Entry:
    """A message row as an Entry."""
    return Entry(
        row.id,
        row.seq,
        row.author,
        row.author_name,
        row.text,
        row.created_at,
        row.message_id,
        row.reply_to,
        row.status,
        json.loads(row.meta) if row.meta else None,
    )


def set_holder(
    conn: Connection, conversation_id: str, expected_version: int, holder: str, holder_id: int | None = None
) -> bool:
    """Compare and set who holds the conversation; False when somebody else was quicker."""
    if holder not in HOLDERS:
        raise ValueError(f"{holder} cannot hold a conversation")
    done = conn.execute(
        sa.update(_table)
        .where(_table.c.id == conversation_id, _table.c.version == expected_version)
        .values(holder=holder, holder_id=holder_id, version=expected_version + 1, updated_at=clock.now())
    )
    return bool(done.rowcount == 1)
