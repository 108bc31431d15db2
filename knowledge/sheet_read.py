"""Reads the spreadsheet back into the content: everything that changed is written, or nothing.

The rows are checked as a whole with the rules of `farun kb check`; a mistake is shown with its sheet, its row and what to
write instead. A thing or row that is not in the sheet is kept: nothing is deleted by leaving it out.
"""

from __future__ import annotations

import copy
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.worksheet.worksheet import Worksheet

from base import clock
from knowledge.check import examine_documents
from knowledge.reading import ContentError, Document, documents, parse
from knowledge.reading import Path_ as Where
from knowledge.release import CONTENT
from knowledge.sheet_cells import Unreadable, same
from knowledge.sheet_tables import FILE, MISSING, NUMBER, TABLES, Column, Path_, Table
from knowledge.sheet_write import rewritten

LARGEST = 200_000_000  # bytes that a spreadsheet may unpack to


@dataclass(frozen=True, order=True)
class RowError:
    """One mistake in the spreadsheet (row 0: the sheet as a whole; no sheet: the file)."""

    sheet: str
    row: int
    problem: str
    hint: str

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.row}" if self.row else self.sheet
        return f"{place}: {self.problem} → {self.hint}"


@dataclass
class Report:
    """What an import came to: mistakes (then nothing was written), files with the things changed, what was kept."""

    errors: list[RowError] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)


@dataclass
class Line:
    """One row of a sheet: its number, the file and number it names, and its values by key (None: blank)."""

    row: int
    file: str | None
    number: int | None
    thing: dict[str, Any]
    own: dict[str, Any]


def read_back(path: Path, content: Path = CONTENT, into: Path | None = None, on: date | None = None) -> Report:
    """Brings the content up to what the spreadsheet says; with `into`, a copy of the content in that folder.

    A folder `into` that holds content already is itself what is changed.
    """
    if into is not None and any(into.rglob("*.yml")):
        content, into = into, None
    report = Report()
    lines = _lines(path, report.errors)
    if report.errors:
        return report
    plan = _Plan(content, on or clock.today(), report)
    for table in TABLES:
        plan.take(table, lines[table.title])
    plan.check()
    report.errors = sorted(set(report.errors))
    if not report.errors:
        plan.write(into)
    return report


# --- the spreadsheet


def _lines(path: Path, errors: list[RowError]) -> dict[str, list[Line]]:
    """The rows of every sheet, each cell read; mistakes are added to `errors`."""
    name = Path(path).name
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST:
                errors.append(RowError(name, 0, "文件太大", "只留知识库的几张表"))
                return {}
        book = load_workbook(path)
    except FileNotFoundError:
        errors.append(RowError(name, 0, "没有这个文件", "核对文件名"))
        return {}
    except Exception as error:  # openpyxl raises whatever a broken file leads to
        problem = f"不是能打开的 Excel 文件（{type(error).__name__}）"
        errors.append(RowError(name, 0, problem, "用 farun kb export 导出 .xlsx，在它上面改，另存为 .xlsx"))
        return {}
    made: dict[str, list[Line]] = {}
    for table in TABLES:
        if table.title not in book.sheetnames:
            errors.append(
                RowError(name, 0, f"缺少工作表“{table.title}”", "用 farun kb export 导出的文件里有，不要改名或删掉")
            )
        else:
            made[table.title] = _sheet(book[table.title], table, errors)
    return made


def _sheet(sheet: Worksheet, table: Table, errors: list[RowError]) -> list[Line]:
    rows = list(sheet.iter_rows())
    headers = [str(cell.value or "").strip() for cell in rows[0]] if rows else []
    missing = [h for h in table.headers if h not in headers]
    for header in missing:
        errors.append(RowError(table.title, 1, f"缺少一列“{header}”", "第一行的列名不要改，列不要删"))
    for header in {h for h in headers if h in table.headers and headers.count(h) > 1}:
        errors.append(RowError(table.title, 1, f"列“{header}”出现了两次", "只留一列"))
    if missing:
        return []
    places = {header: headers.index(header) for header in table.headers}
    made = []
    for cells in rows[1:]:
        if any(cell.value not in (None, "") for cell in cells):
            made.append(_line(cells, places, table, errors))
    return made


