"""Everyday questions put to farun through the trained model: what each worded case came to, as evaluation.cases judges it.

A row of tests/cases/worded_*.jsonl is a case of `farun evaluate cases`; one that farun is known to miss carries `known`,
the reason why.
"""

import json
import os
from pathlib import Path

from base import clock
from base.settings import Settings
from evaluation import cases
from knowledge import consultation, release
from knowledge.matter import Heard, Matter

CASES = Path(__file__).resolve().parent.parent / "cases"
MOST_KNOWN = 0.06  # share of a file's rows that may be known to be missed


def rows(name: str) -> list[dict]:
    """The cases of tests/cases/{name}.jsonl."""
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


class Farun:
    """Understands with the trained model (FARUN_TEST_MODEL, or the one that training gives) and answers."""

    def __init__(self) -> None:
        from bot.agent import Brain
        from bot.train import train

        self.brain = Brain.load(Path(os.environ.get("FARUN_TEST_MODEL") or train(Settings.load())))
        self.kb = release.load(on=cases.ON)

    def answer(self, text: str, on) -> dict:
        """The answer object of one question, asked on a day with nothing said before."""
        with clock.at(on):
            heard = Heard.from_parse(self.brain.understand(text))
            return consultation.turn(Matter(), heard, self.kb, on).answer

    def judged(self, name: str) -> dict[str, dict]:
        """Each case of a file as evaluation.cases judges it when its question is asked, by its id."""
        made = cases.run(CASES / f"{name}.jsonl", worded=True, ask=self.answer, quiet=True)
        return {judged["id"]: judged for judged in made["rows"]}


def told(row: dict, judged: dict) -> str:
    """A failure for the reader: the question, what was wanted and what came."""
    faults = cases.faults(row["expected"], judged["got"] or {})
    return f"{row['question_zh']}\nwanted {row['expected']}\ngot    {judged['got']}\nfaults {faults}"
