"""Checks the shape of one YAML mapping: which keys it may have, of which kind, and says what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from knowledge.reading import Document, Path_


@dataclass(frozen=True)
class Kind:
    """A kind of value: how to recognise it and how to describe it to an editor."""

    says: str
    fits: Callable[[Any], bool]


def number(value: Any) -> Decimal | None:
    """The exact number, or None when `value` is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        made = Decimal(str(value))
    except InvalidOperation:
        return None
    return made if made.is_finite() else None


def one_of(*words: str) -> Kind:
    """A kind that allows only these words."""
    return Kind("、".join(words) + " 之一", lambda v: v in words)


TEXT = Kind("一句文字", lambda v: isinstance(v, str) and bool(v.strip()))
OPTIONAL_TEXT = Kind("一句文字", lambda v: v is None or isinstance(v, str))
NAME = Kind("编号", lambda v: isinstance(v, str | int) and not isinstance(v, bool))
TEXTS = Kind("列表，每项一句文字", lambda v: isinstance(v, list) and all(isinstance(t, str) for t in v))
LIST = Kind("列表", lambda v: isinstance(v, list))
MAP = Kind("“键: 值”的表", lambda v: isinstance(v, dict))
BOOL = Kind("true 或 false", lambda v: isinstance(v, bool))
DAY = Kind("日期，如 2026-01-31", lambda v: isinstance(v, date))
COUNT = Kind("整数", lambda v: isinstance(v, int) and not isinstance(v, bool))
ANY = Kind("任意", lambda v: True)
STATUS = one_of("confirmed", "to_confirm", "unknown")

Spec = Mapping[str, Kind]


def shaped(doc: Document, where: Path_, data: Any, required: Spec, optional: Spec) -> bool:
    """Notes every unknown, missing or wrongly filled key of the mapping at `where`; True when there is none."""
    if not isinstance(data, dict):
        doc.wrong(where, "这里应该是“键: 值”的表", f"写上 {'、'.join(required)}")
        return False
    before = len(doc.errors)
    allowed = {**required, **optional}
    for key in data:
        if key not in allowed:
            near = difflib.get_close_matches(str(key), list(allowed), 1)
            hint = f"是不是 {near[0]}？" if near else f"可以写的有：{'、'.join(allowed)}"
            doc.wrong([*where, key], f"不认识的字段“{key}”", hint)
    for key in required:
        if key not in data:
            doc.wrong(where, f"缺少“{key}”", f"加上 {key}: {allowed[key].says}")
    for key, value in data.items():
        if key in allowed and not allowed[key].fits(value):
            doc.wrong([*where, key], f"“{key}”写得不对", f"应该是{allowed[key].says}")
    return len(doc.errors) == before


def rows(doc: Document, key: str) -> Iterator[tuple[Path_, Any]]:
    """Each item (and its place) of the list under `key`, or of the document that is a list itself."""
    found = doc.data.get(key) if isinstance(doc.data, dict) else doc.data
    if not isinstance(found, list):
        doc.wrong((), f"缺少“{key}”列表", f"第一行写 {key}:，下面每项以“- ”开头")
        return
    for place, row in enumerate(found):
        yield ([key, place] if isinstance(doc.data, dict) else [place]), row


def listed(value: Any) -> list[Any]:
    """A value that should be a list; empty where it is none (which is a mistake of its own)."""
    return value if isinstance(value, list) else []


def twice(doc: Document, where: Path_, name: Any, known: Any) -> bool:
    """Notes a name that stands twice; True when it does."""
    if name in known:
        doc.wrong(where, f"“{name}”写了两次", "换一个编号，或者合成一条")
        return True
    return False
