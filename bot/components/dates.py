"""Dates as people say them (去年三月十号, 21年5月, 上个月, 昨天, 3天前), resolved against today.

A date is as precise as it was said: "2025", "2025-03" or "2025-03-10". One without a year is the most recent that has
begun. An impossible one (2月30日) is found and marked, so that the dialogue can ask again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.components.numerals import chinese

C = "零〇一二三四五六七八九十"
_NUM = rf"(?:\d{{1,2}}|[{C}]{{1,3}})"
_YEAR = rf"(?:(?:19|20)\d\d|\d\d|[{C}]{{4}}|[零〇一二][{C}])"
_DAY = rf"(?:(?P<day>{_NUM})[日号]|(?P<part>初|中旬|底|末|上旬|下旬))?"
_REL = r"(?:大前年|前年|去年|今年|本年|上一年|旧年)"
_HIRED = r"(?=[^，。,.!！?？]{0,3}(?:进|来|入|到|开始|就|的时候|起|上班|招|给|在|被|出|走|离|做|干|初|底|前|签))"

ABSOLUTE = re.compile(rf"(?P<year>{_YEAR})年(?P<sep>的)?(?P<month>{_NUM})月(?:份)?{_DAY}")
NUMERIC = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-./](?P<month>\d{1,2})(?:[-./](?P<day>\d{1,2}))?(?![\d])")
RELATIVE = re.compile(rf"(?P<rel>{_REL})(?:的)?(?:(?P<month>{_NUM})月(?:份)?{_DAY})?")
MONTH_DAY = re.compile(rf"(?<![年\d{C}])(?P<month>{_NUM})月(?:份)?(?P<day>{_NUM})[日号]")
MONTH = re.compile(
    rf"(?<![年\d{C}个])(?P<month>{_NUM})月(?:份|初|底|(?=[^，。]{{0,4}}(?:进|来|入职|走|被|受伤|出事|辞|离|开始|摔|的时候)))"
)
THIS_MONTH = re.compile(rf"(?P<rel>上上个?月|上个?月|这个月|本月)(?P<day>{_NUM})?(?P<unit>[日号])?")
DAYS = {
    "今天": 0,
    "今日": 0,
    "今早": 0,
    "今晚": 0,
    "刚刚": 0,
    "昨天": 1,
    "昨日": 1,
    "昨晚": 1,
    "前天": 2,
    "前晚": 2,
    "大前天": 3,
}
NEAR = re.compile("|".join(sorted(DAYS, key=len, reverse=True)))
WEEKDAY = re.compile(r"(?P<rel>上上|上|这|本)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?![天个])")
AGO = re.compile(rf"(?P<count>\d{{1,3}}|[{C}两]{{1,3}}|半)(?P<unit>个月|天|年|周|个星期|个礼拜)(?:以)?前")
YEAR_ONLY = re.compile(rf"(?<![\d{C}])(?P<year>(?:19|20)\d\d|[{C}]{{4}})年(?![\d{C}]*月)")
YEAR_SHORT = re.compile(rf"(?<![\d{C}年了满近快约])(?P<year>[012]\d|[零〇一二][{C}])年(?![\d{C}]*月){_HIRED}")
CLOCK = {"大前年": 3, "前年": 2, "去年": 1, "上一年": 1, "旧年": 1, "今年": 0, "本年": 0}


@dataclass(frozen=True)
class Found:
    """A date at [start, end) of the text: `value` as precise as said, or `invalid` with the reason in Chinese."""

    start: int
    end: int
    value: str | None
    invalid: str | None = None


def scan(text: str, today: date) -> list[Found]:
    """Every date of a (half-width) text, in order, none overlapping another."""
    taken: list[Found] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            if any(match.start() < f.end and f.start < match.end() for f in taken):
                continue
            found = read(match, today)
            if found is not None:
                taken.append(found)
    return sorted(taken, key=lambda f: f.start)


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text)
    value, _ = chinese(text)
    return None if value is None else int(value)


def _year(text: str, today: date) -> int | None:
    digits = "".join(str("零一二三四五六七八九".find("零" if c == "〇" else c)) if not c.isdigit() else c for c in text)
    if not digits.isdigit() or "-" in digits:
        value = _number(text)
        return None if value is None else _century(value, today)
    return _century(int(digits), today)


def _century(year: int, today: date) -> int:
    if year >= 100:
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


def _absolute(match: re.Match[str], today: date) -> Found | None:
    year = _year(match["year"], today)
    if year is None or not 1900 <= year <= 2100:
        return None
    return _made(match, year, _number(match["month"]), _number(match["day"]))


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
    back = {"上上": 2, "上": 1, "上个": 1}.get(match["rel"].replace("个月", "").replace("月", ""), 0)
    index = today.year * 12 + today.month - 1 - back
    return _made(match, index // 12, index % 12 + 1, _number(match["day"]) if match["unit"] else None)


def _near(match: re.Match[str], today: date) -> Found | None:
    return Found(match.start(), match.end(), (today - timedelta(days=DAYS[match[0]])).isoformat())


def _weekday(match: re.Match[str], today: date) -> Found | None:
    wanted = "一二三四五六日".find("日" if match["day"] == "天" else match["day"])
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=wanted - {"上上": 14, "上": 7}.get(match["rel"] or "", 0))
    if match["rel"] is None and day > today:
        day -= timedelta(days=7)
    return Found(match.start(), match.end(), day.isoformat()) if day <= today else None


def _ago(match: re.Match[str], today: date) -> Found | None:
    count = _number(match["count"].replace("两", "二")) if match["count"] != "半" else None
    unit = match["unit"]
    if match["count"] == "半" and unit == "年":
        count, unit = 6, "个月"
    if count is None or not 0 < count <= 600:
        return None
    if unit == "天":
        return Found(match.start(), match.end(), (today - timedelta(days=count)).isoformat())
    if unit == "个月":
        index = today.year * 12 + today.month - 1 - count
        return Found(match.start(), match.end(), f"{index // 12:04d}-{index % 12 + 1:02d}")
    if unit == "年" and count < 60:
        return Found(match.start(), match.end(), f"{today.year - count:04d}")
    return None


def _only_year(match: re.Match[str], today: date) -> Found | None:
    year = _year(match["year"], today)
    return _made(match, year, None, None) if year is not None and 1950 <= year <= today.year + 1 else None


_READERS = (
    (ABSOLUTE, _absolute),
    (NUMERIC, _absolute),
    (RELATIVE, _relative),
    (THIS_MONTH, _this_month),
    (AGO, _ago),
    (MONTH_DAY, _recent),
    (MONTH, _recent),
    (NEAR, _near),
    (WEEKDAY, _weekday),
    (YEAR_ONLY, _only_year),
    (YEAR_SHORT, _only_year),
)
