"""The dispatcher: leases waiting conversations, lets the brain answer (unless a person holds), and makes it durable.

Database calls are made directly in the loop: this process does nothing else, and a thread hop would cost more than they do.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection, Engine

from base.database import StorageDown, make_engine, reading, transaction
from base.logs import get_log
from base.settings import Settings
from casework import handoff
from channels import inbox
from channels.bell import Bell
from channels.inbox import Commands, Inbound, Lease, LeaseLost

if TYPE_CHECKING:
    from bot.agent import Brain
    from bot.memory import Memory

log = get_log("worker")
IDLE = 0.02  # seconds between looks when nothing waits and nobody rings
ALONE = 0.1  # the same where whoever stores a message is on this machine (SQLite) and rings
LONGEST_TURN = 30.0  # seconds; a turn that takes longer has failed
BEAT = 2.0  # seconds between renewals of the lease while the brain thinks
REMEMBERED = 2000  # conversations whose memory is kept in this process


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Memories:
    """The last conversations' memories with the number of their last turn; the oldest are forgotten first."""

    def __init__(self, most: int = REMEMBERED):
        self._kept: OrderedDict[str, tuple[int, Memory]] = OrderedDict()
        self._most = most

    def turn(self, conversation_id: str) -> int | None:
        """The number of the last turn remembered, or None."""
        found = self._kept.get(conversation_id)
        return None if found is None else found[0]

    def get(self, lease: Lease, restore: Callable[[list[tuple[str, str]]], Memory | None]) -> Memory | None:
        """The memory up to the lease's turn, from here or from its stored rows."""
        if self.turn(lease.conversation_id) == lease.turn:
            return self._kept[lease.conversation_id][1]
        return restore(lease.rows)

    def put(self, conversation_id: str, turn: int, memory: Memory) -> None:
        """Remember a conversation up to a turn."""
        self._kept[conversation_id] = (turn, memory)
        self._kept.move_to_end(conversation_id)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self, conversation_id: str) -> None:
        """Forget a conversation: what is stored decides."""
        self._kept.pop(conversation_id, None)


