"""Reads the word lists of `bot/lexicon/`, which staff may edit, for the components that use them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "lexicon"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(name: str) -> dict[str, Any]:
    """One lexicon file as a mapping. Raises ValueError with the file's name when it is not one."""
    found = yaml.load((FOLDER / name).read_text(encoding="utf-8"), _Loader)
    if not isinstance(found, dict):
        raise ValueError(f"bot/lexicon/{name} must be a mapping of names to words")
    return found


def read_list(path: Path) -> list[Any]:
    """A file of the lexicon that holds a list. Raises ValueError with the file's name when it does not."""
    found = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    if not isinstance(found, list):
        raise ValueError(f"{path.name} must be a list of rules")
    return found


Classes = dict[str, tuple[str, ...]]  # word → names of its classes


@lru_cache(maxsize=4)
def word_classes(file: str) -> Classes:
    """Word → the classes it belongs to, as a file of the lexicon groups them."""
    found: dict[str, list[str]] = {}
    for name, words in read_yaml(file).items():
        for word in words:
            found.setdefault(str(word).lower(), []).append(name)
    return {word: tuple(names) for word, names in found.items()}


@lru_cache(maxsize=1)
def traditional() -> dict[int, str]:
    """Traditional character → simplified, ready for `str.translate`."""
    pairs = " ".join(lines("traditional.txt")).split()
    return {ord(pair[0]): pair[1] for pair in pairs}


@lru_cache(maxsize=1)
def slips() -> dict[str, str]:
    """Wrong spelling → right spelling."""
    found = (line.split() for line in lines("slips.txt"))
    return {wrong: right for wrong, right in found}


def digest(names: Iterable[str]) -> str:
    """12 hex digits over these lexicon files, for the fingerprint of a component that reads them."""
    total = hashlib.sha256()
    for name in names:
        total.update((FOLDER / name).read_bytes())
    return total.hexdigest()[:12]


def lines(name: str) -> list[str]:
    """The lines of a word list, without comments and blank ones."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
