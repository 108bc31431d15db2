"""Finds people, organisations and places in a message, for the name of an employer and for masking.

Two finders behind one Protocol: the tagger of `lac` with rules around it, and the rules alone when the tagger's files
are missing or others than those that were pinned. Spans are places in the raw text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from base.logs import get_log
from base.privacy import mask_name
from bot.components import lac, lexicon, name_rules

PERSON, ORGANISATION, PLACE = "person", "organisation", "place"
MOST = 1_000  # characters of a text that the tagger reads (30 ms); the rules read all
LONGEST = 40  # characters that the tagger reads at once; a longer text is cut at punctuation and its parts side by side


@dataclass(frozen=True)
class Name:
    """A name in a text: its kind, its characters and where they stand."""

    kind: str
    text: str
    start: int
    end: int


class NameFinder(Protocol):
    """Finds the names of a text, in order of their places, without overlap; never raises for a text."""

    def find(self, text: str) -> list[Name]:
        """The names in `text` with raw offsets."""
        ...


# -- the text that is read -------------------------------------------------------

_HALTS = frozenset("，。、；！？…,;!?~～\n\r“”\"'‘’「」『』《》〈〉【】[]{}｛｝·•|")


@lru_cache(maxsize=8192)
def _seen(char: str) -> str:
    """A character as the finders read it: half-width, simplified; all that halts is a comma, what is unseen nothing."""
    if char in _HALTS:
        return ","
    category = unicodedata.category(char)
    if char.isspace() or category[0] == "C" or category in ("Mn", "Me"):
        return ""
    if category in ("So", "Sk"):
        return ","  # emoji
    half = unicodedata.normalize("NFKC", char)
    return half.translate(lexicon.traditional()) if len(half) == 1 else char


def plain(text: str) -> tuple[str, list[int]]:
    """The text as it is read, and the raw place of each of its characters."""
    made: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        seen = _seen(char)
        if seen and not (seen == "," and made and made[-1] == ","):
            made.append(seen)
            places.append(place)
    return "".join(made), places


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in parts of at most LONGEST characters with their starts, cut behind punctuation where there is some."""
    start = 0
    while start < len(text):
        end = start + LONGEST
        if end < len(text):
            halt = max(text.rfind(mark, start + LONGEST // 4, end) for mark in ",.:")
            end = halt + 1 if halt > 0 else end
        yield start, text[start:end]
        start = end


# -- the finders -----------------------------------------------------------------

Span = tuple[str, int, int]  # kind, start, end
_PROPER = frozenset(("ORG", "nt", "nz", "nr", "nw", "PER", "LOC", "ns"))
_JOINED = _PROPER | {"n", "vn", "an"}
_HAN = re.compile(name_rules.HAN)


class RuleFinder:
    """Names that the words around them or their own form give away."""

    def find(self, text: str) -> list[Name]:
        """The names in `text`."""
        read, places = plain(text)
        return _names(text, places, _chosen(_by_rule(read)))


class LacFinder:
    """What the tagger calls a name, where it looks like one, and what the rules find besides. Raises lac.Unfit."""

    def __init__(self, folder: Path | None = None, sums: Mapping[str, str] | None = None):
        self._tagger = lac.Tagger(folder, sums)

    def find(self, text: str) -> list[Name]:
        """The names in `text`; beyond MOST characters only by the rules."""
        read, places = plain(text)
        spans = _chosen([*self._by_tagger(read), *_by_rule(read)])
        return _names(text, places, _chosen([*spans, *_again(read, spans)]))

    def _by_tagger(self, text: str) -> Iterator[Span]:
        parts = [(start, part) for start, part in pieces(text[:MOST]) if _HAN.search(part)]
        different = list(dict.fromkeys(part for _, part in parts))
        tags = dict(zip(different, self._tagger.tag(different), strict=True))
        for start, part in parts:
            for kind, a, b in _spans(part, _words(tags[part])):
                yield kind, start + a, start + b


@dataclass(frozen=True)
class _Word:
    """Characters that were tagged as one word."""

    tag: str
    start: int
    end: int


def _words(tags: Sequence[str]) -> list[_Word]:
    found: list[_Word] = []
    for place, tag in enumerate(tags):
        kind, _, role = tag.partition("-")
        if role == "I" and found and found[-1].tag == kind:
            found[-1] = _Word(kind, found[-1].start, place + 1)
        else:
            found.append(_Word(kind, place, place + 1))
    return found


def _spans(text: str, words: Sequence[_Word]) -> Iterator[Span]:
    """Organisations, people and places among the words of a text."""
    for last, word in enumerate(words):
        end = word.end
        if word.tag == "PER":
            name = name_rules.person(text[: word.start], text[word.start : end])
            if name and not name_rules.towns().fullmatch(name):
                yield PERSON, word.start, word.start + len(name)
        elif word.tag == "LOC" and name_rules.is_place(text[word.start : end]):
            yield PLACE, word.start, end
        if word.tag in _JOINED:
            start = _begin(words, last)
            if start is not None and (left := _organisation(text[start:end])) is not None:
                yield ORGANISATION, start + left, end


def _begin(words: Sequence[_Word], last: int) -> int | None:
    """Where the run of names and nouns that ends with a word has its first name; None when there is none."""
    first = None
    for word in reversed(words[: last + 1]):
        if word.tag not in _JOINED:
            break
        first = word.start if word.tag in _PROPER else first
    return first


def _organisation(word: str) -> int | None:
    left = name_rules.firm(word)
    return 0 if left is None and len(word) > 2 and name_rules.is_office(word) else left


def _by_rule(text: str) -> Iterator[Span]:
    for start, end in name_rules.people(text):
        yield PERSON, start, end
    for start, end in name_rules.firms(text):
        if (left := name_rules.firm(text[start:end])) is not None:
            yield ORGANISATION, start + left, end
    for found in name_rules.towns().finditer(text):
        yield PLACE, *found.span()


def _again(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """The other places at which people and firms that were found are named."""
    for kind, word in {(kind, text[a:b]) for kind, a, b in spans if kind != PLACE}:
        for found in re.finditer(re.escape(word), text):
            yield kind, *found.span()


_RANK = {ORGANISATION: 0, PERSON: 1, PLACE: 2}


def _chosen(spans: Sequence[Span]) -> list[Span]:
    """Spans without overlap, in order: organisations before people before places, the longer before the shorter."""
    kept: list[Span] = []
    taken: set[int] = set()
    for kind, start, end in sorted(spans, key=lambda s: (_RANK[s[0]], s[1] - s[2], s[1])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            kept.append((kind, start, end))
    return sorted(kept, key=lambda s: s[1])


def _names(text: str, places: Sequence[int], spans: Sequence[Span]) -> list[Name]:
    made = []
    for kind, start, end in spans:
        a, b = places[start], places[end - 1] + 1
        made.append(Name(kind, text[a:b], a, b))
    return made


@lru_cache(maxsize=1)
def finder() -> NameFinder:
    """The finder of this process: the tagger's where its files are as pinned, else (with a warning) the rules'."""
    try:
        return LacFinder()
    except lac.Unfit as error:
        get_log("names").warning("names_by_rules_only", reason=str(error))
        return RuleFinder()


# -- what they are used for ------------------------------------------------------


def mask_names(text: str) -> str:
    """`text` with the people and firms in it starred, as long as before: 王建国 → 王**, 恒达电子厂 → ****厂.

    Offices and places stay. A longer text is read in parts, whole. Numbers are `base.privacy.mask`'s.
    """
    out = list(text)
    for start in range(0, len(text), MOST):
        for name in finder().find(text[start : start + MOST]):
            out[start + name.start : start + name.end] = _starred(name)
    return "".join(out)


def _starred(name: Name) -> str:
    if name.kind == PERSON:
        return mask_name(name.text)
    if name.kind == ORGANISATION and not name_rules.is_office(name.text):
        end = name_rules.ending(name.text)
        return "*" * (len(name.text) - len(end)) + end
    return name.text
