"""Who did what to whose matter: an append-only list without any content of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from base import clock
from casework import tables

DETAIL = 200
ONCE_PER = timedelta(hours=1)  # looking at the same matter again within this time is one look


def write(
    conn: Connection,
    action: str,
    subject: str,
    account_id: int | None = None,
    detail: str | None = None,
    at: datetime | None = None,
) -> None:
    """One line: `action` (handoff_claimed …) on `subject` ("handoff:12"); `detail` holds codes, never personal data."""
    conn.execute(
        sa.insert(tables.audit).values(
            at=at or clock.now(),
            account_id=account_id,
            action=action,
            subject=subject[:60],
            detail=detail and detail[:DETAIL],
        )
    )


def looked(conn: Connection, subject: str, account_id: int, at: datetime | None = None) -> None:
    """Note that somebody read a matter; once an hour for the same reader and subject."""
    moment = at or clock.now()
    if count(conn, "read", subject, since=moment - ONCE_PER, account_id=account_id) == 0:
        write(conn, "read", subject, account_id, at=moment)


def count(conn: Connection, action: str, subject: str, since: datetime, account_id: int | None = None) -> int:
    """How often `action` was done to `subject` since a time (by one account if it is given)."""
    t = tables.audit.c
    wanted = [t.action == action, t.subject == subject[:60], t.at > since]
    if account_id is not None:
        wanted.append(t.account_id == account_id)
    return int(conn.execute(sa.select(sa.func.count()).select_from(tables.audit).where(*wanted)).scalar_one())
