"""The search finds the right reviewed entry for questions in other words, keeps quiet on chatter, and never raises.

tests/cases/search_questions.yml was written before the search was measured; its test half was never used to change it
(`python -m evaluation.entries test`). On that half n-grams alone found: right first 0.71, among three 0.88, first with
the topic known 0.76, and 0.75 of what is sure was right. With synonyms: 0.85, 0.96, 0.88, and 0.88.
"""

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from evaluation.entries import figures
from knowledge.parts import Entry
from knowledge.release import load
from knowledge.search import LONGEST, SURE, Hit, Search, normalise
from tests.conftest import ROOT

KB = load()
SEARCH = KB.search
SYNONYMS = KB.procedures["synonyms"]["synonyms"]
TABLE = YAML(typ="safe").load((ROOT / "tests/cases/search_questions.yml").read_text(encoding="utf-8"))
ROWS = TABLE["questions"]
HALVES = {half: figures(KB, [row for row in ROWS if row["half"] == half]) for half in ("tune", "test")}
TOPIC = {e.id: e.topic for e in KB.entries}


def entry(name: str, *asks: str, topic: str = "wages", when: dict | None = None) -> Entry:
    day = date(2026, 11, 24)
    return Entry(name, topic, asks[0], asks, "可以要。", ("拍照留证据",), (), "confirmed", "顾问", day, day, when=when)


def names(hits: list[Hit]) -> list[str]:
    return [hit.entry.id for hit in hits]


def test_questions_name_entries_that_exist_and_repeat_none_of_their_wordings() -> None:
    wordings = {normalise(w) for e in KB.entries for w in (e.title, *e.asks)}
    assert {row["half"] for row in ROWS} == {"tune", "test"}
    assert min(figures["rows"] for figures in HALVES.values()) >= 160
    assert {name for row in ROWS for name in row["entry"]} <= set(TOPIC)
    assert {TOPIC[row["entry"][0]] for row in ROWS} == {e.topic for e in KB.entries}
    assert [row["ask"] for row in ROWS if normalise(row["ask"]) in wordings] == []


@pytest.mark.parametrize("half", ["tune", "test"])
def test_the_right_entry_is_among_three_for_90_in_100_and_first_for_80(half: str) -> None:
    assert HALVES[half]["three"] >= 0.9
    assert HALVES[half]["first"] >= 0.8


@pytest.mark.parametrize("half", ["tune", "test"])
def test_with_the_topic_known_the_right_entry_is_first_for_85_in_100(half: str) -> None:
    assert HALVES[half]["first_with_topic"] >= 0.85


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


@pytest.mark.parametrize("half", ["tune", "test"])
def test_an_answer_that_is_sure_is_mostly_right_and_most_answers_are_sure(half: str) -> None:
    assert HALVES[half]["sure_right"] >= 0.85
    assert HALVES[half]["sure_right_with_topic"] >= 0.85
    assert HALVES[half]["sure"] >= 0.7
    assert HALVES[half]["sure_with_topic"] >= 0.9


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


def test_words_that_mean_the_same_find_the_same_entry() -> None:
    entries = [entry("sudden", "被辞退了"), entry("fled", "人去楼空")]
    search = Search(entries, [["辞退", "卷铺盖"], ["人去楼空", "跑路"]])
    assert names(search.find("叫我卷铺盖")) == ["sudden"]
    assert names(search.find("他跑路了"))[0] == "fled"
    assert Search(entries).find("卷铺盖") == []


def test_the_longest_word_is_read_first() -> None:
    entries = [entry("factory", "老厂"), entry("contractor", "班组")]
    search = Search(entries, [["厂", "工"], ["班组", "工头"]])
    assert names(search.find("工头"))[0] == "contractor"


def test_no_word_stands_in_two_groups_of_synonyms() -> None:
    words = [normalise(word) for group in SYNONYMS for word in group]
    assert [word for word in set(words) if words.count(word) > 1] == []
    assert "" not in words
    assert min(len(group) for group in SYNONYMS) >= 2


def test_an_entry_for_employers_is_not_for_one_whose_role_is_unknown() -> None:
    worker = entry("worker", "试用期能辞退员工不")
    employer = entry("employer", "试用期能辞退员工不", when={"role": ["employer"]})
    search = Search([employer, worker])
    assert names(search.find("试用期能辞退员工吗"))[0] == "worker"
    assert names(search.find("试用期能辞退员工吗", facts={"role": "employer"}))[0] == "employer"
    assert names(search.find("试用期能辞退员工吗", facts={"role": "worker"})) == ["worker"]


def test_an_answer_to_a_saying_waits_until_somebody_is_quoted() -> None:
    plain = entry("plain", "试用期没有工资吗")
    saying = replace(entry("saying", "试用期没工资"), verdict="wrong")
    search = Search([saying, plain])
    assert names(search.find("试用期没工资"))[0] == "plain"
    assert names(search.find("老板说试用期没工资"))[0] == "saying"


def test_five_thousand_wordings_are_searched_fast() -> None:
    many = [replace(e, id=f"{e.id}-{n}") for n in range(3) for e in KB.entries]
    assert sum(1 + len(e.asks) for e in many) >= 5000
    start = time.process_time()  # of this process alone: the machine is shared
    search = Search(many, SYNONYMS)
    built = time.process_time() - start
    times = []
    for row in ROWS:
        start = time.process_time()
        search.find(row["ask"])
        times.append(time.process_time() - start)
    assert sorted(times)[len(times) // 2] <= 0.002
    assert built <= 1.5  # about 0.6 s where nothing else runs
