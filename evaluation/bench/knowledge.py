"""How fast the knowledge base is: loading and checking all of it, all claims of one matter, search over 5,000 entries."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from base.settings import Settings
from evaluation.bench.machine import percentile, report, spread
from knowledge.assessment import assess
from knowledge.check import examine
from knowledge.matter import Known
from knowledge.parts import Entry
from knowledge.release import CONTENT, load
from knowledge.search import Search

TODAY = date(2026, 11, 24)
CHECK_BAR_S, CLAIMS_BAR_MS, SEARCH_BAR_MS = 2.0, 3.0, 2.0
ROUNDS, TIMES, ENTRIES, QUESTIONS, SEED = 5, 300, 5000, 500, 20261124
TOPICS = ("wages", "dismissal", "injury")
FACTS = {
    "monthly_wage": 6500, "months_owed": 2, "hire_date": "2023-03-10", "leave_date": "2026-11-08", "dismissed": True,
    "dismissal_reason": "none", "has_contract": False, "injury_date": "2026-05-01", "injury_grade": 9, "insured": False,
}  # fmt: skip


def _timed(work: Callable[[], Any], times: int) -> list[float]:
    """Seconds that each of `times` runs took."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def generated(entries: Sequence[Entry], count: int, seed: int = SEED) -> list[Entry]:
    """`count` entries whose wordings are pieces of real ones put together anew; the same for the same seed."""
    chance = random.Random(seed)
    asks = [ask for entry in entries for ask in entry.asks]
    return [
        replace(
            chance.choice(entries),
            id=f"made-{number}",
            title=_mixed(asks, chance),
            asks=tuple(_mixed(asks, chance) for _ in range(8)),
            in_a_line=_mixed(asks, chance),
            today=tuple(_mixed(asks, chance) for _ in range(3)),
        )
        for number in range(count)
    ]


def _mixed(asks: Sequence[str], chance: random.Random) -> str:
    """The first half of one wording and the second half of another."""
    first, second = chance.choice(asks), chance.choice(asks)
    return first[: (len(first) + 1) // 2] + second[len(second) // 2 :]


def _searches(search: Search, questions: Sequence[str]) -> Iterator[float]:
    for question in questions:
        yield from _timed(partial(search.find, question, topics=TOPICS[:1], facts={"monthly_wage": 6500}), 1)


def run(settings: Settings) -> dict[str, Any]:
    """The report: figures of the three, each with its bar, and whether all bars are met."""
    checks = _timed(lambda: (load(CONTENT, TODAY), examine(CONTENT, TODAY)), ROUNDS)
    kb = load(CONTENT, TODAY)
    facts = {fact: Known(value) for fact, value in FACTS.items()}
    found = assess(facts, TOPICS, kb, TODAY)
    claims = _timed(lambda: assess(facts, TOPICS, kb, TODAY), TIMES)
    made = generated(kb.entries, ENTRIES)
    start = time.perf_counter()
    search = Search(made)
    built = time.perf_counter() - start
    chance = random.Random(SEED + 1)
    asks = [ask for entry in kb.entries for ask in entry.asks]
    searches = list(_searches(search, [chance.choice(asks) for _ in range(QUESTIONS)]))
    met = {
        "load_and_check": max(checks) <= CHECK_BAR_S,
        "claims": percentile(claims, 0.5) * 1000 <= CLAIMS_BAR_MS,
        "search": percentile(searches, 0.5) * 1000 <= SEARCH_BAR_MS,
    }
    size = {"parameters": len(kb.parameters), "articles": len(kb.articles), "entries": len(kb.entries)}
    return report(
        "knowledge",
        content=size,
        load_and_check={"first_s": round(checks[0], 2), "again_s": round(min(checks), 2), "bar_s": CHECK_BAR_S},
        claims={"found": len(found.claims), **spread(claims), "bar_p50_ms": CLAIMS_BAR_MS},
        search={"entries": len(made), "built_s": round(built, 2), **spread(searches), "bar_p50_ms": SEARCH_BAR_MS},
        met=met,
    )
