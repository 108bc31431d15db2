"""How long one person waits for one answer when nobody else asks: farun against stock Rasa, taking turns."""

from __future__ import annotations

from typing import Any

from base.settings import Settings
from evaluation.bench.machine import report, spread
from evaluation.bench.sides import both_sides, databases, load

ROUNDS, MESSAGES, WARM_UP = 5, 20, 20
TARGET = 3.0  # stock's median over ours


def run(settings: Settings) -> dict[str, Any]:
    """The report: times of both sides with one sender, and stock's median over ours."""
    database = databases()[-1]
    times: dict[str, list[float]] = {"stock": [], "ours": []}
    with both_sides(settings, database) as urls:
        for side, url in urls.items():
            load("conversations", side, url, senders=1, messages=WARM_UP)
        for _ in range(ROUNDS):
            for side, url in urls.items():
                times[side] += load("conversations", side, url, senders=1, messages=MESSAGES)["times"]
    sides = {side: spread(times[side]) for side in times}
    ratio = sides["stock"]["p50_ms"] / sides["ours"]["p50_ms"]
    return report("answer", database=database, **sides, ratio=round(ratio, 2), target=TARGET)
