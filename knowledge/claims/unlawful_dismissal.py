"""违法解除赔偿金 (2N): twice the severance, counted from the first day of work."""

from __future__ import annotations

from decimal import Decimal

from base.money import show
from knowledge.claims.service import Service, base_wage, capped, end_of_work, minimum_wage, service, severance_months
from knowledge.claims.working import Case, Claim, Missing, Working, money_text, number_text

EXCLUDES = ("severance", "notice_pay")
# What makes a dismissal unlawful, by input: the rule whose articles are added.
PROTECTED = {
    "in_medical_period": "unlawful.medical_period",
    "pregnant": "unlawful.pregnant",
    "nursing": "unlawful.pregnant",
    "long_service": "unlawful.long_service",
    "no_health_check": "unlawful.health_check",
}


def unlawful_dismissal(case: Case) -> Claim:
    """2N from start/end or a length of service and the average wage; nothing when the employer has proved fault.

    Needs hire_date and monthly_wage; without the wage the least it can be. Raises Refusal for impossible inputs.
    """
    w = Working("unlawful_dismissal", "违法辞退赔偿金（2N）", case)
    end = end_of_work(w)
    untold = w.flag("union_notified") is False and not w.flag("union_cured")
    if w.flag("proved") and not untold:
        return w.nothing("unlawful.fault_proved", end, excludes=EXCLUDES)
    _reasons(w)
    w.basis("unlawful", end)
    w.basis("severance.years")
    w.caution("拿了赔偿金就不再拿经济补偿（N），也没有代通知金；也可以不要钱、要求回去上班")
    try:
        return _amount(w)
    except Missing as missing:
        return w.lacking(missing, excludes=EXCLUDES)


def _reasons(w: Working) -> None:
    for name, rule in PROTECTED.items():
        if w.flag(name) or w.text("protected") == name:
            w.basis(rule, say=True)
    if w.has("injury_grade") or w.flag("injured"):
        w.basis("unlawful.injury", say=True)
    if w.flag("trial"):
        w.basis("unlawful.trial", say=True)
    elif w.flag("proved") is False:
        w.basis("unlawful.fault_unproved", say=True)
    if w.flag("union_notified") is False and not w.flag("union_cured"):
        w.basis("unlawful.union", say=True)


def _long_service(w: Working, worked: Service) -> None:
    """Adds the article that protects those who have worked long and are near retirement, where the facts show it."""
    left = w.number("years_to_retirement")
    if left is None or w.flag("long_service"):
        return
    long = w.look("protected_service_years", worked.end).value
    near = w.look("protected_to_pension_years", worked.end).value
    if long is not None and near is not None and worked.years >= long and left < near:
        w.basis("unlawful.long_service", say=True)


def _amount(w: Working) -> Claim:
    try:
        worked = service(w)
    except Missing as missing:
        return _without_length(w, missing)
    months, times = severance_months(w, worked), w.rate("unlawful_multiple", worked.end)
    _long_service(w, worked)
    needs = []
    if not w.has("end") and w.has("start"):
        needs.append("leave_date")
        w.caution("离开日期还不知道，先按今天算")
    try:
        wage = base_wage(w, worked.end)
    except Missing as missing:
        floor = minimum_wage(w, worked.end)
        low = None if floor is None else floor * months * times
        return w.claim(None, low=low, months=months, needs=[*missing.needs, *needs], excludes=EXCLUDES)
    limited = capped(w, wage, months, worked.end)
    if limited is None:
        high = wage * months * times
        return w.handoff(w.basis("severance.cap", worked.end), high=high, months=months, excludes=EXCLUDES)
    wage, months = limited
    amount = wage * months * times
    w.step(f"月工资 {show(wage)} 元 × {number_text(months)} 个月 × {number_text(times)} 倍 = {show(amount)} 元")
    formula = f"{money_text(wage)} × {number_text(months)} × {number_text(times)}"
    paid = w.number("paid", "severance_paid", "amount_paid_severance")
    if paid:
        w.step(f"减去已经付的 {show(paid)} 元")
        amount, formula = max(amount - paid, Decimal(0)), f"{formula} − {money_text(paid)}"
    return w.claim(amount, formula, months=months, needs=needs, excludes=EXCLUDES)


def _without_length(w: Working, missing: Missing) -> Claim:
    """The length of service is not known: at least twice the smallest part of a year."""
    end = end_of_work(w)
    try:
        wage = base_wage(w, end)
    except Missing as more:
        return w.claim(None, needs=[*missing.needs, *more.needs], excludes=EXCLUDES)
    times = w.rate("unlawful_multiple", end)
    low = wage * w.rate("severance_part_months", end) * times
    w.step(f"{w.basis('severance.years', end)}，再乘 {number_text(times)}")
    formula = f"{money_text(wage)} × 年数 × {number_text(times)}"
    return w.claim(None, formula, low=low, needs=missing.needs, excludes=EXCLUDES)
