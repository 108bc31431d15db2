"""What a turn of the bot guarantees, with the trained model and small actions of the test's own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rasa_sdk.executor import ActionExecutor

from base.settings import ROOT, Settings
from bot.agent import Brain, NoReply, newest
from bot.memory import KEPT_TURNS, Memory

pytestmark = pytest.mark.model
ACTIONS = "consult calculate document handoff apply_aid progress chat restart risk".split()


def counting(dispatcher, tracker, domain):
    """Count the messages of a conversation in the slot, as the real actions keep their matter there."""
    seen = tracker.get_slot("consultation") or {"heard": []}
    seen["heard"].append(tracker.latest_message["text"])
    dispatcher.utter_message(text=f"{len(seen['heard'])}")
    return [{"event": "slot", "name": "consultation", "value": seen}]


def executor_of(function) -> ActionExecutor:
    executor = ActionExecutor()
    for name in ACTIONS:
        executor.register_function(f"action_{name}", function)
    return executor


@pytest.fixture(scope="module")
def model() -> Path:
    from bot.train import train

    return Path(os.environ["BOT_MODEL"]) if "BOT_MODEL" in os.environ else train(Settings.load())


@pytest.fixture(scope="module")
def brain(model) -> Brain:
    return Brain.load(model, executor_of(counting))


@pytest.fixture
def acting(brain, monkeypatch):
    """The brain with another function behind every action."""

    def change(function) -> Brain:
        monkeypatch.setattr(brain._processor, "executor", executor_of(function))
        monkeypatch.setattr(brain._processor, "_known_actions", {})
        return brain

    return change


async def talk(brain: Brain, texts, memory=None):
    turns = []
    for number, text in enumerate(texts):
        turns.append(await brain.turn("c1", text, f"m{number}", memory))
        memory = turns[-1].memory
    return turns


async def test_each_message_is_answered_once_and_remembered(brain):
    turns = await talk(brain, ["老板欠我两个月工资", "你好", "谢谢"])
    assert [turn.replies for turn in turns] == [["1"], ["2"], ["3"]]
    assert turns[-1].memory.slots["consultation"]["heard"] == ["老板欠我两个月工资", "你好", "谢谢"]


@pytest.mark.parametrize("text", ["/restart", '/ask_human{"x":1}', "/session_start", " /restart", "/back", "／restart"])
async def test_a_slash_typed_by_a_stranger_is_plain_text(brain, text):
    turns = await talk(brain, ["老板欠我两个月工资", text, "你好"])
    assert [turn.replies for turn in turns] == [["1"], ["2"], ["3"]]
    heard = json.loads(turns[1].new_events_json)[0]
    assert heard["text"] == text
    assert heard["parse_data"]["intent"]["confidence"] < 1.0
    assert "x" not in [entity["entity"] for entity in heard["parse_data"]["entities"]]


@pytest.mark.parametrize(
    "text", ["", "   ", "\u3000", "\x00\x01\x02", "😀😀", "<b>工资</b>", "'; DROP TABLE x; --", "工" * 10_000]
)
async def test_no_text_breaks_a_turn(brain, text):
    turn = await brain.turn("c1", text, "m1", None)
    assert turn.replies == ["1"]
    assert brain.understand(text)["text"] == text


async def test_turn_300_carries_no_more_events_than_turn_5(brain):
    turns = await talk(brain, ["老板欠我两个月工资"] * 300)
    fifth, last = turns[4], turns[299]
    assert last.replies == ["300"]
    assert len(last.memory.events()) == len(fifth.memory.events())
    assert len(json.loads(last.new_events_json)) == len(json.loads(fifth.new_events_json))
    assert len(last.memory.turns) == KEPT_TURNS


async def test_what_is_remembered_of_the_policies_is_what_they_say(brain, monkeypatch):
    texts = [
        "你好",
        "老板欠我两个月工资",
        "不知道",
        "帮我算一下",
        "转人工",
        "谢谢",
        "老板欠我两个月工资",
        "不知道",
        "谢谢",
    ]

    async def actions() -> list[str]:
        turns = await talk(brain, texts)
        events = [event for turn in turns for event in json.loads(turn.new_events_json)]
        return [event["name"] for event in events if event["event"] == "action"]

    habit = brain._processor.habit
    assert habit.sound
    first, again = await actions(), await actions()
    monkeypatch.setattr(habit, "sound", False)
    assert first == again == await actions()
    assert len(set(first)) > 3


async def test_a_memory_read_back_from_json_or_from_rows_continues_the_conversation(brain):
    first = await talk(brain, ["老板欠我两个月工资", "你好"])
    rows = [(turn.new_events_json, turn.slots_json) for turn in first]
    kept = first[-1].memory
    assert Memory.from_json(kept.to_json()) == kept
    assert Memory.restored(rows) == kept
    assert Memory.restored([]) is None
    again = await brain.turn("c1", "谢谢", "m3", Memory.restored(rows))
    assert again.replies == ["3"]


async def test_an_action_that_fails_is_heard_of_and_leaves_the_memory_as_it_was(acting):
    def fail_later(dispatcher, tracker, domain):
        counting(dispatcher, tracker, domain)
        if "坏" in tracker.latest_message["text"]:
            raise ZeroDivisionError("in the action")
        return [{"event": "slot", "name": "consultation", "value": tracker.get_slot("consultation") or {"heard": []}}]

    brain = acting(fail_later)
    first = await brain.turn("c1", "老板欠我两个月工资", "m1", None)
    before = first.memory.to_json()
    with pytest.raises(ZeroDivisionError):
        await brain.turn("c1", "工资的事坏了", "m2", first.memory)
    assert first.memory.to_json() == before


async def test_silence_is_an_error(acting):
    brain = acting(lambda dispatcher, tracker, domain: [])
    with pytest.raises(NoReply):
        await brain.turn("c1", "老板欠我两个月工资", "m1", None)


async def test_a_command_and_the_answer_object_reach_the_caller(acting):
    def order(dispatcher, tracker, domain):
        dispatcher.utter_message(json_message={"command": "request_handoff", "reason": "asked"})
        dispatcher.utter_message(json_message={"answer": {"topics": ["wages"]}, "summary": {"facts": []}})

    turn = await acting(order).turn("c1", "转人工", "m1", None)
    assert turn.replies == []
    assert turn.commands == [{"command": "request_handoff", "reason": "asked"}]
    assert turn.answer == {"topics": ["wages"]}
    assert turn.summary == {"facts": []}
    assert "request_handoff" not in turn.new_events_json


async def test_an_action_that_is_missing_is_named(acting, monkeypatch):
    brain = acting(counting)
    monkeypatch.setattr(brain._processor, "executor", ActionExecutor())
    with pytest.raises(LookupError, match="action_"):
        await brain.turn("c1", "老板欠我两个月工资", "m1", None)


async def test_actions_see_what_was_understood(acting):
    seen = []

    def look(dispatcher, tracker, domain):
        seen.append((tracker.sender_id, tracker.latest_message))
        dispatcher.utter_message(text="好")

    await acting(look).turn("c9", "老板欠我两个月工资", "m7", None)
    sender, message = seen[0]
    assert sender == "c9"
    assert message["message_id"] == "m7"
    assert message["text"] == "老板欠我两个月工资"
    assert message["intent"]["name"] in brain_intents(message)


def brain_intents(message) -> list[str]:
    return [item["name"] for item in message["intent_ranking"]]


def test_many_texts_are_understood_as_one_by_one(brain):
    texts = ["老板欠我两个月工资", "", "/restart", "转人工", "我要申请法律援助"]
    together = brain.understand_many(texts)
    assert [item["text"] for item in together] == texts
    for text, found in zip(texts, together, strict=True):
        alone = brain.understand(text)
        assert found["intent"]["name"] == alone["intent"]["name"]
        assert found["entities"] == alone["entities"]


def test_a_folder_without_a_model_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="farun train"):
        newest(tmp_path)


def test_the_newest_model_of_a_folder_is_taken(tmp_path):
    for name, second in (("b.tar.gz", 1), ("a.tar.gz", 2)):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (second, second))
    assert newest(tmp_path).name == "a.tar.gz"


def test_a_worker_does_without_tensorflow(model):
    program = f"""
import sys
from bot.agent import Brain
brain = Brain.load({str(model)!r})
assert brain.understand("老板欠我两个月工资")["intent"]["name"]
modules = [(name, module) for name, module in sys.modules.items() if name.startswith("tensorflow")]
real = [name for name, module in modules if getattr(module, "__file__", None)]
assert not real, real[:3]
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
