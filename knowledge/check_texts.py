"""Whether a worker can read what editors write: short sentences, plain words, no figure typed by hand, eight wordings.

The rules are those of the entries' guide; every mistake carries file, line and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.answer import LIMIT, entry_text, fill
from knowledge.law import Law
from knowledge.parts import DRAFT
from knowledge.reading import Document, Path_
from knowledge.release import KnowledgeBase
from knowledge.schema import PLACEHOLDER
from knowledge.schema_guides import VERDICTS
from knowledge.search import normalise
from knowledge.shape import listed

SENTENCE = 20  # characters that a sentence may have on average
ASKS = 8  # ways in which people ask, at least
LINE, STEP, STEPS, MORE, AVOIDS = 60, 40, 3, 120, 2  # characters of a line, of a step; steps; characters; warnings
UNSURE = "以顾问确认为准"
TERMS = "用人单位 劳动者 被申请人 标的 举证 诉讼请求 主张 履行 给付 之日起 依法".split()
FIGURE = re.compile(r"\d+\s*(?:元|块|天|日内|个月|个工作日|小时|%|倍|年)")
HAN_TIME = r"[一二两三四五六七八九十百]+个?(?:年|月|天|日|小时|工作日)"
HAN_LIMIT = re.compile(rf"{HAN_TIME}(?:之|以)?内|(?:最长|最多|最晚|至少)(?:要)?存?{HAN_TIME}|存{HAN_TIME}")
LONG_NUMBER = re.compile(r"\d{3,}")
YEAR = re.compile(r"(?:19|20)\d\d年")
BRACES = re.compile(r"\{[^}]*\}")
# Which lists stand in which folder, and which of their texts a worker reads.
LISTS = {"entries": "entries", "sayings": "sayings", "doors": "doors", "evidence": "evidence"}
TOLD = {
    "entries": ("title", "in_a_line", "today", "until", "say_more", "avoid", "where"),
    "sayings": ("answer", "today", "say_more", "avoid"),
    "doors": ("name", "line", "cost", "time", "papers", "clock", "closed"),
    "evidence": ("label", "burden", "rungs"),
}
INNER = ("say", "paper", "how", "instead")  # of what is read in a list of maps


@dataclass(frozen=True)
class Item:
    """One entry, saying, door or ladder where it stands in its file."""

    kind: str
    doc: Document
    where: Path_
    row: dict[str, Any]

    def texts(self) -> Iterator[tuple[Path_, str]]:
        """Each text that a worker reads, and where it stands."""
        for key in TOLD[self.kind]:
            yield from _told(self.row.get(key), [*self.where, key])

    def wrong(self, key: str, problem: str, hint: str) -> None:
        """Notes a mistake at one of its keys."""
        self.doc.wrong([*self.where, key], problem, hint)


def _told(value: Any, where: list[str | int]) -> Iterator[tuple[Path_, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _told(part, [*where, place])
    elif isinstance(value, dict):
        for key in INNER:
            yield from _told(value.get(key), [*where, key])


def items(found: Sequence[Document]) -> Iterator[Item]:
    """Every entry, saying, door and ladder that is a map."""
    for doc in found:
        kind = doc.file.split("/")[0]
        if kind not in LISTS:
            continue
        alone = isinstance(doc.data, dict) and LISTS[kind] not in doc.data
        listed = [doc.data] if alone else doc.data[LISTS[kind]] if isinstance(doc.data, dict) else doc.data
        for place, row in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(row, dict):
                at: list[str | int] = [] if alone else [LISTS[kind], place] if isinstance(doc.data, dict) else [place]
                yield Item(kind, doc, at, row)


def check(found: Sequence[Document], kb: KnowledgeBase, on: date) -> None:
    """Notes every text that is too hard, too long, unsure without saying so, or holds a typed figure."""
    law = Law(kb)
    outside = kb.procedures.get("outside", {})
    phones = {str(number) for number in outside.get("phones", {})}
    limits = [str(row.get("says")) for row in listed(outside.get("limits")) if isinstance(row, dict)]
    asked: dict[str, str] = {}
    for item in items(found):
        if not item.row.get("basis") and item.row.get("status") != DRAFT:
            item.wrong(
                "basis", "没有写依据（basis）", "写上 法律/条/款/项，例如 [劳动合同法/47/1]；还没写好的，状态写 draft"
            )
        for where, text in item.texts():
            _plain(item.doc, where, text, phones)
            _limits(item.doc, where, text, limits)
        if item.row.get("status") != DRAFT:
            _unsure(item, law, on)
        if item.kind == "sayings":
            _verdict_once(item)
        if item.kind in ("entries", "sayings"):
            _asks(item, asked)
            _short(item, law, on)


def _plain(doc: Document, where: Path_, text: str, phones: set[str]) -> None:
    for term in TERMS:
        if term in text and f"{term}（" not in text:
            doc.wrong(where, f"用了没解释的词“{term}”", f"换成大白话，或者写成“{term}（意思）”")
    for braces in BRACES.findall(text):
        if not PLACEHOLDER.fullmatch(braces):
            doc.wrong(where, f"“{braces}”填不上数", "写成 {param:名字} 或 {limit:名字}")
    typed = YEAR.sub("", BRACES.sub("", text))
    for figure in FIGURE.findall(typed):
        doc.wrong(where, f"手写了数字“{figure}”", "写成 {param:名字} 或 {limit:名字}；和法律无关的数写成汉字")
    for number in LONG_NUMBER.findall(FIGURE.sub("", typed)):
        if number not in phones:
            hint = "法定的数写成 {param:名字}；电话先写进 procedures/outside.yml 的 phones"
            doc.wrong(where, f"手写了数字“{number}”", hint)


def _limits(doc: Document, where: Path_, text: str, allowed: Sequence[str]) -> None:
    """Time limits in Chinese numerals, which nobody finds when the law changes."""
    for says in allowed:
        text = text.replace(says, "")
    for limit in HAN_LIMIT.findall(text):
        hint = "写成 {limit:名字}；没有这个数的，登记进 procedures/outside.yml 的 limits（says、why）"
        doc.wrong(where, f"手写了期限“{limit}”", hint)


def _asks(item: Item, asked: dict[str, str]) -> None:
    wordings = item.row.get("asks")
    if not isinstance(wordings, list):
        return
    own = {normalise(str(w)): str(w) for w in wordings}
    if len(own) < ASKS:
        item.wrong("asks", f"只有{len(own)}种问法", f"写够{ASKS}种不同的问法，照工人的原话")
    for flat, wording in own.items():
        other = asked.setdefault(flat, str(item.row.get("id")))
        if other != item.row.get("id"):
            item.wrong("asks", f"问法“{wording}”在“{other}”里已有", "只留在一条里，另一条换个说法")


def _verdict_once(item: Item) -> None:
    """The verdict's words are put before the answer by farun."""
    words = VERDICTS.get(str(item.row.get("verdict")), "")
    if words and re.match(rf"(?:这话|他说的|老板说的)?{words}", str(item.row.get("answer"))):
        item.wrong("answer", f"“{words}”说了两遍", f"法润会先说“{words}。”，回答里删掉它")


