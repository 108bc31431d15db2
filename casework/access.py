"""The only way for staff to reach somebody's matter. Errors do not tell whether the matter exists.

Looking may write (a line in the audit), so these need a writing transaction. A worker reaches their own conversation
with its token: `casework.conversation.authenticate`.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from casework import audit, desk, tables
from casework.accounts import Account
from casework.desk import Item
from casework.errors import NotFound
from casework.states import QUEUED

_everything = ("manager", "admin")  # roles that may look at every matter


def handoff_for(conn: Connection, account: Account, handoff_id: int) -> Item:
    """A hand-off that this account may look at. Raises NotFound."""
    if not account.may("desk_read"):
        raise NotFound()
    item = desk.item(conn, handoff_id)
    if not _may_see(account, item.state, item.adviser_id):
        raise NotFound()
    return item


def conversation_for_adviser(conn: Connection, account: Account, conversation_id: str) -> Row:
    """The row of a conversation with a hand-off that this account may look at. Raises NotFound.

    Someone who looks without holding it leaves a line in the audit.
    """
    if not account.may("desk_read"):
        raise NotFound()
    h, c = tables.handoff.c, tables.conversation.c
    rows = conn.execute(sa.select(h.state, h.adviser_id).where(h.conversation_id == conversation_id)).all()
    if not any(_may_see(account, state, adviser_id) for state, adviser_id in rows):
        raise NotFound()
    row = conn.execute(sa.select(tables.conversation).where(c.id == conversation_id)).one()
    if row.holder_id != account.id:
        audit.looked(conn, f"conversation:{conversation_id}", account.id)
    return row


def application_for(conn: Connection, account: Account, application_id: int) -> Row:
    """The row of an application, with its fields; every look is noted in the audit. Raises NotFound."""
    if not account.may("desk_read"):
        raise NotFound()
    row = conn.execute(sa.select(tables.application).where(tables.application.c.id == application_id)).first()
    if row is None:
        raise NotFound()
    audit.looked(conn, f"application:{application_id}", account.id)
    return row


def _may_see(account: Account, state: str, adviser_id: int | None) -> bool:
    if account.role in _everything:
        return True
    if state in QUEUED:
        return True
    return adviser_id == account.id
