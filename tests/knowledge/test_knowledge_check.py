"""`farun kb check` finds what editors get wrong, says where and what to write, and warns before something lapses."""

import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from farun.cli import main
from knowledge.check import check, examine
from knowledge.release import CONTENT

ON = date(2026, 11, 24)
LAW = """law: 劳动合同法
title: 中华人民共和国劳动合同法
number: 2012年修正
in_force_from: 2008-01-01
articles:
- {id: 46, items: 7, gist: 哪些情形给补偿}
- {id: 47, paragraphs: 3, gist: 一年一个月}
- {id: 48, gist: 旧条文, to: 2020-01-01, replaced_by: 劳动合同法/47}
- {id: 50, gist: 新条文, from: 2027-01-01}
"""
ENTRY = """entries:
- id: one
  topic: wages
  title: 老板不发工资
  asks: [老板不发工资, 工资没发, 欠我工资, 拿不到钱, 讨薪, 要工钱, 一直拖着, 不给钱]
  in_a_line: 干了活就要给钱，最低{param:wage}。
  today: [拍照留证据, 打12333投诉]
  basis: [劳动合同法/47/1]
  status: confirmed
  owner: 顾问
  reviewed_on: 2026-11-01
  review_by: 2027-11-01
"""
PARAMETER = """parameters:
- key: wage
  title: 工资
  unit: yuan/month
  region: 苏州
  values:
  - {value: 100, from: 2020-01-01, to: 2020-12-31, status: confirmed, source: 劳动法48}
  - {value: 200, from: 2021-01-01, status: confirmed, source: 劳动法48}
"""
FACTS = """facts:
- {id: kind, label: 哪里, type: choice, unit: choice, choices: {factory: 厂, site: 工地}, ask: 哪里？}
- {id: dismissed, label: 辞退, type: bool, unit: bool, ask: 辞退了吗？}
"""
PHRASES = "id: phrases\ntitle: 话\nto_confirm: 待确认\n"
OUTSIDE = """id: outside
title: 外面的
phones: {"12333": 劳动投诉}
links:
- {url: "https://example.org/a", title: 甲, checked: 2026-11-01}
"""
SAYINGS = """sayings:
- id: say
  topic: wages
  says: 干满365天才发5000元
  asks: [甲一, 甲二, 甲三, 甲四, 甲五, 甲六, 甲七, 甲八]
  verdict: wrong
  answer: 干一天就要给一天的钱。
  today: [存好打卡]
  basis: [劳动合同法/47/1]
  status: confirmed
  owner: 顾问
  reviewed_on: 2026-11-01
  review_by: 2027-11-01
"""
DOORS = """doors:
- id: inspection
  name: 劳动监察
  claims: [arrears]
  rank: 1
  line: 打电话投诉。
  cost: 不要钱
  time: 看情况
  papers: [身份证]
  clock: 从投诉那天重新算。
  basis: [劳动合同法/47/1]
  beside: []
  next: []
  asks: [怎么投诉]
  closed:
  - {when: {kind: [site]}, say: 去找总包。, basis: [劳动合同法/47/1]}
  status: confirmed
  owner: 顾问
  reviewed_on: 2026-11-01
  review_by: 2027-11-01
"""
FILES = {
    "articles/law.yml": LAW, "entries/one.yml": ENTRY, "parameters/p.yml": PARAMETER, "facts.yml": FACTS,
    "procedures/phrases.yml": PHRASES, "procedures/outside.yml": OUTSIDE, "sayings/s.yml": SAYINGS,
    "doors/d.yml": DOORS,
}  # fmt: skip


