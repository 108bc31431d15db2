"""What a day is: statutory holiday, rest day or workday, at the edges of each holiday week and of the law's change."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from knowledge.calendar_cn import BeforeTheList, Calendar
from knowledge.release import load


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load().calendar


# day, kind, name: read off the State Council's arrangements and the 放假办法, not off the library.
DAYS = [
    # the spring festival: New Year's Eve is statutory only from 2025
    ("2024-02-09", "workday", None),
    ("2024-02-10", "holiday", "春节"),
    ("2024-02-12", "holiday", "春节"),
    ("2024-02-13", "restday", None),
    ("2025-01-27", "workday", None),
    ("2025-01-28", "holiday", "春节"),
    ("2025-01-31", "holiday", "春节"),
    ("2025-02-01", "restday", None),
    ("2026-02-15", "restday", None),
    ("2026-02-16", "holiday", "春节"),
    ("2026-02-19", "holiday", "春节"),
    ("2026-02-20", "restday", None),
    ("2026-02-24", "workday", None),
    # Labour Day: the second of May only from 2025
    ("2024-05-01", "holiday", "劳动节"),
    ("2024-05-02", "restday", None),
    ("2025-05-02", "holiday", "劳动节"),
    ("2025-05-03", "restday", None),
    ("2026-05-01", "holiday", "劳动节"),
    ("2026-05-02", "holiday", "劳动节"),
    ("2026-05-03", "restday", None),
    ("2026-05-05", "restday", None),
    ("2026-05-06", "workday", None),
    # the others
    ("2026-01-01", "holiday", "元旦"),
    ("2026-01-02", "restday", None),
    ("2026-04-04", "restday", None),
    ("2026-04-05", "holiday", "清明节"),
    ("2026-06-19", "holiday", "端午节"),
    ("2026-06-20", "restday", None),
    ("2026-09-25", "holiday", "中秋节"),
    ("2026-09-30", "workday", None),
    ("2026-10-01", "holiday", "国庆节"),
    ("2026-10-03", "holiday", "国庆节"),
    ("2026-10-04", "restday", None),
    ("2026-10-07", "restday", None),
    ("2026-10-08", "workday", None),
    ("2025-10-06", "holiday", "中秋节"),
    ("2020-10-01", "holiday", "国庆节"),
    # weekends that are worked instead, and ordinary ones
    ("2026-01-04", "workday", None),
    ("2026-02-14", "workday", None),
    ("2026-02-28", "workday", None),
    ("2026-05-09", "workday", None),
    ("2026-09-20", "workday", None),
    ("2026-10-10", "workday", None),
    ("2026-11-21", "restday", None),
    ("2026-11-24", "workday", None),
    # past the library: statutory days and weekends are known, the arrangement is not
    ("2027-02-05", "holiday", "春节"),
    ("2027-02-08", "holiday", "春节"),
    ("2027-02-09", "workday", None),
    ("2027-06-09", "holiday", "端午节"),
    ("2028-10-03", "holiday", "国庆节"),
    ("2030-02-02", "holiday", "春节"),
]


@pytest.mark.parametrize(("day", "kind", "name"), DAYS)
def test_day_is_what_the_arrangement_says(calendar: Calendar, day: str, kind: str, name: str | None) -> None:
    found = calendar.day(date.fromisoformat(day))
    assert (found.kind, found.name) == (kind, name)


@pytest.mark.parametrize(("year", "days"), [(2014, 11), (2019, 11), (2024, 11), (2025, 13), (2026, 13), (2027, 13)])
def test_a_year_has_as_many_statutory_days_as_the_law_gives(calendar: Calendar, year: int, days: int) -> None:
    first = date(year, 1, 1)
    every = (first + timedelta(days=i) for i in range(365))
    assert sum(calendar.day(d).kind == "holiday" for d in every) == days


def test_where_two_feasts_fall_on_one_day_it_counts_once(calendar: Calendar) -> None:
    # 2020: mid-autumn is the first of October; 2025: the sixth, a fourth day of the holiday week
    october = [calendar.day(date(2020, 10, d)).kind for d in range(1, 9)]
    assert october == ["holiday"] * 3 + ["restday"] * 5
    assert [d for d in range(1, 9) if calendar.day(date(2025, 10, d)).kind == "holiday"] == [1, 2, 3, 6]


def test_every_statutory_day_of_our_list_lies_in_a_holiday_of_the_library(calendar: Calendar) -> None:
    days = (date(2014, 1, 1) + timedelta(days=i) for i in range(365 * 13 + 3))  # to 2026-12-31
    statutory = [d for d in days if calendar.statutory(d)]
    assert len(statutory) == 11 * 11 + 13 * 2 - 1  # 2020 has one day less: two feasts on the first of October
    assert [d for d in statutory if not chinese_calendar.is_holiday(d)] == []


def test_whether_the_years_arrangement_is_known_is_told(calendar: Calendar) -> None:
    assert calendar.day(date(2026, 12, 31)).arranged
    assert not calendar.day(date(2027, 1, 4)).arranged


def test_what_staff_enter_for_a_later_year_counts() -> None:
    feasts = [{"spring": date(2027, 2, 6)}]
    rule = {"from": date(2025, 1, 1), "fixed": {}, "feasts": {"spring": [-1, 0, 1, 2]}}
    entered = {"off": [date(2027, 2, 9)], "worked": [date(2027, 2, 14)], "arranged": [2027]}
    made = Calendar({"rules": [rule], "names": {"spring": "春节"}, "feasts": feasts, **entered})
    assert made.day(date(2027, 2, 9)).kind == "restday"
    assert made.day(date(2027, 2, 14)).kind == "workday"
    assert made.day(date(2027, 2, 9)).arranged


def test_before_the_list_nothing_is_guessed(calendar: Calendar) -> None:
    with pytest.raises(BeforeTheList):
        calendar.day(date(2013, 12, 31))
    assert calendar.day(date(2014, 1, 1)).kind == "holiday"


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2026-11-24", "2026-11-24"),  # a Tuesday
        ("2026-11-21", "2026-11-23"),  # Saturday to Monday
        ("2026-10-01", "2026-10-08"),  # the whole week is off
        ("2026-10-10", "2026-10-10"),  # a worked Saturday
        ("2026-09-19", "2026-09-20"),  # Saturday, the Sunday after it is worked
    ],
)
def test_the_next_working_day(calendar: Calendar, day: str, wanted: str) -> None:
    assert calendar.next_workday(date.fromisoformat(day)) == date.fromisoformat(wanted)


@pytest.mark.parametrize(
    ("start", "count", "wanted"),
    [
        ("2026-11-24", 2, "2026-11-26"),
        ("2026-11-27", 2, "2026-12-01"),
        ("2026-09-30", 2, "2026-10-09"),  # 1–7 October are off
        ("2026-10-08", 2, "2026-10-10"),  # the Saturday is worked
        ("2026-11-24", 0, "2026-11-24"),
    ],
)
def test_so_many_workdays_later(calendar: Calendar, start: str, count: int, wanted: str) -> None:
    assert calendar.workdays_after(date.fromisoformat(start), count) == date.fromisoformat(wanted)


def test_workdays_of_a_month_with_a_holiday_week(calendar: Calendar) -> None:
    # October 2026: 8, 9, 10 (worked Saturday), 12–16, 19–23, 26–30
    assert calendar.workdays(date(2026, 10, 1), date(2026, 10, 31)) == 18
    assert calendar.workdays(date(2026, 10, 31), date(2026, 10, 1)) == 0
