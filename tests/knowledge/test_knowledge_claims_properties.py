"""What must hold for every input: no negative sums, more years never less money, the impossible is refused."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge.claims import FORMULAS, Refusal, compute
from knowledge.dates import add_months, full_months, last_of_months
from knowledge.deadlines import deadline
from knowledge.law import Law
from knowledge.release import load

TODAY = date(2026, 11, 24)
LAW = Law(load())
CHINESE = re.compile(r"^[^a-z]*[\u4e00-\u9fff][^a-z]*。$")

days = st.dates(date(2008, 1, 1), date(2026, 11, 1))
wages = st.integers(1000, 60000)


def amount(kind: str, **inputs: Any) -> Decimal:
    claim = compute(kind, inputs, LAW, TODAY)
    assert claim.amount is not None
    return claim.amount


@settings(max_examples=60, deadline=None)
@given(days, st.integers(0, 6000), wages)
def test_severance_never_shrinks_with_another_day(start: date, length: int, wage: int) -> None:
    end = start + timedelta(days=length)
    assume(end < date(2026, 11, 1))
    case = {"avg_wage": wage, "mode": "mutual", "local_avg": 20000, "min_wage": 2660}
    today = amount("severance", start=start, end=end, **case)
    tomorrow = amount("severance", start=start, end=end + timedelta(days=1), **case)
    assert 0 < today <= tomorrow


@settings(max_examples=40, deadline=None)
@given(days, st.integers(0, 4000), wages)
def test_damages_are_twice_the_severance(start: date, length: int, wage: int) -> None:
    end = start + timedelta(days=length)
    assume(end < date(2026, 11, 1))
    case: dict[str, Any] = {"start": start, "end": end, "avg_wage": wage, "local_avg": 20000}
    assert amount("unlawful_dismissal", **case) == 2 * amount("severance", mode="mutual", **case)


@settings(max_examples=60, deadline=None)
@given(days, st.integers(0, 1500), st.integers(1000, 20000))
def test_double_wage_is_at_most_eleven_months(start: date, length: int, wage: int) -> None:
    end = start + timedelta(days=length)
    assume(end <= TODAY)
    claim = compute("double_wage", {"start": start, "end": end, "wage": wage}, LAW, TODAY)
    assert claim.amount is not None and 0 <= claim.amount <= 11 * wage


@settings(max_examples=80, deadline=None)
@given(days, st.integers(0, 4000))
def test_months_and_days_add_up_to_the_whole_time(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    months, left = full_months(start, end)
    done = last_of_months(start, months) if months else start - timedelta(days=1)
    assert done + timedelta(days=left) == end
    assert last_of_months(start, months + 1) > end


def test_the_cliff_of_the_cap_is_where_the_law_puts_it() -> None:
    """Above three times the local average the years are capped at twelve: a yuan more in wage means less in sum."""
    case: dict[str, Any] = {"start": "2009-01-01", "end": "2025-12-31", "local_avg": 10000, "mode": "mutual"}
    at_the_line, above = amount("severance", avg_wage=30000, **case), amount("severance", avg_wage=30001, **case)
    assert at_the_line == 17 * 30000
    assert above == 12 * 30000


def test_a_month_that_has_no_matching_day_ends_on_its_last() -> None:
    assert last_of_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert last_of_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert last_of_months(date(2024, 3, 1), 6) == date(2024, 8, 31)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


IMPOSSIBLE: list[tuple[str, dict[str, Any], str]] = [
    ("arrears", {"months": 2, "wage": -3000}, "monthly_wage"),
    ("arrears", {"months": -1, "wage": 3000}, "months_owed"),
    ("arrears", {"months": 2, "wage": 9999999}, "monthly_wage"),
    ("arrears", {"due": 5000, "fined": 6000}, "fine"),
    ("arrears", {"months": 2, "wage": "很多"}, "monthly_wage"),
    ("severance", {"start": "2026-03-01", "end": "2026-02-01", "avg_wage": 5000, "mode": "mutual"}, "leave_date"),
    ("severance", {"start": "1984-03-01", "end": "2026-02-01", "avg_wage": 5000, "mode": "mutual"}, "hire_date"),
    ("severance", {"start": "2026-02-30", "end": "2026-06-01", "avg_wage": 5000, "mode": "mutual"}, "hire_date"),
    ("severance", {"start": "2027-02-01", "avg_wage": 5000, "mode": "mutual"}, "hire_date"),
    ("unlawful_dismissal", {"start": "2026-03-01", "end": "2026-02-01", "avg_wage": 5000}, "leave_date"),
    ("double_wage", {"start": "2026-03-01", "end": "2026-02-01", "wage": 5000}, "leave_date"),
    ("double_wage", {"start": "2027-03-01", "wage": 5000}, "hire_date"),
    ("injury_disability", {"grade": 11, "wage": 5000}, "injury_grade"),
    ("injury_disability", {"grade": 0, "wage": 5000}, "injury_grade"),
    ("injury_disability", {"grade": 7.5, "wage": 5000}, "injury_grade"),
    ("injury_disability", {"grade": 7, "wage": 5000, "accident": "2026-11-25"}, "injury_date"),
    ("injury_lump_sums", {"grade": 12, "resign": True}, "injury_grade"),
    ("death_benefit", {"accident": "2026-12-01"}, "injury_date"),
    ("overtime", {"wage": 4350, "weekday_hours": 400}, "ot_hours"),
    ("overtime", {"wage": 4350, "restday_hours": -8}, "ot_hours"),
]


@pytest.mark.parametrize(("kind", "inputs", "fact"), IMPOSSIBLE)
def test_impossible_fact_is_refused_with_a_sentence(kind: str, inputs: dict[str, Any], fact: str) -> None:
    with pytest.raises(Refusal) as refused:
        compute(kind, inputs, LAW, TODAY)
    assert refused.value.fact == fact
    assert CHINESE.match(str(refused.value))


def test_injury_in_the_future_has_no_deadline_but_a_question() -> None:
    with pytest.raises(Refusal) as refused:
        deadline("injury_recognition", {"accident": "2026-12-01"}, LAW, TODAY)
    assert refused.value.fact == "injury_date"


@pytest.mark.parametrize("kind", sorted(FORMULAS))
def test_formula_without_any_input_names_what_is_missing_or_decides_nothing(kind: str) -> None:
    claim = compute(kind, {}, LAW, TODAY)
    assert claim.amount in (None, Decimal(0))
    assert set(claim.needs) <= set(LAW.kb.facts)
    assert claim.needs or claim.extra or claim.result is not None


RANGES = [
    ("arrears", {"months": 2}, 5320, None, ["monthly_wage"]),  # 2660 × 2
    ("double_wage", {"wage": 5000}, 0, 55000, ["hire_date"]),  # 5000 × 11
    ("unlawful_dismissal", {"avg_wage": 5000}, 5000, None, ["hire_date"]),  # 5000 × 0.5 × 2
]


@pytest.mark.parametrize(("kind", "inputs", "low", "high", "needs"), RANGES)
def test_a_missing_fact_leaves_a_range_and_is_named(
    kind: str, inputs: dict[str, Any], low: int, high: int | None, needs: list[str]
) -> None:
    claim = compute(kind, inputs, LAW, TODAY)
    assert claim.amount is None
    assert (claim.low, claim.high) == (low, high)
    assert list(claim.needs) == needs


@pytest.mark.parametrize("kind", ["severance", "unlawful_dismissal"])
def test_n_and_2n_exclude_each_other(kind: str) -> None:
    claim = compute(kind, {"start": "2025-03-10", "end": "2026-11-08", "avg_wage": 6500, "mode": "mutual"}, LAW, TODAY)
    other = {"severance": "unlawful_dismissal", "unlawful_dismissal": "severance"}[kind]
    assert other in claim.excludes


def test_an_unknown_cap_hands_the_highest_wages_to_a_person() -> None:
    case = {"start": "2020-01-01", "end": "2025-12-31", "avg_wage": 60000, "mode": "mutual"}
    claim = compute("severance", case, LAW, TODAY)
    assert claim.amount is None
    assert claim.extra["handoff"]


def test_a_way_of_leaving_that_nobody_knows_goes_to_a_person() -> None:
    claim = compute("severance", {"mode": "abducted", "years": 3, "avg_wage": 5000}, LAW, TODAY)
    assert claim.amount is None
    assert claim.extra["handoff"]
    assert claim.status == "to_confirm"


def test_the_amount_does_not_depend_on_the_day_of_asking() -> None:
    case = {"start": "2023-01-01", "end": "2024-12-31", "avg_wage": 2000, "mode": "mutual"}
    assert compute("severance", case, LAW, TODAY).amount == compute("severance", case, LAW, date(2030, 1, 1)).amount
