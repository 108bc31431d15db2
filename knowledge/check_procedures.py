"""Whether the files below procedures/ say what the code can read: fields, patterns, names of facts, gaps in phrases.

A field that is misspelt or a pattern that does not compile would otherwise be silent, or stop every answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from knowledge import schema, shape
from knowledge.check_code import filled
from knowledge.parts import published
from knowledge.reading import Document, Path_
from knowledge.release import KnowledgeBase
from knowledge.shape import BOOL, COUNT, LIST, MAP, TEXT, TEXTS, Spec, shaped

SEVERANCE_MODE = "severance.mode."  # as in knowledge.claims.severance: the rules of bases.yml for ways of leaving
ANSWER_KINDS = ("money", "duration", "date", "bool", "count", "number")
PAYS = shape.one_of("first", "own", "limited", "joint", "also")
CITES = shape.Kind("一条引用或引用的列表", lambda v: isinstance(v, str | list))
NEEDS = shape.Kind("“事实: known 或 [值, 值]”的表", lambda v: isinstance(v, dict) and all(map(_needed, v.values())))
WHEN = shape.Kind(
    "“事实: [值, 值]”的表", lambda v: isinstance(v, dict) and all(isinstance(w, list) for w in v.values())
)
BRACES = re.compile(r"\{([^{}]*)\}")


def _needed(wanted: Any) -> bool:
    return wanted == "known" or isinstance(wanted, list)


def procedures(doc: Document, kb: KnowledgeBase) -> None:
    """Notes what is wrong in a document of procedures/ whose fields are known here."""
    check = CHECKS.get(doc.file)
    if check is not None:
        check(doc, kb)


def _rows(doc: Document, key: str, required: Spec, optional: Spec) -> Iterable[tuple[list[str | int], dict[str, Any]]]:
    """The well-formed rows of the list `key` and their places; what is not well-formed is noted."""
    found = doc.data.get(key)
    if not isinstance(found, list):
        doc.wrong([key], f"缺少“{key}”列表", f"写一行 {key}:，下面每项以“- ”开头")
        return
    for place, row in enumerate(found):
        if shaped(doc, [key, place], row, required, optional):
            yield [key, place], row


def _pattern(doc: Document, where: Path_, pattern: Any) -> None:
    try:
        re.compile(str(pattern))
    except re.error as error:
        doc.wrong(where, f"“{pattern}”的括号或符号不配对：{error.msg}", "照已有的改；拿不准就只写平常的词")


def _known(doc: Document, where: Path_, name: Any, known: Iterable[str], what: str) -> None:
    if not isinstance(name, str) or name not in known:
        doc.wrong(where, f"没有叫“{name}”的{what}", f"可以写：{'、'.join(known)}")


def _inputs(doc: Document, where: list[str | int], inputs: Any, known: Iterable[str]) -> None:
    """What a formula gets: values, or "=fact" for a fact that is known or follows from others."""
    for name, value in inputs.items() if isinstance(inputs, dict) else ():
        if isinstance(value, str) and value.startswith("=") and value[1:] not in known:
            doc.wrong(
                [*where, name],
                f"没有叫“{value[1:]}”的事实（{name}: {value}）",
                "等号后面写 facts.yml、details.yml 里的事实名",
            )


# --- one function a file


def _asked(doc: Document, kb: KnowledgeBase) -> None:
    derived = doc.data.get("derived")
    known = [*kb.facts, *(derived if isinstance(derived, dict) else ())]
    optional = {
        "kind": TEXT, "deadline": TEXT, "words": TEXTS, "unless": TEXTS, "shown_by": TEXTS, "needs": NEEDS, "assume": MAP,
    }  # fmt: skip
    required = {"id": TEXT, "topic": shape.one_of(*schema.TOPICS), "inputs": MAP}
    seen: set[str] = set()
    for at, row in _rows(doc, "rows", required, optional):
        shape.twice(doc, [*at, "id"], row["id"], seen)
        seen.add(row["id"])
        if ("kind" in row) == ("deadline" in row):
            doc.wrong(at, "kind 和 deadline 要写一个，也只能写一个", "算钱的写 kind，算期限的写 deadline")
        if not row.get("words") and not row.get("shown_by"):
            doc.wrong(at, "没写 words，也没写 shown_by，永远用不上", "写上 words: [词, 词]")
        for key in ("words", "unless"):
            for place, pattern in enumerate(row.get(key) or ()):
                _pattern(doc, [*at, key, place], pattern)
        _inputs(doc, [*at, "inputs"], row["inputs"], known)
    for fact, rows in derived.items() if isinstance(derived, dict) else ():
        for place, row in enumerate(rows if isinstance(rows, list) else ()):
            if shaped(doc, ["derived", fact, place], row, {"when": WHEN, "is": shape.ANY}, {}):
                _inputs(doc, ["derived", fact, place], {"is": row["is"]}, known)


def _topics(doc: Document, kb: KnowledgeBase) -> None:
    topics = doc.data.get("topics")
    required = {"name": TEXT, "menu": TEXT, "claims": LIST, "deadlines": TEXTS, "ask": TEXTS}
    for name, row in topics.items() if isinstance(topics, dict) else ():
        _known(doc, ["topics", name], name, schema.TOPICS, "问题类别")
        well = shaped(doc, ["topics", name], row, required, {"also_ask": TEXTS})
        for place, spec in enumerate(row["claims"] if well else ()):
            at: list[str | int] = ["topics", name, "claims", place]
            if isinstance(spec, dict) and shaped(
                doc, at, spec, {"kind": TEXT}, {"if_known": TEXT, "unless": TEXT, "inputs": MAP}
            ):
                _inputs(doc, [*at, "inputs"], spec.get("inputs"), kb.facts)
    first = {"fact": TEXT, "when": TEXT, "topics": TEXTS}
    for at, row in _rows(doc, "ask_first", first, {"from": COUNT}):
        for key in ("fact", "when"):
            _known(doc, [*at, key], row[key], kb.facts, "事实")
        for place, name in enumerate(row["topics"]):
            _known(doc, [*at, "topics", place], name, schema.TOPICS, "问题类别")
    for key in ("work_words", "names_nothing"):
        _pattern(doc, [key], doc.data.get(key, ""))
    for at, row in _rows(doc, "named_by", {"topic": shape.one_of(*schema.TOPICS), "words": TEXT}, {}):
        _pattern(doc, [*at, "words"], row["words"])
    for at, row in _rows(doc, "shown_by", {"fact": TEXT, "is": LIST, "topic": shape.one_of(*schema.TOPICS)}, {}):
        _known(doc, [*at, "fact"], row["fact"], kb.facts, "事实")
    answers = {"kind": shape.one_of(*ANSWER_KINDS), "unit": TEXT, "words": TEXT, "is": shape.ANY}
    for at, row in _rows(doc, "other_answers", {"fact": TEXT}, {"asked": TEXT, **answers}):
        _pattern(doc, [*at, "words"], row.get("words", ""))
        for key in ("asked", "fact"):
            _known(doc, [*at, key], row.get(key, row["fact"]), kb.facts, "事实")
    because = {"fact": TEXT, "was": TEXT, "is": TEXT, "words": TEXT}
    for at, row in _rows(doc, "explained", because, {"topic": shape.one_of(*schema.TOPICS)}):
        _known(doc, [*at, "fact"], row["fact"], kb.facts, "事实")
        _pattern(doc, [*at, "words"], row["words"])
    replaces = doc.data.get("replaces")
    for name, others in replaces.items() if isinstance(replaces, dict) else ():
        for fact in (name, *(others if isinstance(others, list) else [others])):
            _known(doc, ["replaces", name], fact, kb.facts, "事实")


def _ending(doc: Document, kb: KnowledgeBase) -> None:
    required = {"id": TEXT, "when": WHEN, "claims": LIST, "cite": CITES}
    for at, row in _rows(doc, "rows", required, {}):
        for place, spec in enumerate(row["claims"]):
            here = [*at, "claims", place]
            if not shaped(doc, here, spec, {"kind": TEXT, "inputs": MAP, "say": TEXT}, {"plus": LIST}):
                continue
            _inputs(doc, [*here, "inputs"], spec["inputs"], kb.facts)
            mode = spec["inputs"].get("mode")
            if mode is not None and not _is_mode(str(mode), kb):
                modes = [rule.removeprefix(SEVERANCE_MODE) for rule in kb.bases if rule.startswith(SEVERANCE_MODE)]
                doc.wrong([*here, "inputs", "mode"], f"没有叫“{mode}”的离开方式（mode）", f"可以写：{'、'.join(modes)}")


def _is_mode(mode: str, kb: KnowledgeBase) -> bool:
    named = (basis for rule, basis in kb.bases.items() if rule.startswith(SEVERANCE_MODE))
    return SEVERANCE_MODE + mode in kb.bases or any(cue in mode for basis in named for cue in basis.cues)


def _payers(doc: Document, kb: KnowledgeBase) -> None:
    required = {"employer": TEXT, "summary": TEXT, "say": TEXT, "cite": CITES, "pays": LIST}
    optional = {"also": TEXTS, "only_wages": BOOL, "status": shape.STATUS}
    seen: set[str] = set()
    for at, row in _rows(doc, "rows", required, optional):
        names = [([*at, "employer"], row["employer"])]
        names += [([*at, "also", place], name) for place, name in enumerate(row.get("also", ()))]
        for where, name in names:
            shape.twice(doc, where, name, seen)
            seen.add(name)
        for place, who in enumerate(row["pays"]):
            shaped(doc, [*at, "pays", place], who, {"who": TEXT, "how": PAYS, "say": TEXT, "cite": CITES}, {})


def _guides(doc: Document, kb: KnowledgeBase) -> None:
    doors = [door.id for door in published(kb.doors.values())]
    ladders = [ladder.id for ladder in published(kb.evidence.values())]
    for key, thing, known, what in (("named", "door", doors, "门路"), ("proves", "ladder", ladders, "证据")):
        for at, row in _rows(doc, key, {thing: TEXT, "words": TEXT}, {}):
            _known(doc, [*at, thing], row[thing], known, f"{what}（草稿不算）")
            _pattern(doc, [*at, "words"], row["words"])
    topics = doc.data.get("proof_of_topic")
    for topic, ladder in topics.items() if isinstance(topics, dict) else ():
        _known(doc, ["proof_of_topic", topic], topic, schema.TOPICS, "问题类别")
        _known(doc, ["proof_of_topic", topic], ladder, ladders, "证据（草稿不算）")
    for key in ("asks_price", "asks_proof", "asks_ways", "bare_proof"):
        _pattern(doc, [key], doc.data.get(key, ""))
    _gaps(
        doc,
        {k: v for k, v in doc.data.items() if not k.startswith(("asks_", "bare_")) and k not in ("named", "proves")},
    )


def _phrases(doc: Document, kb: KnowledgeBase) -> None:
    for name, said in doc.data.items():
        if not (TEXT.fits(said) or TEXTS.fits(said) or (name == "risk" and MAP.fits(said))):
            doc.wrong([name], f"“{name}”写得不对", f"应该是{TEXT.says}，或者几句话的列表")
    _gaps(doc, doc.data)


def _gaps(doc: Document, phrases: Mapping[str, Any]) -> None:
    """Notes each {name} in a phrase that the code does not fill, and a brace that stands alone."""
    for where, text in schema.texts(phrases, []):
        allowed = filled().get(str([step for step in where if isinstance(step, str)][-1]), frozenset())
        hint = f"这句话能填的：{'、'.join(f'{{{name}}}' for name in sorted(allowed)) or '没有，把花括号去掉'}"
        for name in BRACES.findall(text):
            if name not in allowed:
                doc.wrong(where, f"“{{{name}}}”没有东西可填", hint)
        if set(BRACES.sub("", text)) & set("{}"):
            doc.wrong(where, "花括号不配对", hint)


def _synonyms(doc: Document, kb: KnowledgeBase) -> None:
    groups = doc.data.get("synonyms")
    seen: dict[str, int] = {}
    for place, group in enumerate(groups if isinstance(groups, list) else ()):
        if not shape.TEXTS.fits(group):
            doc.wrong(["synonyms", place], "这一组写得不对", "写成 [词, 词]，英文方括号和英文逗号")
            continue
        for word in group:
            other = seen.setdefault(word.lower(), place)
            if other != place:
                first = doc.line(["synonyms", other])
                doc.wrong(["synonyms", place], f"“{word}”在第{first}行的一组里已有", "一个词只留在一组里")


def _persons(doc: Document, kb: KnowledgeBase) -> None:
    for at, row in _rows(doc, "people", {"id": TEXT, "name": TEXT, "words": TEXT}, {}):
        _pattern(doc, [*at, "words"], row["words"])
    for key in ("also", "own", "self_also", "switch"):
        _pattern(doc, [key], str(doc.data.get(key, "")).replace("{person}", ""))


CHECKS: Mapping[str, Callable[[Document, KnowledgeBase], None]] = {
    "procedures/asked.yml": _asked,
    "procedures/topics.yml": _topics,
    "procedures/ending.yml": _ending,
    "procedures/payers.yml": _payers,
    "procedures/guides.yml": _guides,
    "procedures/phrases.yml": _phrases,
    "procedures/synonyms.yml": _synonyms,
    "procedures/persons.yml": _persons,
}
