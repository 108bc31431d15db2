"""Whole conversations through the trained model and the real actions: what a worker writes, and what must come of it.

The tables (stories/*.yml) are for lawyers to read and to extend; stories/README.md says what each word of `expect` means.
Sums and dates in them were worked out by hand. What holds for every reply is checked in every turn.
"""

import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from base import clock
from base.settings import Settings
from bot.agent import Brain
from knowledge import release

pytestmark = pytest.mark.model
FOLDER = Path(__file__).parent / "stories"
TODAY = date(2026, 11, 24)
WORDS = {"says", "not", "facts", "problems", "asks", "claims", "no_claims", "deadlines", "handoff", "risk", "choices"}
WORDS |= {"guide", "entries", "commands", "asker", "act"}
LONGEST = 600  # characters of a message
ASKING = re.compile("还想问您一句：|回到刚才那句：")
INTERNAL = re.compile(r"[{}]|\bNone\b|nlu_fallback|_risk|Traceback")


def tables() -> list[tuple[str, dict]]:
    return [
        (path.stem, story)
        for path in sorted(FOLDER.glob("*.yml"))
        for story in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


STORIES = tables()


@pytest.fixture(scope="module")
def brain():
    from bot.train import train

    return Brain.load(Path(os.environ.get("STORY_MODEL") or train(Settings.load())))


@pytest.fixture(scope="module")
def kb():
    return release.load()


@pytest.mark.parametrize(("kind", "story"), STORIES, ids=[f"{kind}-{story['story']}" for kind, story in STORIES])
async def test_story(brain, kb, kind, story):
    memory, told = None, []
    for number, step in enumerate(story["turns"]):
        with clock.at(step.get("today") or story.get("today") or TODAY):
            turn = await brain.turn(story["story"], step["worker"], f"m{number}", memory)
        memory = turn.memory
        told.append(f"工人：{step['worker']}\n" + "\n".join(f"法润：{text}" for text in turn.replies))
        wrong = [*always(turn, kb), *differences(turn, step.get("expect") or {})]
        assert not wrong, "\n".join(["", *told, f"heard: {heard(turn)}", *(f"WRONG {line}" for line in wrong)])


def heard(turn) -> str:
    """What was understood, for the reader of a failure."""
    facts = {name: fact["value"] for name, fact in turn.answer["facts"].items()}
    topics = {topic["name"]: topic["confidence"] for topic in turn.answer["topics"]}
    return f"act={turn.answer['act']} topics={topics} facts={facts} asks={turn.answer['ask_next']}"


def always(turn, kb) -> list[str]:
    """What holds for every reply: short, Chinese, nothing internal, at most one question, and an article to every sum."""
    text, wrong = "\n".join(turn.replies), []
    if not 1 <= len(turn.replies) <= 2 or any(len(message) > LONGEST for message in turn.replies):
        wrong.append(f"{[len(message) for message in turn.replies]} characters in the messages")
    if not re.search("[\u4e00-\u9fff]", text) or INTERNAL.search(text):
        wrong.append("no Chinese, or something internal in the reply")
    asked, question = turn.answer["ask_next"], None
    if asked is not None:
        question = kb.facts[asked].ask
    if len(ASKING.findall(text)) > 1:
        wrong.append("more than one question")
    if ASKING.search(text) and question is None:
        wrong.append("a question that is not the open one")
    wrong += [f"no article for {c['kind']}" for c in turn.answer["claims"] if c["amount"] and not c["citations"]]
    return wrong


def differences(turn, expect: dict) -> list[str]:
    """Where the turn is not as the table says."""
    unknown = set(expect) - WORDS
    assert not unknown, f"no such word in `expect`: {unknown}"
    return [*in_words(turn, expect), *in_sums(turn, expect), *in_state(turn, expect)]


def in_words(turn, expect: dict) -> list[str]:
    text = "\n".join(turn.replies)
    missing = [f"not said: {words}" for words in listed(expect, "says") if not re.search(words, text)]
    return missing + [f"said: {words}" for words in listed(expect, "not") if re.search(words, text)]


def in_sums(turn, expect: dict) -> list[str]:
    claims = {claim["kind"]: claim for claim in turn.answer["claims"]}
    wrong = [f"claim {kind} stands" for kind in listed(expect, "no_claims") if kind in claims]
    for kind, amount in (expect.get("claims") or {}).items():
        if kind not in claims:
            wrong.append(f"no claim {kind}, only {sorted(claims)}")
        elif shown(claims[kind]) != wanted(amount):
            wrong.append(f"{kind}: {shown(claims[kind])} instead of {wanted(amount)}")
    for name, last_day in (expect.get("deadlines") or {}).items():
        dates = [d["date"] for d in turn.answer["deadlines"] if name == d["kind"] or name in d["label"]]
        if (None if last_day is None else str(last_day)) not in dates:
            wrong.append(f"deadline {name}: {dates} instead of {last_day}")
    return wrong


def in_state(turn, expect: dict) -> list[str]:
    answer, wrong = turn.answer, []
    facts = {name: fact["value"] for name, fact in answer["facts"].items()}
    for name, value in (expect.get("facts") or {}).items():
        if plain(facts.get(name)) != plain(value):
            wrong.append(f"fact {name}: {facts.get(name)} instead of {value}")
    found = {
        "problems": sorted(answer["problems"]),
        "asks": answer["ask_next"],
        "risk": sorted(answer["risk"]),
        "choices": answer.get("choices"),
        "guide": answer.get("guide"),
        "asker": answer["asker"],
        "act": answer["act"],
        "commands": [command["command"] for command in turn.commands],
    }
    for word in found.keys() & expect.keys():
        value = sorted(expect[word]) if word in ("problems", "risk") else expect[word]
        if found[word] != value:
            wrong.append(f"{word}: {found[word]} instead of {value}")
    wrong += [
        f"entry {e} not among {answer['entries']}" for e in listed(expect, "entries") if e not in answer["entries"]
    ]
    return wrong + in_handoff(turn, expect)


def in_handoff(turn, expect: dict) -> list[str]:
    """false: nobody is called; true: somebody is; otherwise the reason."""
    if "handoff" not in expect:
        return []
    handoff = turn.answer["handoff"]
    found = None if handoff is None else handoff["reason"]
    right = (
        (found is not None) == expect["handoff"] if isinstance(expect["handoff"], bool) else found == expect["handoff"]
    )
    return [] if right else [f"handoff: {found} instead of {expect['handoff']}"]


def listed(expect: dict, word: str) -> list[str]:
    value = expect.get(word) or []
    return [str(item) for item in (value if isinstance(value, list) else [value])]


def plain(value):
    """6500, "6500", "6500.00" and Decimal are one value; a date is its text."""
    if value is None or isinstance(value, bool):
        return value
    try:
        return Decimal(str(value)).normalize()
    except ArithmeticError:
        return str(value)


def shown(claim: dict):
    """A sum, or [least, most] where only a range is known (most may be open), or null."""
    if claim["amount"] is None and (claim["low"] or claim["high"]):
        return [plain(claim["low"]), plain(claim["high"])]
    return plain(claim["amount"])


def wanted(amount):
    return [plain(end) for end in amount] if isinstance(amount, list) else plain(amount)


def test_there_are_enough_stories_and_each_has_its_own_name():
    names = [story["story"] for _, story in STORIES]
    assert len(names) >= 250 and len(set(names)) == len(names)


@pytest.mark.parametrize(("kind", "story"), STORIES, ids=[f"{kind}-{story['story']}" for kind, story in STORIES])
def test_every_story_expects_something(kind, story):
    assert all(step["worker"] is not None for step in story["turns"])
    assert any(step.get("expect") for step in story["turns"])
    assert not {key for step in story["turns"] for key in step} - {"worker", "expect", "today"}
