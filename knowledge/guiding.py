"""Whether a wording asks for the ways to go (doors) or for proof (evidence), and what is then said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge import doors, evidence
from knowledge.law import Law
from knowledge.patterns import compiled


@dataclass(frozen=True)
class Guide:
    """A text of at most 600 characters, and what it is about: doors, door:ID or evidence:ID."""

    name: str
    text: str


def guide(
    text: str, topics: Sequence[str], values: Mapping[str, Any], kinds: Iterable[str], law: Law, today: date
) -> Guide | None:
    """What to say about doors or evidence; None when the text asks for neither. `topics` are the open problems."""
    kb, kinds = law.kb, tuple(kinds)
    words = kb.procedures["guides"]
    bare = topics and re.fullmatch(words["bare_proof"], text.strip("？?。！! "))
    ladder = None if bare else evidence.which(kb, text)
    proof = ladder.id if ladder else None
    if proof is None and compiled(words["asks_proof"]).search(text):  # 要什么证据: for the problem that is open
        proof = next((words["proof_of_topic"][t] for t in topics if t in words["proof_of_topic"]), None)
    if proof is not None:
        return Guide(f"evidence:{proof}", evidence.ladder_lines(kb, proof, law, today))
    door = doors.which(kb, text)
    if door is not None:
        return Guide(f"door:{door.id}", doors.door_text(door, kb, values, kinds, today))
    if compiled(words["asks_ways"]).search(text):
        return Guide("doors", doors.door_lines(kb, values, kinds, today))
    return None
