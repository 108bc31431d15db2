"""Injury, death, leave, sick pay, time limits, awards and legal aid asked in everyday words, through the trained model."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from worded import MOST_KNOWN, Farun, rows, told  # noqa: E402

pytestmark = pytest.mark.model
NAME = "worded_injury_procedure"
ROWS = rows(NAME)
KINDS = {
    "injury_disability",
    "injury_lump_sums",
    "death_benefit",
    "medical_period_pay",
    "limitation",
    "arbitration_finality",
    "legal_aid_eligibility",
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
