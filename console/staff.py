"""Who of the staff is asking: sessions by cookie, rights by role, a token in every form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import quote

from aiohttp import web
from sqlalchemy.engine import Connection

from base.http import SESSION_COOKIE, Handler, Problem, form, json_object, read, write
from casework import accounts
from casework.accounts import Session

StaffHandler = Callable[[web.Request, Session], Awaitable[web.StreamResponse]]


async def session(request: web.Request) -> Session | None:
    """The signed-in person's session, prolonged from time to time; None when there is none."""
    token = request.cookies.get(SESSION_COOKIE, "")
    if not token or len(token) > 100:
        return None
    held = await read(request, _look, token)
    if held is not None and held.stale:
        held = await write(request, accounts.session_of, token)
    return held


def _look(conn: Connection, token: str) -> Session | None:
    return accounts.session_of(conn, token, prolong=False)


def staff(right: str) -> Callable[[StaffHandler], Handler]:
    """Only for signed-in people whose role has `right`; a POST must carry the session's token."""

    def guarded(handler: StaffHandler) -> Handler:
        @wraps(handler)
        async def run(request: web.Request) -> web.StreamResponse:
            held = await session(request)
            if held is None:
                return _to_login(request)
            request["session"] = held
            if not held.account.may(right):
                raise Problem(403, "no_right", "这个账号没有这个权限", "需要的话请找管理员。")
            if request.method not in ("GET", "HEAD"):
                await _check_token(request, held)
            return await handler(request, held)

        run.right = right  # type: ignore[attr-defined]  # a test walks the router and asks every route
        return run

    return guarded


def _to_login(request: web.Request) -> web.Response:
    wants = request.headers.get("Accept", "")
    if request.method != "GET" or "application/json" in wants or "text/event-stream" in wants:
        raise Problem(401, "signed_out", "请先登录；登录过期的话，重新登录后再操作", "写好的文字请先复制保留。")
    return web.Response(status=303, headers={"Location": f"/login?next={quote(request.path)}"})


async def _check_token(request: web.Request, held: Session) -> None:
    """A header for scripts, a field for forms; the parsed body is kept in the request for the handler."""
    if request.content_type == "application/json":
        request["data"] = {k: v for k, v in (await json_object(request)).items() if isinstance(v, str)}
        given = request.headers.get("X-CSRF-Token")
    else:
        request["data"] = await form(request)
        given = request.headers.get("X-CSRF-Token") or request["data"].get("csrf")
    if not accounts.csrf_fits(held, given):
        raise Problem(403, "form_expired", "这个页面放得太久了，请刷新后再试一次", "写好的文字请先复制保留。")
