"""The clock of a time limit: dated events restart it or stop it, each with its article and a word about its proof.

劳动争议调解仲裁法 27: a claim against the other side, a request to an authority and an acknowledgement restart the
year (第二款); force majeure stops it, afterwards it runs on (第三款). 法释〔2014〕9号 7: time lost without own fault is not
counted in the year for having an injury recognised; nothing restarts that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from knowledge.claims.working import Refusal, Working
from knowledge.dates import add_months, add_years, chinese

RULE = "limit.event."
RESTARTS = ("demand", "complaint", "acknowledged", "suit", "mediation", "payment_order")
PAUSES = ("force_majeure", "lost")
# Single dates that stand for an event of their own.
ALONE = {
    "demand": ("interrupted", "claimed_on", "demanded"), "complaint": ("complained",),
    "acknowledged": ("acknowledged", "promised"),
}  # fmt: skip
FACT = "leave_date"  # what is asked again when the events cannot be read


@dataclass(frozen=True)
class Event:
    """Something that happened to a clock on a day; `what` is one of RESTARTS, or a pause with _start or _end."""

    on: date
    what: str


@dataclass(frozen=True)
class Clock:
    """A limit after its events: the day it runs from, its last day, and how many days did not count."""

    start: date
    last: date
    paused: int
    log: tuple[dict[str, Any], ...]


def after(w: Working, start: date, key: str) -> date:
    """The last day of a limit that runs from `start`, in the unit that the parameter `key` names."""
    used = w.look(key, start)
    if used.value is None:  # older than the law: the years of today, to be confirmed
        w.caution(f"{chinese(start)}时的规定没有查到，先按现在的算", doubtful=True)
    amount = int(w.use(used) if used.value is not None else w.rate(key, w.case.today))
    if used.unit == "years":
        return add_years(start, amount)
    if used.unit == "months":
        return add_months(start, amount)
    if used.unit == "workdays":
        return w.law.kb.calendar.workdays_after(start, amount)
    return start + timedelta(days=amount)


def events(w: Working) -> list[Event]:
    """The events of a case (`events`: a list of {date, what}), in order. Raises Refusal for one that cannot be."""
    found = [_event(row, w) for row in w.case.inputs.get("events") or ()]
    for what, names in ALONE.items():
        day = w.day(*names)
        if day is not None:
            found.append(Event(day, what))
    return sorted(found, key=lambda e: e.on)


def _event(row: Any, w: Working) -> Event:
    names = (*RESTARTS, *(f"{p}_{edge}" for p in PAUSES for edge in ("start", "end")))
    what = row.get("what") if isinstance(row, Mapping) else None
    if what not in names:
        raise Refusal(FACT, "这件事算不算数没看懂，请说说哪天、做了什么（要过钱、投诉、对方答应、起诉、调解）。")
    try:
        on = row["date"] if isinstance(row["date"], date) else date.fromisoformat(str(row["date"]))
    except (KeyError, ValueError):
        raise Refusal(FACT, "这件事的日期没看懂，请说清是哪年哪月哪日。") from None
    if on > w.case.today:
        raise Refusal(FACT, f"{chinese(on)}还没到，请再核对。")
    return Event(on, str(what))


def run(w: Working, start: date, key: str, restarts: bool = True) -> Clock:
    """The clock of the limit `key` from `start` through the events of the case; cautions and articles go to `w`.

    Without `restarts` (a limit that nothing restarts) only lost time counts. Days of a pause are its first day up to
    the day before its end; one without an end is counted up to today. Raises Refusal.
    """
    listed = events(w)
    pauses = _pauses(w, listed)
    log: list[dict[str, Any]] = []
    for event in (e for e in listed if e.what in RESTARTS):
        due = w.law.kb.calendar.next_workday(_extended(w, start, key, pauses)[0])
        effect = _effect(event, start, due) if restarts else "none"
        if effect == "restart":
            start = event.on
            _tell_restart(w, event)
        elif effect == "late":
            say = f"{chinese(event.on)}的时候期限可能已经过了；以前还要过、对方答应过的，请顾问确认"
            w.caution(say, doubtful=True)
        elif not restarts:
            w.caution("催过、要过钱，也不会让这一年重新算，别等")
        log.append({"date": event.on.isoformat(), "what": event.what, "effect": effect})
    last, days = _extended(w, start, key, pauses)
    for pause in pauses:
        counts = pause.begin <= last and pause.end > start
        if counts:
            _tell_pause(w, pause)
        log.append({"date": pause.begin.isoformat(), "what": pause.what, "effect": "pause" if counts else "none"})
    return Clock(start, last, days, tuple(sorted(log, key=lambda row: str(row["date"]))))


def _effect(event: Event, start: date, last: date) -> str:
    """What an event does to a clock that runs from `start` to `last`."""
    if event.on <= start:
        return "none"  # the clock did not run yet
    return "restart" if event.on <= last else "late"


@dataclass(frozen=True)
class Pause:
    """Days that do not count, from `begin` to the day before `end`."""

    what: str
    begin: date
    end: date


def _extended(w: Working, start: date, key: str, pauses: Iterable[Pause]) -> tuple[date, int]:
    """The last day of a clock from `start` and the days by which pauses put it off; a day in two pauses counts once."""
    last, total, reached = after(w, start, key), 0, start
    for pause in pauses:
        days = (pause.end - max(pause.begin, reached)).days
        if days > 0 and pause.begin <= last:
            last, total, reached = last + timedelta(days=days), total + days, pause.end
    return last, total


def _tell_restart(w: Working, event: Event) -> None:
    w.basis("limit.interrupted")
    w.caution(f"{chinese(event.on)}{w.basis(RULE + event.what)}，从那天重新算，要有证据")


def _tell_pause(w: Working, pause: Pause) -> None:
    sentence = w.basis(RULE + pause.what)
    until = chinese(pause.end - timedelta(days=1))
    w.caution(f"{chinese(pause.begin)}到{until}{sentence}，这段不算，要有证据", doubtful=True)


def _pauses(w: Working, listed: Iterable[Event]) -> list[Pause]:
    """The pauses in order; one that has not ended counts up to today, one without a beginning not at all."""
    made: list[Pause] = []
    opened: dict[str, date] = {}
    for event in listed:
        name, _, edge = event.what.rpartition("_")
        if name not in PAUSES:
            continue
        if edge == "start":
            opened.setdefault(name, event.on)
        elif name in opened:
            made.append(Pause(name, opened.pop(name), event.on))
        else:
            w.caution("停算从哪天开始没有说，先不算进去", doubtful=True)
    for name, begin in opened.items():
        w.caution("停算还没有结束，先算到今天", doubtful=True)
        made.append(Pause(name, begin, w.case.today))
    return sorted((p for p in made if p.end > p.begin), key=lambda p: (p.begin, p.end))