def _line(cells: Sequence[ExcelCell], places: dict[str, int], table: Table, errors: list[RowError]) -> Line:
    row = cells[0].row

    def value(header: str, column: Column | None = None) -> Any:
        cell = cells[places[header]]
        raw = cell.value
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        try:
            if cell.data_type in ("f", "e"):
                raise Unreadable("是公式（或算错的公式），这里不会去算", "复制后“粘贴为数值”，再存")
            return raw if column is None else column.cell.read(raw)
        except Unreadable as wrong:
            errors.append(RowError(table.title, row, f"“{header}”{wrong.problem}", wrong.hint))
            return None

    number = value(NUMBER) if table.rows_key else None
    if number is not None and not isinstance(number, int):
        errors.append(RowError(table.title, row, f"“{NUMBER}”写了“{number}”", "不要改序号；新加的行把它空着"))
        number = None
    file = value(FILE)
    return Line(
        row,
        None if file is None else str(file).strip(),
        number,
        {c.key: value(c.header, c) for c in table.things},
        {c.key: value(c.header, c) for c in table.rows},
    )


# --- what is to be changed


class _Checked(Document):
    """A document as it would be after the import, whose mistakes are shown by sheet and row."""

    def __init__(self, before: Document, data: Any, errors: list[ContentError]) -> None:
        super().__init__(before.file, data, None, errors)
        self.before = before
        self.rows: dict[Path_, tuple[str, int]] = {}
        self.placed: dict[ContentError, tuple[str, int]] = {}

    def wrong(self, where: Where, problem: str, hint: str) -> None:
        """Notes a mistake at `where`, with the row that says what stands there."""
        super().wrong(where, problem, hint)
        path = tuple(where)
        for length in range(len(path), -1, -1):
            if path[:length] in self.rows:
                self.placed[self.errors[-1]] = self.rows[path[:length]]
                break

    def line(self, where: Where = ()) -> int:
        """The row of the sheet, else the line of the file as it is."""
        path = tuple(where)
        rows = (self.rows[path[:length]][1] for length in range(len(path), -1, -1) if path[:length] in self.rows)
        return next(rows, None) or self.before.line(where)


