"""What the case tables cannot hold: everybody who can be asked for wages, the log of a clock, what excludes what."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from knowledge.claims import FORMULAS, Claim, Refusal, compute
from knowledge.deadlines import Deadline, deadline, for_matter
from knowledge.law import Law
from knowledge.release import load

TODAY = date(2026, 11, 24)
SITE_CHAIN = ["建设单位", "施工总承包单位", "分包单位", "包工头"]


@pytest.fixture(scope="module")
def law() -> Law:
    return Law(load(on=TODAY))


def owed(law: Law, **inputs: Any) -> Claim:
    return compute("arrears", {"amount_owed": 8000, **inputs}, law, TODAY)


def limit(law: Law, kind: str, **inputs: Any) -> Deadline:
    return deadline(kind, inputs, law, TODAY)


# --- who pays
@pytest.mark.parametrize(
    ("employer", "everybody"),
    [
        ("subcontractor", [("施工总承包单位", "first"), ("分包单位", "own"), ("建设单位", "limited")]),
        ("transferred", [("施工总承包单位", "first"), ("接转包的单位", "own"), ("建设单位", "limited")]),
        ("unqualified_individual", [("建设单位", "first"), ("施工总承包单位", "first"), ("包工头", "also")]),
        ("foreman", [("建设单位", "first"), ("施工总承包单位", "first"), ("包工头", "also")]),
        ("lent_name", [("出借资质的施工单位", "first"), ("挂靠的人", "also")]),
        ("dispatch", [("派遣公司", "own"), ("用工单位", "joint")]),
        ("dispatch_unlicensed", [("用工单位", "first")]),
        ("related_firms", [("签合同的公司", "own"), ("管您的公司", "joint")]),
        ("partnership", [("单位", "own"), ("出资人、老板本人", "first")]),
        ("closed", [("单位", "own"), ("主要出资人", "also")]),
        ("unlicensed", [("没执照的单位", "own"), ("出资人", "also")]),
    ],
)
def test_everybody_who_can_be_asked_is_listed_in_order(
    law: Law, employer: str, everybody: list[tuple[str, str]]
) -> None:
    listed = owed(law, employer=employer).extra["payers"]
    assert [(p["who"], p["how"]) for p in listed] == everybody
    assert all(p["say"] and p["citations"] and all(law.kb.cite(c) for c in p["citations"]) for p in listed)


def test_on_a_site_the_whole_chain_is_listed_from_the_top(law: Law) -> None:
    assert [p["who"] for p in owed(law, employer_kind="site").extra["payers"]] == SITE_CHAIN


def test_a_factory_needs_no_list(law: Law) -> None:
    claim = owed(law, employer_kind="factory")
    assert claim.payer == "用人单位"
    assert "payers" not in claim.extra


def test_the_rules_of_building_sites_reach_wages_only_and_say_so(law: Law) -> None:
    assert "只管工资" in (owed(law, employer="unqualified_individual").note or "")
    assert "只管工资" not in (owed(law, employer="related_firms").note or "")


def test_every_situation_can_be_asked_for_by_each_of_its_names(law: Law) -> None:
    rows = law.kb.procedures["payers"]["rows"]
    for row in rows:
        for name in (row["employer"], *row.get("also", ())):
            claim = owed(law, employer=name)
            assert claim.payer == row["summary"]
            assert set(row["cite"]) <= set(claim.citations)


def test_no_name_stands_for_two_situations(law: Law) -> None:
    names = [n for r in law.kb.procedures["payers"]["rows"] for n in (r["employer"], *r.get("also", ()))]
    assert len(names) == len(set(names))


# --- clocks
def test_the_log_of_a_clock_says_what_each_event_did(law: Law) -> None:
    events = [
        {"date": "2026-01-10", "what": "demand"},  # before the end: the clock did not run
        {"date": "2026-05-06", "what": "complaint"},
        {"date": "2026-07-01", "what": "force_majeure_start"},
        {"date": "2026-07-11", "what": "force_majeure_end"},
    ]
    found = limit(law, "arbitration_wages", left="2026-03-10", events=events)
    assert [(e["what"], e["effect"]) for e in found.extra["clock"]] == [
        ("demand", "none"), ("complaint", "restart"), ("force_majeure", "pause"),
    ]  # fmt: skip
    assert found.extra["paused_days"] == 10
    assert found.date == date(2027, 5, 17)  # 2027-05-06 and ten days: Sunday the 16th, so Monday
    assert found.note is not None and "2026年5月6日" in found.note and "证据" in found.note
    json.dumps(found.extra)


def test_a_worker_is_told_the_safe_day_and_not_the_one_put_off(law: Law) -> None:
    inputs = {"left": date(2025, 10, 3)}
    told = for_matter(["arbitration_wages"], inputs, law, date(2026, 9, 1))
    assert [d.date for d in told] == [date(2026, 10, 3)]
    assert deadline("arbitration_wages", inputs, law, date(2026, 9, 1)).date == date(2026, 10, 8)


def test_the_old_single_dates_still_restart_the_clock(law: Law) -> None:
    for name in ("interrupted", "claimed_on", "demanded", "complained", "acknowledged", "promised"):
        found = limit(law, "arbitration_dismissal", left="2025-12-01", **{name: "2026-05-06"})
        assert found.date == date(2027, 5, 6), name


def test_the_more_often_one_asks_the_later_the_last_day(law: Law) -> None:
    """Each event within the running year moves the last day on, never back."""
    days = [date(2026, 1, 15) + timedelta(days=60 * i) for i in range(5)]
    lasts = []
    for count in range(6):
        events = [{"date": d, "what": "demand"} for d in days[:count]]
        lasts.append(limit(law, "arbitration_dismissal", left="2025-12-01", events=events).date)
    assert lasts == sorted(lasts) and len(set(lasts)) == 6


def test_what_has_run_out_says_that_the_employer_must_raise_it(law: Law) -> None:
    found = limit(law, "arbitration_dismissal", left="2025-05-20")
    assert found.passed is True
    assert "法释〔2025〕12号/20" in found.citations


@pytest.mark.parametrize("event", [{"what": "demand"}, {"date": "2026-02-30", "what": "demand"}, "2026-05-06", {}])
def test_an_event_that_cannot_be_read_is_asked_again(law: Law, event: object) -> None:
    with pytest.raises(Refusal):
        limit(law, "arbitration_dismissal", left="2025-12-01", events=[event])


def test_events_do_not_touch_the_day_for_the_employers_application(law: Law) -> None:
    events = [{"date": "2026-06-12", "what": "lost_start"}, {"date": "2026-06-22", "what": "lost_end"}]
    employer = limit(law, "injury_recognition", accident="2026-06-10", applicant="employer", events=events)
    worker = limit(law, "injury_recognition", accident="2026-06-10", events=events)
    assert employer.date == date(2026, 7, 10)
    assert worker.date == date(2027, 6, 21)  # 2027-06-10 and ten days: Sunday the 20th, so Monday


# --- overtime by dates
def test_dates_and_hours_by_kind_come_to_the_same(law: Law) -> None:
    dates = ["2026-10-01", "2026-10-04", {"date": "2026-11-18", "hours": 3}]
    by_date = compute("overtime", {"wage": 5300, "dates": dates}, law, TODAY)
    kinds = {"holiday_hours": 8, "restday_hours": 8, "weekday_hours": 3}
    assert by_date.amount == compute("overtime", {"wage": 5300, **kinds}, law, TODAY).amount


def test_steps_name_the_holiday_and_a_made_up_sunday_is_explained(law: Law) -> None:
    dates = [{"date": "2026-10-01", "hours": 8}, {"date": "2026-09-20", "hours": 2}]
    claim = compute("overtime", {"wage": 4350, "dates": dates}, law, TODAY)
    assert any("国庆节" in s for s in claim.steps)
    assert "调休" in (claim.note or "")
    assert claim.status == "confirmed"


def test_a_year_without_its_arrangement_makes_overtime_doubtful(law: Law) -> None:
    claim = compute("overtime", {"wage": 4350, "date": "2027-10-05", "hours": 2}, law, date(2028, 1, 3))
    assert claim.status == "to_confirm"
    assert "2027" in (claim.note or "")


def test_more_than_the_hours_of_a_month_are_paid_and_called_unlawful(law: Law) -> None:
    dates = [{"date": f"2026-11-{d:02d}", "hours": 3} for d in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17)]
    within = compute("overtime", {"wage": 4350, "dates": dates}, law, TODAY)
    beyond = compute("overtime", {"wage": 4350, "dates": [*dates, {"date": "2026-11-18", "hours": 3}]}, law, TODAY)
    assert "劳动法/41" not in within.citations  # 36 hours
    assert "劳动法/41" in beyond.citations  # 39 hours
    assert beyond.amount is not None and within.amount is not None and beyond.amount > within.amount


# --- what excludes what
@pytest.mark.parametrize(
    ("kind", "inputs", "excludes"),
    [
        ("severance", {"years": 3, "wage": 5000, "mode": "art40"}, {"unlawful_dismissal"}),
        ("unlawful_dismissal", {"years": 3, "wage": 5000}, {"severance", "notice_pay"}),
        ("over_age_rights", {"date": "2026-08-01"}, {"severance", "double_wage"}),
        ("rider_injury", {"on_order": True, "accident": "2026-08-01"}, {"injury_disability", "death_benefit"}),
    ],
)
def test_claims_that_exclude_others_say_so(law: Law, kind: str, inputs: Mapping[str, Any], excludes: set[str]) -> None:
    assert excludes <= set(compute(kind, inputs, law, TODAY).excludes)


def test_what_is_excluded_is_a_kind_of_claim(law: Law) -> None:
    for kind, formula in FORMULAS.items():
        made = compute(kind, {"wage": 5000, "years": 3, "on_order": True}, law, TODAY)
        assert set(made.excludes) <= set(FORMULAS), formula


@pytest.mark.parametrize("kind", ["extra_pay", "probation_limit", "over_age_rights", "rider_injury"])
def test_a_new_claim_without_any_fact_says_what_it_needs_and_cites(law: Law, kind: str) -> None:
    claim = compute(kind, {}, law, TODAY)
    assert claim.amount is None
    assert claim.citations and all(law.kb.cite(c) for c in claim.citations)
    assert claim.needs or claim.steps
    json.dumps({**claim.extra}, default=str)
