"""The worker's chat page, on a phone and on the kiosk: drawn whole by the server, then kept alive by chat.js."""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from base.http import CHAT_COOKIE, Problem, chat_of, loaded_knowledge, read
from casework import conversation, handoff
from casework.quick_replies import choices
from console.render import page

STARTERS = ("老板拖欠工资", "受了工伤", "被单位辞退了", "没签劳动合同")
BUTTONS = ("转人工", "申请法律援助", "发送")  # never offered a second time as a quick reply


async def chat(request: web.Request) -> web.Response:
    """GET /: the conversation so far and the box to write in."""
    return await chat_page(request, "")


async def kiosk(request: web.Request) -> web.Response:
    """GET /kiosk: the same in large type."""
    return await chat_page(request, "kiosk")


async def chat_page(request: web.Request, kind: str, problem: Problem | None = None, text: str = "") -> web.Response:
    """The page; `problem` says why the text in the box was not taken."""
    kept, known = chat_of(request), True
    try:
        entries, held = await read(request, _conversation, kept) if kept else ([], _bot())
    except Problem as away:
        entries, held, problem = [], _bot(), problem or away
    if held is None:
        kept, entries, held, known = None, [], _bot(), False
    kind = "kiosk" if kind == "kiosk" else ""
    response = page(
        request,
        "chat.html",
        problem.status if problem else 200,
        kind=kind,
        entries=entries,
        held=held,
        conversation=kept[0] if kept else "",
        choices=_choices(entries, loaded_knowledge(request)),
        problem=problem,
        text=text,
        message_id=secrets.token_hex(16),
    )
    if not known:
        response.del_cookie(CHAT_COOKIE, path="/")
    return response


def _bot() -> dict[str, Any]:
    return {"holder": "bot", "name": None, "ticket": None, "ended": False}


def _conversation(conn: Connection, kept: tuple[str, str]) -> tuple[list[conversation.Entry], dict[str, Any] | None]:
    talk = conversation.authenticate(conn, *kept)
    if talk is None:
        return [], None
    ticket = handoff.of_conversation(conn, talk.id) if talk.holder != "bot" else None
    held = {
        "holder": talk.holder,
        "name": ticket.adviser if ticket else None,
        "ticket": ticket.number if ticket else None,
        "ended": bool(talk.ended),
    }
    return conversation.timeline(conn, talk.id), held


def _choices(entries: list[conversation.Entry], kb: Any) -> list[str]:
    """Quick replies under the last line: to the bot's question, or ways to begin."""
    if not entries:
        return list(STARTERS)
    answers = [e for e in entries if e.author == "bot"]
    if not answers or entries[-1].author != "bot":
        return []
    first = next((e for e in answers if e.reply_to == answers[-1].reply_to and e.meta), None)
    return [c for c in choices(first.meta if first else None, kb) if c not in BUTTONS]