def _short(item: Item, law: Law, on: date) -> None:
    row = item.row
    line = row.get("in_a_line") or f"{VERDICTS.get(str(row.get('verdict')), '')}。{row.get('answer')}"
    steps = [str(s) for s in row.get("today") or ()]
    told = [_filled(text, law, on) for text in (str(line), *steps)]
    sentences = [s for text in told for s in re.split("[。；！？：，]", text) if s]
    average = sum(map(len, sentences)) / max(len(sentences), 1)
    first = "in_a_line" if "in_a_line" in row else "answer"
    if average > SENTENCE:
        item.wrong(first, f"句子太长：平均{average:.1f}个字", f"拆短，平均不超过{SENTENCE}个字")
    if len(told[0]) > LINE:
        item.wrong(first, f"这一句有{len(told[0])}个字", f"不超过{LINE}个字，其余放到 say_more")
    if not 1 <= len(steps) <= STEPS:
        item.wrong("today", f"今天要做的有{len(steps)}步", f"写1到{STEPS}步")
    for place, step in enumerate(told[1:]):
        if len(step) > STEP:
            item.doc.wrong([*item.where, "today", place], f"这一步有{len(step)}个字", f"不超过{STEP}个字")
    if len(_filled(str(row.get("say_more") or ""), law, on)) > MORE:
        item.wrong("say_more", "说得太多", f"不超过{MORE}个字")
    if len(row.get("avoid") or ()) > AVOIDS:
        item.wrong("avoid", f"不要做的有{len(row['avoid'])}条", f"最多{AVOIDS}条，留最要紧的")


def _filled(text: str, law: Law, on: date) -> str:
    try:
        return fill(text, law, on)
    except KeyError:  # a parameter that does not exist is a mistake of its own
        return BRACES.sub("", text)


def _unsure(item: Item, law: Law, on: date) -> None:
    """What stands on a value or an article that is not confirmed says so, and what says so is marked."""
    told = "".join(text for _, text in item.texts())
    says, marked = UNSURE in told, item.row.get("status") == "to_confirm"
    if says != marked:
        hint = "写 status: to_confirm" if says else f"在文字里写上“{UNSURE}”，或者改成 status: confirmed"
        item.wrong("status", "文字和状态对不上", hint)
    leans = next((w for w in _leanings(item, told, law, on)), None)
    if leans is not None and not says:
        item.wrong("status", f"用到了还没核实的“{leans}”", f"在文字里写上“{UNSURE}”，状态写 to_confirm")


def _leanings(item: Item, told: str, law: Law, on: date) -> Iterator[str]:
    known = {key for key, _ in law.kb.parameters}
    for _, key in PLACEHOLDER.findall(told):
        if key in known and law.parameter(key, on).status != "confirmed":
            yield key
    closed = [row for row in item.row.get("closed") or () if isinstance(row, dict)]
    for citation in (c for row in (item.row, *closed) for c in row.get("basis") or ()):
        name, *rest = str(citation).split("/")
        text = law.kb.laws.get(name)
        article = text.articles.get(rest[0]) if text and rest else None
        if text is not None and (text.status != "confirmed" or (article and article.status != "confirmed")):
            yield str(citation)


def too_long(found: Sequence[Document], kb: KnowledgeBase, on: date) -> None:
    """Notes the entries and sayings that do not fit into one message; for content without other mistakes."""
    law = Law(kb)
    placed = {item.row.get("id"): item for item in items(found) if item.kind in ("entries", "sayings")}
    for entry in kb.entries:
        length = sum(len(s.text) + 1 for s in entry_text(entry, law, on))
        if length > LIMIT:
            placed[entry.id].wrong("id", f"整条有{length}个字，一条消息放不下", f"删到{LIMIT}个字以内")
