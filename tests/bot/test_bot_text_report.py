"""The report on the training text: what it counts, which lines it calls alike, missing or doubtful, and when CI fails."""

import json

import pytest

from evaluation import crossvalidation
from evaluation.lines import data_hash, read_lines
from evaluation.text import cells, gaps, near_duplicates, run

WAGES = [
    "老板拖欠我三个月工资一直不给",
    "工资压了两个月没发怎么办？",
    "干完活老板不给工资",
    "公司拖欠工资半年了",
    "我老公的工资老板一直不给",
    "工地上的工钱没结，老板跑了",
    "上个月工资没发",
    "老板欠我工资一万二不给",
]
INJURY = [
    "在车间被机器压断手指算工伤吗？",
    "上班摔断腿，厂里不报工伤",
    "工伤认定要多久",
    "机器轧伤了手，工伤怎么赔",
    "我爸在工地摔伤，工伤怎么认定",
    "手指被机器压断，能评几级工伤",
    "下班路上车祸算工伤吗",
    "工伤十级赔多少钱",
]
MISLABELLED = "厂里拖欠工资，老板一直不给工资"  # stands among the injuries


def write(folder, name, blocks):
    told = ['version: "3.1"', "nlu:"]
    for intent, topics, lines in blocks:
        told += [f"- intent: {intent}"] + [f"  metadata: {{topics: [{', '.join(topics)}]}}"] * bool(topics)
        told += ["  examples: |", *(f"    - {line}" for line in lines)]
    (folder / name).write_text("\n".join(told) + "\n", encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "nlu"
    made.mkdir()
    write(made, "a.yml", [("consult", ["wages"], WAGES), ("greet", [], ["你好", "在吗", "早上好", "喂"])])
    write(made, "b.yml", [("consult", ["injury"], [*INJURY, MISLABELLED])])
    return made


def test_every_line_is_read_with_its_place(folder):
    lines = {line.text: line for line in read_lines(folder)}
    assert len(lines) == 21
    assert (lines[WAGES[0]].topics, lines[WAGES[0]].file, lines[WAGES[0]].number) == (("wages",), "a.yml", 6)
    assert (lines["你好"].intent, lines["你好"].topics) == ("greet", ())


def test_the_hash_depends_on_texts_and_labels_and_not_on_where_they_stand(folder, tmp_path):
    before = data_hash(read_lines(folder))
    other = tmp_path / "other"
    other.mkdir()
    write(other, "z.yml", [("consult", ["injury"], [MISLABELLED, *reversed(INJURY)]), ("consult", ["wages"], WAGES)])
    write(other, "y.yml", [("greet", [], ["喂", "早上好", "在吗", "你好"])])
    assert data_hash(read_lines(other)) == before
    write(other, "y.yml", [("thank", [], ["喂", "早上好", "在吗", "你好"])])
    assert data_hash(read_lines(other)) != before


def test_a_folder_without_text_and_a_broken_file_are_named(tmp_path):
    with pytest.raises(ValueError, match="no training text"):
        read_lines(tmp_path)
    (tmp_path / "bad.yml").write_text("rules: []\n", encoding="utf-8")
    with pytest.raises(ValueError, match="bad.yml"):
        read_lines(tmp_path)


def test_lines_are_counted_by_topic_and_manner(folder):
    counted = cells([line for line in read_lines(folder) if line.intent == "consult"])
    wages, injury = counted["wages"], counted["injury"]
    assert (wages["lines"], injury["lines"]) == (8, 9)
    assert wages["legal word"] == {"with": 8}  # 工资, 工钱
    assert injury["legal word"] == {"with": 8, "without": 1}  # the mislabelled line has no 工伤
    assert wages["asker"] == {"worker": 7, "family": 1}
    assert wages["question mark"] == {"with": 1, "without": 7}
    assert sum(wages["crossed"].values()) == 8


def test_a_slip_is_seen(tmp_path):
    write(tmp_path, "a.yml", [("consult", ["wages"], ["老板托欠工资", "老板拖欠工资"])])
    assert cells(read_lines(tmp_path))["wages"]["slip"] == {"with": 1, "without": 1}


def test_cells_with_few_lines_are_gaps(folder):
    found = gaps(cells([line for line in read_lines(folder) if line.intent == "consult"]))
    assert {"topic": "wages", "cell": "asker: family", "lines": 1} in found
    assert {"topic": "wages", "cell": "slip: with", "lines": 0} in found
    assert found[0]["lines"] == 0
    many = {"wages": {name: {"with": 20} for name in ("length × legal word", "slip", "asker", "question mark")}}
    assert "slip: with" not in {gap["cell"] for gap in gaps(many)}


def test_near_duplicates_are_found_and_others_are_not(tmp_path):
    long = "老板拖欠我三个月工资一直不给我打电话也不接怎么办呢"
    near = [long, long + "？", long + "啊", "？？", "！！"]
    write(tmp_path, "a.yml", [("consult", ["wages"], [*near, *WAGES])])
    found = [{line["text"] for line in pair["lines"]} for pair in near_duplicates(read_lines(tmp_path))]
    assert {long, long + "？"} in found
    assert {long, long + "啊"} in found
    assert not [pair for pair in found if "？？" in pair or pair & set(WAGES)]


def test_a_mislabelled_line_is_the_most_doubtful_and_goes_to_the_file(folder, tmp_path):
    out = tmp_path / "doubtful.jsonl"
    result = run(folder, out, json_only=True)
    rows = [json.loads(row) for row in out.read_text(encoding="utf-8").splitlines()]
    assert result["doubtful"] == len(rows) > 0
    first = rows[0]
    assert (first["text"], first["topics"], first["guess"]) == (MISLABELLED, ["injury"], "wages")
    assert first["at"] == "b.yml:14"
    assert first["doubt"] == max(row["doubt"] for row in rows)
    assert result["cross_validation"]["rows"] == 17
    assert result["cross_validation"]["strict"] >= 12 / 17


def test_only_a_clear_contradiction_is_a_doubt(folder):
    line = next(line for line in read_lines(folder) if line.text == MISLABELLED)
    near, far = {"injury": -0.2, "wages": 0.1}, {"injury": -0.5, "wages": 0.4}
    assert crossvalidation.doubtful([(line, near)], least=0.5) == []
    assert [row["doubt"] for row in crossvalidation.doubtful([(line, far)], least=0.5)] == [0.9]


def figures(macro_f1):
    crossed = {"rows": 17, "strict": 0.9, "lenient": 0.9, "macro_f1": macro_f1, "by_topic": {"wages": {"f1": 0.9}}}
    return {"data": "0123456789ab", "cross_validation": crossed}


def test_a_fall_by_more_than_two_points_is_told(tmp_path):
    file = tmp_path / "results" / "accepted.json"
    with pytest.raises(ValueError, match="does not exist"):
        crossvalidation.fallen(figures(0.9), file)
    crossvalidation.accept(figures(0.9), file)
    assert json.loads(file.read_text())["data"] == "0123456789ab"
    assert crossvalidation.fallen(figures(0.885), file) is None
    assert crossvalidation.fallen(figures(0.95), file) is None
    assert "0.8790" in crossvalidation.fallen(figures(0.879), file)
