"""What a message does (its act) and what it is about (its topics), from one sparse vector and one linear model.

Sets `intent` and `intent_ranking` (every question is `consult`), `topics` (above their thresholds, best first) and
`topic_ranking` (all, best first), each with a calibrated probability. Topics of training lines stand in their
metadata. `not_labour` is the gate: where it leads, no other topic is named, and elsewhere it is not named.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
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

from bot.components import lexicon
from bot.components.features import Features, Found, extract
from bot.components.lexicon import Classes
from bot.components.linear import Heads, Solved, blend, curves, solve, unseen_distances
from bot.components.normalise import NORMALISED, normalise

TOPICS = (
    "wages", "injury", "dismissal", "contract", "overtime", "social_insurance", "procedure", "legal_aid",
    "other_labour", "not_labour",
)  # fmt: skip
CLASS_FILES = ("classes.yml", "cues.yml")
CONSULT, NOT_LABOUR = "consult", "not_labour"
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


@dataclass(frozen=True)
class Reader:
    """How a message is read: the longest run of characters, and the word classes."""

    longest: int
    classes: Classes
    cues: Classes

    def read(self, message: Message) -> Found:
        """The counted features of a message."""
        text = message.get(NORMALISED)
        text = normalise(message.get(TEXT) or "") if text is None else text
        return extract(text, words_of(message), self.classes, self.cues, self.longest)


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
        self.scales = tuple(config["scales"])

    def _fit_acts(self, features: Features, rows: np.ndarray) -> Solved:
        x = features.matrix([self.examples[i].found for i in rows])
        return solve(x, self.act_y[rows], self.config["act_cost"], balanced=True)

    def _fit_topics(self, features: Features, rows: np.ndarray) -> Solved:
        x = features.matrix([self.about[i].found for i in rows])[:, : features.shared]
        cost = self.config["topic_cost"]
        every, first = solve(x, self.topic_y[rows], cost), solve(x, self.main_y[rows], cost)
        weights, offsets = blend(every, first, self.config["main_share"])
        unread = np.zeros((len(features.weights) - features.shared, len(TOPICS)), dtype=np.float32)
        return np.concatenate([weights, unread]), offsets

    def crossed(self, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
        """Distances of unseen lines: (all examples, acts) and (examples with topics, topics)."""
        found, about = [e.found for e in self.examples], [e.found for e in self.about]
        return (
            unseen_distances(found, self.scales, self._fit_acts, len(self.acts), seed),
            unseen_distances(about, self.scales, self._fit_topics, len(TOPICS), seed),
        )

    def fit(self) -> Heads:
        """The model of all examples."""
        acts, topics = self.crossed()
        features = Features.fit([e.found for e in self.examples], self.scales)
        act_part = self._fit_acts(features, np.arange(len(self.examples)))
        topic_part = self._fit_topics(features, np.arange(len(self.about)))
        weights, offsets = (np.concatenate([act_part[i], topic_part[i]], axis=-1) for i in (0, 1))
        curve = np.concatenate([curves(acts, self.act_y), curves(topics, self.topic_y)], axis=1)
        return Heads(features, [*self.acts, *TOPICS], weights, offsets, curve)


def named(probabilities: np.ndarray, first: float, further: float) -> list[int]:
    """Indices of the topics to name, best first: the best from `first` on, others from `further` on; the gate rules."""
    order = np.argsort(-probabilities, kind="stable")
    best = int(order[0])
    if probabilities[best] < first:
        return []
    if TOPICS[best] == NOT_LABOUR:
        return [best]
    others = [int(i) for i in order[1:] if probabilities[i] >= further and TOPICS[i] != NOT_LABOUR]
    return [best, *others]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Act and topics of each message; see the module."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource):
        self._config, self._storage, self._resource = config, storage, resource
        self._reader = Reader(config["longest_gram"], *(lexicon.word_classes(file) for file in CLASS_FILES))
        self._heads: Heads | None = None

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
            "first_topic": 0.3,
            "further_topic": 0.5,
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
        return lexicon.digest((*CLASS_FILES, "traditional.txt", "slips.txt"))

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
        likely = self._heads.probabilities(self._reader.read(message))
        acts, topics = likely[: -len(TOPICS)], likely[-len(TOPICS) :]
        acts = acts / acts.sum()
        best = np.argsort(-acts, kind="stable")[: self._config["ranking_length"]]
        ranking = [{"name": self._heads.names[i], "confidence": float(acts[i])} for i in best]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        order = np.argsort(-topics, kind="stable")
        ranked = [{"name": TOPICS[i], "confidence": float(topics[i])} for i in order]
        chosen = named(topics, self._config["first_topic"], self._config["further_topic"])
        message.set("topics", [{"name": TOPICS[i], "confidence": float(topics[i])} for i in chosen], add_to_output=True)
        message.set("topic_ranking", ranked, add_to_output=True)
