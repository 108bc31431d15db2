"""What employers say (老板这么说): a worker who tells it finds the honest answer, and it opens with the verdict.

tests/cases/sayings.yml was written after the sayings' own wordings and was never used to change them. First figures:
right among the sayings 0.97, among the first three of all entries 0.96.
"""

from datetime import date
from difflib import SequenceMatcher

import pytest
from ruamel.yaml import YAML

from knowledge.answer import entry_text
from knowledge.law import Law
from knowledge.parts import Entry
from knowledge.release import load
from knowledge.search import normalise
from tests.conftest import ROOT

KB = load()
LAW, TODAY = Law(KB), date(2026, 11, 24)
SAYINGS = [e for e in KB.entries if e.verdict is not None]
TOLD = {e.id: e for e in SAYINGS}
OPENS = {"wrong": "不对。", "partly": "只对一半。", "right": "这话没错。"}
TABLE = YAML(typ="safe").load((ROOT / "tests/cases/sayings.yml").read_text(encoding="utf-8"))
WORDINGS = [(row["text"], tuple(row["saying"])) for row in TABLE["wordings"]]
each = pytest.mark.parametrize("saying", SAYINGS, ids=[e.id for e in SAYINGS])


def test_there_are_many_and_every_verdict_occurs() -> None:
    assert len(SAYINGS) >= 60
    assert {e.verdict for e in SAYINGS} == set(OPENS)


def test_no_two_quote_the_same_sentence() -> None:
    assert len({normalise(e.title) for e in SAYINGS}) == len(SAYINGS)


@each
def test_the_answer_opens_with_the_verdict_and_carries_an_article(saying: Entry) -> None:
    told = [section.text for section in entry_text(saying, LAW, TODAY)]
    assert saying.verdict
    opening = f"{saying.title}——{OPENS[saying.verdict]}"  # what was said, and at once whether it is so
    assert told[0].startswith(opening)
    assert len(told[0]) > len(opening)
    assert any(KB.cite(saying.basis[0]) in text for text in told)


def test_the_fresh_wordings_are_fresh() -> None:
    assert len(WORDINGS) >= 40
    assert {name for _, wanted in WORDINGS for name in wanted} <= set(TOLD)
    near = [(text, a) for text, wanted in WORDINGS for name in wanted for a in TOLD[name].asks if _near(text, a)]
    assert near == []


def test_fresh_wordings_find_their_saying() -> None:
    among, three = 0, 0
    for text, wanted in WORDINGS:
        found = [hit.entry.id for hit in KB.search.find(text, limit=len(KB.entries))]
        among += next((name for name in found if name in TOLD), None) in wanted
        three += any(name in wanted for name in found[:3])
    assert among / len(WORDINGS) >= 0.8
    assert three / len(WORDINGS) >= 0.9


# Where nobody is quoted, an answer that opens with 不对 would be out of place.
PLAIN = [
    "公司没给我交社保怎么办",
    "试用期工资最少发多少",
    "下班路上被车撞了算工伤吗",
    "没签劳动合同能要双倍工资吗",
    "合同到期单位不续签有补偿吗",
    "法定节假日上班给几倍工资",
    "工伤九级能拿多少钱",
    "劳动仲裁要交多少钱",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_question_without_the_employers_words_gets_no_verdict(text: str) -> None:
    assert KB.search.find(text, limit=1)[0].entry.verdict is None


# What must be exact, and how it is told.
EXACT = {
    "say-n-plus-one-good": ["三种情形", "2N"],
    "say-2n-and-n": ["只拿2N", "没有“加1”"],
    "say-first-month": ["满一个月的第二天起"],
    "say-double-eleven": ["{param:double_wage_max_months}", "没有双倍"],
    "say-over-age-injury": ["2026年7月起"],
    "say-over-age-no-rights": ["辞退补偿、双倍工资是没有", "2026年7月起", "加班费、最低工资、工伤"],
    "say-rule-broken": ["照样算工伤", "喝醉、吸毒、自残"],
    "say-commute-main-fault": ["全责或主责的，不算工伤"],
    "say-waive-insurance": ["不算数", "补偿（N）"],
    "say-insurance-cash": ["要回补贴"],
    "say-main-paid-already": ["不包括辞退补偿"],
    "say-holiday-day-off": ["不能拿调休顶"],
    "say-restday-time-off": ["{param:time_off_months}", "不能拿补休顶"],
    "say-driver-paid": ["只有医药费不能拿两次"],
    "say-same-terms-refused": ["一样或更好", "没有补偿"],
    "say-drag-for-years": ["{param:finality_multiple}"],
    "say-police-useless": ["书面叫他付、他还不付"],
}


@pytest.mark.parametrize("name", EXACT)
def test_the_law_is_told_exactly(name: str) -> None:
    saying = TOLD[name]
    told = "".join((saying.in_a_line, saying.say_more))
    assert [phrase for phrase in EXACT[name] if phrase not in told] == []


def _near(text: str, ask: str) -> bool:
    return SequenceMatcher(None, normalise(text), normalise(ask), autojunk=False).ratio() > 0.8
