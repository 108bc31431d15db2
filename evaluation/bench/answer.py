"""How long one person waits for one answer when nobody else asks: farun against stock Rasa."""

from __future__ import annotations

from typing import Any

from base.settings import Settings
from evaluation.bench.machine import report, spread
from evaluation.bench.sides import SIDES, load, missing_services

MESSAGES, WARM_UP = 100, 20
TARGET = 3.0  # stock's median over ours


def run(settings: Settings) -> dict[str, Any]:
    """The report: times of both sides with one sender, and stock's median over ours."""
    database = "sqlite" if missing_services() else "postgresql"
    sides: dict[str, Any] = {}
    for side in ("stock", "ours"):
        with SIDES[side](settings, database) as url:
            load("conversations", side, url, senders=1, messages=WARM_UP)
            sides[side] = spread(load("conversations", side, url, senders=1, messages=MESSAGES)["times"])
    ratio = sides["stock"]["p50_ms"] / sides["ours"]["p50_ms"]
    return report("answer", database=database, **sides, ratio=round(ratio, 2), target=TARGET)
