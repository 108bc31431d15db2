"""Injury, death, leave, sick pay, time limits, awards and legal aid asked in everyday words, through the trained model."""

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from worded import MOST_KNOWN, Farun, rows, told  # noqa: E402

pytestmark = pytest.mark.model
TODAY = date(2026, 11, 24)
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
def farun() -> Farun:
    return Farun()


@pytest.fixture(scope="module")
def judged(farun) -> dict[str, dict]:
    return farun.judged(NAME)


@pytest.mark.parametrize("row", [row for row in ROWS if "known" not in row], ids=lambda row: row["id"])
def test_the_question_comes_out_as_worked_out_by_hand(judged, row):
    assert judged[row["id"]]["outcome"] == "right", told(row, judged[row["id"]])


def test_every_kind_is_asked_about_and_few_rows_are_given_up():
    assert {row["kind"] for row in ROWS} == KINDS
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert sum("known" in row for row in ROWS) <= MOST_KNOWN * len(ROWS)


# What decides is left open: no sum and no yes or no may come out, only a range or a question.
OPEN = [
    ("工伤认定了还没做鉴定，工资6000能赔多少", "injury_disability"),
    ("工伤十级，我工资有时5000有时6000，一次性伤残补助金多少", "injury_disability"),
    ("我在黑作坊干活被机器压断手指，没鉴定，能赔多少", "injury_disability"),
    ("两个孩子，大的已经工作了，小的8岁，老公工亡，工资6000，抚恤金多少", "death_benefit"),
    ("老公工亡，工资8000，有个女儿今年20岁，抚恤金多少", "death_benefit"),
    ("我爸在工地出事死了，能赔多少", "death_benefit"),
    ("上班猝死，第三天才去世，算工伤吗", "death_benefit"),
    ("上班突发心脏病，送医后5小时抢救回来了，算工伤吗", "death_benefit"),
    ("上班路上心梗，抢救20小时死亡算工伤吗", "death_benefit"),
    ("医疗期几个月？我工作12年了", "medical_period_pay"),
    ("停工留薪期内单位只发了基本工资2500，原工资6000", "medical_period_pay"),
    ("我是本地人，老板欠工资，能申请法律援助吗", "legal_aid_eligibility"),
    ("2026年裁决一次性伤残补助金28000元，算不算终局", "arbitration_finality"),
]


@pytest.mark.parametrize(("text", "kind"), OPEN, ids=[text for text, _ in OPEN])
def test_what_is_left_open_gets_no_answer_out_of_doubt(farun, text, kind):
    told = ["amount", "result", *(["months"] if kind == "medical_period_pay" else [])]
    claims = [c for c in farun.answer(text, TODAY).get("claims") or [] if c["kind"] == kind]
    assert [claim[name] for claim in claims for name in told if claim[name] is not None] == []
