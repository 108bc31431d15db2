"""Which days somebody says they worked overtime, with the hours; and what is no such day. Today is 24 November 2026."""

from datetime import date

import pytest

from bot.components.reading import read_facts

TODAY = date(2026, 11, 24)


def days(text: str) -> list[tuple[str, float | None]] | None:
    found = next((m.value for m in read_facts(text, TODAY) if m.fact == "overtime_dates"), None)
    return None if found is None else [(one["date"], one["hours"]) for one in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("10月3号国庆还在上班，干了8个小时", [("2026-10-03", 8)]),
        ("今年10月5日厂里叫我去上班一整天，没给补休", [("2026-10-05", None)]),
        ("5月1号、2号、3号三天都上班，每天8小时，没补休", [("2026-05-01", 8), ("2026-05-02", 8), ("2026-05-03", 8)]),
        ("10月1日和10月2日两天加班一共16小时", [("2026-10-01", 8), ("2026-10-02", 8)]),
        ("10月4日到10月6日连着上了三天班没补休", [("2026-10-04", None), ("2026-10-05", None), ("2026-10-06", None)]),
        ("初一到初三三天都在厂里值班", [("2026-02-17", None), ("2026-02-18", None), ("2026-02-19", None)]),
        ("今年除夕那天值班8小时", [("2026-02-16", 8)]),
        ("2025年1月28日除夕值班8小时", [("2025-01-28", 8)]),
        ("2024年除夕（2月9日）上班一天", [("2024-02-09", None)]),
        ("2024年国庆10月5日加班一天", [("2024-10-05", None)]),
        ("五一5月3日上班一天没调休", [("2026-05-03", None)]),
        ("上周日加班一天，这周给补休了", [("2026-11-22", None)]),
    ],
)
def test_days_that_were_worked(text, told):
    assert days(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "2025年3月1日上班，国庆加班三天没给钱",  # the first day of the job, and days without a date
        "10月8日给我补休了一天，国庆加班不给钱",
        "昨天因为不肯加夜班被开除，加班费怎么算",
        "从10月8号到11月20号一天没歇，加班费怎么算",
        "合同去年12月31日到期没续，我照常上班，要双倍工资",
        "10月1日加班",  # no hours, no whole day
        "明年10月1日要值班一天",
    ],
)
def test_what_is_no_day_of_overtime(text):
    assert days(text) is None


def test_the_same_day_is_not_counted_twice():
    facts = {m.fact: m.value for m in read_facts("9月20号那个周日我正常上了班，月薪4350，算不算加班", TODAY)}
    assert "overtime_dates" in facts
    assert "restday_days" not in facts


def test_other_kinds_stay_beside_the_days():
    facts = {m.fact: m.value for m in read_facts("平时加班30小时，周日上了两天，10月1号也上了一天", TODAY)}
    assert (facts["weekday_hours"], facts["restday_days"]) == (30, 2)
    assert [one["date"] for one in facts["overtime_dates"]] == ["2026-10-01"]
