"""Pay, overtime, leave and the end of work asked in everyday words, through the trained model."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from worded import MOST_KNOWN, Farun, rows, told  # noqa: E402

pytestmark = pytest.mark.model
NAME = "worded_pay"
ROWS = rows(NAME)
KINDS = {
    "severance",
    "unlawful_dismissal",
    "notice_pay",
    "double_wage",
    "arrears",
    "overtime",
    "annual_leave",
}


@pytest.fixture(scope="module")
def judged() -> dict[str, dict]:
    return Farun().judged(NAME)


@pytest.mark.parametrize("row", [row for row in ROWS if "known" not in row], ids=lambda row: row["id"])
def test_the_question_comes_out_as_worked_out_by_hand(judged, row):
    assert judged[row["id"]]["outcome"] == "right", told(row, judged[row["id"]])


def test_every_kind_is_asked_about_and_few_rows_are_given_up():
    assert {row["kind"] for row in ROWS} == KINDS
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert sum("known" in row for row in ROWS) <= MOST_KNOWN * len(ROWS)