@pytest.fixture
def content(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def change(content: Path, name: str, old: str, new: str) -> None:
    text = (content / name).read_text(encoding="utf-8")
    assert old in text
    (content / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_good_content_gives_neither_errors_nor_warnings(content: Path) -> None:
    found = examine(content, ON)
    assert found.errors == [] and found.warnings == []


E1, P, A, D = "entries/one.yml", "parameters/p.yml", "articles/law.yml", "doors/d.yml"
LONG = "老板拖着工资一直不给大家也没有办法只好每天去他的办公室门口坐着等他回来再说一遍要钱的事情这是一句很长很长很长很长很长很长很长很长很长很长很长很长的话没有停顿一直说下去"
MISTAKES = [
    # reading level
    (E1, "干了活就要给钱", LONG, 6, "句子太长"),
    (E1, "拍照留证据", "让用人单位签字", 7, "用人单位"),
    (E1, "拍照留证据", "依法维权", 7, "依法"),
    (E1, "拍照留证据", "要回5000元", 7, "5000元"),
    (E1, "拍照留证据", "打12399问", 7, "12399"),
    (E1, "最低{param:wage}", "最低{parm:wage}", 6, "{parm:wage}"),
    (E1, ", 不给钱]", "]", 5, "7种问法"),
    (E1, ", 不给钱]", ", 老板不发工资！]", 5, "7种问法"),
    ("sayings/s.yml", "甲八", "不给钱", 5, "不给钱"),
    (E1, "[拍照留证据, 打12333投诉]", "[一, 二, 三, 四]", 7, "4步"),
    ("sayings/s.yml", "干一天就要给一天的钱", "给5000元", 7, "5000元"),
    (D, "打电话投诉", "去举证", 6, "举证"),
    # what is unsure
    (E1, "拍照留证据", "以顾问确认为准", 9, "对不上"),
    (P, "from: 2021-01-01, status: confirmed", "from: 2021-01-01, status: to_confirm", 9, "wage"),
    # sources and steps
    (P, "status: confirmed, source: 劳动法48}\n  - {value: 200", "status: confirmed, source: 听说}\n  - {value: 200", 7, "听说"),
    (P, "source: 劳动法48", "source: 劳动法48，凭记忆", 7, "记忆"),
    (P, "source: 劳动法48", "source: ' '", 7, "source"),
    (P, "status: confirmed, source: 劳动法48", "status: to_confirm, source: 听说", 7, "听说"),
    # citations on their days
    (E1, "劳动合同法/47/1", "劳动合同法/48", 8, "废止于2020-01-02"),
    (E1, "劳动合同法/47/1", "劳动合同法/99", 8, "没有这一条"),
    (E1, "劳动合同法/47/1", "劳动合同法/50", 8, "2027-01-01才施行"),
    (A, "in_force_from: 2008-01-01", "in_force_from: 2027-01-01", 1, "2027-01-01才施行"),
    # what is named exists
    (E1, "  basis:", "  claims: [severence]\n  basis:", 8, "severence"),
    (E1, "  basis:", "  when: {kynd: [site]}\n  basis:", 8, "kynd"),
    (E1, "  basis:", "  when: {kind: [ship]}\n  basis:", 8, "ship"),
    (E1, "  basis:", "  when: {dismissed: maybe}\n  basis:", 8, "maybe"),
    (D, "claims: [arrears]", "claims: [arears]", 4, "arears"),
    (D, "when: {kind: [site]}", "when: {kind: [ship]}", 16, "ship"),
    (D, "next: []", "next: [court]", 13, "court"),
    # addresses
    (E1, "拍照留证据", "看https://example.org/b", 7, "https://example.org/b"),
    ("procedures/outside.yml", "checked: 2026-11-01", "checked: 去年", 5, "网址"),
    # reviews
    (E1, "review_by: 2027-11-01", "review_by: 2026-11-23", 12, "过了复核期限"),
    (D, "review_by: 2027-11-01", "review_by: 2026-11-23", 20, "过了复核期限"),
    ("sayings/s.yml", "review_by: 2027-11-01", "review_by: 2026-11-23", 13, "过了复核期限"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "line", "word"), MISTAKES)
def test_a_mistake_is_shown_with_file_line_and_hint(
    content: Path, name: str, old: str, new: str, line: int, word: str
) -> None:
    change(content, name, old, new)
    found = [e for e in check(content, ON) if word in e.problem]
    assert found, check(content, ON)
    assert found[0].hint
    if name == A or word == "wage":  # the mistake is where the law or the value is used
        assert found[0].file == E1 or found[0].file.startswith(("sayings", "doors"))
    else:
        assert (found[0].file, found[0].line) == (name, line)


GOOD = [
    (E1, "拍照留证据", "叫用人单位（就是老板）签字"),
    (E1, "拍照留证据", "2026年起有新规定"),
    (E1, "拍照留证据", "看https://example.org/a"),
    (E1, "  basis:", "  when: {kind: [site, unknown], dismissed: true}\n  claims: [severance]\n  basis:"),
    (D, "when: {kind: [site]}", "when: {claims: [severance]}"),
    (
        P,
        "status: confirmed, source: 劳动法48}\n  - {value: 200",
        "status: to_confirm, source: 凭记忆}\n  - {value: 200",
    ),
]


@pytest.mark.parametrize(("name", "old", "new"), GOOD)
def test_what_is_right_is_left_alone(content: Path, name: str, old: str, new: str) -> None:
    change(content, name, old, new)
    assert check(content, ON) == []


def test_a_term_in_the_title_of_a_saying_is_the_employers_own_word(content: Path) -> None:
    change(content, "sayings/s.yml", "says: 干满", "says: 用人单位不管，干满")
    assert check(content, ON) == []


WARNINGS = [
    # the last day, and whether it is reported on 2026-11-24
    (E1, "review_by: 2027-11-01", "review_by: 2026-12-24", "复核"),
    (E1, "review_by: 2027-11-01", "review_by: 2026-12-25", None),
    (P, "{value: 200, from: 2021-01-01,", "{value: 200, from: 2021-01-01, to: 2027-01-23,", "就要失效"),
    (P, "{value: 200, from: 2021-01-01,", "{value: 200, from: 2021-01-01, to: 2027-01-24,", None),
    (A, "{id: 46,", "{id: 46, to: 2027-01-23,", "劳动合同法/46"),
    (A, "{id: 46,", "{id: 46, to: 2027-01-24,", None),
    (A, "{id: 46,", "{id: 46, repealed: {1: 2027-01-01},", "劳动合同法/46/1"),
    (A, "in_force_from: 2008-01-01", "in_force_from: 2008-01-01\nin_force_to: 2026-12-31", "劳动合同法"),
    ("procedures/outside.yml", "checked: 2026-11-01", "checked: 2025-11-23", "没人打开过"),
    ("procedures/outside.yml", "checked: 2026-11-01", "checked: 2025-11-25", None),
]


@pytest.mark.parametrize(("name", "old", "new", "word"), WARNINGS)
def test_what_lapses_soon_is_a_warning(content: Path, name: str, old: str, new: str, word: str | None) -> None:
    change(content, name, old, new)
    found = examine(content, ON)
    assert found.errors == []
    assert [word in w.problem for w in found.warnings] == ([True] if word else [])
    assert all(w.file == name and w.hint for w in found.warnings)


def test_a_step_left_out_of_a_later_row_is_a_mistake(content: Path) -> None:
    change(content, E1, "最低{param:wage}", "每月都给")
    change(content, P, "value: 100", "value: {1: 100, 2: 90}")
    change(content, P, "value: 200", "value: {1: 200}")
    assert "少了档：2" in check(content, ON)[0].problem


BASES = """bases:
- rule: a.rule
  rows:
  - {to: 2019-12-31, cite: [劳动合同法/48]}
  - {from: 2020-01-01, cite: [劳动合同法/47]}
"""


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("from: 2020-01-01", "from: 2020-01-02", "接不上"),
        ("to: 2019-12-31", "to: 2020-01-02", "接不上"),
        ("{from: 2020-01-01, cite: [劳动合同法/47]}", "{from: 2020-01-01, to: 2020-06-30, cite: [劳动合同法/48]}", "废止于2020-01-02"),
        ("{to: 2019-12-31, cite: [劳动合同法/48]}", "{from: 2007-01-01, to: 2019-12-31, cite: [劳动合同法/47]}", "才施行"),
    ],
)  # fmt: skip
def test_a_citation_is_in_force_on_every_day_of_its_row(content: Path, old: str, new: str, word: str) -> None:
    (content / "bases.yml").write_text(BASES, encoding="utf-8")
    own = [e for e in check(content, ON) if e.file == "bases.yml"]
    assert own == []
    change(content, "bases.yml", old, new)
    own = [e for e in check(content, ON) if e.file == "bases.yml"]
    assert any(word in e.problem and e.hint for e in own), own


