"""Words that voice or pinyin input misheard, mended by their sound: 公资 → 工资, 合童 → 合同, 工商认定 → 工伤认定.

A stretch that sounds (or, for a few characters, looks) like a term of `bot/lexicon/homophones.txt` becomes that term if
the sentence then reads clearly better: the words around are weighed by how common they are (jieba's dictionary and our
own), as a listener would. Names, numbers and words that are right as they stand are left alone, and so is what could be
two terms. Length never changes, so every character keeps its place.
"""

from __future__ import annotations

import math
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import jieba

from bot.components import lexicon

FILES = ("homophones.txt", "confusions.txt", "jieba/domain.txt")
VOWELS = frozenset("aeiouv")
READ = 500  # characters of a text that are mended
AROUND = 6  # characters on either side that are weighed with a word
LONGEST_WORD = 6
LONGEST = 5  # characters of a term
CORPUS = math.log(60_000_000)  # words that jieba's dictionary was counted from
COMMON = 5  # a stretch that is a word of its own with more than this count is right as it stands
CUT = 100  # a word with more than this count should not be torn apart
RARE = 300  # least count of a term
GAIN = 4.5  # how much likelier (log) the mended sentence must be
OTHER_TONE, RESEMBLING, TORN = 1.5, 4.0, 3.0  # more where the tone differs, a sound only resembles, a word is torn


class Term(NamedTuple):
    """A right word: its characters, the sound of each, and the sounds as careless ears hear them."""

    text: str
    sounds: tuple[str, ...]
    heard: tuple[str, ...]


class Slip(NamedTuple):
    """A stretch that should be a term, and how much likelier the sentence then is."""

    start: int
    right: str
    gain: float
    resembling: int


@lru_cache(maxsize=8)  # the classifier and the reader of facts ask for the same message
def repair(text: str) -> str:
    """The text with misheard terms in their right form, as far as it is read; as long as it was."""
    signs = list(text)
    for slip in slips(text):
        signs[slip.start : slip.start + len(slip.right)] = slip.right
    return "".join(signs)


def slips(text: str) -> list[Slip]:
    """What `repair` mends, in order and apart from one another: the longest, then the surest where two overlap."""
    found = list(_candidates(text))
    if not found:
        return []
    kept: list[Slip] = []
    for slip in sorted(found, key=lambda s: (-len(s.right), -s.gain)):
        end = slip.start + len(slip.right)
        if all(end <= other.start or other.start + len(other.right) <= slip.start for other in kept):
            kept.append(slip)
    return sorted(kept)


def terms() -> frozenset[str]:
    """Every term that is mended into."""
    return frozenset(term.text for alike in _ears().index.values() for term in alike)


def sounds(sign: str) -> tuple[str, ...]:
    """The sounds of a character without tones, the commonest first; empty where it has none."""
    return _ears().sounds[sign]


def _candidates(text: str) -> Iterator[Slip]:
    """Every stretch of the first `READ` characters that should be a term, overlaps included."""
    ears, text = _ears(), text[:READ]
    heard = [ears.heard[sign] for sign in text]
    for start in range(len(text) - 1):
        for first in heard[start]:
            for second in heard[start + 1]:
                if alike := ears.index.get((first, second)):
                    yield from _meant(text, start, [term for term in alike if _sounds_like(heard, start, term)])


def _sounds_like(heard: list[tuple[str, ...]], start: int, term: Term) -> bool:
    """Whether the sounds from `start` on are the term's; its first two are known to be."""
    if start + len(term.heard) > len(heard):
        return False
    return all(sound in heard[start + place] for place, sound in enumerate(term.heard[2:], 2))


def _meant(text: str, start: int, terms: list[Term]) -> Iterator[Slip]:
    """The terms that stand at `start` under another spelling: for each length the only or the closest one, if it is so."""
    right = max((len(term.text) for term in terms if text.startswith(term.text, start)), default=0)
    by_length: dict[int, list[Slip]] = defaultdict(list)
    for term in terms:
        slip = _weighed(text, start, term) if len(term.text) > right else None
        if slip is not None:
            by_length[len(term.text)].append(slip)
    for same in by_length.values():
        closest = min(slip.resembling for slip in same)
        chosen = {slip.right: slip for slip in same if slip.resembling == closest}
        if len(chosen) == 1:
            yield from chosen.values()


def _weighed(text: str, start: int, term: Term) -> Slip | None:
    """The slip, or None where the stretch must stay as it is."""
    end = start + len(term.text)
    stretch = text[start:end]
    other = [place for place, sign in enumerate(term.text) if stretch[place] != sign]
    if len(other) > len(term.text) / 2 or not all(_may_change(stretch[p], term.text[p], len(stretch)) for p in other):
        return None
    if _frequency(stretch) > COMMON or _is_name(text, start, end, stretch, other):
        return None
    pairs = [(stretch[place], term.text[place], term.sounds[place]) for place in other]
    if not all(_ears().alike(*pair) for pair in pairs):
        return None
    resembling = sum(not _ears().exact(*pair) for pair in pairs)
    toned = all(_ears().tones[wrong] == _ears().tones[right] for wrong, right, _ in pairs)
    needed = GAIN + RESEMBLING * resembling + OTHER_TONE * (not toned) + TORN * _torn(text, start, end, other)
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    gain = likely(before + term.text + after) - likely(before + stretch + after)
    return Slip(start, term.text, gain, resembling) if gain >= needed else None


