"""Twenty SIGKILLs of web and worker under load: nothing acknowledged is lost, nothing answered twice, order is kept.

Real processes on a real database; the recorder writes down what was acknowledged, the checker compares it with the
database afterwards. The moments of the kills come from a fixed seed.
"""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from base.database import make_engine, reading
from casework.tables import conversation, message, tracker_turn
from migrations import upgrade

HERE = Path(__file__).resolve().parent
SEED, KILLS, TALKS, WORKERS = 20261124, 20, 8, 2


# -- the checker ------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """What the checker needs of a message."""

    id: int
    talk: str
    seq: int
    author: str
    text: str
    message_id: str | None = None
    status: str = "ready"
    reply_to: int | None = None


def faults(acked: dict[str, list[str]], rows: list[Row]) -> list[str]:
    """Everything that is wrong with `rows`, given the message ids acknowledged in each talk, in their order."""
    found, talks = [], defaultdict(list)
    for row in sorted(rows, key=lambda r: (r.talk, r.seq)):
        talks[row.talk].append(row)
    for talk in acked.keys() | talks.keys():
        heard = [row for row in talks[talk] if row.author == "worker"]
        said = [row for row in talks[talk] if row.author != "worker"]
        found += _lost(acked.get(talk, []), heard)
        found += _answered(heard, said)
    return found


def _lost(acked: list[str], heard: list[Row]) -> list[str]:
    stored = [row.message_id for row in heard]
    lost = [f"{one}: acknowledged, but not stored" for one in acked if one not in stored]
    twice = [f"{one}: stored twice" for one in set(stored) if stored.count(one) > 1]
    order = [one for one in stored if one in acked]
    return lost + twice + ([] if order == acked or lost else ["stored in another order than acknowledged"])


def _answered(heard: list[Row], said: list[Row]) -> list[str]:
    found = [f"{row.message_id}: left {row.status}" for row in heard if row.status != "done"]
    expected = [(row.id, reply) for n, row in enumerate(heard, 1) for reply in (f"{n}:{row.text}", f"{n}+{row.text}")]
    told = [(row.reply_to, row.text) for row in said]
    found += [f"answered {told.count(one)} times: {one[1]}" for one in set(told) if told.count(one) > 1]
    found += [f"not answered: {one[1]}" for one in expected if one not in told]
    found += [f"said unasked: {one[1]}" for one in told if one not in expected]
    return found or ([] if told == expected else ["answered out of order"])


def _rows(*lines):
    return [Row(n, "t", n, *line) for n, line in enumerate(lines, 1)]


GOOD = _rows(
    ("worker", "甲", "a", "done"),
    ("bot", "1:甲", None, "ready", 1),
    ("bot", "1+甲", None, "ready", 1),
    ("worker", "乙", "b", "done"),
    ("bot", "2:乙", None, "ready", 4),
    ("bot", "2+乙", None, "ready", 4),
)


def test_the_checker_is_content_with_a_good_history():
    assert faults({"t": ["a", "b"]}, GOOD) == []


@pytest.mark.parametrize(
    ("acked", "rows", "fault"),
    [
        (["a", "b", "c"], GOOD, "not stored"),
        (["b", "a"], GOOD, "another order"),
        (["a", "b"], GOOD[:5], "not answered: 2+乙"),
        (["a", "b"], [*GOOD, Row(7, "t", 7, "bot", "1:甲", None, "ready", 1)], "answered 2 times"),
        (["a", "b"], [*GOOD, Row(7, "t", 7, "bot", "3:甲", None, "ready", 1)], "said unasked"),
        (["a", "b"], [*GOOD[:4], Row(5, "t", 6, *("bot", "2:乙", None, "ready", 4)),
                      Row(6, "t", 5, *("bot", "2+乙", None, "ready", 4))], "out of order"),
        (["a", "b"], [*GOOD, Row(7, "t", 7, "worker", "丙", "c", "new")], "left new"),
        (["a", "b"], [*GOOD, Row(7, "t", 7, "worker", "乙", "b", "done")], "stored twice"),
    ],
)  # fmt: skip
def test_the_checker_sees_what_is_wrong(acked, rows, fault):
    assert any(fault in line for line in faults({"t": acked}, rows))


# -- the load and the kills -------------------------------------------------------------


