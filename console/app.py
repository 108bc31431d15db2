"""All pages of farun, for the front door to put into its application."""

from __future__ import annotations

from aiohttp import web

from base.http import CHAT_PAGE, ERROR_PAGE
from console import apply, chat, desk, desk_stream, overview, people, render


def add_routes(app: web.Application) -> None:
    """Every page and every static file."""
    app[CHAT_PAGE], app[ERROR_PAGE] = chat.chat_page, render.error_page
    app.add_routes([web.get("/", chat.chat), web.get("/kiosk", chat.kiosk)])
    apply.add_routes(app)
    people.add_routes(app)
    desk.add_routes(app)
    desk_stream.add_routes(app)
    overview.add_routes(app)
    app.router.add_static("/static", render.STATIC, show_index=False, follow_symlinks=False)
