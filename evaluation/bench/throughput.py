"""Messages a second: eight senders at once, farun's durable inbox and outbox against stock Rasa, on both databases."""

from __future__ import annotations

from typing import Any

from base.settings import Settings
from evaluation.bench.machine import report, spread
from evaluation.bench.sides import SIDES, load, missing_services

SENDERS, MESSAGES, WARM_UP = 8, 320, 80
TARGET = 4.0  # times stock's rate, on PostgreSQL (and Redis for stock)


def measure(settings: Settings, side: str, database: str, messages: int = MESSAGES) -> dict[str, Any]:
    """Rate and times of one side on one database, after a warm-up."""
    with SIDES[side](settings, database) as url:
        load("conversations", side, url, senders=SENDERS, messages=WARM_UP)
        result = load("conversations", side, url, senders=SENDERS, messages=messages)
    rate = len(result["times"]) / result["took"]
    return {"messages_per_s": round(rate, 1), **spread(result["times"])}


def run(settings: Settings) -> dict[str, Any]:
    """The report: figures of both sides and the ratio for each database; about five minutes."""
    missing = missing_services()
    databases = ["sqlite"] if missing else ["sqlite", "postgresql"]
    figures: dict[str, Any] = {"senders": SENDERS, "target": TARGET}
    if missing:
        figures["skipped"] = f"postgresql: {', '.join(missing)} cannot be reached"
    for database in databases:
        sides = {side: measure(settings, side, database) for side in ("stock", "ours")}
        ratio = sides["ours"]["messages_per_s"] / sides["stock"]["messages_per_s"]
        figures[database] = {**sides, "ratio": round(ratio, 2)}
    figures["ratio"] = figures[databases[-1]]["ratio"]
    return report("throughput", **figures)
