"""试用期上限: how long a trial may be, and whether the one agreed is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from knowledge.claims.working import Case, Claim, Missing, Working, number_text

NONE = (
    ("task_based", "probation.task"), ("part_time", "probation.part_time"), ("second_trial", "probation.once"),
)  # fmt: skip


def probation_limit(case: Case) -> Claim:
    """The longest trial in months, and (`result`) whether the trial agreed keeps to it; `extra["beyond"]`: months too long.

    劳动合同法 19: a term of 3 months to under 1 year: 1 month; 1 to under 3 years: 2; 3 years and more, or open-ended: 6;
    under 3 months or a task: none; once with the same employer. 70: none in part-time work. Nothing is rounded.
    Needs contract_years (or `term_months`). Raises Refusal.
    """
    w = Working("probation_limit", "试用期上限", case)
    on = w.day("start", "date") or case.today
    agreed = w.number("agreed_trial_months", "probation_months", "trial_months")
    try:
        most = _most(w, on)
    except Missing as missing:
        w.basis("probation.limit", on)
        return w.lacking(missing, payer=None)
    w.step("不能约定试用期" if not most else f"试用期最长 {number_text(most)} 个月")
    w.caution(w.basis("probation.wage", on))
    if agreed is None:
        return w.claim(None, months=most, payer=None)
    beyond = max(agreed - most, Decimal(0))
    if beyond:
        w.step(f"约定了 {number_text(agreed)} 个月，超过 {number_text(beyond)} 个月")
        w.caution(w.basis("arrears.trial_limit", on))
    return w.claim(None, months=most, payer=None, result=not beyond, extra={"beyond": beyond})


def _most(w: Working, on: date) -> Decimal:
    for name, rule in NONE:
        if w.flag(name):
            w.basis(rule, on, say=True)
            return Decimal(0)
    w.basis("probation.limit", on)
    if w.flag("open_ended"):
        return w.rate("trial_months_long", on)
    years = w.number("contract_years")
    term = w.number("term_months")
    if term is None and years is None:
        raise Missing("contract_years")
    return limit_months(w, term if term is not None else (years or Decimal(0)) * 12, on)


def limit_months(w: Working, term: Decimal, on: date) -> Decimal:
    """The longest trial, in months, for a contract of `term` months."""
    if term < w.rate("trial_term_none_below", on):
        return Decimal(0)
    if term < w.rate("trial_term_middle_from", on):
        return w.rate("trial_months_short", on)
    return w.rate("trial_months_middle" if term < w.rate("trial_term_long_from", on) else "trial_months_long", on)
