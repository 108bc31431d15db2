"""Listeners are woken within moments of a commit, whichever connection made it, and nobody else is."""

import asyncio
import time

import pytest

from base.database import make_engine, transaction
from casework import conversation
from channels import inbox
from channels.wake import Wake


@pytest.fixture
async def wake(engine):
    made = Wake(engine)
    made.start()
    yield made
    await made.stop()


def store(engine, talk, number):
    with transaction(engine) as conn:
        inbox.receive(conn, talk, f"m{number}", "话")


async def listening(wake, talk, timeout=3.0, **more):
    waiting = asyncio.ensure_future(wake.wait_for(talk, timeout, **more))
    await asyncio.sleep(0.1)  # the first look is over
    return waiting


async def test_a_listener_is_woken_within_moments_of_a_commit(engine, talk, wake):
    took = []
    for number in range(10):
        waiting = await listening(wake, talk)
        assert not waiting.done() or number == 0 or waiting.result()
        if waiting.done():  # woken by what was stored before it listened: it looks and listens again
            waiting = await listening(wake, talk)
        await asyncio.to_thread(store, engine, talk, number)
        start = time.monotonic()
        assert await waiting
        took.append(time.monotonic() - start)
    assert sorted(took)[5] < 0.06, took


async def test_only_the_conversation_that_changed_is_woken(engine, talk, wake):
    with transaction(engine) as conn:
        other, _ = conversation.open_conversation(conn, "web")
    quiet, woken = await listening(wake, other, 0.5), await listening(wake, talk)
    await asyncio.to_thread(store, engine, talk, 1)
    assert await woken and not await quiet


async def test_who_waits_for_an_answer_sleeps_through_the_own_message(engine, talk, wake):
    waiting = await listening(wake, talk, said=True)
    await asyncio.to_thread(store, engine, talk, 1)
    await asyncio.sleep(0.15)
    assert not waiting.done()
    with transaction(engine) as conn:
        conversation.append(conn, talk, "bot", "回答")
    assert await waiting


async def test_a_commit_out_of_the_order_of_its_number_is_not_missed(engine, talk, wake):
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite commits one after the other")
    with transaction(engine) as conn:
        other, _ = conversation.open_conversation(conn, "web")
    late = make_engine(str(engine.url))
    waiting = await listening(wake, talk, said=True)
    with transaction(late) as conn:
        conversation.append(conn, talk, "bot", "先开始，后提交")
        with transaction(engine) as quick:
            conversation.append(quick, other, "bot", "后开始，先提交")
        await asyncio.sleep(0.2)
        assert not waiting.done()
    assert await waiting
    late.dispose()


async def test_nothing_stored_ends_in_false(talk, wake):
    start = time.monotonic()
    assert not await wake.wait_for(talk, 0.2)
    assert time.monotonic() - start < 2


async def test_an_outage_of_the_database_does_not_end_the_watch(engine, talk, monkeypatch):
    from base.database import StorageDown

    wake, look, down = Wake(engine), Wake._look, []

    def failing(self):
        if not down:
            down.append(1)
            raise StorageDown("away")
        return look(self)

    monkeypatch.setattr(Wake, "_look", failing)
    wake.start()
    waiting = await listening(wake, talk, 5.0)
    await asyncio.to_thread(store, engine, talk, 1)
    assert await waiting and down
    await wake.stop()


async def test_what_was_seen_without_a_gap_is_not_read_again(engine, talk, wake):
    for number in range(5):
        await asyncio.to_thread(store, engine, talk, number)
    waiting = await listening(wake, talk, 0.3)
    await waiting
    await listening(wake, talk, 0.3)
    assert wake._look() == []


async def test_a_number_that_never_comes_holds_nothing_up(engine, talk, monkeypatch):
    monkeypatch.setattr("channels.wake.GAP_SECONDS", 0.05)
    wake, rows = Wake(engine), [(1000, talk, "bot"), (1001, talk, "bot")]  # the numbers before were refused
    assert wake._fresh(rows) == rows
    assert wake._fresh(rows) == []
    assert wake._floor == 0
    await asyncio.sleep(0.1)
    assert wake._fresh([]) == []
    assert wake._floor == 1001 and not wake._seen