# -- what stays as it is -------------------------------------------------------

NUMERALS = frozenset("零一二三四五六七八九十百千万亿两俩仨半几0123456789〇壹贰叁肆伍陆柒捌玖拾")
NEGATIONS = frozenset("不没未无别")
SURNAMES = frozenset(
    "张李王刘陈杨赵吴徐孙朱胡郭何罗郑梁宋唐邓冯韩曹曾彭萧蔡潘袁董苏吕魏蒋杜沈姜范傅钟卢汪戴崔廖姚邱谭韦贾邹孟秦阎薛侯雷郝孔邵毛"
    "顾赖康贺严尹龚裴祝倪柯翁骆尤聂庞樊殷施"
)
CALLED = re.compile(r"(?:姓|名叫|叫做|名字[叫是]?|叫|[老小阿](?=.$)|微信名|昵称)$")
BEFORE_SURNAME = re.compile(r"(?:^|[^\w]|叫|是|找|给|跟|和|被|老板|经理|主任|厂长|工头|同事|工友|老乡|师傅|律师|法官)$")
TITLE = re.compile(r"先生|女士|小姐|师傅|主任|老师|经理|总[,，。说]")
FIRM = re.compile(
    r"[\u4e00-\u9fff]{0,4}(?:有限|集团|科技|实业|置业|电子|机械|塑胶|五金|服饰|建筑|建设|建材|装饰|物业|餐饮|酒店|物流|贸易|商贸|精密)"
    r"|(?:镇|村|路|街道|小区|花园|广场|大厦)"
)


def _torn(text: str, start: int, end: int, other: list[int]) -> int:
    """How many words mending would tear: common ones across an edge, and a right word with one more (仲裁停)."""
    across = any(_frequency(text[edge - 1 : edge + 1]) > CUT for edge in (start, end) if 0 < edge < len(text))
    last = other == [end - start - 1] and end - start > 2 and _frequency(text[end - 1]) > 10 * CUT
    return across + 2 * (last and _frequency(text[start : end - 1]) > COMMON)


def _may_change(wrong: str, right: str, length: int) -> bool:
    """Whether a character of a stretch may become another: no number, and no 不 but in a long term (经济不偿)."""
    if right in NUMERALS or wrong in NUMERALS or right in NEGATIONS:
        return False
    return wrong not in NEGATIONS or length > 2


def _is_name(text: str, start: int, end: int, stretch: str, other: list[int]) -> bool:
    """Whether a stretch is, or is part of, the name of a person, firm or place."""
    before = text[max(0, start - 4) : start]
    if CALLED.search(before) or FIRM.match(text, end) or any(stretch[place] in SURNAMES for place in other):
        return True
    if before and before[-1] in SURNAMES and BEFORE_SURNAME.search(before[:-1]):
        return True
    if len(before) > 1 and before[-2] in SURNAMES and before[-1] not in "总哥姐工叔姨" and not _frequency(before[-2:]):
        return True
    return bool(TITLE.match(text, end)) and stretch[0] in SURNAMES


# -- how likely a stretch of text is -------------------------------------------


def likely(text: str) -> float:
    """Log probability of a text as independent words, cut in the best way."""
    best = [0.0]
    for end in range(1, len(text) + 1):
        ways = (
            best[start] + math.log(_frequency(text[start:end]) or 1) - CORPUS
            for start in range(max(0, end - LONGEST_WORD), end)
            if end - start == 1 or _frequency(text[start:end])
        )
        best.append(max(ways))
    return best[-1]


def _frequency(word: str) -> int:
    return _ears().own.get(word) or jieba.dt.FREQ.get(word) or 0


# -- sounds --------------------------------------------------------------------


class Confusions:
    """What `confusions.txt` lists: syllables that sound alike, look-alikes, and second readings of characters."""

    def __init__(self, lines: Iterable[str]):
        self.shapes: dict[str, str] = defaultdict(str)
        self.readings: dict[str, list[str]] = defaultdict(list)
        self._begin: list[tuple[str, str]] = []
        self._end: list[tuple[str, str]] = []
        self._whole: dict[str, str] = {}
        for line in lines:
            self._take(*line.split())

    def _take(self, first: str, second: str) -> None:
        if not first.isascii():
            if second.isascii():
                self.readings[first].append(second)
            else:
                self.shapes[first] += second
        elif first.startswith("-"):
            self._end.append((first[1:], second[1:]))
        elif set(first) & VOWELS:
            self._whole[first] = second
        else:
            self._begin.append((first, second))

    def fold(self, sound: str) -> str:
        """The sound that stands for all that are taken for it."""
        sound = self._whole.get(sound, sound)
        for first, second in self._begin:
            if sound.startswith(first):
                sound = second + sound[len(first) :]
                break
        for first, second in self._end:
            if sound.endswith(first):
                return sound[: -len(first)] + second
        return sound


