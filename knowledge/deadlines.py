"""Until when a right can be used: the last day, the fact it is counted from, and the article.

DEADLINES holds one function per kind of deadline, `for_matter` those that a consultation shows. Dates are inclusive:
the last day on which one may still act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.claims.double_wage import period
from knowledge.claims.limitation import after, run
from knowledge.claims.working import Case, Missing, Refusal, Working
from knowledge.dates import chinese
from knowledge.law import Law


@dataclass(frozen=True)
class Deadline:
    """A last day. `date` None: no limit now (see `note`), or not known; `passed` compares it with today."""

    kind: str
    label: str
    date: date | None
    from_fact: str | None
    citations: tuple[str, ...]
    note: str | None = None
    status: str = "confirmed"
    passed: bool | None = None
    needs: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


Rule = Callable[[Working], Deadline]


def _made(
    w: Working, kind: str, label: str, rule: str, fact: str | None, start: date, key: str, events: bool | None = None
) -> Deadline:
    """The deadline that runs from `start`; with `events` they restart or stop it (False: stop it only)."""
    clock = None if events is None else run(w, start, key, restarts=events)
    last = after(w, start, key) if clock is None else clock.last
    w.basis(rule, last)
    made = _on_a_workday(w, kind, label, last, fact)
    if clock is None or not clock.log:
        return made
    return replace(made, extra={"clock": list(clock.log), "paused_days": clock.paused})


def _on_a_workday(w: Working, kind: str, label: str, last: date, fact: str | None) -> Deadline:
    """The deadline `last`, put off to the next working day, unless the safe day is asked for."""
    end = w.law.kb.calendar.next_workday(last)
    if kind == "arbitration" and end < w.case.today:
        w.caution(w.basis("limit.passed"))
    if end != last and w.flag("earliest"):  # what a worker is told: the safe day, whatever an office would still accept
        return _deadline(w, kind, label, last, fact)
    if end != last:
        w.basis("limit.holiday")
        w.caution(f"{chinese(last)}是休息日，可以顺延到{chinese(end)}；最好在{chinese(last)}之前办", doubtful=True)
    return _deadline(w, kind, label, end, fact)


def _deadline(w: Working, kind: str, label: str, last: date | None, fact: str | None) -> Deadline:
    return Deadline(
        kind=kind,
        label=label,
        date=last,
        from_fact=fact,
        citations=tuple(w.cited),
        note="；".join(w.notes) or None,
        status=w.status,
        passed=None if last is None else last < w.case.today,
    )


def arbitration_wages(w: Working) -> Deadline:
    """Unpaid wages: a year from the end of the relation, no limit while it lasts."""
    left = w.day("left", "end", "dismissed")
    if w.flag("still_employed") or (left is not None and left > w.case.today):
        w.caution(w.basis("limit.in_service"))
        return _deadline(w, "arbitration", "申请仲裁要工资", None, "in_service")
    if left is None:
        w.caution(w.basis("limit.wages"))
        made = _deadline(w, "arbitration", "申请仲裁要工资", None, "leave_date")
        return replace(made, needs=("leave_date",))
    return _made(
        w, "arbitration", "申请仲裁要工资", "limit.wages", "leave_date", left, "arbitration_years", events=True
    )


def arbitration_dismissal(w: Working) -> Deadline:
    """Severance and damages: a year from the day the relation ended."""
    left = w.day("dismissed", "left", "end", "known")
    label = "申请仲裁要辞退的补偿或赔偿"
    if left is None:
        w.caution(w.basis("limit.general"))
        return replace(_deadline(w, "arbitration", label, None, "leave_date"), needs=("leave_date",))
    return _made(w, "arbitration", label, "limit.general", "leave_date", left, "arbitration_years", events=True)


def arbitration_double_wage(w: Working) -> Deadline:
    """The second wage: a year from the end of the time for which it is due."""
    label = "申请仲裁要双倍工资"
    last = w.day("double_wage_end", "period_end")
    if last is None:
        try:
            last = period(w).last
        except Missing:
            last = None
    if last is None:
        w.caution(w.basis("limit.double_wage"))
        return replace(_deadline(w, "arbitration", label, None, "hire_date"), needs=("hire_date",))
    w.caution(w.basis("limit.double_wage"), doubtful=True)
    key = "arbitration_years_double_wage"
    return _made(w, "arbitration", label, "limit.double_wage", "hire_date", last, key, events=True)


def arbitration_injury(w: Working) -> Deadline:
    """Injury benefits that the employer owes: a year from the grade, or from the end of the relation (practice)."""
    label, known = "申请仲裁要工伤待遇", w.day("graded", "left", "end")
    w.caution(w.basis("limit.injury_benefits"), doubtful=True)
    if known is None:
        return replace(_deadline(w, "arbitration", label, None, "leave_date"), needs=("leave_date",))
    key = "arbitration_years_injury"
    return _made(w, "arbitration", label, "limit.injury_benefits", "leave_date", known, key, events=True)


def arbitration_annual_leave(w: Working) -> Deadline:
    """Pay for leave not taken: a year from the end of the year after it (`leave_year`), or from leaving (practice).

    `leave_day` is any day of that year.
    """
    label, left, year = "申请仲裁要未休年假工资", w.day("left", "end", "dismissed"), w.number("leave_year")
    day = w.day("leave_day")
    year = Decimal(day.year) if year is None and day is not None else year
    w.caution(w.basis("limit.annual_leave"), doubtful=True)
    ends = [d for d in (left, date(int(year) + 1, 12, 31) if year else None) if d is not None]
    if not ends:
        return replace(_deadline(w, "arbitration", label, None, "leave_date"), needs=("leave_date",))
    key = "arbitration_years_annual_leave"
    return _made(w, "arbitration", label, "limit.annual_leave", "leave_date", min(ends), key, events=True)


def arbitration(w: Working) -> Deadline:
    """The limit for the `claim` that is named (wages, double_wage, or any other)."""
    claim = w.text("claim") or "wages"
    if claim in ("wages", "overtime", "arrears"):
        return arbitration_wages(w)
    if claim == "double_wage":
        return arbitration_double_wage(w)
    if claim == "annual_leave":
        return arbitration_annual_leave(w)
    if claim in ("injury", "injury_disability", "injury_lump_sums"):
        return arbitration_injury(w)
    return arbitration_dismissal(w)


def injury_recognition(w: Working) -> Deadline:
    """The worker's year to have the injury recognised; with `applicant: employer` the employer's days."""
    accident = w.day("accident", "diagnosis")
    employer = w.text("applicant") == "employer"
    label = "单位申请工伤认定" if employer else "本人申请工伤认定"
    rule, key = ("employer", "injury_apply_employer_days") if employer else ("worker", "injury_apply_worker_years")
    if accident is None:
        w.basis(f"limit.injury_{rule}")
        w.caution("从受伤那天起算，越早越好")
        return replace(_deadline(w, "injury_recognition", label, None, "injury_date"), needs=("injury_date",))
    if accident > w.case.today:
        raise Refusal("injury_date", f"受伤日期{chinese(accident)}还没到，请再核对。")
    own = None if employer else False  # nothing restarts the worker's year, but lost time does not count in it
    return _made(w, "injury_recognition", label, f"limit.injury_{rule}", "injury_date", accident, key, events=own)


def final_pay(w: Working) -> Deadline:
    """The day by which everything is paid on leaving: Jiangsu's working days, or the day agreed (`agreed_pay_date`)."""
    left, agreed, label = w.day("left", "end"), w.day("agreed_pay_date"), "单位结清工资"
    w.caution(w.basis("limit.final_pay"))
    if left is None:
        return replace(_deadline(w, "final_pay", label, None, "leave_date"), needs=("leave_date",))
    if agreed is not None and agreed < left:
        raise Refusal("leave_date", f"说好的结清日期{chinese(agreed)}早于离开日期{chinese(left)}，请再核对。")
    last = after(w, left, "final_pay_workdays") if agreed is None else agreed
    if not w.law.kb.calendar.known(last.year):
        w.caution("那一年的放假安排还没有录入，日子可能变", doubtful=True)
    return _deadline(w, "final_pay", label, last, "leave_date")


