"""What a message does (its act) and what it is about (its topics), from one sparse vector and one linear model.

Sets `intent` and `intent_ranking` (every question is `consult`), `topics` (above their thresholds, best first) and
`topic_ranking` (all, best first), each with a calibrated probability. Topics of training lines stand in their
metadata. `not_labour` is the gate: where it leads, no other topic is named, and elsewhere it is not named. A message of
several clauses is also read clause by clause, so that each of several wrongs is named.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import homophones, lexicon
from bot.components.features import Features, Found, Numbers, extract
from bot.components.letters import letters_of
from bot.components.lexicon import Classes
from bot.components.linear import (
    Heads,
    Solved,
    blend,
    curves,
    first_curve,
    first_sure,
    one_curve,
    solve,
    unseen_distances,
)
from bot.components.normalise import NORMALISED, mend, normalise

TOPICS = (
    "wages", "injury", "dismissal", "contract", "overtime", "social_insurance", "procedure", "legal_aid",
    "other_labour", "not_labour",
)  # fmt: skip
CLASS_FILES = ("classes.yml", "cues.yml")
CONSULT, NOT_LABOUR = "consult", "not_labour"
# Acts that belong to a talk and are never off topic.
PARTS_OF_A_TALK = frozenset(("inform", "affirm", "deny", "dont_know", "correct", "calculate", "ask_human"))
MOST_CLAUSES = 12
BEHIND = 0.98  # how near to the best topic's probability another one's may come
_ENDS = frozenset(",.。，!！?？;；…~～")
TOPICS_OF_ACT: dict[str, tuple[str, ...]] = {  # acts that also teach topics; the rest say nothing about them
    **dict.fromkeys(("greet", "goodbye", "thank", "ask_bot", "insult", "feedback_good", "feedback_bad"), (NOT_LABOUR,)),
    **dict.fromkeys(("affirm", "deny", "dont_know", "repeat", "cancel", "restart"), ()),
    "apply_aid": ("legal_aid",),
}


@dataclass(frozen=True)
class Example:
    """A training line: its features, act, and topics (main first; None: it teaches nothing about topics)."""

    found: Found
    act: str
    topics: tuple[str, ...] | None


def words_of(message: Message) -> list[str]:
    """The tokens of a message in their normal form."""
    table = lexicon.traditional()
    texts = (token.text for token in message.get("text_tokens") or ())
    return [unicodedata.normalize("NFKC", text[:40]).lower().translate(table) for text in texts]


def clauses(words: Sequence[str]) -> list[list[str]]:
    """The words between punctuation marks or blanks, where there are at least four signs; at most a dozen clauses."""
    found: list[list[str]] = [[]]
    for word in words:
        if word in _ENDS or not word.strip():
            found.append([])
        else:
            found[-1].append(word)
    return [clause for clause in found if sum(map(len, clause)) >= 4][:MOST_CLAUSES]


@dataclass(frozen=True)
class Reader:
    """How a message is read: the longest run of characters, and the word classes."""

    longest: int
    classes: Classes
    cues: Classes

    def read(self, message: Message, words: Sequence[str] | None = None) -> Found:
        """The counted features of a message; `words` are its words, where they are known already."""
        text = message.get(NORMALISED)
        text = normalise(message.get(TEXT) or "") if text is None else text
        words = words_of(message) if words is None else words
        return extract(text, words, self.classes, self.cues, self.longest)

    def read_clause(self, words: Sequence[str]) -> Found:
        """The counted features of one clause."""
        return extract(mend("".join(words)), words, self.classes, self.cues, self.longest)


def example_of(message: Message, reader: Reader) -> Example:
    """A training line of `data/nlu`; its topics stand in the metadata of its block. ValueError for an unknown one."""
    act = message.get(INTENT)
    told = ((message.get("metadata") or {}).get("intent") or {}).get("topics")
    topics = TOPICS_OF_ACT.get(act) if told is None else tuple(told)
    if unknown := set(topics or ()) - set(TOPICS):
        raise ValueError(f"unknown topics {sorted(unknown)} in data/nlu; known are {', '.join(TOPICS)}")
    if act == CONSULT and not topics:
        raise ValueError(f"a question in data/nlu has no topics: {message.get(TEXT)[:20]}…")
    return Example(reader.read(message), act, topics)


class Trainer:
    """Fits both heads on examples; also gives the distances of cross-validation, for thresholds and figures."""

    def __init__(self, examples: Sequence[Example], config: dict[str, Any]):
        self.config = config
        self.examples = examples
        self.about = [e for e in examples if e.topics is not None]
        self.acts = sorted({e.act for e in examples})
        self.act_y = np.array([[e.act == act for act in self.acts] for e in examples], dtype=np.int8)
        self.topic_y = np.array([[t in (e.topics or ()) for t in TOPICS] for e in self.about], dtype=np.int8)
        self.main_y = np.array([[t == (e.topics or ("",))[0] for t in TOPICS] for e in self.about], dtype=np.int8)
        self.counts = np.array([self._count(e) for e in self.about])
        self.scales = tuple(config["scales"])
        self.letters = letters_of([e.found for e in examples], config["letter_scale"])

    def _count(self, example: Example) -> float:
        main = (example.topics or ("",))[0]
        return float(self.config["topic_counts"].get(main, 1.0))

    def features(self, found: Sequence[Found]) -> Features:
        """The vocabulary of messages."""
        return Features.fit(found, self.scales, letters=self.letters.signs)

    def _fit_acts(self, features: Features, rows: Numbers) -> Solved:
        letters = self.letters.unheard  # with their meaning, the rare acts (threats) were seen in plain sentences
        x = letters.packed(features, features.matrix([self.examples[i].found for i in rows]))
        return letters.unpacked(features, solve(x, self.act_y[rows], self.config["act_cost"], balanced=True))

    def fit_topics(self, features: Features, rows: Numbers) -> Solved:
        """The topics' machines of the lines `rows` (indices of those that teach topics)."""
        x = self.letters.packed(features, features.matrix([self.about[i].found for i in rows])[:, : features.shared])
        cost, counts = self.config["topic_cost"], self.counts[rows]
        every, first = (solve(x, y[rows], cost, counts=counts) for y in (self.topic_y, self.main_y))
        solved = self.letters.unpacked(features, blend(every, first, self.config["main_share"]))
        unread = np.zeros((len(features.weights) - features.shared, len(TOPICS)), dtype=np.float32)
        return np.concatenate([solved[0], unread]), solved[1]

    def crossed(self, seed: int = 7) -> tuple[Numbers, Numbers]:
        """Distances of unseen lines: (all examples, acts) and (examples with topics, topics)."""
        found, about = [e.found for e in self.examples], [e.found for e in self.about]
        return (
            unseen_distances(found, self.features, self._fit_acts, len(self.acts), seed),
            unseen_distances(about, self.features, self.fit_topics, len(TOPICS), seed),
        )

    def fit(self) -> Heads:
        """The model of all examples."""
        acts, topics = self.crossed()
        features = self.features([e.found for e in self.examples])
        act_part = self._fit_acts(features, np.arange(len(self.examples)))
        topic_part = self.fit_topics(features, np.arange(len(self.about)))
        weights, offsets = (np.concatenate([act_part[i], topic_part[i]], axis=-1) for i in (0, 1))
        curve = np.concatenate([curves(acts, self.act_y), one_curve(topics, self.topic_y)], axis=1)
        first = first_curve(topics, self.topic_y)
        return Heads(features, [*self.acts, *TOPICS], weights, offsets, curve, first)


