"""代通知金 (+1): one month's pay in place of notice, only for a dismissal without fault."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from base.money import show
from knowledge.claims.working import Case, Claim, Missing, Working, money_text, number_text

GROUNDS = ("art40", "art40_1", "art40_2", "art40_3")
EXCLUDES = ("unlawful_dismissal",)
# Other endings give none: ground → rule that says why.
NONE = {
    "art36": "mutual", "mutual": "mutual", "agreed_employer": "mutual", "agreed_worker": "mutual",
    "resigned": "resigned", "resign": "resigned", "art37": "resigned", "art38": "art38", "art38_wages": "art38",
    "expired": "expired", "expiry": "expired", "expiry_not_renewed": "expired", "art44": "expired",
    "art41": "art41", "layoff": "art41", "unlawful": "unlawful", "unlawful_dismissal": "unlawful", "art48": "unlawful",
    "art87": "unlawful", "trial": "art39", "art39": "art39", "misconduct": "art39", "retired": "expired",
}  # fmt: skip


def notice_pay(case: Case) -> Claim:
    """One month (the last month's wage) unless notice was given in time; only for the grounds of no fault.

    Needs dismissal_reason and monthly_wage. Raises Refusal for impossible inputs.
    """
    w = Working("notice_pay", "代通知金（+1）", case)
    on = w.day("end") or case.today
    ground = w.text("ground")
    if w.flag("unlawful"):
        return w.nothing("notice.unlawful", on, excludes=EXCLUDES)
    if ground is not None and ground not in GROUNDS:
        rule = NONE.get(ground) or ("art39" if ground.startswith("art39") else None)
        if rule is None:
            w.basis("notice")
            return w.handoff("这种离开方式有没有代通知金", excludes=EXCLUDES)
        return w.nothing(f"notice.{rule}", on, excludes=EXCLUDES)
    try:
        return _month(w, ground, on)
    except Missing as missing:
        w.basis("notice", on)
        return w.lacking(missing, excludes=EXCLUDES)


def _month(w: Working, ground: str | None, on: date) -> Claim:
    needed, given = w.rate("notice_days", on), w.number("notice_days")
    if given is not None and given >= needed:
        return w.nothing("notice.given", on, excludes=EXCLUDES)
    w.basis("notice", on)
    wage = _wage(w)
    w.caution("只有单位依法、不是您的过错辞退又没提前通知的才有；和赔偿金（2N）不能一起拿")
    needs = [] if ground else ["dismissal_reason"]
    if wage is None:
        return w.claim(None, needs=[*needs, "monthly_wage"], excludes=EXCLUDES)
    months = w.rate("notice_pay_months", on)
    if given:
        w.caution(f"只提前了{number_text(given)}天，不够{number_text(needed)}天", doubtful=True)
    w.step(f"没有提前{number_text(needed)}天书面通知，加 {number_text(months)} 个月工资 {show(wage)} 元")
    if ground is None:
        return w.claim(None, money_text(wage), low=Decimal(0), high=wage * months, needs=needs, excludes=EXCLUDES)
    return w.claim(wage * months, f"{money_text(wage)} × {number_text(months)}", months=months, excludes=EXCLUDES)


def _wage(w: Working) -> Decimal | None:
    """Last month's wage; the average of the months before when last month was not a usual one."""
    last = w.number("last_month_wage")
    average = w.number("avg_wage", "wage")
    wage = last if last is not None else average
    if last is not None and w.flag("last_month_normal") is False:
        w.basis("notice.last_month_unusual", say=True)
        wage = average
    if wage is None:
        return None
    on = w.day("end") or w.case.today
    given = w.number("min_wage")
    least = given if given is not None else w.look("min_wage_month", on).value
    if least is not None and wage < least:
        w.basis("notice.last_month_unusual")
        if given is None:
            w.rate("min_wage_month", on)
        w.step(f"{show(wage)} 元低于最低工资 {show(least)} 元，按 {show(least)} 元")
        return least
    return wage
