"""The durable inbox: a message is committed before it is acknowledged, leased by one worker at a time, finished once.

A lease is on a conversation, so its messages are answered in order. `finish` writes the replies, the tracker's turn, the
summary and the end of the inbound message in one transaction, and only while the lease and the bot's hold still stand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from base import clock
from base.database import Utc
from base.privacy import keyed_hash
from casework import conversation
from casework.tables import conversation as _talks
from casework.tables import message as _messages
from casework.tables import tracker_turn as _turns

LEASE_SECONDS = 6.0  # longer than any turn; a killed worker's conversation waits this long at most
MOST_ATTEMPTS = 5
GIVEN_UP = "这句话我没处理好，已经原样存着，没有丢。您可以换个说法，或者点“转人工”。"
KEPT_TURNS = 2  # tracker rows that a worker needs to go on

Commands = Callable[[Connection, str, Mapping[str, Any]], None]


class LeaseLost(Exception):
    """Another worker holds the conversation now; whatever was worked out is thrown away."""


@dataclass(frozen=True)
class Receipt:
    """What became of an inbound message: new, repeat, conflict (same id, other text), or ended."""

    kind: str
    id: int | None = None
    seq: int | None = None


@dataclass(frozen=True)
class Inbound:
    """A stored message that waits for its answer."""

    id: int
    seq: int
    text: str
    message_id: str | None
    attempts: int


@dataclass
class Lease:
    """One conversation, held by one worker until `finish`ed or the lease runs out."""

    conversation_id: str
    worker_id: str
    holder: str
    version: int
    messages: list[Inbound] = field(default_factory=list)
    turn: int = 0  # number of the last tracker turn
    rows: list[tuple[str, str]] = field(default_factory=list)  # its last rows (events, slots), oldest first


class TurnLike(Protocol):
    """What the brain's turn offers to `finish`."""

    replies: list[str]
    commands: list[dict[str, Any]]
    answer: dict[str, Any] | None
    summary: dict[str, Any] | None
    new_events_json: str
    slots_json: str


def receive(
    conn: Connection, conversation_id: str, message_id: str, text: str, meta: Mapping[str, Any] | None = None
) -> Receipt:
    """Store an inbound message once; commit before acknowledging. A repeat finds the first receipt."""
    text = conversation.storable(text)
    digest = keyed_hash("message", text)
    found = _earlier(conn, conversation_id, message_id, digest)
    if found is not None:
        return found
    now = clock.now()
    counted = conn.execute(_COUNT_IN, {"id": conversation_id, "now": now}).first()
    if counted is None:
        return Receipt("ended")
    values = {
        "conversation_id": conversation_id,
        "seq": counted[0],
        "author": "worker",
        "text": text,
        "message_id": message_id,
        "digest": digest,
        "status": "new",
        "attempts": 0,
        "meta": None if meta is None else json.dumps(meta, ensure_ascii=False),
        "created_at": now,
    }
    done = conn.execute(_STORE[conn.dialect.name], values)
    if done.rowcount != 1:  # the same id arrived meanwhile: its receipt stands
        conn.execute(_COUNT_OUT, {"id": conversation_id, "count": 1})
        found = _earlier(conn, conversation_id, message_id, digest)
        if found is None:
            raise LookupError("the message vanished")
        return found
    return Receipt("new", done.inserted_primary_key[0], counted[0])


_COUNT_IN = sa.text(
    "UPDATE conversation SET last_seq = last_seq + 1, waiting = waiting + 1,"
    " waiting_since = COALESCE(waiting_since, :now), updated_at = :now"
    " WHERE id = :id AND NOT ended RETURNING last_seq"
).bindparams(sa.bindparam("now", type_=Utc))
_COUNT_OUT = sa.text(
    "UPDATE conversation SET waiting = waiting - :count,"
    " waiting_since = CASE WHEN waiting <= :count THEN NULL ELSE waiting_since END WHERE id = :id"
)
_STORE = {
    kind.dialect.name: kind.insert(_messages).on_conflict_do_nothing(index_elements=["conversation_id", "message_id"])
    for kind in (postgresql, sqlite)
}
_EARLIER = sa.select(_messages.c.id, _messages.c.seq, _messages.c.digest).where(
    _messages.c.conversation_id == sa.bindparam("conversation"), _messages.c.message_id == sa.bindparam("message")
)


def _earlier(conn: Connection, conversation_id: str, message_id: str, digest: str) -> Receipt | None:
    row = conn.execute(_EARLIER, {"conversation": conversation_id, "message": message_id}).first()
    if row is None:
        return None
    return Receipt("repeat" if row.digest == digest else "conflict", row.id, row.seq)


# -- the worker's side ---------------------------------------------------------