class _Plan:
    """The content as it is and as it will be."""

    def __init__(self, content: Path, on: date, report: Report) -> None:
        self.content, self.on, self.report = content, on, report
        errors: list[ContentError] = []
        found = list(documents(content, errors))
        for error in errors:  # a file that cannot be read would seem to hold nothing
            report.errors.append(RowError(error.file, error.line, error.problem, error.hint))
        self.known_mistakes = {(e.file, e.problem) for e in examine_documents(found, on, errors).errors}
        self.errors: list[ContentError] = []
        self.files = {doc.file: _Checked(doc, copy.deepcopy(doc.data), self.errors) for doc in found}
        self.changes: dict[str, dict[Path_, Any]] = {}
        self.keys: dict[str, str] = {}

    # -- taking over the rows

    def take(self, table: Table, lines: Sequence[Line]) -> None:
        """Takes over one sheet."""
        known = {table.name(t): (doc, path, t) for doc in self.files.values() for path, t in table.found(doc)}
        groups: dict[tuple[str, ...], list[Line]] = {}
        for line in lines:
            name = table.name(line.thing)
            if "None" in name:
                headers = "、".join(c.header for c in table.things[: table.names])
                self._wrong(table, line.row, f"没有写{headers}", "每一行都要写，新加的起一个没用过的")
            elif table.rows_key is None and name in groups:
                first = groups[name][0].row
                self._wrong(
                    table, line.row, f"编号“{'、'.join(name)}”写了两次（第{first}行也是）", "换一个编号，或者合成一条"
                )
            else:
                groups.setdefault(name, []).append(line)
        for name, group in groups.items():
            self._thing(table, name, group, known.get(name))
        for name in known:
            if name not in groups:
                self.report.kept.append(f"{table.title}：“{'、'.join(name)}”不在表里，原样保留")

    def _wrong(self, table: Table, row: int, problem: str, hint: str) -> None:
        self.report.errors.append(RowError(table.title, row, problem, hint))

    def _thing(
        self,
        table: Table,
        name: tuple[str, ...],
        group: list[Line],
        known: tuple[_Checked, Path_, dict[str, Any]] | None,
    ) -> None:
        place = known[:2] if known else self._new_place(table, group)
        if place is None:
            return
        doc, path = place
        named = next((line for line in group if line.file not in (None, doc.file)), None)
        if named is not None:
            self._wrong(
                table, named.row, f"“文件”写了“{named.file}”，原来在“{doc.file}”", "表里不能搬家，写回原来的文件"
            )
        old = known[2] if known else {}
        thing = copy.deepcopy(old)
        _fill(thing, table.things, self._shared(table, group))
        rows = self._fill_rows(table, name, group, thing) if table.rows_key else {}
        doc.rows[path] = (table.title, group[0].row)
        for number, row in rows.items():
            at = (*path, str(table.rows_key), number)
            doc.rows[at] = (table.title, row)
        if not known or not same(old, thing):
            self.changes.setdefault(doc.file, {})[path] = thing
            self.keys[doc.file] = table.key
            self.report.changed.setdefault(doc.file, []).append("、".join(name))
            _set(doc, path, thing)

    def _shared(self, table: Table, group: list[Line]) -> dict[str, Any]:
        """What the rows of a thing say of it: blank in all but one of them, or the same."""
        made: dict[str, Any] = {}
        for column in table.things:
            said = [(line.row, line.thing[column.key]) for line in group if line.thing[column.key] is not None]
            made[column.key] = said[0][1] if said else None
            for row, value in said[1:]:
                if not same(value, said[0][1]):
                    problem = f"“{column.header}”和第{said[0][0]}行写的不一样"
                    self._wrong(table, row, problem, "同一个的各行要写一样，或者只写在第一行")
        return made

    def _new_place(self, table: Table, group: list[Line]) -> tuple[_Checked, Path_] | None:
        """Where a new thing goes: to the end of the file that its row names."""
        file = next((line.file for line in group if line.file), table.place if table.place.endswith(".yml") else None)
        fits = file is not None and (file == table.place or re.fullmatch(rf"{table.place}/[a-z0-9_]+\.yml", file))
        if file is None or not fits:
            hint = f"“文件”写成 {table.place}/名字.yml（小写字母、数字、下划线）"
            self._wrong(table, group[0].row, "新加的没有写放进哪个文件", hint)
            return None
        if file not in self.files:
            empty = Document(file, {table.key: []}, None, self.errors)
            self.files[file] = _Checked(empty, {table.key: []}, self.errors)
        doc = self.files[file]
        if table.key not in doc.data:
            self._wrong(table, group[0].row, f"“{file}”里只放一个，不能再加", "换一个文件")
            return None
        return doc, (table.key, len(doc.data[table.key]))

    def _fill_rows(
        self, table: Table, name: tuple[str, ...], group: list[Line], thing: dict[str, Any]
    ) -> dict[int, int]:
        """Fills the rows of a thing; the sheet's row of each place in the list."""
        rows: list[dict[str, Any]] = thing.setdefault(str(table.rows_key), [])
        old = list(rows)
        seen: dict[int, int] = {}
        lines: list[tuple[dict[str, Any], int]] = []
        for line in group:
            if line.number is None:
                if any(v is not None for v in line.own.values()):
                    row: dict[str, Any] = {}
                    _fill(row, table.rows, line.own)
                    rows.insert(_position(rows, row), row)
                    lines.append((row, line.row))
            elif line.number in seen:
                problem = f"序号{line.number}写了两次（第{seen[line.number]}行也是）"
                self._wrong(table, line.row, problem, "新加的行把“序号”空着")
            elif not 1 <= line.number <= len(old):
                self._wrong(table, line.row, f"没有序号{line.number}这一行", "新加的行把“序号”空着")
            else:
                seen[line.number] = line.row
                _fill(old[line.number - 1], table.rows, line.own)
                lines.append((old[line.number - 1], line.row))
        for number in range(1, len(old) + 1):
            if number not in seen:
                self.report.kept.append(f"{table.title}：“{'、'.join(name)}”的序号{number}不在表里，原样保留")
        return {place: row for place, r in enumerate(rows) for made, row in lines if made is r}

    # -- checking and writing

    def check(self) -> None:
        """Notes every mistake that the import would bring."""
        if self.report.errors:
            return
        docs = list(self.files.values())
        placed: dict[ContentError, tuple[str, int]] = {}
        found = examine_documents(docs, self.on, self.errors).errors
        for doc in docs:
            placed |= doc.placed
        for error in found:
            if (error.file, error.problem) not in self.known_mistakes:
                sheet, row = placed.get(error, (error.file, error.line))
                self.report.errors.append(RowError(sheet, row, error.problem, error.hint))

    def write(self, into: Path | None) -> None:
        """Writes the changed files, below `into` if given; nothing when one of them does not come out as it should."""
        texts: dict[str, str] = {}
        for file, changes in self.changes.items():
            path = self.content / file
            texts[file] = rewritten(path.read_text(encoding="utf-8") if path.exists() else "", changes, self.keys[file])
            made = parse(file, texts[file], [])
            if made is None or not same(made.data, self.files[file].data):
                self.report.errors.append(RowError(file, 0, "改动写不回这个文件", "直接在 YAML 里改，并告诉开发的人"))
        if self.report.errors:
            return
        root = into or self.content
        if into is not None:
            shutil.copytree(self.content, into, dirs_exist_ok=True)
        for file, text in texts.items():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            fresh = root / f"{file}.new"
            fresh.write_text(text, encoding="utf-8")
            os.replace(fresh, root / file)


