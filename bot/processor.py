"""Rasa's message processor, cut to what a turn needs: no tracker store, no lock, no HTTP, no copies of the tracker.

Understanding and dialogue policies are Rasa's own components, run as trained. What is left out: the tracker store and
lock (a conversation's lease and its one row a turn replace them), the action server (rasa_sdk's executor runs here),
JSON-schema checks and deep copies for debug logs. What fails, fails loudly: an exception in an action, too many
actions, or no reply at all reach the caller, who tries again or tells the worker.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, RemoteAction, action_for_name_or_text
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa_sdk import Tracker as ActionTracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.utils import call_potential_coroutine

from bot.habit import Habit
from bot.runner import StraightRunner
from knowledge.asking import picked

LONGEST_FRAGMENT = 30  # characters of a message that is read together with what was said just before
MOST_ACTIONS = 10  # in one turn; more is a loop
NOTHING_SAID = {INTENT_NAME_KEY: "consult", PREDICTED_CONFIDENCE_KEY: 0.0}
UNSEEN = "".join(chr(code) for code in (*range(33), *range(127, 161), 0x3000, *range(0x2000, 0x2010), 0xFEFF))


def _event_types() -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    waiting = [Event]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if getattr(kind, "type_name", None) and kind is not Event:
            found[kind.type_name] = kind
    return found


EVENT_TYPES = _event_types()


def event_from(data: dict[str, Any]) -> Event:
    """The Rasa event that `as_dict` or a rasa_sdk action wrote; ValueError for an unknown one."""
    kind = EVENT_TYPES.get(str(data.get("event")))
    made = kind._from_parameters(data) if kind else None
    if made is None:
        raise ValueError(f"unknown event {data.get('event')!r}")
    return made


class InProcessAction(Action):  # type: ignore[misc]
    """A rasa_sdk action run by its own function in this process; its exceptions come through."""

    def __init__(self, name: str, executor: ActionExecutor):
        self._name = name
        self._function = executor.actions.get(name)

    def name(self) -> str:
        """The action's name in the domain."""
        return self._name

    async def run(
        self, output_channel: OutputChannel, nlg: Any, tracker: DialogueStateTracker, domain: Domain
    ) -> list[Event]:
        """Run the action on a plain view of the tracker; what it says, then what it changes."""
        if self._function is None:
            raise LookupError(f"There is no action named {self._name} in actions/.")
        dispatcher = CollectingDispatcher()
        changes = await call_potential_coroutine(self._function(dispatcher, _view(tracker), {}))
        said: list[Event] = list(await RemoteAction._utter_responses(dispatcher.messages, output_channel, nlg, tracker))
        return said + [event_from(change) for change in changes or []]


def _view(tracker: DialogueStateTracker) -> ActionTracker:
    return ActionTracker(
        sender_id=tracker.sender_id,
        slots=tracker.current_slot_values(),
        latest_message=tracker._latest_message_data(),
        events=[event.as_dict() for event in tracker.events],
        paused=False,
        followup_action=tracker.followup_action,
        active_loop={},
        latest_action_name=tracker.latest_action_name,
    )


