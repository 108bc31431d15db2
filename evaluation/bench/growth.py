"""Whether a long conversation gets slower (message 300 against message 5), and six messages sent at once."""

from __future__ import annotations

from typing import Any

from base.settings import Settings
from evaluation.bench.machine import percentile, report, spread
from evaluation.bench.sides import SIDES, databases, load

LENGTH, BURSTS, AROUND = 300, 10, 10  # `AROUND` messages are taken at each end, since one alone is noise
TARGET, BURST_TARGET_MS = 2.0, 500.0


def measure(settings: Settings, side: str, database: str) -> dict[str, Any]:
    """Times of one side: early and late messages of one conversation (same texts), and bursts of six."""
    with SIDES[side](settings, database) as url:
        load("conversations", side, url, senders=1, messages=20)
        times = load("one_long", side, url, messages=LENGTH)["times"]
        burst = load("bursts", side, url, bursts=BURSTS)["times"]
    early, late = percentile(times[:AROUND], 0.5), percentile(times[-AROUND:], 0.5)
    figures = {"early_ms": round(early * 1000, 2), "late_ms": round(late * 1000, 2), "growth": round(late / early, 2)}
    return {**figures, "messages": spread(times), "burst_of_six": spread(burst)}


def run(settings: Settings) -> dict[str, Any]:
    """The report: both sides; `ratio` is our growth from message 1-10 to message 291-300."""
    database = databases()[-1]
    sides = {side: measure(settings, side, database) for side in ("stock", "ours")}
    targets = {"target": TARGET, "burst_target_ms": BURST_TARGET_MS}
    return report("growth", database=database, **sides, ratio=sides["ours"]["growth"], **targets)
