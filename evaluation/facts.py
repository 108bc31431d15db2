"""How well facts are read off messages: recall on the listed keys, contradictions, and the extra ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def same(expected: Any, got: Any) -> bool:
    """Whether a value read is the listed one; a listed vague date is right when the read one is as precise or more."""
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got or str(expected).lower() == str(got).lower()
    try:
        return abs(float(expected) - float(got)) < 0.02
    except (TypeError, ValueError):
        return str(got).startswith(str(expected)) or _one_name(str(expected), str(got))


def _one_name(expected: str, got: str) -> bool:
    """A name that holds the other is the same thing said more or less closely (焊工, 电焊工); never so for dates."""
    return not expected[:1].isdigit() and (expected in got or (len(got) > 1 and got in expected))


def compare(listed: Mapping[str, Any], got: Mapping[str, Any]) -> dict[str, str]:
    """right, missed or wrong for each listed key."""
    return {k: "missed" if got.get(k) is None else "right" if same(v, got[k]) else "wrong" for k, v in listed.items()}


def measure(rows: list[dict[str, Any]], read: Any) -> dict[str, Any]:
    """Counts over rows {text, facts}; `read(row)` gives {fact: value}."""
    counts: dict[str, Counter] = {}
    extra: Counter = Counter()
    examples: dict[str, list] = {}
    for row in rows:
        got = read(row)
        for key, verdict in compare(row.get("facts") or {}, got).items():
            counts.setdefault(key, Counter())[verdict] += 1
            if verdict != "right":
                examples.setdefault(f"{key}:{verdict}", []).append((row["facts"][key], got.get(key), row["text"]))
        extra.update(k for k in got if k not in (row.get("facts") or {}))
    total: Counter = sum(counts.values(), Counter())
    listed = sum(total.values()) or 1
    return {
        "listed": listed,
        "recall": round(total["right"] / listed, 4),
        "contradictions": round(total["wrong"] / listed, 4),
        "by_fact": {k: dict(v) for k, v in sorted(counts.items(), key=lambda kv: -sum(kv[1].values()))},
        "extra": dict(extra.most_common()),
        "examples": examples,
    }


def load(path: Path) -> list[dict[str, Any]]:
    """Rows of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
