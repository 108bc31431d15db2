"""The finer facts of a message, by the rules of bot/lexicon/facts/details: overtime by kind of day, an award received, …

A rule names the fact and the words (`at`, a pattern) that state it; `{n}` in the pattern stands for a number, `{d}` for a
date, `{m}` for the name of a month. Staff may add rules; each file is a list:
    {fact, at, [value], [unless], [where], [not_in], [scale], [plus], [low], [high], [reckon], [shared], [list], [map], [spans]}
`value` is what a statement without a number means; `unless` and `where` are patterns that the whole text must not or must
hold, `not_in` one that the clause of the words must not hold; `scale` multiplies the number and `plus` is added (不到3年: −0.5); `low` and `high` bound it;
`reckon` makes one number of all in the words: product (22天，每天2小时), sum, span (the months of 3年2个月), difference (总共28000，给了10000), months (how many are
named: 6月到9月; 10月、11月); `shared` leaves the numbers to the readings of what was paid and worked; `list` gives every name whose pattern is found; `map` gives name → yuan; `spans` gives the months
of each length of time (3年, 2年4个月) in the words found.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from bot.components import dates, lexicon
from bot.components.mention import Mention, tidy
from bot.components.numerals import parse

FOLDER = lexicon.FOLDER / "facts" / "details"
HAN = "一二两俩三四五六七八九十百千万零半"
NUMBER = rf"(?<![\d.{HAN}])(?P<n>\d[\d,]*(?:\.\d+)?[万千百wWkK]?(?:零?\d[千百]|\d)?|(?!一[直起定般样些切旦律])[{HAN}]{{1,8}})"
DATE = "(?<!日)(?P<d>日+)(?!日)"  # a whole run: quick on a text that is all dates
KEYS = {
    "fact",
    "at",
    "value",
    "unless",
    "where",
    "not_in",
    "scale",
    "plus",
    "low",
    "high",
    "reckon",
    "shared",
    "list",
    "map",
    "spans",
}
CLAUSE = re.compile(r"[，。；;！!？?\n]|(?<!\d),|,(?!\d)")
TENTHS = re.compile(r"块(?P<tenths>[1-9一二三四五六七八九])(?![\d十百千万个天件小年月人])")
PART = re.compile(rf"{CLAUSE.pattern}|、")
MONTH_NAME = rf"(?:(?:\d{{1,2}}|[{HAN}]{{1,3}})月份?|上个?月|上上个?月|这个?月|本月)"
MONTH = re.compile(
    rf"(?:(?P<year>\d{{4}})年)?(?P<month>\d{{1,2}}|[{HAN}]{{1,3}})月(?:份)?(?P<to>的?工?资?(?:到|至|—|-|~))?|(?P<rel>上上个?月|上个?月|这个?月|本月)"
)
SPAN = re.compile(
    NUMBER.replace("<n>", "<y>")
    + "年(?:零?"
    + NUMBER.replace("<n>", "<m>")
    + "个?月)?|"
    + NUMBER.replace("<n>", "<o>")
    + "个(?P<half>半)?月"
)
LONGEST_WORK = 60  # years
WEIGHT = 5  # heavier than what the words around a number alone say


@dataclass(frozen=True)
class Rule:
    """One way of stating a fact."""

    fact: str
    at: re.Pattern[str]
    value: Any
    unless: re.Pattern[str] | None
    where: re.Pattern[str] | None
    scale: Decimal
    names: Mapping[str, re.Pattern[str]]
    amounts: Mapping[str, re.Pattern[str]]
    spans: bool = False
    low: Decimal = Decimal(0)
    high: Decimal | None = None
    plus: Decimal = Decimal(0)
    not_in: re.Pattern[str] | None = None
    reckon: str | None = None
    shared: bool = False

    @property
    def dated(self) -> bool:
        """Whether the pattern holds a date."""
        return "d" in self.at.groupindex


def read(plain: str, masked: str, found: Sequence[dates.Found], kinds: Mapping[str, tuple[str, str]]) -> list[Mention]:
    """Each fact that a rule finds, once; rules with a date read the `masked` text, in which a date is a run of 日.

    `kinds` gives each fact's type and unit.
    """
    made: dict[str, Mention] = {}
    days = {one.start: one for one in found}
    for rule in _rules():
        text = masked if rule.dated else plain
        if rule.fact in made or (rule.where and not rule.where.search(text)):
            continue
        if rule.unless and rule.unless.search(text):
            continue
        mention = next(_mentions(rule, text, days, kinds[rule.fact]), None)
        if mention is not None:
            made[rule.fact] = mention
    return list(made.values())


def _mentions(rule: Rule, text: str, days: Mapping[int, dates.Found], kind: tuple[str, str]) -> Iterator[Mention]:
    for match in rule.at.finditer(text):
        start, end = match.span()
        if rule.not_in and rule.not_in.search(_clause(text, start, end)):
            continue
        value = _value(rule, match, text, days if kind[0] == "date" else {})
        if value is None:
            continue
        number = _group(match, "n")
        if number and rule.reckon is None and not rule.shared:
            start, end = match.span(number)
        if rule.amounts:
            start, end = _extent(rule, text) or (start, end)
        yield Mention(rule.fact, kind[0], value, start, end, kind[1], {}, WEIGHT, rule.shared)


def _clause(text: str, start: int, end: int) -> str:
    """The words from the last punctuation mark (、 too) before [start, end) to the first one after it."""
    left = max((m.end() for m in PART.finditer(text, 0, start)), default=0)
    right = PART.search(text, end)
    return text[left : right.start() if right else len(text)]


def _extent(rule: Rule, text: str) -> tuple[int, int] | None:
    """From the first to the last of the sums that a rule names."""
    found = [match for at in rule.amounts.values() if (match := at.search(text))]
    spans = [match.span(_group(match, "n") or 0) for match in found]
    return (min(s for s, _ in spans), max(e for _, e in spans)) if spans else None


def _value(rule: Rule, match: re.Match[str], text: str, days: Mapping[int, dates.Found]) -> Any:
    """What the rule's words come to; None when they come to nothing."""
    if rule.names:
        return [name for name, at in rule.names.items() for _ in range(_how_many(at, text))] or None
    if rule.amounts:
        named = {name: at.search(text) for name, at in rule.amounts.items()}
        sums = {name: _sum_of(found) for name, found in named.items() if found}
        return {k: tidy(v) for k, v in sums.items() if v is not None} or None
    if rule.spans:
        months = [m for found in SPAN.finditer(match[0]) if (m := _months(found))]
        return _stretches(months)
    day, amount = _group(match, "d"), _group(match, "n")
    if day and not amount:
        found_date = days.get(match.start(day))
        return None if found_date is None else found_date.value
    if rule.reckon or amount:
        number = _reckoned(rule, match) if rule.reckon else _amount(match, amount or "", text)
        if number is None or number < rule.low or (rule.high is not None and number > rule.high):
            return None
        return tidy(number * rule.scale + rule.plus)
    return rule.value


