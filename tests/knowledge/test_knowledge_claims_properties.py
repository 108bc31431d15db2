"""What must hold for every input: a second reckoning agrees to the fen, no sum is negative, more is never less (but at
the cliff of the cap), alternatives are never added, and what cannot be is refused with a sentence.
"""

import re
import sys
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge.assessment import assess
from knowledge.claims import FORMULAS, Claim, Refusal, compute
from knowledge.dates import add_months, full_months, last_of_months
from knowledge.deadlines import deadline
from knowledge.law import Law
from knowledge.matter import Known
from knowledge.release import load

sys.path.insert(0, str(Path(__file__).resolve().parent))
import second  # noqa: E402
from arithmetic import is_arithmetic, reckon  # noqa: E402

TODAY = date(2026, 11, 24)
KB = load()
LAW = Law(KB)
CHINESE = re.compile(r"^[^a-z]*[\u4e00-\u9fff][^a-z]*。$")
CASES = Path(__file__).parent.parent / "cases"
MANY, SOME = settings(max_examples=600, deadline=None), settings(max_examples=200, deadline=None)

days = st.dates(date(2008, 1, 1), TODAY)
wages = st.integers(100_00, 100_000_00).map(lambda cents: Fraction(cents, 100))
averages = st.integers(3_000, 15_000)
hours = st.integers(0, 600).map(lambda halves: Fraction(halves, 2))


@st.composite
def spells(draw: st.DrawFn) -> tuple[date, date]:
    """A first and a last day of work, short and long ones alike, the edges of months and years more often."""
    start = draw(days)
    months = draw(st.integers(0, 12 * 19))
    end = last_of_months(start, months) if months else start
    end += timedelta(days=draw(st.sampled_from((-1, 0, 0, 1, 2, 15))))
    assume(start <= end <= TODAY)
    return start, end


