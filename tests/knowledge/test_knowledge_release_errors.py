"""A mistake in the content is found with its file, its line, and what to write instead; good content loads fast."""

import time
from datetime import date
from pathlib import Path

import pytest

from knowledge.check import check
from knowledge.release import CONTENT, BadContent, load, unconfirmed

ON = date(2026, 11, 24)
LAW = """law: 劳动合同法
title: 中华人民共和国劳动合同法
number: 2012年修正
in_force_from: 2008-01-01
articles:
- {id: 46, items: 7, gist: 哪些情形给补偿}
- {id: 47, paragraphs: 3, gist: 一年一个月}
- {id: 48, gist: 旧条文, to: 2020-01-01, replaced_by: 劳动合同法/47}
- {id: 49, paragraphs: 2, repealed: {1: 2025-09-01}, gist: 第一款废止了}
"""
ENTRY = """id: one
topic: wages
title: 老板不发工资
asks: [老板不发工资怎么办, 工资没发, 欠我工资, 拿不到钱, 讨薪, 要工钱, 一直拖着, 不给钱]
in_a_line: 可以要。
today: [拍照留证据]
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
  - {value: 100, from: 2020-01-01, to: 2020-12-31, status: confirmed, source: 甲法一}
  - {value: 200, from: 2021-01-01, status: confirmed, source: 乙法二}
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    for name, text in (("articles/law.yml", LAW), ("entries/one.yml", ENTRY), ("parameters/p.yml", PARAMETER)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def change(content: Path, name: str, old: str, new: str) -> None:
    text = (content / name).read_text(encoding="utf-8")
    assert old in text
    (content / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_good_content_has_no_mistake(content: Path) -> None:
    assert check(content, ON) == []
    assert load(content, ON).entry("one").title == "老板不发工资"


MISTAKES = [
    ("entries/one.yml", "title: 老板不发工资", "title: [老板", 3, "YAML"),
    ("entries/one.yml", "title: 老板不发工资", "titel: 老板不发工资", 3, "titel"),
    ("entries/one.yml", "topic: wages", "topic: wage", 2, "topic"),
    ("entries/one.yml", "owner: 顾问\n", "", 1, "owner"),
    ("entries/one.yml", "reviewed_on: 2026-11-01", "reviewed_on: 2026-02-30", 10, "2026-02-30"),
    ("entries/one.yml", "review_by: 2027-11-01", "review_by: 2026-01-01", 11, "复核"),
    ("entries/one.yml", "劳动合同法/47/1", "劳动合同法/99", 7, "第99条"),
    ("entries/one.yml", "劳动合同法/47/1", "劳动合同法/47/4", 7, "第4款"),
    ("entries/one.yml", "劳动合同法/47/1", "劳动合同法/46/1/8", 7, "第8项"),
    ("entries/one.yml", "劳动合同法/47/1", "合同法/47", 7, "合同法"),
    ("entries/one.yml", "劳动合同法/47/1", "劳动合同法第四十七条", 7, "劳动合同法第四十七条"),
    ("entries/one.yml", "劳动合同法/47/1", "劳动合同法/48", 7, "劳动合同法/48"),
    ("entries/one.yml", "劳动合同法/47/1", "劳动合同法/49/1", 7, "废止"),
    ("entries/one.yml", "拍照留证据", "'每月{param:no_such}'", 6, "no_such"),
    ("entries/one.yml", "owner: 顾问", "owner: 顾问\nowner: 别人", 10, "owner"),
    ("parameters/p.yml", "from: 2021-01-01", "from: 2020-12-01", 7, "重叠"),
    ("parameters/p.yml", "from: 2021-01-01", "from: 2021-02-01", 8, "空档"),
    ("parameters/p.yml", "to: 2020-12-31", "to: 2019-12-31", 7, "早于"),
    ("parameters/p.yml", "value: 200", "value: 二百", 8, "value"),
    ("parameters/p.yml", "value: 200", "value: null", 8, "状态"),
    ("parameters/p.yml", "source: 乙", "sorce: 乙", 8, "sorce"),
    ("articles/law.yml", "- {id: 47,", "- {id: 46,", 7, "46"),
    ("articles/law.yml", "in_force_from: 2008-01-01", "in_force_from: 二〇〇八年", 4, "in_force_from"),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "word"), MISTAKES)
def test_mistake_is_shown_with_file_line_and_hint(
    content: Path, name: str, old: str, new: str, line: int, word: str
) -> None:
    change(content, name, old, new)
    found = [e for e in check(content, ON) if e.file == name and word in e.problem]
    assert found, check(content, ON)
    assert found[0].line == line
    assert found[0].hint


def test_an_item_written_as_a_paragraph_is_told_the_right_way(content: Path) -> None:
    change(content, "entries/one.yml", "劳动合同法/47/1", "劳动合同法/46/5")
    assert "劳动合同法/46/1/5" in check(content, ON)[0].hint


def test_a_wrong_key_is_told_the_nearest_right_one(content: Path) -> None:
    change(content, "entries/one.yml", "title:", "titel:")
    assert "title" in next(e.hint for e in check(content, ON) if "titel" in e.problem)


def test_the_same_id_in_two_files_is_a_mistake(content: Path) -> None:
    (content / "entries" / "two.yml").write_text(ENTRY, encoding="utf-8")
    assert [(e.file, e.line) for e in check(content, ON)] == [("entries/two.yml", 1)]


def test_every_mistake_is_reported_at_once(content: Path) -> None:
    change(content, "entries/one.yml", "topic: wages", "topic: wage")
    change(content, "parameters/p.yml", "source: 乙", "sorce: 乙")
    assert {e.file for e in check(content, ON)} == {"entries/one.yml", "parameters/p.yml"}
    with pytest.raises(BadContent) as bad:
        load(content, ON)
    assert "entries/one.yml:2:" in str(bad.value)


def test_a_file_that_is_not_text_and_a_folder_that_is_not_there(content: Path) -> None:
    (content / "entries" / "bad.yml").write_bytes(b"id: one\ntitle: \xff\xfe\n")
    found = [e for e in check(content, ON) if e.file == "entries/bad.yml"]
    assert found[0].line == 2
    assert check(content / "nowhere", ON)[0].hint


def test_an_empty_file_is_a_mistake(content: Path) -> None:
    (content / "entries" / "empty.yml").write_text("", encoding="utf-8")
    assert [e.file for e in check(content, ON)] == ["entries/empty.yml"]


def test_a_law_may_be_cited_only_while_it_is_in_force(content: Path) -> None:
    change(
        content, "articles/law.yml", "in_force_from: 2008-01-01", "in_force_from: 2008-01-01\nin_force_to: 2026-01-01"
    )
    assert check(content, date(2025, 12, 31)) == []
    assert "失效" in check(content, ON)[0].problem


def test_the_id_of_a_release_changes_with_any_content(content: Path) -> None:
    before = load(content, ON).id
    change(content, "entries/one.yml", "可以要。", "可以要回来。")
    after = load(content, ON).id
    assert before != after
    assert before.startswith("kb-") and len(before) == len("kb-") + 12


def test_our_own_content_is_right_and_loads_within_a_second_and_a_half() -> None:
    start = time.perf_counter()
    kb = load(CONTENT, ON)
    assert time.perf_counter() - start < 1.5
    assert kb.cite("劳动合同法/47/1") == "《劳动合同法》第四十七条第一款"
    assert kb.cite("劳动合同法/46/1/5") == "《劳动合同法》第四十六条第五项"
    assert kb.cite("刑法/276之一") == "《刑法》第二百七十六条之一"
    assert kb.cite("江苏省工资支付条例/12/2/3") == "《江苏省工资支付条例》第十二条第二款第三项"
    assert kb.cite("人社部发〔2025〕2号") == "人社部发〔2025〕2号"


def test_what_is_from_memory_or_unknown_is_listed_for_staff() -> None:
    listed = unconfirmed(load(CONTENT, ON))
    names = "\n".join(u.name for u in listed)
    assert "local_average_wage" in names
    assert "injury_medical_lump/10" in names
    assert "min_wage_month，2026-01-01" in names  # its first day is from memory
    assert "unlawful_multiple" not in names
    assert all(u.why for u in listed)


def test_the_first_paragraph_of_article_32_can_be_cited_until_the_end_of_august_2025() -> None:
    from knowledge.citing import fault

    laws = load(CONTENT, ON).laws
    assert fault("法释〔2020〕26号/32/1", laws, date(2025, 8, 31)) is None
    assert fault("法释〔2020〕26号/32/1", laws, date(2025, 9, 1)) is not None
    assert fault("法释〔2020〕26号/32/2", laws, ON) is None
