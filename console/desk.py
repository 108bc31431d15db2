"""The advisers' desk: who waits, the case that was taken with its card, the talk in both directions, applications."""

from __future__ import annotations

import json
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.engine import Connection

from base.http import Problem, as_json, read, write
from casework import access, application, conversation, handoff, summary
from casework.accounts import Session
from casework.application import Draft
from casework.conversation import Entry
from casework.desk import Item
from casework.errors import NotFound, Refused
from casework.states import HELD, OUTCOMES, QUEUED
from console.people import see
from console.render import page
from console.staff import staff


@dataclass(frozen=True)
class Case:
    """What the page of a case shows."""

    item: Item
    card: summary.CaseCard
    entries: list[Entry]
    mine: bool


@staff("desk_read")
async def desk(request: web.Request, held: Session) -> web.Response:
    """GET /desk."""
    return await desk_page(request, held)


async def desk_page(request: web.Request, held: Session, status: int = 200, told: str = "") -> web.Response:
    """The lists; `told` says what did not work."""
    waiting, mine, applied = await read(request, _lists, held)
    return page(request, "desk.html", status, waiting=waiting, mine=mine, applied=applied, told=told)


def _lists(conn: Connection, held: Session) -> tuple[list[Item], list[Item], list[application.Applied]]:
    return handoff.waiting(conn), handoff.mine(conn, held.account), application.pending(conn)


@staff("desk_read")
async def waiting(request: web.Request, held: Session) -> web.Response:
    """GET /desk/waiting: the list alone, for desk.js to put in place."""
    return page(request, "waiting.html", waiting=await read(request, handoff.waiting))


@staff("desk")
async def claim(request: web.Request, held: Session) -> web.StreamResponse:
    """POST: take a waiting matter; whoever comes second is told who has it."""
    try:
        item = await write(request, handoff.claim, number(request), held.account)
    except NotFound:
        raise
    except Refused as refused:
        return await desk_page(request, held, 409, refused.message)
    return see(f"/desk/handoffs/{item.id}")


def number(request: web.Request) -> int:
    """The id in the address; the routes let only digits through."""
    return int(request.match_info["id"])


@staff("desk_read")
async def case(request: web.Request, held: Session) -> web.StreamResponse:
    """GET: the case, for its holder (and to read, for manager and administrator)."""
    return await case_page(request, held)


async def case_page(
    request: web.Request, held: Session, status: int = 200, told: str = "", text: str = ""
) -> web.StreamResponse:
    """The page of a case; a matter that still waits is taken on the desk first."""
    found = await write(request, open_case, held, number(request))
    if found is None:
        return see("/desk")
    return page(request, "case.html", status, case=found, outcomes=OUTCOMES, told=told, text=text)


def open_case(conn: Connection, held: Session, handoff_id: int) -> Case | None:
    """The case if this person may see it; None while it waits. Raises NotFound."""
    item = access.handoff_for(conn, held.account, handoff_id)
    if item.state in QUEUED and held.account.role not in ("manager", "admin"):
        return None
    talk = access.conversation_for_adviser(conn, held.account, item.conversation_id)
    entries = conversation.timeline(conn, talk.id)
    mine = item.adviser_id == held.account.id and item.state in HELD
    return Case(item, summary.case_card(talk, entries), entries, mine)


@staff("desk")
async def reply(request: web.Request, held: Session) -> web.StreamResponse:
    """POST: the adviser's words. A script gets JSON, a form gets the page; the text is never lost on a refusal."""
    text, script = request["data"].get("text", ""), request.content_type == "application/json"
    try:
        seq = await write(request, handoff.reply, number(request), held.account, text)
    except NotFound:
        raise
    except Refused as refused:
        if script:
            raise Problem(409, "refused", refused.message) from None
        return await case_page(request, held, 409, refused.message, text)
    return as_json({"seq": seq}) if script else see(f"/desk/handoffs/{number(request)}#newest")


@staff("desk")
async def give_back(request: web.Request, held: Session) -> web.StreamResponse:
    """POST: the bot goes on."""
    try:
        await write(request, handoff.give_back, number(request), held.account)
    except NotFound:
        raise
    except Refused as refused:
        return await case_page(request, held, 409, refused.message)
    return see("/desk")


@staff("desk")
async def close(request: web.Request, held: Session) -> web.StreamResponse:
    """POST: end the matter with an outcome."""
    try:
        await write(request, handoff.close, number(request), held.account, request["data"].get("outcome", ""))
    except NotFound:
        raise
    except Refused as refused:
        return await case_page(request, held, 409, refused.message)
    return see("/desk")


@dataclass(frozen=True)
class Application:
    """What the page of an application shows."""

    id: int
    number: str
    label: str
    lines: list[tuple[str, str]]
    means_test: str
    moves: list[tuple[str, str]]


@staff("desk_read")
async def applied(request: web.Request, held: Session) -> web.Response:
    """GET /desk/applications/{id}: every look is noted."""
    return await applied_page(request, held)


async def applied_page(
    request: web.Request, held: Session, status: int = 200, told: str = "", note: str = ""
) -> web.Response:
    """The page of an application, with the moves that are possible now."""
    found = await write(request, open_application, held, number(request))
    return page(request, "application.html", status, found=found, told=told, note=note, may=held.account.may("desk"))


MEANS = {"waived": "免予审查", "promise": "签诚信承诺", "check": "待工作人员确认"}


def open_application(conn: Connection, held: Session, application_id: int) -> Application:
    """An application's fields and next states. Raises NotFound."""
    row = access.application_for(conn, held.account, application_id)
    lines = application.review(Draft.from_dict(json.loads(row.fields)))
    states = application.STATES
    moves = [(state, states[state]) for state in states if state in application.TRANSITIONS[row.state]]
    return Application(row.id, row.number, states[row.state], lines, MEANS[row.means_test], moves)


@staff("desk")
async def move(request: web.Request, held: Session) -> web.StreamResponse:
    """POST: bring an application to its next state."""
    to, note = request["data"].get("to", ""), request["data"].get("note", "")
    try:
        await write(request, application.move, number(request), held.account, to, note)
    except NotFound:
        raise
    except Refused as refused:
        return await applied_page(request, held, 409, refused.message, note)
    return see(f"/desk/applications/{number(request)}")


def add_routes(app: web.Application) -> None:
    """The desk's routes."""
    one, paper = r"/desk/handoffs/{id:\d{1,9}}", r"/desk/applications/{id:\d{1,9}}"
    app.add_routes(
        [
            web.get("/desk", desk),
            web.get("/desk/waiting", waiting),
            web.get(one, case),
            web.post(one + "/claim", claim),
            web.post(one + "/reply", reply),
            web.post(one + "/return", give_back),
            web.post(one + "/close", close),
            web.get(paper, applied),
            web.post(paper + "/move", move),
        ]
    )