_READY = "waiting > 0 AND (lease_until IS NULL OR lease_until < :now)"
_PEEK = sa.text(f"SELECT 1 FROM conversation WHERE {_READY} LIMIT 1").bindparams(sa.bindparam("now", type_=Utc))


def _lease_statement(skip: str) -> Any:
    return sa.text(
        "UPDATE conversation SET lease_by = :worker, lease_until = :until,"
        " takeovers = CASE WHEN lease_by IS NULL THEN 0 ELSE takeovers + 1 END WHERE id ="
        f" (SELECT id FROM conversation WHERE {_READY} ORDER BY waiting_since LIMIT 1 {skip})"
        " RETURNING id, holder, version, takeovers,"
        " (SELECT max(turn) FROM tracker_turn WHERE conversation_id = conversation.id) AS turn"
    ).bindparams(sa.bindparam("now", type_=Utc), sa.bindparam("until", type_=Utc))


_LEASE = {"postgresql": _lease_statement("FOR UPDATE SKIP LOCKED"), "sqlite": _lease_statement("")}
_WAITING = (
    sa.select(_messages.c.id, _messages.c.seq, _messages.c.text, _messages.c.message_id, _messages.c.attempts)
    .where(_messages.c.conversation_id == sa.bindparam("conversation"), _messages.c.status == "new")
    .order_by(_messages.c.seq)
)
_LAST_TURNS = (
    sa.select(_turns.c.turn, _turns.c.events, _turns.c.slots)
    .where(_turns.c.conversation_id == sa.bindparam("conversation"))
    .order_by(_turns.c.turn.desc())
    .limit(KEPT_TURNS)
)


def anything_waits(conn: Connection) -> bool:
    """Whether a conversation could be leased now; cheap, for polling."""
    return conn.execute(_PEEK, {"now": clock.real_now()}).first() is not None


def lease_next(
    conn: Connection,
    worker_id: str,
    seconds: float = LEASE_SECONDS,
    known_turn: Callable[[str], int | None] = lambda _id: None,
) -> Lease | None:
    """Lease the conversation that waits longest, with its messages; None when nothing waits.

    `known_turn` says up to which tracker turn the worker remembers a conversation; rows are only read when it is behind.
    """
    now = clock.real_now()
    until = now + timedelta(seconds=seconds)
    row = conn.execute(_LEASE[conn.dialect.name], {"worker": worker_id, "until": until, "now": now}).first()
    if row is None:
        return None
    given = {"conversation": row.id}
    lease = Lease(row.id, worker_id, row.holder, row.version)
    lease.messages = [Inbound(*found) for found in conn.execute(_WAITING, given)]
    if row.takeovers and lease.messages:  # whoever had it before died over it: that counts as an attempt
        first = lease.messages[0]
        lease.messages[0] = replace(first, attempts=first.attempts + row.takeovers)
    lease.turn = row.turn or 0
    if lease.turn and known_turn(row.id) != lease.turn:
        rows = conn.execute(_LAST_TURNS, given).all()
        lease.rows = [(r.events, r.slots) for r in reversed(rows)]
    if not lease.messages:  # the count was wrong: set it right, never spin
        conn.execute(sa.update(_talks).where(_talks.c.id == row.id).values(waiting=0, waiting_since=None))
        release(conn, lease)
    return lease


_FINISH = sa.text(
    "UPDATE conversation SET waiting = waiting - 1, last_seq = last_seq + :count, updated_at = :at,"
    " waiting_since = CASE WHEN waiting <= 1 THEN NULL ELSE waiting_since END,"
    " summary = COALESCE(:summary, summary), lease_until = :until, lease_by = :keep, takeovers = 0"
    " WHERE id = :id AND lease_by = :worker RETURNING last_seq, version, holder"
).bindparams(
    sa.bindparam("at", type_=Utc),
    sa.bindparam("until", type_=Utc),
    sa.bindparam("summary", type_=_talks.c.summary.type),
)


def finish(
    conn: Connection, lease: Lease, inbound: Inbound, turn: TurnLike | None, commands: Commands | None = None
) -> bool:
    """End an inbound message with its turn, all in the caller's transaction; False when the bot no longer holds.

    `turn` None: nothing is said (an adviser holds, or the queue). Raises LeaseLost.
    """
    replies = turn.replies if turn is not None else []
    last = lease.messages[-1].id == inbound.id
    moment = clock.real_now()
    given = {
        "id": lease.conversation_id,
        "worker": lease.worker_id,
        "count": len(replies),
        "at": clock.now(),
        "summary": None
        if turn is None or turn.summary is None
        else json.dumps(turn.summary, ensure_ascii=False, default=str),
        "until": None if last else moment + timedelta(seconds=LEASE_SECONDS),
        "keep": None if last else lease.worker_id,
    }
    row = conn.execute(_FINISH, given).first()
    if row is None:
        raise LeaseLost(lease.conversation_id)
    spoke = turn is not None and row.version == lease.version and row.holder == "bot"
    _end_inbound(conn, inbound, None if spoke or turn is None else replies)
    if turn is not None and spoke:
        _write_turn(conn, lease, inbound, turn, row.last_seq - len(replies))
        for command in turn.commands:
            if commands is not None:
                commands(conn, lease.conversation_id, command)
        if turn.commands:
            look_again(conn, lease)
    elif turn is not None:
        look_again(conn, lease)
    return spoke