class Tones(dict[str, str]):
    """Character → its first reading, with the tone; looked up once."""

    def __init__(self, readings: dict[int, str]):
        super().__init__()
        self._readings = readings

    def __missing__(self, sign: str) -> str:
        told = self._readings.get(ord(sign))
        if told is None:
            return ""
        self[sign] = told.split(",")[0]
        return self[sign]


class Sounds(dict[str, tuple[str, ...]]):
    """Character → its sounds without tones; looked up once."""

    def __init__(self, tones: Tones, confusions: Confusions):
        super().__init__()
        self._tones, self._more = tones, confusions.readings

    def __missing__(self, sign: str) -> tuple[str, ...]:
        told = self._tones[sign]
        if not told:
            return ()
        self[sign] = tuple(dict.fromkeys([toneless(told), *self._more.get(sign, ())]))
        return self[sign]


class Heard(dict[str, tuple[str, ...]]):
    """Character → its sounds as careless ears hear them, and those of the character that it is taken for by its shape."""

    def __init__(self, sounds: Sounds, confusions: Confusions):
        super().__init__()
        self._sounds, self._confusions = sounds, confusions

    def __missing__(self, sign: str) -> tuple[str, ...]:
        signs = sign + self._confusions.shapes.get(sign, "")
        found = tuple(dict.fromkeys(self._confusions.fold(sound) for one in signs for sound in self._sounds[one]))
        if found:
            self[sign] = found
        return found


def toneless(reading: str) -> str:
    """A reading without its tone; ü is v: nǚ → nv."""
    plain = reading.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v").replace("ǚ", "v").replace("ǜ", "v")
    return "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))


class Ears:
    """The terms by their first two sounds, and what is needed to hear them."""

    def __init__(self) -> None:
        self._confusions = Confusions(lexicon.lines("confusions.txt"))
        self.tones = Tones(_readings())
        self.sounds = Sounds(self.tones, self._confusions)
        self.heard = Heard(self.sounds, self._confusions)
        self.heard.update({chr(code): () for code in range(128)})
        self.own = _own_words()
        self.index: dict[tuple[str, str], list[Term]] = defaultdict(list)
        for entry in " ".join(lexicon.lines("homophones.txt")).split():
            term = self._term(entry.removeprefix("="))
            self.own.setdefault(term.text, max(RARE, jieba.dt.FREQ.get(term.text) or 0))
            if not entry.startswith("="):
                self.index[term.heard[0], term.heard[1]].append(term)

    def exact(self, wrong: str, right: str, sound: str) -> bool:
        """Whether a character has the sound of the right one, but for the tone, or is listed as its look-alike."""
        return sound in self.sounds[wrong] or right in self._confusions.shapes.get(wrong, "")

    def alike(self, wrong: str, right: str, sound: str) -> bool:
        """Whether careless ears or eyes take one character for the other; not by way of a third."""
        fold = self._confusions.fold
        return self.exact(wrong, right, sound) or fold(sound) in map(fold, self.sounds[wrong])

    def _term(self, entry: str) -> Term:
        """调(tiao)休 as a term. Raises ValueError where it is too short, too long or has a character without a sound."""
        parts = re.findall(r"(.)(?:\(([a-z]+)\))?", entry)
        text = "".join(sign for sign, _ in parts)
        sounds = tuple(told or next(iter(self.sounds[sign]), "") for sign, told in parts)
        if not 2 <= len(text) <= LONGEST or not all(sounds):
            raise ValueError(f"bot/lexicon/homophones.txt: {entry} must be two to five Chinese characters")
        return Term(text, sounds, tuple(map(self._confusions.fold, sounds)))


@lru_cache(maxsize=1)
def _ears() -> Ears:
    """All of it, read once."""
    if not jieba.dt.initialized:
        jieba.dt.initialize()
    return Ears()


def _readings() -> dict[int, str]:
    """pypinyin's table of characters, without its 2.5 MB of phrases, which nobody needs here."""
    switches = ("PYPINYIN_NO_PHRASES", "PYPINYIN_NO_DICT_COPY")
    os.environ.update(dict.fromkeys(switches, "true"))
    from pypinyin.pinyin_dict import pinyin_dict

    for switch in switches:
        del os.environ[switch]
    return pinyin_dict


def _own_words() -> dict[str, int]:
    """The words of our own dictionary with their counts, but for known misspellings."""
    told = (line.split() for line in lexicon.lines("jieba/domain.txt"))
    return {word: int(count) for word, count, *_ in told if word not in lexicon.slips()}
