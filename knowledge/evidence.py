"""The evidence ladder: what proves one thing, the strongest paper first, who holds it and how to get it.

Which papers there are and whose burden the proof is, is content (content/evidence); here a ladder is found and told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from knowledge.answer import CIRCLED, LIMIT, Section, cites, fill, fit
from knowledge.law import Law
from knowledge.nearest import nearest
from knowledge.parts import Ladder, Rung, published
from knowledge.patterns import compiled
from knowledge.release import KnowledgeBase

SAME = 0.4  # from this score on a question is a ladder's own wording; both chosen with tests/cases/doors.yml
NEAR = 0.15  # from this score on a question that asks for proof is about the nearest ladder


def which(kb: KnowledgeBase, text: str) -> Ladder | None:
    """The ladder that a question about evidence asks for; None when it asks for none or names no thing to prove."""
    name, score = nearest(((e.id, e.label, e.asks) for e in published(kb.evidence.values())), text)
    if score >= SAME:
        return kb.evidence[name]
    words = kb.procedures["guides"]
    if not compiled(words["asks_proof"]).search(text):
        return None
    said = [row["ladder"] for row in words["proves"] if compiled(row["words"]).search(text)]
    if len(said) == 1 and len(text) <= words["proof_most"]:
        return kb.evidence[said[0]]
    return kb.evidence[name] if score >= NEAR else None


def ladder_lines(kb: KnowledgeBase, proves: str, law: Law, today: date) -> str:
    """A ladder as a worker reads it: whose burden first, then the papers by weight, at most 600 characters.

    `proves` is the id of a ladder. Raises KeyError for an unknown one. The weakest papers are left out where all do not fit.
    """
    ladder, words = kb.evidence[proves], kb.procedures["guides"]
    burden = fill(ladder.burden, law, today)
    made = [Section(words["evidence_title"].format(label=ladder.label, burden=burden))]
    for place, rung in enumerate(ladder.rungs):
        made.append(Section(f"{CIRCLED[place]} {_rung(rung, words, law, today)}", max(0, place - 2)))
    made.append(Section(kb.procedures["phrases"]["basis_title"] + cites(ladder.basis, kb, 3)))
    return fit(made, LIMIT)


def _rung(rung: Rung, words: Mapping[str, Any], law: Law, today: date) -> str:
    """银行流水（很有力，银行）：带身份证去银行打。没有就用：微信转账记录。"""
    weight, held = words["weights"][rung.weight], words["held"][rung.held_by]
    told = words["rung"].format(paper=rung.paper, weight=weight, held=held, how=fill(rung.how, law, today))
    return told + (words["instead"] + "、".join(rung.instead) + "。" if rung.instead else "")
