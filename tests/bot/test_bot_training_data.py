"""The training text: it loads, its labels are known, there is enough of each, and no measuring row got into it."""

import json
import re
import time
from collections import Counter

import pytest
import yaml

from base.settings import ROOT
from bot.components.topics import TOPICS

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NLU = ROOT / "data" / "nlu"
FEWEST = 30  # lines of an act, or with a topic


def blocks():
    for path in sorted(NLU.glob("*.yml")):
        yield from yaml.load(path.read_text(encoding="utf-8"), LOADER)["nlu"]


@pytest.fixture(scope="module")
def lines() -> list[tuple[str, str, tuple[str, ...]]]:
    """Text, intent and topics of each line."""
    found = []
    for block in blocks():
        topics = tuple((block.get("metadata") or {}).get("topics", ()))
        found += [(line.removeprefix("- "), block["intent"], topics) for line in block["examples"].splitlines()]
    return found


def test_rasa_reads_every_line_as_it_is_written_and_within_25_seconds(lines):
    from rasa.shared.nlu.training_data.loading import load_data

    started = time.process_time()
    data = load_data(str(NLU))
    assert time.process_time() - started < 25
    read = Counter(message.get("text") for message in data.intent_examples)
    assert read == Counter(text for text, _, _ in lines)
    assert not data.entity_examples, "some line looks like Rasa's markup of an entity"
    told = {m.get("text"): m.get("metadata", {}).get("intent", {}).get("topics") for m in data.intent_examples}
    assert all(told[text] == list(topics) for text, _, topics in lines if topics)


def test_every_question_has_known_topics_and_every_act_none(lines):
    for text, intent, topics in lines:
        assert bool(topics) == (intent == "consult"), text
        assert set(topics) <= set(TOPICS), text
        assert len(topics) == len(set(topics)), text
        assert topics == ("not_labour",) or "not_labour" not in topics, text


def test_no_line_stands_twice(lines):
    twice = [text for text, count in Counter(text for text, _, _ in lines).items() if count > 1]
    assert not twice


def test_every_intent_is_in_the_domain_and_every_intent_of_the_domain_has_lines(lines):
    named = set()
    for path in (ROOT / "bot" / "domain").glob("*.yml"):
        for intent in yaml.load(path.read_text(encoding="utf-8"), LOADER).get("intents") or ():
            named |= set(intent) if isinstance(intent, dict) else {intent}
    assert {intent for _, intent, _ in lines} == named - {"nlu_fallback"}


def test_there_are_enough_lines_of_each_act_and_topic(lines):
    acts = Counter(intent for _, intent, _ in lines)
    topics = Counter(topic for _, _, named in lines for topic in named)
    assert len(lines) >= 5_800
    assert {act: count for act, count in acts.items() if count < FEWEST} == {}
    assert {topic: topics[topic] for topic in TOPICS if topics[topic] < 120} == {}


def pairs(text: str) -> set[str]:
    bare = re.sub(r"\W", "", text)
    return {bare[i : i + 2] for i in range(len(bare) - 1)}


def test_no_measuring_row_nor_a_near_copy_is_in_the_training_text(lines, shared):
    rows = [
        json.loads(row)["text"]
        for file in sorted((shared / "questions").glob("*_dev.jsonl"))
        for row in file.read_text(encoding="utf-8").splitlines()
    ]
    assert len(rows) > 200
    own = [(text, pairs(text)) for text, _, _ in lines]
    bare = {re.sub(r"\W", "", text) for text, _, _ in lines}
    for row in rows:
        assert re.sub(r"\W", "", row) not in bare, "a measuring row stands in data/nlu"
        theirs = pairs(row)
        if len(theirs) >= 8:
            near = [text for text, ours in own if len(theirs & ours) > 0.6 * len(theirs | ours)]
            assert not near, f"near copies of a measuring row: {near}"
