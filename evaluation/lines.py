"""The lines of the training text (data/nlu) with the place where each stands, for the reports about them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from base.settings import ROOT

NLU = ROOT / "data" / "nlu"
CONSULT = "consult"  # the act of every question
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Line:
    """A line of training text and where it stands; `topics` (main first) are empty for acts other than questions."""

    text: str
    intent: str
    topics: tuple[str, ...]
    file: str
    number: int  # in the file, from 1


def read_lines(folder: Path) -> list[Line]:
    """Every line of the YAML files of a folder, in an order that no moving of blocks changes.

    Raises ValueError when there are none, or for a file that is not training data.
    """
    lines: list[Line] = []
    for path in sorted(folder.glob("*.yml")):
        lines += _of_file(path)
    if not lines:
        raise ValueError(f"{folder} holds no training text (*.yml)")
    return sorted(lines, key=lambda line: hashlib.sha256(line.text.encode()).digest())


def _of_file(path: Path) -> Iterator[Line]:
    text = path.read_text(encoding="utf-8")
    places = {row.strip(): number for number, row in enumerate(text.splitlines(), 1)}
    try:
        for block in yaml.load(text, Loader)["nlu"]:
            topics = tuple((block.get("metadata") or {}).get("topics", ()))
            for row in block["examples"].splitlines():
                yield Line(row.removeprefix("- ").strip(), block["intent"], topics, path.name, places[row.strip()])
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise ValueError(f"{path} is not training data: {error}") from error


def data_hash(lines: Iterable[Line]) -> str:
    """12 hex digits over texts, acts and topics; neither order, files nor commits count."""
    rows = sorted(json.dumps([line.text, line.intent, line.topics], ensure_ascii=False) for line in lines)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]


def told(line: Line) -> dict[str, Any]:
    """A line as reports show it."""
    return {"text": line.text, "topics": list(line.topics), "intent": line.intent, "at": f"{line.file}:{line.number}"}
