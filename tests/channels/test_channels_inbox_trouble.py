"""The dispatcher in trouble: messages that kill, turns that hang, databases that go away; and how fast a burst is."""

import asyncio
import time
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from serving import Said

from base.database import StorageDown, reading, transaction
from bot.memory import Memory
from casework import conversation
from casework.tables import message, tracker_turn
from channels import inbox, outbox
from farun import worker
from farun.worker import Dispatcher


class Echo:
    """A brain that repeats what it hears, after what `first` does."""

    def __init__(self, first=None):
        self.heard, self._first = [], first

    async def turn(self, conversation_id, text, message_id=None, memory=None):
        self.heard.append(text)
        if self._first is not None:
            await self._first(text)
        return Said([f"回答{text}"], (memory or Memory()).followed_by("[]", "{}"))


def send(engine, talk, number, text):
    with transaction(engine) as conn:
        return inbox.receive(conn, talk, f"m{number}", text)


def answers(engine, talk):
    with reading(engine) as conn:
        return [entry.text for entry in outbox.said_after(conn, talk, 0)]


@contextmanager
def at_work(engine, brain):
    """A dispatcher that runs in the test's loop until the end of the block."""
    stop = asyncio.Event()
    dispatcher = Dispatcher(engine, brain, Memory.restored)
    dispatcher.task = asyncio.ensure_future(dispatcher.run(stop))
    try:
        yield dispatcher
    finally:
        stop.set()


