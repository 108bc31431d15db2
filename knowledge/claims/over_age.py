"""超龄: which claims somebody past retirement age has, before and after the rules of 2026-07-01."""

from __future__ import annotations

from datetime import date

from knowledge.claims.working import Case, Claim, Working
from knowledge.dates import chinese

RULES = "超龄劳动者基本权益保障暂行规定"
REPEALED = "法释〔2025〕12号"  # its first day ended the rule that pensioners do civil work only
YES = ("arrears", "min_wage", "overtime", "injury_disability", "arbitration")
NO = ("severance", "double_wage")


def over_age_rights(case: Case) -> Claim:
    """What exists and what does not, for the day the matter arose (`date`, `end`, `accident`, else today).

    超龄劳动者基本权益保障暂行规定 6, 9, 11, 12, 15, 19, 20: pay, minimum wage, overtime, injury insurance and arbitration,
    no severance and no second wage; 23: people on flexible retirement keep the labour contract law. Before: 法释〔2020〕26号
    32(1) to 2025-08-31, then nothing settled. `extra["rights"]`: kind → yes | no | ask; `result`: of the `claim` asked for.
    """
    w = Working("over_age_rights", "超过退休年龄能要什么", case)
    on = w.day("date", "end", "accident", "left") or case.today
    if w.flag("flexible_retirement"):
        w.basis("over_age.flexible", on, say=True)
        return _told(w, dict.fromkeys((*YES, *NO), "yes"))
    if on >= w.law.start_of(RULES):
        return _by_the_rules(w, on)
    return _before(w, on)


def _by_the_rules(w: Working, on: date) -> Claim:
    for kind in YES:
        w.basis(f"over_age.{kind}", on, say=True)
    w.basis("over_age.none", on, say=True)
    return _told(w, {**dict.fromkeys(YES, "yes"), **dict.fromkeys(NO, "no")}, excludes=NO)


def _before(w: Working, on: date) -> Claim:
    """Pay is due for work done; for the rest it depends on the pension, on the day, and on an adviser."""
    w.step(f"{chinese(on)}的时候，{w.law.kb.laws[RULES].cite_as}还没有施行")
    rights = {**dict.fromkeys((*YES, *NO), "ask"), "arrears": "yes"}
    w.basis("over_age.old_pay", on, say=True)
    if w.flag("pension") and on < w.law.start_of(REPEALED):
        w.basis("over_age.old_pensioner", on, say=True)
        rights |= dict.fromkeys(NO, "no")
        return _told(w, rights, excludes=NO)
    w.basis("over_age.between" if on >= w.law.start_of(REPEALED) else "over_age.old_no_pension", on, say=True)
    if w.flag("pension") is False:
        w.basis("over_age.old_injury", on, say=True)
        rights["injury_disability"] = "yes"
    w.caution("那时候怎么算，各地做法不一，以顾问确认为准", doubtful=True)
    return _told(w, rights)


def _told(w: Working, rights: dict[str, str], excludes: tuple[str, ...] = ()) -> Claim:
    asked = rights.get(w.text("claim") or "")
    result = None if asked in (None, "ask") else asked == "yes"
    return w.claim(None, payer=None, result=result, extra={"rights": rights}, excludes=excludes)
