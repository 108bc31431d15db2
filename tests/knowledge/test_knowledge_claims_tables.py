"""The tables of tests/cases, computed by hand, against the formulas and the deadlines."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.claims import compute
from knowledge.deadlines import deadline
from knowledge.law import Law
from knowledge.release import load

CASES = Path(__file__).parent.parent / "cases"


def rows(*names: str) -> list[Any]:
    """The rows of the tables, each under its own sentence."""
    found = [row for name in names for row in yaml.safe_load((CASES / f"{name}.yml").read_text(encoding="utf-8"))]
    return [pytest.param(row, id=row["case"]) for row in found]


@pytest.fixture(scope="module")
def law() -> Law:
    return Law(load())


def number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@pytest.mark.parametrize("row", rows("termination", "wages", "injury"))
def test_claim_is_what_was_computed_by_hand(row: Mapping[str, Any], law: Law) -> None:
    claim = compute(row["kind"], row["inputs"], law, row["today"])
    for name, wanted in row["expect"].items():
        if name == "handoff":
            assert bool(claim.extra.get("handoff")) is wanted
        elif name in ("amount", "low", "high", "months"):
            assert getattr(claim, name) == number(wanted), name
        elif name == "needs":
            assert list(claim.needs) == wanted
        elif name == "extra":
            assert {k: claim.extra[k] for k in wanted} == wanted
        else:
            assert getattr(claim, name) == wanted, name
    assert set(row.get("cites", ())) <= set(claim.citations)


@pytest.mark.parametrize("row", rows("time_limits"))
def test_last_day_is_what_was_counted_by_hand(row: Mapping[str, Any], law: Law) -> None:
    found = deadline(row["kind"], row["inputs"], law, row["today"])
    assert found.date == row["date"]
    assert found.status == row["status"]
    if "passed" in row:
        assert found.passed is row["passed"]
    assert set(row.get("cites", ())) <= set(found.citations)


@pytest.mark.parametrize("row", rows("termination", "wages", "injury"))
def test_every_article_of_a_claim_exists_and_can_be_written_out(row: Mapping[str, Any], law: Law) -> None:
    claim = compute(row["kind"], row["inputs"], law, row["today"])
    assert claim.citations
    assert all(law.kb.cite(c) for c in claim.citations)


@pytest.mark.parametrize(
    ("day", "value", "status"),
    [
        (date(2021, 7, 31), "2020", "to_confirm"),
        (date(2021, 8, 1), "2280", "to_confirm"),
        (date(2023, 12, 31), "2280", "to_confirm"),
        (date(2024, 1, 1), "2490", "to_confirm"),
        (date(2025, 12, 31), "2490", "to_confirm"),
        (date(2026, 1, 1), "2660", "confirmed"),
        (date(2026, 11, 24), "2660", "confirmed"),
    ],
)
def test_minimum_wage_before_on_and_after_a_change(law: Law, day: date, value: str, status: str) -> None:
    used = law.parameter("min_wage_month", day)
    assert (used.value, used.status) == (Decimal(value), status)


def test_parameter_before_its_first_day_is_unknown(law: Law) -> None:
    used = law.parameter("min_wage_month", date(2015, 12, 31))
    assert used.value is None
    assert used.status == "unknown"


def test_parameter_that_does_not_exist_is_a_mistake_of_the_caller(law: Law) -> None:
    with pytest.raises(KeyError):
        law.parameter("no_such_number", date(2026, 1, 1))


def test_wider_region_answers_where_the_city_has_no_number(law: Law) -> None:
    assert law.parameter("fine_percent_max", date(2026, 1, 1), "苏州").value == Decimal(20)


def test_all_cases_of_the_case_file_are_right(shared: Path) -> None:
    from evaluation.cases import run

    result = run(shared / "law" / "cases_dev.jsonl", quiet=True)
    assert [r["id"] for r in result["rows"] if not r["right"]] == []