def rename(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda content: change(content, name, old, new)


def end_notice_days(content: Path) -> None:
    text = (content / "parameters/termination.yml").read_text(encoding="utf-8")
    start = text.index("key: notice_days,")
    row = text[start:].splitlines()[0]
    ended = row.replace("from: 2008-01-01,", "from: 2008-01-01, to: 2026-10-31,")
    assert ended != row
    (content / "parameters/termination.yml").write_text(text.replace(row, ended), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "file", "word"),
    [
        (rename("parameters/termination.yml", "key: notice_days,", "key: notice_dais,"), "knowledge/claims/notice_pay.py", "notice_days"),
        (rename("parameters/injury.yml", "key: disability_months,", "key: disability_month,"), "knowledge/claims/injury_disability.py", "disability_months"),
        (rename("parameters/time_limits.yml", "key: annulment_days,", "key: annulment_day,"), "knowledge/deadlines.py", "annulment_days"),
        (rename("bases.yml", "rule: arrears.fine,", "rule: arrears.fines,"), "knowledge/claims/arrears.py", "arrears.fine"),
        (rename("bases.yml", "rule: limit.injury_worker,", "rule: limit.injury_workers,"), "knowledge/deadlines.py", "limit.injury_worker"),
        (rename("procedures/phrases.yml", "\nrestart:", "\nrestarted:"), "knowledge/consultation.py", "restart"),
        (end_notice_days, "parameters/termination.yml", "2026-11-01那天没有数"),
    ],
)  # fmt: skip
def test_what_a_formula_asks_for_by_name_must_exist(
    ours: Path, spoil: Callable[[Path], None], file: str, word: str
) -> None:
    before = set(check(ours, ON))
    spoil(ours)
    found = [e for e in check(ours, ON) if e not in before and e.file == file and word in e.problem]
    assert found and found[0].line > 1


def test_our_own_content_is_right_and_checked_within_two_seconds() -> None:
    examine(CONTENT, ON)  # reads the code once
    start = time.perf_counter()
    found = examine(CONTENT, ON)
    assert time.perf_counter() - start < 2
    assert found.errors == []


def test_the_command_prints_warnings_and_fails_only_for_errors(
    content: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("base.clock.today", lambda: ON)
    change(content, E1, "review_by: 2027-11-01", "review_by: 2026-12-01")
    with pytest.raises(SystemExit) as ended:
        main(["kb", "check", "--path", str(content)])
    said = capsys.readouterr()
    assert ended.value.code == 0
    assert "entries/one.yml:12:" in said.out and "复核" in said.out
    change(content, E1, "review_by: 2026-12-01", "review_by: 2026-11-10")
    with pytest.raises(SystemExit) as ended:
        main(["kb", "check", "--path", str(content)])
    assert ended.value.code == 1
    assert "entries/one.yml:12:" in capsys.readouterr().err
