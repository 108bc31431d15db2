"""How `farun evaluate cases` judges: right, wrong or handed over, and article by article."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.articles import citations, covered
from evaluation.cases import faults, run


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("劳动合同法第四十六条、第四十七条第一款", ["劳动合同法/46", "劳动合同法/47/1"]),
        ("劳动合同法第四十六条第五项", ["劳动合同法/46/1/5"]),
        ("江苏省工资支付条例第十二条第二款第三项、第三款", ["江苏省工资支付条例/12/2/3", "江苏省工资支付条例/12/3"]),
        ("法释〔2020〕26号第十五条；人社部发〔2025〕2号", ["法释〔2020〕26号/15", "人社部发〔2025〕2号"]),
        ("刑法第二百七十六条之一", ["刑法/276之一"]),
        ("超龄劳动者基本权益保障暂行规定第六条（令第56号，2026-07-01）", ["超龄劳动者基本权益保障暂行规定/6"]),
        (
            "工伤保险条例第三十七条第二项；江苏省实施《工伤保险条例》办法",
            ["工伤保险条例/37/1/2", "江苏省实施《工伤保险条例》办法"],
        ),
    ],
)
def test_articles_as_lawyers_write_them(text: str, wanted: list[str]) -> None:
    assert citations(text) == wanted


def test_more_precise_is_right_and_less_precise_is_not() -> None:
    assert covered(["劳动合同法/46"], ["劳动合同法/46/1/2"])
    assert not covered(["劳动合同法/47/1"], ["劳动合同法/47"])
    assert not covered(["劳动合同法/4"], ["劳动合同法/47"])


def test_every_part_of_the_expectation_counts() -> None:
    expected = {"amount": 100, "payer": "用人单位", "article": "劳动法第五十条"}
    got = {"amount": "100.00", "payer": "用人单位", "citations": ["劳动法/50"]}
    assert faults(expected, got) == []
    assert faults(expected, {**got, "amount": "100.01"}) == ["amount"]
    assert faults(expected, {**got, "payer": "工伤保险基金"}) == ["payer"]
    assert faults(expected, {**got, "citations": []}) == ["article"]


def case(kind: str, inputs: dict[str, Any], expected: dict[str, Any], **more: Any) -> str:
    row = {"id": "x", "kind": kind, "question_zh": "问", "inputs": inputs, "expected": expected, "confidence": "high"}
    return json.dumps({**row, **more}, ensure_ascii=False)


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_right_wrong_and_handed_over_are_counted_by_confidence(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        case("arrears", {"months": 2, "wage": 6500}, {"amount": 13000}),
        case("arrears", {"months": 2, "wage": 6500}, {"amount": 13001}, confidence="medium"),
        case("no_such_kind", {}, {"amount": 1}),
        case("arrears", {"months": 2, "wage": -1}, {"amount": 1}),
    )
    result = run(path, quiet=True)
    assert result["high"] == {"right": 1, "wrong": 0, "handed_over": 2}
    assert result["medium"] == {"right": 0, "wrong": 1, "handed_over": 0}
    assert [r["right"] for r in result["rows"]] == [True, False, False, False]
    json.dumps(result)


def test_worded_cases_read_the_answer_object(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        case("arrears", {}, {"amount": 13000, "article": "劳动合同法第三十条"}),
        case("limitation", {}, {"deadline": "2027-11-08"}),
        case("severance", {}, {"amount": 1}),
    )

    def ask(text: str, on: Any) -> dict[str, Any]:
        return {
            "claims": [{"kind": "arrears", "amount": "13000.00", "citations": ["劳动合同法/30/1"]}],
            "deadlines": [{"kind": "arbitration", "date": "2027-11-08", "citations": []}],
        }

    result = run(path, worded=True, ask=ask, quiet=True)
    assert [r["outcome"] for r in result["rows"]] == ["right", "right", "handed_over"]


def test_a_table_is_printed_unless_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, case("arrears", {"months": 2, "wage": 6500}, {"amount": 1}))
    run(path)
    assert "arrears" in capsys.readouterr().out
    run(path, quiet=True)
    assert capsys.readouterr().out == ""


def test_a_broken_row_is_named_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, case("arrears", {}, {}), "{not json")
    with pytest.raises(ValueError, match=":2:"):
        run(path, quiet=True)
