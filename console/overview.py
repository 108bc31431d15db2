"""Two simple pages that show something true: the release of the knowledge base, and the manager's counts."""

from __future__ import annotations

from aiohttp import web

from base.http import knowledge, read
from casework import board as counting
from casework.accounts import Session
from console.render import page
from console.staff import staff

KINDS = {"parameter": "数额", "article": "法条", "entry": "问答"}
STATES = {"to_confirm": "待顾问确认", "unknown": "还不知道", "memory": "凭记忆"}


@staff("knowledge")
async def knowledge_page(request: web.Request, held: Session) -> web.Response:
    """GET /knowledge."""
    from knowledge.release import unconfirmed

    kb = await knowledge(request)
    return page(request, "knowledge.html", kb=kb, open=unconfirmed(kb), kinds=KINDS, states=STATES)


@staff("board")
async def board(request: web.Request, held: Session) -> web.Response:
    """GET /board."""
    return page(request, "board.html", counts=await read(request, counting.counts))


def add_routes(app: web.Application) -> None:
    """The overview's routes."""
    app.add_routes([web.get("/knowledge", knowledge_page), web.get("/board", board)])
