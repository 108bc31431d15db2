"""Counting months and years the way the law does: both ends included, month ends where a day does not exist."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later (or earlier); the month's last day where that day does not exist."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The same date `years` later; 29 February becomes 28 February in a common year."""
    return add_months(day, years * 12)


def last_of_months(start: date, months: int) -> date:
    """The last day of `months` full months that begin on `start` (both included).

    The day before the matching day; the month's last day when there is no matching day:
    2024-02-29 and 12 months give 2025-02-28.
    """
    match = add_months(start, months)
    return match if match.day != start.day else match - timedelta(days=1)


def full_months(start: date, end: date) -> tuple[int, int]:
    """(full months, days left over) from `start` to `end`, both included; (0, 0) when `end` is before `start`."""
    if end < start:
        return 0, 0
    months = max((end.year - start.year) * 12 + end.month - start.month - 1, 0)
    while last_of_months(start, months + 1) <= end:
        months += 1
    done = last_of_months(start, months) if months else start - timedelta(days=1)
    return months, (end - done).days


def first_day(text: str) -> date:
    """The first day that "2025", "2025-03" or "2025-03-10" can mean. Raises ValueError."""
    parts = [int(p) for p in text[:10].split("-")]
    return date(*[*parts, 1, 1][:3])


def last_day(text: str) -> date:
    """The last day that "2025", "2025-03" or "2025-03-10" can mean. Raises ValueError."""
    parts = [int(p) for p in text[:10].split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
    return date(*parts[:3])


def workdays(start: date, end: date) -> int:
    """Mondays to Fridays from `start` to `end`, both included; holidays are not taken out."""
    days = (end - start).days + 1
    return sum((start + timedelta(days=i)).weekday() < 5 for i in range(max(days, 0)))


def chinese(day: date) -> str:
    """2026年11月8日."""
    return f"{day.year}年{day.month}月{day.day}日"
