"""The legal-aid application in the chat: while one is open, a message goes to it first; side questions come back to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.application_chat import ChatApplication
from knowledge import consultation
from knowledge.answer import LIMIT, answer_object, summary
from knowledge.assessment import assess
from knowledge.matter import Heard, Matter, Outcome
from knowledge.release import KnowledgeBase

ELSEWHERE = ("ask_human", "restart", "self_harm_risk", "violence_risk", "collective_risk")


def turn(matter: Matter, heard: Heard, kb: KnowledgeBase, today: date) -> Outcome | None:
    """The outcome if the message opens or belongs to an application; None when it is the consultation's."""
    if heard.risk or heard.act in ELSEWHERE:
        return None
    if not matter.aid and heard.act != "apply_aid":
        return None
    talk = ChatApplication(kb)
    if not talk.active(matter.aid):
        return _begin(talk, matter, heard, kb, today) if heard.act == "apply_aid" else None
    state, text, command = talk.hear(matter.aid or {}, heard.text, _facts(heard))
    if not text:
        return _beside(talk, matter, heard, kb, today)
    matter.aid = state if talk.active(state) else None
    return _outcome(matter, heard, [text], kb, today, [command] if command else [])


def _begin(talk: ChatApplication, matter: Matter, heard: Heard, kb: KnowledgeBase, today: date) -> Outcome:
    told = answer_object(matter, assess(matter.facts, matter.topics, kb, today, matter.wanted), kb)
    matter.aid, text = talk.start(summary(matter, {**told, "risk": []}, kb))
    return _outcome(matter, heard, [text], kb, today)


def _beside(talk: ChatApplication, matter: Matter, heard: Heard, kb: KnowledgeBase, today: date) -> Outcome:
    """Answer a side question, then return to what the application was asking."""
    state = matter.aid or {}
    asked, matter.asked = matter.asked, None
    outcome = consultation.turn(matter, heard, kb, today)
    outcome.matter.aid, outcome.matter.asked = state, asked
    *first, last = outcome.messages
    back = f"{last}\n{talk.prompt(state)}"
    outcome.messages = [*first, back] if len(back) <= LIMIT else [*outcome.messages, talk.prompt(state)]
    outcome.answer["reply"] = outcome.messages
    return outcome


def _facts(heard: Heard) -> dict[str, Any]:
    return {m.fact: m.value for m in heard.mentions if not m.invalid and (m.fact != "quantity" or m.kind == "money")}


def _outcome(
    matter: Matter,
    heard: Heard,
    messages: list[str],
    kb: KnowledgeBase,
    today: date,
    commands: list[dict[str, Any]] | None = None,
) -> Outcome:
    found = assess(matter.facts, matter.topics, kb, today, matter.wanted)
    answer = {
        "act": heard.act,
        "topics": [{"name": n, "confidence": round(c, 3)} for n, c in heard.topics],
        **answer_object(matter, found, kb),
        "problems": list(matter.topics),
        "risk": list(heard.risk),
        "asker": heard.asker,
        "entries": [],
        "ask_next": None,
        "handoff": None,
        "reply": messages,
        "confident": True,
    }
    return Outcome(matter, messages, answer, commands or [])