def _simple(kind: str, label: str, rule: str, key: str, *names: str) -> Rule:
    def made(w: Working) -> Deadline:
        start = w.day(*names)
        if start is None:
            w.basis(rule)
            return _deadline(w, kind, label, None, None)
        return _made(w, kind, label, rule, None, start, key)

    return made


DEADLINES: dict[str, Rule] = {
    "arbitration": arbitration,
    "arbitration_wages": arbitration_wages,
    "arbitration_dismissal": arbitration_dismissal,
    "arbitration_double_wage": arbitration_double_wage,
    "arbitration_injury": arbitration_injury,
    "arbitration_annual_leave": arbitration_annual_leave,
    "injury_recognition": injury_recognition,
    "lawsuit": _simple("lawsuit", "不服裁决去法院起诉", "limit.lawsuit", "lawsuit_days", "received"),
    "lawsuit_final": _simple("lawsuit", "不服终局裁决去法院起诉", "limit.lawsuit_final", "lawsuit_days", "received"),
    "annulment": _simple("annulment", "单位申请撤销终局裁决", "limit.annulment", "annulment_days", "received"),
    "enforcement": _simple(
        "enforcement",
        "申请强制执行",
        "limit.enforcement",
        "enforcement_years",
        "performance_due",
        "due_date",
        "effective",
        "performance_deadline",
        "effective_date",
        "due",
    ),  # fmt: skip
    "reappraisal": _simple("reappraisal", "申请再次鉴定", "limit.reappraisal", "reappraisal_days", "received"),
    "inspection": _simple(
        "inspection", "劳动监察投诉", "limit.inspection", "inspection_years", "violation_ended", "violation"
    ),
    "final_pay": final_pay,
    "papers": _simple("papers", "单位办离职手续", "limit.papers", "end_papers_days", "left", "end"),
    "injury_review": _simple(
        "injury_review", "不服工伤认定申请复议", "limit.injury_review", "injury_review_days", "received"
    ),
    "injury_suit": _simple(
        "injury_suit", "不服工伤认定去法院告", "limit.injury_suit", "injury_suit_months", "received"
    ),
    "iou_suit": _simple("iou_suit", "凭欠条去法院", "limit.iou_suit", "iou_suit_years", "due_date", "iou_date"),
    "accept": _simple("accept", "仲裁委答复收不收", "limit.accept", "accept_workdays", "applied"),
    "award": _simple("award", "仲裁委作出裁决", "limit.award", "award_days", "accepted"),
}


