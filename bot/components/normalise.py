"""The normal form of a message: what the classifier reads, so that wording counts and not typing.

The raw text and its offsets stay as they are: facts and quotations are taken from them. The normal form is written to
the message property `normalised`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import homophones, lexicon

NORMALISED = "normalised"
LONGEST = 2_000  # characters that count; a longer message keeps its first three quarters of this and its end
_UNSEEN = re.compile(  # control, zero-width, direction, joiners, variants, lone surrogates
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]"
)
_REPEATED = re.compile(r"(\D)\1{2,}")
_SPACE = re.compile(r"\s+")
_MENTION = re.compile(r"@\S{1,20}\s?")
_FILES = ("traditional.txt", "slips.txt", *homophones.FILES)


def normalise(text: str) -> str:
    """Full-width to half-width, lower case, simplified characters, misheard words mended, nothing unseen, at most two of
    one character in a row (digits stay), blanks joined, `@name` dropped."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", shorten(text)))
    text = shorten(text).lower().translate(lexicon.traditional())
    text = _SPACE.sub(" ", _REPEATED.sub(r"\1\1", _MENTION.sub(" ", text))).strip()
    return mend(text)


def shorten(text: str) -> str:
    """The beginning and the end of a text that is too long to be read whole."""
    if len(text) <= LONGEST:
        return text
    end = LONGEST // 4
    return text[: LONGEST - end] + text[-end:]


def mend(text: str) -> str:
    """Known misspellings (`bot/lexicon/slips.txt`) and terms that were misheard (`homophones`) in their right form."""
    return homophones.repair(_slips().sub(lambda found: lexicon.slips()[found[0]], text))


_pattern: list[re.Pattern[str]] = []


def _slips() -> re.Pattern[str]:
    if not _pattern:
        words = sorted(lexicon.slips(), key=len, reverse=True)
        _pattern.append(re.compile("|".join(map(re.escape, words))))
    return _pattern[0]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(GraphComponent):  # type: ignore[misc]
    """Writes the normal form of each message beside its text."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        """A component; it has no settings."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A changed word list means another component."""
        return lexicon.digest(_FILES)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the normal form to each message that has a text."""
        for message in messages:
            message.set(NORMALISED, normalise(message.get(TEXT) or ""))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the normal form to the training examples."""
        self.process(training_data.training_examples)
        return training_data
