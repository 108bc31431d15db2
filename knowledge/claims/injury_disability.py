"""工伤伤残待遇: the lump sum by grade, the monthly allowance, the care allowance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from base.money import show
from knowledge.citing import numeral
from knowledge.claims.working import EMPLOYER, FUND, Case, Claim, Missing, Refusal, Working, money_text, number_text
from knowledge.dates import add_years, chinese

PERCENT = Decimal(100)


def injury_disability(case: Case) -> Claim:
    """The disability lump sum; `monthly` gives the monthly allowance, `care` the care allowance.

    Wage: the average contribution wage of the 12 months before. An unknown grade gives the range from grade 10 to
    grade 1. Needs injury_grade and monthly_wage. Raises Refusal for a grade that does not exist and other impossibles.
    """
    w = Working("injury_disability", "一次性伤残补助金", case)
    on = injury_day(w)
    try:
        if w.has("care"):
            return _care(w, on)
        if w.text("case") == "art15_1_3":
            return w.nothing("injury.old_soldier", on)
        if w.text("employer") == "unlicensed":
            return _illegal_unit(w, on)
        grade = grade_of(w)
        if grade is None:
            return _unknown_grade(w, on)
        return _allowance(w, grade, on) if w.flag("monthly") else _lump_sum(w, grade, on)
    except Missing as missing:
        return w.lacking(missing, payer=None)


def injury_day(w: Working) -> date:
    """The day of the injury, today when it is not known. Raises Refusal for one in the future."""
    day = w.day("accident", "date")
    if day is not None and day > w.case.today:
        raise Refusal("injury_date", f"受伤日期{chinese(day)}还没到，请再核对。")
    return day or w.case.today


def all_grades(w: Working) -> list[int]:
    """The grades there are, the gravest first."""
    return [int(step) for step in w.law.scale("disability_months")]


def grade_of(w: Working) -> int | None:
    """The grade 1–10, or None. Raises Refusal."""
    given = w.case.inputs.get("grade")
    if given is None:
        return None
    try:
        value = Decimal(str(given))
    except ArithmeticError:
        value = Decimal(0)
    grades = all_grades(w)
    if value not in grades:
        first, last = numeral(grades[0]), numeral(grades[-1])
        raise Refusal("injury_grade", f"伤残等级只有{first}级到{last}级，没有{given}级，请看看鉴定结论书。")
    return int(value)


def payer(w: Working, usual: str = FUND) -> str:
    """Who pays: the fund, or the employer when it had not insured."""
    if w.flag("insured") is False and usual == FUND:
        w.basis("injury.uninsured", say=True)
        return EMPLOYER
    return usual


def injured_wage(w: Working, on: date) -> Decimal:
    """本人工资 within its bounds of the local average. Raises Missing (monthly_wage)."""
    wage = w.need("monthly_wage", "wage", "avg_wage")
    average = w.number("local_avg")
    low, high = w.look("injury_wage_floor_percent", on), w.look("injury_wage_cap_percent", on)
    if average is None:
        _without_average(w, wage, on)
        return wage
    w.basis("injury.wage")
    least, most = average * w.use(low) / PERCENT, average * w.use(high) / PERCENT
    if wage < least:
        w.step(f"本人工资 {show(wage)} 元低于当地平均工资的{number_text(w.use(low))}%，按 {show(least)} 元")
        return least
    if wage > most:
        w.step(f"本人工资 {show(wage)} 元高于当地平均工资的{number_text(w.use(high))}%，按 {show(most)} 元")
        return most
    return wage


def _without_average(w: Working, wage: Decimal, on: date) -> None:
    """The local average is not known: what the contribution bounds say is only a hint."""
    bounds = (("social_base_low", "低于当地缴费下限，会按下限提高"), ("social_base_high", "高于当地缴费上限，会封顶"))
    for key, say in bounds:
        bound = w.look(key, on).value or w.look(key, add_years(on, -1)).value
        beyond = bound is not None and (wage < bound if key.endswith("low") else wage > bound)
        if beyond:
            w.caution(f"工资{say}，要按当地公布的平均工资算", doubtful=True)
    w.caution(w.basis("injury.wage", on))


def _lump_sum(w: Working, grade: int, on: date) -> Claim:
    w.basis(f"injury.disability.{grade}", on)
    months = w.rate(f"disability_months/{grade}", on)
    who = payer(w)
    try:
        wage = injured_wage(w, on)
    except Missing as missing:
        w.step(f"{numeral(grade)}级是 {number_text(months)} 个月的本人工资")
        return w.claim(None, _of_a_wage(number_text(months)), months=months, needs=missing.needs, payer=who)
    w.step(f"{numeral(grade)}级：本人工资 {show(wage)} 元 × {number_text(months)} 个月 = {show(wage * months)} 元")
    return w.claim(wage * months, f"{money_text(wage)} × {number_text(months)}", months=months, payer=who)


def _of_a_wage(months: str) -> str:
    return f"{months} 个月本人工资"


def _unknown_grade(w: Working, on: date) -> Claim:
    """The grade is not known: between the lowest and the highest grade."""
    grades = all_grades(w)
    least, most = (w.rate(f"disability_months/{g}", on) for g in (grades[-1], grades[0]))
    for grade in reversed(grades):
        w.basis(f"injury.disability.{grade}", on)
    who = payer(w)
    names = numeral(grades[-1]), numeral(grades[0])
    w.step(f"要先做劳动能力鉴定，{names[0]}级 {number_text(least)} 个月，{names[1]}级 {number_text(most)} 个月")
    try:
        wage = injured_wage(w, on)
    except Missing as missing:
        between = _of_a_wage(f"{number_text(least)}～{number_text(most)}")
        return w.claim(None, between, needs=["injury_grade", *missing.needs], payer=who)
    formula = f"{money_text(wage)} × {number_text(least)}~{number_text(most)}"
    return w.claim(None, formula, low=wage * least, high=wage * most, needs=["injury_grade"], payer=who)


def _allowance(w: Working, grade: int, on: date) -> Claim:
    """The monthly allowance: by the fund for grades 1–4, by the employer for 5–6 without suitable work."""
    w.label = "伤残津贴（每月）"
    share = w.law.kb.parameters.get((f"disability_allowance_percent/{grade}", "全国"))
    if share is None:
        return w.nothing(f"injury.allowance.{grade}", on)
    w.basis(f"injury.allowance.{grade}", on)
    who = payer(w) if w.law.kb.bases[f"injury.allowance.{grade}"].payer == "fund" else EMPLOYER
    wage, percent = injured_wage(w, on), w.rate(share.key, on)
    amount = wage * percent / PERCENT
    w.step(f"{numeral(grade)}级：本人工资 {show(wage)} 元 × {number_text(percent)}% = 每月 {show(amount)} 元")
    formula = f"{money_text(wage)} × {number_text(percent)}%"
    given = w.number("min_wage")
    least = given if given is not None else w.look("min_wage_month", on).value
    if least is not None and amount < least:
        w.step(f"低于最低工资 {show(least)} 元，按 {show(least)} 元")
        amount = least if given is not None else w.rate("min_wage_month", on)
        formula = money_text(amount)
    return w.claim(amount, formula, payer=who, extra={"per": "month"})


def _care(w: Working, on: date) -> Claim:
    """The care allowance: a share of the local average wage by how much care is needed."""
    w.label = "生活护理费（每月）"
    w.basis("injury.care", on)
    who = payer(w)
    average = w.number("local_avg")
    if average is None:
        average = w.rate("local_average_wage", on)
    percent = w.rate(f"care_percent/{w.text('care')}", on)
    w.step(f"当地月平均工资 {show(average)} 元 × {number_text(percent)}%")
    formula = f"{money_text(average)} × {number_text(percent)}%"
    return w.claim(average * percent / PERCENT, formula, payer=who, extra={"per": "month"})


def _illegal_unit(w: Working, on: date) -> Claim:
    """No licence: a multiple of the local annual average wage, paid by the employer."""
    w.label = "非法用工一次性赔偿金"
    w.basis("injury.illegal_unit", on)
    grade = grade_of(w)
    if grade is None:
        raise Missing("injury_grade")
    times = w.rate(f"illegal_unit_multiple/{grade}", on)
    yearly = w.number("local_avg_year", "local_annual_avg")
    if yearly is None:
        monthly = w.number("local_avg")
        yearly = 12 * (monthly if monthly is not None else w.rate("local_average_wage", on))
    w.step(f"当地年平均工资 {show(yearly)} 元 × {number_text(times)} 倍")
    return w.claim(yearly * times, f"{money_text(yearly)} × {number_text(times)}")
