"""From documents to what guides a worker beside the entries: sayings of employers, doors, places, evidence ladders."""

from __future__ import annotations

from typing import Any

from knowledge import shape
from knowledge.parts import Closed, Door, Entry, Ladder, Place, Rung
from knowledge.reading import Document, Path_
from knowledge.shape import COUNT, DAY, LIST, MAP, OPTIONAL_TEXT, TEXT, TEXTS, rows, shaped, twice

Parts = dict[str, Any]
VERDICTS = {"wrong": "不对", "partly": "只对一半", "right": "这话没错"}
REVIEWED = {
    "status": shape.one_of("confirmed", "to_confirm", "draft"),
    "owner": TEXT,
    "reviewed_on": DAY,
    "review_by": DAY,
}


def reviewed(doc: Document, where: Path_, row: Any) -> None:
    """Notes a review that ends before it began."""
    if row["review_by"] <= row["reviewed_on"]:
        doc.wrong([*where, "review_by"], "复核期限不在审核日期之后", "写一个更晚的日期")


def sayings(topics: list[str], doc: Document, parts: Parts) -> None:
    """Each saying (老板这么说) as an entry that is found and answered like the others."""
    required = {
        "id": TEXT, "topic": shape.one_of(*topics), "says": TEXT, "asks": TEXTS, "verdict": shape.one_of(*VERDICTS),
        "answer": TEXT, "today": TEXTS, "basis": TEXTS, **REVIEWED,
    }  # fmt: skip
    optional = {"when": MAP, "say_more": OPTIONAL_TEXT, "avoid": TEXTS}
    known = {e.id for e in parts["entries"]}
    for where, row in rows(doc, "sayings"):
        if not shaped(doc, where, row, required, optional) or twice(doc, where, row["id"], known):
            continue
        reviewed(doc, where, row)
        known.add(row["id"])
        made: Parts = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k not in ("says", "answer")}
        line = f"{VERDICTS[row['verdict']]}。{row['answer']}"
        parts["entries"] = (*parts["entries"], Entry(title=f"老板说：{row['says']}", in_a_line=line, **made))


def places(doc: Document, parts: Parts) -> None:
    """Offices: what is not known stays null (待补充)."""
    optional = {"address": OPTIONAL_TEXT, "phone": OPTIONAL_TEXT, "hours": OPTIONAL_TEXT, "note": OPTIONAL_TEXT}
    for where, row in rows(doc, "places"):
        if shaped(doc, where, row, {"id": TEXT, "name": TEXT}, optional):
            if not twice(doc, where, row["id"], parts["places"]):
                parts["places"][row["id"]] = Place(**{**row, "note": row.get("note") or ""})


def doors(doc: Document, parts: Parts) -> None:
    """Ways to get one's right, with price tags; what they point to is checked when all are read."""
    required = {
        "id": TEXT, "name": TEXT, "claims": TEXTS, "rank": COUNT, "line": TEXT, "cost": TEXT, "time": TEXT,
        "papers": TEXTS, "clock": TEXT, "basis": TEXTS, "beside": TEXTS, "next": TEXTS, "asks": TEXTS, **REVIEWED,
    }  # fmt: skip
    for where, row in rows(doc, "doors"):
        if not shaped(doc, where, row, required, {"place": OPTIONAL_TEXT, "closed": LIST, "best": MAP}):
            continue
        if twice(doc, where, row["id"], parts["doors"]):
            continue
        reviewed(doc, where, row)
        closed = [_closed(doc, [*where, "closed", i], c) for i, c in enumerate(row.get("closed", ()))]
        made: Parts = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
        parts["doors"][row["id"]] = Door(**{**made, "closed": tuple(c for c in closed if c)})


def _closed(doc: Document, where: Path_, row: Any) -> Closed | None:
    if not shaped(doc, where, row, {"when": MAP, "say": TEXT, "basis": TEXTS}, {}):
        return None
    return Closed(row["when"], row["say"], tuple(row["basis"]))


def evidence(doc: Document, parts: Parts) -> None:
    """Evidence ladders, the strongest paper first."""
    required = {"id": TEXT, "label": TEXT, "burden": TEXT, "basis": TEXTS, "rungs": LIST, "asks": TEXTS, **REVIEWED}
    for where, row in rows(doc, "evidence"):
        if not shaped(doc, where, row, required, {}) or twice(doc, where, row["id"], parts["evidence"]):
            continue
        reviewed(doc, where, row)
        rungs = [_rung(doc, [*where, "rungs", i], r) for i, r in enumerate(row["rungs"])]
        weights = [r.weight for r in rungs if r]
        if weights != sorted(weights, reverse=True):
            doc.wrong([*where, "rungs"], "证据没有按分量从大到小排", "weight 大的写在前面")
        made: Parts = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
        parts["evidence"][row["id"]] = Ladder(**{**made, "rungs": tuple(r for r in rungs if r)})


def _rung(doc: Document, where: Path_, row: Any) -> Rung | None:
    held = shape.one_of("you", "employer", "bank", "hospital", "authority", "others")
    weight = shape.Kind("1 到 5 的整数", lambda v: isinstance(v, int) and 1 <= v <= 5)
    if not shaped(doc, where, row, {"paper": TEXT, "weight": weight, "held_by": held, "how": TEXT}, {"instead": TEXTS}):
        return None
    return Rung(**{**row, "instead": tuple(row.get("instead", ()))})


def check_links(doc: Document, parts: Parts) -> None:
    """Doors and entries may only point to what exists."""
    if not doc.file.startswith("doors/"):
        return
    for where, row in rows(doc, "doors"):
        if not isinstance(row, dict):
            continue
        for key in ("beside", "next"):
            for place, name in enumerate(row.get(key) or ()):
                if name not in parts["doors"]:
                    doc.wrong([*where, key, place], f"没有叫“{name}”的门路", f"可以写：{'、'.join(parts['doors'])}")
        if row.get("place") and row["place"] not in parts["places"]:
            doc.wrong([*where, "place"], f"places.yml 里没有“{row['place']}”", "先在 places.yml 里加一条")
