"""Words that voice input misheard come back in their right form, and nothing else changes."""

import subprocess
import sys
import time
from ast import literal_eval
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from base import clock
from base.settings import ROOT
from bot.components import homophones, lexicon
from bot.components.homophones import LONGEST, repair, slips
from bot.components.normalise import mend, normalise
from bot.components.reading import read_facts

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "slips.yml").read_text(encoding="utf-8"))
LEAST = 0.78  # of the cases; 0.81 when this was written, 0.13 by the list of known slips alone


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("公资", "工资"),
        ("老版托欠公资", "老板拖欠工资"),
        ("劳动合童", "劳动合同"),
        ("没有加斑费", "没有加班费"),
        ("把我辞推了", "把我辞退了"),
        ("劳动忠裁", "劳动仲裁"),
        ("法远祈诉", "法院起诉"),  # 祈 for 起
        ("仲栽书", "仲裁书"),  # by shape
        ("经济不偿金", "经济补偿金"),
        ("工商认定做了没", "工伤认定做了没"),  # 工商 is a word, but not before 认定
        ("条休", "调休"),  # 调 read as in 调休
        ("交涉保", "交社保"),  # sh for sh, another tone
        ("找不到劳动间察大队", "找不到劳动监察大队"),
        ("停工留新期", "停工留薪期"),  # 停工 is right already
    ],
)
def test_a_misheard_term_is_mended(heard, meant):
    assert mend(heard) == meant


@pytest.mark.parametrize(
    "text",
    [
        "这个公式怎么算",
        "去工商局查公司",  # words of their own
        "公司的公子",
        "设备坏了",
        "老班长带我们进厂",
        "加斑点",  # 斑点 is torn by 加班
        "补签合同",  # never to 不签
        "补发工资",
        "不补发",
        "姓龚叫公资",
        "王总说了",
        "刘彩丽案",  # part of a name
        "在法远科技有限公司上班",
        "老陪也来了",
        "叫辞推",
        "李公资",
        "八伤",
        "工四",  # numbers are no sounds
        "仲裁输了",  # 仲裁 is right and 输 says more than 书
        "收款和发款记录",
        "给我开退工单",
        "谁手伤了",
        "公司让我换模具",
        "",
        "abc 123 😀",
    ],
)
def test_what_is_right_or_a_name_or_a_number_stays(text):
    assert repair(text) == text


def test_two_terms_that_sound_alike_are_not_guessed_between():
    assert repair("法圆在哪") == "法圆在哪"  # 法院 or 法援


@pytest.mark.parametrize("case", [c for c in CASES if "仲才" in c["heard"]], ids=lambda c: c["heard"])
def test_a_sentence_is_mended_in_place(case):
    assert normalise(case["heard"]) == case["meant"]


def test_most_spoken_sentences_come_back_as_they_were_meant():
    rights = [mend(case["heard"]) == case["meant"] for case in CASES]
    assert len(CASES) >= 150
    assert sum(rights) / len(rights) >= LEAST


def test_what_was_meant_is_left_alone():
    assert [case["meant"] for case in CASES if repair(case["meant"]) != case["meant"]] == []


def careful(node):
    """The texts of ours in a content file; how people ask (`asks`) holds slips on purpose."""
    if isinstance(node, str):
        yield from (line for line in node.splitlines() if len(line) > 3)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from careful(value) if key != "asks" else ()
    elif isinstance(node, list):
        for value in node:
            yield from careful(value)


def test_two_thousand_careful_sentences_stay_as_they_are():
    folders = ("articles", "parameters", "evidence", "doors", "entries", "sayings")
    files = [file for folder in folders for file in sorted((ROOT / "knowledge/content" / folder).glob("*.yml"))]
    texts = {text for file in files for text in careful(yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader))}
    assert len(texts) >= 2_000
    assert [(text, slips(text)) for text in texts if slips(text)] == []


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="公工资老板班拖托欠合童同赔陪偿补卜裁栽12年，", max_size=30))
def test_length_never_changes_and_only_chinese_characters_do(text):
    once = repair(text)
    assert len(once) == len(text)
    assert [a for a, b in zip(text, once, strict=True) if a != b and not "\u4e00" <= a <= "\u9fff"] == []


def test_a_fact_is_read_off_a_misheard_sentence_at_its_place_in_the_raw_text():
    text = "欠心三个月，老板说"
    mention = next(m for m in read_facts(text, clock.today()) if m.fact == "months_owed")
    assert mention.value == 3
    assert "三" in text[mention.start : mention.end]


def test_every_term_is_told_with_the_reading_that_words_have():
    """pypinyin's phrases know that 肋 is lei in 肋骨; ours are written in brackets where the first reading is another."""
    code = (
        "from pypinyin import lazy_pinyin\nfrom bot.components.homophones import _ears\n"
        "terms = [t for l in _ears().index.values() for t in l]\n"
        "print(len(terms), [t.text for t in terms if list(t.sounds) != lazy_pinyin(t.text)])"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, cwd=ROOT)
    count, others = done.stdout.strip().split(" ", 1)
    assert int(count) > 300
    assert set(literal_eval(others)) <= {"调休", "颈椎"}  # its tables say diào and chuí; people say tiáo and zhuī


def test_a_broken_line_names_the_file(monkeypatch):
    real = lexicon.lines
    monkeypatch.setattr(lexicon, "lines", lambda name: ["工"] if name == "homophones.txt" else real(name))
    with pytest.raises(ValueError, match="homophones.txt: 工 must be two to five"):
        homophones.Ears()


def test_terms_are_no_longer_than_they_may_be():
    entries = " ".join(lexicon.lines("homophones.txt")).split()
    assert max(len(e.split("(")[0].removeprefix("=")) for e in entries) <= LONGEST


def test_it_is_fast():
    line = "我在工地上做了三个月木工，老板说工程款没下来，工资一直拖着不给，合同也没有签，怎么办呢请问一下"[:44]
    repair(line)
    times = []
    for _ in range(200):
        started = time.process_time()
        repair(line)
        times.append(time.process_time() - started)
    assert sorted(times)[100] < 0.00015
