"""Towns and trades of a message, from the word lists, by spaCy's EntityRuler over the raw characters.

A trade is told only when the words make it one: somebody works as it (做美容), or the word itself names a worker (美容师).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import spacy
from spacy.language import Language

from base.settings import ROOT

LISTS = ROOT / "bot" / "lexicon" / "facts"
HIDDEN = "-"  # the word hides a trade that is not meant
WORKS_AS = re.compile(r"(?:做|干|当|搞|是|开|学|从事)(?:了|过|着|的是?|一名|个|一个|点|大?[^，。！？]{1,4}[年月天]的?)?$")
IS_ONE = re.compile(r"(?:我|他|她|爸|妈|爹|娘|公|婆|夫|哥|弟|姐|妹|叔|舅|姨|们|友|乡)(?:是|做|干|当|搞|开)[^，。]{0,6}$")
WORKS_IN = re.compile(r"[在给][^，。！？]{1,9}(?:厂|店|公司|小区|食堂|工地|队|园|场|苏州|吴中|物业|医院|人家?)[里内]?$")
OTHERS = re.compile(r"(?:叫|找|请|派|问|跟|和|被|让|比|像|替|换了?|对|骗|不是|而是|老|别的|旁边的?|人家)$")
AGENT = re.compile(
    r"(?:是|做|干|当)(?:的是|的|了|一名|一个|个|[^，。]{0,3}年的?)?(?P<name>[^，。的了是做干当在个一不给请\W\d]{1,3}工)"
    r"(?![作资钱地程伤友人会序艺厂种具头期龄装费])"
)
NO_TRADE = re.compile(
    r"(?:打|员|职|临时|农民|合同|正式|派遣|复|停|小时|童|民|开|完|上|加|施|用|短|长|假|学徒|外包|劳务|罢|返|包|误|赶|怠|竣|动|同|女|男|老|新|手|分|人|全|兼|实习|技|季节|零|散|领|点|监|待|义|顶)工$"
)


@lru_cache(maxsize=1)
def ruler() -> Language:
    """A blank Chinese pipeline (characters as tokens) with an EntityRuler over the word lists."""
    nlp = spacy.blank("zh")
    patterns = [{"label": "city", "pattern": word, "id": "苏州"} for word in _lines("places.txt")]
    for line in _lines("trades.txt"):
        word, _, name = line.partition("=")
        weak, word = word.startswith("~"), word.lstrip("~")
        patterns.append({"label": "weak" if weak else "trade", "pattern": word, "id": name or word})
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    return nlp


def _lines(name: str) -> list[str]:
    text = (LISTS / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def read(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(city or trade, name, start, end): every town, and at most one trade, of a half-width text."""
    best: tuple[int, str, int, int] | None = None
    for entity in ruler()(text).ents:
        start, end, name = entity.start_char, entity.end_char, entity.ent_id_
        if entity.label_ == "city":
            yield "city", name, start, end
        elif name != HIDDEN:
            rank = _rank(text[max(0, start - 14) : start], entity.label_ == "weak")
            if rank is not None and (best is None or rank < best[0]):
                best = (rank, name, start, end)
    if best is None or best[0] > 1:
        best = _agent(text) or best
    if best is not None:
        yield "trade", *best[1:]


def _rank(left: str, weak: bool) -> int | None:
    """How surely the word after `left` is the trade of the one in question: 0 surely; None not at all."""
    if IS_ONE.search(left):
        return 0
    if WORKS_AS.search(left) or WORKS_IN.search(left):
        return 1
    if weak:
        return None
    return 3 if OTHERS.search(left) else 2


def _agent(text: str) -> tuple[int, str, int, int] | None:
    """A worker's name that no list holds: 我是炉前工."""
    match = AGENT.search(text)
    if match is None or NO_TRADE.search(match["name"]):
        return None
    return 1, match["name"], match.start("name"), match.end("name")
