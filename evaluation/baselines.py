"""Stock Rasa on the same training text, for comparison: `farun evaluate questions FILE --baseline logistic|diet`.

The pipeline is what a Rasa user would write for Chinese: JiebaTokenizer, count vectors of words and of character n-grams
(char_wb 1–4), then Rasa's own LogisticRegressionClassifier or DIET. Each line's intent is its main topic. It is trained
and asked in a process of its own, so that time and memory are its own.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from base.settings import ROOT
from evaluation.questions import measure, read_rows

KINDS = ("logistic", "diet")
FEATURES: list[dict[str, Any]] = [
    {"name": "JiebaTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]


def pipeline(kind: str, epochs: int) -> list[dict[str, Any]]:
    """The stock pipeline of a kind."""
    if kind == "diet":
        return [*FEATURES, {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False, "random_seed": 7}]
    return [*FEATURES, {"name": "LogisticRegressionClassifier", "max_iter": 300}]


def run(path: Path, kind: str, epochs: int = 100) -> dict[str, Any]:
    """The figures of evaluation.questions for the stock pipeline, with training time, memory and parse time.

    Raises ValueError for an unknown kind or a bad file, RuntimeError when training fails.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown baseline {kind!r}; there are {' and '.join(KINDS)}")
    rows = read_rows(path)
    with tempfile.TemporaryDirectory(prefix="farun-baseline-") as folder:
        Path(folder, "texts.json").write_text(json.dumps([r["text"] for r in rows]), encoding="utf-8")
        _write(Path(folder), kind, epochs)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"}
        command = [sys.executable, "-W", "ignore", "-m", "evaluation.baselines", folder]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"the baseline failed:\n{done.stderr[-2000:]}")
        told = json.loads(Path(folder, "answers.json").read_text(encoding="utf-8"))
    figures = measure(rows, told.pop("heard"))
    return {"baseline": kind, "epochs": epochs if kind == "diet" else None, **figures, **told}


def _write(folder: Path, kind: str, epochs: int) -> None:
    """The configuration and the training text of the stock pipeline."""
    (folder / "config.yml").write_text(
        yaml.safe_dump({"recipe": "default.v1", "language": "zh", "pipeline": pipeline(kind, epochs)})
    )
    blocks: dict[str, list[str]] = {}
    for file in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            topics = (block.get("metadata") or {}).get("topics")
            if topics:
                blocks.setdefault(topics[0], []).append(block["examples"])
    nlu = [{"intent": topic, "examples": "".join(texts)} for topic, texts in blocks.items()]
    text = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, width=10_000)
    (folder / "nlu.yml").write_text(text, encoding="utf-8")


def _child(folder: Path) -> None:
    """Train and parse; leaves answers.json in the folder."""
    import asyncio
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.basicConfig(level=logging.ERROR)
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    begun = time.perf_counter()
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
    seconds = time.perf_counter() - begun
    if model is None:
        raise SystemExit("no model was made")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    agent = Agent.load(model)
    texts: Sequence[str] = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    heard, times = [], []
    for text in [texts[0], *texts]:  # the first is asked twice, to warm up
        begun = time.perf_counter()
        parse: Mapping[str, Any] = asyncio.run(agent.parse_message(text))
        times.append(time.perf_counter() - begun)
        best = parse["intent"]
        heard.append({"topics": [{"name": best["name"], "confidence": best["confidence"]}]})
    told = {
        "heard": heard[1:],
        "train_seconds": round(seconds, 1),
        "train_megabytes": round(memory),
        "parse_p50_ms": round(1000 * statistics.median(times[1:]), 2),
    }
    (folder / "answers.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
