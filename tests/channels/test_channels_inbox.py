"""The durable inbox on SQLite and on PostgreSQL: stored once, answered once, in order, whoever dies or takes over."""

import asyncio
import threading

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as tune
from hypothesis import strategies as st
from serving import Said

from base.database import make_engine, reading, transaction
from bot.memory import Memory
from casework import conversation
from casework.tables import message
from channels import inbox, outbox
from farun.worker import Dispatcher
from migrations import upgrade


class Echo:
    """A brain that counts its turns in its memory and repeats what it hears; it can be told to break."""

    def __init__(self):
        self.heard, self.breaks = [], set()

    async def turn(self, conversation_id, text, message_id=None, memory=None):
        self.heard.append(text)
        if text in self.breaks:
            raise RuntimeError("broken on purpose")
        count = (memory.slots.get("count", 0) if memory else 0) + 1
        kept = (memory or Memory()).followed_by("[]", f'{{"count":{count}}}')
        return Said([f"{count}:{text}"], kept, slots_json=kept.slots_json, summary={"count": count})


def send(engine, talk, message_id, text):
    with transaction(engine) as conn:
        return inbox.receive(conn, talk, message_id, text)


def answers(engine, talk):
    with reading(engine) as conn:
        return [e.text for e in outbox.said_after(conn, talk, 0)]


async def work(engine, brain, until, seconds=8.0, **more):
    """Run a dispatcher until `until()` holds."""
    stop = asyncio.Event()
    running = asyncio.ensure_future(Dispatcher(engine, brain, Memory.restored, **more).run(stop))
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not until() and loop.time() < end:
        await asyncio.sleep(0.02)
    stop.set()
    await running
    assert until(), "not done in time"


def test_the_same_message_twice_is_one_row_and_another_text_a_conflict(engine, talk):
    first = send(engine, talk, "m1", "老板欠薪")
    again = send(engine, talk, "m1", "老板欠薪")
    other = send(engine, talk, "m1", "别的话")
    assert (first.kind, again.kind, other.kind) == ("new", "repeat", "conflict")
    assert first.id == again.id and first.seq == again.seq
    with reading(engine) as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(message)).scalar() == 1
        assert conversation.load(conn, talk).waiting == 1


def test_twenty_threads_with_one_message_store_it_once(engine, talk):
    kinds = []
    threads = [
        threading.Thread(target=lambda: kinds.append(send(engine, talk, "same", "你好").kind)) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kinds) == ["new"] + ["repeat"] * 19
    with reading(engine) as conn:
        assert conversation.load(conn, talk).waiting == 1


def test_an_ended_conversation_takes_no_more(engine, talk):
    with transaction(engine) as conn:
        conversation.end(conn, talk)
    assert send(engine, talk, "m1", "在吗").kind == "ended"


async def test_six_messages_at_once_are_answered_in_order(engine, talk):
    for number in range(6):
        send(engine, talk, f"m{number}", f"话{number}")
    await work(engine, Echo(), lambda: len(answers(engine, talk)) == 6)
    assert answers(engine, talk) == [f"{n + 1}:话{n}" for n in range(6)]
    with reading(engine) as conn:
        row = conversation.load(conn, talk)
    assert row.waiting == 0 and row.waiting_since is None and row.lease_by is None and row.summary == '{"count": 6}'


async def test_a_new_worker_goes_on_from_the_stored_memory(engine, talk):
    send(engine, talk, "m1", "一")
    await work(engine, Echo(), lambda: len(answers(engine, talk)) == 1)
    send(engine, talk, "m2", "二")
    await work(engine, Echo(), lambda: len(answers(engine, talk)) == 2)
    assert answers(engine, talk) == ["1:一", "2:二"]


async def test_a_message_that_breaks_the_brain_is_given_up_kindly_and_the_next_is_answered(engine, talk, monkeypatch):
    monkeypatch.setattr(inbox, "MOST_ATTEMPTS", 3)
    brain = Echo()
    brain.breaks.add("坏")
    send(engine, talk, "m1", "坏")
    send(engine, talk, "m2", "好")
    await work(engine, brain, lambda: len(answers(engine, talk)) == 2)
    assert answers(engine, talk) == [inbox.GIVEN_UP, "1:好"]
    assert brain.heard.count("坏") == 3


