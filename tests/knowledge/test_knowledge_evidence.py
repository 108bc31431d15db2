"""Evidence ladders: whose burden first, the strongest paper first, how to get each, on articles in force, in one message."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.answer import LIMIT, fill
from knowledge.citing import fault
from knowledge.evidence import ladder_lines, which
from knowledge.law import Law
from knowledge.parts import Ladder
from knowledge.release import load
from knowledge.search import normalise

KB = load()
LAW, TODAY = Law(KB), date(2026, 11, 24)
TABLE = yaml.safe_load((Path(__file__).parent.parent / "cases" / "doors.yml").read_text(encoding="utf-8"))
UNSURE = "以顾问确认为准"
each = pytest.mark.parametrize("ladder", KB.evidence.values(), ids=list(KB.evidence))


def told(ladder: Ladder) -> list[str]:
    """What a worker reads of a ladder, placeholders and all."""
    return [ladder.label, ladder.burden, *(t for r in ladder.rungs for t in (r.paper, r.how, *r.instead))]


def test_there_is_one_ladder_for_each_thing_to_prove() -> None:
    assert set(KB.evidence) == {"relation", "wage", "hours", "injury", "dismissal", "amount"}


@each
def test_the_answer_says_whose_burden_it_is_then_every_paper_in_order(ladder: Ladder) -> None:
    text = ladder_lines(KB, ladder.id, LAW, TODAY)
    first, *papers, last = text.split("\n")
    assert len(text) <= LIMIT and "{" not in text
    assert fill(ladder.burden, LAW, TODAY) in first
    assert [line[2:].split("（")[0] for line in papers] == [r.paper for r in ladder.rungs]
    assert all(fill(r.how, LAW, TODAY) in line for r, line in zip(ladder.rungs, papers, strict=True))
    assert last.startswith("依据：") and KB.cite(ladder.basis[0]) in last


@each
def test_papers_go_from_strong_to_weak_and_each_says_how_to_get_it(ladder: Ladder) -> None:
    weights = [r.weight for r in ladder.rungs]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == 5 and weights[-1] <= 2
    assert 5 <= len(weights) <= 10
    assert all(r.how.endswith("。") for r in ladder.rungs)


@each
def test_it_stands_on_articles_in_force(ladder: Ladder) -> None:
    assert ladder.basis
    assert [c for c in ladder.basis if fault(c, KB.laws, TODAY)] == []


@each
def test_it_is_short_plain_and_sure_or_says_so(ladder: Ladder) -> None:
    texts = [fill(text, LAW, TODAY) for text in told(ladder)]
    sentences = [s for text in texts for s in re.split("[。；！？：，、]", text) if s]
    assert sum(map(len, sentences)) / len(sentences) <= 20
    typed = [re.sub(r"\{[^}]*\}", "", text) for text in told(ladder)]
    assert [t for t in typed if re.search(r"\d+\s*(?:元|天|日|个月|年|个工作日|小时|%|倍)", t)] == []
    assert (ladder.status == "to_confirm") == (UNSURE in "".join(told(ladder)))


@each
def test_each_of_eight_or_more_wordings_finds_it(ladder: Ladder) -> None:
    assert len({normalise(ask) for ask in ladder.asks}) >= 8
    found = [which(KB, ask) for ask in ladder.asks]
    assert [ask for ask, f in zip(ladder.asks, found, strict=True) if f is None or f.id != ladder.id] == []


@pytest.mark.parametrize("row", TABLE["asked_evidence"], ids=[r["text"] for r in TABLE["asked_evidence"]])
def test_a_question_about_proof_finds_its_ladder(row: dict[str, Any]) -> None:
    found = which(KB, row["text"])
    assert (found and found.id) == row["ladder"]


# Whose burden it is, by the fact sheet, and what must not be missing among the papers.
RIGHT = {
    "relation": (["您先拿出", "它不拿，它吃亏"], ["劳动争议调解仲裁法/6"], ["劳动合同", "社保记录", "工友证言"]),
    "wage": (["由单位拿", "按您说的数算", "平均工资"], ["江苏省工资支付条例/50", "保障农民工工资支付条例/50"], ["工资条"]),
    "hours": (["您先拿出一点证据"], ["法释〔2020〕26号/42", "江苏省工资支付条例/17"], ["单位的考勤记录"]),
    "injury": (["单位说不是工伤，它要拿证据"], ["工伤保险条例/19/2"], ["病历和诊断证明"]),
    "dismissal": (["为什么辞您，要单位拿证据"], ["法释〔2020〕26号/44"], ["辞退通知、离职证明"]),
    "amount": (["由单位拿", "按您说的数算"], ["保障农民工工资支付条例/50"], ["欠条、结算单", "银行流水"]),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_the_burden_is_told_right(name: str) -> None:
    phrases, citations, papers = RIGHT[name]
    ladder = KB.evidence[name]
    assert [p for p in phrases if p not in ladder.burden] == []
    assert [c for c in citations if c not in ladder.basis] == []
    assert [p for p in papers if p not in [r.paper for r in ladder.rungs]] == []


def test_the_years_that_the_employer_keeps_its_books_are_told() -> None:
    assert "单位要存3年" in ladder_lines(KB, "wage", LAW, TODAY)
    assert "单位要存2年" in ladder_lines(KB, "hours", LAW, TODAY)


def test_an_unknown_thing_to_prove_is_an_error() -> None:
    with pytest.raises(KeyError):
        ladder_lines(KB, "weather", LAW, TODAY)
