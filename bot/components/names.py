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
OVERLAP = 40  # characters that two parts of a text to be masked share, so that no name is cut
SHORT, LONGEST = 40, 200  # characters of a part that the tagger reads at once; parts are read side by side


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


_HALT = re.compile("[,.:]")


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in parts with their starts: cut behind the last punctuation within SHORT characters or the first after
    them, and without any at LONGEST."""
    start = 0
    while start < len(text):
        end = start + SHORT
        if end < len(text):
            halt = max(text.rfind(mark, start + SHORT // 4, end) for mark in ",.:")
            later = _HALT.search(text, end, start + LONGEST) if halt < 0 else None
            end = halt + 1 if halt > 0 else later.end() if later else start + LONGEST
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
        return _names(text, places, _chosen(list(_by_rule(read))))


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
        if word.tag in ("ORG", "nt") and _works_at(text[: word.start], text[word.start : end], text[end:]):
            yield ORGANISATION, word.start, end
        elif word.tag in _JOINED:
            start = _begin(words, last)
            if start is not None and (left := _organisation(text[start:end])) is not None:
                yield ORGANISATION, start + left, end


def _works_at(before: str, word: str, after: str) -> bool:
    """Whether a firm without 厂 or 公司 in its name is where somebody works: 在海底捞上班."""
    said = re.search("[在给帮进]$", before) and re.match("(?:上班|打工|干活|干了|工作|做|送|当|跑)", after)
    plain_word = name_rules.ending(word) or name_rules.is_office(word)
    return bool(
        (said or re.match("欠我|拖欠", after)) and not plain_word and re.fullmatch(f"{name_rules.HAN}{{2,8}}", word)
    )


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

_ELSEWHERE = re.compile(  # a firm that is not the one worked for
    "(?:买了?|租了?|送到|送去|借给|贷款|对面|隔壁|旁边|附近|门口|朋友|同学|房东|想去|打算去|准备去|应聘|面试|跳槽到?|新找|找了份|新工作|"
    "加盟|投资|存在|保险|路过|住在|转到|客户|病房|送医院?|送进|住进|律师)[^,]{0,4}$"
)
_NEARBY = re.compile(
    "^(?:的?(?:门口|旁边|对面|附近|楼[上下]|隔壁|路口)|招聘|招人|招工|找我去|要不要我|的(?:产品|东西|货|房子|贷款|保险))"
)
_OWES = re.compile(
    "^[^,.]{0,6}(?:欠|拖|赔|不[给发结付开签交买认肯承]|没[给发结付开签交有]|扣|辞|开除|裁|倒闭|关门|搬|停|上班|打工|工作|干|做|当|打扫|洗|端|"
    "的?老板|的?厂长|的?经理|的?工资|一直|[让叫逼把]我|[说让叫]|受伤|摔|压|伤)"
)
_WORKS = re.compile(
    "(?:在|给|帮|进的?|进了|被|介绍我去|派到|派去|单位[:是]?|名称?[:是叫]|公司[:是叫]|厂[:是叫]|告|跟)$"
)
_VISITED = re.compile("(?:店|餐厅|餐馆|饭馆|酒楼|宾馆|旅馆|会所|超市|商场|院|学校|小学|中学|幼儿园|事务所)$")


def employer(text: str) -> Name | None:
    """The firm that a text names as the one its writer works for or is owed by; None when it names none.

    The tagger only reads the parts in which a firm may be named by the rules: one message in fourteen.
    """
    read, places = plain(text[: 2 * MOST])
    spans: list[tuple[int, int]] = []
    for start, part in pieces(read):
        if name_rules.may_name_firm(part):
            spans += [(start + a, start + b) for a, b in _firms(part)]
    weight, start, end = max(((_employs(read, a, b), -a, b) for a, b in spans), default=(0, 0, 0))
    return _names(text, places, [(ORGANISATION, -start, end)])[0] if weight > 0 else None


def _firms(part: str) -> list[tuple[int, int]]:
    """What is named in a part of a text and is no public office."""
    found = (name for name in finder().find(part) if name.kind == ORGANISATION)
    return [(name.start, name.end) for name in found if not name_rules.is_office(name.text)]


def _employs(text: str, start: int, end: int) -> int:
    """How likely the firm at a place is the employer: 0 when nothing says so, 3 when the words on both sides do."""
    before, name, after = text[max(0, start - 12) : start], text[start:end], text[end : end + 16]
    if _ELSEWHERE.search(before) or _NEARBY.match(after):
        return 0
    owes, works = bool(_OWES.match(after)), bool(_WORKS.search(before))
    if _VISITED.search(name) and not owes:
        return 0
    return owes + works + 1 if owes or works or name.endswith(("有限公司", "责任公司", "分公司")) else 0


def mask_names(text: str) -> str:
    """`text` with the people and firms in it starred, as long as before: 王建国 → 王**, 恒达电子厂 → ****厂.

    Offices and places stay. A longer text is read in parts, whole. Numbers are `base.privacy.mask`'s.
    """
    out = list(text)
    for start in range(0, len(text), MOST - OVERLAP):
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
