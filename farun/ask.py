"""`farun ask`: understand and answer texts without a database, one answer object a text."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from base import clock
from base.settings import Settings
from knowledge import asking, consultation, release
from knowledge.matter import Heard, Matter


class Asker:
    """The trained model and the knowledge base, asked directly. `on` is what counts as today."""

    def __init__(self, settings: Settings, on: date | None = None):
        from bot.agent import Brain
        from bot.train import train

        self.brain = Brain.load(train(settings))
        self.kb = release.load()
        self.on = on

    def understood(self, text: str, context: str | None = None) -> dict[str, Any]:
        """The answer object of one text; alias for evaluations that look at what was understood."""
        return self.answer({"id": None, "text": text, "context": context})

    def worded(self, text: str, on: date) -> dict[str, Any]:
        """The answer object of a worker's wording on a given day."""
        return self.answer({"id": None, "text": text}, on)

    def answer(self, row: dict[str, Any], on: date | None = None) -> dict[str, Any]:
        """The answer object (docs: surface) of a row {id, text[, context]}."""
        on = on or self.on or clock.today()
        with clock.at(on):
            parse = self.brain.understand(str(row.get("text") or ""))
            matter = Matter(asked=asking.asked_fact(self.kb.facts, row["context"]) if row.get("context") else None)
            outcome = consultation.turn(matter, Heard.from_parse(parse), self.kb, on)
        return {"id": row.get("id"), "text": row.get("text"), **outcome.answer}

    def batch(self, source: Path, target: Path | None) -> int:
        """Answer every row of a JSON-lines file, in order; a bad row becomes an object with `error`."""
        lines = source.read_text(encoding="utf-8").splitlines()
        out: TextIO = target.open("w", encoding="utf-8") if target else sys.stdout
        try:
            for answer in tqdm(self._answers(lines), total=len(lines), disable=None, file=sys.stderr):
                out.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
        finally:
            if target:
                out.close()
        return 0

    def _answers(self, lines: list[str]) -> Iterator[dict[str, Any]]:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                    raise ValueError("a row is an object with a text")
            except ValueError as error:
                yield {"id": None, "error": {"code": "bad_row", "message": f"line {number}: {error}"}}
                continue
            yield self.answer(row)
