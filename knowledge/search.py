"""Finds the reviewed entry that answers a question: character n-grams of every way in which people ask it.

Each `ask` and each title is a document of its own; an entry scores as its best document. Pure lookup: no text is made up.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.parts import Entry

SURE = 0.34  # from this score an entry may answer by itself; chosen on tests/knowledge/test_knowledge_search.py
TOPIC_BOOST = 0.06  # the classifier names the entry's topic
WHEN_BOOST = 0.05  # the entry was written for exactly these facts
LENGTHS = (1, 3)  # of the n-grams, in characters
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
        texts: list[str] = []
        firsts: list[int] = []  # where the wordings of each entry begin
        for entry in self._entries:
            firsts.append(len(texts))
            texts += [normalise(text) for text in (entry.title, *entry.asks)]
        self._firsts = np.array(firsts, dtype=np.intp)
        self._vectors: Any = None
        if texts:
            model = TfidfVectorizer(analyzer="char", ngram_range=LENGTHS, sublinear_tf=True, dtype=np.float32)
            self._vectors = model.fit_transform(texts).T.tocsr()
            self._places: dict[str, int] = model.vocabulary_
            self._weights: list[float] = model.idf_.tolist()

    def find(
        self, text: str, topics: Sequence[str] = (), facts: Mapping[str, Any] | None = None, limit: int = 3
    ) -> list[Hit]:
        """The nearest entries, best first; entries whose `when` contradicts a known fact are left out."""
        question = normalise(text)
        if self._vectors is None or not question:
            return []
        best = np.maximum.reduceat(self._nearness(question), self._firsts)
        for place in np.flatnonzero(best > 0.02):
            entry = self._entries[place]
            best[place] += TOPIC_BOOST * (entry.topic in topics) + _fits(entry.when, facts or {})
        order = np.argsort(-best)[:limit]
        return [Hit(self._entries[i], float(best[i])) for i in order if best[i] > 0.02]

    def _nearness(self, question: str) -> np.ndarray:
        """The cosine of a question and every wording, as the vectorizer would weigh it, without its overhead."""
        grams = Counter(
            question[start : start + length]
            for length in range(LENGTHS[0], LENGTHS[1] + 1)
            for start in range(len(question) - length + 1)
        )
        known = [(self._places[gram], count) for gram, count in grams.items() if gram in self._places]
        near = np.zeros(self._vectors.shape[1])
        if not known:
            return near
        weights = [(1.0 + math.log(count)) * self._weights[place] for place, count in known]
        length = math.sqrt(sum(weight * weight for weight in weights))
        begins, terms, values = self._vectors.indptr, self._vectors.indices, self._vectors.data
        for (place, _), weight in zip(known, weights, strict=True):
            row = slice(begins[place], begins[place + 1])
            near[terms[row]] += values[row] * (weight / length)  # a wording stands once in the row of a gram
        return near


def _fits(when: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> float:
    if not when:
        return 0.0
    known = [(facts[f], wanted) for f, wanted in when.items() if f in facts]
    if any(value not in (wanted if isinstance(wanted, (list, tuple)) else [wanted]) for value, wanted in known):
        return -10.0
    return WHEN_BOOST if len(known) == len(when) else -WHEN_BOOST
