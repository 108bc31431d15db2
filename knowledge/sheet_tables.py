"""The sheets of the spreadsheet: which content stands in which, and what each column holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.reading import Document
from knowledge.sheet_cells import (
    COUNT,
    DAY,
    HELD_BY,
    LINES,
    MAP,
    MAPS,
    NAME,
    STATUS,
    STEPS,
    TEXT,
    VERDICT,
    YES,
    Cell,
)

MISSING: Any = object()
FILE, NUMBER = "文件", "序号"  # where a thing stands; which of the rows of a thing this is (blank: a new one)
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Column:
    """One column: its header, the key in the content, and the kind of cell."""

    header: str
    key: str
    cell: Cell
    width: int = 14
    blank: Any = MISSING  # what a blank cell means: the key is left out, or stands with this value


@dataclass(frozen=True)
class Table:
    """One sheet: `things` of a list in the files of a folder, each with `rows` of its own or a row by itself."""

    title: str
    place: str  # folder, or file
    key: str  # of the list of things
    names: int  # how many of the first columns name a thing
    things: tuple[Column, ...]
    rows_key: str | None = None
    rows: tuple[Column, ...] = ()

    @property
    def columns(self) -> list[Column]:
        """Every column but those of the file and the number."""
        return [*self.things, *self.rows]

    @property
    def headers(self) -> list[str]:
        """The headers in order."""
        number = [NUMBER] if self.rows_key else []
        return [FILE, *(c.header for c in self.things), *number, *(c.header for c in self.rows)]

    def found(self, doc: Document) -> Iterator[tuple[Path_, dict[str, Any]]]:
        """The things of a document and where they stand."""
        if doc.file.split("/")[0] != self.place or not isinstance(doc.data, dict):
            return
        if self.key not in doc.data:
            yield (), doc.data
            return
        for place, row in enumerate(doc.data[self.key]):
            yield (self.key, place), row

    def name(self, thing: dict[str, Any]) -> tuple[str, ...]:
        """What names a thing."""
        return tuple(str(thing.get(c.key)) for c in self.things[: self.names])


REVIEW = (
    Column("状态", "status", STATUS, 8),
    Column("负责人", "owner", TEXT),
    Column("审核日期", "reviewed_on", DAY, 12),
    Column("复核期限", "review_by", DAY, 12),
)
PARAMETERS = Table(
    "参数", "parameters", "parameters", 2,
    (
        Column("名字", "key", TEXT, 28), Column("地区", "region", TEXT, 8), Column("说明", "title", TEXT, 28),
        Column("单位", "unit", TEXT), Column("给工人看", "shown", YES, 8),
    ),
    "values",
    (
        Column("数值", "value", STEPS, 12, blank=None), Column("起", "from", DAY, 12), Column("止", "to", DAY, 12),
        Column("状态", "status", STATUS, 8), Column("出处", "source", TEXT, 40), Column("疑点", "doubt", TEXT, 30),
    ),
)  # fmt: skip
ARTICLES = Table(
    "条文", "articles", "laws", 1,
    (
        Column("法律", "law", TEXT, 24), Column("全称", "title", TEXT, 30), Column("文号", "number", TEXT),
        Column("引用写法", "cite_as", TEXT), Column("施行", "in_force_from", DAY, 12, blank=None),
        Column("失效", "in_force_to", DAY, 12), Column("法律状态", "status", STATUS, 8),
        Column("整部引用", "whole", YES, 8), Column("法律大意", "gist", TEXT, 30), Column("法律出处", "source", TEXT),
        Column("被谁代替", "replaced_by", TEXT), Column("版本", "editions", MAPS, 30),
    ),
    "articles",
    (
        Column("条", "id", NAME, 8), Column("大意", "gist", TEXT, 50), Column("几款", "paragraphs", COUNT, 6),
        Column("几项", "items", STEPS, 8), Column("起", "from", DAY, 12), Column("止", "to", DAY, 12),
        Column("改引", "replaced_by", TEXT), Column("状态", "status", STATUS, 8), Column("废止的款", "repealed", MAP),
    ),
)  # fmt: skip
ENTRIES = Table(
    "答案", "entries", "entries", 1,
    (
        Column("编号", "id", TEXT, 24), Column("类别", "topic", TEXT), Column("标题", "title", TEXT, 24),
        Column("问法", "asks", LINES, 30), Column("什么情况", "when", MAP, 24), Column("一句话", "in_a_line", TEXT, 36),
        Column("今天先做", "today", LINES, 40), Column("到什么时候", "until", TEXT, 30),
        Column("算什么钱", "claims", LINES), Column("带上", "papers", LINES, 20), Column("去哪里", "where", LINES, 20),
        Column("依据", "basis", LINES, 28), Column("别做", "avoid", LINES, 30), Column("再说一点", "say_more", TEXT, 40),
        *REVIEW,
    ),
)  # fmt: skip
SAYINGS = Table(
    "老板这么说", "sayings", "sayings", 1,
    (
        Column("编号", "id", TEXT, 24), Column("类别", "topic", TEXT), Column("老板的话", "says", TEXT, 24),
        Column("问法", "asks", LINES, 30), Column("什么情况", "when", MAP, 24), Column("对不对", "verdict", VERDICT, 10),
        Column("回答", "answer", TEXT, 36), Column("今天先做", "today", LINES, 40), Column("依据", "basis", LINES, 28),
        Column("别做", "avoid", LINES, 30), Column("再说一点", "say_more", TEXT, 40), *REVIEW,
    ),
)  # fmt: skip
DOORS = Table(
    "门路", "doors", "doors", 1,
    (
        Column("编号", "id", TEXT, 18), Column("名称", "name", TEXT), Column("能要什么", "claims", LINES),
        Column("先后", "rank", COUNT, 6), Column("一句话", "line", TEXT, 36), Column("花费", "cost", TEXT, 24),
        Column("时间", "time", TEXT, 24), Column("带上", "papers", LINES, 20, blank=()), Column("地点", "place", TEXT),
        Column("时效", "clock", TEXT, 30), Column("依据", "basis", LINES, 28), Column("可以同时走", "beside", LINES, blank=()),
        Column("下一步", "next", LINES, blank=()), Column("最合适", "best", MAP), Column("走不通", "closed", MAPS, 40),
        Column("问法", "asks", LINES, 30), *REVIEW,
    ),
)  # fmt: skip
EVIDENCE = Table(
    "证据", "evidence", "evidence", 1,
    (
        Column("编号", "id", TEXT), Column("证明什么", "label", TEXT, 20), Column("该谁拿", "burden", TEXT, 36),
        Column("依据", "basis", LINES, 28), Column("问法", "asks", LINES, 30), *REVIEW,
    ),
    "rungs",
    (
        Column("材料", "paper", TEXT, 24), Column("分量", "weight", COUNT, 6), Column("在谁手里", "held_by", HELD_BY),
        Column("怎么拿", "how", TEXT, 36), Column("没有就用", "instead", LINES, 24),
    ),
)  # fmt: skip
PLACES = Table(
    "地点", "places.yml", "places", 1,
    (
        Column("编号", "id", TEXT), Column("名称", "name", TEXT, 24), Column("地址", "address", TEXT, 30, blank=None),
        Column("电话", "phone", TEXT, 16, blank=None), Column("开门时间", "hours", TEXT, 20, blank=None),
        Column("备注", "note", TEXT, 30, blank=None),
    ),
)  # fmt: skip
TABLES = (PARAMETERS, ARTICLES, ENTRIES, SAYINGS, DOORS, EVIDENCE, PLACES)
