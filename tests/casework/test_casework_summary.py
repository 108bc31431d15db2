"""The case card tells an adviser what the worker said, where it comes from, what is unknown, and until when."""

import json
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import pytest

from casework.summary import case_card

TODAY = date(2026, 11, 24)
SUMMARY = {
    "problems": ["拖欠工资", "被辞退"],
    "facts": {
        "monthly_wage": {"label": "月工资", "value": 6500, "source": "said", "show": "月工资6,500元"},
        "hire_date": {"label": "进厂日期", "value": "2025-03-10", "source": "adviser", "show": "2025年3月10日进厂"},
        "insured": {"label": "交了工伤保险", "value": True, "source": "document", "show": "交了社保"},
    },
    "claims": [
        {"kind": "arrears", "label": "拖欠的工资", "amount": "13000.00", "formula": "6500 × 2", "status": "confirmed"},
        {"kind": "x", "label": "一次性补助", "amount": None, "low": "1000", "high": "2500", "status": "to_confirm"},
    ],
    "deadlines": [
        {"kind": "arbitration", "label": "申请劳动仲裁", "date": "2027-11-07"},
        {"kind": "injury_recognition", "label": "单位申报工伤", "date": "2026-10-31"},
        {"kind": "lawsuit", "label": "起诉", "date": None},
    ],
    "unknown": ["单位名称"],
    "open_question": "有没有跟单位签书面劳动合同？",
    "answers": ["wages-arrears-what-to-do"],
    "risk": ["collective"],
}


@dataclass
class Line:
    author: str
    text: str


def _row(summary) -> SimpleNamespace:
    return SimpleNamespace(channel="web", summary=summary and json.dumps(summary, ensure_ascii=False))


def test_each_fact_names_its_source() -> None:
    card = case_card(_row(SUMMARY), today=TODAY)
    assert {f.text: f.source for f in card.facts} == {
        "月工资6,500元": "聊天",
        "2025年3月10日进厂": "顾问确认",
        "交了社保": "材料",
    }


def test_the_paragraph_says_it_all_in_one_breath() -> None:
    lines = [Line("worker", "他还欠我工资"), Line("bot", "记下了")]
    paragraph = case_card(_row(SUMMARY), lines, TODAY).paragraph
    for part in (
        "网页", "拖欠工资、被辞退", "可能聚集", "月工资6,500元", "拖欠的工资13,000元", "1,000到2,500元（待顾问确认）",
        "申请劳动仲裁 2027-11-07（还有348天）", "单位名称", "签书面劳动合同", "“他还欠我工资”",
    ):  # fmt: skip
        assert part in paragraph
    assert "\n" not in paragraph


def test_the_nearest_deadline_is_the_next_one_and_a_missed_one_is_marked() -> None:
    card = case_card(_row(SUMMARY), today=TODAY)
    assert [(d.label, d.days, d.near) for d in card.deadlines] == [
        ("单位申报工伤", -24, True),
        ("申请劳动仲裁", 348, False),
    ]
    assert card.nearest is not None and card.nearest.label == "申请劳动仲裁"
    only_past = case_card(_row({**SUMMARY, "deadlines": SUMMARY["deadlines"][1:]}), today=TODAY)
    assert "已过24天" in only_past.paragraph


@pytest.mark.parametrize("summary", [None, {}])
def test_a_matter_of_which_nothing_is_known_still_has_a_card(summary) -> None:
    card = case_card(_row(summary), today=TODAY)
    assert "还没说清楚是什么事" in card.paragraph
    assert (card.facts, card.nearest, card.open_question) == ((), None, None)
