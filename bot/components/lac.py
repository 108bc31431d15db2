"""The tagger that jieba 0.42.1 ships (Baidu LAC small) run with numpy alone: characters in, one tag for each out.

Its weights are plain float32 tensors of a character embedding, two layers of gated recurrence in both directions and a
conditional random field. They are only read when each file is the one whose SHA-256 stands in `bot/lexicon/lac.sha256`:
`python -m bot.components.lac` prints those lines for the files that are installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from bot.components.lexicon import FOLDER

SUMS = FOLDER / "lac.sha256"
LETTERS, UNITS, TAGS = 20_941, 128, 57
GATES = 3 * UNITS  # update, reset, candidate
MOST = 40_000  # characters in one pass: bounds the memory to about 200 MB
Numbers = np.ndarray[Any, np.dtype[np.float32]]


class Unfit(Exception):
    """The files of the tagger are missing, or are not those that were pinned; the text names the first such file."""


def folder() -> Path:
    """Where jieba keeps the tagger; nothing of jieba is imported."""
    found = importlib.util.find_spec("jieba")
    return Path(found.origin).parent / "lac_small" if found and found.origin else Path("jieba is not installed")


def pinned() -> dict[str, str]:
    """File name → SHA-256 in hex, of `bot/lexicon/lac.sha256`."""
    rows = (line.split() for line in SUMS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {row[1]: row[0] for row in rows if row}


def read(place: Path, sums: Mapping[str, str]) -> dict[str, bytes]:
    """The pinned files of `place` by name; raises Unfit."""
    found: dict[str, bytes] = {}
    for name, wanted in sums.items():
        try:
            found[name] = (place / name).read_bytes()
        except OSError as error:
            raise Unfit(f"{name} cannot be read") from error
        if hashlib.sha256(found[name]).hexdigest() != wanted:
            raise Unfit(f"{name} is not the pinned file")
    return found


class _Layer:
    """One layer, both directions side by side. h ← h + u·(c - h), with u, r = σ(x + hW) and c = tanh(x + (r·h)V)."""

    def __init__(self, files: Mapping[str, bytes], forward: int, back: int, width: int):
        names = (forward, back)
        self.into = np.concatenate([_tensor(files, f"fc_{i}.w_0", width, GATES) for i in names], axis=1)
        bias = [_tensor(files, f"fc_{i}.b_0", GATES) + _tensor(files, f"gru_{i}.b_0", GATES) for i in names]
        self.bias = np.concatenate(bias)
        flat = [_tensor(files, f"gru_{i}.w_0", UNITS * GATES) for i in names]
        cut = 2 * UNITS * UNITS  # the gates' matrix comes first, whole; then the candidate's
        self.gates = np.stack([w[:cut].reshape(1, UNITS, 2 * UNITS) for w in flat])
        self.candidate = np.stack([w[cut:].reshape(1, UNITS, UNITS) for w in flat])
        halves = np.concatenate([np.full(2 * UNITS, 0.5), np.ones(UNITS)]).astype(np.float32)
        self.into *= np.tile(halves, 2)  # σ(x) = ½ + ½·tanh(½x): one function for all
        self.bias *= np.tile(halves, 2)
        self.gates *= np.float32(0.5)

    def run(self, x: Numbers, lengths: Sequence[int]) -> Numbers:
        """(steps, texts, width) → (steps, texts, 2 · UNITS); each text is read from its own end backwards."""
        steps, texts, _ = x.shape
        both = (x.reshape(steps * texts, -1) @ self.into + self.bias).reshape(steps, texts, 2, GATES)
        order = _turned(steps, lengths)
        told = np.empty((steps, 2, texts, 1, GATES), dtype=np.float32)
        told[:, 0, :, 0] = both[:, :, 0]
        told[:, 1, :, 0] = np.take_along_axis(both[:, :, 1], order[:, :, None], axis=0)
        out = self._steps(told)[:, :, :, 0]
        back = np.take_along_axis(out[:, 1], order[:, :, None], axis=0)
        return np.concatenate([out[:, 0], back], axis=-1)

    def _steps(self, told: Numbers) -> Numbers:
        """A row times a matrix for each text: below forty texts that is faster than all rows in one product."""
        steps, *lines, _ = told.shape
        out = np.zeros((steps + 1, *lines, UNITS), dtype=np.float32)
        gate, new = np.empty((*lines, 2 * UNITS), dtype=np.float32), np.empty((*lines, UNITS), dtype=np.float32)
        update, reset = gate[..., :UNITS], gate[..., UNITS:]
        for step in range(steps):
            before, after, now = out[step], out[step + 1], told[step]
            np.matmul(before, self.gates, out=gate)
            gate += now[..., : 2 * UNITS]
            np.tanh(gate, out=gate)
            gate += 1.0
            gate *= 0.5
            reset *= before
            np.matmul(reset, self.candidate, out=new)
            new += now[..., 2 * UNITS :]
            np.tanh(new, out=new)
            new -= before
            new *= update
            np.add(before, new, out=after)
        return out[1:]


def _turned(steps: int, lengths: Sequence[int]) -> Any:
    """(steps, texts): the place that is read at each step backwards; what lies behind a text's end stays there."""
    place, ends = np.arange(steps)[:, None], np.array(lengths)[None, :]
    return np.where(place < ends, ends - 1 - place, place)


