"""Rasa's JiebaTokenizer for texts of any length: jieba needs half a second for 10,000 signs that make no words."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.jieba_tokenizer import JiebaTokenizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.training_data.message import Message

from bot.components import lexicon

LONGEST = 500  # signs that are cut into words; characters beyond count, words do not


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class Words(JiebaTokenizer):  # type: ignore[misc]
    """Cuts the first `LONGEST` signs of a text into words, with the dictionary of `dictionary_path`."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A changed dictionary means another tokenizer."""
        return lexicon.digest(("jieba/domain.txt",))

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens with their places in the raw text."""
        text = message.get(attribute) or ""
        if len(text) > LONGEST:
            message = Message({attribute: text[:LONGEST]})
        return list(super().tokenize(message, attribute))
