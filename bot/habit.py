"""Remembers what the dialogue policies predicted for a situation, so that the same situation is not worked out again.

Rule and memoization policies are functions of the last intents and actions alone, provided that no slot, entity, form
or text takes part. `Habit` checks that once for a model and then answers from memory; otherwise it always asks.
"""

from __future__ import annotations

import copy
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

MOST = 4096  # situations remembered
PLAIN = {"RulePolicy", "MemoizationPolicy", "AugmentedMemoizationPolicy"}
Predict = Callable[[DialogueStateTracker], PolicyPrediction]


class Habit:
    """Predictions of a model's policies, remembered where that is sound."""

    def __init__(self, metadata: ModelMetadata, predict: Predict):
        self._predict = predict
        self._domain = metadata.domain
        self.sound = _policies(metadata) <= PLAIN and _plain(self._domain)
        self._known: OrderedDict[Hashable, PolicyPrediction] = OrderedDict()

    def predict(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """What comes next in this situation."""
        situation = _situation(tracker, self._domain) if self.sound else None
        if situation is None:
            return self._predict(tracker)
        known = self._known.get(situation)
        if known is None:
            known = self._known[situation] = self._predict(tracker)
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return _anew(known)


def _policies(metadata: ModelMetadata) -> set[str]:
    nodes = metadata.predict_schema.nodes.values()
    return {node.uses.__name__ for node in nodes if node.fn == "predict_action_probabilities"}


def _plain(domain: Domain) -> bool:
    return not domain.form_names and not any(slot.has_features() for slot in domain.slots)


def _situation(tracker: DialogueStateTracker, domain: Domain) -> Hashable | None:
    """Intents and actions in order; None when something else might take part."""
    if tracker.followup_action or tracker.active_loop_name or tracker.is_paused():
        return None
    steps: list[tuple[str, str | None]] = []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            if event.entities and domain.intent_properties.get(event.intent_name or "", {}).get("used_entities") != []:
                return None
            steps.append(("user", event.intent_name))
        elif isinstance(event, ActionExecuted):
            if not event.action_name:
                return None
            steps.append(("action", event.action_name))
        elif event.type_name not in ("slot", "bot", "user_featurization", "session_started"):
            return None
    return tuple(steps)


def _anew(prediction: PolicyPrediction) -> PolicyPrediction:
    """The prediction with events of its own, happening now."""
    made = copy.copy(prediction)
    made.events = [copy.copy(event) for event in prediction.events]
    for event in made.events:
        event.timestamp = time.time()
    return made
