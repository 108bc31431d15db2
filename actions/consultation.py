"""One action class per thing a worker can want; the rules in data/rules/ say which follows which intent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.bridge import take_turn


class _Turn(Action, ABC):
    """A turn of the consultation; `act` overrules the classifier where the rule already knows what is wanted."""

    act: str | None = None

    @abstractmethod
    def name(self) -> str:
        """The name in the domain; the base class is not an action of its own."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Take the turn."""
        return take_turn(dispatcher, tracker, self.act)


class ActionConsult(_Turn):
    """Understand, compute, answer, ask the one missing fact."""

    def name(self) -> str:
        return "action_consult"


class ActionCalculate(_Turn):
    """帮我算: every sum step by step."""

    act = "calculate"

    def name(self) -> str:
        return "action_calculate"


class ActionDocument(_Turn):
    """写材料: the gist of an application to copy."""

    act = "document"

    def name(self) -> str:
        return "action_document"


class ActionHandoff(_Turn):
    """转人工."""

    act = "ask_human"

    def name(self) -> str:
        return "action_handoff"


class ActionApplyAid(_Turn):
    """申请法律援助: the application in the chat."""

    act = "apply_aid"

    def name(self) -> str:
        return "action_apply_aid"


class ActionProgress(_Turn):
    """Where is my application."""

    act = "ask_progress"

    def name(self) -> str:
        return "action_progress"


class ActionRestartMatter(_Turn):
    """重新开始: what was said is no longer used. The name is Rasa's for the intent `restart`; this replaces its own."""

    act = "restart"

    def name(self) -> str:
        return "action_restart"


class ActionChat(_Turn):
    """Greetings, thanks, anger, praise, privacy: the act says which."""

    def name(self) -> str:
        return "action_chat"


class ActionRisk(_Turn):
    """Danger: the risk screen's finding, or the act itself, decides what is said; a person is called."""

    def name(self) -> str:
        return "action_risk"
