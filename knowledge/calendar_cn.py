"""What a day is in China: a statutory holiday (300 %), a rest day (200 %) or a workday, and the next working day.

The library chinesecalendar knows whole holiday weeks and the weekend days that are worked instead; which of those days
are statutory stands, by period and feast, in content/procedures/holidays.yml, as do the years past the library's range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import chinese_calendar

HOLIDAY, RESTDAY, WORKDAY = "holiday", "restday", "workday"
SATURDAY = 5
YEAR = 400  # days that are looked back for a feast: a lunar year and a little more
Rules = Mapping[str, Any]


class BeforeTheList(ValueError):
    """A day before the first period for which the statutory holidays are known."""


@dataclass(frozen=True)
class Day:
    """What a day is. `name`: of the statutory holiday; `arranged`: whether the year's arrangement is known."""

    kind: str  # HOLIDAY | RESTDAY | WORKDAY
    name: str | None = None
    arranged: bool = True


class Calendar:
    """The days of one content (procedures/holidays.yml); without it only weekends are known."""

    def __init__(self, rules: Rules) -> None:
        self._rules = tuple(rules.get("rules", ()))
        self._off, self._worked = frozenset(rules.get("off") or ()), frozenset(rules.get("worked") or ())
        self._arranged = frozenset(rules.get("arranged") or ())
        self._feasts = {
            feast + timedelta(days=shift): str(rules["names"][name])
            for year in rules.get("feasts", ())
            for name, feast in year.items()
            for rule in self._rules
            for shift in rule["feasts"][name]
            if _within(rule, feast + timedelta(days=shift))
        }

    def statutory(self, day: date) -> str | None:
        """The name of the statutory holiday on `day`, or None. Raises BeforeTheList."""
        if self._rules and day < self._rules[0]["from"]:
            raise BeforeTheList(day.isoformat())
        rule = next((r for r in self._rules if _within(r, day)), None)
        if rule is None:
            return None
        return rule["fixed"].get(f"{day:%m-%d}") or self._feasts.get(day)

    def day(self, day: date) -> Day:
        """What `day` is: a make-up Sunday is a workday, the other days of a holiday week are rest days.

        Raises BeforeTheList for a day before 2014.
        """
        arranged = self.known(day.year)
        name = self.statutory(day)
        if name is not None:
            return Day(HOLIDAY, name, arranged)
        return Day(WORKDAY if self._worked_day(day) else RESTDAY, None, arranged)

    def last_feast(self, name: str, today: date) -> tuple[int, int]:
        """(statutory days, days off in a row around them) of the latest `name` that has begun; (0, 0) for an unknown one."""
        day = next((d for d in (today - timedelta(days=i) for i in range(YEAR)) if self._statutory_at(d) == name), None)
        if day is None:
            return 0, 0
        block = [day]
        while not self.is_workday(block[-1] + timedelta(days=1)):
            block.append(block[-1] + timedelta(days=1))
        while not self.is_workday(block[0] - timedelta(days=1)):
            block.insert(0, block[0] - timedelta(days=1))
        return sum(self._statutory_at(d) == name for d in block), len(block)

    def _statutory_at(self, day: date) -> str | None:
        try:
            return self.statutory(day)
        except BeforeTheList:
            return None

    def known(self, year: int) -> bool:
        """Whether the State Council's arrangement (days off in lieu, worked weekends) of a year is known."""
        return year in self._arranged or year <= _library_to()

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`."""
        try:
            return self.day(day).kind == WORKDAY
        except BeforeTheList:
            return self._worked_day(day)

    def _worked_day(self, day: date) -> bool:
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:  # a year that the library does not hold
            return day in self._worked or (day.weekday() < SATURDAY and day not in self._off)

    def next_workday(self, day: date) -> date:
        """`day`, or the first workday after it."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def workdays_after(self, start: date, count: int) -> date:
        """The last of `count` workdays after `start` (not counted itself)."""
        day = start
        for _ in range(count):
            day = self.next_workday(day + timedelta(days=1))
        return day

    def workdays(self, start: date, end: date) -> int:
        """The workdays from `start` to `end`, both included."""
        return sum(self.is_workday(start + timedelta(days=i)) for i in range(max((end - start).days + 1, 0)))


def _within(rule: Rules, day: date) -> bool:
    last = rule.get("to")
    return bool(rule["from"] <= day and (last is None or day <= last))


@lru_cache(maxsize=1)
def _library_to() -> int:
    """The last year that the library holds."""
    year = 2020
    while True:
        try:
            chinese_calendar.is_workday(date(year + 1, 1, 1))
        except NotImplementedError:
            return year
        year += 1
