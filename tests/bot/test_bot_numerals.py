"""Numbers in words are read back as the numbers they were written from, by a writer that is independent of the reader."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.components.numerals import parse, scan

DIGIT = "零一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"


def below_ten_thousand(number: int, digits: str, scales: tuple[str, str, str]) -> str:
    """1005 as 一千零五: every gap of zeros is one 零."""
    out, gap = "", False
    for place, scale in ((1000, scales[0]), (100, scales[1]), (10, scales[2]), (1, "")):
        digit = number // place % 10
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + scale
            gap = False
        else:
            gap = True
    return out


def chinese(number: int, digits: str = DIGIT, scales: tuple[str, str, str] = ("千", "百", "十")) -> str:
    """The full form: 20500 as 二万零五百."""
    high, low = divmod(number, 10_000)
    if not high:
        return below_ten_thousand(low, digits, scales)
    tail = below_ten_thousand(low, digits, scales)
    return below_ten_thousand(high, digits, scales) + "万" + ("零" if low and low < 1000 else "") + tail


def spoken(number: int) -> str:
    """As it is said: 十二 for 一十二, 两 before 百, 千 and 万, and the last scale left out (三千五, 两万三)."""
    text = chinese(number)
    if text.startswith("一十"):
        text = text[1:]
    for scale in ("百", "千", "万"):
        text = text.replace("二" + scale, "两" + scale)
    for high, low in (("万", "千"), ("千", "百"), ("百", "十")):
        if text.endswith(low) and len(text) >= 4 and text[-3] == high and text.count(low) == 1:
            return text[:-1]
    return text


def mixed(number: int) -> str:
    """Arabic digits with 万: 2.35万, or plain digits below ten thousand."""
    return f"{Decimal(number) / 10_000}万" if number >= 10_000 else str(number)


NUMBERS = st.integers(min_value=1, max_value=99_999)


@settings(max_examples=400, deadline=None)
@given(NUMBERS)
def test_the_full_form_is_read_back(number: int) -> None:
    assert parse(chinese(number)) == number


@settings(max_examples=400, deadline=None)
@given(NUMBERS)
def test_the_spoken_form_is_read_back(number: int) -> None:
    assert parse(spoken(number)) == number


@settings(max_examples=200, deadline=None)
@given(NUMBERS)
def test_the_form_of_banks_is_read_back(number: int) -> None:
    assert parse(chinese(number, FORMAL, ("仟", "佰", "拾"))) == number


@settings(max_examples=200, deadline=None)
@given(NUMBERS)
def test_digits_with_and_without_commas_and_wan_are_read_back(number: int) -> None:
    assert parse(str(number)) == number
    assert parse(f"{number:,}") == number
    assert parse(mixed(number)) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两万三", 23000), ("一万二", 12000), ("三千五", 3500), ("二百六", 260), ("8k", 8000), ("3w", 30000),
        ("2万5", 25000), ("1.2万", 12000), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105),
        ("一千零五十", 1050), ("一万零五十", 10050), ("两万零三百", 20300), ("俩", 2), ("拾万", 100000),
    ],
)  # fmt: skip
def test_forms_of_the_street(text: str, value: int) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("四千多", 4000), ("两万多", 20000), ("十几", 10), ("七八", 7), ("三十多", 30)]
)
def test_more_than_and_some_round_down(text: str, value: int) -> None:
    (number,) = scan(text)
    assert number.value == value
    assert number.approx


@pytest.mark.parametrize("text", ["", "工资", "几十", "千百万", "零零零万千百"])
def test_what_is_no_number_gives_none(text: str) -> None:
    assert parse(text) is None
