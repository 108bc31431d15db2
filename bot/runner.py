"""Runs a trained Rasa graph node after node in an order fixed at load time, instead of planning it for every message.

Rasa's Dask runner builds, cuts down and schedules the graph anew for each run, about 2 ms a message.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler

Step = tuple[str, Any, Any, dict[str, str]]  # node, function, component, {parameter: node that provides it}


class StraightRunner(GraphRunner):  # type: ignore[misc]
    """A graph runner for prediction: every component is loaded once; `/intent{...}` stays plain text."""

    def __init__(self, schema: GraphSchema, storage: ModelStorage, context: ExecutionContext):
        self._schema = schema
        self._nodes = {
            name: GraphNode.from_schema_node(name, node, storage, context) for name, node in schema.nodes.items()
        }
        self._plans: dict[tuple[str, ...], list[Step]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> StraightRunner:
        """A runner for the schema; hooks belong to training and are not supported."""
        return cls(graph_schema, model_storage, execution_context)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Values of the targets. Exceptions of a component come through as they are."""
        wanted = tuple(targets or self._schema.target_names)
        steps = self._plans.get(wanted)
        if steps is None:
            steps = self._plans[wanted] = self._plan(wanted)
        values: dict[str, Any] = dict(inputs or {})
        for name, function, component, needs in steps:
            values[name] = function(component, **{key: values[source] for key, source in needs.items()})
        return {name: values[name] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[Step]:
        steps: dict[str, Step] = {}

        def visit(name: str) -> None:
            if name in steps or name not in self._nodes:
                return  # done, or an input of the run
            for source in self._schema.nodes[name].needs.values():
                visit(source)
            steps[name] = self._step(name)

        for target in targets:
            visit(target)
        return list(steps.values())

    def _step(self, name: str) -> Step:
        node = self._nodes[name]
        if not node._eager:
            raise ValueError(f"Graph node {name} is not loaded ahead: this is no prediction graph.")
        if node._component_class is RegexMessageHandler:
            return name, _keep_messages, None, dict(node._inputs)
        return name, node._fn, node._component, dict(node._inputs)


def _keep_messages(_component: Any, messages: list[Any], domain: Any = None) -> list[Any]:
    """In place of Rasa's handler for `/intent{"entity": ...}`: what people type is never an intent."""
    return messages
