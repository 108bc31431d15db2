"""Finds what cannot wait (danger to life, violence, a crowd, a deadline within days) and who is asking.

Sets `risk` (kinds, the gravest first) and `asker` (worker, family, employer, contractor). The rules are patterns in
`bot/lexicon/risk.yml` and `asker.yml` over the normal form; the act classifier adds what no pattern foresaw.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import lexicon
from bot.components.normalise import NORMALISED, normalise

GRAVEST_FIRST = ("self_harm", "medical_emergency", "violence_victim", "violence", "collective", "deadline_soon")
WORKER = "worker"
ASKERS = (WORKER, "contractor", "employer", "family")  # in the order in which they are tried
LONGEST = 600  # signs in which somebody says who he is
_GAPS = {"~": r"[^,.。，!！?？;；\n]{0,8}", "≈": r"[^。!！?？;；\n]{0,20}"}
_SENTENCE = re.compile(r"[^。!！?？;；\n]+[。!！?？;；\n]*")
_NAMED = re.compile(r"<([a-z]+)>")
Patterns = tuple[re.Pattern[str], ...]  # one by one: `re` finds the first signs of each faster than those of a union


@dataclass(frozen=True)
class Rule:
    """One kind of risk: patterns that nothing takes back, patterns, what takes them back, and the act that counts.

    `work`: talk (活干完就走了) that only the act classifier takes for a danger; `grave`: words beside which it is one.
    """

    kind: str
    sure: Patterns
    find: Patterns
    unless: Patterns
    work: Patterns
    grave: Patterns
    act: str | None
    at: float

    def holds(self, text: str) -> bool:
        """Whether the words of a normalised text show this risk."""
        if _found(self.sure, text):
            return True
        return any(_found(self.find, part) and not _found(self.unless, part) for part in _SENTENCE.findall(text))

    def is_work(self, text: str) -> bool:
        """Whether the act classifier is mistaken: the talk is of work, and nothing grave stands in it."""
        return _found(self.work, text) and not _found(self.grave, text)


def _found(patterns: Patterns, text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _patterns(parts: list[str] | None, words: Mapping[str, str] | None = None) -> Patterns:
    """The patterns written out; ValueError names one that is not a regular expression."""
    return tuple(_pattern(part, words or {}) for part in parts or ())


def _pattern(part: str, words: Mapping[str, str]) -> re.Pattern[str]:
    try:
        return re.compile(_written(part, words))
    except re.error as error:
        raise ValueError(f"bot/lexicon: {part!r} is not a regular expression: {error}") from error


def _written(part: str, words: Mapping[str, str]) -> str:
    """A pattern with its gaps and named words written out; ValueError for a name without words."""
    if unknown := set(_NAMED.findall(part)) - set(words):
        raise ValueError(f"bot/lexicon: {part!r} names words that are not listed: {sorted(unknown)}")
    part = _NAMED.sub(lambda found: words[found[1]], part)
    for sign, gap in _GAPS.items():
        part = part.replace(sign, gap)
    return part


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The rules of `risk.yml`, the gravest first. ValueError for an unknown kind or a broken pattern."""
    told = lexicon.read_yaml("risk.yml")
    words = told.pop("words", {})
    if unknown := set(told) - set(GRAVEST_FIRST):
        raise ValueError(f"bot/lexicon/risk.yml: unknown kinds {sorted(unknown)}")
    return tuple(_rule(kind, told[kind], words) for kind in GRAVEST_FIRST)


def _rule(kind: str, told: Mapping[str, Any], words: Mapping[str, str]) -> Rule:
    sure, find, unless, work, grave = (
        _patterns(told.get(key), words) for key in ("sure", "find", "unless", "work", "grave")
    )
    return Rule(kind, sure, find, unless, work, grave, told.get("act"), float(told.get("at", 1.0)))


@lru_cache(maxsize=1)
def _askers() -> tuple[tuple[str, Patterns], ...]:
    told = lexicon.read_yaml("asker.yml")
    return tuple((name, _patterns(told[name])) for name in ASKERS)


def screen(text: str, acts: Mapping[str, float] | None = None) -> list[str]:
    """Risks of a normalised text, the gravest first; `acts` are probabilities of acts, where known.

    The violence act does not tell who threatens whom: it counts as `violence` unless the words show a victim.
    """
    found = [rule.kind for rule in rules() if rule.holds(text)]
    for rule in rules():
        likely = (acts or {}).get(rule.act or "", 0.0) >= rule.at and not rule.is_work(text)
        if likely and rule.kind not in found and not (rule.act == "violence_risk" and _violent(found)):
            found.append("violence" if rule.act == "violence_risk" and not _suffers(text) else rule.kind)
    return [kind for kind in GRAVEST_FIRST if kind in found]


def _violent(found: list[str]) -> bool:
    return "violence" in found or "violence_victim" in found


def _suffers(text: str) -> bool:
    return bool(re.search("(打|砍|捅|弄|追|堵|守|关|绑|围|威胁|跟踪)[^,，。]{0,4}我|我[^,，。]{0,3}被", text))


def asker(text: str) -> str:
    """Who asks, by the words of a normalised text: contractor, employer, family or worker."""
    for name, patterns in _askers():
        if _found(patterns, text[:LONGEST]):
            return name
    return WORKER


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class RiskScreen(GraphComponent):  # type: ignore[misc]
    """Sets `risk` and `asker` on each message; comes after the classifier."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RiskScreen:
        """A component; its rules are in the lexicon and are read here, so that a broken one stops the start."""
        rules()
        _askers()
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed patterns mean another component."""
        return lexicon.digest(("risk.yml", "asker.yml"))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that trains needs our output."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add both findings to each message."""
        for message in messages:
            text = message.get(NORMALISED)
            text = normalise(message.get(TEXT) or "") if text is None else text
            acts = {act["name"]: act["confidence"] for act in message.get("intent_ranking") or ()}
            risks = screen(text, acts)
            message.set("risk", risks, add_to_output=True)
            message.set("asker", asker(text), add_to_output=True)
            if not risks:
                _calm(message, text)
        return messages


def _calm(message: Message, text: str) -> None:
    """Talk of work is no act of danger either: the next likely act takes its place."""
    dangers = {rule.act for rule in rules() if rule.is_work(text)}
    if (message.get(INTENT) or {}).get("name") in dangers:
        other = next((act for act in message.get("intent_ranking") or () if act["name"] not in dangers), None)
        if other is not None:
            message.set(INTENT, dict(other), add_to_output=True)
