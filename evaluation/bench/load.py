"""The load of a bench, in a process of its own: senders that talk one message after another, each waiting its answer.

Run as `python -m evaluation.bench.load` with a plan as JSON on standard input; prints the times as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from typing import Any

import aiohttp

from evaluation.bench.texts import CONSULTATION

LONGEST = 30.0  # seconds that an answer may take


class Ours:
    """A conversation with farun over its public API."""

    def __init__(self, session: aiohttp.ClientSession, url: str):
        self._session, self._url = session, url
        self._path = ""
        self._headers: dict[str, str] = {}

    async def open(self) -> None:
        """Begin a conversation."""
        async with self._session.post(f"{self._url}/api/v1/conversations") as response:
            response.raise_for_status()
            made = await response.json()
        self._path = f"{self._url}/api/v1/conversations/{made['conversation']}"
        self._headers = {"Authorization": f"Bearer {made['token']}"}

    async def say(self, text: str) -> int:
        """Send one message and wait for its answer; the number of replies."""
        body = {"message_id": uuid.uuid4().hex, "text": text}
        url = f"{self._path}/messages?wait={LONGEST:.0f}"
        async with self._session.post(url, json=body, headers=self._headers) as response:
            response.raise_for_status()
            return len((await response.json()).get("replies") or [])


class Stock:
    """A conversation with `rasa run` over its REST channel."""

    def __init__(self, session: aiohttp.ClientSession, url: str):
        self._session, self._url = session, url
        self._sender = ""

    async def open(self) -> None:
        """Begin a conversation: a new sender."""
        self._sender = uuid.uuid4().hex

    async def say(self, text: str) -> int:
        """Send one message and wait for its answer; the number of replies."""
        body = {"sender": self._sender, "message": text}
        async with self._session.post(f"{self._url}/webhooks/rest/webhook", json=body) as response:
            response.raise_for_status()
            return sum(1 for reply in await response.json() if reply.get("text"))


SIDES: dict[str, type[Ours] | type[Stock]] = {"ours": Ours, "stock": Stock}


async def _talk(talker: Ours | Stock, texts: list[str], times: list[float]) -> int:
    silent = 0
    await talker.open()
    for text in texts:
        start = time.perf_counter()
        silent += 0 if await talker.say(text) else 1
        times.append(time.perf_counter() - start)
    return silent


async def conversations(plan: dict[str, Any]) -> dict[str, Any]:
    """`senders` at once, each leading conversations of the fixed texts until `messages` were answered in all."""
    each = -(-plan["messages"] // (plan["senders"] * len(CONSULTATION)))
    times: list[float] = []

    async def sender(session: aiohttp.ClientSession) -> int:
        return sum(
            [await _talk(SIDES[plan["side"]](session, plan["url"]), list(CONSULTATION), times) for _ in range(each)]
        )

    async with _session() as session:
        start = time.perf_counter()
        silent = sum(await asyncio.gather(*(sender(session) for _ in range(plan["senders"]))))
        took = time.perf_counter() - start
    return {"times": times, "took": took, "silent": silent}


async def one_long(plan: dict[str, Any]) -> dict[str, Any]:
    """One conversation of `messages` messages, one after another."""
    texts = [CONSULTATION[number % len(CONSULTATION)] for number in range(plan["messages"])]
    times: list[float] = []
    async with _session() as session:
        silent = await _talk(SIDES[plan["side"]](session, plan["url"]), texts, times)
    return {"times": times, "silent": silent}


async def bursts(plan: dict[str, Any]) -> dict[str, Any]:
    """`bursts` times: six messages of one person at once; until the last one's answer is there."""
    times: list[float] = []
    silent = 0
    async with _session() as session:
        for _ in range(plan["bursts"]):
            talker = SIDES[plan["side"]](session, plan["url"])
            await talker.open()
            await talker.say(CONSULTATION[0])
            start = time.perf_counter()
            answered = await asyncio.gather(*(talker.say(text) for text in CONSULTATION[1:7]))
            times.append(time.perf_counter() - start)
            silent += sum(not replies for replies in answered)
    return {"times": times, "silent": silent}


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=LONGEST + 10), connector=aiohttp.TCPConnector(limit=64)
    )


SHAPES = {"conversations": conversations, "one_long": one_long, "bursts": bursts}


def main() -> None:
    """Carry out the plan on standard input."""
    plan = json.load(sys.stdin)
    print(json.dumps(asyncio.run(SHAPES[plan["shape"]](plan))))


if __name__ == "__main__":
    main()
