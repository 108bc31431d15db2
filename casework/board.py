"""A few true counts for the manager's board: how many matters wait, are being served, and how they ended."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from casework import tables
from casework.application_life import STATES as APPLICATION_STATES
from casework.states import HELD, OUTCOMES, QUEUED


@dataclass(frozen=True)
class Counts:
    """Numbers of matters; `outcomes` and `applications` are (label, number) in the order of their lists."""

    conversations: int
    waiting: int
    held: int
    closed: int
    outcomes: tuple[tuple[str, int], ...]
    applications: tuple[tuple[str, int], ...]


def counts(conn: Connection) -> Counts:
    """The counts as of now; nothing of any person."""
    states = _by(conn, tables.handoff.c.state)
    outcomes = _by(conn, tables.handoff.c.outcome)
    applications = _by(conn, tables.application.c.state)
    talks = conn.execute(sa.select(sa.func.count()).select_from(tables.conversation)).scalar_one()
    labels = APPLICATION_STATES.items()
    return Counts(
        conversations=int(talks),
        waiting=sum(states.get(s, 0) for s in QUEUED),
        held=sum(states.get(s, 0) for s in HELD),
        closed=states.get("closed", 0),
        outcomes=tuple((label, outcomes[key]) for key, label in OUTCOMES.items() if key in outcomes),
        applications=tuple((label, applications[key]) for key, label in labels if key in applications),
    )


def _by(conn: Connection, column: sa.Column) -> dict[str, int]:
    rows = conn.execute(sa.select(column, sa.func.count()).group_by(column))
    return {str(key): int(number) for key, number in rows}
