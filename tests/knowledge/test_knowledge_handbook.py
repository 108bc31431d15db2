"""The handbook for editors (docs/editors.zh.md) tells the truth: its examples pass the check, each mistake that it shows
gives the message that it quotes, and its commands and paths exist. The table is tests/cases/handbook.yml.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.components import details
from farun.cli import main, parser
from knowledge import check, doors, evidence
from knowledge.calendar_cn import RESTDAY, WORKDAY
from knowledge.check import Findings, examine, examine_documents
from knowledge.reading import ContentError, documents, parse
from knowledge.release import CONTENT, read
from knowledge.sheet import Report, export, read_back

ROOT = Path(__file__).resolve().parents[2]
ON = date(2026, 11, 24)
HANDBOOK = (ROOT / "docs" / "editors.zh.md").read_text(encoding="utf-8")
TABLE = yaml.safe_load((ROOT / "tests" / "cases" / "handbook.yml").read_text(encoding="utf-8"))
MISTAKES = {row["id"]: row for row in TABLE["mistakes"]}
SHEETS = TABLE["sheets"]
MORE = "……"  # at the end of a message: more follows
PATH = re.compile(r"`([A-Za-z0-9_.]+(?:/[A-Za-z0-9_.*]+)*(?:/|\.(?:yml|md|txt|py)))`")
COMMAND = re.compile(r"farun ((?:up|web|worker|migrate|train|ask|evaluate|kb|user|doctor|bench)\b[^`|\n]*)")
Row = dict[str, Any]


@dataclass(frozen=True)
class Tried:
    """What the check said of a mistake, and where the mistake stood: the first and last line that were changed."""

    found: Findings
    text: str
    first: int
    last: int


def changed(content: Path, row: Row) -> tuple[str, int, int]:
    """A file's text with one change of the table, and the first and last line of what was changed."""
    if "text" in row:
        return row["text"], 1, 1 + row["text"].rstrip("\n").count("\n")
    before = (content / row["file"]).read_text(encoding="utf-8")
    old, new = (row["old"], row["new"]) if "old" in row else ("", row["adds"])
    assert old in before, f"{row['file']} does not hold {old!r} any more: bring table and handbook up to date"
    start = before.index(old) if old else len(before)
    first = before[:start].count("\n") + 1
    return before[:start] + new + before[start + len(old) :], first, first + new.rstrip("\n").count("\n")


def change(content: Path, row: Row) -> None:
    """Makes one change of the table."""
    text = changed(content, row)[0]
    (content / row["file"]).parent.mkdir(exist_ok=True)
    (content / row["file"]).write_text(text, encoding="utf-8")


def copy(folder: Path) -> Path:
    """A copy of the content with every example of the handbook in it."""
    content = Path(shutil.copytree(CONTENT, folder))
    for row in TABLE["examples"]:
        change(content, row)
    return content


class Content:
    """A copy of the content that is read once; a changed file is checked in the place of the one that was read."""

    def __init__(self, folder: Path) -> None:
        self.folder = copy(folder)
        self.errors: list[ContentError] = []
        self.documents = {doc.file: doc for doc in documents(self.folder, self.errors)}

    def tried(self, rows: list[Row]) -> dict[str, Tried]:
        """What the check says when these mistakes, each in a file of its own, are made."""
        self.errors.clear()
        places = {row["id"]: changed(self.folder, row) for row in rows}
        made = {row["file"]: parse(row["file"], places[row["id"]][0], self.errors) for row in rows}
        found = sorted((d for d in {**self.documents, **made}.values() if d), key=lambda d: Path(d.file))
        findings = examine_documents(found, ON, self.errors)
        return {name: Tried(findings, *place) for name, place in places.items()}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tried]:
    """Every mistake as the check sees it; mistakes in different files are made together, which is quicker."""
    content = Content(tmp_path_factory.mktemp("handbook") / "content")
    made: dict[str, Tried] = {}
    waiting = list(TABLE["mistakes"])
    while waiting:
        alone = next((row for row in waiting if "in" in row), None)  # it is another file that becomes wrong
        together = {alone["file"]: alone} if alone else {row["file"]: row for row in reversed(waiting)}
        made |= content.tried(list(together.values()))
        waiting = [row for row in waiting if row["id"] not in made]
    return made


def fits(said: str, says: str) -> bool:
    """Whether a message is the one that is quoted."""
    return said.startswith(says.removesuffix(MORE)) if says.endswith(MORE) else said == says


def test_the_examples_pass_the_check(tmp_path: Path) -> None:
    before, after = examine(CONTENT, ON), examine(copy(tmp_path / "content"), ON)
    assert {(e.file, e.problem) for e in after.errors} == {(e.file, e.problem) for e in before.errors}


