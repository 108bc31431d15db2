"""Linear classifiers side by side in one matrix, with probabilities that mean what they say.

Each label has its own linear support vector machine; its distance is turned into a probability by a logistic curve
fitted on distances of messages that the machine had not seen (cross-validation), after Platt.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.svm import LinearSVC

from bot.components.features import Features, Found, Numbers

Solved = tuple[Numbers, Numbers]  # weights (columns, labels) float32, offsets (labels,)
FOLDS, SEED = 5, 7


def solve(x: sp.csr_matrix, y: Numbers, cost: float, balanced: bool = False) -> Solved:
    """One machine a column of `y` (messages, labels; 0 or 1)."""
    weights = np.zeros((x.shape[1], y.shape[1]), dtype=np.float32)
    offsets = np.full(y.shape[1], -1.0, dtype=np.float32)
    for label in range(y.shape[1]):
        if not 0 < y[:, label].sum() < len(y):
            continue  # seen in every message, or (in a fold) in none
        machine = LinearSVC(C=cost, class_weight="balanced" if balanced else None, random_state=SEED)
        machine.fit(x, y[:, label])
        weights[:, label], offsets[label] = machine.coef_[0], machine.intercept_[0]
    return weights, offsets


def blend(first: Solved, second: Solved, share: float) -> Solved:
    """Two solutions for the same labels as one; `share` is the second one's."""
    return (1 - share) * first[0] + share * second[0], (1 - share) * first[1] + share * second[1]


def unseen_distances(
    found: Sequence[Found],
    scales: tuple[float, ...],
    fit: Callable[[Features, Numbers], Solved],
    labels: int,
    seed: int = SEED,
) -> Numbers:
    """Distances (messages, labels) of each message from machines fitted without it (vocabulary included).

    `fit` takes the vocabulary and the indices of the messages to learn from.
    """
    distances = np.zeros((len(found), labels))
    for learn, test in KFold(FOLDS, shuffle=True, random_state=seed).split(np.arange(len(found))):
        features = Features.fit([found[i] for i in learn], scales)
        weights, offsets = fit(features, learn)
        distances[test] = features.matrix([found[i] for i in test]) @ weights + offsets
    return distances


def curves(distances: Numbers, y: Numbers) -> Numbers:
    """Slope and offset (2, labels) of the logistic curve from distance to probability of each label."""
    made = np.zeros((2, y.shape[1]), dtype=np.float32)
    for label in range(y.shape[1]):
        if 0 < y[:, label].sum() < len(y):
            curve = LogisticRegression(C=1e3).fit(distances[:, [label]], y[:, label])
            made[:, label] = max(float(curve.coef_[0, 0]), 0.1), curve.intercept_[0]
    return made


def one_curve(distances: Numbers, y: Numbers) -> Numbers:
    """The same curve (2, labels) for every label, fitted on all of them: it never changes which label is the nearest."""
    shared = curves(distances.reshape(-1, 1), y.reshape(-1, 1))
    return np.repeat(shared, y.shape[1], axis=1)


@dataclass
class Heads:
    """A fitted vocabulary and its machines: `names` of the labels, weights, offsets and probability curves."""

    features: Features
    names: list[str]
    weights: Numbers
    offsets: Numbers
    curves: Numbers

    def probabilities(self, found: Found) -> Numbers:
        """Each label's probability (labels,) for one message."""
        where, values = self.features.vector(found)
        return self.likely(values @ self.weights[where] + self.offsets)

    def likely(self, distances: Numbers) -> Numbers:
        """Probabilities of distances."""
        likely: Numbers = 1.0 / (1.0 + np.exp(-(distances * self.curves[0] + self.curves[1])))
        return likely

    def save(self, folder: Path, more: dict[str, Any]) -> None:
        """Write `model.npz` and `model.json`; `more` comes back from `load`."""
        np.savez_compressed(
            folder / "model.npz",
            weights=self.weights.astype(np.float32),
            offsets=self.offsets,
            curves=self.curves,
            idf=self.features.weights,
        )
        told = {"names": self.names, "columns": list(self.features.columns), **more}
        told |= {"scales": self.features.scales, "shared": self.features.shared}
        (folder / "model.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> tuple[Heads, dict[str, Any]]:
        """What `save` wrote. Raises FileNotFoundError when there is nothing."""
        told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        columns = {name: place for place, name in enumerate(told["columns"])}
        features = Features(columns, arrays["idf"], tuple(told["scales"]), told["shared"])
        return cls(features, told["names"], arrays["weights"], arrays["offsets"], arrays["curves"]), told
