"""What a bot's turn may do to a matter: the commands that the worker process runs in the turn's own transaction.

Whatever is refused becomes a sentence to the worker; nothing here breaks the turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from base.logs import get_log
from casework import application, conversation, handoff, improvement
from casework.errors import Refused

if TYPE_CHECKING:
    from knowledge.release import KnowledgeBase

log = get_log("casework")


def execute(conn: Connection, conversation_id: str, command: Mapping[str, Any], kb: KnowledgeBase) -> None:
    """Run one command: request_handoff, withdraw_handoff, submit_application or keep_unclear (see COMMANDS).

    An unknown command is logged and left alone, so that a newer bot cannot stop an older worker.
    """
    run = COMMANDS.get(str(command.get("command")))
    if run is None:
        log.warning("command_unknown", kind=str(command.get("command"))[:40])
        return
    try:
        with conn.begin_nested():
            run(conn, conversation_id, command, kb)
    except Refused as refused:
        conversation.append(conn, conversation_id, "system", refused.message)


def _request_handoff(conn: Connection, conversation_id: str, command: Mapping[str, Any], _kb: Any) -> None:
    handoff.request(conn, conversation_id, str(command.get("reason") or "asked"), bool(command.get("urgent")))


def _withdraw_handoff(conn: Connection, conversation_id: str, _command: Mapping[str, Any], _kb: Any) -> None:
    handoff.withdraw(conn, conversation_id)


def _submit_application(conn: Connection, conversation_id: str, command: Mapping[str, Any], kb: KnowledgeBase) -> None:
    """{"draft": Draft.to_dict(), "submit_key": text}; a matter that no rule settles also goes to a person."""
    draft = application.Draft.from_dict(command["draft"])
    done = application.submit(conn, draft, str(command["submit_key"]), conversation_id, kb)
    conversation.append(conn, conversation_id, "system", done.text)
    if done.needs_person and not done.again:
        handoff.request(conn, conversation_id, "application")


def _keep_unclear(conn: Connection, conversation_id: str, command: Mapping[str, Any], _kb: Any) -> None:
    """{"text", "guess"}: what was not understood waits for the editors."""
    improvement.keep(conn, conversation_id, str(command.get("text") or ""), command.get("guess"))


COMMANDS: dict[str, Callable[[Connection, str, Mapping[str, Any], Any], None]] = {
    "request_handoff": _request_handoff,
    "withdraw_handoff": _withdraw_handoff,
    "submit_application": _submit_application,
    "keep_unclear": _keep_unclear,
}
