"""The tables of tests/cases, worked out by hand, against the formulas, the deadlines and the dated parameters.

A row names a claim (`kind`), a last day (`deadline`) or a number of the law (`parameter`); `expect` holds what must come
out, or `refused`: the fact that is asked again. `cites` must all be cited (or a more precise place), `not_cited` none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.claims import FORMULAS, Claim, Refusal, compute
from knowledge.deadlines import DEADLINES, Deadline, deadline
from knowledge.law import Law, UsedParameter
from knowledge.release import load

CASES = Path(__file__).parent.parent / "cases"
TABLES = (
    "boundaries", "termination", "double_wage", "wages", "payer", "overtime", "leave_and_sick", "injury",
    "finality_aid", "time_limits", "clocks", "overtime_days", "duties",
)  # fmt: skip
NUMBERS = ("amount", "low", "high", "months", "value")
Row = Mapping[str, Any]
ROWS: list[Row] = [
    row for name in TABLES for row in yaml.safe_load((CASES / f"{name}.yml").read_text(encoding="utf-8"))
]


def rows(*kinds: str) -> list[Any]:
    """The rows that name a claim, a deadline or a parameter, each under its own sentence."""
    return [pytest.param(row, id=row["case"]) for row in ROWS if any(kind in row for kind in kinds)]


@pytest.fixture(scope="module")
def law() -> Law:
    return Law(load())


def found(row: Row, law: Law) -> Claim | Deadline | UsedParameter:
    """What farun says to a row."""
    if "deadline" in row:
        return deadline(row["deadline"], row["inputs"], law, row["today"])
    if "parameter" in row:
        return law.parameter(row["parameter"], row["today"], row["inputs"].get("region", "苏州"))
    return compute(row["kind"], row["inputs"], law, row["today"])


def have(got: Claim | Deadline | UsedParameter, name: str) -> Any:
    """What came out for one expectation, in the form in which the tables write it."""
    if name == "handoff":
        return bool(getattr(got, "extra", {}).get("handoff"))
    value = getattr(got, name)
    return list(value) if isinstance(value, tuple) else value


def within(citation: str, cited: Iterable[str]) -> bool:
    """Whether an article, or a place in it, is cited."""
    return any(c == citation or c.startswith(citation + "/") for c in cited)


@pytest.mark.parametrize("row", rows("kind", "deadline", "parameter"))
def test_row_is_what_was_worked_out_by_hand(row: Row, law: Law) -> None:
    if "refused" in row["expect"]:
        with pytest.raises(Refusal) as refused:
            found(row, law)
        assert refused.value.fact == row["expect"]["refused"]
        return
    got = found(row, law)
    for name, wanted in row["expect"].items():
        if name == "extra":
            assert isinstance(got, Claim)
            assert {k: got.extra.get(k) for k in wanted} == wanted
        elif name in NUMBERS and wanted is not None:
            assert have(got, name) == Decimal(str(wanted)), name
        else:
            assert have(got, name) == wanted, name
    cited = getattr(got, "citations", ())
    assert [c for c in row.get("cites", ()) if not within(c, cited)] == []
    assert [c for c in row.get("not_cited", ()) if within(c, cited)] == []


@pytest.mark.parametrize("row", [p for p in rows("kind", "deadline") if "refused" not in p.values[0]["expect"]])
def test_every_article_of_a_row_exists_and_can_be_written_out(row: Row, law: Law) -> None:
    got = found(row, law)
    assert not isinstance(got, UsedParameter)
    assert got.citations
    assert all(law.kb.cite(c) for c in got.citations)


@pytest.mark.parametrize("row", rows("kind", "deadline", "parameter"))
def test_row_can_be_read_by_a_lawyer(row: Row) -> None:
    """One subject, a day of asking, an expectation, and how it was worked out."""
    assert sum(name in row for name in ("kind", "deadline", "parameter")) == 1
    assert row.get("kind", "arrears") in FORMULAS and row.get("deadline", "papers") in DEADLINES
    assert isinstance(row["today"], date)
    assert row["expect"] and str(row["hand"]).strip() and row["inputs"] is not None


def test_no_sentence_stands_twice() -> None:
    assert [case for case, times in Counter(row["case"] for row in ROWS).items() if times > 1] == []


def test_every_formula_and_every_deadline_has_rows() -> None:
    named = {row.get("kind") or row.get("deadline") for row in ROWS}
    assert set(FORMULAS) | set(DEADLINES) <= named


def test_parameter_that_does_not_exist_is_a_mistake_of_the_caller(law: Law) -> None:
    with pytest.raises(KeyError):
        law.parameter("no_such_number", date(2026, 1, 1))


def test_all_cases_of_the_case_file_are_right(shared: Path) -> None:
    from evaluation.cases import run

    result = run(shared / "law" / "cases_dev.jsonl", quiet=True)
    assert [r["id"] for r in result["rows"] if not r["right"]] == []