def test_the_examples_do_what_the_handbook_says(tmp_path: Path) -> None:
    kb, _ = read(copy(tmp_path / "content"), ON)
    wage = kb.parameters["example_min_wage", "苏州"]
    assert [wage.at(day).value for day in (date(2026, 12, 31), date(2027, 1, 1))] == [2660, 2999]
    assert kb.parameters["example_average", "苏州"].at(date(2027, 1, 1)).status == "unknown"
    assert [kb.gist("示例条例/7", day)[-5:] for day in (ON, date(2027, 1, 1))] == ["工资月底前发"[-5:], "十五号前发"]
    days = [kb.calendar.day(date(2031, 1, number)) for number in (1, 2, 4, 5)]
    assert [d.kind for d in days] == ["holiday", RESTDAY, WORKDAY, RESTDAY]
    assert all(d.arranged for d in days)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_where_it_stands(name: str, tried: dict[str, Tried]) -> None:
    row, made = MISTAKES[name], tried[name]
    found = made.found.warnings if row.get("warning") else made.found.errors
    file = row.get("in", row["file"])
    lines = [e.line for e in found if e.file == file and fits(f"{e.problem} → {e.hint}", row["says"])]
    assert lines, [str(e) for e in found if e.file == file]
    if "at" in row:
        assert made.text[: made.text.index(row["at"])].count("\n") + 1 in lines
    elif file == row["file"]:
        assert any(made.first <= line <= made.last for line in lines), (made.first, made.last, lines)


def test_what_the_check_does_not_see_is_named_as_such(tmp_path: Path) -> None:
    """Section 20 tells editors what to look at themselves; what is seen after all must leave it."""
    content = copy(tmp_path / "content")
    before = examine(content, ON)
    for row in TABLE["unseen"]:
        change(content, row)
    after = examine(content, ON)
    known = {(e.file, e.problem) for e in (*before.errors, *before.warnings)}
    assert [str(e) for e in (*after.errors, *after.warnings) if (e.file, e.problem) not in known] == []


def test_a_draft_is_kept_from_workers(tmp_path: Path) -> None:
    content = copy(tmp_path / "content")
    drafts = {"entries": "example-uniform", "doors": "example_door", "evidence": "example_deposit"}
    for folder in drafts:
        file = content / folder / "example.yml"
        text = re.sub("status: (?:confirmed|to_confirm)", "status: draft", file.read_text(encoding="utf-8"))
        file.write_text(text.replace("basis: [劳动合同法/9, 劳动合同法/84/2]", "basis: []"), encoding="utf-8")
    known = {(e.file, e.problem) for e in examine(CONTENT, ON).errors}
    assert [e for e in examine(content, ON).errors if (e.file, e.problem) not in known] == []
    kb, _ = read(content, ON)
    found = [hit.entry.id for hit in kb.search.find("厂里收的工衣押金不退", ["wages"], {}, limit=5)]
    assert found and drafts["entries"] not in found
    assert drafts["entries"] not in {entry.id for entry in kb.published}
    assert kb.entry(drafts["entries"]).status == "draft"  # the staff find it
    assert drafts["doors"] not in {found.door.id for found in doors.doors(kb, {}, ["arrears"], ON)}
    asked = [doors.which(kb, "示例门路怎么走"), evidence.which(kb, "怎么证明交过押金")]
    assert not {one.id for one in asked if one} & set(drafts.values())


def test_the_command_prints_it_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = copy(tmp_path / "content")
    change(content, MISTAKES["overlap"])
    with pytest.raises(SystemExit) as ended:
        main(["kb", "check", "--path", str(content)])
    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert f"parameters/example.yml:7: {MISTAKES['overlap']['says']}\n" in told
    assert told.endswith("error(s) in the knowledge base; nothing was published.\n")
    assert f"parameters/example.yml:7: {MISTAKES['overlap']['says']}\n" in HANDBOOK


def test_a_file_that_cannot_be_read_is_named_before_what_follows_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = copy(tmp_path / "content")
    facts = content / "facts.yml"
    facts.write_text(facts.read_text(encoding="utf-8") + "  broken: [\n", encoding="utf-8")
    found = examine(content, ON)
    assert found.unreadable == 1
    assert found.errors[0].file == "facts.yml"
    assert len(found.errors) > 100  # every fact is missing somewhere
    with pytest.raises(SystemExit):
        main(["kb", "check", "--path", str(content)])
    first, then = capsys.readouterr().err.splitlines()[:2]
    assert first.startswith("facts.yml:")
    assert then in HANDBOOK


