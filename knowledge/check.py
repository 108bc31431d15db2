"""The check behind `farun kb check`: every mistake in the content, with file, line and what to write instead.

Errors stop publication; warnings (what lapses or is due for review soon) are for the staff who plan their work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from base import clock
from knowledge import check_texts, citing, schema
from knowledge.check_calendar import calendar
from knowledge.check_code import uses
from knowledge.check_links import links
from knowledge.check_procedures import procedures
from knowledge.check_texts import items
from knowledge.parts import Parameter
from knowledge.reading import Document, Path_, documents
from knowledge.release import CONTENT, ContentError, KnowledgeBase
from knowledge.shape import TEXT, listed, shaped

SOON = timedelta(days=60)  # a value or a law that lapses within these days is a warning
DUE = timedelta(days=30)  # so is a review
OPENED = timedelta(days=365)  # a link should have been opened within these days
SINCE = date(2008, 1, 1)  # from this day on a formula must find its numbers
NAMED = re.compile(r"[〔《]|法|条例|办法|规定|解释|规则|细则|意见|通知|公告|[号令]|统计局|网")
FROM_MEMORY = re.compile(r"记忆|未核|没有核")
SECOND_HAND = re.compile(r"记忆|未核|没有核|二手|推算|待确认")
LINK = re.compile(r"https?://[^\s”」）)】，。；\"']+")


@dataclass(frozen=True)
class Findings:
    """What a check found, each list sorted by file and line; the errors of files that cannot be read stand first."""

    errors: list[ContentError]
    warnings: list[ContentError]
    unreadable: int = 0  # how many errors are of such files; those after them may follow from them


def check(path: Path = CONTENT, on: date | None = None) -> list[ContentError]:
    """Every mistake below `path`, sorted by file and line; an empty list when it can be published."""
    return examine(path, on).errors


def examine(path: Path = CONTENT, on: date | None = None) -> Findings:
    """Every mistake below `path` and everything that will become one soon, as of `on` (today)."""
    path = Path(path)
    errors: list[ContentError] = []
    if not path.is_dir():
        return Findings([ContentError(str(path), 1, "没有这个文件夹", "给出 knowledge/content 的路径")], [])
    return examine_documents(list(documents(path, errors)), on or clock.today(), errors)


def examine_documents(found: Sequence[Document], on: date, errors: list[ContentError]) -> Findings:
    """The findings in documents whose `errors` is the given list, which holds those of the files that cannot be read."""
    lost = sorted(set(errors))
    kb = KnowledgeBase(id="", **schema.build(found, on, errors))
    warnings: list[ContentError] = []
    for doc in found:
        _values(doc, on, warnings)
        _laws(doc, on, warnings)
        _rules(doc, kb)
        _first_days(doc, kb, on)
        _addresses(doc, kb, on, warnings)
        links(doc, kb)
        procedures(doc, kb)
        calendar(doc, on, warnings)
    _reviews(found, on, warnings)
    check_texts.check(found, kb, on)
    if kb.bases:  # a folder without rules is a part of a knowledge base, which no formula reads
        errors += _missing_names(kb, on)
        if not errors:
            check_texts.too_long(found, kb, on)
    return Findings(lost + sorted(set(errors) - set(lost)), sorted(set(warnings)), len(lost))


def _warn(doc: Document, where: Path_, problem: str, hint: str, warnings: list[ContentError]) -> None:
    warnings.append(ContentError(doc.file, doc.line(where), problem, hint))


def _maps(doc: Document, key: str) -> Iterator[tuple[list[str | int], dict[str, Any]]]:
    """The maps of a document's list `key`, and the document itself where it is one map."""
    if isinstance(doc.data, dict) and isinstance(doc.data.get(key), list):
        for place, row in enumerate(doc.data[key]):
            if isinstance(row, dict):
                yield [key, place], row
    elif isinstance(doc.data, dict):
        yield [], doc.data


# --- numbers


