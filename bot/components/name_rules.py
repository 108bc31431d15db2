"""Rules about names: what a person's name looks like, which words say that one follows, and what names a firm.

They read a half-width text in which whatever halts is a comma (`names.plain`); the lists are in `bot/lexicon/names.yml`
and `offices.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from bot.components import lexicon

HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
Pattern = re.Pattern[str]
_CALLED = re.compile("(?:叫|叫做|名字[是为:]?|姓名[是为:]?|真名是?)$")
_COUNTED = re.compile(r"[\d一二两三四五六七八九十几这那每有半整叠第开写上下本]$")
_STOPS = "(?=[,.:()]|$|[欠不没拖跑说的是在给就也都和跟与让把还打骂从今这]|叫我|一直)"
_CUT = re.compile(  # what stands before the name of a firm in the same breath; to the last of these
    "^.*(?:[一这那哪几两家]家|[一这那几]个|我们|咱们|俺们|你们|他们|她们|自己|全[名称]|名[字称]|"
    "[,.:的了问我你他在叫是去到进给跟和与被让找问告帮替把从向由对说那这该本每各某讨要]|有(?!限))"
)
_AT = re.compile(f"[在给帮]{HAN}{{2,6}}?(?:上班|打工|干活|工作|送)")
_SHOWN = re.compile(
    r"(?:在|给|叫|是|被|跟|和|与|告|^)(?P<name>(?:苏州|江苏|上海|吴中|昆山)[^,、.:\s的我在一那这个说家]{2,16}?(?:有限公司|公司|厂))"
    r"|(?P<full>[^,、.:\s的我在叫是]{2,18}有限(?:责任)?公司)"
)


class _Rules:
    """The patterns that the lists make."""

    def __init__(self, told: dict[str, Any]):
        first, double, never = "".join(told["surnames"]), "|".join(told["double_surnames"]), told["never_given"]
        kinds, ends = "|".join(told["kinds"]), "|".join(told["firms"])
        self.nick = re.compile(f"[小老阿大][{first}]$")
        self.full = re.compile(f"(?:(?:{double}){HAN}{{1,2}}|[{first}][^{never}]{{1,2}})$")
        self.never = re.compile(f"[{never}]")
        self.no_name = re.compile("|".join(told["no_names"]))
        self.foreign = re.compile(f"[{told['foreign_signs']}]{{3,4}}$")
        self.title = re.compile(f"(?:{'|'.join(told['titles'])})$")
        self.told = re.compile(
            f"(?:我叫|名叫|姓名[:是为]?|名字[:是叫为]|本人|(?:{'|'.join(told['holders'])})(?:叫|是|名叫|:)?|"
            f"(?<=[板头长的人他她妈爸公婆弟哥姐妹])叫)[,:]?"
            f"(?P<name>(?:{double}){HAN}{{1,2}}|[{first}](?:(?![{never}]){HAN}){{1,2}}?){_STOPS}"
        )
        self.some = re.compile(f"(?![于全时和应])[{first}]某{{1,2}}")
        self.firm = re.compile(f"(?:{ends})$")
        self.no_firm = re.compile(told["no_firm"])
        self.some_firm = re.compile(f"{HAN}[^,.:]{{1,11}}?(?:{ends})")
        self.kind_of_firm = re.compile(f"(?:{kinds}|{ends}|[A-Za-z甲乙丙])*$")


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    return _Rules(lexicon.read_yaml("names.yml"))


@lru_cache(maxsize=1)
def _offices() -> Pattern:
    rows = (lexicon.FOLDER / "offices.txt").read_text(encoding="utf-8").splitlines()
    words = sorted((row.strip() for row in rows if row.strip() and not row.startswith("#")), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, words))})$")


@lru_cache(maxsize=1)
def towns() -> Pattern:
    """The places of `bot/lexicon/facts/places.txt`."""
    rows = (lexicon.FOLDER / "facts/places.txt").read_text(encoding="utf-8").splitlines()
    words = {row.partition("=")[0].strip() for row in rows if row.strip() and not row.startswith("#")}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def is_place(word: str) -> bool:
    """Whether what was tagged as a place may be one: no single sign, and not a town with other words behind it."""
    town = towns().match(word)
    longer = town and town.end() < len(word) and not re.search("[省市县区州镇乡村街路道桥巷弄里园岛港山湖]$", word)
    return len(word) > 1 and not longer and bool(re.match(HAN, word)) and not re.search("[的不我你他都]", word)


def person(before: str, word: str) -> str | None:
    """The name in a word that may be a person, without its title; None when it is none. `before`: what stands there."""
    rules = _rules()
    word = rules.title.sub("", re.sub("[都也就还又]$", "", word))
    if not 2 <= len(word) <= 4 or not re.fullmatch(f"{HAN}+", word):
        return None
    if rules.nick.match(word):
        return word
    if rules.no_name.match(word) or (word[0] in "张包周" and _COUNTED.search(before)):
        return None
    if rules.foreign.match(word):
        return word
    called = len(word) > 2 and _CALLED.search(before) and not rules.never.search(word)
    return word if called or rules.full.match(word) else None


def people(text: str) -> Iterator[tuple[int, int]]:
    """People by the words before them: 我叫王建国, 老板张德富欠我, 李某."""
    for found in _rules().told.finditer(text):
        if person(text[: found.start("name")], found["name"]):
            yield found.span("name")
    for found in _rules().some.finditer(text):
        yield found.span()


def is_office(name: str) -> bool:
    """Whether a name ends like a public office of `offices.txt`."""
    return bool(_offices().search(name))


def firm(word: str) -> int | None:
    """How many characters stand before the name of a firm that ends `word`; None when it names none (这家电子厂)."""
    found = _rules().firm.search(word)
    if found is None:
        return None
    stem = word[: found.start()]
    cut = _CUT.match(stem)
    left = cut.end() if cut else 0
    stem = stem[left:]
    general = towns().fullmatch(stem) or _rules().kind_of_firm.match(stem) or _rules().no_firm.search(stem)
    return None if len(stem) < 2 or general else left


def may_name_firm(text: str) -> bool:
    """Whether a firm may be named in a text: more before an ending than its kind, or someone works at something."""
    return bool(_AT.search(text)) or any(firm(found[0]) is not None for found in _rules().some_firm.finditer(text))


def ending(name: str) -> str:
    """What a firm's name ends with (有限公司, 厂); empty when it ends otherwise."""
    found = _rules().firm.search(name)
    return found[0] if found else ""


def firms(text: str) -> Iterator[tuple[int, int]]:
    """Firms that show themselves: …有限公司, and what begins with a city of ours and ends in 公司 or 厂."""
    for found in _SHOWN.finditer(text):
        yield found.span("name" if found["name"] else "full")
