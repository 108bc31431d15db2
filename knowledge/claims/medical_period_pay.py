"""停工留薪期工资、病假工资和医疗期: pay while injured or ill, and how long the protection lasts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from base.money import show
from knowledge.claims.working import EMPLOYER, Case, Claim, Missing, Refusal, Working, money_text, number_text

PERCENT = Decimal(100)


def medical_period_pay(case: Case) -> Claim:
    """Full pay while recovering from a work injury; the floor of sick pay; the months of the protected period.

    工伤保险条例 33: wage × months, 12 and at most 12 more that the committee confirms (none with `confirmed` False), by
    the employer, and so is the care in that time (`care_needed`). 江苏省工资支付条例 27: 80 % of the minimum wage a month,
    less what was `paid` each month or `paid_total`. 劳部发〔1994〕479号 3, 4: months by working life and years in the
    unit, counted within a longer window. Pay of one month is either this or the wage, never both. Rounded to the fen at
    the end.
    Needs monthly_wage and months_owed. Raises Refusal for impossible inputs.
    """
    w = Working("medical_period_pay", "停工留薪期工资", case)
    on = w.day("accident", "date") or case.today
    try:
        if w.flag("care_needed"):
            w.basis("injury_leave.nursing", on, say=True)
            return w.claim(None, payer=EMPLOYER, result=True)
        if w.has("unit_years") or w.has("total_years"):
            return _sick_period(w, on)
        if w.has("severe"):
            return _injury_leave_length(w, on)
        if (
            w.flag("sick")
            or w.text("type") == "sick"
            or w.has("sick_months")
            or w.has("sick_pay")
            or (w.has("min_wage") and not w.has("wage"))
        ):
            return _sick_pay(w, on)
        return _injury_leave(w, on)
    except Missing as missing:
        w.basis("injury_leave", on)
        return w.lacking(missing)


def _injury_leave(w: Working, on: date) -> Claim:
    months, wage = _months(w), w.number("wage", "avg_wage")
    if months is None or wage is None:
        raise Missing(*(f for f, v in (("months_owed", months), ("monthly_wage", wage)) if v is None))
    w.basis("injury_leave", on)
    most = w.rate("injury_leave_months", on)
    if months > most:
        w.basis("injury_leave.length", on)
        w.caution(f"超过{number_text(most)}个月的，要鉴定委员会确认延长", doubtful=True)
        longest = most if w.flag("confirmed") is False else most + w.rate("injury_leave_more_months", on)
        if months > longest:
            w.step(f"一共最多 {number_text(longest)} 个月")
            months = longest
    w.caution("这几个月不再另算工资")
    w.step(f"受伤前月工资 {show(wage)} 元 × {number_text(months)} 个月 = {show(wage * months)} 元")
    amount, formula, paid = wage * months, f"{money_text(wage)} × {number_text(months)}", w.number("paid")
    monthly = w.number("paid_monthly")
    if monthly:
        paid = monthly * months
    if paid:
        w.step(f"减去已经付的 {show(paid)} 元")
        amount, formula = max(amount - paid, Decimal(0)), f"{formula} − {money_text(paid)}"
    return w.claim(amount, formula, payer=EMPLOYER)


def _months(w: Working) -> Decimal | None:
    """The months of leave; several parts (`spans`: in hospital, then at home) are added."""
    spans = w.case.inputs.get("spans")
    return sum((Decimal(str(m)) for m in spans), Decimal(0)) if spans else w.number("months")


def _injury_leave_length(w: Working, on: date) -> Claim:
    w.label = "停工留薪期"
    months = w.rate("injury_leave_months", on)
    if w.flag("severe") and w.flag("confirmed"):
        months += w.rate("injury_leave_more_months", on)
    w.basis("injury_leave.length", on)
    w.step(f"最长 {number_text(months)} 个月")
    return w.claim(None, months=months, payer=None)


def _sick_period(w: Working, on: date) -> Claim:
    """The protected period of illness by total working life and years in this unit."""
    w.label = "医疗期"
    w.basis("sick_period", on)
    total, unit = w.need("years_worked", "total_years"), w.need("years_worked", "unit_years")
    if unit > total:
        raise Refusal("years_worked", "在这家单位的年数比一共工作的年数还长，请再核对。")
    group = "young" if total < w.rate("sick_period_total_years", on) else "old"
    step = max(int(s) for s in w.law.scale(f"sick_period_{group}_months") if unit >= int(s))
    months = w.rate(f"sick_period_{group}_months/{step}", on)
    window = w.rate(f"sick_period_count_months/{number_text(months)}", on)
    w.step(f"总工龄 {number_text(total)} 年、本单位 {number_text(unit)} 年：{number_text(months)} 个月")
    w.step(f"病休的日子加起来算，在 {number_text(window)} 个月里累计")
    return w.claim(None, months=months, payer=None)


def _sick_pay(w: Working, on: date) -> Claim:
    """The least that is paid for a month of illness."""
    w.label = "病假工资（每月最低）"
    given = w.number("min_wage")
    least = given if given is not None else w.rate("min_wage_month", on)
    percent, months = w.rate("sick_pay_percent", on), w.number("sick_months", "months") or Decimal(1)
    w.basis("sick_pay", on)
    floor = least * percent / PERCENT
    w.step(f"最低工资 {show(least)} 元 × {number_text(percent)}% = {show(floor)} 元")
    formula, paid = f"{money_text(least)} × {number_text(percent)}%", w.number("paid")
    if paid:
        w.step(f"每月减去已经付的 {show(paid)} 元")
        floor, formula = max(floor - paid, Decimal(0)), f"({formula} − {money_text(paid)})"
    amount, formula = floor * months, formula if months == 1 else f"{formula} × {number_text(months)}"
    total = w.number("paid_total")
    if total and not paid:
        w.step(f"减去一共已经付的 {show(total)} 元")
        amount, formula = max(amount - total, Decimal(0)), f"{formula} − {money_text(total)}"
    return w.claim(amount, formula)
