"""What the bot remembers of a conversation between two messages: all slots and the last few turns, never more.

Everything a prediction needs fits in a constant number of events, so message 300 costs what message 5 costs.
A memory is immutable text (JSON): a turn that fails half-way leaves it untouched, and it can be stored as it is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

KEPT_TURNS = 2  # turns that the dialogue policies may look back


def dump(value: Any) -> str:
    """Compact JSON with Chinese written as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Memory:
    """Slots (JSON object) and the last turns (each a JSON list of Rasa events), oldest first."""

    slots_json: str = "{}"
    turns: tuple[str, ...] = ()

    @property
    def slots(self) -> dict[str, Any]:
        """The slot values, a fresh copy each time."""
        values: dict[str, Any] = json.loads(self.slots_json)
        return values

    def events(self) -> list[dict[str, Any]]:
        """The events of the kept turns in order, fresh copies."""
        return [event for turn in self.turns for event in json.loads(turn)]

    def followed_by(self, events_json: str, slots_json: str) -> Memory:
        """The memory after one more turn."""
        return Memory(slots_json, (*self.turns, events_json)[-KEPT_TURNS:])

    @classmethod
    def restored(cls, rows: Sequence[tuple[str, str]]) -> Memory | None:
        """The memory from stored rows (`new_events_json`, `slots_json`), oldest first; `KEPT_TURNS` suffice."""
        if not rows:
            return None
        return cls(rows[-1][1], tuple(events for events, _ in rows[-KEPT_TURNS:]))

    def to_json(self) -> str:
        """One JSON text; the inverse of `from_json`."""
        return dump({"slots": self.slots_json, "turns": list(self.turns)})

    @classmethod
    def from_json(cls, text: str) -> Memory:
        """The memory written by `to_json`; ValueError or KeyError for anything else."""
        data = json.loads(text)
        return cls(str(data["slots"]), tuple(str(turn) for turn in data["turns"]))
