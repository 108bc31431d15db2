"""The fact extractor as a Rasa graph component: entities of facts.yml, read off the raw text by `reading`."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from base import clock
from bot.components.reading import Mention, read_facts


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class FactExtractor(GraphComponent):
    """Adds an entity for every fact and every undirected quantity; dates are relative to `base.clock.today()`."""

    @classmethod
    def create(
        cls, config: dict[str, Any], storage: ModelStorage, resource: Resource, context: ExecutionContext
    ) -> FactExtractor:
        """No state, nothing to load."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Write the entities of each message, beside those that are there."""
        today = clock.today()
        for message in messages:
            text = message.get(TEXT) or ""
            entities = [entity(m) for m in read_facts(text, today)]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages


def entity(mention: Mention) -> dict[str, Any]:
    """A mention as Rasa's entity dict."""
    made = {"entity": mention.fact, "kind": mention.kind, "value": mention.value, "unit": mention.unit}
    return {**made, "start": mention.start, "end": mention.end, "extractor": "FactExtractor", **mention.flags}
