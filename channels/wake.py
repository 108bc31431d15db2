"""Wakes the pages' listeners within a few hundredths of a second of a commit, whichever process made it.

One poller a process looks at the newest message ids; it rests while nobody listens. A look is one read by primary key.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from base.database import StorageDown, reading
from casework.tables import message as _messages
from channels.bell import Bell

POLL = 0.02  # seconds between looks when nobody rings
SAID = "/said"  # a listener that the worker's own messages do not wake
OVERLAP = 64  # ids looked at again: transactions may commit out of the order of their ids
GAP_SECONDS = 5.0  # how long a number that is missing may still be committed; numbers of refused rows stay missing

_NEWEST = (
    sa.select(_messages.c.id, _messages.c.conversation_id, _messages.c.author)
    .where(_messages.c.id > sa.bindparam("floor"))
    .order_by(_messages.c.id.desc())
    .limit(OVERLAP)
)


class Wake:
    """`async with`-less: `start()` in the application's start-up, `stop()` in its clean-up."""

    def __init__(self, engine: Engine, bell: Bell | None = None):
        self._engine, self._bell = engine, bell
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._wanted = asyncio.Event()
        self._floor = 0  # every number up to this one has been seen, or was given up
        self._seen: set[int] = set()  # numbers above it that have been seen
        self._gap_until: float | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._task = asyncio.ensure_future(self._watch())

    async def stop(self) -> None:
        """End the watch and wake everybody a last time."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        for conversation_id in list(self._listeners):
            self.poke(conversation_id)

    async def wait_for(self, conversation_id: str, timeout: float, said: bool = False) -> bool:
        """True when something was stored in the conversation within `timeout` seconds (or somebody poked).

        `said`: something that was said to the worker; the worker's own messages do not count.
        """
        event = asyncio.Event()
        key = conversation_id + SAID if said else conversation_id
        self._listeners[key].add(event)
        self._wanted.set()
        try:
            await asyncio.wait_for(event.wait(), timeout)
        except asyncio.TimeoutError:
            return False
        finally:
            self._listeners[key].discard(event)
            if not self._listeners[key]:
                del self._listeners[key]
        return True

    def announce(self) -> None:
        """Tell the workers of this machine that something was stored."""
        if self._bell is not None:
            self._bell.ring("worker")

    def poke(self, conversation_id: str) -> None:
        """Wake the listeners of a conversation of this process."""
        for event in self._listeners.get(conversation_id, ()):
            event.set()

    async def _watch(self) -> None:
        while True:
            if not self._listeners:
                self._wanted.clear()
                await self._wanted.wait()
            try:
                rows = await asyncio.to_thread(self._look)
            except StorageDown:
                await asyncio.sleep(0.5)
                continue
            fresh = self._fresh(rows)
            said = {conversation_id + SAID for _, conversation_id, author in fresh if author != "worker"}
            for key in said | {row[1] for row in fresh}:
                self.poke(key)
            await (self._bell.wait(POLL) if self._bell is not None else asyncio.sleep(POLL))

    def _fresh(self, rows: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
        """The rows not seen before; what is seen without a gap is not asked for again."""
        fresh = [row for row in rows if row[0] not in self._seen]
        self._seen.update(row[0] for row in fresh)
        if len(rows) == OVERLAP:
            self._raise_floor(min(row[0] for row in rows) - 1)
        self._raise_floor(self._floor)
        if not self._seen:
            self._gap_until = None
        elif self._gap_until is None:
            self._gap_until = time.monotonic() + GAP_SECONDS
        elif time.monotonic() > self._gap_until:
            self._raise_floor(min(self._seen) - 1)
            self._gap_until = None
        return fresh

    def _raise_floor(self, floor: int) -> None:
        self._floor = max(self._floor, floor)
        self._seen = {number for number in self._seen if number > self._floor}
        while self._floor + 1 in self._seen:
            self._floor += 1
            self._seen.discard(self._floor)

    def _look(self) -> list[tuple[int, str, str]]:
        with reading(self._engine) as conn:
            return [(row[0], row[1], row[2]) for row in conn.execute(_NEWEST, {"floor": self._floor})]
