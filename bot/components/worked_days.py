"""The days on which somebody says they worked overtime: 10月3号, 5月1号、2号和3号, 初一到初三, 除夕, 上周日, with the hours if told.

Hours of work (上班8小时) are those of the `whole` day, hours of 加班 those beyond it.
Which kind of day each is, the calendar of knowledge/ decides. A date counts only where work stands beside it; a feast
without a day (国庆3天) is left to the rules of lexicon/facts/details. In doubt nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.components import dates
from bot.components.details import CLAUSE
from bot.components.mention import Mention, tidy
from bot.components.numerals import chinese, parse

ABOUT = re.compile(
    r"加班|值班|补休|调休|三倍|两倍|几倍|国庆|五一|劳动节|春节|过年|大年|除夕|年三十|初[一二三四五六七八]|元旦|清明|端午|中秋|节假日|法定|"
    r"[一半整全]天[^，。]{0,4}没[补调休]|轮到"
)
WORK = re.compile(
    r"上班|加班|加了|值班|值了|上了|(?:上|干|做)满?\d{1,2}个?(?:小时|钟头)|干了|做了|开工|复工|轮到|在岗|守着?|看[门场]|[夜白晚]班|顶班|(?:连着?|都|也|还|照常|正常)上|没(?:休|歇)|(?:叫|让|喊)我?[来去回]"
)
PLAIN = re.compile(
    r"加班|加了|值班|轮到|没[休歇]|国庆|五一|劳动节|春节|过年|大年|除夕|三十|初[一二三四五六七八]|元旦|清明|端午|中秋|周|星期|礼拜|天|小时|钟头"
)
FULL = re.compile(r"[一整全两三四五六七]天|天天|上班|值班|开工|复工|[夜白晚]班|一个班|上了班|轮到")
NOT = re.compile(
    r"^(?:起|开始|就|才|那天)?(?:入职|进[厂公]|进的|来的|去的|离职|辞|走|离开|到期|期满|到现在|至今|为止|被|签|[给安][^，。]{0,4}(?:补休|调休)|补休|调休|放假|发工资|之前|以前|前)"
)
OTHER = re.compile(r"平时|平常|工作日|周末|双休|每周|晚上|休息日|月薪|工资|基数")
NUMBER = r"(?:\d{1,2}(?:\.\d)?|[一二两三四五六七八九十半]{1,3})"
HOURS = re.compile(
    rf"(?P<all>一共|总共|合计|加起来)?[^，。\d一二两三四五六七八九十]{{0,4}}(?P<n>{NUMBER})个?(?:小时|钟头|钟(?!点))"
)
HALF = re.compile(r"半天")
VOID = re.compile(r"不肯|不愿|拒绝|没去|不想|开除|辞退|被辞|解除|[\d一二三四五六七八九十]点")
RANGE_OF = re.compile(r"^ *(?:到|至|-|—|~|–)")
INTO = re.compile(r"(?:到|至|-|—|~|–) *$")
_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_JOIN = r"(?:、|，|,|和|跟|及|还有|到|至|-|—|~|–)"
LIST = re.compile(
    rf"(?:(?P<year>20\d\d)年|(?P<rel>今年|去年|前年)的?)?(?<![年\d])(?P<month>{_N})月(?P<days>{_N}[号日]?(?:{_JOIN}(?:{_N}月)?{_N}[号日]?)+)(?<=[号日])"
)
LUNAR = re.compile(
    r"(?:(?P<year>20\d\d)年|(?P<rel>今年|去年|前年))?的?(?:春节|过年)?"
    rf"(?P<days>(?:(?:正月|大年|年)?初[一二三四五六七八]|除夕|(?:大年|年)三十)(?:{_JOIN}(?:(?:正月|大年|年)?初[一二三四五六七八]|除夕))*)"
)
ITEM = re.compile(
    rf"(?P<join>{_JOIN})?(?:(?P<month>{_N})月)?(?:(?:正月|大年|年)?初)?(?P<day>除夕|(?:大年|年)三十|{_N})[号日]?"
)
FEAST_YEAR = re.compile(r"国庆|五一|元旦|劳动节")
BACK = {"今年": 0, "去年": 1, "前年": 2}
SPLIT = re.compile(rf"{CLAUSE.pattern}|、(?![\d一二三四五六七八九十初])")
MOST = 9  # days that one list may name: the longest holiday week


@dataclass(frozen=True)
class Read:
    """The days as one mention, and the stretches of text that they use up."""

    mention: Mention
    used: tuple[tuple[int, int], ...]

    def covers(self, mention: Mention) -> bool:
        """Whether another reading stands on the same words, and says the same day or hours in another way."""
        inside = any(a <= mention.start and mention.end <= b for a, b in self.used)
        return inside and mention.kind in ("number", "count", "duration", "date")


def read(plain: str, found: Sequence[dates.Found], today: date) -> Read | None:
    """The days worked in a half-width text, or None; `found` are the dates that stand in it."""
    if not ABOUT.search(plain):
        return None
    days: dict[date, dict[str, Any]] = {}
    used: list[tuple[int, int]] = []
    first = last = None
    for start, end, group in _named(plain, found, today):
        told = _told(plain, start, end, len(group))
        if told is None:
            continue
        hours, stretch = told
        used += stretch
        first, last = (start if first is None else first), end
        whole = not any("加" in plain[a:b] for a, b in stretch)
        days.update((day, {"hours": hours, **({"whole": True} if hours and whole else {})}) for day in group)
    if not days or first is None or last is None or any(day > today for day in days):
        return None
    value = [{"date": day.isoformat(), **told} for day, told in sorted(days.items())]
    return Read(Mention("overtime_dates", "days", value, first, last, "days", {}, 5), tuple(used))


# -- which days ----------------------------------------------------------------


def _named(plain: str, found: Sequence[dates.Found], today: date) -> Iterator[tuple[int, int, list[date]]]:
    """(start, end, days) of each list or single date, in order; a day named twice (除夕（2月9日）) once."""
    made: list[tuple[int, int, list[date]]] = []
    for pattern, reader in ((LIST, _of_month), (LUNAR, _of_new_year)):
        for match in pattern.finditer(plain):
            group = reader(match, today, _beside(match, found))
            if group and not any(match.start() < e and s < match.end() for s, e, _ in made):
                made.append((match.start(), match.end(), group))
    named = {(d.month, d.day) for _, _, group in made for d in group}
    for before, one in zip([None, *found], found, strict=False):
        whole = one.value is not None and len(one.value) == 10 and not FEAST_YEAR.search(plain[one.start : one.end])
        if not whole or any(one.start < e and s < one.end for s, e, _ in made):
            continue
        day = _in_year_of(before, one, plain)
        if (day.month, day.day) not in named:
            made.append((one.start, one.end, [day]))
    yield from sorted(made)


def _beside(match: re.Match[str], found: Sequence[dates.Found]) -> date | None:
    """The full date that stands right before or after: 2025年1月28日除夕, 除夕（2月9日）."""
    near = (f for f in found if 0 <= match.start() - f.end <= 2 or 0 <= f.start - match.end() <= 2)
    value = next((f.value for f in near if f.value and len(f.value) == 10), None)
    return None if value is None else date.fromisoformat(value)


def _in_year_of(before: dates.Found | None, one: dates.Found, plain: str) -> date:
    """The day; after a feast with its year (2024年国庆10月5日) in that year."""
    day = date.fromisoformat(str(one.value))
    near = before is not None and before.value is not None and one.start - before.end <= 3
    if near and before is not None and FEAST_YEAR.search(plain[before.start : before.end]):
        return day.replace(year=int(str(before.value)[:4]))
    return day


def _number(text: str) -> int | None:
    value = int(text) if text.isdigit() else chinese(text)[0]
    return None if value is None else int(value)


def _years(match: re.Match[str], today: date, beside: date | None) -> list[int]:
    if match["year"]:
        return [int(match["year"])]
    if beside is not None:
        return [beside.year]
    return [today.year - BACK[match["rel"]]] if match["rel"] else [today.year, today.year - 1]


def _of_month(match: re.Match[str], today: date, beside: date | None) -> list[date]:
    """10月1号、2号; 10月1日到3日; without a year the latest that has been."""
    for year in _years(match, today, None):
        group: list[date] = []
        month = _number(match["month"])
        for item in ITEM.finditer(match["days"]):
            month, day = _number(item["month"]) if item["month"] else month, _number(item["day"])
            try:
                one = date(year, month or 0, day or 0)
            except ValueError:
                return []
            more = _upto(group, one) if item["join"] and item["join"] in "到至-—~–" else [one]
            if not more:
                return []
            group += more
        if group and len(group) <= MOST and max(group) <= today:
            return group
    return []


def _upto(group: list[date], last: date) -> list[date]:
    """The days after the last of `group` up to `last`."""
    count = (last - group[-1]).days if group else 0
    return [group[-1] + timedelta(days=i) for i in range(1, count + 1)] if 0 < count <= MOST else []


def _of_new_year(match: re.Match[str], today: date, beside: date | None) -> list[date]:
    """除夕 and the first days of the first lunar month."""
    for year in _years(match, today, beside):
        if year not in dates.NEW_YEARS:
            continue
        new_year = date(year, *divmod(dates.NEW_YEARS[year], 100))
        group: list[date] = []
        for item in ITEM.finditer(match["days"]):
            number = 0 if "三十" in item["day"] or item["day"] == "除夕" else _number(item["day"])
            one = new_year + timedelta(days=(number or 0) - 1)
            more = _upto(group, one) if item["join"] and item["join"] in "到至-—~–" else [one]
            if not more:
                return []
            group += more
        if group and max(group) <= today:
            return group
    return []


# -- whether they were worked, and how long ------------------------------------


def _told(plain: str, start: int, end: int, count: int) -> tuple[float | int | None, list[tuple[int, int]]] | None:
    """(hours of each day or None for a full day, stretches used) of days worked; None where nothing says so."""
    left = max((m.end() for m in SPLIT.finditer(plain, 0, start)), default=0)
    bounds = [end, *(m.end() for m in SPLIT.finditer(plain, end)), len(plain)][:4]
    pieces = [plain[a:b] for a, b in zip(bounds, bounds[1:], strict=False)]
    here = plain[left:start] + "|" + (pieces[0] if pieces else "")
    if NOT.search(pieces[0] if pieces else ""):
        return None
    own = plain[left:start] + (pieces[0] if pieces else "")
    worked = WORK.search(own)
    if VOID.search(own) or RANGE_OF.match(plain[end:]) or INTO.search(plain[:start]):
        return None
    if not worked and not (len(pieces) > 1 and WORK.search(pieces[1][:14]) and not OTHER.search(pieces[1])):
        return None
    if count == 1 and re.search("上班", own) and not PLAIN.search(own):  # 3月1日上班: the first day of the job
        return None
    used = [(left, bounds[1] if len(bounds) > 1 else end)]
    for place, piece in enumerate(pieces):
        if place and (OTHER.search(piece) or LIST.search(piece)):
            break
        match = HOURS.search(piece)
        if match is None:
            continue
        hours = parse(match["n"]) if match["n"] != "半" else None
        if hours is None or hours > 24 * (count if match["all"] else 1):
            return None
        if match["all"] and count > 1:
            hours /= count
        used.append((bounds[place], bounds[place + 1]))
        usual = re.search("正常(?:上|出勤|干)", piece)  # the hours of the day itself, none beyond them
        return (None if usual else tidy(hours)), used
    told = here + (pieces[1] if len(pieces) > 1 and not OTHER.search(pieces[1]) else "")
    return (None, used) if FULL.search(told) and not HALF.search(told) else None
