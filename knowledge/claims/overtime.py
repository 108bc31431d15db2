"""加班费: weekday, rest day and holiday hours on top of the month's wage.

劳动法 44, 江苏省工资支付条例 20–23, 25, 63: hourly = base ÷ 21.75 ÷ 8; × 150 % (weekday), 200 % (rest day without equal
time off within six months), 300 % (statutory holiday). Dates are sorted by the calendar. Rounded to the fen at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from base.money import show
from knowledge.claims.overtime_days import Worked, by_date, listed, of_feast, of_kind, worked_days
from knowledge.claims.working import Case, Claim, Missing, Refusal, Working, money_text, number_text

PERCENT = Decimal(100)
KINDS = (("weekday", "平时"), ("restday", "休息日"), ("holiday", "法定节假日"))


def overtime(case: Case) -> Claim:
    """Overtime pay from dates, from hours or days of each kind, piece work, or the excess of comprehensive hours.

    `dates` (each a date, or {date, hours}) or `date` with `hours`: the calendar says which kind each is; hours and days of
    a kind are added to them. `feast` with `holiday_days`: its statutory days and the rest days of its week; where the days
    could be the one or the other, a range. Needs monthly_wage and ot_hours. Raises Refusal for more hours than a day or a
    month can hold.
    """
    least, *more = [_overtime(replace(case, inputs=inputs)) for inputs in of_feast(case)]
    if not more or least.amount is None:
        return least
    return replace(least, amount=None, low=least.amount, high=more[-1].amount, needs=(*least.needs, "overtime_dates"))


def _overtime(case: Case) -> Claim:
    w = Working("overtime", "加班费", case)
    on = w.day("date") or case.today
    try:
        if w.text("system") not in (None, "standard", "comprehensive"):
            return w.nothing("overtime.irregular", on)
        if w.has("piece_rate"):
            return _piece_work(w, on)
        if w.text("system") == "comprehensive":
            return _comprehensive(w, on)
        return _by_dates(w, on) if by_date(w) else _hours(w, on)
    except Missing as missing:
        w.basis("overtime", on)
        return w.lacking(missing)


def _once(w: Working, text: str) -> None:
    if text not in w.steps:
        w.step(text)


def _base(w: Working, on: date) -> Decimal:
    """The monthly base: agreed, else the average of the 12 months before, else the wage; not below the minimum wage."""
    agreed = w.number("agreed_base")
    base = agreed if agreed is not None else w.need("monthly_wage", "avg_wage_12", "wage", "avg_wage")
    given = w.number("min_wage")
    least = given if given is not None else w.look("min_wage_month", on).value
    if agreed is not None:
        w.caution("合同约定了加班基数的，从约定，但不能低于最低工资", doubtful=True)
    if least is not None and base < least:
        _once(w, f"基数 {show(base)} 元低于最低工资 {show(least)} 元，按 {show(least)} 元")
        return least if given is not None else w.rate("min_wage_month", on)
    return base


def _hourly(w: Working, on: date) -> tuple[Decimal, str]:
    hourly = w.number("hourly_wage")
    if hourly is not None:
        return hourly, money_text(hourly)
    daily, hours = w.number("daily_wage"), w.rate("work_hours_day", on)
    if daily is not None:
        return daily / hours, f"{money_text(daily)} ÷ {number_text(hours)}"
    base = _base(w, on)
    days = w.rate("pay_days_month", on)
    w.basis("pay_days", on)
    pay, by = base / days / hours, (number_text(days), number_text(hours))
    _once(w, f"一小时 {show(base)} 元 ÷ {by[0]} 天 ÷ {by[1]} 小时 = {show(pay)} 元")
    return pay, f"{money_text(base)} ÷ {by[0]} ÷ {by[1]}"


def _amount_of(w: Working, kind: str, on: date) -> Decimal:
    """Hours of a kind, from hours and days. Raises Refusal for more than a month can hold."""
    hours = w.number(f"{kind}_hours") or Decimal(0)
    days = w.number(f"{kind}_days") or Decimal(0)
    a_day = w.look("work_hours_day", on).value or Decimal(0)
    months = w.number("months_count") or Decimal(1)
    most = (24 - a_day if kind == "weekday" else Decimal(24)) * (w.look("pay_days_month", on).value or 31) * months
    if hours > most:
        raise Refusal("ot_hours", f"一个月加班{number_text(hours)}小时，时间上不可能，请再核对。")
    return hours + days * a_day


def _hours(w: Working, on: date) -> Claim:
    w.basis("overtime", on)
    w.basis("pay_days", on)
    amounts = {kind: _amount_of(w, kind, on) for kind, _ in KINDS}
    if w.has("ot_hours") and not any(amounts.values()):
        amounts["weekday"] = w.need("ot_hours", "ot_hours")
        w.caution("都按平时加班算的；休息日和节假日更高")
    if w.flag("time_off_given") and amounts["restday"] and _in_time(w, on):
        w.basis("overtime.time_off", on, say=True)
        amounts["restday"] = Decimal(0)
    elif not any(amounts.values()):
        raise Missing(*(("ot_hours",) if w.number("wage", "avg_wage_12", "avg_wage") else ("ot_hours", "monthly_wage")))
    if not any(amounts.values()):
        return w.claim(Decimal(0), "0")
    hourly, formula = _hourly(w, on)
    total, parts = _of_kinds(w, amounts, hourly, on)
    w.caution("加班费在月工资之外另付")
    return _less_paid(w, total, f"{formula} × ({' + '.join(parts)})")


def _of_kinds(w: Working, amounts: Mapping[str, Decimal], hourly: Decimal, on: date) -> tuple[Decimal, list[str]]:
    """(pay, parts of the formula) of hours of each kind, each with its step."""
    total, parts = Decimal(0), []
    for kind, name in KINDS:
        if amounts[kind]:
            percent = w.rate(f"overtime_percent_{kind}", on)
            pay = hourly * amounts[kind] * percent / PERCENT
            w.step(f"{name}：{number_text(amounts[kind])} 小时 × {number_text(percent)}% = {show(pay)} 元")
            parts.append(f"{number_text(amounts[kind])} × {number_text(percent)}%")
            total += pay
    return total, parts


def _undated(w: Working, on: date) -> dict[str, Decimal]:
    """Hours of each kind that are told beside the dates; rest days with time off count nothing."""
    amounts = {kind: _amount_of(w, kind, on) for kind, _ in KINDS}
    if w.flag("time_off_given") and amounts["restday"] and _in_time(w, on):
        amounts["restday"] = Decimal(0)
    return amounts


def _by_dates(w: Working, on: date) -> Claim:
    """The pay for dates, each by its kind and by the minimum wage of its day."""
    days = worked_days(w)
    w.basis("overtime", on)
    w.basis("pay_days", on)
    if w.flag("shift") and any(d.kind == "holiday" for d in days):
        w.basis("overtime.shift", on)
    if w.flag("time_off_given") and any(d.kind == "restday" for d in days) and _in_time(w, on):
        w.basis("overtime.time_off", on, say=True)
        days = [d for d in days if d.kind != "restday"]
    undated = _undated(w, on)
    if not any(d.hours for d in days) and not any(undated.values()):
        return w.claim(Decimal(0), "0")
    total, parts = Decimal(0), dict[str, list[str]]()
    for kind, chosen in of_kind(days):
        for formula, hourly, same in _by_rate(w, chosen):
            hours, percent = sum((d.hours for d in same), Decimal(0)), w.rate(f"overtime_percent_{kind}", same[0].on)
            pay = hourly * hours * percent / PERCENT
            said = f"{number_text(hours)} 小时 × {number_text(percent)}%"
            w.step(f"{dict(KINDS)[kind]}（{listed(same)}）：{said} = {show(pay)} 元")
            parts.setdefault(formula, []).append(f"{number_text(hours)} × {number_text(percent)}%")
            total += pay
    if any(undated.values()):
        hourly, formula = _hourly(w, on)
        pay, more = _of_kinds(w, undated, hourly, on)
        total, parts[formula] = total + pay, [*parts.get(formula, []), *more]
    w.caution("加班费在月工资之外另付")
    return _less_paid(w, total, " + ".join(f"{f} × ({' + '.join(p)})" for f, p in parts.items()))


def _by_rate(w: Working, days: Sequence[Worked]) -> Iterator[tuple[str, Decimal, list[Worked]]]:
    """The days with the same pay an hour together, since the minimum wage under the base changes."""
    rates: dict[str, tuple[Decimal, list[Worked]]] = {}
    for day in days:
        hourly, formula = _hourly(w, day.on)
        rates.setdefault(formula, (hourly, []))[1].append(day)
    for formula, (hourly, same) in rates.items():
        yield formula, hourly, same


def _less_paid(w: Working, total: Decimal, formula: str) -> Claim:
    paid = w.number("paid")
    if not paid:
        return w.claim(total, formula)
    w.step(f"减去已经付的 {show(paid)} 元")
    return w.claim(max(total - paid, Decimal(0)), f"{formula} − {money_text(paid)}")


def _in_time(w: Working, on: date) -> bool:
    months = w.number("time_off_within_months")
    return months is None or months <= w.rate("time_off_months", on)


def _comprehensive(w: Working, on: date) -> Claim:
    """Hours beyond the period's total; holiday hours at the holiday rate."""
    w.basis("overtime.comprehensive", on)
    excess = w.number("excess_hours") or Decimal(0)
    holiday = (w.number("holiday_hours") or Decimal(0)) + (w.number("holiday_days") or Decimal(0)) * w.rate(
        "work_hours_day", on
    )
    if by_date(w):
        days = worked_days(w)
        holiday += sum((d.hours for d in days if d.kind == "holiday"), Decimal(0))
        if not holiday and not excess and days:
            return w.nothing("overtime.comprehensive_rest", on)
        if any(d.kind != "holiday" for d in days):
            w.caution(w.basis("overtime.comprehensive_rest", on))
    if not excess and not holiday:
        if w.has("restday_hours") or w.has("restday_days"):
            return w.nothing("overtime.comprehensive_rest", on)
        raise Missing("ot_hours")
    hourly, formula = _hourly(w, on)
    total, parts = Decimal(0), []
    for hours, key in ((excess, "overtime_percent_comprehensive"), (holiday, "overtime_percent_holiday")):
        if hours:
            percent = w.rate(key, on)
            pay = hourly * hours * percent / PERCENT
            total += pay
            w.step(f"{number_text(hours)} 小时 × {number_text(percent)}% = {show(pay)} 元")
            parts.append(f"{number_text(hours)} × {number_text(percent)}%")
    return w.claim(total, f"{formula} × ({' + '.join(parts)})")


def _piece_work(w: Working, on: date) -> Claim:
    """Pieces beyond the quota at the rate of the day, less what was paid."""
    w.basis("overtime.piece", on)
    price, pieces = w.need("ot_rate", "piece_rate"), w.need("days_worked", "pieces")
    dated = worked_days(w) if by_date(w) else []
    kind = w.text("day") or (dated[0].kind if dated else "weekday")
    percent = w.rate(f"overtime_percent_{kind}", on)
    due, paid = price * pieces * percent / PERCENT, w.number("paid") or Decimal(0)
    count = f"{number_text(pieces)} 件 × {number_text(percent)}%"
    w.step(f"{show(price)} 元 × {count} = {show(due)} 元，已付 {show(paid)} 元")
    formula = f"{money_text(price)} × {number_text(pieces)} × {number_text(percent)}%"
    return w.claim(max(due - paid, Decimal(0)), formula + (f" − {money_text(paid)}" if paid else ""))
