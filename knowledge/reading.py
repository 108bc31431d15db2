"""Reads content files so that every mistake can be shown with its file, its line and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Path_ = Sequence[str | int]
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, order=True)
class ContentError:
    """One mistake in the content: where it is, what is wrong, and what to write instead."""

    file: str
    line: int
    problem: str
    hint: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem} → {self.hint}"


class BadContent(Exception):
    """The content cannot be loaded; `errors` holds every mistake found."""

    def __init__(self, errors: Sequence[ContentError]) -> None:
        self.errors = sorted(errors)
        super().__init__("\n".join(str(e) for e in self.errors))


class Document:
    """One YAML file: its data, and the line of any place in it."""

    def __init__(self, file: str, data: Any, node: Any, errors: list[ContentError]) -> None:
        self.file, self.data, self._node, self.errors = file, data, node, errors

    def line(self, where: Path_ = ()) -> int:
        """The line (from 1) of the value at `where`, or of the deepest part of it that exists."""
        node = self._node
        line = 1 if node is None else node.start_mark.line + 1
        for step in where:
            found = _step(node, step)
            if found is None:
                return line
            line, node = found
        return line

    def wrong(self, where: Path_, problem: str, hint: str) -> None:
        """Notes a mistake at `where`."""
        self.errors.append(ContentError(self.file, self.line(where), problem, hint))


def _step(node: Any, step: str | int) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    return None


def parse(file: str, text: str, errors: list[ContentError]) -> Document | None:
    """The document in `text`; None (and an error) when it is not YAML. Keys that stand twice are errors too."""
    loader = Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        opened = error.context_mark if "flow" in (error.context or "") else None  # a bracket that is never closed
        mark = opened or error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        hint = "检查这一行的缩进、冒号后的空格和引号；整句里有冒号或 # 时要用引号括起来"
        errors.append(ContentError(file, line, f"YAML 写错了：{error.problem}", hint))
        return None
    except yaml.YAMLError as error:  # a byte that YAML does not allow
        errors.append(ContentError(file, 1, f"文件里有不能读的字符：{type(error).__name__}", "另存为 UTF-8 文本"))
        return None
    finally:
        loader.dispose()
    before = len(errors)
    data = _construct(file, node, errors)
    return Document(file, data, node, errors) if len(errors) == before else None


def _construct(file: str, node: Any, errors: list[ContentError]) -> Any:
    if node is None:
        errors.append(ContentError(file, 1, "文件是空的", "写上内容，或者删掉这个文件"))
        return None
    return _value(file, node, errors)


_BOOL = {"true": True, "false": False}


def _value(file: str, node: Any, errors: list[ContentError]) -> Any:
    """Plain data from a node, by the YAML 1.2 words: only true and false are yes and no."""
    if isinstance(node, yaml.MappingNode):
        made: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _value(file, key_node, errors)
            if isinstance(key, list | dict) or key in made:
                line = key_node.start_mark.line + 1
                errors.append(ContentError(file, line, f"“{key_node.value}”写了两次", "只留一个"))
                continue
            made[key] = _value(file, value_node, errors)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_value(file, item, errors) for item in node.value]
    return _scalar(file, node, errors)


def _scalar(file: str, node: Any, errors: list[ContentError]) -> Any:
    kind, text = node.tag.rsplit(":", 1)[-1], node.value
    if kind == "bool":
        return _BOOL.get(text.lower(), text)
    if kind == "null":
        return None
    if kind == "int" and text.lstrip("+-").isdigit() and (text == "0" or not text.lstrip("+-").startswith("0")):
        return int(text)
    if kind == "float":
        return text  # exact: callers make Decimals of it
    if kind == "timestamp":
        return _day(file, node, errors)
    return text


def _day(file: str, node: Any, errors: list[ContentError]) -> Any:
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        line = node.start_mark.line + 1
        errors.append(ContentError(file, line, f"“{node.value}”不是日期", "写成 2026-01-31 这样，并且这一天真的有"))
        return None


def documents(root: Path, errors: list[ContentError]) -> Iterator[Document]:
    """Every *.yml below `root` in a fixed order; names are relative to `root`."""
    for path in sorted(root.rglob("*.yml")):
        name = path.relative_to(root).as_posix()
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            errors.append(ContentError(name, line, "文件不是 UTF-8", "另存为 UTF-8 文本"))
            continue
        made = parse(name, text, errors)
        if made is not None:
            yield made
