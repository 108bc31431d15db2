"""Keeps figures in `evaluation/results/` with the commit and the training text that they belong to, so that a regression
shows as a difference of the file. Figures only: no row of a measured file is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from base.settings import ROOT
from evaluation.bench.machine import commit
from evaluation.lines import NLU, data_hash, read_lines

RESULTS = ROOT / "evaluation" / "results"
LEFT_OUT = ("confusions",)  # a long list that changes with every line of text


def keep(name: str, result: Mapping[str, Any], folder: Path = RESULTS) -> Path:
    """Write the figures of a run to NAME.json and return its path."""
    told = {"commit": commit(), "data": data_hash(read_lines(NLU)), **_plain(result)}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    return path


def _plain(result: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _plain(value) if isinstance(value, Mapping) else value
        for key, value in result.items()
        if key not in LEFT_OUT
    }
