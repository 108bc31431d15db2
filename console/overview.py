"""The release of the knowledge base with what the talks teach it, and the manager's counts."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Connection

from base.http import knowledge, read, write
from casework import board as counting
from casework import improvement
from casework.accounts import Session
from casework.errors import Refused
from console.people import see
from console.render import page
from console.staff import staff

GROUPS = 40  # groups of texts on one page
KINDS = {"parameter": "数额", "article": "法条", "entry": "问答"}
STATES = {"to_confirm": "待顾问确认", "unknown": "还不知道", "memory": "凭记忆"}


@staff("knowledge")
async def knowledge_page(request: web.Request, held: Session) -> web.Response:
    """GET /knowledge."""
    return await _knowledge(request, held)


async def _knowledge(request: web.Request, held: Session, status: int = 200, told: str = "") -> web.Response:
    from knowledge.release import unconfirmed

    kb = await knowledge(request)
    groups, waiting = await read(request, _unclear)
    topics = {name: topic["name"] for name, topic in kb.procedures["topics"]["topics"].items()}
    shown = {"kb": kb, "open": unconfirmed(kb), "kinds": KINDS, "states": STATES, "topics": topics, "told": told}
    return page(request, "knowledge.html", status, groups=groups[:GROUPS], waiting=waiting, **shown)


def _unclear(conn: Connection) -> tuple[list[list[improvement.Unclear]], list[improvement.Unclear]]:
    return improvement.groups(conn), improvement.labelled(conn)


@staff("knowledge")
async def unclear(request: web.Request, held: Session) -> web.StreamResponse:
    """POST: label a group of texts (do=label), put them away (dismiss), confirm or send back a label (agree, disagree)."""
    data = request["data"]
    ids = [int(part) for part in data.get("ids", "").split() if part.isdigit()]
    try:
        await write(request, _decide, held, data.get("do", ""), ids, data.get("topic", ""))
    except Refused as refused:
        return await _knowledge(request, held, 409, refused.message)
    return see("/knowledge#unclear")


def _decide(conn: Connection, held: Session, what: str, ids: list[int], topic: str) -> None:
    if not ids:
        raise Refused("没有选中要处理的话，请刷新后再试。")
    if what == "label":
        improvement.label(conn, held.account, ids, [topic])
    elif what == "dismiss":
        improvement.dismiss(conn, held.account, ids)
    elif what in ("agree", "disagree"):
        improvement.decide(conn, held.account, ids[0], what == "agree")
    else:
        raise Refused("没有这个操作。")


@staff("knowledge")
async def draft(request: web.Request, held: Session) -> web.Response:
    """GET: the beginning of an entry for a group of texts, to copy into the content."""
    wanted = {int(part) for part in request.query.get("ids", "").split() if part.isdigit()}
    groups, _ = await read(request, _unclear)
    chosen = [one for group in groups for one in group if one.id in wanted]
    topic = next((one.guess for one in chosen if one.guess), "other_labour")
    return web.Response(text=improvement.draft_entry(chosen, topic), content_type="text/plain", charset="utf-8")


@staff("knowledge")
async def training(request: web.Request, held: Session) -> web.Response:
    """GET: the labels that two people agreed on, as a file for data/nlu."""
    text = await read(request, improvement.training_file)
    name = {"Content-Disposition": "attachment; filename=from_talks.yml"}
    return web.Response(text=text, content_type="application/yaml", charset="utf-8", headers=name)


@staff("board")
async def board(request: web.Request, held: Session) -> web.Response:
    """GET /board."""
    return page(request, "board.html", counts=await read(request, counting.counts))


def add_routes(app: web.Application) -> None:
    """The overview's routes."""
    app.add_routes([web.get("/knowledge", knowledge_page), web.get("/board", board)])
    app.add_routes([web.post("/knowledge/unclear", unclear), web.get("/knowledge/unclear/draft", draft)])
    app.add_routes([web.get("/knowledge/training", training)])
