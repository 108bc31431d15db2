"""The knowledge base as a spreadsheet: `farun kb export` writes it, `farun kb import` reads it back (knowledge.sheet_read).

One sheet a kind, one row a value, article, answer …; lists are lines of a cell. What belongs to a thing with several rows
(a parameter, a law, a ladder) stands in its first row.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.reading import documents
from knowledge.release import CONTENT
from knowledge.sheet_read import Report, read_back
from knowledge.sheet_tables import FILE, NUMBER, TABLES, Column, Table

__all__ = ["Report", "export", "read_back"]

RISKY = ("=", "+", "-", "@")  # what Excel would take for a formula at the head of a text
LAST = 5000  # row up to which choices are offered


def export(path: Path, content: Path = CONTENT) -> int:
    """Writes everything below `content` to the spreadsheet `path`; the number of rows."""
    found = list(documents(content, []))
    book = Workbook()
    book.remove(book.active)
    count = 0
    for table in TABLES:
        sheet = book.create_sheet(table.title)
        _head(sheet, table)
        rows = [row for doc in found for _, thing in table.found(doc) for row in _rows(table, doc.file, thing)]
        for line, row in enumerate(rows, 2):
            _put(sheet, line, table, row)
        count += len(rows)
    book.save(path)
    return count


def _rows(table: Table, file: str, thing: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells (header: value of the content) of each row of a thing."""
    own = {FILE: file, **{c.header: thing.get(c.key) for c in table.things}}
    if table.rows_key is None:
        yield own
        return
    names = {header: own[header] for header in (FILE, *(c.header for c in table.things[: table.names]))}
    for number, row in enumerate(thing.get(table.rows_key) or [{}], 1):
        told = {c.header: row.get(c.key) for c in table.rows}
        yield {**(own if number == 1 else names), NUMBER: number if row else None, **told}


def _put(sheet: Worksheet, line: int, table: Table, row: dict[str, Any]) -> None:
    columns: dict[str, Column] = {c.header: c for c in table.columns}
    for place, header in enumerate(table.headers, 1):
        column, value = columns.get(header), row.get(header)
        cell = sheet.cell(line, place)
        cell.number_format = column.cell.format if column else "General"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if value is None or value == []:
            continue
        cell.value = column.cell.write(value) if column else value
        if isinstance(cell.value, str):
            cell.data_type = "s"  # a text, whatever it begins with: never a formula
            cell.quotePrefix = cell.value.startswith(RISKY)


def _head(sheet: Worksheet, table: Table) -> None:
    """Headers, widths, and the words that a column of choices allows."""
    sheet.append(table.headers)
    columns = {c.header: c for c in table.columns}
    for place, header in enumerate(table.headers, 1):
        letter = get_column_letter(place)
        sheet.cell(1, place).font = Font(bold=True)
        column = columns.get(header)
        sheet.column_dimensions[letter].width = column.width if column else 18 if header == FILE else 6
        if column and column.cell.words:
            choices = DataValidation(type="list", formula1=f'"{",".join(column.cell.words)}"', allow_blank=True)
            choices.add(f"{letter}2:{letter}{LAST}")
            sheet.add_data_validation(choices)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.headers))}1"
