"""Until when an adviser will answer: a real hour, counted in the office's working time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from base import clock

HOLIDAYS = Path(__file__).parent / "content" / "holidays.yml"
DEFAULT = "Mon-Fri 09:00-11:30,13:30-17:00"
NORMAL, URGENT = timedelta(hours=1), timedelta(minutes=15)  # the office's own promise, not a rule of law
STEP = 5  # minutes: a promise is named on a round minute, never later than promised
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = "一二三四五六日"
FAR = 60  # days looked ahead for an opening
Spans = tuple[tuple[time, time], ...]


class HoursError(ValueError):
    """Office hours that cannot be read; the message says how to write them."""


@dataclass(frozen=True)
class Holidays:
    """Days off (`every_year` as (month, day), `closed` as dates), worked weekends, and the years that are complete."""

    every_year: frozenset[tuple[int, int]] = frozenset()
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    arranged: frozenset[int] = frozenset()

    def off(self, day: date) -> bool:
        """True when the day is off by statute or by arrangement."""
        return day not in self.open and (day in self.closed or (day.month, day.day) in self.every_year)


@dataclass(frozen=True)
class OfficeHours:
    """The weekdays (0 = Monday) and the spans of one working day, in Asia/Shanghai, in order."""

    days: frozenset[int]
    spans: Spans
    holidays: Holidays = Holidays()

    def works(self, day: date) -> bool:
        """True when the office is open on that day."""
        return day in self.holidays.open or (day.weekday() in self.days and not self.holidays.off(day))

    def is_open(self, moment: datetime) -> bool:
        """True when the office is open at that moment."""
        local = clock.to_local(moment)
        return self.works(local.date()) and any(a <= local.time() < b for a, b in self.spans)

    def openings(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans of working time from `moment` on, the running one cut at its start."""
        local = clock.to_local(moment)
        for ahead in range(FAR):
            day = local.date() + timedelta(days=ahead)
            for begin, end in self.spans if self.works(day) else ():
                opens, closes = (datetime.combine(day, t, clock.LOCAL) for t in (begin, end))
                if closes > local:
                    yield max(opens, local), closes

    def add(self, moment: datetime, length: timedelta) -> datetime:
        """The instant after `length` of working time from `moment` on, in Asia/Shanghai."""
        for opens, closes in self.openings(moment):
            if opens + length <= closes:
                return opens + length
            length -= closes - opens
        raise HoursError(f"no office hours within {FAR} days: check FARUN_OFFICE_HOURS and holidays.yml")


@lru_cache(maxsize=4)
def holidays(path: Path = HOLIDAYS) -> Holidays:
    """The days of casework/content/holidays.yml. Raises HoursError when one is not a date."""
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    try:
        yearly = frozenset((int(d[:2]), int(d[3:])) for d in data["every_year"])
        dates = {k: frozenset(date.fromisoformat(str(d)) for d in data.get(k) or ()) for k in ("closed", "open")}
    except (KeyError, TypeError, ValueError) as problem:
        raise HoursError(f"{path.name}: {problem}; write MM-DD under every_year and YYYY-MM-DD elsewhere") from None
    return Holidays(yearly, dates["closed"], dates["open"], frozenset(data.get("arranged") or ()))


_FORM = re.compile(r"^(?P<days>[a-z,\-]+)\s+(?P<spans>[\d:,\-]+)$")


def parse(text: str = DEFAULT) -> OfficeHours:
    """Office hours from "Mon-Fri 09:00-11:30,13:30-17:00". Raises HoursError."""
    match = _FORM.match(text.strip().lower())
    if match is None:
        raise HoursError(f"office hours {text!r} cannot be read; write them like {DEFAULT!r}")
    try:
        days = frozenset(_days(match["days"]))
        spans = tuple(_span(s) for s in match["spans"].split(","))
    except ValueError:
        raise HoursError(f"office hours {text!r} cannot be read; write them like {DEFAULT!r}") from None
    if any(a >= b for a, b in spans) or any(x[1] > y[0] for x, y in zip(spans, spans[1:], strict=False)):
        raise HoursError(f"office hours {text!r}: each span must end after it begins, in order")
    return OfficeHours(days, spans, holidays())


def _days(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin = WEEKDAYS.index(first[:3])
        yield from range(begin, (WEEKDAYS.index(last[:3]) if last else begin) + 1)


def _span(text: str) -> tuple[time, time]:
    begin, end = (time.fromisoformat(t.zfill(5)) for t in text.split("-"))
    return begin, end


_office: dict[str, OfficeHours] = {}


def use_office_hours(hours: str | Spans | None) -> None:
    """Set this process's office hours: a text as `parse` reads it, the spans of Monday to Friday, or None: the default.

    Raises HoursError.
    """
    if hours is None or isinstance(hours, str):
        _office["hours"] = parse(hours or DEFAULT)
    else:
        _office["hours"] = OfficeHours(frozenset(range(5)), tuple(hours), holidays())


def office() -> OfficeHours:
    """The office hours of this process."""
    if "hours" not in _office:
        use_office_hours(None)
    return _office["hours"]


def next_promise(now: datetime, office_hours: OfficeHours | None = None, urgent: bool = False) -> datetime:
    """By when somebody answers (aware UTC), on a round minute: in 1 working hour, urgent in 15 working minutes."""
    due = (office_hours or office()).add(now, URGENT if urgent else NORMAL)
    rounded = due.replace(minute=due.minute - due.minute % STEP, second=0, microsecond=0)
    return rounded.astimezone(timezone.utc)


def promise_text(moment: datetime, now: datetime | None = None) -> str:
    """今天 15:30 前; 明天（周三）上午 9:30 前; 11月30日（周一）上午 10:00 前."""
    local, today = clock.to_local(moment), clock.to_local(now or clock.now()).date()
    hour = f"{local.hour}:{local.minute:02d} 前"
    ahead = (local.date() - today).days
    if ahead == 0:
        return f"今天 {hour}"
    half = "上午" if local.hour < 12 else "下午"
    day = f"{local.month}月{local.day}日"
    if local.year != today.year:
        day = f"{local.year}年{day}"
    name = {1: "明天", 2: "后天"}.get(ahead, day)
    return f"{name}（周{NAMES[local.weekday()]}）{half} {hour}"


def missing_arrangements(today: date) -> tuple[int, ...]:
    """The years (this one, and from December the next) whose State Council arrangement nobody has entered yet."""
    years = (today.year, today.year + 1) if today.month == 12 else (today.year,)
    return tuple(y for y in years if y not in holidays().arranged)
