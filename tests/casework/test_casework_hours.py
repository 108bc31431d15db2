"""The promised hour is a real one: within office hours, across nights and holidays, and said as people say it."""

from datetime import datetime, time, timedelta

import pytest

from base.clock import LOCAL
from casework import hours


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


# 2026-11-24 is a Tuesday.
CASES = [
    ("2026-11-24T09:00", False, "2026-11-24T10:00"),  # a quiet morning
    ("2026-11-24T14:32", False, "2026-11-24T15:30"),  # named on a round minute, not later than one hour
    ("2026-11-24T11:00", False, "2026-11-24T14:00"),  # half an hour before lunch, half an hour after it
    ("2026-11-24T12:10", False, "2026-11-24T14:30"),  # during lunch
    ("2026-11-24T16:30", False, "2026-11-25T09:30"),  # the evening does not count
    ("2026-11-24T22:00", False, "2026-11-25T10:00"),
    ("2026-11-27T17:00", False, "2026-11-30T10:00"),  # Friday at closing time: Monday
    ("2026-11-28T10:00", True, "2026-11-30T09:15"),  # Saturday, urgent: the next opening + 15 minutes
    ("2026-11-24T14:00", True, "2026-11-24T14:15"),
    ("2026-12-31T16:30", False, "2027-01-04T09:30"),  # New Year's Day (Friday) and the weekend
    ("2027-02-04T16:50", True, "2027-02-09T09:05"),  # 除夕 to 初三
    ("2027-09-30T17:00", False, "2027-10-04T10:00"),  # 1 to 3 October, a weekend among them
]


@pytest.mark.parametrize(("now", "urgent", "expected"), CASES)
def test_somebody_answers_within_working_time(now: str, urgent: bool, expected: str) -> None:
    assert hours.next_promise(local(now), hours.parse(), urgent) == local(expected)


def test_every_promise_of_a_year_lies_in_office_hours_and_in_the_future() -> None:
    office, moment = hours.parse(), local("2026-11-24T00:07")
    for _ in range(365 * 12):
        promised = hours.next_promise(moment, office, urgent=True)
        assert promised > moment
        assert office.is_open(promised - timedelta(minutes=1))
        assert promised.minute % 5 == 0
        moment += timedelta(hours=2)


@pytest.mark.parametrize(
    ("promised", "expected"),
    [
        ("2026-11-24T15:30", "今天 15:30 前"),
        ("2026-11-25T09:30", "明天（周三）上午 9:30 前"),
        ("2026-11-26T14:05", "后天（周四）下午 14:05 前"),
        ("2026-11-30T10:00", "11月30日（周一）上午 10:00 前"),
        ("2027-01-04T09:30", "2027年1月4日（周一）上午 9:30 前"),
    ],
)
def test_the_hour_is_said_as_people_say_it(promised: str, expected: str) -> None:
    assert hours.promise_text(local(promised), local("2026-11-24T14:30")) == expected


def test_other_office_hours_are_kept() -> None:
    office = hours.parse("Mon,Wed-Sat 8:00-12:00")
    assert hours.next_promise(local("2026-11-24T09:00"), office) == local("2026-11-25T09:00")  # closed on Tuesdays
    assert hours.next_promise(local("2026-11-28T11:30"), office) == local("2026-11-30T08:30")


def test_the_spans_of_the_settings_are_those_of_monday_to_friday() -> None:
    try:
        hours.use_office_hours(((time(8), time(10)),))
        assert hours.next_promise(local("2026-11-27T09:30")) == local("2026-11-30T08:30")
    finally:
        hours.use_office_hours(None)
    assert hours.next_promise(local("2026-11-27T09:30")) == local("2026-11-27T10:30")


@pytest.mark.parametrize(
    "text", ["", "9-17", "Mon-Fri", "Mon-Fri 17:00-09:00", "Mon-Fri 09:00-12:00,11:00-17:00", "Xyz 9:00-17:00"]
)
def test_hours_that_cannot_be_read_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(hours.HoursError, match="Mon-Fri 09:00-11:30|each span"):
        hours.parse(text)


def test_a_worked_weekend_day_counts_and_an_arranged_day_off_does_not(tmp_path) -> None:
    file = tmp_path / "holidays.yml"
    file.write_text('every_year: ["01-01"]\nclosed: [2026-11-26]\nopen: [2026-11-28]\narranged: [2026]\n', "utf-8")
    office = hours.OfficeHours(frozenset(range(5)), hours.parse().spans, hours.holidays(file))
    assert not office.works(local("2026-11-26T00:00").date())
    assert office.works(local("2026-11-28T00:00").date())


def test_staff_are_told_which_year_lacks_the_state_councils_arrangement() -> None:
    assert hours.missing_arrangements(local("2026-11-24T00:00").date()) == (2026,)
    assert hours.missing_arrangements(local("2026-12-01T00:00").date()) == (2026, 2027)
