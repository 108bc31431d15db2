"""Finds the reviewed entry that answers a question: character n-grams of every way in which people ask it.

Each `ask` and each title is a document of its own; an entry scores as its best document. Pure lookup: no text is made up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.parts import Entry

SURE = 0.34  # from this score an entry may answer by itself; chosen on tests/knowledge/test_knowledge_search.py
TOPIC_BOOST = 0.06  # the classifier names the entry's topic
WHEN_BOOST = 0.05  # the entry was written for exactly these facts
LONGEST = 300  # characters of a question that are looked at


@dataclass(frozen=True)
class Hit:
    """An entry and how near its nearest wording is (0 to about 1.1)."""

    entry: Entry
    score: float


def normalise(text: str) -> str:
    """Half-width, lower case, without punctuation and spaces; at most LONGEST characters."""
    flat = unicodedata.normalize("NFKC", text[: LONGEST * 2]).lower()
    return re.sub(r"[\W_]+", "", flat)[:LONGEST]


class Search:
    """An index over entries; immutable, built once per release."""

    def __init__(self, entries: Sequence[Entry]):
        self._entries = tuple(entries)
        texts, owners = [], []
        for place, entry in enumerate(self._entries):
            for text in (entry.title, *entry.asks):
                texts.append(normalise(text))
                owners.append(place)
        self._owners = np.array(owners, dtype=np.intp)
        self._vectors: Any = None
        if texts:
            self._model = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32)
            self._vectors = self._model.fit_transform(texts).T.tocsr()

    def find(
        self, text: str, topics: Sequence[str] = (), facts: Mapping[str, Any] | None = None, limit: int = 3
    ) -> list[Hit]:
        """The nearest entries, best first; entries whose `when` contradicts a known fact are left out."""
        question = normalise(text)
        if self._vectors is None or not question:
            return []
        near = np.asarray((self._model.transform([question]) @ self._vectors).todense()).ravel()
        best = np.zeros(len(self._entries), dtype=np.float32)
        np.maximum.at(best, self._owners, near)
        for place in np.flatnonzero(best > 0.02):
            entry = self._entries[place]
            best[place] += TOPIC_BOOST * (entry.topic in topics) + _fits(entry.when, facts or {})
        order = np.argsort(-best)[:limit]
        return [Hit(self._entries[i], float(best[i])) for i in order if best[i] > 0.02]


def _fits(when: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> float:
    if not when:
        return 0.0
    known = [(facts[f], wanted) for f, wanted in when.items() if f in facts]
    if any(value not in (wanted if isinstance(wanted, (list, tuple)) else [wanted]) for value, wanted in known):
        return -10.0
    return WHEN_BOOST if len(known) == len(when) else -WHEN_BOOST
