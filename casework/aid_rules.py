"""The rules of legal aid as the knowledge base holds them (procedures/legal_aid.yml and two parameters)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from base import clock
from knowledge.law import Law

if TYPE_CHECKING:
    from knowledge.release import KnowledgeBase


@dataclass(frozen=True)
class Paper:
    """A paper that is asked for: `proves` names the field it shows, `instead` what may take its place."""

    id: str
    label: str
    proves: str
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule in plain words (`say`), its citations ("法律援助法/42/1/3") and these written out (`cite`)."""

    say: str
    citations: tuple[str, ...]
    cite: str
    matters: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AidRules:
    """What an application needs to know of the law; day counts in calendar days."""

    free: Rule
    waived: Rule
    promise: Rule
    person: Rule
    refused: Rule
    time_cite: str
    decide_days: int
    assign_days: int
    papers: tuple[Paper, ...]
    provisional_say: str
    where: str


@dataclass(frozen=True)
class MeansTest:
    """`status`: waived (not looked at) | promise (of honesty, instead of a certificate) | check (not known yet)."""

    status: str
    citations: tuple[str, ...]
    cite: str
    say: str
    needs_person: bool


def aid_rules(kb: KnowledgeBase) -> AidRules:
    """The rules of this release as of today. Raises KeyError when the procedure or a parameter is missing."""
    data, law, today = kb.procedures["legal_aid"], Law(kb), clock.today()
    days = [law.parameter(f"legal_aid_{name}_days", today).value for name in ("decide", "assign")]
    if None in days:
        raise KeyError("legal_aid_decide_days and legal_aid_assign_days must have a value today")
    return AidRules(
        free=_rule(kb, data["free"]),
        waived=_rule(kb, data["no_means_test"]),
        promise=_rule(kb, data["promise_instead"]),
        person=_rule(kb, data["person_decides"]),
        refused=_rule(kb, data["refused"]),
        time_cite=_cite(kb, data["time"]["citations"]),
        decide_days=int(days[0] or 0),
        assign_days=int(days[1] or 0),
        papers=tuple(Paper(p["id"], p["label"], p["proves"], tuple(p.get("instead", ()))) for p in data["papers"]),
        provisional_say=data["provisional"]["say"],
        where=data["where"],
    )


def _rule(kb: KnowledgeBase, row: Mapping[str, Any]) -> Rule:
    citations = tuple(row["citations"])
    matters, persons = frozenset(row.get("matters", ())), frozenset(row.get("persons", ()))
    return Rule(row["say"], citations, _cite(kb, citations), matters, persons)


def _cite(kb: KnowledgeBase, citations: Any) -> str:
    """《法律援助法》第二条、第二十条: the law is named once in a row."""
    written, law = [], ""
    for citation in citations:
        text = kb.cite(citation)
        name = text[: text.find("》") + 1]
        written.append(text[len(name) :] if name and name == law else text)
        law = name
    return "、".join(written)


def means_test(matter: str | None, is_migrant_worker: bool | None, rules: AidRules) -> MeansTest:
    """Whether means are looked at: a migrant worker's claim for pay or injury is waived, the rest is promised.

    A matter that no rule settles (severance alone, other) is promised and goes to a person; so does an unknown matter,
    or a person of whom it is not known whether the exemption fits, with status check.
    """
    if matter in rules.person.matters:
        return _test("promise", rules.promise, rules.person, True)
    if matter is None or is_migrant_worker is None:
        return _test("check", rules.waived, rules.waived, True)
    if is_migrant_worker and matter in rules.waived.matters and "migrant_worker" in rules.waived.persons:
        return _test("waived", rules.waived, rules.waived, False)
    return _test("promise", rules.promise, rules.promise, False)


def _test(status: str, basis: Rule, said: Rule, needs_person: bool) -> MeansTest:
    return MeansTest(status, basis.citations, said.cite, said.say, needs_person)
