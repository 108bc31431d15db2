"""From documents to the parts of a knowledge base: what each kind of file must hold, and that citations exist."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from knowledge import citing, schema_guides, shape
from knowledge.parts import Article, Basis, Edition, Entry, Fact, LawText, Parameter, Value
from knowledge.reading import ContentError, Document, Path_
from knowledge.shape import BOOL, COUNT, DAY, LIST, MAP, NAME, OPTIONAL_TEXT, STATUS, TEXT, TEXTS, rows, shaped, twice

Parts = dict[str, Any]
PLACEHOLDER = re.compile(r"\{(param|limit):([^}]*)\}")
TOPICS = "wages injury dismissal contract overtime social_insurance procedure legal_aid other_labour not_labour".split()
FACT_TYPES = shape.one_of(
    "money", "count", "number", "date", "bool", "choice", "text", "amounts", "people", "spans", "days"
)


def build(found: Sequence[Document], on: date, errors: list[ContentError]) -> Parts:
    """The parts of all documents; mistakes are added to `errors`. Citations must exist and be in force on `on`."""
    parts: Parts = {"facts": {}, "parameters": {}, "laws": {}, "bases": {}, "entries": (), "procedures": {}}
    parts |= {"doors": {}, "places": {}, "evidence": {}}
    readers: dict[str, Callable[[Document, Parts], None]] = {
        "facts.yml": _facts,
        "details.yml": _facts,
        "bases.yml": _bases,
        "parameters": _parameters,
        "articles": _law,
        "entries": _entries,
        "procedures": _procedure,
        "sayings": partial(schema_guides.sayings, TOPICS),
        "doors": schema_guides.doors,
        "places.yml": schema_guides.places,
        "evidence": schema_guides.evidence,
    }
    for doc in found:
        place = doc.file.split("/")[0]
        if place in readers:
            readers[place](doc, parts)
        elif "/" not in doc.file:
            doc.wrong((), "不认识的文件", f"放进 {'、'.join(n for n in readers if '.' not in n)} 之一")
        else:
            folders = [n for n in readers if "." not in n]
            near = difflib.get_close_matches(place, folders, 1)
            doc.wrong(
                (), f"不认识的文件夹“{place}”", f"是不是 {near[0]}？" if near else f"放进 {'、'.join(folders)} 之一"
            )
    for doc in found:
        for where, citation, last in _citations(doc):
            wrong = citing.fault(citation, parts["laws"], min(on, last or on))
            if wrong is not None:
                doc.wrong(where, *wrong)
        _check_placeholders(doc, parts)
        schema_guides.check_links(doc, parts)
    return parts


def _facts(doc: Document, parts: Parts) -> None:
    required = {"id": TEXT, "label": TEXT, "type": FACT_TYPES, "unit": TEXT, "ask": TEXT}
    optional = {
        "cues": TEXTS, "min": shape.ANY, "max": shape.ANY, "probe": LIST, "choices": MAP, "yes": TEXT, "no": TEXT,
        "suffix": TEXT, "quiet": BOOL,
    }  # fmt: skip
    for where, row in rows(doc, "facts"):
        if shaped(doc, where, row, required, optional) and not twice(doc, where, row["id"], parts["facts"]):
            lists = {"cues": tuple(row.get("cues", ())), "probe": tuple(row.get("probe", ()))}
            low, high = shape.number(row.get("min")), shape.number(row.get("max"))
            if low is not None and high is not None and low > high:
                doc.wrong([*where, "min"], f"最小的{low}比最大的{high}还大", "对调 min 和 max，或改正其中一个")
            parts["facts"][row["id"]] = Fact(**{**row, **lists})


def _parameters(doc: Document, parts: Parts) -> None:
    required = {"key": TEXT, "title": TEXT, "unit": TEXT, "region": TEXT, "values": LIST}
    for where, row in rows(doc, "parameters"):
        if not shaped(doc, where, row, required, {"shown": BOOL}):
            continue
        if twice(doc, where, (row["key"], row["region"]), parts["parameters"]):
            continue
        values = [_value(doc, [*where, "values", i], v) for i, v in enumerate(row["values"])]
        if all(values) and values:
            _check_dates(doc, [*where, "values"], [v for v in values if v])
            _add(row, [v for v in values if v], parts)
        elif not values:
            doc.wrong(where, f"“{row['key']}”没有任何数值", "至少写一行 {value, from, status, source}")


Dated = tuple[dict[str, Any], Document, int]


def _value(doc: Document, where: Path_, row: Any) -> Dated | None:
    value = shape.Kind("数字，或按档写成 {1: 27, 2: 25}；不知道就写 null", _numeric)
    required = {"value": value, "from": DAY, "status": STATUS, "source": TEXT}
    if not shaped(doc, where, row, required, {"to": DAY, "doubt": TEXT}):
        return None
    if (row["value"] is None) != (row["status"] == "unknown"):
        hint = "不知道的写 value: null 和 status: unknown，知道的写数和 confirmed/to_confirm"
        doc.wrong(where, "数值和状态对不上", hint)
        return None
    return row, doc, doc.line(where)


def _numeric(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(shape.number(v) is not None for v in value.values())
    return value is None or shape.number(value) is not None


def _check_dates(doc: Document, where: Path_, values: Sequence[Dated]) -> None:
    for place, (row, _, _) in enumerate(values):
        last = row.get("to")
        if last is not None and last < row["from"]:
            doc.wrong([*where, place, "to"], f"止期{last}早于起期{row['from']}", "对调，或改正其中一个")
        if place == 0:
            continue
        before = values[place - 1][0].get("to")
        wanted = row["from"] - timedelta(days=1)
        if before is None or before > wanted:
            doc.wrong([*where, place - 1], "两段日期重叠", f"上一段写 to: {wanted}")
        elif before < wanted:
            doc.wrong([*where, place], "两段日期中间有空档", f"写 from: {before + timedelta(days=1)}，或补上缺的一段")


def _add(row: dict[str, Any], values: Sequence[Dated], parts: Parts) -> None:
    steps = {k for v, _, _ in values if isinstance(v["value"], dict) for k in v["value"]}
    for step in steps or {None}:
        key = row["key"] if step is None else f"{row['key']}/{step}"
        dated = tuple(_dated(v, step, doc.file, line) for v, doc, line in values)
        parts["parameters"][key, row["region"]] = Parameter(
            key, row["title"], row["unit"], row["region"], dated, row.get("shown", True)
        )


def _dated(row: dict[str, Any], step: Any, file: str, line: int) -> Value:
    raw = row["value"].get(step) if isinstance(row["value"], dict) else row["value"]
    value = None if raw is None else Decimal(str(raw))
    return Value(value, row["from"], row.get("to"), row["status"], row["source"], row.get("doubt"), file, line)


def _law(doc: Document, parts: Parts) -> None:
    """One law a file, or several small ones under `laws`."""
    if isinstance(doc.data, dict) and "laws" in doc.data:
        for where, row in rows(doc, "laws"):
            _one_law(doc, where, row, parts)
    else:
        _one_law(doc, (), doc.data, parts)


def _one_law(doc: Document, where: Path_, data: Any, parts: Parts) -> None:
    first = shape.Kind("日期，如 2026-01-31；查不到的旧法写 null", lambda v: v is None or isinstance(v, date))
    required = {"law": TEXT, "title": TEXT, "number": TEXT, "in_force_from": first, "articles": LIST}
    optional = {"in_force_to": DAY, "cite_as": TEXT, "status": STATUS, "whole": BOOL, "gist": TEXT, "source": TEXT}
    optional |= {"replaced_by": TEXT, "editions": LIST}
    if not shaped(doc, where, data, required, optional):
        return
    if twice(doc, [*where, "law"], data["law"], parts["laws"]):
        return
    articles: dict[str, Article] = {}
    for place, row in enumerate(data["articles"]):
        made = _article(doc, [*where, "articles", place], row)
        if made is None:
            continue
        before = articles.get(made.id)
        if before is not None and before.to is not None and made.from_ == before.to + timedelta(days=1):
            articles[made.id] = replace(made, earlier=(*before.earlier, replace(before, earlier=())))
        elif not twice(doc, [*where, "articles", place], made.id, articles):
            articles[made.id] = made
    parts["laws"][data["law"]] = LawText(
        law=data["law"],
        title=data["title"],
        number=data["number"],
        cite_as=data.get("cite_as", f"《{data['law']}》"),
        in_force_from=data["in_force_from"] or date.min,
        in_force_to=data.get("in_force_to"),
        status=data.get("status", "confirmed"),
        articles=articles,
        whole=data.get("whole", False),
        gist=data.get("gist", ""),
        replaced_by=data.get("replaced_by"),
        editions=tuple(_editions(doc, [*where, "editions"], data.get("editions", ()))),
    )


def _editions(doc: Document, where: Path_, found: Sequence[Any]) -> Iterator[Edition]:
    for place, row in enumerate(found):
        if shaped(doc, [*where, place], row, {"number": TEXT, "from": DAY}, {"to": DAY}):
            yield Edition(row["number"], row["from"], row.get("to"))


def _article(doc: Document, where: Path_, row: Any) -> Article | None:
    items = shape.Kind("第一款有几项，或 {款: 项数}", lambda v: isinstance(v, int | dict))
    optional = {
        "paragraphs": COUNT, "items": items, "from": DAY, "to": DAY, "replaced_by": OPTIONAL_TEXT, "status": STATUS,
        "repealed": MAP,
    }  # fmt: skip
    if not shaped(doc, where, row, {"id": NAME, "gist": TEXT}, optional):
        return None
    counts = row.get("items", {})
    return Article(
        id=str(row["id"]),
        gist=row["gist"],
        paragraphs=row.get("paragraphs", 1),
        items=counts if isinstance(counts, dict) else {1: counts},
        from_=row.get("from"),
        to=row.get("to"),
        replaced_by=row.get("replaced_by"),
        status=row.get("status", "confirmed"),
        repealed=row.get("repealed", {}),
    )


def _bases(doc: Document, parts: Parts) -> None:
    optional = {"cite": TEXTS, "rows": LIST, "say": TEXT, "pays": BOOL, "also": TEXTS, "cues": TEXTS}
    optional["payer"] = shape.one_of("fund", "employer")
    for where, row in rows(doc, "bases"):
        if not shaped(doc, where, row, {"rule": TEXT}, optional) or twice(doc, where, row["rule"], parts["bases"]):
            continue
        dated_rows = row.get("rows") or [{"cite": row.get("cite", [])}]
        spec = {"from": DAY, "to": DAY}
        if not all([shaped(doc, [*where, "rows", i], r, {"cite": TEXTS}, spec) for i, r in enumerate(dated_rows)]):
            continue
        dated = tuple((r.get("from"), r.get("to"), tuple(r["cite"])) for r in dated_rows)
        also, cues = tuple(row.get("also", ())), tuple(row.get("cues", ()))
        made = Basis(row["rule"], dated, row.get("say", ""), row.get("pays"), also, cues, row.get("payer"))
        parts["bases"][made.rule] = made
        for other in made.also:
            parts["bases"].setdefault(made.rule.rsplit(".", 1)[0] + "." + other, made)


def _entries(doc: Document, parts: Parts) -> None:
    required = {
        "id": TEXT, "topic": shape.one_of(*TOPICS), "title": TEXT, "asks": TEXTS, "in_a_line": TEXT, "today": TEXTS,
        "basis": TEXTS, "status": shape.one_of("confirmed", "to_confirm", "draft"), "owner": TEXT, "reviewed_on": DAY,
        "review_by": DAY,
    }  # fmt: skip
    optional = {
        "when": shape.ANY, "until": OPTIONAL_TEXT, "claims": TEXTS, "papers": TEXTS, "where": TEXTS, "avoid": TEXTS,
        "say_more": OPTIONAL_TEXT,
    }  # fmt: skip
    known = {e.id for e in parts["entries"]}
    for where, row in _entry_rows(doc):
        if not shaped(doc, where, row, required, optional) or twice(doc, where, row["id"], known):
            continue
        if row["review_by"] <= row["reviewed_on"]:
            doc.wrong([*where, "review_by"], "复核期限不在审核日期之后", "写一个更晚的日期")
        known.add(row["id"])
        made: Parts = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if v is not None}
        parts["entries"] = (*parts["entries"], Entry(**made))


def _entry_rows(doc: Document) -> Iterator[tuple[Path_, Any]]:
    if isinstance(doc.data, dict) and "entries" not in doc.data:
        yield (), doc.data
    else:
        yield from rows(doc, "entries")


def _procedure(doc: Document, parts: Parts) -> None:
    if not isinstance(doc.data, dict) or not isinstance(doc.data.get("id"), str):
        doc.wrong((), "缺少“id”", "第一行写 id: 名字")
        return
    if not twice(doc, ["id"], doc.data["id"], parts["procedures"]):
        parts["procedures"][doc.data["id"]] = doc.data


Cited = tuple[Path_, str, "date | None"]


def _citations(doc: Document) -> Iterator[Cited]:
    """Every citation in a document (keys cite, …_cite, basis, citations), with the last day of its row."""
    if doc.file.startswith(("articles/", "parameters/")) or doc.file in ("facts.yml", "details.yml"):
        return
    yield from _cited(doc.data, [], None)


def _cited(node: Any, where: list[str | int], last: date | None) -> Iterator[Cited]:
    if isinstance(node, list):
        for place, item in enumerate(node):
            yield from _cited(item, [*where, place], last)
    elif isinstance(node, dict):
        until = node.get("to") if isinstance(node.get("to"), date) else last
        for key, value in node.items():
            if str(key).endswith("cite") or key in ("basis", "citations"):
                for place, citation in enumerate(value if isinstance(value, list) else [value]):
                    yield ([*where, key, place] if isinstance(value, list) else [*where, key]), citation, until
            else:
                yield from _cited(value, [*where, key], until)


def _check_placeholders(doc: Document, parts: Parts) -> None:
    if not doc.file.startswith(("entries/", "sayings/", "doors/", "evidence/", "procedures/", "bases.yml")):
        return
    known = {key for key, _ in parts["parameters"]}
    for where, text in texts(doc.data, []):
        for kind, key in PLACEHOLDER.findall(text):
            if key not in known:
                hint = "可用的参数名见 parameters/，例如 {param:min_wage_month}"
                doc.wrong(where, f"没有叫“{key}”的参数（{{{kind}:{key}}}）", hint)


def texts(node: Any, where: list[str | int]) -> Iterator[tuple[Path_, str]]:
    """Each text below a node, and where it stands."""
    if isinstance(node, str):
        yield where, node
    elif isinstance(node, list | dict):
        for key, value in enumerate(node) if isinstance(node, list) else node.items():
            yield from texts(value, [*where, key])
