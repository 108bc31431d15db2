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


def solve(x: sp.csr_matrix, y: Numbers, cost: float, balanced: bool = False, counts: Numbers | None = None) -> Solved:
    """One machine a column of `y` (messages, labels; 0 or 1); `counts` says how much each message counts."""
    weights = np.zeros((x.shape[1], y.shape[1]), dtype=np.float32)
    offsets = np.full(y.shape[1], -1.0, dtype=np.float32)
    for label in range(y.shape[1]):
        if not 0 < y[:, label].sum() < len(y):
            continue  # seen in every message, or (in a fold) in none
        machine = LinearSVC(C=cost, class_weight="balanced" if balanced else None, random_state=SEED)
        machine.fit(x, y[:, label], sample_weight=counts)
        weights[:, label], offsets[label] = machine.coef_[0], machine.intercept_[0]
    return weights, offsets


def blend(first: Solved, second: Solved, share: float) -> Solved:
    """Two solutions for the same labels as one; `share` is the second one's."""
    return (1 - share) * first[0] + share * second[0], (1 - share) * first[1] + share * second[1]


def unseen_distances(
    found: Sequence[Found],
    learn: Callable[[Sequence[Found]], Features],
    fit: Callable[[Features, Numbers], Solved],
    labels: int,
    seed: int = SEED,
) -> Numbers:
    """Distances (messages, labels) of each message from machines fitted without it (vocabulary included).

    `learn` makes a vocabulary of messages; `fit` takes it and the indices of the messages to learn from.
    """
    distances = np.zeros((len(found), labels))
    for seen, test in KFold(FOLDS, shuffle=True, random_state=seed).split(np.arange(len(found))):
        features = learn([found[i] for i in seen])
        weights, offsets = fit(features, seen)
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


def _best_two(distances: Numbers) -> Numbers:
    """The greatest distance and how far the second lies behind it, (messages, 2)."""
    ordered = np.partition(distances, -2, axis=-1)
    return np.stack([ordered[..., -1], ordered[..., -1] - ordered[..., -2]], axis=-1)


def first_curve(distances: Numbers, y: Numbers) -> Numbers:
    """The logistic curve (3,) that tells how surely the nearest label is one of a message's own: slopes for its
    distance and for its lead over the second, and an offset."""
    right = np.take_along_axis(y, distances.argmax(axis=1)[:, None], axis=1)[:, 0]
    if not 0 < right.sum() < len(right):
        return np.array([1.0, 1.0, 0.0], dtype=np.float32)
    curve = LogisticRegression().fit(_best_two(distances), right)
    return np.array([*np.maximum(curve.coef_[0], 0.0), curve.intercept_[0]], dtype=np.float32)


def first_sure(distances: Numbers, curve: Numbers) -> float:
    """The probability that the nearest of `distances` (labels,) is right."""
    return float(1.0 / (1.0 + np.exp(-(_best_two(distances) @ curve[:2] + curve[2]))))


@dataclass
class Heads:
    """A fitted vocabulary and its machines: `names` of the labels, weights, offsets and probability curves."""

    features: Features
    names: list[str]
    weights: Numbers
    offsets: Numbers
    curves: Numbers
    first: Numbers  # (3,), see first_curve

    def distances(self, found: Found) -> Numbers:
        """Each label's distance (labels,) for one message."""
        where, values = self.features.vector(found)
        told: Numbers = values @ self.weights[where] + self.offsets
        return told

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
            first=self.first,
            idf=self.features.weights,
        )
        told = {"names": self.names, "columns": list(self.features.columns), **more}
        told |= {"scales": self.features.scales, "shared": self.features.shared, "letters": self.features.letters}
        (folder / "model.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> tuple[Heads, dict[str, Any]]:
        """What `save` wrote. Raises FileNotFoundError when there is nothing."""
        told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        columns = {name: place for place, name in enumerate(told["columns"])}
        features = Features(columns, arrays["idf"], tuple(told["scales"]), told["shared"], told["letters"])
        parts = (arrays[name] for name in ("weights", "offsets", "curves", "first"))
        return cls(features, told["names"], *parts), told
