"""What channels and pages share of HTTP: the one error shape, database calls beside the loop, cookies and their guards.

The only module of base that knows aiohttp; nothing in knowledge or casework may import it.
"""

from __future__ import annotations

import asyncio
import contextvars
import hmac
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy.engine import Connection, Engine

from base.database import StorageDown, reading, transaction
from base.privacy import keyed_hash
from base.settings import Settings

T = TypeVar("T")


class Waker(Protocol):
    """Tells that something was stored in a conversation (channels.wake)."""

    async def wait_for(self, conversation_id: str, timeout: float, said: bool = False) -> bool:
        """True when something was stored (`said`: was said to the worker) within `timeout` seconds."""
        ...

    def announce(self) -> None:
        """Tell the workers of this machine that something was stored."""
        ...


SETTINGS = web.AppKey("settings", Settings)
ENGINE = web.AppKey("engine", Engine)
WRITERS = web.AppKey("writers", ThreadPoolExecutor)
READERS = web.AppKey("readers", ThreadPoolExecutor)
CLOSING = web.AppKey("closing", asyncio.Event)  # set when the process is asked to stop: streams end by themselves
WAKE: web.AppKey[Waker] = web.AppKey("wake")
KNOWLEDGE: web.AppKey[asyncio.Future[Any]] = web.AppKey("knowledge")  # of the KnowledgeBase, loaded beside the loop
CHAT_PAGE: web.AppKey[Callable[..., Awaitable[web.StreamResponse]]] = web.AppKey("chat_page")
ERROR_PAGE: web.AppKey[Callable[..., Awaitable[web.StreamResponse]]] = web.AppKey("error_page")
COUNT: web.AppKey[Callable[..., None]] = web.AppKey("count")  # (metric, *labels)

CHAT_COOKIE, FORM_COOKIE, SESSION_COOKIE = "farun_chat", "farun_form", "farun_session"
LARGEST_JSON, LARGEST_FORM = 64 * 1024, 384 * 1024  # bytes; a form writes one Chinese character as nine
BEAT = 15.0  # seconds between signs of life of an event stream
STORAGE_DOWN = "消息暂时存不进去，请保留文字，稍后会自动重发"


