"""What time it is, in one place, so that `--on DATE`, tests and trials can say otherwise."""

import os
import time as _time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta, timezone

LOCAL = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991: a fixed offset needs no tz database

_fixed: ContextVar[datetime | None] = ContextVar("farun_now", default=None)
_origin: dict[str, tuple[datetime, float]] = {}


def real_now() -> datetime:
    """The machine's time, aware UTC, never fixed: for leases and time-outs between processes."""
    return datetime.now(timezone.utc)


def now() -> datetime:
    """The present, aware UTC: fixed by `at`, else running from FARUN_NOW, else the machine's."""
    fixed = _fixed.get()
    if fixed is not None:
        return fixed
    start = os.environ.get("FARUN_NOW")
    return _running(start) if start else real_now()


def _running(start: str) -> datetime:
    if start not in _origin:
        _origin[start] = (_aware(parse(start)), _time.monotonic())
    moment, tick = _origin[start]
    return moment + timedelta(seconds=_time.monotonic() - tick)


def parse(text: str) -> date | datetime:
    """An ISO date or date-time; one without offset means Asia/Shanghai. Raises ValueError."""
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _aware(moment: date | datetime) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(9), LOCAL)  # a bare date: nine in the morning
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LOCAL)
    return moment.astimezone(timezone.utc)


def to_local(moment: datetime) -> datetime:
    """The same instant in Asia/Shanghai."""
    return moment.astimezone(LOCAL)


def today() -> date:
    """The date in Asia/Shanghai."""
    return to_local(now()).date()


@contextmanager
def at(moment: date | datetime) -> Iterator[None]:
    """Within the block `now` and `today` stand still at `moment` (a bare date: its morning, a naive time: local)."""
    token = _fixed.set(_aware(moment))
    try:
        yield
    finally:
        _fixed.reset(token)
