"""From the facts of a matter to what is owed, by when to claim it, and which missing fact would change that most.

Which claims a problem leads to, how an ending decides between them, and what a wording asks for is content
(procedures/topics.yml, ending.yml and asked.yml); the sums are the formulas of knowledge/claims. Nothing here holds a legal number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge import claims as formulas
from knowledge.claims import Case, Claim, Refusal
from knowledge.dates import add_months, first_day, last_day
from knowledge.deadlines import Deadline, for_matter
from knowledge.law import Law
from knowledge.matter import Known, Matter
from knowledge.release import KnowledgeBase

VAGUE = re.compile(r"\d{4}(-\d{2})?")  # a date that is known to the year or the month
DATED = ("hire_date", "leave_date", "injury_date")
MONTHS = ("month",)  # inputs that are a month
MONTH_DAYS, SHORT_DAYS = 31, 150  # calendar days; so few are no half year, whatever the months
OF_THE_LIVING = ("injury_grade", "in_service", "leave_date", "leave_way", "dismissal_reason")  # not asked of the dead
MOST_ASKED = 2  # how often one fact is asked for before it is left alone


@dataclass(frozen=True)
class Option:
    """A claim with the sentence that says when it is the right one; `plus` come on top of it."""

    claim: Claim
    say: str | None = None
    plus: tuple[Claim, ...] = ()

    @property
    def total(self) -> Decimal:
        """What the option comes to as far as it is known, in yuan."""
        return sum((worth(c) for c in (self.claim, *self.plus)), Decimal(0))


@dataclass(frozen=True)
class Group:
    """Options of which only one can be had; the first is the one to claim."""

    topic: str
    options: tuple[Option, ...]
    citations: tuple[str, ...] = ()


@dataclass
class Assessment:
    """All that follows from the facts on one day."""

    groups: list[Group] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def claims(self) -> list[Claim]:
        """Every claim, alternatives and additions included, each kind once and the first one first."""
        seen: dict[str, Claim] = {}
        for group in self.groups:
            for option in group.options:
                for claim in (option.claim, *option.plus):
                    seen.setdefault(claim.kind, claim)
        return list(seen.values())

    @property
    def total(self) -> Decimal:
        """The sum of the first options: the measure by which a question is chosen, never shown."""
        return sum((g.options[0].total for g in self.groups if g.options), Decimal(0))


def worth(claim: Claim) -> Decimal:
    """The amount of a claim, the middle of its range, or nothing, in yuan."""
    if claim.amount is not None:
        return claim.amount
    if claim.low is not None and claim.high is not None:
        return (claim.low + claim.high) / 2
    return Decimal(0)


def assess(
    facts: Mapping[str, Known], topics: Iterable[str], kb: KnowledgeBase, today: date, wanted: Iterable[str] = ()
) -> Assessment:
    """Claims and deadlines that the facts lead to; `wanted` are rows of procedures/asked.yml that a wording asked for.

    Impossible facts are refused with the sentence to show.
    """
    found = Assessment()
    values = {k: v.value for k, v in facts.items()}
    law = Law(kb)
    asked = list(asking_for(values, wanted, kb))
    for topic, kind, more in _kinds(topics, asked, values, kb):
        try:
            if kind == "ending":
                group = _ending(values, kb, law, today)
            else:
                group = _single(topic, kind, values, more, law, today)
        except Refusal as refusal:
            if refusal.fact not in {r.fact for r in found.refusals}:
                found.refusals.append(refusal)
            continue
        if group is not None:
            found.groups.append(group)
    if not found.refusals:
        try:
            found.deadlines = _deadlines(topics, asked, values, law, today)
        except Refusal as refusal:
            found.refusals.append(refusal)
    return found


def asking_for(values: Mapping[str, Any], wanted: Iterable[str], kb: KnowledgeBase) -> Iterator[Mapping[str, Any]]:
    """The rows of procedures/asked.yml that hold: asked for by wording or shown by a fact, their needs known."""
    named, seen = set(wanted), set()
    for row in kb.procedures["asked"]["rows"]:
        shown = any(values.get(f) not in (None, False) for f in row.get("shown_by", ()))
        what = row.get("kind") or row["deadline"]
        if (row["id"] in named or shown) and what not in seen and _known(row.get("needs", {}), values):
            seen.add(what)
            yield row


def _known(needs: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    return all(
        values.get(fact) is not None if allowed == "known" else values.get(fact) in allowed
        for fact, allowed in needs.items()
    )


def _inputs(row: Mapping[str, Any], values: Mapping[str, Any], kb: KnowledgeBase) -> dict[str, Any]:
    """A row's inputs: plain values, and "=fact" for what is known of a fact (or follows from others)."""
    made = {}
    for name, value in row.get("inputs", {}).items():
        if isinstance(value, str) and value.startswith("="):
            value = _derived(value[1:], values, kb)
            value = row.get("assume", {}).get(name) if value is None else value
        made[name] = value
    return made


