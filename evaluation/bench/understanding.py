"""How fast farun understands and learns, beside stock Rasa with its plain linear classifier, in one run."""

from __future__ import annotations

from typing import Any

from base.settings import Settings
from evaluation.baselines import side
from evaluation.bench.machine import report
from evaluation.bench.texts import CONSULTATION

PARSE_BAR_MS, TRAIN_BAR_S, TRAIN_BAR_MB, MODEL_BAR_MB = 3.0, 120.0, 1500.0, 60.0
TIMES = 20  # how often the consultation is parsed
TOLD = ("parse_p50_ms", "train_seconds", "train_megabytes", "model_megabytes")


def run(settings: Settings) -> dict[str, Any]:
    """Parse, training and model of both sides, and their ratios; the bars hold for farun. About four minutes."""
    rows = [{"text": text, "topics": ["wages"]} for text in CONSULTATION * TIMES]
    made = {kind: side(rows, kind) for kind in ("farun", "logistic")}
    sides = {kind: {name: figures[name] for name in TOLD} for kind, figures in made.items()}
    bars = dict(zip(TOLD, (PARSE_BAR_MS, TRAIN_BAR_S, TRAIN_BAR_MB, MODEL_BAR_MB), strict=True))
    return report(
        "understanding",
        **sides,
        parse_ratio=round(sides["logistic"]["parse_p50_ms"] / sides["farun"]["parse_p50_ms"], 2),
        bars=bars,
        met={name: sides["farun"][name] <= bar for name, bar in bars.items()},
    )