def _sum_of(found: re.Match[str]) -> Decimal | None:
    """The sum that stands with a name; 1 for a name without one (确认劳动关系)."""
    numbered = any(g.startswith("n") for g in found.re.groupindex)
    return _number(found[_group(found, "n") or 0]) if numbered else Decimal(1)


def _stretches(months: list[int | float]) -> list[int | float] | None:
    """Two or three lengths of time that follow each other; the whole that is told beside its two parts is left out."""
    if len(months) == 3 and max(months) * 2 == sum(months):
        months = [m for m in months if m != max(months)]
    return months if len(months) in (2, 3) else None


def _amount(match: re.Match[str], group: str, text: str) -> Decimal | None:
    """The number of a group, with the half or the tenths that follow it (7个半月, 两年半, 1块2)."""
    number = _number(match[group])
    after = text[match.end(group) :]
    if number is not None and after.startswith(("个半", "年半", "天半", "月半")):
        return number + Decimal("0.5")
    cents = TENTHS.match(after)
    if number is not None and cents:
        return number + (_number(cents["tenths"]) or Decimal(0)) / 10
    return number


def _reckoned(rule: Rule, match: re.Match[str]) -> Decimal | None:
    """One number of all that the words hold; None where it makes no sense."""
    if rule.reckon == "months":
        return _months_named(match[0])
    if rule.reckon == "span":
        return Decimal(str(sum(_months(found) for found in SPAN.finditer(match[0])))) or None
    groups = [g for g in match.re.groupindex if g.rstrip("0123456789") == "n" and match[g]]
    numbers = [_amount(match, g, match.string) for g in groups]
    known = [n for n in numbers if n is not None]
    if len(known) < 2:
        return None
    if rule.reckon == "product":
        return math.prod(known, start=Decimal(1))
    if rule.reckon == "sum":
        return sum(known, Decimal(0))
    return known[0] - sum(known[1:]) if known[0] > sum(known[1:]) else None


