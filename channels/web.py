"""The web chat's API: a message is committed before it is acknowledged, a repeat finds its first receipt.

A caller shows the conversation's token as `Authorization: Bearer …`, or, on our own page, as an HttpOnly cookie; the
token never stands in an address. Unknown conversation and wrong token look the same.
"""

from __future__ import annotations

import asyncio
import re
import time
import unicodedata
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection, Row

from base.http import (
    BEAT,
    CHAT_COOKIE,
    CLOSING,
    COUNT,
    WAKE,
    Problem,
    as_json,
    chat_of,
    event,
    from_own_page,
    json_object,
    loaded_knowledge,
    open_stream,
    position,
    read,
    remember_chat,
    write,
)
from casework import conversation, handoff
from casework.conversation import Entry
from casework.errors import Refused
from casework.quick_replies import choices
from channels import inbox, outbox
from channels.bell import Bell
from channels.inbox import Receipt
from channels.web_openapi import DESCRIPTION

BELL = web.AppKey("bell", Bell)
API = "/api/v1/conversations"
LONGEST = 4000  # characters of one message
LONGEST_WAIT = 30.0  # seconds
NO_ANSWER_YET = 0.05  # seconds after a new message in which looking for its answer is left to the wake-up
_MESSAGE_ID = re.compile(r"[\x21-\x7e]{1,128}")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")  # controls; turners of text

EMPTY = "没有收到文字，请再打一遍；用语音输入的，等字出来再点发送"
TOO_LONG = "太长了，请分几段发（一次最多4000个字）"


# -- what a message must be ------------------------------------------------------


def clean(text: str) -> str:
    """A worker's text without control characters. Raises Problem when nothing is left or it is too long."""
    text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not any(unicodedata.category(c)[0] not in "CZ" for c in text):
        raise Problem(422, "empty", EMPTY, "写一句话说说您的事。")
    if len(text) > LONGEST:
        raise Problem(422, "too_long", TOO_LONG, f"这一段有{len(text)}个字。文字还在您这里，没有丢。")
    return text


def check_message_id(given: Any) -> str:
    """1 to 128 visible ASCII characters. Raises Problem."""
    if not isinstance(given, str) or not _MESSAGE_ID.fullmatch(given):
        raise Problem(422, "bad_message_id", "message_id 要是1到128个可见的 ASCII 字符", "例如一个 UUID。")
    return given


def refuse(receipt: Receipt) -> Receipt:
    """The receipt of a message that is stored. Raises Problem for a conflict or an ended conversation."""
    if receipt.kind == "conflict":
        raise Problem(409, "message_id_reused", "这个 message_id 已经用在另一句话上", "换一个新的 message_id。")
    if receipt.kind == "ended":
        raise Problem(410, "ended", "这次对话已经结束了，请点“重新开始”再说", "前面的记录还看得到。")
    return receipt


# -- who may --------------------------------------------------------------------


def shown_token(request: web.Request, conversation_id: str) -> str:
    """The token this request shows for a conversation. Raises Problem 401 when there is none, 403 for another site."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    kept = chat_of(request)
    if kept is None or kept[0] != conversation_id:
        raise not_yours()
    if request.method not in ("GET", "HEAD") and not from_own_page(request):
        raise Problem(403, "other_site", "这个请求不是从本页面发出的", "请在本网站的页面上操作。")
    return kept[1]


def not_yours() -> Problem:
    """No token, a wrong one, or no such conversation: one answer for all."""
    said = ("没有找到这次对话，请重新开始", "带上创建对话时给的 token。")
    return Problem(401, "unauthorized", *said, {"WWW-Authenticate": "Bearer"})


def opened(conn: Connection, conversation_id: str, token: str) -> Row:
    """The conversation that the token opens. Raises Problem 401."""
    talk = conversation.authenticate(conn, conversation_id, token)
    if talk is None:
        raise not_yours()
    return talk


# -- what is shown --------------------------------------------------------------


def shown(entries: Sequence[Entry], kb: Any = None) -> list[dict[str, Any]]:
    """Entries as the API and the page show them; quick replies stand with the last message of the bot's turn."""
    made, answers = [], {e.reply_to: e.meta for e in entries if e.author == "bot" and e.meta}
    for place, entry in enumerate(entries):
        one = _shown(entry)
        if entry.author == "bot":
            more = any(e.author == "bot" and e.reply_to == entry.reply_to for e in entries[place + 1 :])
            one["choices"] = [] if more else choices(answers.get(entry.reply_to), kb)
        made.append(one)
    return made


def _shown(entry: Entry) -> dict[str, Any]:
    made: dict[str, Any] = {
        "seq": entry.seq,
        "author": entry.author,
        "name": entry.author_name,
        "text": entry.text,
        "at": entry.at.isoformat(timespec="seconds"),
    }
    if entry.author == "worker":
        made["message_id"] = entry.message_id
    return made


def holder(conn: Connection, talk: Row) -> dict[str, Any]:
    """Who receives the worker now, with the adviser's name and the ticket's number."""
    ticket = handoff.of_conversation(conn, talk.id) if talk.holder != "bot" else None
    return {
        "holder": talk.holder,
        "name": ticket.adviser if ticket else None,
        "ticket": ticket.number if ticket else None,
        "ended": bool(talk.ended),
        "version": talk.version,
    }


