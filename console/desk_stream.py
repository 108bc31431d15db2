"""What the desk hears at once: a new waiting matter, and the words of the case on the screen."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from base.http import BEAT, CLOSING, SESSION_COOKIE, WAKE, Problem, Waker, event, open_stream, position, read
from casework import accounts, conversation, desk
from casework.accounts import Session
from casework.conversation import Entry
from casework.states import HELD
from console.render import speaker, when
from console.staff import staff

LOOK = 1.0  # seconds between looks at the list of who waits


class Waiting:
    """Who waits, looked up at most once a second for all open desks of this process."""

    def __init__(self) -> None:
        self.known: tuple[Any, ...] | None = None
        self.at = 0.0

    async def look(self, request: web.Request) -> None:
        """Look again unless somebody just did; a database that is away changes nothing."""
        if time.monotonic() - self.at < LOOK * 0.9:
            return
        self.at = time.monotonic()
        try:
            self.known = await read(request, _signature)
        except Problem:
            pass


WAITING = web.AppKey("waiting", Waiting)


def _signature(conn: Connection) -> tuple[Any, ...]:
    return tuple((item.id, item.urgent, item.overdue, item.gist) for item in desk.waiting(conn))


@staff("desk_read")
async def arrivals(request: web.Request, held: Session) -> web.StreamResponse:
    """GET /desk/events: `waiting` with the number of matters, at once and at every change."""
    hub, closing, token = request.config_dict[WAITING], request.config_dict[CLOSING], request.cookies[SESSION_COOKIE]
    stream, said, quiet = await open_stream(request), object(), 0.0
    try:
        while not closing.is_set():
            await hub.look(request)
            if hub.known is not None and hub.known != said:
                said, quiet = hub.known, 0.0
                urgent = sum(1 for row in said if row[1])
                await stream.write(event("waiting", {"count": len(said), "urgent": urgent}))
            elif quiet >= BEAT:
                quiet = 0.0
                if not await _signed_in(request, token):
                    break
                await stream.write(b": beat\n\n")
            quiet += LOOK
            await _rest(closing, LOOK)
    except (ConnectionError, Problem):
        pass
    return stream


async def _rest(closing: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(closing.wait(), seconds)
    except asyncio.TimeoutError:
        pass


async def _signed_in(request: web.Request, token: str) -> bool:
    return await read(request, lambda conn: accounts.session_of(conn, token, prolong=False)) is not None


@staff("desk")
async def words(request: web.Request, held: Session) -> web.StreamResponse:
    """GET /desk/handoffs/{id}/events: the messages of a case that this person holds, and its end."""
    handoff_id = int(request.match_info["id"])
    after = position(request.headers.get("Last-Event-ID") or request.query.get("after"))
    conversation_id, _, _ = await read(request, _case, held, handoff_id, 10**9)
    wake, closing = request.config_dict[WAKE], request.config_dict[CLOSING]
    stream = await open_stream(request)
    try:
        await _flow(request, stream, held, handoff_id, conversation_id, after, wake, closing)
    except (ConnectionError, Problem):
        pass
    return stream


async def _flow(
    request: web.Request,
    stream: web.StreamResponse,
    held: Session,
    handoff_id: int,
    conversation_id: str,
    after: int,
    wake: Waker,
    closing: asyncio.Event,
) -> None:
    token = request.cookies[SESSION_COOKIE]
    while not closing.is_set():
        nudge = asyncio.ensure_future(wake.wait_for(conversation_id, BEAT))
        try:
            await asyncio.sleep(0)
            _, entries, state = await read(request, _case, held, handoff_id, after)
            for entry in entries:
                after = entry.seq
                await stream.write(event("message", line(entry), after))
            if state not in HELD:
                await stream.write(event("over", {"state": state}))
                return
            if not entries:
                if not await _signed_in(request, token):
                    return
                await stream.write(b": beat\n\n")
            await nudge
        finally:
            nudge.cancel()


def _case(conn: Connection, held: Session, handoff_id: int, after: int) -> tuple[str, list[Entry], str]:
    item = desk.item(conn, handoff_id)
    if item.adviser_id != held.account.id:
        raise Problem(404, "not_found", "没有找到，或者您没有权限查看。")
    return item.conversation_id, conversation.timeline(conn, item.conversation_id, after), item.state


def line(entry: Entry) -> dict[str, Any]:
    """A message as the desk shows it."""
    who = "来访人" if entry.author == "worker" else speaker(entry.author, entry.author_name)
    return {"seq": entry.seq, "author": entry.author, "who": who, "text": entry.text, "when": when(entry.at)}


def add_routes(app: web.Application) -> None:
    """The streams' routes."""
    app[WAITING] = Waiting()
    app.add_routes(
        [
            web.get("/desk/events", arrivals, allow_head=False),
            web.get(r"/desk/handoffs/{id:\d{1,9}}/events", words, allow_head=False),
        ]
    )