def _values(doc: Document, on: date, warnings: list[ContentError]) -> None:
    """Sources of numbers, steps left out, and numbers that lapse."""
    if not doc.file.startswith("parameters/"):
        return
    for where, row in _maps(doc, "parameters"):
        values = [v for v in row.get("values") or () if isinstance(v, dict)]
        steps = {step for v in values if isinstance(v.get("value"), dict) for step in v["value"]}
        for place, value in enumerate(values):
            at = [*where, "values", place]
            _source(doc, at, value)
            left_out = steps - set(value["value"]) if isinstance(value.get("value"), dict) else set()
            if left_out:
                steps_text = "、".join(map(str, sorted(left_out, key=str)))
                doc.wrong(at, f"这一行少了档：{steps_text}", "每一行都写齐各档，不知道的整行写 null")
        last = values[-1].get("to") if values else None
        if isinstance(last, date) and last <= on + SOON:
            hint = f"在后面加一行 from: {last + timedelta(days=1)}；还不知道就写 value: null、status: unknown"
            past = "已经失效" if last < on else "就要失效"
            _warn(doc, [*where, "values", len(values) - 1], f"“{row.get('title')}”{last}{past}", hint, warnings)


def _source(doc: Document, where: Path_, value: dict[str, Any]) -> None:
    source, status = str(value.get("source") or "").strip(), value.get("status")
    if not source:
        doc.wrong(where, "没有写出处（source）", "写文件名和条号，例如 source: 劳动合同法47")
    elif status == "confirmed" and FROM_MEMORY.search(source):
        doc.wrong(where, f"出处“{source}”还没核对，状态却是 confirmed", "改成 to_confirm，或者核对后改出处")
    elif status == "confirmed" and not NAMED.search(source):
        doc.wrong(where, f"出处“{source}”不是文件", "写文件名和条号，例如 source: 劳动合同法47")
    elif status == "to_confirm" and not (NAMED.search(source) or SECOND_HAND.search(source)):
        doc.wrong(where, f"出处“{source}”看不出从哪里来", "写文件名；没见过原文的写明“凭记忆”或“未核实”")


# --- laws and rules


def _laws(doc: Document, on: date, warnings: list[ContentError]) -> None:
    """Laws, articles and paragraphs that lapse soon."""
    if not doc.file.startswith("articles/"):
        return
    for where, law in _maps(doc, "laws"):
        ends = [([*where, "in_force_to"], str(law.get("law")), law.get("in_force_to"))]
        begin = {(a.get("id"), a.get("from")) for a in law.get("articles") or () if isinstance(a, dict)}
        for place, article in enumerate(law.get("articles") or ()):
            last = article.get("to") if isinstance(article, dict) else None
            follows = isinstance(last, date) and (article.get("id"), last + timedelta(days=1)) in begin
            if isinstance(article, dict) and not follows:
                at, name = [*where, "articles", place], f"{law.get('law')}/{article.get('id')}"
                ends.append((at, name, article.get("to")))
                repealed = article.get("repealed")
                for number, gone in (repealed if isinstance(repealed, dict) else {}).items():
                    ends.append((at, f"{name}/{number}", gone - timedelta(days=1) if isinstance(gone, date) else None))
        for at, name, last in ends:
            if isinstance(last, date) and on <= last <= on + SOON:
                _warn(doc, at, f"“{name}”{last}以后就不能引了", "准备好接替的条文，改引用它的答案", warnings)


def _rules(doc: Document, kb: KnowledgeBase) -> None:
    """The dated rows of a rule follow one another without overlap or gap."""
    if doc.file != "bases.yml":
        return
    for where, rule in _maps(doc, "bases"):
        rows = [r for r in rule.get("rows") or () if isinstance(r, dict)]
        for place, (before, after) in enumerate(zip(rows, rows[1:], strict=False), 1):
            ended, began = before.get("to"), after.get("from")
            if not isinstance(ended, date) or not isinstance(began, date) or began != ended + timedelta(days=1):
                at = [*where, "rows", place]
                wanted = f"上一行写 to，这一行写 from: {ended + timedelta(days=1)}" if isinstance(ended, date) else (
                    "上一行写上 to，这一行从第二天起"
                )  # fmt: skip
                doc.wrong(at, "依据的两段日期接不上", wanted)


def _first_days(doc: Document, kb: KnowledgeBase, on: date) -> None:
    """Citations in force on the first day of their row (the last one is looked at when the content is read)."""
    if doc.file != "bases.yml":
        return
    for where, rule in _maps(doc, "bases"):
        for place, row in enumerate(rule.get("rows") or ()):
            first = row.get("from") if isinstance(row, dict) else None
            if not isinstance(first, date) or first > on:
                continue
            for number, citation in enumerate(row.get("cite") or ()):
                wrong = citing.fault(citation, kb.laws, first)
                if wrong is not None:
                    doc.wrong([*where, "rows", place, "cite", number], f"从{first}起：{wrong[0]}", wrong[1])