# -- the routes -----------------------------------------------------------------


async def create(request: web.Request) -> web.Response:
    """POST: a new conversation. `{"remember": true}` (own page only): the token goes into a cookie."""
    data = await json_object(request)
    remember = data.get("remember") is True
    if remember and not from_own_page(request):
        raise Problem(403, "other_site", "这个请求不是从本页面发出的", "不带 remember，自己保管 token。")
    made, token = await write(request, conversation.open_conversation, "web")
    if not remember:
        return as_json({"conversation": made, "token": token}, status=201)
    response = as_json({"conversation": made}, status=201)
    remember_chat(request, response, made, token)
    return response


async def send(request: web.Request) -> web.Response:
    """POST a message: 202 once it is stored; with ?wait=SECONDS 200 with the replies as soon as they are there."""
    conversation_id = request.match_info["id"]
    token, wait = shown_token(request, conversation_id), seconds(request)
    data = await json_object(request)
    if not isinstance(data.get("text"), str):
        raise Problem(422, "empty", EMPTY, 'text 要是文字，例如 {"message_id": "…", "text": "老板拖欠工资"}。')
    message_id, text = check_message_id(data.get("message_id")), clean(data["text"])
    receipt, talk = await write(request, store, conversation_id, token, message_id, text)
    received(request, receipt)
    if wait <= 0:
        told = {"status": "received", "seq": receipt.seq, "message_id": message_id, "holder": talk.holder}
        return as_json(told, status=202)
    return await answered(request, conversation_id, receipt, message_id, wait)


def store(conn: Connection, conversation_id: str, token: str, message_id: str, text: str) -> tuple[Receipt, Row]:
    """Authenticate and store; both in one transaction."""
    talk = opened(conn, conversation_id, token)
    return refuse(inbox.receive(conn, conversation_id, message_id, text)), talk


def received(request: web.Request, receipt: Receipt) -> None:
    """A message is stored: count it and ring for a worker of this machine."""
    request.config_dict[COUNT]("messages", "web", receipt.kind)
    request.config_dict[BELL].ring("worker")


def seconds(request: web.Request) -> float:
    """?wait= in seconds, at most LONGEST_WAIT. Raises Problem."""
    try:
        given = float(request.query.get("wait", 0))
    except ValueError:
        given = -1.0
    if not 0 <= given < 1e6:
        raise Problem(422, "bad_wait", "wait 要是秒数", f"写0到{LONGEST_WAIT:.0f}。")
    return min(given, LONGEST_WAIT)


async def answered(
    request: web.Request, conversation_id: str, receipt: Receipt, message_id: str, wait: float
) -> web.Response:
    began = time.monotonic()
    replies, talk, done = await outcome(request, conversation_id, receipt, wait)
    if done:
        request.config_dict[COUNT]("answer_seconds", time.monotonic() - began)
    kb = loaded_knowledge(request)
    told = {
        "status": "answered" if done else "received",
        "seq": receipt.seq,
        "message_id": message_id,
        "replies": shown(replies, kb),
        "holder": talk.holder,
    }
    return as_json(told, status=200 if done else 202)


async def outcome(
    request: web.Request, conversation_id: str, receipt: Receipt, wait: float
) -> tuple[list[Entry], Row, bool]:
    """The replies to a stored message within `wait` seconds, the conversation, and whether it is dealt with."""
    wake, until = request.config_dict[WAKE], time.monotonic() + wait
    early = NO_ANSWER_YET if receipt.kind == "new" else 0.0
    while True:
        left = max(0.0, min(until - time.monotonic(), 1.0))
        nudge = asyncio.ensure_future(wake.wait_for(conversation_id, left, said=True))
        try:
            await asyncio.wait({nudge}, timeout=min(left, early))  # listen first, then look: nothing falls in between
            early = 0.0
            entries, talk, done = await read(request, _answers, conversation_id, receipt)
            if done or time.monotonic() >= until or request.config_dict[CLOSING].is_set():
                return entries, talk, done
            await nudge
        finally:
            nudge.cancel()


def _answers(conn: Connection, conversation_id: str, receipt: Receipt) -> tuple[list[Entry], Row, bool]:
    """The replies to a message, with what the system said in the same breath (a ticket, an application's number)."""
    assert receipt.id is not None and receipt.seq is not None
    done, replies = outbox.answer_to(conn, receipt.id)
    talk = conversation.brief(conn, conversation_id)  # after the replies: whoever took over meanwhile is seen
    assert talk is not None
    done = done or talk.holder != "bot"
    last = replies[-1].seq if replies else receipt.seq
    for entry in conversation.timeline(conn, conversation_id, last) if talk.last_seq > last else ():
        if entry.author != "system" or entry.reply_to is not None:
            break
        replies.append(entry)
    return replies, talk, done


