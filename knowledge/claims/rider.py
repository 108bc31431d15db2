"""骑手、司机受伤走哪条路: the platforms' injury scheme, work injury through a labour relation, or an adviser."""

from __future__ import annotations

from datetime import date

from knowledge.claims.working import Case, Claim, Refusal, Working
from knowledge.dates import chinese

EXCLUDES = ("injury_disability", "injury_lump_sums", "death_benefit")
SCHEME, WORK_INJURY, ASK = "scheme", "work_injury", "ask"


def rider_injury(case: Case) -> Claim:
    """The ways open after an injury, best first: `extra["routes"]`, of which only one pays the same loss.

    `on_order`: on a platform order at that moment → the scheme, through the app, without a labour relation
    (人社部发〔2025〕24号). `station_rules` (schedules, attendance, fines: 专送) → a labour relation whatever the contract says
    (指导性案例 237, 238) → work injury. `free_orders` (takes orders as he likes) → none (240). Raises Refusal.
    """
    w = Working("rider_injury", "骑手受伤走哪条路", case)
    on = w.day("accident", "date") or case.today
    if on > case.today:
        raise Refusal("injury_date", f"受伤日期{chinese(on)}还没到，请再核对。")
    routes = [*_scheme(w, on), *_relation(w, on)]
    if w.flag("bystander"):
        return w.handoff("骑手撞伤了别人，这是另一件事", payer=None)
    if len(routes) > 1:
        w.caution("两条路不能重复拿，先走哪条让顾问看", doubtful=True)
    if not routes:
        w.basis("rider.kinds", on, say=True)
        w.caution("先说清两件事：出事时是不是正在跑单；平时有没有站点排班、考勤、罚款", doubtful=True)
    excludes = EXCLUDES if routes and routes[0] == SCHEME else ()
    return w.claim(None, payer=None, extra={"routes": routes or [ASK]}, excludes=excludes)


def _scheme(w: Working, on: date) -> list[str]:
    """The scheme, if he was on an order and it was there on that day."""
    if not w.flag("on_order"):
        return []
    first = w.law.first_day("scheme_platforms")
    if on < first:
        w.step(f"{chinese(on)}的时候江苏还没有试点，{chinese(first)}才开始")
        return []
    w.basis("rider.scheme", on, say=True)
    if w.law.parameter("scheme_provinces", on).value is None:
        w.caution("那时只有一部分平台参加，看App里有没有“职业伤害保障”", doubtful=True)
    w.caution("能赔多少按保障办法，以顾问确认为准", doubtful=True)
    return [SCHEME]


def _relation(w: Working, on: date) -> list[str]:
    """Work injury, if a station managed him."""
    if w.flag("station_rules"):
        w.basis("rider.managed", on, say=True)
        return [WORK_INJURY]
    if w.flag("free_orders"):
        w.basis("rider.free", on, say=True)
    return []