# --- reviews and addresses


def _reviews(found: Sequence[Document], on: date, warnings: list[ContentError]) -> None:
    for item in items(found):
        due, name = item.row.get("review_by"), item.row.get("id")
        if not isinstance(due, date):
            continue
        if due < on:
            item.wrong("review_by", f"“{name}”过了复核期限{due}", "对照现行规定看一遍，改 reviewed_on 和 review_by")
        elif due <= on + DUE:
            at = [*item.where, "review_by"]
            _warn(item.doc, at, f"“{name}”{due}前要复核", "看一遍，改 reviewed_on 和 review_by", warnings)


def _addresses(doc: Document, kb: KnowledgeBase, on: date, warnings: list[ContentError]) -> None:
    """Every address in a text stands in procedures/outside.yml with the day on which somebody last opened it."""
    if doc.file == "procedures/outside.yml":
        for place, row in enumerate(listed(doc.data.get("limits"))):
            shaped(doc, ["limits", place], row, {"says": TEXT, "why": TEXT}, {})
        for place, row in enumerate(listed(doc.data.get("links"))):
            opened = row.get("checked") if isinstance(row, dict) else None
            if not isinstance(opened, date) or not LINK.fullmatch(str(row.get("url"))):
                doc.wrong(["links", place], "网址写得不对", "写成 {url: https://…, title: 名称, checked: 2026-11-24}")
            elif opened < on - OPENED:
                _warn(doc, ["links", place], f"{row['url']} 从{opened}起没人打开过", "打开看看，改 checked", warnings)
        return
    rows = listed(kb.procedures.get("outside", {}).get("links"))
    allowed = {row.get("url") for row in rows if isinstance(row, dict)}
    for where, text in schema.texts(doc.data, []):
        for url in LINK.findall(text):
            if url not in allowed:
                hint = "先打开核对，再写进 procedures/outside.yml 的 links（url、title、checked）"
                doc.wrong(where, f"没有登记过的网址 {url}", hint)


# --- what the code needs


def _missing_names(kb: KnowledgeBase, on: date) -> Iterator[ContentError]:
    """What the formulas and texts ask for by name and the content does not have, or has only up to a day."""
    keys = {key for key, _ in kb.parameters}
    scales = {key.split("/")[0] for key in keys if "/" in key}
    names: dict[str, tuple[set[str], str, str]] = {
        "parameter": (keys, "参数", "在 parameters/ 里加上它"),
        "scale": (scales, "分档的参数", "在 parameters/ 里加上它，value 按档写"),
        "rule": (set(kb.bases), "依据", "在 bases.yml 里加一条 rule"),
        "law": (set(kb.laws), "法律", "在 articles/ 里加上它"),
        "fact": (set(kb.facts), "事实", "在 facts.yml 里加上它"),
        "phrase": (set(kb.procedures.get("phrases", {})), "话", "在 procedures/phrases.yml 里加上它"),
        "procedure": (set(kb.procedures), "流程", "在 procedures/ 里加上它"),
    }
    used: set[str] = set()
    for use in uses():
        known, what, hint = names[use.kind]
        if not use.fits(known):
            yield ContentError(use.file, use.line, f"程序要用的{what}“{use.name}”没有", f"{hint}，或者改正程序里的名字")
        elif use.kind == "parameter":
            used |= {key for key in known if use.fits({key})}
    yield from _uncovered(kb, used, on)


def _uncovered(kb: KnowledgeBase, used: set[str], on: date) -> Iterator[ContentError]:
    """Used parameters without a row for some day from 2008 (or their first row) to today."""
    by_key: dict[str, list[Parameter]] = {}
    for (key, _), parameter in kb.parameters.items():
        by_key.setdefault(key, []).append(parameter)
    for key in sorted(used):
        rows = sorted((v for p in by_key[key] for v in p.values), key=lambda v: v.from_)
        day = max(SINCE, rows[0].from_)
        for value in rows:
            if value.from_ > day:
                break
            day = max(day, value.to + timedelta(days=1) if value.to else date.max)
        if day <= on:
            last = max((v for v in rows if v.to is not None), key=lambda v: v.from_)
            hint = f"加一行 from: {day}；还不知道就写 value: null、status: unknown"
            yield ContentError(last.file, last.line, f"公式要用“{key}”，{day}那天没有数", hint)
