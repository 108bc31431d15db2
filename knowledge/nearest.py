"""Which of a few named things (doors, evidence ladders) a question is about: the entries' search over their wordings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from knowledge.parts import Entry
from knowledge.search import Search

Named = tuple[str, str, tuple[str, ...]]  # id, name, wordings


def nearest(named: Iterable[Named], text: str) -> tuple[str, float]:
    """The id of the nearest thing and how near it is (as knowledge.search scores); ("", 0.0) when nothing is near."""
    hits = _index(tuple(named)).find(text, limit=1)
    return (hits[0].entry.id, hits[0].score) if hits else ("", 0.0)


@lru_cache(maxsize=8)  # two kinds of things for a few releases
def _index(named: tuple[Named, ...]) -> Search:
    return Search([_as_entry(*one) for one in named])


def _as_entry(name_id: str, name: str, asks: tuple[str, ...]) -> Entry:
    """What the search reads of an entry: its title and its wordings."""
    return Entry(name_id, "", name, asks, "", (), (), "confirmed", "", date.min, date.max)
