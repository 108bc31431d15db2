"""法律援助: whether a person has the right, whether the means are checked, by when it is decided."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from base.money import show
from knowledge.claims.working import Case, Claim, Missing, Working, number_text
from knowledge.dates import chinese

MATTERS = {
    "wages": "aid.wages", "arrears": "aid.wages", "overtime": "aid.wages", "confirm_relation": "aid.relation",
    "social_insurance": "aid.insurance", "injury": "aid.injury", "injury_disability": "aid.injury",
    "death": "aid.injury",
}  # fmt: skip
UNCHECKED = ("wages", "arrears", "overtime", "injury", "injury_disability", "death")
DISABLED = ("disabled_no_income", "minor_no_income", "elderly_no_income")
RELIEF = ("relief", "subsistence_allowance", "social_assistance", "veteran_family")


def legal_aid_eligibility(case: Case) -> Claim:
    """result: the right exists (None: an adviser decides); extra: means_check, urgent, deadline, days, to.

    `person` migrant_worker|local_resident|disabled_no_income…, `claim` a kind; or `received`, `refused`, `granted` or
    `granted_on`, `pending`, `days_to_deadline` or `aid_deadline` (a date).
    """
    w = Working("legal_aid_eligibility", "申请法律援助", case)
    try:
        return _answer(w)
    except Missing as missing:
        w.basis("aid.other")
        return w.lacking(missing, payer=None)


def _answer(w: Working) -> Claim:
    if w.flag("refused"):
        return _objection(w)
    if w.flag("granted") or w.has("granted_on"):
        return _lawyer(w)
    if w.has("received"):
        return _decision(w)
    if w.has("days_to_deadline") or w.has("aid_deadline"):
        early = _early(w)
        if early is not None:
            return early
    return _decision(w) if w.flag("pending") else _means(w)


def _result(w: Working, result: bool | None, **extra: object) -> Claim:
    return w.claim(None, payer=None, result=result, extra=dict(extra))


def _objection(w: Working) -> Claim:
    days = w.rate("legal_aid_objection_days", w.case.today)
    w.basis("aid.objection")
    w.step(f"向司法行政部门提异议，{number_text(days)}天内审查")
    return _result(w, True, days=int(days), to="司法行政部门")


def _decision(w: Working) -> Claim:
    received = w.day("received")
    days = w.rate("legal_aid_decide_days", received or w.case.today)
    assign = w.rate("legal_aid_assign_days", received or w.case.today)
    w.basis("aid.decide")
    if received is None:  # `pending`: how long it takes, whenever it was handed in
        w.step(f"收到申请后{number_text(days)}天内决定，决定给的{number_text(assign)}天内指派")
        return _result(w, True, days=int(days))
    last = received + timedelta(days=int(days))
    w.step(f"收到申请后{number_text(days)}天内决定（{chinese(last)}前），决定给的{number_text(assign)}天内指派")
    return _result(w, True, deadline=last.isoformat())


def _lawyer(w: Working) -> Claim:
    """Granted: within how many days a lawyer is named, and by when if the day is known."""
    granted = w.day("granted_on")
    days = w.rate("legal_aid_assign_days", granted or w.case.today)
    w.basis("aid.decide")
    w.step(f"决定给援助的，{number_text(days)}天内指派律师")
    if granted is None:
        return _result(w, True, days=int(days))
    return _result(w, True, days=int(days), deadline=(granted + timedelta(days=int(days))).isoformat())


def _early(w: Working) -> Claim | None:
    left, limit = w.number("days_to_deadline"), w.rate("legal_aid_early_days", w.case.today)
    last = w.day("aid_deadline")
    if left is None and last is not None:
        left = Decimal((last - w.case.today).days)
    if left is None or not 0 <= left < limit:
        return None
    w.basis("aid.early", say=True)
    return _result(w, True, urgent=True)


def _means(w: Working) -> Claim:
    person, claim = w.text("person") or "migrant_worker", w.text("claim") or "wages"
    w.basis(MATTERS.get(claim, "aid.other"))
    if person in DISABLED or person in RELIEF:
        w.basis("aid.no_check_disabled" if person in DISABLED else "aid.no_check_relief", say=True)
        return _result(w, True, means_check=False)
    if person == "migrant_worker" and claim in UNCHECKED:
        w.basis("aid.no_check_migrant", say=True)
        return _result(w, True, means_check=False)
    if person == "migrant_worker":
        w.basis("aid.no_check_migrant")
        w.basis("aid.check")
        extra = {"means_check": True, "escalate": True}
        return w.handoff("只要补偿或赔偿、不要工资的，免不免经济核查各地掌握不同", payer=None, extra=extra)
    w.basis("aid.check", say=True)
    return _checked(w)


def _checked(w: Working) -> Claim:
    """A means check by the income per head against the line, which in Jiangsu is the minimum wage (to be confirmed)."""
    income = w.number("income_per_head")
    if income is None:
        w.caution("要看家里人均收入", doubtful=True)
        return _result(w, None, means_check=True)
    given = w.number("min_wage")
    line = given if given is not None else w.rate("min_wage_month", w.case.today)
    w.caution("江苏的困难线是当地最低工资，待顾问确认", doubtful=True)
    w.step(f"家里人均 {show(income)} 元，困难线 {show(line)} 元")
    return _result(w, Decimal(income) <= line, means_check=True)