async def until(condition, seconds=8.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not in time"
        await asyncio.sleep(0.01)


def die_holding(engine, number):
    """What a worker leaves behind that is killed while it holds the next conversation."""
    with transaction(engine) as conn:
        assert inbox.lease_next(conn, f"here:{number}:dead", seconds=60)
    with transaction(engine) as conn:
        assert inbox.free_leases_of(conn, "here:", lambda pid: False) == 1


async def test_a_message_that_kills_its_worker_is_given_up_and_the_next_is_answered(engine, talk):
    send(engine, talk, 1, "要命")
    send(engine, talk, 2, "您好")
    for number in range(inbox.MOST_ATTEMPTS + 1):
        die_holding(engine, number)
    brain = Echo()
    with at_work(engine, brain) as dispatcher:
        await until(lambda: len(answers(engine, talk)) == 2)
    await dispatcher.task
    assert answers(engine, talk) == [inbox.GIVEN_UP, "回答您好"] and brain.heard == ["您好"]


async def test_a_worker_killed_now_and_then_is_no_reason_to_give_up(engine, talk):
    for number in range(2 * inbox.MOST_ATTEMPTS):
        send(engine, talk, number, f"话{number}")
        die_holding(engine, number)
        with at_work(engine, Echo()) as dispatcher:
            await until(lambda n=number: len(answers(engine, talk)) == n + 1)
        await dispatcher.task
    assert answers(engine, talk) == [f"回答话{n}" for n in range(2 * inbox.MOST_ATTEMPTS)]


async def test_a_slow_turn_keeps_its_conversation(engine, talk, monkeypatch):
    monkeypatch.setattr(inbox, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(inbox.lease_next, "__defaults__", (0.5, lambda _id: None))
    monkeypatch.setattr(inbox.renew, "__defaults__", (0.5,))
    monkeypatch.setattr(worker, "BEAT", 0.1)

    async def slowly(_text):
        await asyncio.sleep(1.5)

    send(engine, talk, 1, "慢")
    first, second = Echo(slowly), Echo()
    with at_work(engine, first) as one:
        await until(lambda: first.heard)
        with at_work(engine, second) as other:
            await until(lambda: answers(engine, talk))
    await asyncio.gather(one.task, other.task)
    assert answers(engine, talk) == ["回答慢"] and second.heard == []


async def test_a_turn_that_never_ends_is_a_failed_one(engine, talk, monkeypatch):
    monkeypatch.setattr(worker, "LONGEST_TURN", 0.1)
    monkeypatch.setattr(inbox, "MOST_ATTEMPTS", 2)

    async def hang(text):
        if text == "卡住":
            await asyncio.Event().wait()

    send(engine, talk, 1, "卡住")
    send(engine, talk, 2, "您好")
    with at_work(engine, Echo(hang)) as dispatcher:
        await until(lambda: len(answers(engine, talk)) == 2)
    await dispatcher.task
    assert answers(engine, talk) == [inbox.GIVEN_UP, "回答您好"]


async def test_a_database_that_goes_away_in_the_turn_only_delays_it(engine, talk, monkeypatch):
    finish, down = inbox.finish, []

    def failing(*args):
        if len(down) < 3:
            down.append(1)
            raise StorageDown("away")
        return finish(*args)

    monkeypatch.setattr(inbox, "finish", failing)
    send(engine, talk, 1, "您好")
    start = time.monotonic()
    with at_work(engine, Echo()) as dispatcher:
        await until(lambda: answers(engine, talk))
    await dispatcher.task
    assert len(down) == 3 and answers(engine, talk) == ["回答您好"]
    assert time.monotonic() - start < inbox.LEASE_SECONDS  # it did not wait for its own lease to run out


async def test_a_crash_between_the_reply_and_the_commit_says_nothing_twice(engine, talk):
    send(engine, talk, 1, "您好")
    with pytest.raises(KeyboardInterrupt), transaction(engine) as conn:
        lease = inbox.lease_next(conn, "me")
        inbox.finish(conn, lease, lease.messages[0], Said(["回答您好"], Memory()))
        raise KeyboardInterrupt
    assert answers(engine, talk) == []
    with at_work(engine, Echo()) as dispatcher:
        await until(lambda: answers(engine, talk))
        await asyncio.sleep(0.1)
    await dispatcher.task
    assert answers(engine, talk) == ["回答您好"]
    with reading(engine) as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(tracker_turn)).scalar() == 1


async def test_commands_share_the_turns_transaction(engine, talk):
    class Asking(Echo):
        async def turn(self, *args, **more):
            said = await super().turn(*args, **more)
            said.commands = [{"command": "request_handoff"}]
            return said

    calls = []

    def command(conn, conversation_id, command):
        conversation.append(conn, conversation_id, "system", "已转人工")
        conversation.set_holder(conn, conversation_id, 0, "queue")
        calls.append(command)
        if len(calls) == 1:
            raise RuntimeError("broken on purpose")

    send(engine, talk, 1, "转人工")
    send(engine, talk, 2, "在吗")
    brain = Asking()
    dispatcher, stop = Dispatcher(engine, brain, Memory.restored, command), asyncio.Event()
    task = asyncio.ensure_future(dispatcher.run(stop))

    def waiting():
        with reading(engine) as conn:
            return conversation.load(conn, talk).waiting

    await until(lambda: not waiting())
    stop.set()
    await task
    assert calls == [{"command": "request_handoff"}] * 2
    assert answers(engine, talk)[:2] == ["回答转人工", "已转人工"]
    assert brain.heard == ["转人工", "转人工"]  # after the hand-off the bot is not asked


async def test_stopping_finishes_the_turn_under_way_and_lets_go(engine, talk):
    async def slowly(_text):
        await asyncio.sleep(0.3)

    brain = Echo(slowly)
    for number in range(3):
        send(engine, talk, number, f"话{number}")
    with at_work(engine, brain) as dispatcher:
        await until(lambda: brain.heard)
    await asyncio.wait_for(dispatcher.task, 2)
    assert answers(engine, talk) == ["回答话0"]
    with transaction(engine) as conn:
        lease = inbox.lease_next(conn, "next")
    assert [one.text for one in lease.messages] == ["话1", "话2"]


async def test_six_messages_at_once_are_answered_within_half_a_second(engine, talk):
    with at_work(engine, Echo()) as dispatcher:
        await asyncio.sleep(0.1)
        took = []
        for burst in range(3):
            start = time.monotonic()
            for number in range(6):
                send(engine, talk, 6 * burst + number, f"话{number}")
            await until(lambda n=burst: len(answers(engine, talk)) == 6 * (n + 1))
            took.append(time.monotonic() - start)
    await dispatcher.task
    assert min(took) < 0.5, took
    assert answers(engine, talk) == [f"回答话{n}" for n in range(6)] * 3


def test_many_people_at_once_get_numbers_without_gaps_or_doubles(engine, talk):
    import threading

    def person(name):
        for number in range(10):
            send(engine, talk, f"{name}-{number}", "话")

    threads = [threading.Thread(target=person, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as conn:
        numbers = conn.execute(sa.select(message.c.seq).order_by(message.c.seq)).scalars().all()
        assert numbers == list(range(1, 51))
        assert conversation.load(conn, talk).waiting == 50
