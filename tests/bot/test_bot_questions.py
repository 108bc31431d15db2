"""The figures on labelled questions, against counts made by hand."""

import json

import pytest

from evaluation.questions import measure, run


def heard(*topics, **more):
    return {"topics": [{"name": name, "confidence": sure} for name, sure in topics], **more}


ROWS = [
    {"text": "a", "topics": ["wages", "contract"], "facts": {"months_owed": 2, "has_contract": False}},
    {"text": "b", "topics": ["injury"], "asker": "employer"},
    {"text": "c", "topics": ["not_labour"]},
    {"text": "d", "topics": ["dismissal"], "facts": {"risk": "collective"}},
]
HEARD = [
    heard(("contract", 0.9), ("wages", 0.8), facts={"months_owed": {"value": "3"}}, risk=[], asker="worker"),
    heard(("injury", 0.55), facts={}, risk=["deadline_soon"], asker="employer"),
    heard(("wages", 0.45), entities=[], risk=[], asker="worker"),
    heard(facts={}, risk=["collective"], asker="worker"),
]


def test_the_first_topic_strict_and_lenient():
    found = measure(ROWS, HEARD)
    assert found["strict"] == 0.25  # injury
    assert found["lenient"] == 0.5  # and contract, the second topic of the first row
    assert found["labour_or_not"] == 0.75  # c was taken for labour; d, unnamed, was at least not turned away
    assert found["unnamed"] == 0.25
    assert found["by_topic"]["wages"] == {"rows": 1, "precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert found["macro_f1"] == 0.25  # injury 1, wages, not_labour and dismissal 0


def test_all_topics_count():
    assert measure(ROWS, HEARD)["all_topics"] == {"precision": 0.75, "recall": 0.6, "f1": 0.6667, "exact": 0.5}


def test_coverage_against_wrong_and_confident():
    points = {point["from"]: point for point in measure(ROWS, HEARD)["coverage"]}
    assert (points[0.4]["coverage"], points[0.4]["wrong_and_confident"]) == (0.75, 0.25)
    assert (points[0.5]["coverage"], points[0.5]["wrong_and_confident"]) == (0.5, 0.0)
    assert "confident" not in points
    sure = [{**one, "confident": place == 2} for place, one in enumerate(HEARD)]
    own = measure(ROWS, sure)["coverage"][-1]
    assert own == {"from": "confident", "coverage": 0.25, "wrong_and_confident": 0.25}


def test_facts_risk_and_asker():
    found = measure(ROWS, HEARD)
    assert (found["facts"]["listed"], found["facts"]["recall"], found["facts"]["contradictions"]) == (2, 0.0, 0.5)
    assert found["risk"] == {"listed": 1, "recall": 1.0, "kind_right": 1.0, "false_alarms": 0.3333}
    assert found["asker"] == {"listed": 1, "right": 1.0}


def test_a_run_reads_the_file_hands_over_the_context_and_prints_a_table(tmp_path, capsys):
    file = tmp_path / "rows.jsonl"
    rows = [{**ROWS[0], "context": "机器人：欠了几个月？"}, ROWS[1]]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    asked = []

    def understand(text, context):
        asked.append((text, context))
        return HEARD["ab".index(text)]

    result = run(file, understand)
    assert asked == [("a", "机器人：欠了几个月？"), ("b", None)]
    assert result["rows"] == 2
    printed = capsys.readouterr().out
    assert "strict 0.500" in printed and "wages → contract: 1" in printed
    run(file, understand, json=True)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("line", ["not json", '{"text": "a"}', '{"text": 1, "topics": ["wages"]}', "[]", ""])
def test_a_file_that_holds_no_labelled_questions_is_refused_with_its_line(tmp_path, line):
    file = tmp_path / "rows.jsonl"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(ValueError, match="rows.jsonl"):
        run(file, lambda text, context: {})
