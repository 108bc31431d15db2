"""The bot in a process: Rasa's trained understanding and policies, with the actions beside them, one call a message."""

from __future__ import annotations

import gc
import json
import logging
import os
import tarfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.components.names import mask_names
from bot.lean import NEURAL, without_tensorflow
from bot.memory import Memory, dump

if TYPE_CHECKING:
    from rasa.shared.core.events import Event
    from rasa_sdk.executor import ActionExecutor

    from bot.processor import Processor

ACTIONS = "actions"  # the package whose rasa_sdk actions the bot runs
WARM_UP = "我在恒达电子厂上班，老板拖欠我两个月工资"
BATCH = 256  # texts understood in one pass of the pipeline
KEPT_OF_PARSE = ("intent", "entities", "topics", "risk", "asker")  # of a message's understanding, in stored events


class NoReply(RuntimeError):
    """A turn ended without a word to the worker and without a command: never to be passed over in silence."""


@dataclass
class Turn:
    """What one message led to: `new_events_json` and `slots_json` are the row to store, `memory` is for the next."""

    replies: list[str]
    memory: Memory
    new_events_json: str
    slots_json: str
    commands: list[dict[str, Any]] = field(default_factory=list)
    answer: dict[str, Any] | None = None
    summary: dict[str, Any] | None = None


class Brain:
    """A loaded model. Not thread-safe; one asyncio loop calls `turn`, one conversation at a time or many in turn."""

    def __init__(self, processor: Processor):
        self._processor = processor

    @classmethod
    def load(cls, model: Path | str, executor: ActionExecutor | None = None) -> Brain:
        """Load a trained model (.tar.gz, or the newest in a folder); FileNotFoundError when there is none.

        `executor` holds other actions than those of the package `actions` (tests).
        """
        path = newest(Path(model))
        _quiet()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not _needs_tensorflow(path):
                without_tensorflow()
            from bot.processor import Processor

            brain = cls(Processor(path, executor or own_actions()))
            _quiet()  # jieba sets its own log level when it is imported
            brain.understand(WARM_UP)  # dictionaries are read at the first use: now, not in an answer
        gc.collect()
        gc.freeze()  # a model lives as long as its process: later collections need not walk through it
        return brain

    def understand(self, text: str) -> dict[str, Any]:
        """Rasa's parse data of one text: intent (the act), entities (facts), topics, risk, asker."""
        return self._processor.parse([text])[0]

    def understand_many(self, texts: list[str]) -> list[dict[str, Any]]:
        """Parse data of many texts, in order, in batches."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(texts), BATCH):
            found += self._processor.parse(texts[start : start + BATCH])
        return found

    async def turn(
        self, conversation_id: str, text: str, message_id: str | None = None, memory: Memory | None = None
    ) -> Turn:
        """Answer one message. Exceptions of actions come through; `NoReply` when nothing was said or ordered."""
        past = memory or Memory()
        tracker = self._processor.new_tracker(conversation_id, past.slots, past.events())
        events = await self._processor.take(tracker, text, message_id)
        replies, orders = _said(events)
        commands = [_nameless(order) for order in orders if "command" in order]
        if not replies and not commands:
            raise NoReply("the turn said nothing")
        slots_json = dump(tracker.current_slot_values())
        new_events_json = dump([_compact(event) for event in events if event.type_name != "slot"])
        told: dict[str, Any] = {}
        for order in orders:
            told.update(order)
        return Turn(
            replies=replies,
            memory=past.followed_by(new_events_json, slots_json),
            new_events_json=new_events_json,
            slots_json=slots_json,
            commands=commands,
            answer=told.get("answer"),
            summary=told.get("summary"),
        )


def _said(events: list[Event]) -> tuple[list[str], list[dict[str, Any]]]:
    """Texts, and JSON messages (commands and answer objects), in the order in which actions uttered them."""
    said: list[Any] = [event for event in events if event.type_name == "bot"]
    texts = [event.text for event in said if event.text]
    return texts, [event.data["custom"] for event in said if isinstance(event.data.get("custom"), dict)]


def _nameless(order: dict[str, Any]) -> dict[str, Any]:
    """A command; what was not understood leaves the talk, and so the names in it are starred."""
    kept = order["command"] == "keep_unclear"
    return {**order, "text": mask_names(str(order.get("text") or ""))} if kept else order


def _compact(event: Event) -> dict[str, Any]:
    """An event as JSON without what can be had elsewhere: rankings, answer objects, model ids."""
    data = {key: value for key, value in event.as_dict().items() if value is not None and key != "metadata"}
    if event.type_name == "user":
        parse = data.get("parse_data") or {}
        data["parse_data"] = {key: parse[key] for key in KEPT_OF_PARSE if key in parse}
    elif event.type_name == "bot":
        data.pop("data", None)
    return data


def newest(path: Path) -> Path:
    """The model file itself, or the newest one of a folder."""
    if path.is_file():
        return path
    models = sorted(path.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime) if path.is_dir() else []
    if not models:
        raise FileNotFoundError(f"No trained model in {path}; `farun train` makes one.")
    return models[-1]


def own_actions() -> ActionExecutor:
    """rasa_sdk's executor with every action of the package `actions`."""
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor._import_submodules(ACTIONS)  # register_package would end the process on an ImportError
    executor._register_all_actions()
    from actions.bridge import knowledge_base

    knowledge_base().search.find(WARM_UP)  # read and indexed now, not in the first answer; a broken one stops the start
    return executor


def _needs_tensorflow(model: Path) -> bool:
    with tarfile.open(model) as archive:
        for member in archive:
            if member.name.endswith("metadata.json"):
                content = archive.extractfile(member)
                nodes = json.load(content)["predict_schema"]["nodes"] if content else {}
                return any(node["uses"].endswith(f".{name}") for node in nodes.values() for name in NEURAL)
    return True


def _quiet() -> None:
    """Rasa speaks only of errors, sends no telemetry, and its warnings for developers stay away from operators."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    import structlog

    if not structlog.is_configured():
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for name in ("rasa", "rasa_sdk", "jieba", "matplotlib", "apscheduler", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)