def deadline(kind: str, inputs: Mapping[str, Any], law: Law, today: date) -> Deadline:
    """The deadline of a kind. Raises KeyError for an unknown kind and Refusal for impossible inputs."""
    w = Working(kind, kind, Case(inputs, law, today))
    try:
        return DEADLINES[kind](w)
    except Missing as missing:
        w.caution(f"{missing.note}，请顾问确认" if missing.note else "现在还算不出来", doubtful=True)
        return replace(_deadline(w, kind, kind, None, None), needs=missing.needs)


def _signed(inputs: Mapping[str, Any]) -> bool:
    return inputs.get("has_contract") is True and not inputs.get("contract_sign_date")


def for_matter(kinds: Iterable[str], inputs: Mapping[str, Any], law: Law, today: date) -> list[Deadline]:
    """The deadlines of the kinds named in procedures/topics.yml, each once, the earliest first. Raises Refusal.

    An injury gives the employer's days too. A last day on a holiday is told as it is, not as it may be prolonged, unless
    the holiday is what was asked about (`earliest`: False).
    """
    found: list[Deadline] = []
    inputs = {"earliest": True, **inputs}
    for kind in dict.fromkeys(kinds):
        if kind not in DEADLINES or (kind == "arbitration_double_wage" and _signed(inputs)):
            continue
        if kind == "injury_recognition" and (inputs.get("accident") or inputs.get("diagnosis")):
            found.append(deadline(kind, {**inputs, "applicant": "employer"}, law, today))
        found.append(deadline(kind, inputs, law, today))
    unique = {(d.kind, d.label, d.date): d for d in found}
    return sorted(unique.values(), key=lambda d: (d.date is None, d.date or today))