async def test_while_an_adviser_holds_the_bot_is_silent_and_the_message_is_kept(engine, talk):
    with transaction(engine) as conn:
        assert conversation.set_holder(conn, talk, 0, "queue")
    sent = send(engine, talk, "m1", "N是多少")
    brain = Echo()

    def dealt_with():
        with reading(engine) as conn:
            return outbox.answer_to(conn, sent.id)[0]

    await work(engine, brain, dealt_with)
    assert brain.heard == [] and answers(engine, talk) == []
    with reading(engine) as conn:
        assert [e.text for e in conversation.timeline(conn, talk)] == ["N是多少"]


async def test_an_adviser_who_takes_over_during_the_turn_silences_it(engine, talk):
    class Slow(Echo):
        async def turn(self, *args, **more):
            with transaction(engine) as conn:
                conversation.set_holder(conn, talk, 0, "adviser")
            return await super().turn(*args, **more)

    sent = send(engine, talk, "m1", "怎么办")

    def dealt_with():
        with reading(engine) as conn:
            return outbox.answer_to(conn, sent.id)[0]

    await work(engine, Slow(), dealt_with)
    assert answers(engine, talk) == []
    with reading(engine) as conn:
        kept = conversation.timeline(conn, talk)[0].meta
    assert kept == {"suggestion": ["1:怎么办"]}


def test_a_lost_lease_writes_nothing(engine, talk):
    send(engine, talk, "m1", "一")
    with transaction(engine) as conn:
        mine = inbox.lease_next(conn, "me", seconds=-1)
    with transaction(engine) as conn:
        assert inbox.lease_next(conn, "other").conversation_id == talk
    with pytest.raises(inbox.LeaseLost), transaction(engine) as conn:
        inbox.finish(conn, mine, mine.messages[0], Said(["迟到"], Memory()))
    assert answers(engine, talk) == []


def test_a_finished_message_cannot_be_finished_again(engine, talk):
    send(engine, talk, "m1", "一")
    send(engine, talk, "m2", "二")
    with transaction(engine) as conn:
        lease = inbox.lease_next(conn, "me")
    with transaction(engine) as conn:
        assert inbox.finish(conn, lease, lease.messages[0], Said(["甲"], Memory()))
    with pytest.raises(inbox.LeaseLost), transaction(engine) as conn:
        inbox.finish(conn, lease, lease.messages[0], Said(["甲"], Memory()))
    assert answers(engine, talk) == ["甲"]


def test_leases_of_dead_processes_are_freed_and_those_of_living_ones_are_not(engine, talk):
    send(engine, talk, "m1", "一")
    with transaction(engine) as conn:
        inbox.lease_next(conn, "here:77:x", seconds=60)
    with transaction(engine) as conn:
        assert inbox.free_leases_of(conn, "here:", lambda pid: True) == 0
        assert inbox.free_leases_of(conn, "here:", lambda pid: False) == 1
        assert inbox.lease_next(conn, "here:78:y").conversation_id == talk


def test_two_workers_never_lease_one_conversation(engine, talk):
    with transaction(engine) as conn:
        talks = [talk, *(conversation.open_conversation(conn, "web")[0] for _ in range(7))]
    for one in talks:
        send(engine, one, "m", "话")
    leased, lock = [], threading.Lock()

    def lease_all(name):
        while True:
            with transaction(engine) as conn:
                lease = inbox.lease_next(conn, name, seconds=60)
            if lease is None:
                return
            with lock:
                leased.append(lease.conversation_id)

    threads = [threading.Thread(target=lease_all, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(leased) == sorted(talks)


@tune(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=40), st.integers())
def test_any_text_is_stored_and_found_again(settings, text, salt):
    engine = make_engine(settings.database_url)
    upgrade(engine)
    with transaction(engine) as conn:
        talk, _ = conversation.open_conversation(conn, "web")
        inbox.receive(conn, talk, f"m{salt}", text)
        kept = conversation.timeline(conn, talk)[0].text
    engine.dispose()
    assert kept == text.replace("\0", "").encode("utf-8", "replace").decode()
    assert "\0" not in kept


def test_text_is_not_readable_in_the_database_file(settings):
    engine = make_engine(settings.database_url)
    upgrade(engine)
    with transaction(engine) as conn:
        talk, _ = conversation.open_conversation(conn, "web")
    send(engine, talk, "m1", "身份证320506199001011234")
    engine.dispose()
    files = b"".join(p.read_bytes() for p in settings.data_dir.glob("farun.db*"))
    assert "身份证".encode() not in files and b"320506199001011234" not in files