def _moved(entities: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Entities with their places in the text as it was sent: `UserMessage` cuts off the blanks before it."""
    blanks = len(text) - len(text.lstrip())
    if not blanks:
        return entities
    return [{**entity, "start": entity["start"] + blanks, "end": entity["end"] + blanks} for entity in entities]


class Processor(MessageProcessor):  # type: ignore[misc]
    """One trained model with its actions."""

    def __init__(self, model: Path, executor: ActionExecutor):
        domain = Domain.empty()
        super().__init__(
            model_path=model,
            tracker_store=InMemoryTrackerStore(domain),  # never used: trackers are handed in
            lock_store=InMemoryLockStore(),
            generator=TemplatedNaturalLanguageGenerator({}),
            max_number_of_predictions=MOST_ACTIONS,
        )
        self.nlg = TemplatedNaturalLanguageGenerator(self.domain.responses)
        self.executor = executor
        self._plain_slots = _all_custom(self.domain)
        self._known_actions: dict[str, Action] = {}
        self.habit = Habit(self.model_metadata, self._predict_next_with_tracker)

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        with tempfile.TemporaryDirectory(prefix="farun-model-") as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), Path(model_path), LocalModelStorage, StraightRunner
            )
        return Path(model_path).name, metadata, runner

    def _get_action(self, action_name: str) -> Action:
        action = self._known_actions.get(action_name)
        if action is None:
            if action_name in self.domain.user_actions:
                action = InProcessAction(action_name, self.executor)
            else:
                action = action_for_name_or_text(action_name, self.domain, None)
            self._known_actions[action_name] = action
        return action

    def new_tracker(
        self, conversation_id: str, slots: dict[str, Any], events: list[dict[str, Any]]
    ) -> DialogueStateTracker:
        """A tracker with these slots and last events; without events a session is started."""
        tracker = DialogueStateTracker(conversation_id, self.domain.slots)
        start = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)]
        for event in [event_from(data) for data in events] or start:
            tracker.update(event)
        for name, value in slots.items():
            if name in tracker.slots:
                tracker.slots[name].value = value
        return tracker

    def parse(self, texts: list[str]) -> list[dict[str, Any]]:
        """What the trained pipeline makes of each text, as Rasa's parse data; a leading "/" means nothing special.

        A text without a visible character never reaches the pipeline: it is a consultation that says nothing.
        """
        found: list[dict[str, Any]] = [{TEXT: text, INTENT: dict(NOTHING_SAID), ENTITIES: []} for text in texts]
        spoken = [index for index, text in enumerate(texts) if text.strip(UNSEEN)]
        if spoken:
            messages = [UserMessage(texts[index]) for index in spoken]
            target = str(self.model_metadata.nlu_target)
            parsed = self.graph_runner.run({"__message__": messages, "__tracker__": None}, [target])[target]
            for index, message in zip(spoken, parsed, strict=True):
                found[index].update(message.as_dict(only_output_properties=True))
                found[index][TEXT] = texts[index]
                found[index][ENTITIES] = _moved(found[index][ENTITIES], texts[index])
        return found

    async def take(self, tracker: DialogueStateTracker, text: str, message_id: str | None) -> list[Event]:
        """Hear one message and act until the bot listens again; the turn's events, which `tracker` also holds."""
        before = len(tracker.events)
        data = self._understand(tracker, text)
        tracker.update(UserUttered(text, data[INTENT], data[ENTITIES], data, message_id=message_id), self.domain)
        channel = CollectingOutputChannel()
        if not self._plain_slots:
            await self.run_action_extract_slots(channel, tracker)
        for _ in range(self.max_number_of_predictions):
            prediction = self.habit.predict(tracker)
            name = self.domain.action_names_or_texts[prediction.max_confidence_index]
            await self._act(self._get_action(name), prediction, tracker, channel)
            if name == ACTION_LISTEN_NAME:
                return list(tracker.events)[before:]
        raise RuntimeError(f"more than {self.max_number_of_predictions} actions in one turn")

    def _understand(self, tracker: DialogueStateTracker, text: str) -> dict[str, Any]:
        """The parse of a message; together with the fragments before it where those meant nothing alone and it helps."""
        slot = tracker.slots.get("consultation")
        matter = (slot.value if slot else None) or {}
        pending, offered = matter.get("pending"), matter.get("choices") or ()
        if not pending or len(text) > LONGEST_FRAGMENT or picked(text, len(offered)) is not None:
            return self.parse([text])[0]
        alone, together = self.parse([text, "，".join([*pending, text])])
        return together if _surest(together) > _surest(alone) else alone

    async def _act(
        self, action: Action, prediction: PolicyPrediction, tracker: DialogueStateTracker, channel: OutputChannel
    ) -> None:
        for event in prediction.events:
            tracker.update(event, self.domain)
        events = await action.run(channel, self.nlg, tracker, self.domain)
        tracker.update(action.event_for_successful_execution(prediction))
        for event in events:
            tracker.update(event, self.domain)


def _surest(parse: dict[str, Any]) -> float:
    """How sure the best topic of a parse is."""
    return max((float(topic["confidence"]) for topic in parse.get("topics") or ()), default=0.0)


def _all_custom(domain: Domain) -> bool:
    """Whether every slot is set by actions only, so that Rasa's slot extraction has nothing to do."""
    return all(
        all(mapping.get("type") == "custom" and not mapping.get("action") for mapping in slot.mappings)
        for slot in domain.slots
    )
