"""Fragments in the light of the open question: what completes a date, what is no yes, what cannot be."""

from datetime import date

import pytest

from knowledge import asking, release
from knowledge.matter import Heard, Known, Matter, Mention

KB = release.load()
TODAY = date(2026, 11, 24)


def number(text: str, said: str, value, kind: str = "money", **more) -> Heard:
    start = text.index(said)
    mention = Mention("quantity", kind, value, start=start, end=start + len(said), **more)
    return Heard(text, act="inform", mentions=(mention,))


@pytest.mark.parametrize(
    ("fact", "known", "text", "means"),
    [
        ("hire_date", "2025-10", "三号", "2025-10-03"),
        ("hire_date", "2025-10", "大概15号吧", "2025-10-15"),
        ("hire_date", "2025-10", "二十八", "2025-10-28"),
        ("hire_date", "2025-10", "十月三号", "2025-10-03"),
        ("hire_date", "2025-10", "九月三号", None),
        ("hire_date", "2025-02", "30号", None),
        ("hire_date", "2025", "三月", "2025-03"),
        ("hire_date", "2025", "3月5号", "2025-03-05"),
        ("hire_date", None, "三号", None),
        ("leave_date", None, "三号", "2026-11-03"),
        ("leave_date", None, "28号", "2026-10-28"),
        ("injury_date", None, "24号", "2026-11-24"),
        ("leave_date", None, "三", None),
        ("monthly_wage", None, "三号", None),
    ],
)
def test_a_part_of_a_date_completes_what_is_known_of_it(fact, known, text, means):
    assert asking.part_of_date(KB.facts[fact], known, text, TODAY) == means


@pytest.mark.parametrize(
    ("missing", "said", "means"),
    [
        (["injury_date"], "2026-03-05", "injury_date"),
        (["hire_date", "leave_date"], "2026-11-03", "leave_date"),
        (["hire_date", "leave_date"], "2024-05-01", "hire_date"),
        (["hire_date", "leave_date"], "2026-05-01", None),
        ([], "2026-05-01", None),
    ],
)
def test_a_date_that_nobody_asked_for_is_what_it_can_be(missing, said, means):
    assert asking.stray_date(missing, said, TODAY) == means


@pytest.mark.parametrize(
    ("fact", "text", "means"),
    [
        ("has_iou", "有", True),
        ("has_iou", "没有", False),
        ("has_iou", "没有写过", False),
        ("has_iou", "有欠条的", True),
        ("has_iou", "有微信聊天记录", None),
        ("has_iou", "没有社保", None),
        ("insured", "买了意外险", None),
        ("insured", "交了", True),
        ("in_service", "还在", True),
        ("in_service", "没走", True),
        ("in_service", "早就不干了", False),
        ("in_service", "已经不在那里上班了", False),
        ("in_service", "活干完就走了", False),
    ],
)
def test_yes_and_no_are_said_of_what_was_asked(fact, text, means):
    assert asking.answer(KB.facts[fact], Heard(text, act="inform")) is means


def test_an_unlikely_no_without_a_word_for_it_is_none():
    unsure, sure = (Heard("上班的事", act="deny", confidence=chance) for chance in (0.34, 0.9))
    assert asking.answer(KB.facts["in_service"], unsure) is None
    assert asking.answer(KB.facts["in_service"], sure) is False


@pytest.mark.parametrize(
    ("text", "wrong"), [("欠我-500元", True), ("欠我500元", False), ("负500元", True), ("3-500元", False)]
)
def test_a_sum_behind_a_minus_sign_cannot_be(text, wrong):
    (mention,) = asking.not_negative(number(text, "500元", 500), "负的")
    assert (mention.invalid is not None) == wrong


def test_a_number_out_of_bounds_is_named():
    assert asking.unfit(KB.facts["monthly_wage"], number("一个月一亿", "一亿", 100_000_000)).fact == "monthly_wage"
    assert asking.unfit(KB.facts["monthly_wage"], number("五千", "五千", 5000)) is None


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("厂里欠我工资，两个月", 2),
        ("老板没发钱，都两个月了", 2),
        ("我干了两个月", None),
        ("老板不给钱，我干了两个月", None),
    ],
)
def test_months_behind_what_was_not_paid_are_months_owed(text, means):
    found = asking.months_unpaid(number(text, "两个月", 2, "duration", unit="months"))
    assert (found and found.value) == means


def test_since_last_october_counts_the_months_before_this_one():
    heard = Heard("从去年十月到现在", mentions=(Mention("hire_date", "date", "2025-10"),))
    found = asking.months_since(heard, TODAY)
    assert (found.fact, found.value, found.approx) == ("months_owed", 13, True)
    assert asking.months_since(Heard("去年十月来的", mentions=heard.mentions), TODAY) is None


def test_a_correction_goes_to_the_date_that_it_names():
    matter = Matter(facts={"hire_date": Known("2021-03-01"), "leave_date": Known("2023-11-20")})
    said = Mention("quantity", "date", "2023-03-01", corrects=True)
    assert asking.nearest_fact(matter, said, KB.facts, "进厂日期说错了，是2023年3月1号") == "hire_date"
    assert asking.nearest_fact(matter, said, KB.facts, "不是，是2023年3月1号") == "leave_date"