def _derived(fact: str, values: Mapping[str, Any], kb: KnowledgeBase) -> Any:
    if values.get(fact) is not None:
        return values[fact]
    rows = kb.procedures["asked"]["derived"].get(fact, ())
    found = (row["is"] for row in rows if all(_fits(values.get(f), ok) for f, ok in row["when"].items()))
    value = next(found, None)
    return values.get(value[1:]) if isinstance(value, str) and value.startswith("=") else value


def _deadlines(
    topics: Iterable[str], asked: Iterable[Mapping[str, Any]], values: Mapping[str, Any], law: Law, today: date
) -> list[Deadline]:
    """Those of the topics and those that were asked for; a deadline that was asked for stands first."""
    inputs = inputs_of(values, today)
    first = [
        deadline
        for row in asked
        if "deadline" in row
        for deadline in for_matter(
            [row["deadline"]], {**inputs, **{k: _early(v) for k, v in _inputs(row, values, law.kb).items()}}, law, today
        )
    ]
    kinds = [k for t in topics for k in law.kb.procedures["topics"]["topics"][t]["deadlines"]]
    told = {(d.kind, d.label) for d in first}
    return first + [d for d in for_matter(kinds, inputs, law, today) if (d.kind, d.label) not in told]


def _kinds(
    topics: Iterable[str], asked: Iterable[Mapping[str, Any]], values: Mapping[str, Any], kb: KnowledgeBase
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(topic, kind of claim, other inputs): what was asked for, then what the topics lead to, each kind once."""
    seen = set()
    for row in asked:
        if "kind" in row:
            seen.add(row["kind"])
            yield row["topic"], row["kind"], _inputs(row, values, kb)
    for topic in topics:
        for spec in kb.procedures["topics"]["topics"][topic]["claims"]:
            spec = {"kind": spec} if isinstance(spec, str) else spec
            waits = "if_known" in spec and values.get(spec["if_known"]) in (None, False)
            waits = waits or values.get(spec.get("unless", "")) is True
            if spec["kind"] not in seen and not waits:
                yield topic, spec["kind"], _inputs(spec, values, kb)


def _single(
    topic: str, kind: str, values: Mapping[str, Any], more: Mapping[str, Any], law: Law, today: date
) -> Group | None:
    claim = compute(kind, values, more, law, today)
    return None if claim is None else Group(topic, (Option(claim),))


def _ending(values: Mapping[str, Any], kb: KnowledgeBase, law: Law, today: date) -> Group | None:
    for row in kb.procedures["ending"]["rows"]:
        if all(_fits(values.get(fact), allowed) for fact, allowed in row["when"].items()):
            break
    else:
        return None
    options = []
    for spec in row["claims"]:
        claim = compute(spec["kind"], values, spec["inputs"], law, today)
        plus = [compute(p["kind"], values, p["inputs"], law, today) for p in spec.get("plus", ())]
        if claim is not None:
            options.append(Option(claim, spec["say"], tuple(p for p in plus if p is not None)))
    return Group("dismissal", tuple(options), tuple(row.get("cite", ()))) if options else None


def _fits(value: Any, allowed: list[Any]) -> bool:
    return ("unknown" in allowed) if value is None else value in allowed


def compute(kind: str, values: Mapping[str, Any], more: Mapping[str, Any], law: Law, today: date) -> Claim | None:
    """One claim from facts; where a date is known to the month or year only, a range over its days."""
    formula = formulas.FORMULAS.get(kind)
    if formula is None:
        return None
    told, asked = _days_possible(values, DATED, today), _days_possible(more, more, today, tied=True)
    cases = [{**inputs_of(v, today), **m} for v in told for m in asked]
    results = _possible(formula, cases, law, today)
    if _end_unknown(kind, values):
        results = [replace(r, needs=tuple(dict.fromkeys([*r.needs, "leave_date"]))) for r in results]
    first, *rest = results
    amounts = [r.amount for r in results]
    if not rest or all(a == amounts[0] for a in amounts):
        return first
    if any(a is None for a in amounts):
        return replace(first, amount=None)
    known = [a for a in amounts if a is not None]
    vague = tuple(f for f in DATED if _is_vague(values.get(f)))
    return replace(first, amount=None, low=min(known), high=max(known), needs=(*first.needs, *vague))


def _possible(
    formula: Callable[[Case], Claim], cases: Iterable[Mapping[str, Any]], law: Law, today: date
) -> list[Claim]:
    """The claim of each case; of vague dates only the days that go together (no death before the accident).

    Raises Refusal when none does.
    """
    results, refused = [], []
    for inputs in cases:
        try:
            results.append(formula(Case(inputs, law, today)))
        except Refusal as refusal:
            refused.append(refusal)
    if not results and refused:
        raise refused[0]
    return results


def _end_unknown(kind: str, values: Mapping[str, Any]) -> bool:
    """Whether a sum that grows with the time worked was taken up to today for want of the last day."""
    known = values.get("leave_date") or values.get("in_service") or values.get("years_worked")
    grows = kind in ("severance", "unlawful_dismissal", "double_wage")
    return grows and bool(values.get("hire_date")) and not known


def _is_vague(value: Any) -> bool:
    return isinstance(value, str) and bool(VAGUE.fullmatch(value))


def _early(value: Any) -> Any:
    """A vague date at its first day, from which a limit ends the earliest; everything else as it is."""
    return first_day(value).isoformat() if _is_vague(value) else value


def _days_possible(
    values: Mapping[str, Any], names: Iterable[str], today: date, tied: bool = False
) -> list[dict[str, Any]]:
    """The values with those vague dates at their first and at their last day: one or more complete sets.

    What has happened this month or this year has happened by `today`. Dates that are told as one month are one day when
    `tied` (injured and dead in May).
    """
    sets = [dict(values)]
    vague = [n for n in names if _is_vague(values.get(n)) and n not in MONTHS]
    groups = [[n for n in vague if values[n] == told] for told in dict.fromkeys(values[n] for n in vague)]
    for names_of_one in groups if tied else [[n] for n in vague]:
        told = values[names_of_one[0]]
        first, last = first_day(told), last_day(told)
        days = (first, min(last, today) if first <= today else last)
        sets = [{**s, **dict.fromkeys(names_of_one, day.isoformat())} for s in sets for day in days]
    return sets


def inputs_of(values: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The formulas' inputs (names of the case file) from facts; what is not known is left out."""
    made: dict[str, Any] = {k: v if k in MONTHS else _early(v) for k, v in values.items() if v is not None}
    for fact, name in (("hire_date", "start"), ("leave_date", "end"), ("injury_date", "accident")):
        if values.get(fact):
            made[name] = last_day(str(values[fact])) if fact == "leave_date" else first_day(str(values[fact]))
    if values.get("monthly_wage") is not None:
        made["wage"] = made["avg_wage"] = values["monthly_wage"]
    by_day = values.get("daily_wage") and values.get("days_worked") and not values.get("monthly_wage")
    if values.get("months_owed") is not None and not by_day:
        made["months"] = values["months_owed"]
    if values.get("employer_status") is not None:
        made["employer"] = values["employer_status"]
    if values.get("contract_years") is not None:
        made["term_months"] = Decimal(str(values["contract_years"])) * 12
    if values.get("injury_grade") is not None:
        made["grade"] = values["injury_grade"]
    if values.get("in_service") or values.get("leave_date") or values.get("dismissed"):
        made["still_employed"] = bool(values.get("in_service")) and not values.get("dismissed")
    if values.get("leave_way") == "expired" and values.get("contract_end") and "end" not in made:
        made["end"] = last_day(str(made.pop("contract_end")))  # it ended with the contract
    length = _length(values)
    if length and "start" not in made and "service_months" not in made:
        made["service_months"] = [length]
    return made


def _length(values: Mapping[str, Any]) -> Decimal | None:
    """Months of work from years and months (2.08 years are 25), or from days that are surely less than half a year."""
    years, months = (Decimal(str(values.get(f) or 0)) for f in ("years_worked", "months_worked"))
    if years or months:
        return (years * 12 + months).quantize(Decimal("0.1"))
    days = Decimal(str(values.get("days_worked") or 0))
    return (days / MONTH_DAYS).quantize(Decimal("0.1")) if 0 < days < SHORT_DAYS else None


def best_question(matter: Matter, found: Assessment, kb: KnowledgeBase, today: date) -> str | None:
    """The missing fact whose possible values (its `probe`) move the result most; ties go to the topic's order.

    What moves no sum is asked only where the topic wants to know it anyway (`also_ask`).
    """
    for row in kb.procedures["topics"]["ask_first"]:
        if (
            _is_due(row, matter)
            and not set(row["topics"]).isdisjoint(matter.topics)
            and _may_ask(matter, row["fact"], kb)
        ):
            return str(row["fact"])
    topics = [kb.procedures["topics"]["topics"][t] for t in matter.topics]
    needed = [need for claim in found.claims for need in claim.needs]
    listed = dict.fromkeys([*needed, *(f for t in topics for f in t["ask"])])
    best, widest = None, Decimal(0)
    for fact in (f for f in listed if _may_ask(matter, f, kb)):
        width = _spread(fact, matter, kb, today)
        if width > widest:
            best, widest = fact, width
    if best is not None:
        return best
    anyway = [*needed, *(f for t in topics for f in t.get("also_ask", ()))]
    return next((f for f in anyway if _may_ask(matter, f, kb)), None)


def _is_due(row: Mapping[str, Any], matter: Matter) -> bool:
    """Whether a row of `ask_first` is due: its fact is at least `from`, or, without `from`, the worker cannot tell it."""
    if "from" not in row:
        return row["when"] in matter.unknown
    known = matter.value(row["when"])
    return known is not None and bool(known >= row["from"])


def _may_ask(matter: Matter, fact: str, kb: KnowledgeBase) -> bool:
    if fact not in kb.facts or fact in matter.unknown or matter.times_asked.get(fact, 0) >= MOST_ASKED:
        return False
    known = matter.facts.get(fact)
    if known is not None and not _is_vague(known.value):
        return False
    if fact == "days_worked" and matter.value("daily_wage") is None:
        return False
    if matter.value("death") and fact in OF_THE_LIVING:
        return False
    if fact == "dismissal_reason" and not matter.value("dismissed"):
        return False  # what reason was given presupposes that somebody was sent away
    return not any(settles(other, fact, matter) for other in matter.facts)


# A fact that is known makes these questions pointless.
_SETTLED: dict[str, tuple[str, ...]] = {
    "amount_owed": ("months_owed", "amount_owed", "days_worked"),
    "months_owed": ("amount_owed",),
    "daily_wage": ("monthly_wage",),
    "leave_date": ("in_service",),
    "dismissed": ("leave_way", "in_service"),
    "leave_way": ("dismissed", "in_service", "dismissal_reason"),
    "platform": ("employer_kind",),
    "hire_date": ("years_worked", "months_worked"),
    "injury_grade": ("injury_recognized",),
}


def settles(known: str, question: str, matter: Matter) -> bool:
    """Whether knowing `known` makes asking for `question` pointless."""
    if known == "leave_way" and question == "dismissal_reason":
        return matter.value("leave_way") != "dismissed"
    if question == "leave_date" and matter.value("in_service"):
        return True
    if known == "daily_wage" and question == "monthly_wage":  # what a day pays is enough for arrears only
        return not {"dismissal", "contract", "injury"} & set(matter.topics)
    if known == "days_worked" and matter.value("daily_wage") is not None:  # what is owed is the product
        return question in ("months_owed", "amount_owed")
    return question in _SETTLED.get(known, ())


def _spread(fact: str, matter: Matter, kb: KnowledgeBase, today: date) -> Decimal:
    totals = []
    for probe in kb.facts[fact].probe:
        value = add_months(today, int(probe)).isoformat() if kb.facts[fact].type == "date" else probe
        supposed = {**matter.facts, fact: Known(value)}
        totals.append(assess(supposed, matter.topics, kb, today, matter.wanted).total)
    return max(totals) - min(totals) if totals else Decimal(0)
