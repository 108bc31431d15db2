"""Finds the reviewed entry that answers a question: characters, pairs of them, and words that mean the same.

Two likenesses are added up: to the entry as a whole (its title, its wordings, its line and its steps), and, so that a
known wording finds its own entry, to its nearest single wording. What a question says beyond all entries counts
against it, so chatter and noise stay below SURE. Pure lookup: no text is made up.

Tried on the tune half of tests/cases/search_questions.yml and left out: jieba's words (nothing more once synonyms are
there, a second of loading), n-grams of three, BM25, complement naive Bayes (no better), ridge regression on the
wordings (worse, seconds of loading).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from knowledge.parts import Entry

SURE = 0.125  # from this score an entry may answer by itself; chosen with tests/cases/search_questions.yml
WHOLE, WORDING = 0.7, 0.3  # the weights of the two likenesses
STEEP = 3  # the power of the likeness to a wording: only a near one tells much
TITLE = 2  # how often a title counts among the wordings of an entry
SAME = 1.5  # the weight of a group of synonyms against that of a character
TOPIC_BOOST = 0.04  # the classifier names the topic of the entry; more would help where it is right, it is not always
WHEN_BOOST = 0.025  # the entry was written for exactly these facts
WHEN_UNKNOWN = -0.01  # the entry was written for facts that are not known yet
GRAVE = ("role", "death", "pregnant")  # facts that nobody is taken to mean who does not tell them
GRAVE_UNKNOWN = -0.03
UNSAID = 0.15  # an answer to a saying of the employer (不对。…) is out of place where nobody is quoted
LENGTHS = (1, 2)  # of the n-grams, in characters
LONGEST = 300  # characters of a question that are looked at
LEAST = 0.01  # below this an entry is no hit at all
NEAREST = 100  # entries whose single wordings are looked at
# Words that most questions share and that tell no entry from another.
EMPTY = re.compile(
    "怎么办|怎么弄|咋办|咋整|该怎么|怎么|可不可以|可以吗|能不能|是不是|有没有|行不行|请问|一下|什么|吗|呢|啊|了|的"
    "|我们|我|是|就|也|还|都|这|那|在|要|有|个"
)

QUOTED = re.compile("(?<!听)说|讲|称|放话|回话")


@dataclass(frozen=True)
class Hit:
    """An entry and how near it is (0 to about 1)."""

    entry: Entry
    score: float


def normalise(text: str) -> str:
    """Half-width, lower case, without punctuation, spaces and long numbers; at most LONGEST characters."""
    flat = unicodedata.normalize("NFKC", text[: LONGEST * 2]).lower()
    return re.sub(r"[\W_]+|\d{6,}", "", flat)[:LONGEST]


class _Reader:
    """Reads the terms of a text: n-grams without the empty words, and the groups of synonyms that it names."""

    def __init__(self, synonyms: Sequence[Sequence[str]]):
        self._groups = {normalise(word): f"={number}" for number, group in enumerate(synonyms) for word in group}
        self._lengths: dict[str, list[int]] = {}  # of the words that begin with a character, the longest first
        for word in sorted(self._groups, key=len, reverse=True):
            lengths = self._lengths.setdefault(word[:1], [])
            if len(word) not in lengths:
                lengths.append(len(word))

    def terms(self, text: str) -> Counter[str]:
        """How often each term stands in the text (with the empty words where nothing else is left)."""
        flat = normalise(text)
        left = EMPTY.sub("", flat) or flat
        grams = [left[i : i + length] for length in LENGTHS for i in range(len(left) - length + 1)]
        return Counter(grams + self._named(flat))

    def _named(self, flat: str) -> list[str]:
        """The groups of the words in a text, the longest word first where several begin at one place."""
        found, place = [], 0
        while place < len(flat):
            word = next(
                (w for n in self._lengths.get(flat[place], ()) if (w := flat[place : place + n]) in self._groups), ""
            )
            if word:
                found.append(self._groups[word])
            place += len(word) or 1
        return found


class _Documents:
    """Documents as vectors of unit length: a term weighs by how rare it is."""

    def __init__(self, documents: Sequence[Mapping[str, int]], floor: float):
        self._places: dict[str, int] = {}
        places = [self._places.setdefault(term, len(self._places)) for counts in documents for term in counts]
        columns = np.array(places, dtype=np.intp)
        sizes = [len(counts) for counts in documents]
        often = np.array([n for counts in documents for n in counts.values()], dtype=np.float32)
        found = np.bincount(columns, minlength=len(self._places))  # in how many documents each term stands
        same = np.where([term[0] == "=" for term in self._places], SAME, 1.0)
        self._weights = (np.log((1 + len(sizes)) / (1 + found)) + floor) * same
        self._unknown = float(np.log(1 + len(sizes)) + floor)
        values = (1 + np.log(often)) * self._weights[columns]
        rows = np.repeat(np.arange(len(sizes)), sizes)
        lengths = np.sqrt(np.bincount(rows, values**2, minlength=len(sizes)))
        values = (values / lengths[rows]).astype(np.float32)
        self.vectors = csr_matrix(
            (values, columns, np.concatenate([[0], np.cumsum(sizes)])), shape=(len(sizes), len(self._places))
        )

    def vector(self, counts: Mapping[str, int]) -> tuple[np.ndarray, np.ndarray]:
        """Places and values of a question's terms; those that no document knows lengthen the vector before it is 1."""
        known = [(self._places[term], n) for term, n in counts.items() if term in self._places]
        places = np.array([place for place, _ in known], dtype=np.intp)
        values = self._weights[places] * (1 + np.log([n for _, n in known]))
        other = [n for term, n in counts.items() if term not in self._places]
        unknown = self._unknown * (1 + np.log(other))
        return places, values / np.sqrt(float(values @ values + unknown @ unknown) or 1.0)


