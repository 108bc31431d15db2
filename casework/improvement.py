"""Learning from talks: what was not understood is kept masked, grouped by likeness, and labelled by two people.

A label is a text's topics. It becomes training text only when a second person has confirmed it; until then it waits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from base import clock
from base.privacy import mask
from casework import audit, tables
from casework.accounts import Account
from casework.errors import NotFound, Refused

NEW, LABELLED, CONFIRMED, DISMISSED = "new", "labelled", "confirmed", "dismissed"
LONGEST, LOOKED_AT = 300, 500  # characters of a text; texts that are grouped at once
ALIKE = 0.45  # shared pairs of characters from which two texts belong together
_table = tables.unclear


@dataclass(frozen=True)
class Unclear:
    """One text that was not understood."""

    id: int
    text: str
    guess: str | None
    state: str
    topics: tuple[str, ...]
    labelled_by: int | None
    at: datetime


def keep(conn: Connection, conversation_id: str, text: str, guess: str | None) -> None:
    """Keep a text that was not understood, without numbers that name a person."""
    text = mask(" ".join(text.split()))[:LONGEST]
    if not text:
        return
    now = clock.now()
    values = {"conversation_id": conversation_id, "text": text, "guess": guess and guess[:20], "state": NEW}
    conn.execute(sa.insert(_table).values(**values, created_at=now, changed_at=now))


def groups(conn: Connection) -> list[list[Unclear]]:
    """The unlabelled texts, like ones together, the largest group first."""
    found: list[list[Unclear]] = []
    pairs: list[set[str]] = []
    for one in _read(conn, NEW):
        own = _pairs(one.text)
        near = max(range(len(found)), key=lambda i: _likeness(own, pairs[i]), default=None)
        if near is not None and _likeness(own, pairs[near]) >= ALIKE:
            found[near].append(one)
        else:
            found.append([one])
            pairs.append(own)
    return sorted(found, key=lambda group: -len(group))


def labelled(conn: Connection) -> list[Unclear]:
    """The labels that wait for a second person."""
    return list(_read(conn, LABELLED))


def confirmed(conn: Connection) -> list[Unclear]:
    """The labels that two people agree on: training text."""
    return list(_read(conn, CONFIRMED))


def label(conn: Connection, account: Account, ids: Sequence[int], topics: Sequence[str]) -> int:
    """Say what texts are about; the number of texts labelled. Raises Refused for no or unknown topics."""
    from knowledge.schema import TOPICS

    if not topics or set(topics) - set(TOPICS):
        raise Refused("请选一个主题。")
    values = {"state": LABELLED, "topics": " ".join(dict.fromkeys(topics)), "labelled_by": account.id}
    done = _change(conn, sa.and_(_table.c.id.in_(list(ids)), _table.c.state == NEW), values)
    if not done:
        raise NotFound("这些话已经有人处理了，请刷新。")
    audit.write(conn, "unclear_labelled", f"unclear:{min(ids)}", account.id, f"{done} {topics[0]}")
    return done


def decide(conn: Connection, account: Account, unclear_id: int, agree: bool) -> None:
    """The second person's word: agreed labels become training text, others wait for a label again."""
    row = conn.execute(sa.select(_table).where(_table.c.id == unclear_id, _table.c.state == LABELLED)).first()
    if row is None:
        raise NotFound("这句话已经有人处理了，请刷新。")
    if row.labelled_by == account.id:
        raise Refused("要换一个人来确认：标记和确认不能是同一个人。")
    values = {"state": CONFIRMED if agree else NEW, "decided_by": account.id}
    _change(conn, sa.and_(_table.c.id == unclear_id, _table.c.state == LABELLED), values)
    audit.write(conn, "unclear_confirmed" if agree else "unclear_sent_back", f"unclear:{unclear_id}", account.id)


def dismiss(conn: Connection, account: Account, ids: Sequence[int]) -> int:
    """Texts that teach nothing (noise, chatter); the number of texts put away."""
    done = _change(conn, sa.and_(_table.c.id.in_(list(ids)), _table.c.state == NEW), {"state": DISMISSED})
    audit.write(conn, "unclear_dismissed", f"unclear:{min(ids, default=0)}", account.id, str(done))
    return done


def draft_entry(group: Sequence[Unclear], topic: str) -> str:
    """The beginning of an entry (YAML) that answers a group of texts; an editor writes the rest."""
    asks = json.dumps([one.text for one in group][:8], ensure_ascii=False)
    return "\n".join(
        [
            "- id: draft-",
            f"  topic: {topic}",
            "  title: （一句话：问的是什么）",
            f"  asks: {asks}",
            "  in_a_line: （一句话先说结论）",
            "  today: [（今天先做什么）]",
            "  basis: [（法名/条/款/项）]",
            "  avoid: [（不要做什么）]",
            "  status: draft",
            "  owner: 吴中区公共法律服务中心",
            f"  reviewed_on: {clock.today()}",
            "  review_by: （复核期限）",
        ]
    )


def training_file(conn: Connection) -> str:
    """The confirmed labels in the format of data/nlu."""
    blocks: dict[str, list[str]] = {}
    for one in confirmed(conn):
        blocks.setdefault(", ".join(one.topics), []).append(one.text)
    lines = ["# Texts of real talks, masked, labelled and confirmed by two people.", 'version: "3.1"', "nlu:"]
    for topics, texts in sorted(blocks.items()):
        lines += ["- intent: consult", f"  metadata: {{topics: [{topics}]}}", "  examples: |"]
        lines += [f"    - {text}" for text in dict.fromkeys(texts)]
    return "\n".join(lines) + "\n"


def _read(conn: Connection, state: str) -> Iterator[Unclear]:
    query = sa.select(_table).where(_table.c.state == state).order_by(_table.c.id.desc()).limit(LOOKED_AT)
    for row in conn.execute(query):
        topics = tuple((row.topics or "").split())
        yield Unclear(row.id, row.text, row.guess, row.state, topics, row.labelled_by, row.created_at)


def _change(conn: Connection, where: Any, values: dict[str, Any]) -> int:
    return conn.execute(sa.update(_table).where(where).values(**values, changed_at=clock.now())).rowcount


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


def _likeness(first: set[str], second: set[str]) -> float:
    """Shared pairs of characters against the shorter text's."""
    return len(first & second) / min(len(first), len(second))
