"""What the readers of a message give: a fact (or an undirected quantity) with its place in the raw text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

CLAUSE = re.compile(r"[，。；;！!？?\n]|(?<!\d),|,(?!\d)")
LEFT, RIGHT = 24, 18  # characters that are looked at on either side of a number


@dataclass
class Mention:
    """A fact read off the text; `fact` is an id of facts.yml or "quantity". The heavier of two for one fact counts."""

    fact: str
    kind: str
    value: Any
    start: int
    end: int
    unit: str | None = None
    flags: dict[str, Any] = field(default_factory=dict)
    weight: int = 1
    shared: bool = False  # reckoned of numbers that may say something by themselves too


@dataclass(frozen=True)
class Around:
    """The words about a number: `left` and `right` within its clause, `before` and `after` across clauses."""

    left: str
    right: str
    before: str
    after: str


def around(text: str, start: int, end: int) -> Around:
    """The surroundings of [start, end)."""
    before, after = text[max(0, start - 2 * LEFT) : start], text[end : end + 2 * RIGHT]
    return Around(CLAUSE.split(before)[-1][-LEFT:], CLAUSE.split(after)[0][:RIGHT], before, after)


def tidy(value: Decimal) -> int | float:
    """A whole number as int, another one with two places."""
    value = round(value, 2)
    return int(value) if value == value.to_integral_value() else float(value)
