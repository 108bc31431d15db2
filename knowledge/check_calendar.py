"""Whether procedures/holidays.yml can be read as days, and whether next year's days off are still missing.

The State Council publishes a year's arrangement in the autumn before; nobody would notice that it was never entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from knowledge.calendar_cn import SATURDAY, Calendar
from knowledge.reading import ContentError, Document, Path_
from knowledge.shape import COUNT, DAY, LIST, MAP, TEXT, TEXTS, Kind, shaped

FILE = "procedures/holidays.yml"
BEFORE = timedelta(days=60)  # so long before a year begins its arrangement should be there
FEASTS = timedelta(days=400)  # and so far ahead the feasts of the lunar calendar
IN_YEAR = Kind('“月-日: 名称”的表，如 {"01-01": 元旦}', lambda v: isinstance(v, dict) and all(map(_day_of_year, v)))


def _day_of_year(text: Any) -> bool:
    try:
        date.fromisoformat(f"2024-{text}")  # a leap year
    except ValueError:
        return False
    return True


def calendar(doc: Document, on: date, warnings: list[ContentError]) -> None:
    """Notes what is wrong in holidays.yml; when nothing is, warns of what runs out soon after `on`."""
    if doc.file != FILE:
        return
    before = len(doc.errors)
    spec = {"rules": LIST, "names": MAP, "feasts": LIST, "off": LIST, "worked": LIST, "arranged": LIST}
    if not shaped(doc, (), doc.data, {"id": TEXT, "title": TEXT, **spec}, {}):
        return
    for place, rule in enumerate(doc.data["rules"]):
        shaped(doc, ["rules", place], rule, {"from": DAY, "fixed": IN_YEAR, "feasts": MAP, "cite": TEXTS}, {"to": DAY})
    for place, year in enumerate(doc.data["feasts"]):
        if shaped(doc, ["feasts", place], year, dict.fromkeys(doc.data["names"], DAY), {}):
            _one_year(doc, place, year)
    for place, year in enumerate(doc.data["arranged"]):
        if not COUNT.fits(year):
            doc.wrong(["arranged", place], f"“{year}”不是年份", "写成 2027 这样的四位数")
    if len(doc.errors) == before:
        known = Calendar(doc.data)
        _days(doc, known)
        warnings += _soon(doc, known, on)


def _one_year(doc: Document, place: int, feasts: dict[str, date]) -> None:
    years = {day.year for day in feasts.values()}
    before = doc.data["feasts"][place - 1].values() if place and isinstance(doc.data["feasts"][place - 1], dict) else ()
    wanted = {day.year + 1 for day in before if isinstance(day, date)} or years
    if len(years) != 1 or years != wanted:
        doc.wrong(["feasts", place], "节日的年份接不上", "一年一行，四个节日在同一年，一年接一年往下写")


def _days(doc: Document, known: Calendar) -> None:
    """Days off and worked: dates, of years that are marked as entered, and worked ones on weekends."""
    for where, day in _listed(doc):
        if not isinstance(day, date):
            doc.wrong(where, f"“{day}”不是日期", "写成 2026-01-31 这样，并且这一天真的有")
        elif not known.known(day.year):
            doc.wrong(
                where, f"写了{day}，arranged 里却没有{day.year}", f"{day.year}年录全了，就在 arranged 里加 {day.year}"
            )
        elif where[0] == "worked" and day.weekday() < SATURDAY:
            doc.wrong(where, f"{day}不是周末，不用写进 worked", "worked 只写要上班的周六、周日，核对日子")


def _listed(doc: Document) -> Iterator[tuple[Path_, Any]]:
    for key in ("off", "worked"):
        for place, day in enumerate(doc.data[key]):
            yield [key, place], day


def _soon(doc: Document, known: Calendar, on: date) -> Iterator[ContentError]:
    year = (on + BEFORE).year
    if not known.known(year):
        hint = "国务院公布了就录进 off、worked、arranged；没公布的，法润只知道法定节日和周末"
        yield ContentError(doc.file, doc.line(["arranged"]), f"{year}年的放假安排还没录", hint)
    last = max((day for row in doc.data["feasts"] for day in row.values()), default=date.min)
    if last < on + FEASTS:
        place = len(doc.data["feasts"]) - 1
        hint = "请人按农历把后面几年的春节、清明、端午、中秋补上"
        yield ContentError(doc.file, doc.line(["feasts", place]), f"节日只排到{last}", hint)
