"""How a page is made: one template environment, static files by their content, times in words."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from base import clock
from base.http import Problem, form_token, request_id

HERE = Path(__file__).parent
STATIC = HERE / "static"
SPEAKERS = {"worker": "我", "bot": "法润机器人", "system": "系统"}


@lru_cache(maxsize=64)
def static(name: str) -> str:
    """The address of a static file, with a mark of its content so that it may be kept for ever."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={mark}"


def when(moment: datetime) -> str:
    """14:05 for today, 昨天 14:05, 11月3日 14:05, 2025年11月3日 14:05 (Asia/Shanghai)."""
    local, today = clock.to_local(moment), clock.today()
    hour = f"{local:%H:%M}"
    if local.date() == today:
        return hour
    if local.date() == today - timedelta(days=1):
        return f"昨天 {hour}"
    year = f"{local.year}年" if local.year != today.year else ""
    return f"{year}{local.month}月{local.day}日 {hour}"


def ago(moment: datetime) -> str:
    """刚刚, 12分钟, 3小时5分钟, 2天: how long since then."""
    minutes = max(0, int((clock.now() - moment).total_seconds() // 60))
    if minutes < 1:
        return "不到1分钟"
    if minutes < 60:
        return f"{minutes}分钟"
    if minutes < 1440:
        return f"{minutes // 60}小时" + (f"{minutes % 60}分钟" if minutes % 60 else "")
    return f"{minutes // 1440}天"


def speaker(author: str, name: str | None) -> str:
    """Who speaks, as the worker reads it."""
    return f"{name or '顾问'}·法律顾问" if author == "adviser" else SPEAKERS[author]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates; everything that is filled in is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(when=when, ago=ago, iso=lambda m: m.isoformat(timespec="seconds"))
    made.globals.update(static=static, speaker=speaker)
    return made


def page(request: web.Request, template: str, status: int = 200, **given: Any) -> web.Response:
    """A page from its template; `csrf` is the form's token, `me` the signed-in person or None."""
    held = request.get("session")
    values = {"me": held.account if held else None, "csrf": held.csrf if held else form_token(request)}
    text = environment().get_template(template).render({**values, **given})
    return web.Response(text=text, content_type="text/html", charset="utf-8", status=status)


async def error_page(request: web.Request, problem: Problem) -> web.Response:
    """What a person sees when something did not work."""
    await asyncio.sleep(0)
    return page(request, "error.html", problem.status, problem=problem, request_id=request_id(request))
