"""Finds the reviewed entry that answers a question: character n-grams, weighed by how rare they are.

Two views are added up: the nearest single wording of an entry (titles and `asks`, each a document of its own), and the
entry as a whole (all its wordings, its line and its steps), which knows more words and smooths chance likeness.
What a question says beyond all entries counts against it, so chatter and noise stay below SURE. Pure lookup: no text
is made up.
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
from scipy.sparse import csr_matrix

from knowledge.parts import Entry

SURE = 0.15  # from this score an entry may answer by itself; chosen with tests/cases/search_questions.yml
TOPIC_BOOST = 0.06  # the classifier names the entry's topic
WHEN_BOOST = 0.04  # the entry was written for exactly these facts
WHEN_UNKNOWN = -0.01  # the entry was written for facts that are not known yet
UNSAID = 0.2  # an answer to a saying of the employer (不对。…) is out of place where nobody is quoted
WORDING, WHOLE = 0.3, 1.4  # the weights of the two views
LENGTHS = (1, 2, 3)  # of the n-grams, in characters
LONGEST = 300  # characters of a question that are looked at
LEAST = 0.02  # below this an entry is no hit at all
# Words that most questions share and that tell no entry from another.
EMPTY = re.compile(
    "怎么办|怎么弄|咋办|咋整|该怎么|怎么|可不可以|可以吗|能不能|是不是|有没有|行不行|请问|一下|什么|吗|呢|啊|了|的"
    "|我们|我|是|就|也|还|都|这|那|在|要|有|个"
)

QUOTED = re.compile("(?<!听)说|讲|称")


@dataclass(frozen=True)
class Hit:
    """An entry and how near it is (0 to about 1)."""

    entry: Entry
    score: float


def normalise(text: str) -> str:
    """Half-width, lower case, without punctuation, spaces and long numbers; at most LONGEST characters."""
    flat = unicodedata.normalize("NFKC", text[: LONGEST * 2]).lower()
    return re.sub(r"[\W_]+|\d{6,}", "", flat)[:LONGEST]


def _grams(text: str) -> Counter[str]:
    """How often each n-gram stands in a text, without the empty words (all of it where nothing else is left)."""
    flat = normalise(text)
    flat = EMPTY.sub("", flat) or flat
    return Counter(flat[i : i + length] for length in LENGTHS for i in range(len(flat) - length + 1))


class _View:
    """The cosine of a question with each of some documents."""

    def __init__(self, documents: Sequence[Counter[str]], floor: float):
        found = Counter(gram for counts in documents for gram in counts)
        size = len(documents)
        self._weights = {g: math.log((1 + size) / (1 + n)) + floor for g, n in found.items()}
        self._unknown = math.log(1 + size) + floor
        self._places = {gram: place for place, gram in enumerate(self._weights)}
        rows, columns, values = [], [], []
        for column, counts in enumerate(documents):
            weighed = {g: (1 + math.log(n) if n > 1 else 1.0) * self._weights[g] for g, n in counts.items()}
            length = math.sqrt(sum(w * w for w in weighed.values())) or 1.0
            rows += [self._places[g] for g in weighed]
            columns += [column] * len(weighed)
            values += [w / length for w in weighed.values()]
        self._vectors = csr_matrix((values, (rows, columns)), shape=(len(self._places), size), dtype=np.float32)

    def near(self, counts: Counter[str]) -> np.ndarray:
        """One cosine a document; n-grams that no document knows lengthen the question's vector."""
        near = np.zeros(self._vectors.shape[1], dtype=np.float32)
        begins, terms, values = self._vectors.indptr, self._vectors.indices, self._vectors.data
        total = 0.0
        for gram, count in counts.items():
            weight = (1 + math.log(count)) * self._weights.get(gram, self._unknown)
            total += weight * weight
            place = self._places.get(gram)
            if place is not None:
                row = slice(begins[place], begins[place + 1])
                near[terms[row]] += values[row] * weight  # a document stands once in the row of a gram
        return near / math.sqrt(total) if total else near


class Search:
    """An index over entries; immutable, built once per release."""

    def __init__(self, entries: Sequence[Entry]):
        self._entries = tuple(entries)
        wordings: list[Counter[str]] = []
        wholes: list[Counter[str]] = []
        firsts: list[int] = []  # where the wordings of each entry begin
        for entry in self._entries:
            firsts.append(len(wordings))
            wordings += [_grams(text) for text in (entry.title, *entry.asks)]
            whole = _grams(entry.in_a_line + "".join(entry.today))
            for counts in wordings[firsts[-1] :]:
                whole.update(counts)
            wholes.append(whole)
        self._firsts = np.array(firsts, dtype=np.intp)
        self._wordings, self._wholes = _View(wordings, floor=1.0), _View(wholes, floor=0.0)

    def find(
        self, text: str, topics: Sequence[str] = (), facts: Mapping[str, Any] | None = None, limit: int = 3
    ) -> list[Hit]:
        """The nearest entries, best first; entries whose `when` contradicts a known fact are left out."""
        counts = _grams(text)
        if not self._entries or not counts or limit < 1:
            return []
        best = WORDING * np.maximum.reduceat(self._wordings.near(counts), self._firsts)
        best += WHOLE * self._wholes.near(counts)
        quoted = QUOTED.search(text) is not None
        likely = np.flatnonzero(best > LEAST)
        hits: list[Hit] = []
        for place in likely[np.argsort(-best[likely], kind="stable")]:
            if len(hits) == limit and best[place] + TOPIC_BOOST + WHEN_BOOST <= hits[-1].score:
                break  # no boost lifts this one, or any after it, over those found
            entry = self._entries[place]
            score = float(best[place]) + TOPIC_BOOST * (entry.topic in topics) + _fits(entry.when, facts or {})
            score -= UNSAID * (entry.verdict is not None and not quoted)
            if score > LEAST:
                hits = sorted([*hits, Hit(entry, score)], key=lambda hit: -hit.score)[:limit]
        return hits


def _fits(when: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> float:
    if not when:
        return 0.0
    known = [(facts[f], wanted) for f, wanted in when.items() if f in facts]
    if any(value not in (wanted if isinstance(wanted, (list, tuple)) else [wanted]) for value, wanted in known):
        return -10.0
    return WHEN_BOOST if len(known) == len(when) else WHEN_UNKNOWN
