"""一次性工伤医疗补助金和伤残就业补助金: Jiangsu's fixed sums by grade when the relation ends (to be confirmed)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from base.money import show
from knowledge.claims.injury_disability import PERCENT, grade_of, injured_wage, injury_day
from knowledge.claims.working import EMPLOYER, Case, Claim, Missing, Working, money_text

ENDS = ("contract_expired", "relation_ended", "terminated")
BOTH = "工伤保险基金（医疗补助金）、用人单位（就业补助金）"


def injury_lump_sums(case: Case) -> Claim:
    """Both sums for grades 5–10 once the relation ends; without insurance the disability lump sum too (with `wage`).

    Needs injury_grade. Raises Refusal for impossible inputs.
    """
    w = Working("injury_lump_sums", "一次性医疗补助金和就业补助金", case)
    on = injury_day(w)
    try:
        grade = grade_of(w)
        if grade is None:
            w.basis("lump.not_yet", on)
            raise Missing("injury_grade")
        if str(grade) not in w.law.scale("injury_medical_lump"):
            return w.nothing(f"lump.{grade}", on)
        if not _ended(w, grade):
            return w.nothing("lump.not_yet", on)
        return _sums(w, grade, w.day("end") or case.today)
    except Missing as missing:
        return w.lacking(missing, payer=BOTH)


def _ended(w: Working, grade: int) -> bool:
    if w.flag("resign"):
        return True
    expired = any(w.flag(name) for name in ENDS)
    if expired and w.law.kb.bases[f"lump.{grade}"].pays:
        return True
    known = [w.flag(name) for name in ("resign", *ENDS)]
    return all(k is None for k in known)  # nothing said about an end: what it would come to


def _resigns(w: Working) -> bool:
    """Whether the worker ends the relation; taken to be so while nothing is said about an end."""
    return bool(w.flag("resign")) or not any(w.flag(name) for name in ENDS)


def _sums(w: Working, grade: int, on: date) -> Claim:
    w.basis(f"lump.{grade}", on)
    medical = w.rate(f"injury_medical_lump/{grade}", on)
    employment = w.rate(f"injury_employment_lump/{grade}", on)
    if w.flag("occupational_disease"):
        medical += medical * w.rate("injury_lump_disease_percent", on) / PERCENT
    share = _age_share(w, on)
    medical, employment = medical * share / PERCENT, employment * share / PERCENT
    w.step(f"医疗补助金 {show(medical)} 元 ＋ 就业补助金 {show(employment)} 元")
    w.caution("这是江苏的基准，苏州现行标准待顾问确认", doubtful=True)
    total, formula, who = medical + employment, f"{money_text(medical)} + {money_text(employment)}", BOTH
    if w.flag("insured") is False:
        w.basis("injury.uninsured", say=True)
        who = EMPLOYER
        if w.has("wage"):
            more, text = _disability(w, grade, on)
            total, formula = total + more, f"{text} + {formula}"
    return w.claim(total, formula, payer=who, extra={"medical": medical, "employment": employment})


def _disability(w: Working, grade: int, on: date) -> tuple[Decimal, str]:
    wage, months = injured_wage(w, on), w.rate(f"disability_months/{grade}", on)
    w.basis(f"injury.disability.{grade}", on)
    w.step(f"一次性伤残补助金 {show(wage)} 元 × {months} 个月 = {show(wage * months)} 元")
    return wage * months, f"{money_text(wage)} × {months}"


def _age_share(w: Working, on: date) -> Decimal:
    """The percentage left when the worker resigns shortly before retirement; none at retirement."""
    left = w.number("years_to_retirement")
    if w.flag("retired"):
        return Decimal(0)
    if left is None or not _resigns(w):
        return PERCENT
    for years in (int(step) for step in w.law.scale("injury_lump_age_percent")):
        if left < years:
            percent = w.rate(f"injury_lump_age_percent/{years}", on)
            w.step(f"离退休不足{years}年，按 {percent}%")
            return percent if left > 0 else Decimal(0)
    return PERCENT
