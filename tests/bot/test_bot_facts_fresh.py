"""Messages of our own, written kind by kind before the rules were looked at: what each says is read, and nothing beside it.

A row of tests/data/facts_fresh.jsonl holds `text`, the `facts` that it states, `not`: facts that it does not state, and
`context`, the question that it answers.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.components.reading import applies_to_question, asked_fact, read_facts
from evaluation.facts import compare, load

TODAY = date(2026, 11, 24)
ROWS = load(Path(__file__).parents[1] / "data" / "facts_fresh.jsonl")


def heard(row: dict[str, Any]) -> dict[str, Any]:
    """Fact → value of a row, in the light of its question if it has one."""
    mentions = read_facts(row["text"], TODAY)
    told = {m.fact: m.value for m in reversed(mentions) if m.fact != "quantity" and not m.flags.get("invalid")}
    asked = asked_fact(row.get("context"))
    if asked is not None:
        value = applies_to_question(asked, mentions, row["text"])
        told |= {} if value is None else {asked: value}
    return told


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['kind']}: {row['text'][:30]}" for row in ROWS])
def test_a_fresh_message_says_these_facts_and_not_those(row: dict[str, Any]) -> None:
    told = heard(row)
    assert {fact: told.get(fact) for fact, verdict in compare(row["facts"], told).items() if verdict != "right"} == {}
    assert [fact for fact in row.get("not", ()) if fact in told] == []


def test_there_are_many_of_every_kind() -> None:
    assert len(ROWS) >= 850
    assert len({row["text"] for row in ROWS}) == len(ROWS)