class Search:
    """An index over entries; immutable, built once per release. `synonyms`: groups of words that mean the same."""

    def __init__(self, entries: Sequence[Entry], synonyms: Sequence[Sequence[str]] = ()):
        self._entries = tuple(entries)
        self._reader = _Reader(synonyms)
        wordings: list[Counter[str]] = []
        wholes: list[Counter[str]] = []
        firsts = [0]  # where the wordings of each entry begin, and where the last ends
        for entry in self._entries:
            own = [self._reader.terms(text) for text in (entry.title, *entry.asks)]
            whole = self._reader.terms(entry.in_a_line + "".join(entry.today))
            for counts in [own[0]] * (TITLE - 1) + own:
                whole.update(counts)
            wordings += own
            wholes.append(whole)
            firsts.append(len(wordings))
        self._firsts = np.array(firsts, dtype=np.intp)
        if self._entries:
            self._wordings, self._wholes = _Documents(wordings, floor=1.0), _Documents(wholes, floor=2.0)
            self._postings = self._wholes.vectors.tocsc()  # by term
        topics = [entry.topic for entry in self._entries]
        self._topics = {topic: np.array([own == topic for own in topics]) for topic in set(topics)}
        self._sayings = np.array([entry.verdict is not None for entry in self._entries], dtype=bool)

    def find(
        self, text: str, topics: Sequence[str] = (), facts: Mapping[str, Any] | None = None, limit: int = 3
    ) -> list[Hit]:
        """The nearest entries, best first; entries whose `when` contradicts a known fact are left out."""
        counts = self._reader.terms(text)
        if not self._entries or not counts or limit < 1:
            return []
        scores = WHOLE * self._whole(counts)
        likely = np.flatnonzero(scores > LEAST)
        for topic in {*topics} & {*self._topics}:
            scores += TOPIC_BOOST * self._topics[topic]
        most = max(NEAREST, limit)
        if len(likely) > most:
            likely = np.sort(likely[np.argpartition(-scores[likely], most)[:most]])
        scores[likely] += WORDING * self._wording(counts, likely) ** STEEP
        if QUOTED.search(text) is None:
            scores -= UNSAID * self._sayings
        hits: list[Hit] = []
        for place in likely[np.argsort(-scores[likely], kind="stable")]:
            if len(hits) == limit and scores[place] + WHEN_BOOST <= hits[-1].score:
                break  # no fact lifts this one, or any after it, over those found
            entry = self._entries[place]
            score = float(scores[place]) + _fits(entry.when, facts or {})
            if score > LEAST:
                hits = sorted([*hits, Hit(entry, score)], key=lambda hit: -hit.score)[:limit]
        return hits

    def _whole(self, counts: Mapping[str, int]) -> np.ndarray:
        """The likeness of a question to each entry as a whole."""
        near = np.zeros(len(self._entries), dtype=np.float32)
        begins, rows, values = self._postings.indptr, self._postings.indices, self._postings.data
        for place, value in zip(*self._wholes.vector(counts), strict=True):
            part = slice(begins[place], begins[place + 1])
            near[rows[part]] += values[part] * np.float32(value)  # an entry stands once among those of a term
        return near

    def _wording(self, counts: Mapping[str, int], entries: np.ndarray) -> np.ndarray:
        """The likeness of a question to the nearest wording of each of some entries."""
        if not len(entries):
            return np.zeros(0, dtype=np.float32)
        sizes = self._firsts[entries + 1] - self._firsts[entries]
        ends = np.cumsum(sizes)
        rows = np.repeat(self._firsts[entries] - (ends - sizes), sizes) + np.arange(ends[-1])
        question = np.zeros(self._wordings.vectors.shape[1], dtype=np.float32)
        places, values = self._wordings.vector(counts)
        question[places] = values
        return np.maximum.reduceat(self._wordings.vectors[rows] @ question, ends - sizes)


def _fits(when: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> float:
    if not when:
        return 0.0
    known = [(facts[f], wanted) for f, wanted in when.items() if f in facts]
    if any(value not in (wanted if isinstance(wanted, (list, tuple)) else [wanted]) for value, wanted in known):
        return -10.0
    if len(known) == len(when):
        return WHEN_BOOST
    return GRAVE_UNKNOWN if any(f in when and f not in facts for f in GRAVE) else WHEN_UNKNOWN
