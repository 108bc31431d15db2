"""Wakes the pages' listeners within a few hundredths of a second of a commit, whichever process made it.

One poller a process looks at the newest message ids; it rests while nobody listens. A look is one read by primary key.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from base.database import StorageDown, reading
from casework.tables import message as _messages
from channels.bell import Bell

POLL = 0.02  # seconds between looks when nobody rings
OVERLAP = 64  # ids looked at again: transactions may commit out of the order of their ids

_NEWEST = sa.select(_messages.c.id, _messages.c.conversation_id).order_by(_messages.c.id.desc()).limit(OVERLAP)


class Wake:
    """`async with`-less: `start()` in the application's start-up, `stop()` in its clean-up."""

    def __init__(self, engine: Engine, bell: Bell | None = None):
        self._engine, self._bell = engine, bell
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._wanted = asyncio.Event()
        self._seen: set[int] = set()
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

    async def wait_for(self, conversation_id: str, timeout: float) -> bool:
        """True when something was stored in the conversation within `timeout` seconds (or somebody poked)."""
        event = asyncio.Event()
        self._listeners[conversation_id].add(event)
        self._wanted.set()
        try:
            await asyncio.wait_for(event.wait(), timeout)
        except asyncio.TimeoutError:
            return False
        finally:
            self._listeners[conversation_id].discard(event)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]
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
            ids = {row[0] for row in rows}
            for conversation_id in {row[1] for row in rows if row[0] not in self._seen}:
                self.poke(conversation_id)
            self._seen = ids
            await (self._bell.wait(POLL) if self._bell is not None else asyncio.sleep(POLL))

    def _look(self) -> list[tuple[int, str]]:
        with reading(self._engine) as conn:
            return [(row[0], row[1]) for row in conn.execute(_NEWEST)]
