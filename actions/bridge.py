"""The one bridge that all actions cross: tracker in, the consultation's turn, texts and commands out.

Texts go out by `utter_message(text=…)`; commands for the worker process and the answer object go out as JSON messages
(`{"command": …}`, `{"answer": …, "summary": …}`), which `rasa shell` simply prints.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import aid
from base import clock
from knowledge import consultation, release
from knowledge.answer import summary
from knowledge.matter import Heard, Matter, Outcome
from knowledge.release import KnowledgeBase

SLOT = "consultation"


@lru_cache(maxsize=1)
def knowledge_base() -> KnowledgeBase:
    """The release that this process answers from."""
    return release.load()


def take_turn(dispatcher: CollectingDispatcher, tracker: Tracker, act: str | None = None) -> list[EventType]:
    """Hear the latest message, say what follows from it, and keep the matter; `act` overrules the classifier's."""
    kb, today = knowledge_base(), clock.today()
    matter = Matter.from_json(tracker.get_slot(SLOT))
    parse: dict[str, Any] = dict(tracker.latest_message)
    if act is not None:
        parse["intent"] = {**(parse.get("intent") or {}), "name": act}
    heard = Heard.from_parse(parse, parse.get("message_id"))
    outcome = aid.turn(matter, heard, kb, today) or consultation.turn(matter, heard, kb, today)
    say(dispatcher, outcome, kb)
    return [SlotSet(SLOT, outcome.matter.to_json())]


def say(dispatcher: CollectingDispatcher, outcome: Outcome, kb: KnowledgeBase) -> None:
    """Hand the outcome's texts, commands and answer object to Rasa."""
    for text in outcome.messages:
        dispatcher.utter_message(text=text)
    for command in outcome.commands:
        dispatcher.utter_message(json_message=command)
    told = {"answer": outcome.answer, "summary": summary(outcome.matter, outcome.answer, kb)}
    dispatcher.utter_message(json_message=told)