def _fill(target: dict[str, Any], columns: Sequence[Column], values: dict[str, Any]) -> None:
    """Sets the keys of the columns where the sheet says something else; other keys stay."""
    before: list[str] = []
    for column in columns:
        value, key = values[column.key], column.key
        if value is None and target.get(key) in (None, [], "") and (key in target or column.blank is MISSING):
            pass  # blank, and nothing stands there
        elif value is None and column.blank is MISSING:
            del target[key]
        elif key not in target:
            _insert(target, key, _blank(column) if value is None else value, before)
        elif value is None or not same(target[key], value):
            target[key] = _blank(column) if value is None else value
        before.append(key)


def _blank(column: Column) -> Any:
    return list(column.blank) if isinstance(column.blank, tuple) else column.blank


def _insert(target: dict[str, Any], key: str, value: Any, before: Iterable[str]) -> None:
    """Puts a new key behind those of the columns before it."""
    items = list(target.items())
    place = 1 + max((i for i, (k, _) in enumerate(items) if k in before), default=-1)
    items.insert(place, (key, value))
    target.clear()
    target.update(items)


def _position(rows: Sequence[dict[str, Any]], row: dict[str, Any]) -> int:
    """Where a new row goes: by its first day among those of its kind (an article's wordings), else to the end."""
    alike = [i for i, r in enumerate(rows) if str(r.get("id")) == str(row.get("id"))]
    first = row.get("from")
    later = [
        i
        for i in alike
        if isinstance(first, date) and isinstance(rows[i].get("from"), date) and rows[i]["from"] > first
    ]
    return later[0] if later else alike[-1] + 1 if alike else len(rows)


def _set(doc: Document, path: Path_, thing: dict[str, Any]) -> None:
    if not path:
        doc.data = thing
        return
    things = doc.data[path[0]]
    place = int(path[1])
    if place == len(things):
        things.append(thing)
    else:
        things[place] = thing
