"""The bot with its real actions: one message of a worker, understood, computed, answered, and remembered."""

import json
from datetime import date

import pytest

from base import clock
from base.settings import Settings
from bot.agent import Brain
from bot.memory import Memory

pytestmark = pytest.mark.model
STORY = "老板拖了我两个月工资一个月六千五，昨天又叫我不用来了，没签合同，去年三月十号进的厂"


@pytest.fixture(scope="module")
def brain() -> Brain:
    from bot.train import train

    return Brain.load(train(Settings.load()))


async def test_a_story_is_answered_with_sums_and_articles(brain):
    with clock.at(date(2026, 11, 24)):
        turn = await brain.turn("c1", STORY, "m1", None)
    claims = {claim["kind"]: claim for claim in turn.answer["claims"]}
    assert claims["arrears"]["amount"] == "13000.00"
    assert claims["arrears"]["citations"]
    assert "13,000" in "\n".join(turn.replies)
    assert len(turn.replies) <= 2 and all(len(text) <= 600 for text in turn.replies)
    assert turn.memory.slots["consultation"]["facts"]["monthly_wage"]["value"] == 6500


async def test_a_conversation_goes_on_from_its_stored_rows(brain):
    with clock.at(date(2026, 11, 24)):
        first = await brain.turn("c1", STORY, "m1", None)
        kept = Memory.restored([(first.new_events_json, first.slots_json)])
        again = await brain.turn("c1", "帮我算一下", "m2", kept)
    assert {c["kind"] for c in first.answer["claims"]} == {c["kind"] for c in again.answer["claims"]}


async def test_asking_for_a_person_orders_the_handoff(brain):
    turn = await brain.turn("c1", "转人工", "m1", None)
    assert [command["command"] for command in turn.commands] == ["request_handoff"]


@pytest.mark.parametrize(
    "text", ["/restart", '/ask_human{"x":1}', "😀", "工" * 4000, "2月30日来的", "一个月加班400小时"]
)
async def test_hard_input_is_answered_in_chinese_and_keeps_the_matter(brain, text):
    with clock.at(date(2026, 11, 24)):
        first = await brain.turn("c1", STORY, "m1", None)
        turn = await brain.turn("c1", text, "m2", first.memory)
    assert turn.replies
    assert any("\u4e00" <= letter <= "\u9fff" for letter in turn.replies[0])
    assert json.loads(turn.slots_json)["consultation"]["facts"]["monthly_wage"]["value"] == 6500
    assert turn.commands == []