# --- the spreadsheet


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The content with the examples, and as a spreadsheet."""
    folder = tmp_path_factory.mktemp("sheet")
    content = copy(folder / "content")
    export(folder / "kb.xlsx", content)
    return content, folder / "kb.xlsx"


def _headers(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for cell in sheet[1]]


def _row(sheet: Worksheet, wanted: Row) -> int:
    headers = _headers(sheet)
    places = {headers.index(header): value for header, value in wanted.items()}
    return next(c[0].row for c in sheet.iter_rows(2) if all(c[p].value == value for p, value in places.items()))


def _edit(sheet: Worksheet, row: Row) -> int:
    """Makes one change of the table; the number of the row that an error names."""
    named = _row(sheet, row["at"]) if "at" in row else None
    if "drops" in row:
        sheet.delete_cols(_headers(sheet).index(row["drops"]) + 1)
        return 1
    if "adds" in row:
        sheet.append([row["adds"].get(header) for header in _headers(sheet)])
        return named or sheet.max_row
    number = _row(sheet, row["row"])
    sheet.cell(number, _headers(sheet).index(row["column"]) + 1).value = row["value"]
    return named or number


def _import(book: tuple[Path, Path], rows: list[Row], folder: Path) -> tuple[Report, list[int], Path]:
    content = Path(shutil.copytree(book[0], folder / "content"))
    made = load_workbook(book[1])
    numbers = [_edit(made[row["sheet"]], row) for row in rows]
    made.save(folder / "changed.xlsx")
    return read_back(folder / "changed.xlsx", content, on=ON), numbers, content


@pytest.mark.parametrize("name", [name for name in SHEETS if name != "good"])
def test_an_import_says_which_row_is_wrong_and_writes_nothing(
    name: str, book: tuple[Path, Path], tmp_path: Path
) -> None:
    rows = SHEETS[name]
    report, numbers, content = _import(book, rows, tmp_path)
    said = {(e.sheet, e.row, f"{e.problem} → {e.hint}") for e in report.errors}
    for row, number in zip(rows, numbers, strict=True):
        told = [text for sheet, place, text in said if (sheet, place) == (row["sheet"], number)]
        assert any(fits(text, row["says"]) for text in told), said
    assert len(said) == len(rows)
    assert read(content, ON)[0].id == read(book[0], ON)[0].id


def test_a_right_import_is_written(book: tuple[Path, Path], tmp_path: Path) -> None:
    report, _, content = _import(book, SHEETS["good"], tmp_path)
    assert report.errors == []
    assert report.changed == {"parameters/example.yml": ["example_min_wage、苏州"]}
    wage = read(content, ON)[0].parameters["example_min_wage", "苏州"]
    assert [wage.at(date(year, 1, 1)).value for year in (2027, 2028)] == [2999, 3111]


# --- the lexicon


@pytest.mark.parametrize("row", TABLE["lexicon"], ids=lambda row: row["id"])
def test_a_wrong_rule_of_the_lexicon_stops_the_reading(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(details.FOLDER, tmp_path / "details"))
    change(folder, row)
    monkeypatch.setattr(details, "FOLDER", folder)
    monkeypatch.setattr(details, "_rules", details._rules.__wrapped__)  # not the rules that are read already
    facts = read(CONTENT, ON)[0].facts
    (told,) = details.faults(facts)
    assert told.startswith(row["file"]) and told.endswith(row["says"])
    assert row["says"] in HANDBOOK


def test_the_command_looks_at_the_words_that_state_facts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(details, "faults", lambda facts: ["wages.yml, rule 69: unknown keys ['when']"])
    monkeypatch.setattr(check, "examine", lambda path: Findings([], []))
    with pytest.raises(SystemExit):
        main(["kb", "check"])
    told = capsys.readouterr().err.splitlines()[0]
    assert told.startswith("bot/lexicon/facts/details/wages.yml, rule 69: ") and told in HANDBOOK


# --- the handbook itself


def shown() -> Iterator[str]:
    """Every line of an example that the handbook must show."""
    for row in TABLE["examples"]:
        told = row.get("shows") or row.get("text") or row.get("adds") or row["new"]
        yield from (line for line in told.splitlines() if line not in row.get("old", "").splitlines())


def test_the_handbook_quotes_every_message_word_for_word() -> None:
    rows = [*MISTAKES.values(), *(row for name, book in SHEETS.items() if name != "good" for row in book)]
    missing = [row["says"] for row in rows if row["says"] not in HANDBOOK]
    assert missing == []


def test_the_handbook_shows_every_example() -> None:
    lines = {line.split("  #")[0].strip() for line in HANDBOOK.splitlines()}
    assert [line for line in shown() if line.strip() not in lines] == []


def test_every_command_is_one_that_farun_knows() -> None:
    commands = COMMAND.findall(HANDBOOK)
    assert {command.split()[0] for command in commands} >= {"kb", "ask", "train"}
    for command in commands:
        parser().parse_args(shlex.split(command, comments=True))
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"`make ([a-z]+)", HANDBOOK)) <= made


def test_every_path_exists() -> None:
    paths = set(PATH.findall(HANDBOOK))
    assert len(paths) > 20
    made = {row["file"] for row in (*TABLE["examples"], *MISTAKES.values())}
    roots = (ROOT, CONTENT, ROOT / "bot" / "lexicon")
    assert [p for p in sorted(paths - made) if not any((root / p).exists() for root in roots)] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readmes_lead_to_the_handbook(name: str) -> None:
    assert "(docs/editors.zh.md)" in (ROOT / name).read_text(encoding="utf-8")