_END = sa.update(_messages).where(_messages.c.id == sa.bindparam("inbound"), _messages.c.status == "new")
_SAY, _REMEMBER = sa.insert(_messages), sa.insert(_turns)


def _end_inbound(conn: Connection, inbound: Inbound, unsaid: list[str] | None) -> None:
    values: dict[str, Any] = {"status": "done"}
    if unsaid is not None:  # an adviser took over meanwhile: kept as a suggestion for them
        values["meta"] = json.dumps({"suggestion": unsaid}, ensure_ascii=False)
    done = conn.execute(_END, {"inbound": inbound.id, **values})
    if done.rowcount != 1:
        raise LeaseLost(f"message {inbound.id} was finished by another worker")


def _write_turn(conn: Connection, lease: Lease, inbound: Inbound, turn: TurnLike, before: int) -> None:
    rows = [
        conversation.outbound(
            lease.conversation_id,
            before + ordinal,
            "bot",
            text,
            reply_to=inbound.id,
            ordinal=ordinal,
            meta=turn.answer if ordinal == 1 else None,
        )
        for ordinal, text in enumerate(turn.replies, 1)
    ]
    if rows:
        conn.execute(_SAY, rows)
    lease.turn += 1
    values = {"conversation_id": lease.conversation_id, "turn": lease.turn}
    conn.execute(_REMEMBER, {**values, "events": turn.new_events_json, "slots": turn.slots_json})


def look_again(conn: Connection, lease: Lease) -> None:
    """Read again who holds the conversation of a lease."""
    query = sa.select(_talks.c.holder, _talks.c.version).where(_talks.c.id == lease.conversation_id)
    row = conn.execute(query).one()
    lease.holder, lease.version = row.holder, row.version


def fail(conn: Connection, lease: Lease, inbound: Inbound) -> bool:
    """Count a failed attempt and let go; True when the message is now dead, and the worker was told so kindly.

    Raises LeaseLost.
    """
    attempts = inbound.attempts + 1
    dead = attempts >= MOST_ATTEMPTS
    pause = 0.0 if dead else min(0.05 * 3**attempts, 10.0)
    if not _let_go(conn, lease, clock.real_now() + timedelta(seconds=pause)):
        raise LeaseLost(lease.conversation_id)
    values = {"attempts": attempts, **({"status": "dead"} if dead else {})}
    conn.execute(sa.update(_messages).where(_messages.c.id == inbound.id).values(**values))
    if dead:
        conn.execute(_COUNT_OUT, {"id": lease.conversation_id, "count": 1})
        conversation.append(conn, lease.conversation_id, "system", GIVEN_UP, reply_to=inbound.id, ordinal=1)
    return dead


def release(conn: Connection, lease: Lease) -> None:
    """Let go of a conversation without finishing its messages."""
    _let_go(conn, lease, None)


def renew(conn: Connection, lease: Lease, seconds: float = LEASE_SECONDS) -> bool:
    """Hold a conversation for `seconds` from now; False when another worker has it."""
    until = clock.real_now() + timedelta(seconds=seconds)
    return bool(conn.execute(_own(lease).values(lease_until=until)).rowcount)


def _let_go(conn: Connection, lease: Lease, until: datetime | None) -> bool:
    """End a lease; nobody takes the conversation before `until`. False when the lease was lost."""
    return bool(conn.execute(_own(lease).values(lease_by=None, lease_until=until, takeovers=0)).rowcount)


def _own(lease: Lease) -> Any:
    return sa.update(_talks).where(_talks.c.id == lease.conversation_id, _talks.c.lease_by == lease.worker_id)


def free_leases_of(conn: Connection, prefix: str, alive: Callable[[int], bool]) -> int:
    """Free at once what dead processes of this host (`prefix` = "host:") left leased; the number of conversations freed."""
    query = sa.select(_talks.c.id, _talks.c.lease_by).where(_talks.c.lease_by.startswith(prefix, autoescape=True))
    freed = 0
    for row in conn.execute(query).all():
        pid = row.lease_by.removeprefix(prefix).split(":")[0]
        if pid.isdigit() and not alive(int(pid)):
            done = conn.execute(
                sa.update(_talks)
                .where(_talks.c.id == row.id, _talks.c.lease_by == row.lease_by)
                .values(lease_until=None)
            )
            freed += done.rowcount
    return freed