async def history(request: web.Request) -> web.Response:
    """GET the messages with numbers above ?after=, at most all of them, and who holds the conversation."""
    conversation_id = request.match_info["id"]
    token, after = shown_token(request, conversation_id), position(request.query.get("after"))
    entries, held = await read(request, _since, conversation_id, token, after)
    kb = loaded_knowledge(request)
    return as_json({"messages": shown(entries, kb), **held})


def _since(conn: Connection, conversation_id: str, token: str, after: int) -> tuple[Sequence[Entry], dict[str, Any]]:
    talk = opened(conn, conversation_id, token)
    return conversation.timeline(conn, conversation_id, after), holder(conn, talk)


async def events(request: web.Request) -> web.StreamResponse:
    """GET a stream of `message` and `holder` events; resumes from Last-Event-ID or ?after=."""
    conversation_id = request.match_info["id"]
    token = shown_token(request, conversation_id)
    after = position(request.headers.get("Last-Event-ID") or request.query.get("after"))
    await read(request, _since, conversation_id, token, 10**9)  # refuse before the stream begins
    kb = loaded_knowledge(request)
    stream = await open_stream(request)
    try:
        await _flow(request, stream, conversation_id, token, after, kb)
    except (ConnectionError, Problem):
        pass  # the reader left, or the database did: the browser comes back by itself
    return stream


async def _flow(
    request: web.Request, stream: web.StreamResponse, conversation_id: str, token: str, after: int, kb: Any
) -> None:
    wake, closing, said = request.config_dict[WAKE], request.config_dict[CLOSING], None
    while not closing.is_set():
        nudge = asyncio.ensure_future(wake.wait_for(conversation_id, BEAT))
        try:
            await asyncio.sleep(0)
            entries, held = await read(request, _since, conversation_id, token, after)
            for one in shown(entries, kb):
                after = one["seq"]
                await stream.write(event("message", one, after))
            if held != said:
                said = held
                await stream.write(event("holder", held))
            if not entries:
                await stream.write(b": beat\n\n")
            await nudge
        finally:
            nudge.cancel()


async def ask_for_person(request: web.Request) -> web.Response:
    """POST: 转人工 without the bot, so that it works while the bot is away; the conversation is told the ticket too."""
    conversation_id = request.match_info["id"]
    token = shown_token(request, conversation_id)
    told = await write(request, to_person, conversation_id, token)
    return as_json(told)


def to_person(conn: Connection, conversation_id: str, token: str) -> dict[str, Any]:
    """Put the worker into the queue; asking again tells the same ticket. Raises Problem."""
    opened(conn, conversation_id, token)
    try:
        ticket = handoff.request(conn, conversation_id, "asked")
    except Refused as refused:
        raise Problem(410, "ended", refused.message) from None
    talk = conversation.load(conn, conversation_id)
    assert talk is not None
    return {"ticket": ticket.number, "promised_for": ticket.promised_for.isoformat(), "message": ticket.text} | {
        "holder": talk.holder
    }


async def stay_with_bot(request: web.Request) -> web.Response:
    """DELETE: the worker no longer waits for a person."""
    conversation_id = request.match_info["id"]
    token = shown_token(request, conversation_id)
    return as_json(await write(request, from_queue, conversation_id, token))


def from_queue(conn: Connection, conversation_id: str, token: str) -> dict[str, Any]:
    """Leave the queue. Raises Problem 409 when nobody waits or an adviser is already there."""
    opened(conn, conversation_id, token)
    try:
        handoff.withdraw(conn, conversation_id)
    except Refused as refused:
        raise Problem(409, "not_waiting", refused.message) from None
    return {"holder": "bot"}


async def end(request: web.Request) -> web.Response:
    """DELETE: the worker ends the conversation; it stays readable but takes no more messages."""
    conversation_id = request.match_info["id"]
    token = shown_token(request, conversation_id)
    await write(request, finish, conversation_id, token)
    response = as_json({"ended": True})
    if (chat_of(request) or ("",))[0] == conversation_id:
        response.del_cookie(CHAT_COOKIE, path="/")
    return response


def finish(conn: Connection, conversation_id: str, token: str) -> None:
    """End a conversation; one in the queue leaves it. Raises Problem 409 while an adviser is there."""
    talk = opened(conn, conversation_id, token)
    if talk.ended:
        return
    if talk.holder == "adviser":
        raise Problem(409, "adviser_present", "顾问正在接待您，请先跟顾问说一声再重新开始")
    if talk.holder == "queue":
        handoff.withdraw(conn, conversation_id)
    conversation.end(conn, conversation_id)


async def openapi(_request: web.Request) -> web.Response:
    """GET the description of all this."""
    return as_json(DESCRIPTION)


def add_routes(app: web.Application) -> None:
    """The API's routes."""
    app.add_routes(
        [
            web.post(API, create),
            web.post(API + "/{id}/messages", send),
            web.get(API + "/{id}/messages", history, allow_head=False),
            web.get(API + "/{id}/events", events, allow_head=False),
            web.post(API + "/{id}/handoff", ask_for_person),
            web.delete(API + "/{id}/handoff", stay_with_bot),
            web.delete(API + "/{id}", end),
            web.get("/openapi.json", openapi, allow_head=False),
        ]
    )