def named(probabilities: Numbers, first: float, further: float) -> list[int]:
    """Indices of the topics to name, best first: the best from `first` on, others from `further` on; the gate rules."""
    order = np.argsort(-probabilities, kind="stable")
    best = int(order[0])
    if probabilities[best] < first:
        return []
    if TOPICS[best] == NOT_LABOUR:
        return [best]
    others = [int(i) for i in order[1:] if probabilities[i] >= further and TOPICS[i] != NOT_LABOUR]
    return [best, *others]


def raised(whole: Numbers, parts: Numbers, floor: float, firm: float) -> Numbers:
    """Probabilities (topics,) of the whole message, raised to the mean with the best clause's where that clause is firm
    and the whole is not against it; never up to the best of the whole, so that the main topic stays."""
    best = parts.max(axis=0)
    mean = np.minimum((whole + best) / 2, BEHIND * whole.max())
    return np.where((whole >= floor) & (best >= firm), np.maximum(whole, mean), whole)


def with_first(likely: Numbers, sure: float) -> Numbers:
    """Probabilities (topics,) with `sure` for the best one, and the others below it."""
    best = int(likely.argmax())
    told: Numbers = np.minimum(likely, BEHIND * sure)
    told[best] = sure
    return told


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Act and topics of each message; see the module."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource):
        self._config, self._storage, self._resource = config, storage, resource
        self._reader = Reader(config["longest_gram"], *(lexicon.word_classes(file) for file in CLASS_FILES))
        self._heads: Heads | None = None

    @property
    def _names(self) -> list[str]:
        return self._heads.names if self._heads else []

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer before it."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings; where each value comes from stands in `bot/config.yml`."""
        return {
            "scales": [1.0, 0.7, 0.35, 0.5],
            "longest_gram": 3,
            "act_cost": 0.5,
            "topic_cost": 0.5,
            "main_share": 0.5,
            "topic_counts": {},
            "letter_scale": 0.5,
            "first_topic": 0.25,
            "further_topic": 0.35,
            "clause_floor": 0.1,
            "clause_firm": 0.8,
            "ranking_length": 5,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed word classes mean another model."""
        return lexicon.digest((*CLASS_FILES, "traditional.txt", "slips.txt", *homophones.FILES))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit both heads and store them."""
        lines = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        examples = [example_of(m, self._reader) for m in lines]
        self._heads = Trainer(examples, self._config).fit()
        with self._storage.write_to(self._resource) as folder:
            self._heads.save(folder, {"classes": self._reader.classes, "cues": self._reader.cues})
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """The trained classifier with the word classes that it was trained with."""
        made = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            made._heads, told = Heads.load(folder)
        classes, cues = ({word: tuple(names) for word, names in told[key].items()} for key in ("classes", "cues"))
        made._reader = Reader(config["longest_gram"], classes, cues)
        return made

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that trains later needs our output."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, intent_ranking, topics and topic_ranking on each message."""
        for message in messages:
            self._understand(message)
        return messages

    def _understand(self, message: Message) -> None:
        if self._heads is None:
            raise RuntimeError("TopicClassifier has not been trained")
        words = words_of(message)
        distances = self._heads.distances(self._reader.read(message, words))
        likely = self._heads.likely(distances)
        act = self._set_act(message, likely[: -len(TOPICS)])
        away, topics = distances[-len(TOPICS) :], likely[-len(TOPICS) :]
        if act in PARTS_OF_A_TALK:
            away[TOPICS.index(NOT_LABOUR)], topics[TOPICS.index(NOT_LABOUR)] = -np.inf, 0.0
        topics = with_first(self._with_clauses(topics, words), first_sure(away, self._heads.first))
        chosen = named(topics, self._config["first_topic"], self._config["further_topic"])
        message.set("topics", _listed(topics, chosen), add_to_output=True)
        message.set("topic_ranking", _listed(topics, np.argsort(-topics, kind="stable")), add_to_output=True)

    def _set_act(self, message: Message, likely: Numbers) -> str:
        likely = likely / likely.sum()
        best = np.argsort(-likely, kind="stable")[: self._config["ranking_length"]]
        ranking = [{"name": self._names[i], "confidence": float(likely[i])} for i in best]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        return str(ranking[0]["name"])

    def _with_clauses(self, whole: Numbers, words: Sequence[str]) -> Numbers:
        parts = clauses(words)
        if self._heads is None or len(parts) < 2 or TOPICS[int(whole.argmax())] == NOT_LABOUR:
            return whole
        read = (self._heads.distances(self._reader.read_clause(part)) for part in parts)
        each = np.array([self._heads.likely(distances)[-len(TOPICS) :] for distances in read])
        each[:, TOPICS.index(NOT_LABOUR)] = 0.0
        return raised(whole, each, self._config["clause_floor"], self._config["clause_firm"])


def _listed(likely: Numbers, places: Iterable[int]) -> list[dict[str, Any]]:
    return [{"name": TOPICS[i], "confidence": float(likely[i])} for i in places]
