"""Dates as people say them, against a fixed today; an impossible day is named, never given as a date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.components.dates import scan

TODAY = date(2026, 11, 24)


def one(text: str, today: date = TODAY) -> str | None:
    found = scan(text, today)
    assert len(found) == 1, found
    return found[0].value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2025年3月10日", "2025-03-10"), ("2025年3月10号进厂", "2025-03-10"), ("25年3月10号", "2025-03-10"),
        ("2025-03-10", "2025-03-10"), ("2025.3.10", "2025-03-10"), ("2025/3/10", "2025-03-10"),
        ("二零二五年三月十号", "2025-03-10"), ("去年三月十号", "2025-03-10"), ("前年12月", "2024-12"),
        ("今年8月", "2026-08"), ("21年5月进去的", "2021-05"), ("2019年来的", "2019"), ("11月8号", "2026-11-08"),
        ("12月3号", "2025-12-03"), ("昨天", "2026-11-23"), ("前天", "2026-11-22"), ("今天", "2026-11-24"),
        ("3天前", "2026-11-21"), ("上个月5号", "2026-10-05"), ("三个月前", "2026-08"),
    ],
)  # fmt: skip
def test_a_date_is_as_precise_as_it_was_said(text: str, value: str) -> None:
    assert one(text) == value


@pytest.mark.parametrize(
    ("today", "text", "value"),
    [
        (date(2026, 3, 1), "昨天", "2026-02-28"), (date(2024, 3, 1), "昨天", "2024-02-29"),
        (date(2026, 1, 1), "昨天", "2025-12-31"), (date(2026, 1, 1), "前天", "2025-12-30"),
        (date(2026, 5, 1), "昨天", "2026-04-30"), (date(2026, 1, 15), "上个月", "2025-12"),
        (date(2026, 1, 15), "12月20号", "2025-12-20"), (date(2026, 1, 15), "1月15号", "2026-01-15"),
        (date(2026, 1, 15), "1月16号", "2025-01-16"),
    ],
)  # fmt: skip
def test_days_before_and_after_the_border_of_a_month(today: date, text: str, value: str) -> None:
    assert one(text, today) == value


@pytest.mark.parametrize(
    "text", ["2025年2月30日", "2月30日", "2025年13月1日", "2025年4月31号", "2023年2月29日", "2025-02-30"]
)
def test_a_day_that_never_was_is_marked(text: str) -> None:
    (found,) = scan(text, TODAY)
    assert found.value is None
    assert found.invalid


def test_the_29th_of_february_of_a_leap_year_is_a_day() -> None:
    assert one("2024年2月29日") == "2024-02-29"


PIECES = st.lists(
    st.sampled_from(
        list("0123456789年月日号初底前后去今昨上个天周零一二三四五六七八九十两半农历正腊廿-./ ")
        + ["去年", "今年", "个月前"]
    ),
    max_size=24,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(PIECES, st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_no_text_gives_an_impossible_date(text: str, today: date) -> None:
    for found in scan(text, today):
        assert 0 <= found.start < found.end <= len(text)
        if found.value is None:
            continue
        parts = [int(part) for part in found.value.split("-")]
        assert date(*(parts + [1, 1])[:3]).year >= 1900
        assert len(found.value) in (4, 7, 10)
