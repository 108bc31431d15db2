"""未签合同双倍工资: the second wage from the second month on, at most to the end of the first year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from base.money import show
from knowledge.claims.limitation import run
from knowledge.claims.working import Case, Claim, Missing, Refusal, Working, money_text, number_text
from knowledge.dates import chinese, full_months, last_of_months, workdays

SHORTEST_MONTH = 28  # days


@dataclass(frozen=True)
class Period:
    """The days for which the second wage is due, both included; empty when `last` is before `first`.

    Its months are those of the work, which began on `start` and had `grace` months before `first`.
    """

    start: date
    grace: int
    first: date
    last: date

    def months(self) -> tuple[int, int]:
        """(full months, days left over): a year of work from whatever day has eleven months of second wage."""
        months, days = full_months(self.start, self.last)
        return months - self.grace, days


def double_wage(case: Case) -> Claim:
    """The second wage only. Zero with its reason for every exception; needs hire_date and monthly_wage.

    Raises Refusal for impossible inputs.
    """
    w = Working("double_wage", "未签合同的双倍工资（另一倍）", case)
    none = _exception(w)
    if none is not None:
        return none
    try:
        if not w.has("start") and not w.has("contract_end"):
            return _by_months(w)
        return _by_dates(w)
    except Missing as missing:
        return _unknown(w, missing)


def _unknown(w: Working, missing: Missing) -> Claim:
    """Something is missing: with the wage alone, between nothing and the most months there can be."""
    _basis(w)
    if missing.note is not None:
        return w.lacking(missing)
    wage = w.number("wage", "avg_wage")
    if wage is None:
        return w.claim(None, needs=[*missing.needs, "monthly_wage"])
    most = w.rate("double_wage_max_months", w.case.today)
    w.step(f"满一个月以后，最多 {number_text(most)} 个月：最多 {show(wage * most)} 元")
    formula = f"{money_text(wage)} × 0~{number_text(most)}"
    return w.claim(None, formula, low=Decimal(0), high=wage * most, needs=missing.needs)


def _basis(w: Working) -> None:
    if w.has("contract_end"):
        w.basis("double_wage.after_expiry")
    w.basis("double_wage")


def _exception(w: Working) -> Claim | None:
    if w.flag("worker_refused") and w.flag("employer_proved") is not False:
        return w.nothing("double_wage.worker_refused")
    if w.flag("has_contract") and not _signed_late(w) and not _expired(w):
        return w.nothing("double_wage.signed")
    if w.flag("force_majeure"):
        return w.nothing("double_wage.force_majeure")
    if w.flag("part_time"):
        return w.nothing("double_wage.part_time")
    if _expired(w) and any(w.flag(f) for f in ("pregnant", "in_medical_period", "injured")):
        return w.nothing("double_wage.prolonged")
    if w.has("months_claimed_after_first_year"):
        return w.nothing("double_wage.after_year")
    if w.flag("over_retirement_age"):
        return _over_age(w)
    if w.flag("backdated"):
        w.basis("double_wage")
        return w.handoff("补签的合同把日期写到前面（倒签）")
    return None


def _signed_late(w: Working) -> bool:
    return w.has("contract_sign_date") or w.has("signed")


def _expired(w: Working) -> bool:
    """Whether the work went on after a contract had run out."""
    return w.has("contract_end") or w.flag("after_expiry") is True


def _over_age(w: Working) -> Claim:
    start = w.day("start") or w.case.today
    if start < w.law.start_of("超龄劳动者基本权益保障暂行规定"):
        w.basis("double_wage")
        return w.handoff("规定施行以前的超龄用工是不是劳动关系")
    return w.nothing("double_wage.over_age")


def period(w: Working) -> Period:
    """From the day after the first full month to the day before signing, the end, or the end of the first year.

    Raises Missing (hire_date) and Refusal (end before start).
    """
    ended = w.day("contract_end")
    start = w.day("start") if ended is None else ended + timedelta(days=1)
    if start is None:
        raise Missing("hire_date")
    end, months = w.day("end", "left"), w.number("months_worked")
    if end is None and months is not None:
        end = last_of_months(start, int(months))
    if end is not None and ended is None and end < start:
        raise Refusal("leave_date", f"离开日期{chinese(end)}早于进厂日期{chinese(start)}，请再核对。")
    if start > w.case.today:
        raise Refusal("hire_date", f"进厂日期{chinese(start)}还没到，请再核对。")
    grace = int(w.rate("double_wage_grace_months", start))
    first = last_of_months(start, grace) + timedelta(days=1)
    last = last_of_months(start, int(w.rate("double_wage_end_months", start)))
    signed = w.day("signed", "contract_sign_date", "signed_on", "sign_date", "contract_signed")
    if signed is not None:
        last = min(last, signed - timedelta(days=1))
    return Period(start, grace, first, min(last, end if end is not None else w.case.today))


def _by_dates(w: Working) -> Claim:
    span = period(w)
    if span.last < span.first:
        return w.nothing("double_wage.signed") if _signed_late(w) else _too_short(w)
    dates = {"from": span.first.isoformat(), "to": span.last.isoformat()}
    _basis(w)
    late = _late(w, span)
    if late is not None:
        return late
    w.step(f"从满一个月的次日{chinese(span.first)}到{chinese(span.last)}")
    months, days = span.months()
    wage = w.number("wage", "avg_wage")
    needs = ["leave_date"] if _still_open(w, span) else []
    if wage is None:
        return w.claim(None, months=Decimal(months), needs=["monthly_wage", *needs], extra=dates)
    amount, formula = wage * months, f"{money_text(wage)} × {months}"
    w.step(f"月工资 {show(wage)} 元 × {months} 个月 = {show(amount)} 元")
    if days:
        part = _part_month(w, span, wage, months)
        amount, formula = amount + part[0], f"{formula} + {part[1]}"
    w.caution("正常那一份工资另外算，这里只是多出来的一份")
    if not w.has("has_contract"):
        w.caution("前提是没有签书面劳动合同")
    return w.claim(amount, formula, months=Decimal(months), needs=needs, extra=dates)


def _still_open(w: Working, span: Period) -> bool:
    """Whether the period ends today only because nobody has said when the work ended."""
    return span.last == w.case.today and not w.has("end") and w.flag("still_employed") is not True


def _part_month(w: Working, span: Period, wage: Decimal, months: int) -> tuple[Decimal, str]:
    """The wage for the days beyond full months, by the days worked; estimated from the calendar when not known."""
    first = last_of_months(span.start, months + span.grace) + timedelta(days=1)
    worked = w.number("partial_month_workdays")
    w.basis("double_wage.part_month")
    if worked is None:
        worked = Decimal(workdays(first, span.last))
        w.caution(f"零头{number_text(worked)}天是按工作日估的，要按实际出勤算", doubtful=True)
    divisor = w.rate("pay_days_month", span.last)
    part = wage / divisor * worked
    if part > wage:
        w.step(f"零头{number_text(worked)}天，最多算一个月 {show(wage)} 元")
        return wage, money_text(wage)
    w.step(f"零头：{show(wage)} 元 ÷ {number_text(divisor)} 天 × {number_text(worked)} 天 = {show(part)} 元")
    return part, f"{money_text(wage)} ÷ {number_text(divisor)} × {number_text(worked)}"


def _too_short(w: Working) -> Claim:
    return w.nothing("double_wage.too_short", months=Decimal(0))


def _late(w: Working, span: Period) -> Claim | None:
    """Nothing when the limitation has run out by the day of the claim and the employer says so."""
    claimed = w.day("claim_date") or w.case.today
    aside = Working(w.kind, w.label, w.case)  # what the clock says of its events is told with the deadline
    last = w.law.kb.calendar.next_workday(run(aside, span.last, "arbitration_years_double_wage").last)
    if claimed <= last:
        return None
    if w.flag("defence_raised"):
        return w.nothing("double_wage.late", months=Decimal(0))
    w.caution(f"{chinese(last)}到期，{w.basis('double_wage.maybe_late')}", doubtful=True)
    return None


def _by_months(w: Working) -> Claim:
    """From the number of months worked without a contract."""
    worked = w.number("months_worked")
    years = w.number("years_worked")
    if worked is None and years is None:
        days = w.number("days_worked")
        if days is not None and days < SHORTEST_MONTH:
            return _too_short(w)
        raise Missing("hire_date")
    total = (worked or Decimal(0)) + (years or Decimal(0)) * 12
    on = w.case.today
    grace, most = w.rate("double_wage_grace_months", on), w.rate("double_wage_max_months", on)
    months = max(min(total - grace, most), Decimal(0))
    _basis(w)
    wage = w.need("monthly_wage", "wage", "avg_wage")
    counted = f"干了{number_text(total)}个月，减去 {number_text(grace)} 个月，最多 {number_text(most)} 个月"
    w.step(f"{counted}：{number_text(months)} 个月")
    w.step(f"月工资 {show(wage)} 元 × {number_text(months)} 个月 = {show(wage * months)} 元")
    w.caution("正常那一份工资另外算，这里只是多出来的一份")
    return w.claim(wage * months, f"{money_text(wage)} × {number_text(months)}", months=months)
