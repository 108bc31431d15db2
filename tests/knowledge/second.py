"""A second, independent reckoning of the main sums, straight from the fact sheet, to hold against knowledge/claims.

Test code: plain functions with the law's numbers written out, fractions instead of decimals, days counted by walking
the calendar. It shares nothing with knowledge/. Dates are inclusive; money in yuan, rounded half-up to the fen.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

ONE = timedelta(days=1)
# Suzhou's monthly minimum wage from a day on (fact sheet §8).
MINIMUM = (
    (date(2016, 1, 1), 1820),
    (date(2017, 7, 1), 1940),
    (date(2018, 8, 1), 2020),
    (date(2021, 8, 1), 2280),
    (date(2024, 1, 1), 2490),
    (date(2026, 1, 1), 2660),
)
# National urban income per head by year (§8); a death grant takes the year before the injury.
INCOME = {
    2018: 39251, 2019: 42359, 2020: 43834, 2021: 47412, 2022: 49283, 2023: 51821, 2024: 54188, 2025: 56502,
}  # fmt: skip
DISABILITY = (27, 25, 23, 21, 18, 16, 13, 11, 9, 7)  # grades 1–10, months of the injured wage
ALLOWANCE = (90, 85, 80, 75, 70, 60)  # grades 1–6, percent of it


def fen(value: Fraction | int) -> Decimal:
    """Yuan rounded half-up to the fen (all sums here are positive)."""
    cents = (Fraction(value) * 200 + 1) // 2
    return Decimal(int(cents)) / 100


def minimum_wage(on: date) -> int:
    """The minimum wage on a day; 0 before the table begins, so that it raises nothing."""
    return max((wage for first, wage in MINIMUM if first <= on), default=0)


def months_and_days(start: date, end: date) -> tuple[int, int]:
    """Full months and days left over, by walking day by day and asking of each whether it closes a month."""
    months, left, day = 0, 0, start
    while day <= end:
        left += 1
        if _closes(start, months + 1, day):
            months, left = months + 1, 0
        day += ONE
    return months, left


def _closes(start: date, months: int, day: date) -> bool:
    """Whether `day` is the last of so many months: tomorrow matches `start`, or the month ends without a match."""
    due = (start.year * 12 + start.month - 1 + months) % 12 + 1
    tomorrow = day + ONE
    if tomorrow.month == due and tomorrow.day == start.day:
        return True
    return day.month == due and tomorrow.month != due and day.day < start.day


def severance_halves(start: date, end: date) -> int:
    """Half months of severance: two for a year, two for a rest of six months or more, one for a shorter rest."""
    months, days = months_and_days(start, end)
    years, rest = months // 12, months % 12
    return 2 * years + (2 if rest >= 6 else 1 if rest or days else 0)


def severance(start: date, end: date, wage: Fraction, average: int) -> Decimal:
    """N (合同法47; 实施条例27): floor at the minimum wage; above 3 × the local average 3 × and at most 12 years."""
    return fen(_severance(start, end, wage, average))


def _severance(start: date, end: date, wage: Fraction, average: int) -> Fraction:
    wage = max(wage, Fraction(minimum_wage(end)))
    halves = severance_halves(start, end)
    if wage > 3 * average:
        wage, halves = Fraction(3 * average), min(halves, 24)
    return wage * halves / 2


def unlawful_dismissal(start: date, end: date, wage: Fraction, average: int) -> Decimal:
    """2N (合同法87; 实施条例25), from the first day of work."""
    return fen(2 * _severance(start, end, wage, average))


def notice_pay(last: Fraction, usual: bool, average: Fraction, end: date) -> Decimal:
    """One month (合同法40; 实施条例20): the last month's wage, an unusual one by the average; not below the minimum."""
    return fen(max(last if usual else average, Fraction(minimum_wage(end))))


def double_wage_days(start: date, end: date, signed: date | None) -> tuple[int, list[date]]:
    """Months of second wage and the days left over (合同法82; 实施条例6,7): months of work 2 to 12, until signing."""
    last = end if signed is None else min(end, signed - ONE)
    months, left = months_and_days(start, last)
    if months < 1:
        return 0, []
    if months >= 12:
        return 11, []
    return months - 1, [last - ONE * i for i in range(left)]


def double_wage(start: date, end: date, signed: date | None, wage: Fraction, worked: int) -> Decimal:
    """The second wage; the days left over by `worked` days at wage ÷ 21.75 (解释二6), not more than a month's wage."""
    months, left = double_wage_days(start, end, signed)
    rest = min(wage * worked * 100 / 2175, wage) if left else Fraction(0)
    return fen(wage * months + rest)


def overtime(wage: Fraction, weekday: Fraction, rest_day: Fraction, holiday: Fraction, on: date) -> Decimal:
    """150, 200 and 300 % of wage ÷ 174 an hour, on top of the month (劳动法44; 苏工资20,63); floor: minimum wage."""
    base = max(wage, Fraction(minimum_wage(on)))
    return fen(base / 174 * (3 * weekday + 4 * rest_day + 6 * holiday) / 2)


def arrears_months(months: Fraction, wage: Fraction, paid: Fraction) -> Decimal:
    """Months owed, less what was paid."""
    return fen(max(months * wage - paid, Fraction(0)))


def arrears_days(days: Fraction, wage: Fraction) -> Decimal:
    """Days at wage ÷ 21.75 (人社部发〔2025〕2号)."""
    return fen(wage * days * 4 / 87)


def injury_wage(wage: Fraction, average: int) -> Fraction:
    """The injured person's wage, between 60 and 300 % of the average (工条64)."""
    return min(max(wage, Fraction(3 * average, 5)), Fraction(3 * average))


def injury_disability(grade: int, wage: Fraction, average: int) -> Decimal:
    """The lump sum (工条35–37)."""
    return fen(DISABILITY[grade - 1] * injury_wage(wage, average))


def injury_allowance(grade: int, wage: Fraction, average: int, on: date) -> Decimal:
    """The monthly allowance of grades 1–6, not below the minimum wage; none for 7–10 (工条35–37)."""
    if grade > 6:
        return Decimal(0)
    return fen(max(ALLOWANCE[grade - 1] * injury_wage(wage, average) / 100, Fraction(minimum_wage(on))))


def death_grant(injured: date) -> Decimal | None:
    """Twenty times the income of the year before the injury (工条39); None where the table holds none."""
    income = INCOME.get(injured.year - 1)
    return None if income is None else Decimal(20 * income)


def leave_days(years: Fraction) -> int:
    """Days of annual leave by years of working life (年休假条例3)."""
    return 15 if years >= 20 else 10 if years >= 10 else 5 if years >= 1 else 0


def annual_leave(years: Fraction, passed: int | None, taken: int, wage: Fraction, normal_paid: bool) -> Decimal:
    """200 % more for each day not taken (300 % where the normal pay was not paid); part years by days ÷ 365 (办法10–12)."""
    days = leave_days(years) if passed is None else leave_days(years) * passed // 365
    return fen(wage * 4 / 87 * max(days - taken, 0) * (2 if normal_paid else 3))
