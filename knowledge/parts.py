"""The parts of a knowledge base as plain frozen data: facts, parameters, laws, bases of rules, entries, doors, ladders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from knowledge.law import UsedParameter

DRAFT = "draft"  # the status of what is not finished: staff see it, workers do not


@dataclass(frozen=True)
class Fact:
    """One kind of fact: how it is called and asked for, its type and bounds (facts.yml says more)."""

    id: str
    label: str
    type: str
    unit: str
    ask: str
    cues: tuple[str, ...] = ()
    min: Any = None
    max: Any = None
    probe: tuple[Any, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    yes: str | None = None  # how a bool is echoed
    no: str | None = None
    suffix: str | None = None  # what follows a number when it is echoed
    quiet: bool = False  # not echoed: it says nothing that the worker would want to check


@dataclass(frozen=True)
class Value:
    """A number from a day to a day (both included; `to` None: still in force)."""

    value: Decimal | None
    from_: date
    to: date | None
    status: str
    source: str
    doubt: str | None = None  # what is still to be checked although the number itself was read in a source
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Parameter:
    """A legal number over time for one region."""

    key: str
    title: str
    unit: str
    region: str
    values: tuple[Value, ...]
    shown: bool = True

    def at(self, on: date) -> UsedParameter:
        """The value in force on `on`; value None and status unknown when none is."""
        for v in self.values:
            if v.from_ <= on and (v.to is None or on <= v.to):
                return UsedParameter(
                    self.key, v.value, self.unit, v.from_, v.to, v.status, v.source, self.title, self.shown
                )
        return UsedParameter(self.key, None, self.unit, None, None, "unknown", "", self.title, self.shown)


@dataclass(frozen=True)
class Article:
    """One article: how many paragraphs (款) it has, how many items (项) each, and its gist in our words."""

    id: str
    gist: str
    paragraphs: int = 1
    items: Mapping[int, int] = field(default_factory=dict)
    from_: date | None = None
    to: date | None = None
    replaced_by: str | None = None
    status: str = "confirmed"
    repealed: Mapping[int, date] = field(default_factory=dict)  # paragraph: the day from which it is no law any more
    earlier: tuple[Article, ...] = ()  # the wordings it had before, oldest first

    def at(self, on: date) -> Article | None:
        """The wording in force on `on`; None before its first and after its last day."""
        for found in (*self.earlier, self):
            if (found.from_ is None or found.from_ <= on) and (found.to is None or on <= found.to):
                return found
        return None


@dataclass(frozen=True)
class Edition:
    """One text of a law between two amendments: its official number, and from when to when (both included)."""

    number: str
    from_: date
    to: date | None = None


@dataclass(frozen=True)
class LawText:
    """One law, regulation or judicial interpretation. `whole` ones are cited without an article.

    `in_force_from` is date.min where the first day of an old law is not known.
    """

    law: str
    title: str
    number: str
    cite_as: str
    in_force_from: date
    in_force_to: date | None
    status: str
    articles: Mapping[str, Article]
    whole: bool = False
    gist: str = ""
    replaced_by: str | None = None  # what to cite after its last day
    editions: tuple[Edition, ...] = ()

    def number_on(self, on: date) -> str:
        """The official number of the text in force on `on`."""
        days = (e for e in self.editions if e.from_ <= on and (e.to is None or on <= e.to))
        return next((e.number for e in days), self.number)


@dataclass(frozen=True)
class Basis:
    """The articles a rule of a formula stands on; `rows` are (from, to, citations)."""

    rule: str
    rows: tuple[tuple[date | None, date | None, tuple[str, ...]], ...]
    say: str = ""
    pays: bool | None = None
    also: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    payer: str | None = None  # fund | employer

    def citations(self, on: date) -> tuple[str, ...]:
        """The citations on `on`; the nearest row when none covers that day."""
        for first, last, cite in self.rows:
            if (first is None or first <= on) and (last is None or on <= last):
                return cite
        return self.rows[0][2] if self.rows else ()


@dataclass(frozen=True)
class Entry:
    """One reviewed answer. Texts may hold {param:KEY} and {limit:KEY}: the value in force on the day of the answer."""

    id: str
    topic: str
    title: str
    asks: tuple[str, ...]
    in_a_line: str
    today: tuple[str, ...]
    basis: tuple[str, ...]
    status: str
    owner: str
    reviewed_on: date
    review_by: date
    when: Any = None
    until: str = ""
    claims: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    say_more: str = ""
    verdict: str | None = None  # of a saying of the employer's (老板这么说): wrong | partly | right


@dataclass(frozen=True)
class Place:
    """Where a door stands. What staff have not filled in is None and is shown as 待补充."""

    id: str
    name: str
    address: str | None = None
    phone: str | None = None
    hours: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Closed:
    """When a door is closed (all of `when` known to hold), and why, in a sentence for the worker."""

    when: Mapping[str, Any]
    say: str
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Door:
    """One way to get one's right, with its price tag: for which claims, cost, time, papers, what it does to the clock."""

    id: str
    name: str
    claims: tuple[str, ...]  # kinds of claim (knowledge.claims.FORMULAS) that it is for; "any" for all
    rank: int  # the usual order in which to try: the lower, the sooner
    line: str  # what it is, in a line
    cost: str
    time: str
    papers: tuple[str, ...]
    clock: str  # what it does to the limitation clock
    basis: tuple[str, ...]
    beside: tuple[str, ...]  # doors that can run at the same time
    next: tuple[str, ...]  # doors that come after it
    asks: tuple[str, ...]
    status: str
    owner: str
    reviewed_on: date
    review_by: date
    place: str | None = None
    closed: tuple[Closed, ...] = ()
    best: Mapping[str, Any] | None = None  # facts with which this door comes first


@dataclass(frozen=True)
class Rung:
    """One paper of an evidence ladder."""

    paper: str
    weight: int  # 5 strong … 1 weak
    held_by: str  # you | employer | bank | hospital | authority | others
    how: str
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ladder:
    """What proves one thing: papers by weight, and whose burden the proof is."""

    id: str  # relation | wage | hours | injury | dismissal | amount
    label: str
    burden: str
    basis: tuple[str, ...]
    rungs: tuple[Rung, ...]
    asks: tuple[str, ...]
    status: str
    owner: str
    reviewed_on: date
    review_by: date


Reviewed = TypeVar("Reviewed", Entry, Door, Ladder)


def published(things: Iterable[Reviewed]) -> tuple[Reviewed, ...]:
    """What workers may read of entries, doors or ladders: all but the drafts."""
    return tuple(thing for thing in things if thing.status != DRAFT)
