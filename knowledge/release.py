"""One release of the knowledge base: all reviewed content, read, checked and named by its own hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from base import clock
from knowledge import citing, schema
from knowledge.calendar_cn import Calendar
from knowledge.parts import Article, Basis, Door, Entry, Fact, Ladder, LawText, Parameter, Place, published
from knowledge.reading import BadContent, ContentError, documents

if TYPE_CHECKING:
    from knowledge.search import Search

CONTENT = Path(__file__).parent / "content"

__all__ = ["CONTENT", "BadContent", "ContentError", "Entry", "Fact", "KnowledgeBase", "load", "unconfirmed"]


@dataclass(frozen=True)
class KnowledgeBase:
    """Checked content. `parameters` is keyed by (key, region); `entries` keeps the order of the files."""

    id: str
    facts: Mapping[str, Fact]
    parameters: Mapping[tuple[str, str], Parameter]
    laws: Mapping[str, LawText]
    bases: Mapping[str, Basis]
    entries: tuple[Entry, ...]
    procedures: Mapping[str, Any]
    doors: Mapping[str, Door] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    evidence: Mapping[str, Ladder] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def cite(self, citation: str) -> str:
        """《劳动合同法》第四十七条第一款. Raises KeyError or ValueError for a citation that does not exist."""
        return citing.render(citation, self.laws)

    def article(self, citation: str, on: date | None = None) -> Article | None:
        """The article that is cited, as worded on `on` (else as it is now); None for a law cited as a whole."""
        law, article, _, _ = citing.split(citation)
        if article is None:
            return None
        known = self.laws[law].articles[article]
        return known if on is None else known.at(on) or known

    def gist(self, citation: str, on: date | None = None) -> str:
        """What the cited article says (on `on`), in plain words."""
        found = self.article(citation, on)
        return self.laws[citing.split(citation)[0]].gist if found is None else found.gist

    @property
    def articles(self) -> dict[str, Article]:
        """Every article by its citation, e.g. "劳动合同法/47"."""
        return {f"{law.law}/{a.id}": a for law in self.laws.values() for a in law.articles.values()}

    @cached_property
    def published(self) -> tuple[Entry, ...]:
        """The entries that workers may read; drafts are for the staff alone."""
        return published(self.entries)

    def entry(self, entry_id: str) -> Entry:
        """The entry with this id. Raises KeyError."""
        return self._by_id[entry_id]

    @cached_property
    def _by_id(self) -> dict[str, Entry]:
        return {e.id: e for e in self.entries}

    @cached_property
    def calendar(self) -> Calendar:
        """Statutory holidays, rest days and workdays (procedures/holidays.yml), built when first used."""
        return Calendar(self.procedures.get("holidays", {}))

    @cached_property
    def search(self) -> Search:
        """The search over the entries, built when first used."""
        from knowledge.search import Search

        return Search(self.published, self.procedures.get("synonyms", {}).get("synonyms", ()))


def load(path: Path = CONTENT, on: date | None = None) -> KnowledgeBase:
    """The checked knowledge base below `path`; `on` (today) is the day on which citations must be in force.

    Raises BadContent with every mistake found.
    """
    kb, errors = read(path, on)
    if errors:
        raise BadContent(errors)
    return kb


def read(path: Path, on: date | None = None) -> tuple[KnowledgeBase, list[ContentError]]:
    """What could be read below `path`, and every mistake in it."""
    errors: list[ContentError] = []
    if not path.is_dir():
        errors.append(ContentError(str(path), 1, "没有这个文件夹", "给出 knowledge/content 的路径"))
    found = list(documents(path, errors)) if path.is_dir() else []
    parts = schema.build(found, on or clock.today(), errors)
    return KnowledgeBase(id=_name(path), **parts), errors


def _name(path: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*.yml")):
        digest.update(file.relative_to(path).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return f"kb-{digest.hexdigest()[:12]}"


@dataclass(frozen=True)
class Unconfirmed:
    """Something that staff must look up: kind (parameter|article|entry), what, why, and where it stands."""

    kind: str
    name: str
    status: str
    why: str
    file: str = ""
    line: int = 0


def unconfirmed(kb: KnowledgeBase) -> list[Unconfirmed]:
    """Everything that is to be confirmed or unknown, for the staff who can look it up."""
    made: list[Unconfirmed] = []
    for parameter in kb.parameters.values():
        for v in parameter.values:
            if v.status != "confirmed" or v.doubt:
                name = f"{parameter.title}（{parameter.key}，{v.from_}起）"
                made.append(Unconfirmed("parameter", name, v.status, v.doubt or v.source, v.file, v.line))
    for law in kb.laws.values():
        if law.status != "confirmed":
            made.append(Unconfirmed("article", law.title, law.status, "凭记忆写的，要对照原文"))
        for a in law.articles.values():
            if a.status != "confirmed":
                made.append(Unconfirmed("article", f"{law.title}第{a.id}条", a.status, "凭记忆写的，要对照原文"))
    for e in kb.entries:
        if e.status != "confirmed":
            made.append(Unconfirmed("entry", f"{e.title}（{e.id}）", e.status, e.owner))
    return made