def yuan(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def claim(kind: str, **inputs: Any) -> Claim:
    made = {k: yuan(v) if isinstance(v, Fraction) else v for k, v in inputs.items()}
    return sound(compute(kind, made, LAW, TODAY))


def amount(kind: str, **inputs: Any) -> Decimal:
    found = claim(kind, **inputs).amount
    assert found is not None
    return found


def sound(made: Claim) -> Claim:
    """What holds for every claim: articles that exist, nothing negative, and a formula that comes to the sum."""
    assert made.citations and all(LAW.kb.cite(c) for c in made.citations)
    assert all(value is None or value >= 0 for value in (made.amount, made.low, made.high, made.months))
    if made.low is not None and made.high is not None:
        assert made.low <= made.high
    if made.amount is not None:
        assert made.formula
        if is_arithmetic(made.formula):
            assert abs(max(reckon(made.formula), Fraction(0)) - Fraction(made.amount)) <= Fraction(1, 100)
    return made


# --- a second reckoning, written from the fact sheet alone, agrees to the fen


@MANY
@given(spells(), wages, averages)
def test_severance_and_damages_agree(spell: tuple[date, date], wage: Fraction, average: int) -> None:
    case: dict[str, Any] = {"start": spell[0], "end": spell[1], "avg_wage": wage, "local_avg": average}
    assert amount("severance", mode="mutual", **case) == second.severance(*spell, wage, average)
    assert amount("unlawful_dismissal", **case) == second.unlawful_dismissal(*spell, wage, average)


@MANY
@given(spells(), wages, st.integers(0, 31), st.none() | st.integers(0, 500))
def test_double_wage_agrees(spell: tuple[date, date], wage: Fraction, worked: int, later: int | None) -> None:
    signed = None if later is None else spell[0] + timedelta(days=later)
    case: dict[str, Any] = {"start": spell[0], "end": spell[1], "wage": wage, "partial_month_workdays": worked}
    ours = amount("double_wage", **case, **({} if signed is None else {"signed": signed}))
    assert ours == second.double_wage(*spell, signed, wage, worked)


@MANY
@given(wages, hours, hours, hours, days)
def test_overtime_agrees(wage: Fraction, weekday: Fraction, rest: Fraction, holiday: Fraction, on: date) -> None:
    assume(weekday or rest or holiday)
    assume(on >= date(2008, 1, 3))  # the day from which a month has 21.75 days of pay
    ours = amount("overtime", wage=wage, weekday_hours=weekday, restday_hours=rest, holiday_hours=holiday, date=on)
    assert ours == second.overtime(wage, weekday, rest, holiday, on)


@MANY
@given(st.integers(0, 480).map(lambda halves: Fraction(halves, 2)), wages, wages, st.integers(1, 31), days)
def test_arrears_agree(months: Fraction, wage: Fraction, paid: Fraction, worked: int, on: date) -> None:
    assert amount("arrears", months=months, wage=wage, paid=paid) == second.arrears_months(months, wage, paid)
    assume(on >= date(2008, 1, 3))
    assert amount("arrears", wage=wage, days_worked=worked, date=on) == second.arrears_days(Fraction(worked), wage)


@MANY
@given(st.integers(1, 10), wages, averages, st.dates(date(2011, 1, 1), TODAY))
def test_injury_disability_agrees(grade: int, wage: Fraction, average: int, on: date) -> None:
    case: dict[str, Any] = {"grade": grade, "wage": wage, "local_avg": average, "accident": on}
    assert amount("injury_disability", **case) == second.injury_disability(grade, wage, average)
    monthly = amount("injury_disability", monthly=True, **case)
    assert monthly == second.injury_allowance(grade, wage, average, on)


@MANY
@given(st.dates(date(2011, 1, 1), TODAY))
def test_death_grant_agrees(injured: date) -> None:
    ours, wanted = claim("death_benefit", accident=injured), second.death_grant(injured)
    assert ours.amount == wanted
    assert wanted is not None or ours.extra["handoff"]


@MANY
@given(
    st.integers(0, 450).map(lambda tenths: Fraction(tenths, 10)),
    st.none() | st.integers(0, 366),
    st.integers(0, 20),
    wages,
    st.booleans(),
)
def test_annual_leave_agrees(years: Fraction, passed: int | None, taken: int, wage: Fraction, normal: bool) -> None:
    part = {} if passed is None else {"calendar_days": passed}
    ours = amount("annual_leave", total_years=years, taken=taken, wage=wage, normal_paid=normal, **part)
    assert ours == second.annual_leave(years, passed, taken, wage, normal)


@MANY
@given(wages, wages, st.booleans(), days)
def test_notice_pay_agrees(last: Fraction, average: Fraction, usual: bool, end: date) -> None:
    case: dict[str, Any] = {"last_month_wage": last, "last_month_normal": usual, "avg_wage": average, "end": end}
    assert amount("notice_pay", ground="art40_2", **case) == second.notice_pay(last, usual, average, end)


# --- more is never less, but at the cliff


@SOME
@given(spells(), wages, averages)
def test_severance_never_shrinks_with_another_day(spell: tuple[date, date], wage: Fraction, average: int) -> None:
    """The minimum wage is held fixed: that it is higher on the next day is another matter."""
    assume(spell[1] < TODAY)
    case: dict[str, Any] = {"start": spell[0], "avg_wage": wage, "mode": "mutual", "local_avg": average}
    case["min_wage"] = 2660
    today = amount("severance", end=spell[1], **case)
    assert 0 < today <= amount("severance", end=spell[1] + timedelta(days=1), **case)


@SOME
@given(spells(), wages, st.integers(1, 5000_00), averages)
def test_severance_grows_with_the_wage_on_each_side_of_the_cap(
    spell: tuple[date, date], wage: Fraction, cents: int, average: int
) -> None:
    more = min(wage + Fraction(cents, 100), Fraction(100_000))
    case: dict[str, Any] = {"start": spell[0], "end": spell[1], "mode": "mutual", "local_avg": average}
    less_sum, more_sum = amount("severance", avg_wage=wage, **case), amount("severance", avg_wage=more, **case)
    crossed = wage <= 3 * average < more
    if not crossed or second.severance_halves(*spell) <= 24:  # up to twelve years there is no cliff
        assert less_sum <= more_sum
    if wage > 3 * average:
        assert less_sum == more_sum


@SOME
@given(st.integers(25, 60), averages)
def test_the_cliff_of_the_cap_is_where_the_law_puts_it(halves: int, average: int) -> None:
    """Above three times the local average the years are capped at twelve: a fen more in wage is less in sum."""
    assume(halves % 2 == 0)  # whole years
    case: dict[str, Any] = {"years": halves // 2, "local_avg": average, "mode": "mutual", "end": TODAY}
    line = Decimal(3 * average)
    at_the_line, above = (amount("severance", avg_wage=w, **case) for w in (line, line + Decimal("0.01")))
    assert at_the_line == line * halves / 2 > above == line * 12
    assert amount("unlawful_dismissal", avg_wage=line, years=halves // 2, local_avg=average) == line * halves
    above_twice = amount("unlawful_dismissal", avg_wage=line + 1, years=halves // 2, local_avg=average)
    assert above_twice == line * 24


@SOME
@given(st.integers(1, 12), averages)
def test_up_to_twelve_years_the_cap_is_no_cliff(years: int, average: int) -> None:
    case: dict[str, Any] = {"years": years, "local_avg": average, "mode": "mutual", "end": TODAY}
    line = Decimal(3 * average)
    assert amount("severance", avg_wage=line, **case) == amount("severance", avg_wage=line + 1, **case) == line * years


@SOME
@given(spells(), wages)
def test_double_wage_is_at_most_eleven_months(spell: tuple[date, date], wage: Fraction) -> None:
    assert amount("double_wage", start=spell[0], end=spell[1], wage=wage) <= 11 * yuan(wage)


@SOME
@given(spells(), wages, st.integers(0, 31))
def test_double_wage_never_shrinks_with_another_month(spell: tuple[date, date], wage: Fraction, worked: int) -> None:
    later = add_months(spell[1], 1) + timedelta(days=1)
    assume(later <= TODAY)
    case: dict[str, Any] = {"start": spell[0], "wage": wage, "partial_month_workdays": worked}
    full_months_only = amount("double_wage", end=spell[1], **{**case, "partial_month_workdays": 0})
    assert full_months_only <= amount("double_wage", end=later, **case)


@SOME
@given(st.integers(1, 9), wages, averages)
def test_a_graver_grade_is_never_less(grade: int, wage: Fraction, average: int) -> None:
    case: dict[str, Any] = {"wage": wage, "local_avg": average, "monthly": False}
    assert amount("injury_disability", grade=grade, **case) > amount("injury_disability", grade=grade + 1, **case)


@SOME
@given(wages, hours, st.integers(1, 100), st.sampled_from(("weekday_hours", "restday_hours", "holiday_hours")))
def test_overtime_grows_with_hours_and_with_wage(wage: Fraction, worked: Fraction, more: int, kind: str) -> None:
    assume(0 < worked and worked + more <= 340)
    assume(wage < 90_000)
    base = amount("overtime", wage=wage, **{kind: worked})
    assert base <= amount("overtime", wage=wage + more, **{kind: worked})
    assert base < amount("overtime", wage=wage, **{kind: worked + more})


@SOME
@given(wages, st.integers(0, 40), st.integers(0, 39))
def test_annual_leave_grows_with_working_life(wage: Fraction, more: int, years: int) -> None:
    less, later = (amount("annual_leave", total_years=y, wage=wage) for y in (years, min(years + more, 60)))
    assert less <= later


# --- alternatives are never added


@SOME
@given(spells(), wages, averages)
def test_n_2n_and_a_month_in_place_of_notice_exclude_each_other(
    spell: tuple[date, date], wage: Fraction, average: int
) -> None:
    case: dict[str, Any] = {"start": spell[0], "end": spell[1], "avg_wage": wage, "local_avg": average}
    n, twice = claim("severance", mode="art40_2", **case), claim("unlawful_dismissal", **case)
    month = claim("notice_pay", ground="art40_2", **case)
    assert "unlawful_dismissal" in n.excludes and "unlawful_dismissal" in month.excludes
    assert {"severance", "notice_pay"} <= set(twice.excludes)
    assert n.amount is not None and twice.amount is not None
    assert abs(twice.amount - 2 * n.amount) <= Decimal("0.01")  # each is rounded once, at its end


FACTS_OF_LEAVING = st.fixed_dictionaries(
    {
        "hire_date": st.just("2022-03-10"),
        "leave_date": st.just("2026-11-08"),
        "monthly_wage": st.integers(2000, 20000),
    },
    optional={
        "dismissed": st.booleans(),
        "leave_way": st.sampled_from(sorted(KB.facts["leave_way"].choices)),
        "dismissal_reason": st.sampled_from(sorted(KB.facts["dismissal_reason"].choices)),
        "notice_days": st.sampled_from((0, 10, 30)),
        "pregnant": st.booleans(),
        "has_contract": st.booleans(),
        "injury_grade": st.integers(5, 10),
    },
)


@SOME
@given(FACTS_OF_LEAVING)
def test_no_way_out_adds_what_excludes_each_other(facts: dict[str, Any]) -> None:
    """Within each option, and among the first options that make up the total, no claim excludes another."""
    known = {name: Known(value) for name, value in facts.items()}
    found = assess(known, ("dismissal", "wages", "contract"), KB, TODAY)
    assert found.groups
    together = [[o.claim, *o.plus] for group in found.groups for o in group.options]
    together.append([c for g in found.groups if g.options for c in (g.options[0].claim, *g.options[0].plus)])
    for added in together:
        worth = [c for c in added if c.amount]
        assert not any(a.kind in b.excludes for a in worth for b in worth)


# --- dates


@SOME
@given(days, st.integers(0, 4000))
def test_months_and_days_add_up_to_the_whole_time(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    months, left = full_months(start, end)
    done = last_of_months(start, months) if months else start - timedelta(days=1)
    assert done + timedelta(days=left) == end
    assert last_of_months(start, months + 1) > end
    assert (months, left) == second.months_and_days(start, end)


def test_a_month_that_has_no_matching_day_ends_on_its_last() -> None:
    assert last_of_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert last_of_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert last_of_months(date(2024, 3, 1), 6) == date(2024, 8, 31)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@SOME
@given(spells(), wages)
def test_the_amount_does_not_depend_on_the_day_of_asking(spell: tuple[date, date], wage: Fraction) -> None:
    case = {"start": spell[0], "end": spell[1], "avg_wage": yuan(wage), "mode": "mutual", "local_avg": 9000}
    later = compute("severance", case, LAW, date(2030, 1, 1)).amount
    assert compute("severance", case, LAW, TODAY).amount == later


# --- every row of the tables is sound, and what cannot be is refused


def _rows() -> list[Any]:
    tables = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.yml")))
    found = [row for table in tables if isinstance(table, list) for row in table if isinstance(row, dict)]
    return [row for row in found if row.get("kind") in FORMULAS and "refused" not in row.get("expect", {"refused": 1})]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["case"]) for row in _rows()])
def test_a_row_has_articles_no_negative_sum_and_a_formula_that_comes_to_it(row: dict[str, Any]) -> None:
    sound(compute(row["kind"], row["inputs"], LAW, row["today"]))


@pytest.mark.parametrize(
    ("formula", "value"),
    [("2 + 3 × 4", 14), ("(2 + 3) × 4", 20), ("10 − 4 − 3", 3), ("100 ÷ 8 ÷ 5", Fraction(5, 2)), ("6000 × 70%", 4200)],
)
def test_the_reckoner_keeps_the_order_of_signs(formula: str, value: Fraction | int) -> None:
    assert is_arithmetic(formula)
    assert reckon(formula) == value


@pytest.mark.parametrize("formula", ["2 +", "(2", "2 3", "× 2"])
def test_the_reckoner_refuses_what_is_not_well_formed(formula: str) -> None:
    with pytest.raises(ValueError):
        reckon(formula)


IMPOSSIBLE: list[tuple[str, dict[str, Any], str]] = [
    ("arrears", {"months": 2, "wage": -3000}, "monthly_wage"),
    ("arrears", {"months": -1, "wage": 3000}, "months_owed"),
    ("arrears", {"months": 2, "wage": 9999999}, "monthly_wage"),
    ("arrears", {"due": 5000, "fined": 6000}, "fine"),
    ("arrears", {"months": 2, "wage": "很多"}, "monthly_wage"),
    ("arrears", {"months": 2, "wage": "NaN"}, "monthly_wage"),
    ("arrears", {"months": 2, "wage": "1e400"}, "monthly_wage"),
    ("severance", {"start": "2026-03-01", "end": "2026-02-01", "avg_wage": 5000, "mode": "mutual"}, "leave_date"),
    ("severance", {"start": "1984-03-01", "end": "2026-02-01", "avg_wage": 5000, "mode": "mutual"}, "hire_date"),
    ("severance", {"start": "2026-02-30", "end": "2026-06-01", "avg_wage": 5000, "mode": "mutual"}, "hire_date"),
    ("severance", {"start": "2027-02-01", "avg_wage": 5000, "mode": "mutual"}, "hire_date"),
    ("severance", {"service_months": [36, -3], "avg_wage": 5000, "mode": "mutual"}, "years_worked"),
    ("unlawful_dismissal", {"start": "2026-03-01", "end": "2026-02-01", "avg_wage": 5000}, "leave_date"),
    ("double_wage", {"start": "2026-03-01", "end": "2026-02-01", "wage": 5000}, "leave_date"),
    ("double_wage", {"start": "2027-03-01", "wage": 5000}, "hire_date"),
    ("injury_disability", {"grade": 11, "wage": 5000}, "injury_grade"),
    ("injury_disability", {"grade": 0, "wage": 5000}, "injury_grade"),
    ("injury_disability", {"grade": 7.5, "wage": 5000}, "injury_grade"),
    ("injury_disability", {"grade": 7, "wage": 5000, "accident": "2026-11-25"}, "injury_date"),
    ("injury_lump_sums", {"grade": 12, "resign": True}, "injury_grade"),
    ("death_benefit", {"accident": "2026-12-01"}, "injury_date"),
    ("death_benefit", {"accident": "2026-03-02", "death": "2026-03-01"}, "injury_date"),
    ("overtime", {"wage": 4350, "weekday_hours": 400}, "ot_hours"),
    ("overtime", {"wage": 4350, "restday_hours": -8}, "ot_hours"),
    ("annual_leave", {"days": 5, "gross_avg": 6000, "overtime_part": 7000}, "monthly_wage"),
    ("medical_period_pay", {"total_years": 3, "unit_years": 12}, "years_worked"),
    ("arbitration_finality", {"items": {"wages": -1}}, "amount_owed"),
]


@pytest.mark.parametrize(("kind", "inputs", "fact"), IMPOSSIBLE)
def test_impossible_fact_is_refused_with_a_sentence(kind: str, inputs: dict[str, Any], fact: str) -> None:
    with pytest.raises(Refusal) as refused:
        compute(kind, inputs, LAW, TODAY)
    assert refused.value.fact == fact
    assert CHINESE.match(str(refused.value))


ABSURD = st.one_of(
    st.integers(-1_000_000, -1),
    st.integers(10**8, 10**12),
    st.sampled_from(("很多", "NaN", "Infinity", "-Infinity", "1e999", "")),
)
MONEY_INPUTS = [
    ("arrears", "wage", {"months": 2}),
    ("arrears", "months", {"wage": 5000}),
    ("arrears", "daily_wage", {"days_worked": 3}),
    ("severance", "avg_wage", {"years": 3, "mode": "mutual"}),
    ("severance", "years", {"avg_wage": 5000, "mode": "mutual"}),
    ("unlawful_dismissal", "avg_wage", {"years": 3}),
    ("double_wage", "wage", {"start": "2026-01-01", "end": "2026-06-30"}),
    ("overtime", "wage", {"weekday_hours": 8}),
    ("overtime", "weekday_hours", {"wage": 5000}),
    ("annual_leave", "wage", {"days": 5}),
    ("injury_disability", "wage", {"grade": 7}),
    ("injury_disability", "grade", {"wage": 6000}),
    ("notice_pay", "last_month_wage", {"ground": "art40_2"}),
    ("medical_period_pay", "wage", {"months": 3}),
]


@SOME
@given(st.sampled_from(MONEY_INPUTS), ABSURD)
def test_an_absurd_number_is_refused_and_never_reckoned_with(case: tuple[str, str, dict[str, Any]], value: Any) -> None:
    kind, name, others = case
    with pytest.raises(Refusal) as refused:
        compute(kind, {**others, name: value}, LAW, TODAY)
    assert CHINESE.match(str(refused.value).replace("NaN", "").replace("Infinity", "").replace("1e999", ""))


def test_injury_in_the_future_has_no_deadline_but_a_question() -> None:
    with pytest.raises(Refusal) as refused:
        deadline("injury_recognition", {"accident": "2026-12-01"}, LAW, TODAY)
    assert refused.value.fact == "injury_date"


@pytest.mark.parametrize("kind", sorted(FORMULAS))
def test_formula_without_any_input_names_what_is_missing_or_decides_nothing(kind: str) -> None:
    made = compute(kind, {}, LAW, TODAY)
    assert made.amount in (None, Decimal(0))
    assert set(made.needs) <= set(LAW.kb.facts)
    assert made.needs or made.extra or made.result is not None
    assert made.citations


RANGES = [
    ("arrears", {"months": 2}, 5320, None, ["monthly_wage"]),  # 2660 × 2
    ("double_wage", {"wage": 5000}, 0, 55000, ["hire_date"]),  # 5000 × 11
    ("unlawful_dismissal", {"avg_wage": 5000}, 5000, None, ["hire_date"]),  # 5000 × 0.5 × 2
]


@pytest.mark.parametrize(("kind", "inputs", "low", "high", "needs"), RANGES)
def test_a_missing_fact_leaves_a_range_and_is_named(
    kind: str, inputs: dict[str, Any], low: int, high: int | None, needs: list[str]
) -> None:
    made = compute(kind, inputs, LAW, TODAY)
    assert made.amount is None
    assert (made.low, made.high) == (low, high)
    assert list(made.needs) == needs


NOT_KNOWN: list[tuple[str, dict[str, Any]]] = [
    ("severance", {"start": "2000-01-01", "end": "2007-06-30", "avg_wage": 2000, "mode": "mutual"}),
    ("unlawful_dismissal", {"start": "2000-01-01", "end": "2007-06-30", "avg_wage": 2000}),
    ("notice_pay", {"ground": "art40_1", "last_month_wage": 3000, "end": "2007-12-31"}),
    ("overtime", {"wage": 4350, "weekday_hours": 10, "date": "2007-12-31"}),
    ("annual_leave", {"days": 5, "wage": 4350, "date": "2007-12-31"}),
    ("arrears", {"paid": 1500, "month": "2015-12", "full_work": True}),
    ("injury_disability", {"grade": 8, "wage": 6000, "accident": "2010-12-31"}),
    ("injury_lump_sums", {"grade": 8, "resign": True, "end": "2015-05-31"}),
    ("death_benefit", {"accident": "2018-12-31"}),
    ("arbitration_finality", {"items": {"wages": 2000}, "award_date": "2012-04-30"}),
    ("legal_aid_eligibility", {"received": "2021-12-31"}),
    ("severance", {"start": "2020-01-01", "end": "2025-12-31", "avg_wage": 60000, "mode": "mutual"}),
    ("severance", {"mode": "abducted", "years": 3, "avg_wage": 5000}),
]


@pytest.mark.parametrize(("kind", "inputs"), NOT_KNOWN)
def test_what_the_law_of_that_day_says_is_not_known_goes_to_a_person(kind: str, inputs: dict[str, Any]) -> None:
    made = sound(compute(kind, inputs, LAW, TODAY))
    assert made.amount is None and made.result is None
    assert made.extra["handoff"] and made.note
    assert made.status == "to_confirm"
