"""Whether what the content names exists: facts and their values, kinds of claim, kinds of deadline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from knowledge.check_texts import items
from knowledge.claims import FORMULAS
from knowledge.deadlines import DEADLINES
from knowledge.reading import Document, Path_
from knowledge.release import KnowledgeBase
from knowledge.shape import listed

ANY_CLAIM, ENDING = "any", "ending"  # every claim (of a door); what procedures/ending.yml decides (of a topic)
CLAIMS = "claims"  # in the `when` of a closed door: what is claimed


def links(doc: Document, kb: KnowledgeBase) -> None:
    """Notes every fact, value, kind of claim or deadline in the document that does not exist."""
    for item in items([doc]):
        _claims(doc, [*item.where, "claims"], item.row.get("claims"), kb)
        for key in ("when", "best"):
            _when(doc, [*item.where, key], item.row.get(key), kb)
        closed = item.row.get("closed")
        for place, row in enumerate(closed if isinstance(closed, list) else ()):
            if isinstance(row, dict) and isinstance(row.get("when"), dict):
                at = [*item.where, "closed", place, "when"]
                _claims(doc, [*at, CLAIMS], row["when"].get(CLAIMS), kb)
                _when(doc, at, {k: v for k, v in row["when"].items() if k != CLAIMS}, kb)
    if doc.file == "procedures/topics.yml":
        _topics(doc, kb)
    elif doc.file == "procedures/ending.yml":
        _rows(doc, kb)
    elif doc.file == "procedures/asked.yml":
        _asked(doc, kb)


def _exists(doc: Document, where: Path_, name: Any, known: Iterable[str], what: str) -> None:
    if not isinstance(name, str) or name not in known:
        doc.wrong(where, f"没有叫“{name}”的{what}", f"可以写：{'、'.join(known)}")


def _claims(doc: Document, where: Path_, claims: Any, kb: KnowledgeBase) -> None:
    known = [*FORMULAS, ANY_CLAIM] if doc.file.startswith("doors/") else list(FORMULAS)
    for place, kind in enumerate(claims if isinstance(claims, list) else ()):
        _exists(doc, [*where, place], kind, known, "算法（claims）")


def _when(doc: Document, where: list[str | int], when: Any, kb: KnowledgeBase) -> None:
    """Conditions: known facts, and for facts with a choice known values (`unknown` for what nobody has said)."""
    if not isinstance(when, dict) or not kb.facts:
        return
    for name, wanted in when.items():
        fact = kb.facts.get(name)
        if fact is None:
            doc.wrong([*where, name], f"没有叫“{name}”的事实", "事实的名字见 facts.yml")
            continue
        if fact.type not in ("choice", "bool"):
            continue
        allowed = [*fact.choices, "unknown"] if fact.type == "choice" else [True, False, "unknown"]
        for value in wanted if isinstance(wanted, list) else [wanted]:
            if value not in allowed:
                shown = "、".join("true" if a is True else "false" if a is False else str(a) for a in allowed)
                doc.wrong([*where, name], f"“{name}”没有“{value}”这个值", f"可以写：{shown}")


def _topics(doc: Document, kb: KnowledgeBase) -> None:
    for name, topic in doc.data.get("topics", {}).items():
        at: list[str | int] = ["topics", name]
        if not isinstance(topic, dict):
            continue  # noted by knowledge.check_procedures
        for key, known, what in (
            ("ask", kb.facts, "事实"), ("also_ask", kb.facts, "事实"), ("deadlines", DEADLINES, "期限")
        ):  # fmt: skip
            for place, value in enumerate(listed(topic.get(key))):
                _exists(doc, [*at, key, place], value, known, what)
        for place, spec in enumerate(listed(topic.get("claims"))):
            where = [*at, "claims", place]
            kind = spec.get("kind") if isinstance(spec, dict) else spec
            _exists(doc, where, kind, [*FORMULAS, ENDING], "算法（claims）")
            for key in ("if_known", "unless") if isinstance(spec, dict) else ():
                if key in spec:
                    _exists(doc, where, spec[key], kb.facts, "事实")


def _rows(doc: Document, kb: KnowledgeBase) -> None:
    for place, row in enumerate(listed(doc.data.get("rows"))):
        at: list[str | int] = ["rows", place]
        if not isinstance(row, dict):
            continue
        _when(doc, [*at, "when"], row.get("when"), kb)
        for where, kind in _kinds(listed(row.get("claims")), [*at, "claims"]):
            _exists(doc, where, kind, FORMULAS, "算法（claims）")


def _asked(doc: Document, kb: KnowledgeBase) -> None:
    for place, row in enumerate(listed(doc.data.get("rows"))):
        at: list[str | int] = ["rows", place]
        if not isinstance(row, dict):
            continue
        if "kind" in row:
            _exists(doc, [*at, "kind"], row["kind"], FORMULAS, "算法（kind）")
        if "deadline" in row:
            _exists(doc, [*at, "deadline"], row["deadline"], DEADLINES, "期限")
        for key in ("shown_by", "needs"):
            for name in row.get(key) or ():
                _exists(doc, [*at, key], name, kb.facts, "事实")


def _kinds(specs: Iterable[Any], where: list[str | int]) -> Iterator[tuple[Path_, Any]]:
    for place, spec in enumerate(specs):
        if isinstance(spec, dict):
            yield [*where, place], spec.get("kind")
            yield from _kinds(listed(spec.get("plus")), [*where, place, "plus"])
