"""The web chat without JavaScript: plain forms that send, ask for a person or begin anew, and show the page again."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from base.http import CHAT_COOKIE, CHAT_PAGE, Problem, chat_of, check_form_token, form, remember_chat, write
from casework import conversation
from channels import web as api

PATIENCE = 10.0  # seconds that a form waits for the answer
PAGES = {"": "/", "kiosk": "/kiosk"}


async def send(request: web.Request) -> web.StreamResponse:
    """A message from the form; what cannot be taken comes back with the text still in the box."""
    data = await _checked(request)
    text = data.get("quick") or data.get("text", "")
    try:
        cleaned, message_id = api.clean(text), api.check_message_id(data.get("message_id") or secrets.token_hex(16))
        chat, made = await _own_chat(request)
        receipt, _ = await write(request, api.store, *chat, message_id, cleaned)
    except Problem as problem:
        return await _again(request, data, problem, text)
    api.received(request, receipt)
    await api.outcome(request, chat[0], receipt, PATIENCE)
    return _back(request, data, chat if made else None)


async def ask_for_person(request: web.Request) -> web.StreamResponse:
    """The button 转人工; it also opens a conversation when there is none yet."""
    return await _act(request, api.to_person, opens=True)


async def stay_with_bot(request: web.Request) -> web.StreamResponse:
    """The button 取消排队."""
    return await _act(request, api.from_queue)


async def restart(request: web.Request) -> web.StreamResponse:
    """The button 重新开始: the conversation ends and the page forgets it."""
    response = await _act(request, api.finish)
    if response.status == 303:
        response.del_cookie(CHAT_COOKIE, path="/")
    return response


async def _act(request: web.Request, act: Callable[..., Any], opens: bool = False) -> web.StreamResponse:
    data = await _checked(request)
    chat, made = chat_of(request), False
    try:
        if opens:
            chat, made = await _own_chat(request)
        if chat is not None:
            await write(request, act, *chat)
    except Problem as problem:
        if problem.status != 401:
            return await _again(request, data, problem, data.get("text", ""))
    return _back(request, data, chat if made else None)


async def _checked(request: web.Request) -> dict[str, str]:
    data = await form(request)
    check_form_token(request, data)
    return data


async def _own_chat(request: web.Request) -> tuple[tuple[str, str], bool]:
    """The conversation of the page, and whether it was opened just now."""
    return await write(request, _kept_or_new, chat_of(request))


def _kept_or_new(conn: Connection, kept: tuple[str, str] | None) -> tuple[tuple[str, str], bool]:
    if kept is not None and conversation.authenticate(conn, *kept) is not None:
        return kept, False
    return conversation.open_conversation(conn, "web"), True


async def _again(request: web.Request, data: dict[str, str], problem: Problem, text: str) -> web.StreamResponse:
    return await request.config_dict[CHAT_PAGE](request, data.get("page", ""), problem=problem, text=text)


def _back(request: web.Request, data: dict[str, str], made: tuple[str, str] | None) -> web.Response:
    response = web.Response(status=303, headers={"Location": PAGES.get(data.get("page", ""), "/") + "#newest"})
    if made is not None:
        remember_chat(request, response, *made)
    return response


def add_routes(app: web.Application) -> None:
    """The forms' routes."""
    app.add_routes(
        [
            web.post("/chat/send", send),
            web.post("/chat/handoff", ask_for_person),
            web.post("/chat/stay", stay_with_bot),
            web.post("/chat/restart", restart),
        ]
    )
