"""Overtime said day by day: what the calendar makes of each date (weekday 150 %, rest day 200 %, holiday 300 %)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from knowledge.calendar_cn import HOLIDAY, RESTDAY, WORKDAY, BeforeTheList
from knowledge.claims.working import Case, Missing, Refusal, Working, number_text
from knowledge.dates import chinese

FACT = "ot_hours"
KINDS = {WORKDAY: "weekday", RESTDAY: "restday", HOLIDAY: "holiday"}  # the names of the formulas
WEEKEND = 5
NAMED = 5  # so many dates are listed in a step, then only their number


@dataclass(frozen=True)
class Worked:
    """Overtime hours of one date; `kind` weekday|restday|holiday, `name` of the statutory holiday."""

    on: date
    kind: str
    hours: Decimal
    name: str | None = None


def by_date(w: Working) -> bool:
    """Whether a case says its overtime by dates: `dates`, or `date` with `hours` (or with nothing but ot_hours)."""
    if w.has("dates"):
        return True
    sorted_out = any(w.has(f"{kind}_{unit}") for kind in KINDS.values() for unit in ("hours", "days"))
    return w.has("date") and not sorted_out and (w.has("hours") or w.has("ot_hours"))


def of_feast(case: Case) -> list[dict[str, Any]]:
    """The inputs with `holiday_days` at a `feast` split into statutory and rest days: one, or the least and the most.

    As many days as are statutory, or fewer, are statutory days; the whole week holds all of them; between the two it
    depends on which days were worked. Other cases stay as they are.
    """
    inputs = dict(case.inputs)
    name, days = str(inputs.get("feast")), inputs.get("holiday_days")
    if not isinstance(days, int | float | Decimal | str) or "feast" not in inputs:
        return [inputs]
    worked, calendar = Decimal(str(days)), case.law.kb.calendar
    statutory, week = calendar.last_feast(name, case.today)
    most, off = Decimal(statutory), Decimal(week - statutory)
    if not statutory or worked <= most or worked > most + off:
        return [inputs]
    rest = Decimal(str(inputs.get("restday_days") or 0))
    counts = sorted({max(worked - off, Decimal(0)), most})
    return [{**inputs, "holiday_days": n, "restday_days": rest + worked - n} for n in counts]


def worked_days(w: Working) -> list[Worked]:
    """The dates of a case with their hours and kinds, in order.

    A date without hours is a full day on a rest day or holiday; on a workday the normal hours are no overtime.
    Raises Refusal for a date that cannot be, Missing for one before the list of holidays begins.
    """
    found = [_worked(w, on, hours, whole) for on, hours, whole in _dates(w)]
    for earlier, later in zip(found, found[1:], strict=False):
        if earlier.on == later.on:
            raise Refusal(FACT, f"{chinese(later.on)}说了两次，请再核对。")
    _cautions(w, found)
    return found


def _dates(w: Working) -> list[tuple[date, Decimal | None, bool]]:
    usual = w.number("hours", FACT)
    listed = w.case.inputs.get("dates")
    if listed is None:
        listed = [w.case.inputs["date"]]
    if isinstance(listed, str) or not isinstance(listed, Sequence):
        listed = [listed]
    return sorted((_date(row, usual) for row in listed), key=lambda told: told[0])


def _date(row: Any, usual: Decimal | None) -> tuple[date, Decimal | None, bool]:
    """(date, hours, whole) of "2026-10-01" or of {date: 2026-10-01, hours: 8, whole: true}: hours of the whole day's work."""
    said = row.get("date") if isinstance(row, Mapping) else row
    hours = row.get("hours") if isinstance(row, Mapping) else None
    try:
        on = said if isinstance(said, date) else date.fromisoformat(str(said))
        own = None if hours is None else Decimal(str(hours))
    except (ValueError, InvalidOperation):
        raise Refusal(FACT, "加班的日期或者小时没看懂，请写成哪年哪月哪日、几小时。") from None
    whole = isinstance(row, Mapping) and row.get("whole") is True
    return on, usual if own is None else own, whole


def _worked(w: Working, on: date, hours: Decimal | None, whole: bool) -> Worked:
    if on > w.case.today:
        raise Refusal(FACT, f"{chinese(on)}还没到，请再核对。")
    try:
        day = w.law.kb.calendar.day(on)
    except BeforeTheList:
        raise Missing(note=f"{chinese(on)}是不是法定节假日没有核对过") from None
    full = w.rate("work_hours_day", on)
    if hours is None:
        hours = Decimal(0) if day.kind == WORKDAY else full
    elif whole and day.kind == WORKDAY:
        hours = max(hours - full, Decimal(0))
    if not 0 <= hours <= (24 - full if day.kind == WORKDAY else 24):
        raise Refusal(FACT, f"{chinese(on)}加班{number_text(hours)}小时，时间上不可能，请再核对。")
    return Worked(on, KINDS[day.kind], hours, day.name)


def _cautions(w: Working, found: Sequence[Worked]) -> None:
    for day in found:
        if day.kind == "weekday" and day.on.weekday() >= WEEKEND:
            w.caution(f"{chinese(day.on)}是调休的上班日，正常那几个小时不算加班，只算多出来的")
        elif day.kind == "weekday" and not day.hours:
            w.caution(f"{chinese(day.on)}是上班日，正常上班不算加班，超过的小时才算")
        if not w.law.kb.calendar.known(day.on.year):
            w.caution(f"{day.on.year}年的放假安排还没有录入，调休的日子可能不同", doubtful=True)
    most = {day.on.replace(day=1): w.look("overtime_hours_month_max", day.on).value for day in found}
    for month, limit in most.items():
        hours = sum((d.hours for d in found if d.on.replace(day=1) == month), Decimal(0))
        if limit is not None and hours > limit:
            w.caution(w.basis("overtime.too_much", month))


def listed(days: Sequence[Worked]) -> str:
    """2026年10月1日国庆节、2026年10月2日国庆节; from the sixth on only how many there are."""
    names = [chinese(d.on) + (d.name or "") for d in days[:NAMED]]
    return "、".join(names) + (f"等{len(days)}天" if len(days) > NAMED else "")


def of_kind(days: Sequence[Worked]) -> Iterator[tuple[str, list[Worked]]]:
    """The days with hours, by kind in the order of the formula."""
    for kind in KINDS.values():
        chosen = [d for d in days if d.kind == kind and d.hours]
        if chosen:
            yield kind, chosen