@dataclass
class Rig:
    """The processes, and what was acknowledged."""

    url: str
    folder: Path
    port: int
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)
    acked: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asking: int = 0  # requests under way
    refused: int = 0  # requests that a kill cut off
    repeats: int = 0  # messages sent again although acknowledged
    kills: list[tuple[str, int, int]] = field(default_factory=list)  # who, requests under way, messages unanswered

    def start(self, name: str) -> None:
        role = ["web", str(self.port)] if name == "web" else ["worker"]
        env = {
            **os.environ,
            "FARUN_DATABASE_URL": self.url,
            "FARUN_DATA_DIR": str(self.folder),
            "FARUN_LOG_LEVEL": "ERROR",
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-W", "ignore", str(HERE / "chaos_process.py"), *role]
            self.processes[name] = subprocess.Popen(command, env=env, stdout=log, stderr=log)

    def stop(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()


async def _talk(rig: Rig, http: aiohttp.ClientSession, name: int, dice: random.Random, stop: asyncio.Event) -> None:
    """One person: message after message, each repeated with its id until it is acknowledged."""
    made = await _insist(rig, http, "", {}, {})
    path, headers = f"/{made['conversation']}/messages", {"Authorization": f"Bearer {made['token']}"}
    number = 0
    while not stop.is_set():
        number += 1
        body = {"message_id": f"{name}-{number}", "text": f"第{number}句，来自{name}"}
        await _insist(rig, http, path, headers, body)
        rig.acked[made["conversation"]].append(body["message_id"])
        if dice.random() < 0.1:  # as a channel that did not hear our acknowledgement
            await _insist(rig, http, path, headers, body)
            rig.repeats += 1
        await asyncio.sleep(dice.choice((0.0, 0.0, 0.0, 0.05)))


async def _insist(rig: Rig, http: aiohttp.ClientSession, path: str, headers: dict, body: dict) -> dict:
    url = f"http://127.0.0.1:{rig.port}/api/v1/conversations{path}"
    while True:
        rig.asking += 1
        try:
            async with http.post(url, json=body, headers=headers) as answer:
                if answer.status < 300:
                    return await answer.json()
                assert answer.status == 503, f"{answer.status}: {await answer.text()}"
        except (aiohttp.ClientError, asyncio.TimeoutError):
            rig.refused += 1
        finally:
            rig.asking -= 1
        await asyncio.sleep(0.1)


def _unanswered(engine) -> int:
    with reading(engine) as conn:
        return conn.execute(sa.select(sa.func.coalesce(sa.func.sum(conversation.c.waiting), 0))).scalar()


async def _kill(rig: Rig, engine, dice: random.Random) -> None:
    """Kill one process after another at moments of chance, and start it again."""
    names = ["web", *(f"worker{n}" for n in range(WORKERS))]
    for number in range(KILLS):
        await _more(rig, TALKS)  # whoever was killed last is back at work
        await asyncio.sleep(dice.uniform(0.0, 0.5))
        name = names[number % 2 and 1 + dice.randrange(WORKERS)]  # web and a worker in turn
        process = rig.processes[name]
        assert process.poll() is None, f"{name} died by itself: {(rig.folder / f'{name}.log').read_text()[-2000:]}"
        process.send_signal(signal.SIGKILL)
        under_way = rig.asking
        process.wait()
        rig.kills.append((name, under_way, await asyncio.to_thread(_unanswered, engine)))
        rig.start(name)


async def _run(rig: Rig, engine) -> None:
    dice, stop = random.Random(SEED), asyncio.Event()
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        talking = [asyncio.ensure_future(_talk(rig, http, n, random.Random(SEED + n), stop)) for n in range(TALKS)]
        try:
            await _kill(rig, engine, dice)
        finally:
            stop.set()
            await asyncio.wait_for(asyncio.gather(*talking), 20)
    until = time.monotonic() + 15
    while await asyncio.to_thread(_unanswered, engine) and time.monotonic() < until:
        await asyncio.sleep(0.1)


async def _more(rig: Rig, count: int) -> None:
    """Wait until `count` more messages are acknowledged."""
    wanted = sum(map(len, rig.acked.values())) + count
    until = time.monotonic() + 20
    while sum(map(len, rig.acked.values())) < wanted:
        assert time.monotonic() < until, "nothing is acknowledged any more"
        await asyncio.sleep(0.01)


def _stored(engine) -> list[Row]:
    c = message.c
    columns = (c.id, c.conversation_id, c.seq, c.author, c.text, c.message_id, c.status, c.reply_to)
    with reading(engine) as conn:
        return [Row(*row) for row in conn.execute(sa.select(*columns))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.chaos
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_twenty_kills_lose_nothing_repeat_nothing_and_keep_the_order(kind, request, settings):
    url = settings.database_url if kind == "sqlite" else request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    upgrade(engine)
    rig = Rig(url, settings.data_dir, _free_port())
    try:
        for name in ("web", *(f"worker{n}" for n in range(WORKERS))):
            rig.start(name)
        asyncio.run(_run(rig, engine))
    finally:
        rig.stop()
    rows = _stored(engine)
    with reading(engine) as conn:
        turns = conn.execute(sa.select(sa.func.count()).select_from(tracker_turn)).scalar()
        left = conn.execute(sa.select(conversation.c.waiting)).scalars().all()
    engine.dispose()
    acked = sum(map(len, rig.acked.values()))
    print(f"{kind}: {acked} acknowledged, {rig.refused} cut off, {rig.repeats} repeated, kills {rig.kills}")
    assert faults(rig.acked, rows) == []
    assert len(left) >= TALKS and not any(left)
    assert turns == sum(row.author == "worker" for row in rows)
    assert len(rig.kills) == KILLS and acked >= 300 and rig.refused >= 5 and rig.repeats >= 10
    in_flight = [kill for kill in rig.kills if kill[1] or kill[2]]
    assert len(in_flight) >= KILLS // 2, "the kills fell into silence and prove nothing"
