"""未休年假工资: what is due on top of the normal pay for annual leave that was not given."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_FLOOR, Decimal

from base.money import show
from knowledge.claims.working import Case, Claim, Missing, Refusal, Working, money_text, number_text
from knowledge.dates import chinese

PERCENT = Decimal(100)


def annual_leave(case: Case) -> Claim:
    """The extra for days not taken: `days`, or by `total_years`; part of a year by `calendar_days` or by dates.

    职工带薪年休假条例 3, 5; 企业职工带薪年休假实施办法 3, 5, 10–12: wage ÷ 21.75 × days × 200 % beside the normal pay; wage:
    the average of 12 months without overtime pay. Leaving (`end`) or joining (`joined`) in the year: calendar days ÷
    365 × the year's days, fractions dropped. Rounded to the fen at the end. Needs monthly_wage and days_worked.
    Raises Refusal.
    """
    w = Working("annual_leave", "未休年假工资", case)
    on = w.day("date", "end") or case.today
    try:
        months = w.number("continuous_months")
        if months is not None and months < w.rate("annual_leave_from_months", on):
            return w.nothing("annual_leave.too_short", on)
        if w.flag("worker_waived_in_writing"):
            return w.nothing("annual_leave.waived", on)
        if w.flag("part_time"):
            return w.nothing("annual_leave.part_time", on)
        return _extra(w, on)
    except Missing as missing:
        w.basis("annual_leave", on)
        return w.lacking(missing)


def _entitlement(w: Working, on: date) -> Decimal:
    """Days a year by the years of working life."""
    years = w.number("total_years", "working_years", "years")
    if years is None:
        raise Missing("years_worked")
    steps = [w.rate(f"annual_leave_years/{i}", on) for i in w.law.scale("annual_leave_years")]
    if years < steps[0]:
        return Decimal(0)
    if years < steps[1]:
        return w.rate("annual_leave_days_1", on)
    return w.rate("annual_leave_days_10" if years < steps[2] else "annual_leave_days_20", on)


def _days(w: Working, on: date) -> Decimal:
    """Days not taken: given, or the entitlement in proportion to the calendar days, fractions dropped."""
    passed = w.number("calendar_days", "days_passed", "days_in_year")
    passed = _passed(w) if passed is None else passed
    days, taken = w.number("days", "unused_days"), w.number("taken") or Decimal(0)
    if passed is None:
        return days if days is not None else max(_entitlement(w, on) - taken, Decimal(0))
    yearly = w.number("entitlement", "annual_days") or days or _entitlement(w, on)
    w.basis("annual_leave.joining" if w.has("joined") else "annual_leave.leaving", on)
    year = w.rate("days_year", on)
    whole = (passed / year * yearly).quantize(Decimal(1), ROUND_FLOOR)
    share = f"{number_text(passed)} ÷ {number_text(year)} × {number_text(yearly)} 天"
    w.step(f"{share}，去掉不满一天的，是 {number_text(whole)} 天")
    return max(whole - taken, Decimal(0))


def _passed(w: Working) -> Decimal | None:
    """The calendar days of the year spent in this unit, by the day of joining or leaving; None when neither is said.

    Who says how many days are open (`days`) needs no proportion.
    """
    joined, left, start = w.day("joined"), w.day("end", "left"), w.day("start")
    if w.has("days") or w.has("unused_days") or not (w.has("entitlement") or w.has("total_years")):
        return None
    if joined is not None and left is None:
        return _told(w, joined, date(joined.year, 12, 31))
    if left is None or w.flag("still_employed"):
        return None
    first = max(d for d in (date(left.year, 1, 1), start, joined) if d is not None)
    if first > left:
        raise Refusal("leave_date", f"离开日期{chinese(left)}早于进厂日期{chinese(first)}，请再核对。")
    return _told(w, first, left)


def _told(w: Working, first: date, last: date) -> Decimal:
    days = (last - first).days + 1
    w.step(f"{chinese(first)}到{chinese(last)}，一共{days}天")
    return Decimal(days)


def _extra(w: Working, on: date) -> Claim:
    days = _days(w, on)
    w.basis("annual_leave", on)
    gross = w.number("gross_avg")
    wage = gross if gross is not None else w.need("monthly_wage", "wage", "avg_wage")
    overtime = w.number("overtime_part")
    if overtime:
        if overtime > wage:
            raise Refusal("monthly_wage", f"加班费{show(overtime)}元比平均工资{show(wage)}元还多，请再核对。")
        w.step(f"平均工资 {show(wage)} 元减去加班费 {show(overtime)} 元")
        wage -= overtime
    divisor = w.rate("pay_days_month", on)
    percent = w.rate("annual_leave_percent", on)
    if w.flag("normal_paid") is not False:
        percent -= w.rate("annual_leave_percent_paid", on)
        w.caution("正常那份工资已经随月工资发了，这里是另外要补的")
    amount = wage / divisor * days * percent / PERCENT
    parts = number_text(divisor), number_text(days), f"{number_text(percent)}%"
    w.step(f"{show(wage)} 元 ÷ {parts[0]} 天 × {parts[1]} 天 × {parts[2]} = {show(amount)} 元")
    return w.claim(amount, f"{money_text(wage)} ÷ " + " × ".join(parts))
