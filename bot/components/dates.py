"""Dates as people say them (去年三月十号, 21年5月, 上个月, 昨天, 3天前), resolved against today.

A date is as precise as it was said: "2025", "2025-03" or "2025-03-10". One without a year is the most recent that has
begun. An impossible one (2月30日) is found and marked, so that the dialogue can ask again. Days of the first lunar month
are resolved by the table of New Years; other lunar dates are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.components.numerals import chinese

C = "零〇一二三四五六七八九十"
_NUM = rf"(?:\d{{1,2}}|[{C}]{{1,3}})"
_YEAR = rf"(?:(?:19|20)\d\d|\d\d|[{C}]{{4}}|[零〇一二][{C}])"
_VERB = r"(?=入职|进[厂公到去的]|离职|辞|被|受|走的|来上|来的|开始|到岗|上的?班|(?:一直)?[做干]?(?:到|至) ?(?:现|今|20|\d))"  # 3月8入职: a day without 号
_DAY = rf"(?:(?P<day>{_NUM})(?:[日号]|(?<=\d){_VERB}|(?<=[\d{C}])(?=[，。,；;]|$))|(?P<part>初|中旬|底|末|上旬|下旬))?"
_REL = (
    r"(?:大前年|前年|去年|今年(?![\d零一二三四五六七八九十两]{1,3}(?![月\d零一二三四五六七八九十两]))|本年|上一年|旧年)"
)
_BEGIN = r"(?=[^，。,.!！?？]{0,3}(?:进|来|入职|入厂|开始|起|招|到岗|到现在|做到|干到|到[^，。]{0,4}[厂店司]))"
_WEAK = r"(?=[^，。,.!！?？]{0,3}(?:就|被|出厂|走|离|做|干|底|初|签|在|的时候|受伤|到\d))"
NEW_YEARS = {  # first day of the first lunar month: month * 100 + day
    2010: 214, 2011: 203, 2012: 123, 2013: 210, 2014: 131, 2015: 219, 2016: 208, 2017: 128, 2018: 216, 2019: 205,
    2020: 125, 2021: 212, 2022: 201, 2023: 122, 2024: 210, 2025: 129, 2026: 217, 2027: 206, 2028: 126, 2029: 213,
    2030: 203,
}  # fmt: skip
FEASTS = {"五一": (5, 1), "国庆": (10, 1), "元旦": (1, 1)}

ABSOLUTE = re.compile(rf"(?<![\d{C}了满近快约])(?P<year>{_YEAR})年的?(?P<month>{_NUM})月(?:份)? ?{_DAY}")
NUMERIC = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d\d)([-./])(?P<month>\d{1,2})(?:\2(?P<day>\d{1,2}))?(?![\d.-])")
LUNAR = re.compile(
    rf"(?:(?P<rel>{_REL})|(?P<year>{_YEAR})年)?(?P<of>农历|阴历)?的?"
    rf"(?:(?P<first>(?<!转)正月|大年)(?:初?(?P<day>{_NUM}|廿[{C}]))?|(?P<other>腊月|冬月|农历[{C}]{{1,2}}月)(?:初?{_NUM}|廿[{C}])?)"
    rf"(?:[日号])?"
)
FEAST = re.compile(rf"(?:(?P<rel>{_REL})|(?P<year>{_YEAR})年)的?(?P<feast>五一|国庆|元旦)(?:节)?(?P<off>前|后|期间)?")
RELATIVE = re.compile(rf"(?P<rel>{_REL})的?(?:(?P<month>{_NUM})月(?:份)? ?{_DAY})?")
MONTH_DAY = re.compile(
    rf"(?:(?<![年\d{C}])|(?<=五一)(?=\d))(?P<month>{_NUM})月(?:份)? ?(?P<day>{_NUM})(?:[日号]|(?<=\d){_VERB})"
)
MONTH = re.compile(
    rf"(?<![年\d{C}个第])(?P<month>{_NUM})月"
    r"(?:份|初|底|(?=[^，。]{0,4}(?:进|来|入职|走|被|受伤|出事|辞|离|开始|摔|的时候)))"
)
THIS_MONTH = re.compile(rf"(?P<rel>上上个?月|上个?月|这个月|本月)(?:(?P<day>{_NUM})(?P<unit>[日号]))?")
DAYS = {"今天": 0, "今日": 0, "今早": 0, "今晚": 0, "昨天": 1, "昨日": 1, "昨晚": 1, "昨儿": 1}
DAYS |= {"前天": 2, "前晚": 2, "前日": 2, "大前天": 3}
NEAR = re.compile("|".join(sorted(DAYS, key=len, reverse=True)))
WEEKDAY = re.compile(r"(?P<rel>上上|上|这|本)个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?![天个])")
AGO = re.compile(rf"(?<![提满\d{C}])(?P<count>\d{{1,3}}|[{C}两]{{1,3}}|半)(?P<unit>个月|天|年)(?:以|之)?前")
BETWEEN = re.compile("的?(?:那?年)?(?:年?[底初末中]|[上下]半年|[春夏秋冬]天)?的?[，,]?")
MONTH_FIRST = re.compile(rf"{_NUM}月")
SAME = ("当年", "同年", "那年")
SAME_YEAR = re.compile(rf"(?P<of>{'|'.join(SAME)}|次年|第二年|转年|来年|隔年)的?(?P<month>{_NUM})月(?:份)? ?{_DAY}")
YEAR_ONLY = re.compile(rf"(?<![\d{C}])(?P<year>(?:19|20)\d\d|[{C}]{{4}})年(?![\d{C}]*月)")
YEAR_BEGUN = re.compile(rf"(?<![\d{C}年了满近快约过])(?P<year>[012]\d|[零〇一二][{C}])年(?![\d{C}]*月){_BEGIN}")
YEAR_SHORT = re.compile(rf"(?:(?<=[从自于是，。、,])|^)(?P<year>[0126789]\d|[零〇一二][{C}])年(?![\d{C}]*月){_WEAK}")
MOST = 60  # dates that are read in one message
CLOCK = {"大前年": 3, "前年": 2, "去年": 1, "上一年": 1, "旧年": 1, "今年": 0, "本年": 0}


@dataclass(frozen=True)
class Found:
    """A date at [start, end) of the text: `value` as precise as said, or `invalid` with the reason in Chinese."""

    start: int
    end: int
    value: str | None
    invalid: str | None = None


Reader = Callable[["re.Match[str]", date], "Found | None"]


def scan(text: str, today: date) -> list[Found]:
    """Every date of a half-width text, in order, none overlapping another."""
    taken: list[Found] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            if len(taken) >= MOST:
                break
            if any(match.start() < f.end and f.start < match.end() for f in taken):
                continue
            found = read(match, today)
            if found is not None:
                taken.append(found)
    taken = _joined(text, sorted(taken, key=lambda f: f.start))
    taken += [found for match in SAME_YEAR.finditer(text) if (found := _same_year(match, taken)) is not None]
    return sorted(taken, key=lambda f: f.start)


def _in_year(year: Found, one: Found, text: str) -> Found:
    """The day or month `one` in that year; marked when the year has no such day."""
    said, value = text[year.start : one.end], f"{year.value}{(one.value or '')[4:]}"
    try:
        date.fromisoformat(value if len(value) > 7 else f"{value}-01")
    except ValueError:
        return Found(year.start, one.end, None, one.invalid or f"没有“{said}”这一天")
    return Found(year.start, one.end, value)


def _joined(text: str, found: list[Found]) -> list[Found]:
    """A year with a day close behind it is one date: 2021年年底12月29日."""
    made: list[Found] = []
    for one in found:
        year = made[-1] if made else None
        close = year is not None and BETWEEN.fullmatch(text[year.end : one.start])
        if (
            close
            and year is not None
            and re.fullmatch(r"\d{4}", year.value or "")
            and MONTH_FIRST.match(text, one.start)
        ):
            made[-1] = _in_year(year, one, text)
        else:
            made.append(one)
    return made


def _same_year(match: re.Match[str], taken: list[Found]) -> Found | None:
    """当年8月15日, 次年3月: in the year of the date told before it, or in the next one."""
    before = [f for f in taken if f.value and f.end <= match.start()]
    if not before or any(match.start() < f.end and f.start < match.end() for f in taken):
        return None
    year = int(str(max(before, key=lambda f: f.end).value)[:4]) + (0 if match["of"] in SAME else 1)
    return _made(match, year, _number(match["month"]), _number(match["day"]))


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text)
    value, _ = chinese(text.replace("廿", "二十"))
    return None if value is None else int(value)


def _year(text: str, today: date) -> int | None:
    digits = "".join(
        char if char.isdigit() else str("零一二三四五六七八九".find(char.replace("〇", "零"))) for char in text
    )
    year = _number(text) if "-" in digits else int(digits)
    if year is None or year >= 100:
        return year
    return 2000 + year if year <= today.year % 100 + 2 else 1900 + year


def _made(match: re.Match[str], year: int, month: int | None, day: int | None) -> Found:
    said = match[0]
    if month is None:
        return Found(match.start(), match.end(), f"{year:04d}")
    if not 1 <= month <= 12:
        return Found(match.start(), match.end(), None, f"没有“{said}”这个月份")
    if day is None:
        return Found(match.start(), match.end(), f"{year:04d}-{month:02d}")
    try:
        return Found(match.start(), match.end(), date(year, month, day).isoformat())
    except ValueError:
        return Found(match.start(), match.end(), None, f"没有“{said}”这一天")


def _said_year(match: re.Match[str], today: date) -> int | None:
    if match["rel"]:
        return today.year - CLOCK[match["rel"]]
    return _year(match["year"], today) if match["year"] else None


def _absolute(match: re.Match[str], today: date) -> Found | None:
    year = _year(match["year"], today)
    if year is None or not 1900 <= year <= 2100:
        return None
    return _made(match, year, _number(match["month"]), _number(match["day"]))


def _numeric(match: re.Match[str], today: date) -> Found | None:
    if match["day"] is None and not 1 <= int(match["month"]) <= 12:
        return None  # a sum such as 2000.50
    return _absolute(match, today)


def _lunar(match: re.Match[str], today: date) -> Found | None:
    """A day of the first lunar month by the table; the rest of the lunar year only as a year when one is named."""
    year, day = _said_year(match, today), _number(match["day"])
    if match["other"] or match["of"]:
        said = match["year"] and year is not None
        return Found(match.start(), match.end(), f"{year:04d}" if said else None)
    if day is None or not 1 <= day <= 29:
        return Found(match.start(), match.end(), None)
    for one in [year] if year is not None else (today.year, today.year - 1):
        if one in NEW_YEARS:
            when = date(one, *divmod(NEW_YEARS[one], 100)) + timedelta(days=day - 1)
            if year is not None or when <= today:
                return Found(match.start(), match.end(), when.isoformat())
    return Found(match.start(), match.end(), None)


def _feast(match: re.Match[str], today: date) -> Found | None:
    year = _said_year(match, today)
    if year is None or match["off"] == "前":
        return None
    month, day = FEASTS[match["feast"]]
    return _made(match, year, month, None if match["off"] else day)


def _relative(match: re.Match[str], today: date) -> Found | None:
    return _made(match, today.year - CLOCK[match["rel"]], _number(match["month"]), _number(match["day"]))


def _recent(match: re.Match[str], today: date) -> Found | None:
    """A month (and day) without a year: the latest that is not in the future."""
    month, day = _number(match["month"]), _number(match["day"]) if "day" in match.groupdict() else None
    if month is None:
        return None
    year = today.year - (1 if (month, day or 1) > (today.month, today.day) else 0)
    if month == 2 and day == 29:
        year -= next(i for i in range(8) if (year - i) % 4 == 0 and ((year - i) % 100 != 0 or (year - i) % 400 == 0))
    return _made(match, year, month, day)


def _this_month(match: re.Match[str], today: date) -> Found | None:
    back = match["rel"].count("上")
    index = today.year * 12 + today.month - 1 - back
    return _made(match, index // 12, index % 12 + 1, _number(match["day"]))


def _near(match: re.Match[str], today: date) -> Found | None:
    return Found(match.start(), match.end(), (today - timedelta(days=DAYS[match[0]])).isoformat())


def _weekday(match: re.Match[str], today: date) -> Found | None:
    wanted = "一二三四五六日".find(match["day"].replace("天", "日"))
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=wanted - 7 * match["rel"].count("上"))
    return Found(match.start(), match.end(), day.isoformat()) if day <= today else None


def _ago(match: re.Match[str], today: date) -> Found | None:
    unit, count = match["unit"], _number(match["count"].replace("两", "二").replace("半", ""))
    if match["count"] == "半":
        if unit != "年":
            return None
        count, unit = 6, "个月"
    if count is None or not 0 < count <= 600:
        return None
    if unit == "天":
        return Found(match.start(), match.end(), (today - timedelta(days=count)).isoformat())
    if unit == "个月":
        index = today.year * 12 + today.month - 1 - count
        return Found(match.start(), match.end(), f"{index // 12:04d}-{index % 12 + 1:02d}")
    return Found(match.start(), match.end(), f"{today.year - count:04d}") if count < 60 else None


def _only_year(match: re.Match[str], today: date) -> Found | None:
    year = _year(match["year"], today)
    return _made(match, year, None, None) if year is not None and 1950 <= year <= today.year + 1 else None


_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (ABSOLUTE, _absolute),
    (NUMERIC, _numeric),
    (LUNAR, _lunar),
    (FEAST, _feast),
    (RELATIVE, _relative),
    (THIS_MONTH, _this_month),
    (AGO, _ago),
    (MONTH_DAY, _recent),
    (MONTH, _recent),
    (NEAR, _near),
    (WEEKDAY, _weekday),
    (YEAR_ONLY, _only_year),
    (YEAR_BEGUN, _only_year),
    (YEAR_SHORT, _only_year),
)
