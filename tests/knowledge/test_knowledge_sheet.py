"""The knowledge base goes out as a spreadsheet and comes back: nothing is lost, one change stays one change, and every
mistake is shown with its sheet, its row and what to write; then nothing at all is written."""

import difflib
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from farun.cli import main
from knowledge.reading import documents
from knowledge.release import CONTENT
from knowledge.sheet import Report, export, read_back
from knowledge.sheet_tables import FILE, NUMBER, TABLES

ON = date(2026, 11, 24)
PARAMETERS = """# Numbers. This remark stays.
parameters:
- key: wage
  title: 月工资
  unit: yuan/month
  region: 苏州
  values:
  - {value: 100, from: 2020-01-01, to: 2020-12-31, status: confirmed, source: 劳动法48}  # read in the law
  - {value: 200.5, from: 2021-01-01, status: confirmed, source: "劳动法48"}
- {key: months, title: 月数, unit: months, region: 全国, shown: false, values: [{value: {1: 27, 2: 25}, from: 2011-01-01, status: confirmed, source: 工伤保险条例35}]}
- {key: open, title: 没查到的, unit: yuan, region: 苏州, values: [{value: null, from: 2011-01-01, status: unknown, source: 没有查到}]}
"""
LAWS = """laws:
- law: 劳动法
  title: 中华人民共和国劳动法
  number: 2018年修正
  in_force_from: 1995-01-01
  articles:
  - {id: 48, gist: 最低工资}  # the floor
  - {id: 50, items: {1: 2}, gist: 按月发, repealed: {1: 2030-01-01}}
  - {id: 276之一, gist: 不付要坐牢}
- {law: 某通知, title: 某部门的通知, number: 某发〔2020〕1号, in_force_from: 2020-01-01, whole: true, gist: 要发钱, articles: []}
"""
ENTRIES = """entries:
- id: one
  topic: wages
  title: 老板不发工资
  asks: [老板不发工资, 工资没发, 欠我工资, 拿不到钱, 讨薪, 要工钱, 一直拖着, 不给钱]
  when: {kind: [site, factory]}
  in_a_line: "=干了活，就要给钱: {param:wage}。"
  today: [拍照留证据, "+打12333投诉"]  # two steps
  papers: []
  basis: [劳动法/48]
  status: confirmed
  owner: 顾问
  reviewed_on: 2026-11-01
  review_by: 2027-11-01
"""
LADDERS = """evidence:
- id: wage
  label: 工资是多少
  burden: 单位要拿出工资表。
  basis: [劳动法/50]
  rungs:
  - {paper: 银行流水, weight: 5, held_by: bank, how: 去柜台打, instead: [微信转账, 存折]}
  - {paper: 工友的话, weight: 2, held_by: others, how: 写下来签名}
  asks: [怎么证明工资]
  status: confirmed
  owner: 顾问
  reviewed_on: 2026-11-01
  review_by: 2027-11-01
"""
DOORS = """doors:
- id: inspection
  name: 劳动监察
  claims: [arrears]
  rank: 1
  line: 打电话投诉。
  cost: 不要钱
  time: 看情况
  papers: [身份证]
  clock: 从投诉那天重新算。
  basis: [劳动法/48]
  beside: []
  next: []
  place: window
  best: {kind: [site]}
  closed:
  - when: {kind: [factory]}
    say: 去别的地方。
    basis: [劳动法/48]
  asks: [怎么投诉]
  status: confirmed
  owner: 顾问
  reviewed_on: 2026-11-01
  review_by: 2027-11-01
"""
SAYINGS = """sayings:
- id: say
  topic: wages
  says: 干满再发
  asks: [甲一, 甲二, 甲三, 甲四, 甲五, 甲六, 甲七, 甲八]
  verdict: partly
  answer: 干一天就要给一天的钱。
  today: [存好打卡]
  basis: [劳动法/50]
  status: confirmed
  owner: 顾问
  reviewed_on: 2026-11-01
  review_by: 2027-11-01
"""
PLACES = """places:
- {id: window, name: 监察窗口, address: null, phone: "12333", hours: null, note: 不知道在哪先打电话}
"""
FACTS = (
    "facts:\n- {id: kind, label: 哪里, type: choice, unit: choice, choices: {factory: 厂, site: 工地}, ask: 哪里？}\n"
)
OUTSIDE = 'id: outside\ntitle: 外面的\nphones: {"12333": 劳动投诉}\nlinks: []\n'
FILES = {
    "parameters/p.yml": PARAMETERS, "articles/small.yml": LAWS, "entries/one.yml": ENTRIES,
    "evidence/e.yml": LADDERS, "doors/d.yml": DOORS, "sayings/s.yml": SAYINGS, "places.yml": PLACES,
    "facts.yml": FACTS, "procedures/phrases.yml": "id: phrases\ntitle: 话\nto_confirm: 待确认\n",
    "procedures/outside.yml": OUTSIDE,
}  # fmt: skip