def _months_named(text: str) -> Decimal | None:
    """How many months are named one by one (10月、11月) or as a span (6月到9月, over New Year too); one alone is none."""
    named, count, open_from = 0, 0, None
    for found in MONTH.finditer(text):
        number = _number(found["month"]) if found["month"] else Decimal(1)
        if number is None or not 1 <= number <= 12:
            return None
        named += 1
        count += 1 if open_from is None else int(number - open_from) % 12
        open_from = number if found["to"] else None
    return Decimal(count) if named > 1 and count > 1 else None


def _how_many(at: re.Pattern[str], text: str) -> int:
    """How many are told; what a counted word says again (两个孩子 …, 孩子还小) is not counted twice."""
    found = list(at.finditer(text))
    counted = [match[0] for match in found if _group(match, "n")]
    return sum(_times(m) for m in found if _group(m, "n") or not any(c.endswith(m[0]) for c in counted))


def _times(found: re.Match[str]) -> int:
    """How many of them: 两个孩子 is two; at most ten."""
    amount = _group(found, "n")
    number = _number(found[amount]) if amount else None
    return 1 if number is None else max(1, min(int(number), 10))


def _months(found: re.Match[str]) -> int | float:
    years, months, alone = (_number(found[g]) if found[g] else None for g in "ymo")
    half = Decimal("0.5") if found["half"] else Decimal(0)
    if years is not None and years > LONGEST_WORK:
        return 0  # 2017年 is a date
    return tidy((years or Decimal(0)) * 12 + (months or Decimal(0)) + (alone or Decimal(0)) + half)


def _number(text: str) -> Decimal | None:
    if text == "半":
        return Decimal("0.5")
    return parse(text)


def faults(facts: Iterable[str]) -> list[str]:
    """What is wrong in the rules: the first that cannot be read, or each one that states none of `facts`; for editors."""
    try:
        _rules()
    except ValueError as error:
        return [f"{error}"]
    known = set(facts)
    rows = ((path, *row) for path in sorted(FOLDER.glob("*.yml")) for row in enumerate(lexicon.read_list(path), 1))
    return [f"{path.name}, rule {n}: no fact {row['fact']!r}" for path, n, row in rows if row["fact"] not in known]


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the files. Raises ValueError that names the file and the row of a wrong one."""
    made = []
    for path in sorted(FOLDER.glob("*.yml")):
        for place, row in enumerate(lexicon.read_list(path), 1):
            try:
                made.append(_rule(row))
            except (KeyError, TypeError, re.error, ValueError) as error:
                raise ValueError(f"{path.name}, rule {place}: {error}") from None
    return tuple(made)


def _rule(row: Mapping[str, Any]) -> Rule:
    unknown = set(row) - KEYS
    if unknown:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    if row.get("reckon", "product") not in ("product", "difference", "sum", "months", "span"):
        raise ValueError(f"cannot reckon {row['reckon']!r}")
    names = {name: _pattern(at) for name, at in (row.get("list") or {}).items()}
    amounts = {name: _pattern(at) for name, at in (row.get("map") or {}).items()}
    return Rule(
        fact=row["fact"],
        at=_pattern(row["at"]),
        value=row.get("value"),
        unless=_pattern(row["unless"]) if row.get("unless") else None,
        where=_pattern(row["where"]) if row.get("where") else None,
        scale=Decimal(str(row.get("scale", 1))),
        names=names,
        amounts=amounts,
        spans=bool(row.get("spans")),
        low=Decimal(str(row.get("low", 0))),
        high=Decimal(str(row["high"])) if "high" in row else None,
        not_in=_pattern(row["not_in"]) if row.get("not_in") else None,
        reckon=row.get("reckon"),
        shared=bool(row.get("shared")) or row.get("reckon") == "difference",
        plus=Decimal(str(row.get("plus", 0))),
    )


def _pattern(text: str) -> re.Pattern[str]:
    """A rule's pattern with its numbers (groups n, n1, n2 …), dates (d, d1 …) and months filled in."""
    text = text.replace("{m}", MONTH_NAME)
    for mark, meant in (("n", NUMBER), ("d", DATE)):
        parts = text.split("{" + mark + "}")
        text = parts[0]
        for place, part in enumerate(parts[1:]):
            text += meant.replace(f"<{mark}>", f"<{mark}{place or ''}>") + part
    return re.compile(text)


def _group(match: re.Match[str], mark: str) -> str | None:
    """The name of the first number or date that stands in the match."""
    return next((g for g in match.re.groupindex if g.rstrip("0123456789") == mark and match[g]), None)
