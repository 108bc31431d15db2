"""The clock: UTC inside, Asia/Shanghai for dates, and it can be told what time it is."""

import asyncio
from datetime import date, datetime, timedelta, timezone

import pytest

from base import clock

UTC = timezone.utc


def test_now_is_the_machines_time_in_utc():
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), date(2026, 11, 24)),  # midnight in 苏州
        (datetime(2026, 11, 24, 0, 0), date(2026, 11, 24)),  # without a zone: local
        (date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_the_day_changes_at_midnight_in_shanghai(moment, day):
    with clock.at(moment):
        assert clock.today() == day
        assert clock.now().tzinfo is not None and clock.to_local(clock.now()).date() == day


def test_at_stands_still_nests_and_ends():
    with clock.at(date(2026, 1, 1)):
        first = clock.now()
        with clock.at(date(2020, 1, 1)):
            assert clock.today() == date(2020, 1, 1)
        assert clock.now() == first
    assert clock.now() > first


async def test_at_holds_for_its_own_task_only():
    async def asked(day: date) -> date:
        with clock.at(day):
            await asyncio.sleep(0.01)
            return clock.today()

    days = [date(2026, 1, n) for n in range(1, 9)]
    assert await asyncio.gather(*map(asked, days)) == days


def test_farun_now_sets_the_start_and_time_goes_on(monkeypatch):
    monkeypatch.setenv("FARUN_NOW", "2026-11-24T09:00")
    first = clock.now()
    assert timedelta(0) <= first - datetime(2026, 11, 24, 1, 0, tzinfo=UTC) < timedelta(seconds=5)
    assert clock.now() > first
    assert abs(clock.real_now() - datetime.now(UTC)) < timedelta(seconds=5)
    with clock.at(date(2020, 1, 1)):
        assert clock.today() == date(2020, 1, 1)