class Dispatcher:
    """One worker: leases, answers, finishes, until told to stop."""

    def __init__(
        self, engine: Engine, brain: Brain, restore: Any, commands: Commands | None = None, bell: Bell | None = None
    ):
        self.engine, self.brain, self.commands, self.restore, self.bell = engine, brain, commands, restore, bell
        self.host = f"{socket.gethostname()}:"[:20]
        self.id = f"{self.host}{os.getpid()}:{secrets.token_hex(4)}"[:40]
        self.memories = Memories()
        self.idle = ALONE if bell is not None and engine.dialect.name == "sqlite" else IDLE
        self.pause = self.idle
        self.next: Lease | None = None  # leased in the transaction that finished the conversation before
        self.stuck: Lease | None = None  # still ours in a database that went away

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop`; a database that is away is waited for."""
        await self._guard(self._free_dead)
        while not stop.is_set():
            lease, self.next = self.next or await self._guard(self._lease), None
            if lease is None:
                await self._rest(stop)
                continue
            for inbound in lease.messages:
                if stop.is_set() or not await self._serve(lease, inbound):
                    break
            else:
                continue
            if stop.is_set():
                await self._guard(partial(self._release, lease))
        for held in (self.next, self.stuck):
            if held is not None:
                await self._guard(partial(self._release, held))

    async def _rest(self, stop: asyncio.Event) -> None:
        if self.bell is not None and self.pause <= self.idle:
            await self.bell.wait(self.pause)
            return
        try:
            await asyncio.wait_for(stop.wait(), self.pause)
        except asyncio.TimeoutError:
            pass

    async def _guard(self, call: Callable[[], Any]) -> Any:
        """The result of a database call; None, and a growing pause, while the database is away."""
        try:
            result = call()
        except StorageDown as down:
            self.pause = min(max(self.pause * 2, 0.1), 2.0)
            log.warning("storage_down", error=str(down))
            return None
        self.pause = self.idle
        return result

    def _free_dead(self) -> None:
        with transaction(self.engine) as conn:
            inbox.free_leases_of(conn, self.host, _alive)

    def _lease(self) -> Lease | None:
        with reading(self.engine) as conn:  # a look that writes would keep others from writing, and cost more
            if self.stuck is None and not inbox.anything_waits(conn):
                return None
        with transaction(self.engine) as conn:
            if self.stuck is not None:
                inbox.release(conn, self.stuck)
            lease = inbox.lease_next(conn, self.id, known_turn=self.memories.turn)
        self.stuck = None
        return lease

    def _release(self, lease: Lease) -> None:
        with transaction(self.engine) as conn:
            inbox.release(conn, lease)

    async def _serve(self, lease: Lease, inbound: Inbound) -> bool:
        """Deal with one message; False when the lease must be let go."""
        try:
            if inbound.attempts >= inbox.MOST_ATTEMPTS:  # it killed whoever tried
                return await self._failed(lease, inbound)
            if lease.holder != "bot":
                self._leave_to_people(lease, inbound)
            else:
                await self._answer(lease, inbound)
        except LeaseLost:
            self.memories.forget(lease.conversation_id)
            log.warning("lease_lost", conversation=lease.conversation_id, message=inbound.id)
            return False
        except StorageDown as down:
            self.memories.forget(lease.conversation_id)
            self.stuck = lease
            log.warning("storage_down", error=str(down))
            await asyncio.sleep(0.2)
            return False
        except Exception as error:
            self.memories.forget(lease.conversation_id)
            log.error("turn_failed", conversation=lease.conversation_id, message=inbound.id, error=type(error).__name__)
            return await self._failed(lease, inbound)
        return True

    def _leave_to_people(self, lease: Lease, inbound: Inbound) -> None:
        with transaction(self.engine) as conn:
            inbox.finish(conn, lease, inbound, None)
            handoff.while_held(conn, lease.conversation_id, inbound.text)
            inbox.look_again(conn, lease)

    async def _answer(self, lease: Lease, inbound: Inbound) -> None:
        memory = self.memories.get(lease, self.restore)
        turn = await self._think(lease, inbound, memory)
        with transaction(self.engine) as conn:
            spoke = inbox.finish(conn, lease, inbound, turn, self.commands)
            further = self._further(conn, lease, inbound)
        self.next = further
        if self.bell is not None:
            self.bell.ring("web")
        if spoke:
            self.memories.put(lease.conversation_id, lease.turn, turn.memory)
        lease.rows = []

    async def _think(self, lease: Lease, inbound: Inbound, memory: Memory | None) -> Any:
        """The brain's turn; the lease is renewed while it thinks. Raises TimeoutError."""
        loop, beats = asyncio.get_running_loop(), []

        def beat() -> None:
            beats.append(loop.call_later(BEAT, beat))
            with suppress(StorageDown), transaction(self.engine) as conn:
                inbox.renew(conn, lease)

        beats.append(loop.call_later(BEAT, beat))
        try:
            turn = self.brain.turn(lease.conversation_id, inbound.text, str(inbound.id), memory)
            return await asyncio.wait_for(turn, LONGEST_TURN)
        finally:
            beats[-1].cancel()

    def _further(self, conn: Connection, lease: Lease, inbound: Inbound) -> Lease | None:
        """The next conversation, leased in the transaction that ends this one: a commit less for every message."""
        if inbound.id != lease.messages[-1].id:
            return None
        return inbox.lease_next(conn, self.id, known_turn=self.memories.turn)

    async def _failed(self, lease: Lease, inbound: Inbound) -> bool:
        try:
            with transaction(self.engine) as conn:
                dead = inbox.fail(conn, lease, inbound)
        except (StorageDown, LeaseLost):
            log.warning("failure_not_counted", message=inbound.id)
            return False
        if dead and self.bell is not None:
            self.bell.ring("web")
        return False


async def run(settings: Settings, brain: Brain, stop: asyncio.Event, commands: Commands | None = None) -> None:
    """Answer messages of `settings.database_url` with `brain` until `stop` is set."""
    engine = make_engine(settings.database_url)
    restore: Callable[[list[tuple[str, str]]], Memory | None] = getattr(brain, "restore", _restored)
    bell = Bell(settings.database_url, "worker")
    bell.listen()
    try:
        await Dispatcher(engine, brain, restore, commands or _commands(), bell).run(stop)
    finally:
        bell.close()
        engine.dispose()


def _restored(rows: list[tuple[str, str]]) -> Memory | None:
    from bot.memory import Memory

    return Memory.restored(rows)


def _commands() -> Commands:
    """The commands of a turn, run against casework with the release in use."""
    from actions.bridge import knowledge_base
    from casework.commands import execute

    def run_command(conn: Connection, conversation_id: str, command: Any) -> None:
        execute(conn, conversation_id, command, knowledge_base())

    return run_command
