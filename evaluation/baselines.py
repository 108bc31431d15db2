"""Stock Rasa beside farun on the same training text: `farun evaluate questions FILE --baseline logistic|diet`.

The pipeline is what a Rasa user would write for Chinese: JiebaTokenizer, count vectors of words and of character n-grams
(char_wb 1–4), then Rasa's own LogisticRegressionClassifier or DIET. Each line's intent is its main topic. Each side is
trained and asked in a process of its own, one after the other, so that time and memory are its own.
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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from base.settings import ROOT
from evaluation.questions import measure, read_rows

KINDS = ("logistic", "diet")
SHOWN = ("strict", "lenient", "macro_f1", "labour_or_not", "train_seconds", "train_megabytes", "parse_p50_ms")
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
    """Both sides' figures of evaluation.questions, by first topic as parsed, with training time, memory and parse time.

    Raises ValueError for an unknown kind or a bad file, RuntimeError when training fails.
    """
    return {"stock": stock(path, kind, epochs), "farun": side(read_rows(path), "farun", 0)}


def table(result: Mapping[str, Mapping[str, Any]]) -> str:
    """The two sides as lines for the eye."""
    sides = list(result)
    rows = [f"{name:<18}" + "".join(f"{result[side][name]!s:>12}" for side in sides) for name in SHOWN]
    return "\n".join([f"{'':<18}" + "".join(f"{side:>12}" for side in sides), *rows, "", *_sure(result)])


def _sure(result: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Wrong-and-confident at each threshold's coverage, side by side."""
    points = zip(*(result[side]["coverage"] for side in result), strict=True)
    return [
        f"from {one[0]['from']!s:<13}"
        + "".join(f"{point['wrong_and_confident']:>12.3f} at {point['coverage']:.3f}" for point in one)
        for one in points
    ]


def stock(path: Path, kind: str, epochs: int = 100) -> dict[str, Any]:
    """The figures of the stock pipeline, with training time, memory and parse time.

    Raises ValueError for an unknown kind or a bad file, RuntimeError when training fails.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown baseline {kind!r}; there are {' and '.join(KINDS)}")
    figures = side(read_rows(path), kind, epochs)
    return {"baseline": kind, "epochs": epochs if kind == "diet" else None, **figures}


def side(rows: Sequence[Mapping[str, Any]], kind: str, epochs: int = 0) -> dict[str, Any]:
    """The figures of one side (`farun` or a kind of stock pipeline) on labelled rows. Raises RuntimeError."""
    with tempfile.TemporaryDirectory(prefix="farun-baseline-") as folder:
        Path(folder, "texts.json").write_text(json.dumps([r["text"] for r in rows]), encoding="utf-8")
        if kind in KINDS:
            _write(Path(folder), kind, epochs)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"}
        command = [sys.executable, "-W", "ignore", "-m", "evaluation.baselines", folder]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"the baseline failed:\n{done.stderr[-2000:]}")
        told = json.loads(Path(folder, "answers.json").read_text(encoding="utf-8"))
    return {**measure(rows, told.pop("heard")), **told}


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
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.basicConfig(level=logging.ERROR)
    learn, asked = (_learn_stock, _ask_stock) if (folder / "config.yml").exists() else (_learn_farun, _ask_farun)
    begun = time.perf_counter()
    model, memory = learn(folder)
    seconds = time.perf_counter() - begun
    parse = asked(model)
    texts: Sequence[str] = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    heard, times = [], []
    for text in [texts[0], *texts]:  # the first is asked twice, to warm up
        begun = time.perf_counter()
        topics = parse(text)
        times.append(time.perf_counter() - begun)
        heard.append({"topics": topics})
    told = {
        "heard": heard[1:],
        "model_megabytes": round(model.stat().st_size / 1e6, 1),
        "train_seconds": round(seconds, 1),
        "train_megabytes": round(memory),
        "parse_p50_ms": round(1000 * statistics.median(times[1:]), 2),
    }
    (folder / "answers.json").write_text(json.dumps(told), encoding="utf-8")


Topics = Sequence[Mapping[str, Any]]


def _learn_stock(folder: Path) -> tuple[Path, float]:
    """The trained model and the megabytes that training took."""
    from rasa.model_training import train_nlu

    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
    if model is None:
        raise SystemExit("no model was made")
    return Path(model), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _learn_farun(folder: Path) -> tuple[Path, float]:
    model = folder / "farun.tar.gz"
    subprocess.run([sys.executable, "-W", "ignore", "-m", "bot.train", str(model)], check=True, capture_output=True)
    return model, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _ask_stock(model: Path) -> Callable[[str], Topics]:
    import asyncio

    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    def parse(text: str) -> Topics:
        best = asyncio.run(agent.parse_message(text))["intent"]
        return [{"name": best["name"], "confidence": best["confidence"]}]

    return parse


def _ask_farun(model: Path) -> Callable[[str], Topics]:
    from bot.agent import Brain

    brain = Brain.load(model)
    return lambda text: brain.understand(text)["topics"]


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
