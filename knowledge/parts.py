"""The parts of a knowledge base as plain frozen data: facts, parameters, laws, bases of rules, entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.law import UsedParameter


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


@dataclass(frozen=True)
class LawText:
    """One law, regulation or judicial interpretation. `whole` ones are cited without an article."""

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