def _tensor(files: Mapping[str, bytes], name: str, *shape: int) -> Numbers:
    """The numbers at the end of a file, behind its header."""
    size = int(np.prod(shape))
    raw = files[f"model_baseline/{name}"]
    return np.frombuffer(raw, dtype="<f4", count=size, offset=len(raw) - 4 * size).reshape(shape).astype(np.float32)


def _places(files: Mapping[str, bytes]) -> dict[str, int]:
    """Character (or OOV for all others) → its row in the embedding."""
    rows = (line.split("\t") for line in files["word.dic"].decode("utf-8").split("\n"))
    return {row[1]: int(row[0]) for row in rows if len(row) == 2}


def meanings() -> tuple[list[str], Numbers]:
    """The characters that the tagger knows and what it has learnt of each, (characters, UNITS). Raises Unfit."""
    files = read(folder(), pinned())
    known = {sign: place for sign, place in _places(files).items() if len(sign) == 1}
    return list(known), _tensor(files, "word_emb", LETTERS, UNITS)[list(known.values())]


class Tagger:
    """The tagger, ready. Raises Unfit."""

    def __init__(self, place: Path | None = None, sums: Mapping[str, str] | None = None):
        files = read(folder() if place is None else place, pinned() if sums is None else sums)
        self._ids = _places(files)
        self._unknown = self._ids["OOV"]
        self.tags = _tags(files)
        self._letters = _tensor(files, "word_emb", LETTERS, UNITS)
        self._layers = (_Layer(files, 0, 1, UNITS), _Layer(files, 2, 3, 2 * UNITS))
        self._out, self._out_bias = _tensor(files, "fc_4.w_0", 2 * UNITS, TAGS), _tensor(files, "fc_4.b_0", TAGS)
        self._threads = ThreadpoolController()
        chain = _tensor(files, "crfw", TAGS + 2, TAGS)
        self._first, self._last, self._next = chain[0], chain[1], np.ascontiguousarray(chain[2:].T)  # [to, from]

    def tag(self, texts: Sequence[str]) -> list[list[str]]:
        """The tag of each character of each text; they are read side by side, so like lengths save time.

        In one thread: the products are so small that two threads wait for each other, four times as long on a busy
        computer.
        """
        with self._threads.limit(limits=1, user_api="blas"):
            return self._tag(texts)

    def _tag(self, texts: Sequence[str]) -> list[list[str]]:
        lengths = [len(text) for text in texts]
        steps = max(lengths, default=0)
        if not steps:
            return [[] for _ in texts]
        if steps * len(texts) > MOST and len(texts) > 1:
            half = len(texts) // 2
            return self._tag(texts[:half]) + self._tag(texts[half:])
        ids = np.full((steps, len(texts)), self._unknown)
        for i, text in enumerate(texts):
            ids[: len(text), i] = [self._ids.get(letter, self._unknown) for letter in text]
        x = self._letters[ids]
        for layer in self._layers:
            x = layer.run(x, lengths)
        paths = self._best(x @ self._out + self._out_bias, lengths)
        return [[self.tags[tag] for tag in path] for path in paths]

    def _best(self, scores: Numbers, lengths: Sequence[int]) -> list[list[int]]:
        """The likeliest run of tags of each text (Viterbi)."""
        steps, texts, _ = scores.shape
        came = np.empty((steps, texts, TAGS), dtype=np.int16)
        best = np.empty_like(scores)
        best[0] = scores[0] + self._first
        corner = np.arange(0, texts * TAGS * TAGS, TAGS).reshape(texts, TAGS)
        for step in range(1, steps):
            ways = best[step - 1][:, None, :] + self._next
            came[step] = chosen = ways.argmax(axis=2)
            best[step] = ways.ravel().take(corner + chosen) + scores[step]
        return [self._back(best[:, i], came[:, i], length) for i, length in enumerate(lengths)]

    def _back(self, best: Numbers, came: Any, length: int) -> list[int]:
        if not length:
            return []
        path = [int((best[length - 1] + self._last).argmax())]
        for step in range(length - 1, 0, -1):
            path.append(int(came[step, path[-1]]))
        return path[::-1]


def _tags(files: Mapping[str, bytes]) -> list[str]:
    rows = [line.split("\t") for line in files["tag.dic"].decode("utf-8").split("\n") if line.strip()]
    return [name for _, name in sorted((int(number), name) for number, name in rows)]


def main() -> None:
    """Print the lines of `bot/lexicon/lac.sha256` for the installed files."""
    place = folder()
    for path in sorted([*place.glob("model_baseline/*"), *place.glob("*.dic")]):
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(place).as_posix())


if __name__ == "__main__":
    main()
