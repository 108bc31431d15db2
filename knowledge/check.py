"""The check behind `farun kb check`: every mistake in the content, with file, line and what to write instead."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from knowledge.release import CONTENT, ContentError, read


def check(path: Path = CONTENT, on: date | None = None) -> list[ContentError]:
    """Every mistake below `path`, sorted by file and line; an empty list when it can be published."""
    return sorted(read(Path(path), on)[1])
