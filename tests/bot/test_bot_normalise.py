"""What the classifier reads: typing evened out, meaning kept, the raw text untouched."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.normalise import LONGEST, NORMALISED, Normaliser, normalise
from tests.timing import quickest


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("６５００元，Ａ厂", "6500元,a厂"),
        ("老板\u200b不\ufeff给\x00钱", "老板不给钱"),
        ("急急急急急！！！！！！", "急急!!"),
        ("電子廠拖欠薪資", "电子厂拖欠薪资"),
        ("公伤怎么陪偿", "工伤怎么赔偿"),
        ("老班托欠工资", "老板拖欠工资"),
        ("  工资\n\n 没发\t ", "工资 没发"),
        ("@小法 工资没发", "工资没发"),
        ("13800000000", "13800000000"),
        ("", ""),
    ],
)
def test_typing_is_evened_out(written, read):
    assert normalise(written) == read


def test_the_raw_text_stays_as_it_was():
    message = Message({"text": "工资６５００"})
    Normaliser().process([message])
    assert message.get("text") == "工资６５００"
    assert message.get(NORMALISED) == "工资6500"
    assert NORMALISED not in message.as_dict(only_output_properties=True)


@pytest.mark.parametrize(
    "text", ["工" * 10_000, "\ufdfa" * 10_000, "\ud800" * 5_000, "😀" * 10_000, "1" * 10_000, "ab" * 9_000]
)
def test_a_hostile_text_is_read_in_bounds(text):
    assert len(normalise(text)) <= LONGEST
    assert quickest(normalise, text) < 0.05


def test_both_ends_of_a_long_text_count():
    assert normalise("拖欠工资" + "天气不错" * 1_000 + "怎么办呢").startswith("拖欠工资")
    assert normalise("拖欠工资" + "天气不错" * 1_000 + "怎么办呢").endswith("怎么办呢")
