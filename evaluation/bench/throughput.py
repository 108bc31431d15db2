"""Messages a second: eight senders at once, farun's durable inbox and outbox against stock Rasa, on both databases.

Both sides are up and take turns in short rounds, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

from typing import Any

from base.settings import Settings
from evaluation.bench.machine import report, spread
from evaluation.bench.sides import both_sides, databases, load, missing_services

SENDERS, ROUNDS, MESSAGES, WARM_UP = 8, 4, 80, 80  # messages a round
TARGET = 4.0  # times stock's rate, on PostgreSQL (and Redis for stock)


def compare(settings: Settings, database: str) -> dict[str, Any]:
    """Rate and times of both sides on one database, after a warm-up; and the ratio."""
    times: dict[str, list[float]] = {"stock": [], "ours": []}
    took = {"stock": 0.0, "ours": 0.0}
    with both_sides(settings, database) as urls:
        for side, url in urls.items():
            load("conversations", side, url, senders=SENDERS, messages=WARM_UP)
        for _ in range(ROUNDS):
            for side, url in urls.items():
                result = load("conversations", side, url, senders=SENDERS, messages=MESSAGES)
                times[side] += result["times"]
                took[side] += result["took"]
    rates = {side: len(times[side]) / took[side] for side in times}
    figures = {side: {"messages_per_s": round(rates[side], 1), **spread(times[side])} for side in times}
    return {**figures, "ratio": round(rates["ours"] / rates["stock"], 2)}


def run(settings: Settings) -> dict[str, Any]:
    """The report: figures of both sides and the ratio for each database; about three minutes."""
    figures: dict[str, Any] = {"senders": SENDERS, "target": TARGET}
    if missing := missing_services():
        figures["skipped"] = f"postgresql: {', '.join(missing)} cannot be reached"
    for database in databases():
        figures[database] = compare(settings, database)
    figures["ratio"] = figures[databases()[-1]]["ratio"]
    return report("throughput", **figures)
