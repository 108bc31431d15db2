"""The search finds the right reviewed entry for questions in other words, keeps quiet on chatter, and never raises.

tests/cases/search_questions.yml was written before the search was measured. First figures (nearest single wording
only): right first 0.60, among three 0.82. Now 0.74 and 0.96; with the topic from the classifier 0.90 and 0.99.
"""

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from knowledge.parts import Entry
from knowledge.release import load
from knowledge.search import LONGEST, SURE, Hit, Search, normalise
from tests.conftest import ROOT

KB = load()
SEARCH = Search(KB.entries)
TABLE = YAML(typ="safe").load((ROOT / "tests/cases/search_questions.yml").read_text(encoding="utf-8"))
QUESTIONS = [(row["ask"], tuple(row["entry"])) for row in TABLE["questions"]]
TOPIC = {e.id: e.topic for e in KB.entries}


def entry(name: str, *asks: str, topic: str = "wages", when: dict | None = None) -> Entry:
    day = date(2026, 11, 24)
    return Entry(name, topic, asks[0], asks, "可以要。", ("拍照留证据",), (), "confirmed", "顾问", day, day, when=when)


def names(hits: list[Hit]) -> list[str]:
    return [hit.entry.id for hit in hits]


def test_questions_name_entries_that_exist_and_repeat_none_of_their_wordings() -> None:
    wordings = {normalise(w) for e in KB.entries for w in (e.title, *e.asks)}
    assert len(QUESTIONS) >= 60
    assert {name for _, wanted in QUESTIONS for name in wanted} <= set(TOPIC)
    assert [ask for ask, _ in QUESTIONS if normalise(ask) in wordings] == []


def test_the_right_entry_is_among_three_for_85_in_100_and_first_for_65() -> None:
    found = [(names(SEARCH.find(ask)), wanted) for ask, wanted in QUESTIONS]
    assert sum(any(i in wanted for i in ids) for ids, wanted in found) / len(found) >= 0.85
    assert sum(ids[:1] != [] and ids[0] in wanted for ids, wanted in found) / len(found) >= 0.65


def test_with_the_topic_known_the_right_entry_is_first_for_85_in_100() -> None:
    found = [(names(SEARCH.find(ask, topics=(TOPIC[wanted[0]],))), wanted) for ask, wanted in QUESTIONS]
    assert sum(ids[0] in wanted for ids, wanted in found) / len(found) >= 0.85


def test_every_wording_of_an_entry_finds_that_entry() -> None:
    lost = [
        ask
        for e in KB.entries
        for ask in e.asks
        if not any(h.entry.id == e.id for h in SEARCH.find(ask, facts=e.when and {f: w[0] for f, w in e.when.items()}))
    ]
    assert lost == []


@pytest.mark.parametrize("text", TABLE["nothing"])
def test_chatter_and_noise_stay_below_sure(text: str) -> None:
    assert all(hit.score < SURE for hit in SEARCH.find(text, limit=1))


def test_an_answer_that_is_sure_is_mostly_right() -> None:
    sure = [(hits[0].entry.id, wanted) for ask, wanted in QUESTIONS if (hits := SEARCH.find(ask))[0].score >= SURE]
    assert len(sure) / len(QUESTIONS) >= 0.5
    assert sum(name in wanted for name, wanted in sure) / len(sure) >= 0.8


@pytest.mark.parametrize(
    "text",
    ["", "   ", "。。。？！", "😀👍", "\x00\x01\x02", "a" * 10_000, "工资" * 5_000, "<script>alert(1)</script>", "\ud800",
     "' OR 1=1; --", "/ask_human{\"x\":1}", "13812345678", "320506199001011234", "１２３４５６７８９０", "了的吗呢"],
)  # fmt: skip
def test_hostile_input_never_raises_and_is_not_sure(text: str) -> None:
    hits = SEARCH.find(text, topics=("nonsense",), facts={"employer_kind": object()})
    assert len(hits) <= 3
    assert all(hit.score < SURE for hit in hits) or text.startswith("工资")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.integers(min_value=0, max_value=10))
def test_any_text_gives_at_most_limit_hits_best_first(text: str, limit: int) -> None:
    scores = [hit.score for hit in SEARCH.find(text, limit=limit)]
    assert len(scores) <= limit
    assert scores == sorted(scores, reverse=True)


def test_no_entries_find_nothing() -> None:
    assert Search(()).find("老板不发工资") == []


def test_full_width_case_and_punctuation_make_no_difference() -> None:
    plain = SEARCH.find("2n和n+1的区别")
    assert SEARCH.find("２Ｎ 和，Ｎ＋１ 的区别？！")[0].score == pytest.approx(plain[0].score)
    assert len(normalise("啊" * 10_000)) == LONGEST


def test_an_entry_made_for_the_known_facts_goes_before_the_general_one() -> None:
    general = entry("general", "工资不发找谁")
    site = entry("site", "工资不发找谁", when={"employer_kind": ["site"]})
    search = Search([general, site])
    assert names(search.find("工资不发找谁")) == ["general", "site"]
    assert names(search.find("工资不发找谁", facts={"employer_kind": "site"})) == ["site", "general"]
    assert names(search.find("工资不发找谁", facts={"employer_kind": "factory"})) == ["general"]


def test_a_single_value_and_a_list_mean_the_same_in_when() -> None:
    search = Search([entry("pregnant", "怀孕被辞退", when={"pregnant": True})])
    assert names(search.find("怀孕被辞退", facts={"pregnant": True})) == ["pregnant"]
    assert search.find("怀孕被辞退", facts={"pregnant": False}) == []


def test_the_topic_of_the_classifier_breaks_a_tie() -> None:
    wages, injury = entry("w", "摔伤了没工资"), entry("i", "摔伤了没工资", topic="injury")
    search = Search([wages, injury])
    assert names(search.find("摔伤了没工资", topics=("injury",)))[0] == "i"
    assert names(search.find("摔伤了没工资", topics=("wages",)))[0] == "w"


def test_five_thousand_wordings_are_searched_fast() -> None:
    many = [replace(e, id=f"{e.id}-{n}") for n in range(3) for e in KB.entries]
    assert sum(1 + len(e.asks) for e in many) >= 5000
    start = time.process_time()  # of this process alone: the machine is shared
    search = Search(many)
    built = time.process_time() - start
    times = []
    for ask, _ in QUESTIONS:
        start = time.process_time()
        search.find(ask)
        times.append(time.process_time() - start)
    assert sorted(times)[len(times) // 2] <= 0.002
    assert built <= 1.5  # about 0.6 s where nothing else runs
