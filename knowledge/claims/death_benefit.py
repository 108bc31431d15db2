"""工亡待遇: the grant, the funeral money, the dependants' pension."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from base.money import show
from knowledge.claims.injury_disability import PERCENT, payer
from knowledge.claims.working import EMPLOYER, Case, Claim, Missing, Refusal, Working, money_text, number_text
from knowledge.dates import add_years, chinese


def death_benefit(case: Case) -> Claim:
    """The grant for a work death by the year of the injury; `dependants`, `local_avg` (funeral) and others by input.

    Needs injury_date. Raises Refusal for impossible inputs.
    """
    w = Working("death_benefit", "一次性工亡补助金", case)
    try:
        if w.has("hours_of_rescue"):
            return _rescue(w)
        if w.flag("after_paid_leave"):
            return w.nothing("death.after_leave")
        if w.text("employer") == "unlicensed":
            return _illegal_unit(w)
        if w.has("dependants"):
            return _dependants(w)
        if w.has("local_avg") and not w.has("accident"):
            return _funeral(w)
        return _grant(w)
    except Missing as missing:
        w.basis("death.grant")
        return w.lacking(missing, payer=None)


def _past(w: Working, *names: str) -> date:
    day = w.day(*names)
    if day is None:
        raise Missing("injury_date")
    if day > w.case.today:
        raise Refusal("injury_date", f"日期{chinese(day)}还没到，请再核对。")
    return day


def _income(w: Working, day: date) -> Decimal:
    """The national urban income of the calendar year before `day`."""
    return w.rate("urban_income", add_years(day, -1))


def _grant(w: Working) -> Claim:
    day, died = _past(w, "accident", "date", "death"), w.day("death")
    if died is not None and died < day:
        raise Refusal("injury_date", f"去世日期{chinese(died)}早于受伤日期{chinese(day)}，请再核对。")
    w.basis("death.grant", day)
    who = payer(w)
    income, times = _income(w, day), w.rate("death_income_multiple", day)
    times_text = number_text(times)
    w.step(f"受伤前一年全国城镇居民人均可支配收入 {show(income)} 元 × {times_text} 倍 = {show(income * times)} 元")
    if w.has("death") and not w.has("accident"):
        w.caution("按受伤那天的前一年算，不是去世那天", doubtful=True)
    return w.claim(income * times, f"{money_text(income)} × {number_text(times)}", payer=who)


def _funeral(w: Working) -> Claim:
    w.label = "丧葬补助金"
    average = w.need("monthly_wage", "local_avg")
    months = w.rate("funeral_months", w.case.today)
    w.basis("death.funeral")
    who = payer(w)
    w.step(f"当地月平均工资 {show(average)} 元 × {number_text(months)} 个月 = {show(average * months)} 元")
    return w.claim(average * months, f"{money_text(average)} × {number_text(months)}", months=months, payer=who)


def _share(w: Working, who: str, on: date) -> Decimal:
    spouse = any(name in who for name in ("spouse", "wife", "husband"))
    percent = w.rate("dependant_percent_spouse" if spouse else "dependant_percent_other", on)
    if "lonely" in who or "orphan" in who or w.flag("lonely"):
        percent += w.rate("dependant_percent_lonely", on)
    return percent


def _one_spouse(people: Sequence[str]) -> list[str]:
    """The people with at most one spouse, however often she was named."""
    first = next((i for i, who in enumerate(people) if who == "spouse"), None)
    return [who for i, who in enumerate(people) if who != "spouse" or i == first]


def _dependants(w: Working) -> Claim:
    """The monthly pension of all dependants, together not more than the dead worker's wage."""
    w.label = "供养亲属抚恤金（每月）"
    on = w.day("accident", "date", "death") or w.case.today
    people: Sequence[str] = _one_spouse(w.case.inputs["dependants"])
    w.basis("death.dependants", on)
    who = payer(w)
    wage = w.need("monthly_wage", "wage")
    shares = [_share(w, str(p), on) for p in people]
    total = min(sum(shares, Decimal(0)), PERCENT)
    too_much = "，加起来不超过本人工资" if sum(shares) > PERCENT else ""
    w.step("＋".join(f"{number_text(s)}%" for s in shares) + too_much)
    w.step(f"本人工资 {show(wage)} 元 × {number_text(total)}% = 每月 {show(wage * total / PERCENT)} 元")
    formula = f"{money_text(wage)} × {number_text(total)}%"
    return w.claim(wage * total / PERCENT, formula, payer=who, extra={"per": "month"})


def _illegal_unit(w: Working) -> Claim:
    w.label = "非法用工死亡赔偿"
    day = _past(w, "death", "accident", "date")
    w.basis("death.illegal_unit", day)
    income = _income(w, day)
    grant, rest = w.rate("illegal_unit_death_multiple", day), w.rate("illegal_unit_funeral_multiple", day)
    w.step(f"前一年全国城镇居民人均可支配收入 {show(income)} 元 ×（{number_text(grant)} ＋ {number_text(rest)}）倍")
    formula = f"{money_text(income)} × ({number_text(grant)} + {number_text(rest)})"
    return w.claim(income * (grant + rest), formula, payer=EMPLOYER)


def _rescue(w: Working) -> Claim:
    """Sudden illness at work: counts as a work injury when death comes at once or within the hours of the rule."""
    w.label = "突发疾病视同工伤"
    hours, limit = w.need("injury_date", "hours_of_rescue"), w.rate("rescue_hours", w.case.today)
    w.basis("death.rescue")
    counts = hours <= limit
    within = f"没有超过{number_text(limit)}小时" if counts else f"超过了{number_text(limit)}小时"
    w.step(f"抢救{number_text(hours)}小时，{within}")
    w.caution("从医院第一次诊断的时间开始算；有争议的请顾问确认")
    return w.claim(None, payer=None, result=counts)
