"""What every request passes: an id, the one error shape, headers that keep pages safe, a log line without content."""

from __future__ import annotations

import time
from contextlib import suppress

from aiohttp import web

from base.http import (
    COUNT,
    ERROR_PAGE,
    FORM_COOKIE,
    Handler,
    Problem,
    as_json,
    error_body,
    foreign,
    request_id,
    set_cookie,
)
from base.logs import get_log
from casework.errors import NotFound, Refused

log = get_log("web")
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
QUIET = ("/healthz", "/readyz", "/metrics")  # asked every few seconds by machines
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SAID = {
    400: ("bad_request", "这个请求读不懂"),
    403: ("forbidden", "这里不能这样操作"),
    404: ("not_found", "没有这个页面，请检查地址"),
    405: ("method_not_allowed", "这个地址不支持这种操作"),
    413: ("too_large", "太长了，请分几段发"),
    415: ("bad_type", "请求的格式不对"),
    417: ("bad_request", "这个请求读不懂"),
}
HINTS = {404: "接口的说明在 /openapi.json。", 405: "接口的说明在 /openapi.json。"}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Run the handler; whatever goes wrong becomes the one error shape, and never tells what went wrong inside."""
    began, number = time.monotonic(), request_id(request)
    try:
        if request.method == "POST" and request.content_type != "application/json" and foreign(request):
            raise Problem(403, "other_site", "这个请求不是从本网站的页面发出的", "请在本网站的页面上操作。")
        response = await handler(request)
    except Problem as problem:
        response = await failed(request, problem)
    except web.HTTPException as answer:
        response = answer if answer.status < 400 else await failed(request, of_status(answer))
    except NotFound as missing:
        response = await failed(request, Problem(404, "not_found", missing.message))
    except Refused as refused:
        response = await failed(request, Problem(409, "refused", refused.message))
    except (ConnectionError, TimeoutError):
        raise
    except Exception as error:
        name, place = type(error).__name__, _where(error)
        log.error("request_failed", request_id=number, route=route_of(request), error=name, kind=place)
        response = await failed(request, Problem(500, "internal", "系统出了点问题，请稍后再试", "文字请先保留。"))
    if "form_cookie" in request and not response.prepared:
        set_cookie(request, response, FORM_COOKIE, request["form_cookie"], days=None)
    _note(request, response.status, time.monotonic() - began, number)
    return response


def _where(error: BaseException) -> str:
    """File and line where an exception was raised; never its text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""


def of_status(answer: web.HTTPException) -> Problem:
    """The problem that stands for one of aiohttp's own refusals."""
    code, message = SAID.get(answer.status, ("error", "这个请求没有成功，请稍后再试"))
    kept = {name: answer.headers[name] for name in ("Allow",) if name in answer.headers}
    return Problem(answer.status, code, message, HINTS.get(answer.status, ""), kept)


async def failed(request: web.Request, problem: Problem) -> web.StreamResponse:
    """A page for people who look at pages, the JSON shape for everybody else."""
    wants_page = "text/html" in request.headers.get("Accept", "") and not request.path.startswith(("/api/", "/openapi"))
    if wants_page and ERROR_PAGE in request.config_dict:
        response = await request.config_dict[ERROR_PAGE](request, problem)
    else:
        response = as_json(error_body(request, problem), status=problem.status)
    response.headers.update(problem.headers)
    return response


def route_of(request: web.Request) -> str:
    """The pattern of the route; the path itself may hold a token or an id."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"


def _note(request: web.Request, status: int, seconds: float, number: str) -> None:
    route = route_of(request)
    method = request.method if request.method in METHODS else "OTHER"
    if COUNT in request.config_dict:
        request.config_dict[COUNT]("requests", method, route, status, seconds)
    if route not in QUIET:
        took = round(seconds, 4)
        with suppress(OSError, ValueError):  # a log that cannot be written is no reason to fail
            log.info("request", request_id=number, method=method, route=route, status=status, seconds=took)


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Headers of every answer; what is personal is kept by nobody on the way."""
    response.headers["X-Request-Id"] = request_id(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/static/") and response.status in (200, 304):
        lasting = "public, max-age=31536000, immutable" if "v" in request.query else "public, max-age=300"
        response.headers["Cache-Control"] = lasting
    else:
        response.headers["Cache-Control"] = "no-store"
    response.headers["Server"] = "farun"