class Problem(Exception):
    """An answer that is an error: `message` and `hint` are Chinese sentences for people, `code` is for programs."""

    def __init__(
        self, status: int, code: str, message: str, hint: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.hint = status, code, message, hint
        self.headers = dict(headers or {})


def storage_down() -> Problem:
    """The database is away: nothing was stored, the caller keeps its text and tries again."""
    return Problem(503, "storage_down", STORAGE_DOWN, "用同一个 message_id 再发一次。", {"Retry-After": "3"})


def request_id(request: web.BaseRequest) -> str:
    """The id of this request, made on first use; it stands in the log, the header and every error."""
    if "request_id" not in request:
        request["request_id"] = secrets.token_hex(8)
    return str(request["request_id"])


def error_body(request: web.BaseRequest, problem: Problem) -> dict[str, str]:
    """The one error shape."""
    return {
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "request_id": request_id(request),
    }


# -- the database, never in the loop --------------------------------------------


async def write(request: web.Request, call: Callable[..., T], *args: Any) -> T:
    """`call(conn, *args)` in a transaction that is committed before this returns. Raises Problem storage_down."""
    result = await _beside(request.config_dict[WRITERS], request, transaction, call, args)
    request.config_dict[WAKE].announce()
    return result


async def read(request: web.Request, call: Callable[..., T], *args: Any) -> T:
    """`call(conn, *args)` on a reading connection. Raises Problem storage_down."""
    return await _beside(request.config_dict[READERS], request, reading, call, args)


async def _beside(
    pool: ThreadPoolExecutor,
    request: web.Request,
    begin: Callable[[Engine], AbstractContextManager[Connection]],
    call: Callable[..., T],
    args: tuple[Any, ...],
) -> T:
    engine, context = request.config_dict[ENGINE], contextvars.copy_context()

    def run() -> T:
        with begin(engine) as conn:
            return call(conn, *args)

    try:
        return await asyncio.get_running_loop().run_in_executor(pool, context.run, run)
    except StorageDown:
        raise storage_down() from None


async def knowledge(request: web.Request) -> Any:
    """The knowledge base of this process; waits while it is being loaded. Raises Problem when it cannot be."""
    try:
        return await asyncio.shield(request.config_dict[KNOWLEDGE])
    except Exception:
        raise Problem(503, "knowledge_unready", "知识库暂时读不出来，请稍后再试", "先打12348热线也可以。") from None


def loaded_knowledge(request: web.Request) -> Any:
    """The knowledge base if it is loaded by now, else None; for what can do without."""
    future = request.config_dict[KNOWLEDGE]
    return future.result() if future.done() and not future.cancelled() and future.exception() is None else None


# -- bodies ----------------------------------------------------------------------


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object; an empty body is an empty object. Raises Problem."""
    raw = await request.read()
    if not raw.strip():
        return {}
    try:
        data = await request.json()
    except (ValueError, RecursionError, LookupError):
        raise Problem(400, "bad_json", "请求不是有效的 JSON", "发送 UTF-8 编码的 JSON 对象。") from None
    if not isinstance(data, dict):
        raise Problem(422, "bad_request", "请求要是一个 JSON 对象", '例如 {"message_id": "…", "text": "…"}。')
    return data


async def form(request: web.Request) -> dict[str, str]:
    """The text fields of a form (the first of each name). Raises Problem."""
    wide = request.clone(client_max_size=LARGEST_FORM)
    try:
        data = await wide.post()
    except (ValueError, LookupError):
        raise Problem(400, "bad_form", "表单读不出来，请返回再试一次") from None
    return {name: value for name, value in reversed(list(data.items())) if isinstance(value, str)}


# -- cookies ---------------------------------------------------------------------


def set_cookie(request: web.Request, response: web.StreamResponse, name: str, value: str, days: int | None) -> None:
    """A cookie that no script reads and no other site sends with a form."""
    secure = request.config_dict[SETTINGS].public_url.startswith("https://")
    age = None if days is None else days * 86400
    response.set_cookie(name, value, httponly=True, samesite="Lax", secure=secure, path="/", max_age=age)


def chat_of(request: web.Request) -> tuple[str, str] | None:
    """Conversation id and token of the page's chat cookie, or None."""
    kept = request.cookies.get(CHAT_COOKIE, "").split(".")
    return (kept[0], kept[1]) if len(kept) == 2 and all(kept) else None


def remember_chat(request: web.Request, response: web.StreamResponse, conversation: str, token: str) -> None:
    """Let the page find its conversation again."""
    set_cookie(request, response, CHAT_COOKIE, f"{conversation}.{token}", days=180)


def form_token(request: web.Request) -> str:
    """The token that a form on a page for everybody must carry; its cookie is set with the page."""
    kept = request.cookies.get(FORM_COOKIE) or request.get("form_cookie")
    if not kept:
        kept = request["form_cookie"] = secrets.token_urlsafe(24)
    return keyed_hash("form", kept)


def check_form_token(request: web.Request, data: Mapping[str, str]) -> None:
    """Raises Problem 403 when a form was not made for this browser."""
    kept = request.cookies.get(FORM_COOKIE)
    if not kept or not hmac.compare_digest(keyed_hash("form", kept).encode(), data.get("csrf", "").encode()):
        raise Problem(403, "form_expired", "这个页面放得太久了，请返回、刷新后再试一次", "您填的内容还在上一页。")


def foreign(request: web.BaseRequest) -> bool:
    """True when a browser says that another site caused this request."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if origin is not None:
        return not _ours(request, origin)
    return site in ("cross-site", "same-site")


def from_own_page(request: web.BaseRequest) -> bool:
    """True when a browser says that one of our own pages caused this request."""
    if foreign(request):
        return False
    named = request.headers.get("Origin") or request.headers.get("Referer")
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or bool(named and _ours(request, named))


def _ours(request: web.BaseRequest, address: str) -> bool:
    try:
        place = urlsplit(address).netloc
    except ValueError:
        return False
    own = urlsplit(request.config_dict[SETTINGS].public_url).netloc if isinstance(request, web.Request) else ""
    return bool(place) and place in (request.host, own)


def as_json(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer whose Chinese can be read in any terminal."""
    text = json.dumps(data, ensure_ascii=False)
    return web.Response(text=text, status=status, headers=headers, content_type="application/json", charset="utf-8")


# -- event streams ---------------------------------------------------------------


async def open_stream(request: web.Request) -> web.StreamResponse:
    """A prepared server-sent-event stream that asks to be reopened after a second."""
    kind = "text/event-stream; charset=utf-8"
    response = web.StreamResponse(headers={"Content-Type": kind, "X-Accel-Buffering": "no"})
    await response.prepare(request)
    await response.write(b"retry: 1000\n\n")
    return response


def event(kind: str, data: Any, number: int | None = None) -> bytes:
    """One server-sent event."""
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def position(given: str | None) -> int:
    """A sequence number from outside; 0 when there is none. Raises Problem."""
    if given is None or given == "":
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", given):
        raise Problem(422, "bad_number", "after 要是消息的序号", "用上一条消息的 seq。")
    return int(given)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
