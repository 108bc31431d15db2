"""经济补偿 (N): so many months' pay for the years of service, if the way of leaving gives it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from base.money import show
from knowledge.claims.service import (
    LAW,
    Service,
    base_wage,
    capped,
    end_of_work,
    minimum_wage,
    service,
    severance_months,
)
from knowledge.claims.working import Case, Claim, Missing, Working, money_text, number_text
from knowledge.dates import full_months
from knowledge.parts import Basis

EXCLUDES = ("unlawful_dismissal",)
MODE = "severance.mode."


def severance(case: Case) -> Claim:
    """N for a way of leaving (`mode`), from start/end or a length of service and the average wage.

    An unknown way gives a range from nothing to N; an unknown wage the least that it can be; service before the
    labour contract law goes to an adviser with the range. Raises Refusal for impossible inputs.
    """
    w = Working("severance", "经济补偿（N）", case)
    end = end_of_work(w)
    mode = _mode(w)
    if mode is not None and mode.pays is False and not (w.text("mode") == "art39" and w.flag("proved") is False):
        return w.nothing(mode.rule, end, excludes=EXCLUDES)
    w.basis("severance.years")
    if mode is not None:
        w.basis(mode.rule, end)
        if mode.say:
            w.step(mode.say)
    if w.flag("waiver"):
        w.basis("severance.waiver", say=True)
    w.caution("和赔偿金（2N）只能拿一样")
    if w.text("mode") is not None and mode is None:
        return w.handoff("这种离开方式有没有经济补偿", payer=None, excludes=EXCLUDES)
    try:
        return _amount(w, mode, end)
    except Missing as missing:
        return w.lacking(missing, excludes=EXCLUDES)


def _mode(w: Working) -> Basis | None:
    """The way of leaving as content knows it: by its name, another name, or a part of the name."""
    mode, bases = w.text("mode"), w.law.kb.bases
    if mode is None:
        return None
    if w.text("proposed_by") in ("worker", "employee") and mode.startswith("mutual"):
        mode = "mutual_worker"
    if mode.startswith("expir") and w.flag("worker_refused") and w.flag("same_terms") is not False:
        mode = "expiry_refused"
    if MODE + mode in bases:
        return bases[MODE + mode]
    known = (b for rule, b in bases.items() if rule.startswith(MODE))
    return next((b for b in known if any(cue in mode for cue in b.cues)), None)


def _amount(w: Working, mode: Basis | None, end: date) -> Claim:
    try:
        worked = service(w)
    except Missing as missing:
        return _without_length(w, missing, end)
    if worked.start is not None and worked.start < w.law.start_of(LAW) <= end:
        return _old_service(w, worked, mode)
    months = severance_months(w, worked)
    needs = _open_facts(w, mode)
    try:
        wage = base_wage(w, worked.end)
    except Missing as missing:
        floor = minimum_wage(w, worked.end)
        low = None if floor is None or mode is None else floor * months
        return w.claim(None, low=low, months=months, needs=[*missing.needs, *needs], excludes=EXCLUDES)
    limited = capped(w, wage, months, worked.end)
    if limited is None:
        return w.handoff(w.basis("severance.cap", worked.end), high=wage * months, months=months, excludes=EXCLUDES)
    wage, months = limited
    amount = wage * months
    w.step(f"月工资 {show(wage)} 元 × {number_text(months)} 个月 = {show(amount)} 元")
    formula = f"{money_text(wage)} × {number_text(months)}"
    if mode is None:
        w.caution("怎么离开的决定有没有，自己辞职一般没有")
        return w.claim(None, formula, low=Decimal(0), high=amount, months=months, needs=needs, excludes=EXCLUDES)
    return w.claim(amount, formula, months=months, needs=needs, excludes=EXCLUDES)


def _open_facts(w: Working, mode: Basis | None) -> list[str]:
    needs = [] if mode is not None else ["leave_way"]
    if not w.has("end") and w.has("start") and w.flag("still_employed") is not True:
        needs.append("leave_date")
        w.caution("离开日期还不知道，先按今天算")
    return needs


def _without_length(w: Working, missing: Missing, end: date) -> Claim:
    """The wage is known, the length is not: at least the smallest part of a year."""
    needs = [*missing.needs]
    try:
        wage = base_wage(w, end)
    except Missing as more:
        return w.claim(None, needs=[*needs, *more.needs], excludes=EXCLUDES)
    least = w.rate("severance_part_months", end)
    w.basis("severance.years", end, say=True)
    return w.claim(None, f"{money_text(wage)} × 年数", low=wage * least, needs=needs, excludes=EXCLUDES)


def _old_service(w: Working, worked: Service, mode: Basis | None) -> Claim:
    """Part of the service lies before the labour contract law: the two parts follow different rules."""
    turn = w.law.start_of(LAW)
    why = w.basis("severance.before_law", worked.end)
    assert worked.start is not None
    try:
        wage = base_wage(w, worked.end)
    except Missing as missing:
        return w.handoff(why, needs=missing.needs, excludes=EXCLUDES)
    later = Service(*full_months(turn, worked.end), turn, worked.end)
    months = severance_months(w, later)
    earlier, days = full_months(worked.start, turn.replace(year=turn.year - 1, month=12, day=31))
    old = Decimal(-(-earlier // 12) if not (days and earlier % 12 == 0) else earlier // 12 + 1)
    old = min(old, w.look("old_severance_cap_years", worked.end).value or old)
    w.step(f"{turn.year}年以后：{number_text(months)}个月 × {show(wage)} 元；以前最多再加{number_text(old)}个月")
    return w.handoff(why, low=wage * months, high=wage * (months + old), months=None, excludes=EXCLUDES)
