"""A talk over several messages and days, with the trained model and the real actions: whose facts, fragments, returning."""

import asyncio
from datetime import datetime, timedelta, timezone

import pytest

from base import clock
from base.settings import Settings
from bot.agent import Brain
from bot.train import train

pytestmark = pytest.mark.model
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def brain() -> Brain:
    return Brain.load(train(Settings.load()))


def talk(brain: Brain, *texts: str, days: tuple[int, ...] = ()):
    """The turns of a talk; `days` gives how many days after the first message each was sent."""
    turns, memory = [], None
    for number, text in enumerate(texts):
        with clock.at(NOW + timedelta(days=days[number] if days else 0)):
            turns.append(asyncio.run(brain.turn("c1", text, f"m{number}", memory)))
        memory = turns[-1].memory
    return turns


def said(turn) -> str:
    return "\n".join(turn.replies)


def facts(turn) -> dict:
    return {name: known["value"] for name, known in turn.answer["facts"].items()}


def test_two_workers_in_one_message_are_kept_apart(brain):
    first, second = talk(
        brain,
        "我老公在厂里干活，欠了三个月工资，每月6500，我自己也被欠了两个月，每月4000",
        "说我自己的事",
    )
    assert facts(first)["months_owed"] == "3"
    assert facts(first)["monthly_wage"] == "6500"
    assert {c["kind"]: c["amount"] for c in first.answer["claims"]}["arrears"] == "19500.00"
    assert "您自己的事我单独记下了" in said(first)
    assert facts(second)["months_owed"] == "2"
    assert {c["kind"]: c["amount"] for c in second.answer["claims"]}["arrears"] == "8000.00"


def test_going_back_to_the_first_worker_finds_everything_as_it_was(brain):
    turns = talk(
        brain,
        "我老公在厂里欠了三个月工资，每月6500",
        "我自己也在隔壁厂干活，欠了两个月，一个月4000",
        "回到我老公的事",
    )
    assert facts(turns[1])["monthly_wage"] == "4000"
    assert facts(turns[2]) | {"months_owed": "3", "monthly_wage": "6500"} == facts(turns[2])


def test_i_too_of_the_same_speaker_is_no_other_worker(brain):
    turns = talk(brain, "厂里欠我两个月工资，每月5000", "我也没签合同，去年三月进厂的")
    assert facts(turns[1])["months_owed"] == "2"
    assert facts(turns[1])["has_contract"] == "False" or facts(turns[1])["has_contract"] is False


def test_whoever_returns_after_three_days_hears_where_we_were(brain):
    turns = talk(brain, "厂里欠我两个月工资", "每月5000", "你好", days=(0, 0, 4))
    assert "您回来了" not in said(turns[1])
    assert "您回来了。上次说的是：拖欠工资" in said(turns[2])
    assert "月工资5,000元" in said(turns[2])


def test_whoever_returns_the_next_day_goes_on_without_a_recap(brain):
    turns = talk(brain, "厂里欠我两个月工资", "每月5000", days=(0, 1))
    assert "您回来了" not in said(turns[1])
    assert {c["kind"]: c["amount"] for c in turns[1].answer["claims"]}["arrears"] == "10000.00"


def test_fragments_sent_one_after_the_other_are_taken_as_one_thought(brain):
    turns = talk(brain, "那个", "老板他", "三个月了都没发")
    assert "wages" in turns[-1].answer["problems"]


def test_a_restart_forgets_every_worker_of_the_talk(brain):
    turns = talk(brain, "我老公欠了三个月工资，每月6500，我自己也欠了两个月", "重新开始", "说我自己的事")
    assert facts(turns[-1]) == {}


def test_what_is_not_understood_is_kept_for_the_editors(brain):
    (turn,) = talk(brain, "嗯那个东西怎么说呢")
    assert [c["command"] for c in turn.commands] == ["keep_unclear"]
    assert turn.commands[0]["text"] == "嗯那个东西怎么说呢"


def test_past_the_age_of_retirement_there_is_no_severance_and_no_second_wage(brain):
    turns = talk(brain, "我今年65岁，在厂里干了五年，一个月4000，没签合同，上个月被辞退了", "过了")
    assert turns[0].answer["ask_next"] == "over_retirement_age"
    claims = {c["kind"]: c["amount"] for c in turns[1].answer["claims"]}
    assert claims["severance"] == "0.00"
    assert claims.get("unlawful_dismissal") is None
    assert claims["double_wage"] in ("0.00", None)
