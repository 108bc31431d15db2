"""What farun knows about one person's matter, and what it has just heard: plain data that travels as JSON.

`Matter` is the state of a consultation (kept in Rasa's slot `consultation`); `Heard` is one understood message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Mention:
    """A fact (or an undirected quantity) read off a message; offsets are positions in the raw text."""

    fact: str
    kind: str
    value: Any
    unit: str | None = None
    start: int = 0
    end: int = 0
    approx: bool = False
    corrects: bool = False
    invalid: str | None = None

    @classmethod
    def from_entity(cls, entity: Mapping[str, Any]) -> Mention:
        """A mention from an entity dict of the fact extractor."""
        return cls(
            fact=str(entity["entity"]),
            kind=str(entity.get("kind", "text")),
            value=entity.get("value"),
            unit=entity.get("unit"),
            start=int(entity.get("start") or 0),
            end=int(entity.get("end") or 0),
            approx=bool(entity.get("approx")),
            corrects=bool(entity.get("corrects")),
            invalid=entity.get("invalid"),
        )


@dataclass(frozen=True)
class Heard:
    """One understood message: its act, topics (name, confidence; best first), mentions, risks and asker."""

    text: str
    act: str = "consult"
    confidence: float = 1.0
    topics: tuple[tuple[str, float], ...] = ()
    guesses: tuple[tuple[str, float], ...] = ()  # topics below the threshold too, best first
    mentions: tuple[Mention, ...] = ()
    risk: tuple[str, ...] = ()
    asker: str = "worker"
    message_id: str | None = None

    @classmethod
    def from_parse(cls, parse: Mapping[str, Any], message_id: str | None = None) -> Heard:
        """The message behind a Rasa parse result: intent, FactExtractor entities, topics, risk, asker."""
        intent = parse.get("intent") or {}
        entities = [e for e in parse.get("entities") or [] if e.get("extractor") == "FactExtractor"]
        return cls(
            text=str(parse.get("text") or ""),
            act=str(intent.get("name") or "consult"),
            confidence=float(intent.get("confidence") or 0.0),
            topics=tuple((t["name"], float(t["confidence"])) for t in parse.get("topics") or []),
            guesses=tuple((t["name"], float(t["confidence"])) for t in parse.get("topic_ranking") or []),
            mentions=tuple(Mention.from_entity(e) for e in entities),
            risk=tuple(parse.get("risk") or ()),
            asker=str(parse.get("asker") or "worker"),
            message_id=message_id,
        )


@dataclass(frozen=True)
class Known:
    """A fact's value with where it comes from: said, document or adviser, and in which message."""

    value: Any
    unit: str | None = None
    source: str = "said"
    message: str | None = None
    start: int | None = None
    end: int | None = None
    approx: bool = False


@dataclass
class Matter:
    """The state of one consultation. Facts are replaced when they are said anew; nothing derived is kept."""

    facts: dict[str, Known] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)  # asked, and the worker does not know
    topics: list[str] = field(default_factory=list)  # the problems named so far
    wanted: list[str] = field(default_factory=list)  # what was asked for: rows of procedures/asked.yml
    asked: str | None = None  # the open question
    times_asked: dict[str, int] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)  # guesses offered, in order
    entries: list[str] = field(default_factory=list)  # answers given so far
    told: str | None = None  # fingerprint of the sums last told, so that a change is noticed
    unclear: int = 0  # messages in a row that were not understood
    last: list[str] = field(default_factory=list)  # the last reply, for "say it again"
    person: str | None = None  # whose matter this is (procedures/persons.yml); None: not known yet
    family: bool = False  # a relative asks for the person, not the person
    others: dict[str, dict[str, Any]] = field(default_factory=dict)  # the matters of other people in this talk
    pending: list[str] = field(default_factory=list)  # fragments that meant nothing alone
    day: str | None = None  # of the last message
    aid: dict[str, Any] | None = None  # the legal-aid application in progress (casework.application_chat)

    def value(self, fact: str) -> Any:
        """The value of `fact`, or None when it is not known."""
        known = self.facts.get(fact)
        return None if known is None else known.value

    def to_json(self) -> dict[str, Any]:
        """A JSON-able dict; the inverse of `from_json`."""
        made = dict(vars(self))  # plain values throughout: what asdict would copy deeply is written out at once
        made["facts"] = {fact: dict(vars(known)) for fact, known in self.facts.items()}
        return made

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Matter:
        """The matter stored in a slot; a missing or empty one is a new matter."""
        if not data:
            return cls()
        known = {k: v for k, v in data.items() if k in cls.__dataclass_fields__ and k != "facts"}
        facts = {k: Known(**v) for k, v in (data.get("facts") or {}).items()}
        return cls(facts=facts, **known)


@dataclass
class Outcome:
    """What a turn leads to: texts to say (at most two of 600 characters), the new state, commands, the answer object."""

    matter: Matter
    messages: list[str]
    answer: dict[str, Any]
    commands: list[dict[str, Any]] = field(default_factory=list)