@pytest.fixture
def content(tmp_path: Path) -> Path:
    root = tmp_path / "content"
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True, parents=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def book(tmp_path: Path, content: Path) -> Path:
    export(tmp_path / "base.xlsx", content)
    return tmp_path / "base.xlsx"


def read(root: Path) -> dict[str, Any]:
    errors: list[Any] = []
    found = {doc.file: doc.data for doc in documents(root, errors)}
    assert errors == []
    return found


def texts(root: Path) -> dict[str, str]:
    return {
        p.relative_to(root).as_posix(): p.read_text(encoding="utf-8") for p in sorted(root.rglob("*")) if p.is_file()
    }


def changed_lines(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The lines taken out (-) and put in (+), over all files."""
    lines: list[str] = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, "").splitlines(), after.get(name, "").splitlines()
        lines += [
            x for x in difflib.unified_diff(old, new, lineterm="", n=0) if x[0] in "+-" and x[:3] not in ("+++", "---")
        ]
    return lines


def edit(book: Path, sheet: str, row: int, **cells: Any) -> None:
    """Sets cells of a row by header."""
    made = load_workbook(book)
    headers = [c.value for c in made[sheet][1]]
    for header, value in cells.items():
        made[sheet].cell(row, headers.index(header) + 1).value = value
    made.save(book)


def add(book: Path, sheet: str, **cells: Any) -> int:
    made = load_workbook(book)
    row = made[sheet].max_row + 1
    made.close()
    edit(book, sheet, row, **cells)
    return int(row)


def test_our_own_content_comes_back_unchanged(tmp_path: Path) -> None:
    ours = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    before = texts(ours)
    assert export(tmp_path / "base.xlsx", ours) > 900
    report = read_back(tmp_path / "base.xlsx", ours, on=ON)
    assert report == Report()
    assert texts(ours) == before


def test_everything_in_the_content_has_a_column(tmp_path: Path) -> None:
    keys = {t.title: {c.key for c in t.columns} | {t.rows_key} for t in TABLES}
    for table in TABLES:
        for doc in documents(CONTENT, []):
            for _, thing in table.found(doc):
                rows = thing.get(table.rows_key, []) if table.rows_key else []
                assert {k for part in (thing, *rows) for k in part} <= keys[table.title], doc.file


def test_an_export_read_into_an_empty_folder_gives_equal_content(book: Path, content: Path, tmp_path: Path) -> None:
    report = read_back(book, content, into=tmp_path / "copy", on=ON)
    assert report == Report()
    assert read(tmp_path / "copy") == read(content)


CHANGES = [
    # sheet, row, cells, lines taken out and put in
    ("参数", 2, {"数值": 120}, [
        "-  - {value: 100, from: 2020-01-01, to: 2020-12-31, status: confirmed, source: 劳动法48}  # read in the law",
        "+  - {value: 120, from: 2020-01-01, to: 2020-12-31, status: confirmed, source: 劳动法48}  # read in the law"]),
    ("参数", 3, {"数值": 210.75}, [
        '-  - {value: 200.5, from: 2021-01-01, status: confirmed, source: "劳动法48"}',
        '+  - {value: 210.75, from: 2021-01-01, status: confirmed, source: "劳动法48"}']),
    ("参数", 5, {"数值": 90, "状态": "已确认", "出处": "某通知"}, [
        "-- {key: open, title: 没查到的, unit: yuan, region: 苏州, values: [{value: null, from: 2011-01-01, status: unknown, source: 没有查到}]}",
        "+- {key: open, title: 没查到的, unit: yuan, region: 苏州, values: [{value: 90, from: 2011-01-01, status: confirmed, source: 某通知}]}"]),
    ("条文", 2, {"大意": "工资有底线"}, ["-  - {id: 48, gist: 最低工资}  # the floor", "+  - {id: 48, gist: 工资有底线} # the floor"]),
    ("条文", 2, {"几款": 2}, ["-  - {id: 48, gist: 最低工资}  # the floor", "+  - {id: 48, gist: 最低工资, paragraphs: 2} # the floor"]),
    ("答案", 2, {"今天先做": "拍照留证据\n+打12333投诉\n等回音"}, [
        '-  today: [拍照留证据, "+打12333投诉"]  # two steps', '+  today: [拍照留证据, "+打12333投诉", 等回音] # two steps']),
    ("答案", 2, {"什么情况": None}, ["-  when: {kind: [site, factory]}"]),
    ("答案", 2, {"到什么时候": "越早越好。"}, ["+  until: 越早越好。"]),
    ("老板这么说", 2, {"对不对": "不对"}, ["-  verdict: partly", "+  verdict: wrong"]),
    ("门路", 2, {"先后": 3}, ["-  rank: 1", "+  rank: 3"]),
    ("门路", 2, {"带上": None}, ["-  papers: [身份证]", "+  papers: []"]),
    ("证据", 3, {"分量": 1}, [
        "-  - {paper: 工友的话, weight: 2, held_by: others, how: 写下来签名}",
        "+  - {paper: 工友的话, weight: 1, held_by: others, how: 写下来签名}"]),
    ("地点", 2, {"地址": "某路1号", "电话": 66012345}, [
        '-- {id: window, name: 监察窗口, address: null, phone: "12333", hours: null, note: 不知道在哪先打电话}',
        '+- {id: window, name: 监察窗口, address: 某路1号, phone: "66012345", hours: null, note: 不知道在哪先打电话}']),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "row", "cells", "lines"), CHANGES)
def test_one_change_in_the_sheet_is_one_change_in_the_file(
    book: Path, content: Path, sheet: str, row: int, cells: dict[str, Any], lines: list[str]
) -> None:
    before = texts(content)
    edit(book, sheet, row, **cells)
    report = read_back(book, content, on=ON)
    assert report.errors == []
    assert len(report.changed) == 1
    assert changed_lines(before, texts(content)) == lines


def test_a_new_value_goes_to_its_day_and_a_new_thing_to_its_file(book: Path, content: Path) -> None:
    edit(book, "参数", 3, 止=datetime(2026, 12, 31))
    add(book, "参数", 名字="wage", 地区="苏州", 数值=300, 起=datetime(2027, 1, 1), 状态="已确认", 出处="劳动法48")
    add(
        book,
        "参数",
        名字="wage",
        地区="苏州",
        数值=90,
        起=datetime(2019, 1, 1),
        止=datetime(2019, 12, 31),
        状态="待确认",
        出处="凭记忆",
    )
    add(book, "条文", 法律="劳动法", 条=51, 大意="假日也有工资")
    add(book, "地点", 编号="court", 名称="法院窗口")
    cells = {"编号": "two", "类别": "wages", "标题": "少发", "问法": "\n".join(f"少发{n}" for n in "一二三四五六七八")}
    cells |= {"一句话": "少发要补。", "今天先做": "留证据", "依据": "劳动法/50", "状态": "已确认", "负责人": "顾问"}
    add(book, "答案", 文件="entries/new.yml", 审核日期=datetime(2026, 11, 1), 复核期限=datetime(2027, 11, 1), **cells)
    report = read_back(book, content, on=ON)
    assert report.errors == []
    found = read(content)
    values = found["parameters/p.yml"]["parameters"][0]["values"]
    assert [(v["value"], v["from"].year, v.get("to")) for v in values] == [
        (90, 2019, date(2019, 12, 31)), (100, 2020, date(2020, 12, 31)), ("200.5", 2021, date(2026, 12, 31)), (300, 2027, None),
    ]  # fmt: skip
    assert found["articles/small.yml"]["laws"][0]["articles"][-1] == {"id": 51, "gist": "假日也有工资"}
    assert found["places.yml"]["places"][1] == {
        "id": "court", "name": "法院窗口", "address": None, "phone": None, "hours": None, "note": None,
    }  # fmt: skip
    assert found["entries/new.yml"]["entries"][0]["today"] == ["留证据"]
    assert "# This remark stays." not in texts(content)["entries/new.yml"]
    assert texts(content)["parameters/p.yml"].startswith("# Numbers. This remark stays.\n")


def test_what_is_not_in_the_sheet_is_kept_and_named(book: Path, content: Path) -> None:
    made = load_workbook(book)
    made["参数"].delete_rows(3)
    made["答案"].delete_rows(2)
    made.save(book)
    before = texts(content)
    report = read_back(book, content, on=ON)
    assert report.errors == [] and texts(content) == before
    assert len(report.kept) == 2
    assert "wage" in report.kept[0] and "one" in report.kept[1]


def spoil(sheet: str, row: int, **cells: Any) -> Callable[[Path], None]:
    return lambda book: edit(book, sheet, row, **cells)


def more(sheet: str, **cells: Any) -> Callable[[Path], None]:
    return lambda book: void(add(book, sheet, **cells))


def void(_: Any) -> None:
    return None


MISTAKES: list[tuple[Callable[[Path], None], str, int, str]] = [
    # cells of the wrong kind
    (spoil("参数", 2, 起="2026年1月1日"), "参数", 2, "日期"),
    (spoil("参数", 2, 起="2020-01-01"), "参数", 2, "日期"),
    (spoil("参数", 2, 数值="100元"), "参数", 2, "元"),
    (spoil("参数", 2, 数值="一百"), "参数", 2, "不是数字"),
    (spoil("参数", 2, 数值="=1+1"), "参数", 2, "公式"),
    (spoil("参数", 4, 数值="1: 27\n2: 二十五"), "参数", 4, "二十五"),
    (spoil("参数", 2, 状态="确认了"), "参数", 2, "确认了"),
    (spoil("参数", 2, 给工人看="对"), "参数", 2, "对"),
    (spoil("门路", 2, 先后=1.5), "门路", 2, "整数"),
    (spoil("门路", 2, 走不通="{when: [}"), "门路", 2, "看不懂"),
    (spoil("地点", 2, 备注="一\n二"), "地点", 2, "换行"),
    # rows that do not fit together
    (spoil("参数", 3, 序号=1), "参数", 3, "写了两次"),
    (spoil("参数", 3, 序号=7), "参数", 3, "序号7"),
    (spoil("参数", 3, 单位="days"), "参数", 3, "单位"),
    (spoil("参数", 3, 文件="parameters/q.yml"), "参数", 3, "parameters/q.yml"),
    (spoil("参数", 3, 名字=None), "参数", 3, "没有写名字"),
    (more("答案", 编号="one"), "答案", 3, "写了两次"),
    (more("答案", 编号="two"), "答案", 3, "哪个文件"),
    (more("答案", 编号="two", 文件="../outside.yml"), "答案", 3, "哪个文件"),
    # what the check of the content finds
    (spoil("参数", 2, 止=datetime(2020, 6, 30)), "参数", 3, "空档"),
    (spoil("参数", 2, 出处=None), "参数", 2, "source"),
    (spoil("参数", 2, 数值=None), "参数", 2, "状态"),
    (spoil("条文", 3, 几项="x: y"), "条文", 3, "不是数字"),
    (spoil("答案", 2, 依据="劳动法/99"), "答案", 2, "没有这一条"),
    (spoil("答案", 2, 问法="一种"), "答案", 2, "1种问法"),
    (spoil("答案", 2, 今天先做="依法维权"), "答案", 2, "依法"),
    (spoil("答案", 2, 什么情况="kynd: [site]"), "答案", 2, "kynd"),
    (spoil("答案", 2, 标题=None), "答案", 2, "title"),
    (spoil("答案", 2, 一句话="给{param:wages}。"), "答案", 2, "wages"),
    (spoil("老板这么说", 2, 类别="pay"), "老板这么说", 2, "topic"),
    (spoil("门路", 2, 地点="nowhere"), "门路", 2, "nowhere"),
    (spoil("证据", 3, 分量=9), "证据", 3, "weight"),
    (spoil("证据", 2, 分量=1), "证据", 2, "分量"),
    (spoil("地点", 2, 名称=None), "地点", 2, "name"),
]


@pytest.mark.parametrize(("make", "sheet", "row", "word"), MISTAKES)
def test_a_mistake_is_shown_with_sheet_row_and_hint_and_nothing_is_written(
    book: Path, content: Path, make: Callable[[Path], None], sheet: str, row: int, word: str
) -> None:
    before = texts(content)
    edit(book, "参数", 3, 出处="劳动法50")  # a good change beside the bad one
    make(book)
    report = read_back(book, content, on=ON)
    found = [e for e in report.errors if word in e.problem]
    assert found, report.errors
    assert (found[0].sheet, found[0].row) == (sheet, row)
    assert str(found[0]).startswith(f"{sheet}!{row}: ") and " → " in str(found[0])
    assert texts(content) == before


def drop_sheet(book: Path) -> None:
    made = load_workbook(book)
    del made["门路"]
    made.save(book)


def drop_column(book: Path) -> None:
    made = load_workbook(book)
    made["参数"].delete_cols([c.value for c in made["参数"][1]].index("起") + 1)
    made.save(book)


def double_column(book: Path) -> None:
    made = load_workbook(book)
    made["参数"].cell(1, made["参数"].max_column + 1).value = "数值"
    made.save(book)


def no_excel(book: Path) -> None:
    book.write_text("数值,起\n1,2\n", encoding="utf-8")


def no_workbook(book: Path) -> None:
    with zipfile.ZipFile(book, "w") as packed:
        packed.writestr("a.txt", "x")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (drop_sheet, "缺少工作表“门路”"),
        (drop_column, "缺少一列“起”"),
        (double_column, "“数值”出现了两次"),
        (no_excel, "不是能打开的 Excel 文件"),
        (no_workbook, "不是能打开的 Excel 文件"),
        (Path.unlink, "没有这个文件"),
    ],
)
def test_a_file_that_is_no_export_is_refused_with_a_reason(
    book: Path, content: Path, make: Callable[[Path], None], words: str
) -> None:
    make(book)
    report = read_back(book, content, on=ON)
    assert [words in e.problem for e in report.errors] == [True]
    assert report.errors[0].hint and report.changed == {}


def test_texts_that_look_like_formulas_stay_texts(book: Path, content: Path) -> None:
    cells = {c.coordinate: c for row in load_workbook(book)["答案"].iter_rows() for c in row if c.value}
    risky = [c for c in cells.values() if str(c.value).startswith("=")]
    assert [c.value for c in risky] == ["=干了活，就要给钱: {param:wage}。"]
    assert all(c.data_type == "s" and c.quotePrefix for c in risky)
    assert all(c.data_type != "f" for t in TABLES for row in load_workbook(book)[t.title].iter_rows() for c in row)


def test_headers_are_chinese_and_dates_are_dates(book: Path) -> None:
    made = load_workbook(book)
    assert made.sheetnames == ["参数", "条文", "答案", "老板这么说", "门路", "证据", "地点"]
    headers = [c.value for t in TABLES for c in made[t.title][1]]
    assert all(h and not h.isascii() for h in headers)
    assert {FILE, NUMBER} <= set(headers)
    first = dict(zip([c.value for c in made["参数"][1]], made["参数"][2], strict=True))
    assert first["起"].value == datetime(2020, 1, 1) and first["数值"].value == 100
    assert [c.value for c in made["答案"][2]][4].splitlines()[:2] == ["老板不发工资", "工资没发"]


def test_mistakes_that_were_there_before_do_not_stop_an_import(book: Path, content: Path) -> None:
    text = (content / "sayings/s.yml").read_text(encoding="utf-8")
    (content / "sayings/s.yml").write_text(
        text.replace("review_by: 2027-11-01", "review_by: 2026-11-02"), encoding="utf-8"
    )
    export(book, content)
    edit(book, "参数", 2, 数值=120)
    report = read_back(book, content, on=ON)
    assert report.errors == [] and list(report.changed) == ["parameters/p.yml"]


def test_content_that_cannot_be_read_stops_an_import(book: Path, content: Path) -> None:
    (content / "doors/d.yml").write_text("doors: [", encoding="utf-8")
    report = read_back(book, content, on=ON)
    assert [e.sheet for e in report.errors] == ["doors/d.yml"]


def test_the_commands_say_what_they_did(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "out.xlsx"
    with pytest.raises(SystemExit) as ended:
        main(["kb", "export", str(book), "--path", str(content)])
    assert ended.value.code == 0 and book.exists()
    edit(book, "参数", 2, 数值=120)
    with pytest.raises(SystemExit) as ended:
        main(["kb", "import", str(book), "--into", str(content)])
    assert ended.value.code == 0
    assert "parameters/p.yml" in capsys.readouterr().out
    assert read(content)["parameters/p.yml"]["parameters"][0]["values"][0]["value"] == 120
    edit(book, "参数", 2, 数值="120元")
    with pytest.raises(SystemExit) as ended:
        main(["kb", "import", str(book), "--into", str(content)])
    assert ended.value.code == 1
    assert "参数!2: " in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["kb", "export"])
    assert ended.value.code == 1
