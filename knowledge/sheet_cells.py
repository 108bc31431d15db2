"""What stands in one cell of the spreadsheet: each kind of value in the content, written for Excel and read back.

Lists are lines of a cell; maps are lines `name: value` in YAML; choices and yes/no are Chinese words. Reading never
computes a formula and says what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import yaml

from knowledge import shape
from knowledge.reading import ContentError, parse


class Unreadable(Exception):
    """A cell that cannot be what its column holds: what is wrong, and what to write instead."""

    def __init__(self, problem: str, hint: str) -> None:
        self.problem, self.hint = problem, hint
        super().__init__(problem)


class Figure(str):
    """A number with decimals as the content keeps it: exact text, written without quotes."""


@dataclass(frozen=True)
class Cell:
    """A kind of cell. `write` makes what Excel shows, `read` the value of the content (the cell is not blank)."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    format: str = "@"
    words: tuple[str, ...] = ()  # the only words that may stand there


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable(f"“{value}”应该是文字", "把这一格设成文本格式再写")
    text = str(value).strip()
    if "\n" in text:
        raise Unreadable("这一格里有换行", "写成一段话")
    return text


def _lines(value: Any) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable(f"“{value}”应该是文字", "每行一条，换行用 Alt+回车")
    return [line.strip() for line in str(value).splitlines() if line.strip()]


def _name(value: Any) -> str | int:
    text = _text(value)
    return int(text) if text.isdigit() and not text.startswith("0") else text


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise Unreadable(f"“{value}”不是日期格式", "把这一格设成日期格式，再写 2026-01-31 这样的日期")


def _number(value: Any) -> int | Figure:
    if isinstance(value, str) and (unit := value.strip().lstrip("+-0123456789.,，")) and unit != value.strip():
        raise Unreadable(f"“{value}”里有“{unit}”", f"只写数字，不要写“{unit}”；单位看“单位”那一列")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unreadable(f"“{value}”不是数字", "把这一格设成数字格式，只写数字")
    number = Decimal(str(value))
    if not number.is_finite():
        raise Unreadable(f"“{value}”不是数字", "只写数字")
    return int(number) if number == number.to_integral_value() else Figure(f"{number.normalize():f}")


def _show_number(value: Any) -> int | float | None:
    number = shape.number(value)
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _count(value: Any) -> int:
    number = _number(value)
    if not isinstance(number, int):
        raise Unreadable(f"“{value}”不是整数", "写整数")
    return number


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False)
    return text.removesuffix("...\n").strip()


def _yaml(text: str, example: str) -> Any:
    errors: list[ContentError] = []
    found = parse("", text, errors)
    if found is None:
        line = text.splitlines()[min(errors[0].line, len(text.splitlines())) - 1]
        raise Unreadable(f"“{line}”这一行看不懂：{errors[0].problem}", f"写成 {example}")
    return _plain(found.data)


def _plain(value: Any) -> Any:
    """The parsed value with its decimals marked as figures, so that they are written back as they were."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return Figure(value) if isinstance(value, str) and "." in value and shape.number(value) is not None else value


def _write_map(value: Mapping[Any, Any]) -> str:
    return "\n".join(f"{_flow(key)}: {_flow(v)}" for key, v in value.items())


def _map(value: Any) -> dict[Any, Any]:
    found = _yaml(str(value), "名字: [值, 值]，一行一个")
    if not isinstance(found, dict):
        raise Unreadable(f"“{value}”看不懂", "写成 名字: [值, 值]，一行一个")
    return found


def _maps(value: Any) -> list[Any]:
    return [_map(line) for line in _lines(value)]


def _steps(value: Any) -> Any:
    """A number, or lines `step: number`."""
    if isinstance(value, str) and (":" in value or "：" in value):
        found = _map(value.replace("：", ": "))
        wrong = next((v for v in found.values() if shape.number(v) is None), None)
        if wrong is not None:
            raise Unreadable(f"“{wrong}”不是数字", "每行写 档: 数字，例如 1: 27")
        return found
    return _number(value)


def _write_steps(value: Any) -> Any:
    return _write_map(value) if isinstance(value, dict) else _show_number(value)


def _chosen(words: Mapping[Any, str]) -> Cell:
    """A choice: the content's value for the word that an editor picks."""
    back = {word: value for value, word in words.items()}

    def read(value: Any) -> Any:
        word = str(value).strip()
        if word not in back:
            raise Unreadable(f"不认识“{word}”", f"只能写：{'、'.join(back)}")
        return back[word]

    return Cell(lambda value: words.get(value, value), read, words=tuple(back))


TEXT = Cell(str, _text)
NAME = Cell(lambda v: v, _name, "General")
LINES = Cell("\n".join, _lines)
DAY = Cell(lambda v: v, _day, "yyyy-mm-dd")
COUNT = Cell(lambda v: v, _count, "General")
STEPS = Cell(_write_steps, _steps, "General")
MAP = Cell(_write_map, _map)
MAPS = Cell(lambda v: "\n".join(_flow(row) for row in v), _maps)
YES = _chosen({True: "是", False: "否"})
STATUS = _chosen({"confirmed": "已确认", "to_confirm": "待确认", "unknown": "不知道", "draft": "草稿"})
VERDICT = _chosen({"wrong": "不对", "partly": "只对一半", "right": "这话没错"})
HELD_BY = _chosen(
    {"you": "自己", "employer": "单位", "bank": "银行", "hospital": "医院", "authority": "政府部门", "others": "别人"}
)


def same(one: Any, other: Any) -> bool:
    """Whether two values of the content are the same; numbers by what they are worth."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(map(str, one)) == list(map(str, other)) and all(map(same, one.values(), other.values()))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | Figure) or isinstance(other, int | Figure):
        first, second = shape.number(one), shape.number(other)
        return first is not None and first == second
    return bool(one == other)
