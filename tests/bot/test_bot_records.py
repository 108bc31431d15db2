"""Figures that are kept: with the commit and the training text they belong to, and never with words of a measured row."""

import json
import re

from evaluation import baselines, record
from evaluation.lines import NLU, data_hash, read_lines
from evaluation.questions import measure

ROWS = [
    {"text": "老板不给工资", "topics": ["wages"]},
    {"text": "手压断了", "topics": ["injury"]},
    {"text": "房东不退押金", "topics": ["not_labour"]},
    {"text": "加班没钱", "topics": ["overtime", "wages"]},
]


def heard(*topics):
    return [{"topics": [{"name": name, "confidence": sure}]} for name, sure in topics]


RIGHT = heard(("wages", 0.9), ("injury", 0.9), ("not_labour", 0.9), ("wages", 0.6))
WRONG = heard(("wages", 0.9), ("wages", 0.8), ("wages", 0.7), ("wages", 0.6))


def test_kept_figures_name_their_commit_and_text_and_hold_no_row(tmp_path):
    path = record.keep("questions-own", measure(ROWS, WRONG), tmp_path)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert path.name == "questions-own.json"
    assert kept["data"] == data_hash(read_lines(NLU))
    assert kept["commit"] is None or re.fullmatch(r"[0-9a-f]{7,}\+?", kept["commit"])
    assert kept["strict"] == 0.25 and kept["lenient"] == 0.5
    assert "confusions" not in kept and not any(row["text"] in path.read_text(encoding="utf-8") for row in ROWS)


def test_the_surest_three_quarters_are_those_with_the_highest_confidence():
    surest = next(p for p in measure(ROWS, WRONG)["coverage"] if p["from"] == "surest 75%")
    assert surest == {"from": "surest 75%", "coverage": 0.75, "wrong_and_confident": 0.5}


def test_both_sides_stand_side_by_side():
    cost = {"train_seconds": 3.0, "train_megabytes": 400, "parse_p50_ms": 2.5}
    told = baselines.table({"stock": {**measure(ROWS, WRONG), **cost}, "farun": {**measure(ROWS, RIGHT), **cost}})
    rows = {line.split()[0]: line.split()[1:] for line in told.splitlines() if line.strip()}
    assert rows["stock"] == ["farun"]
    assert rows["lenient"] == ["0.5", "1.0"] and rows["strict"] == ["0.25", "0.75"]
    assert rows["parse_p50_ms"] == ["2.5", "2.5"]
