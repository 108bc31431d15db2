"""What each part of the understanding adds, by leaving it out: `farun evaluate ablation FILE` (1-2 minutes).

The topic model is trained anew for every variant on data/nlu and asked the rows of FILE; what is read by rules is asked
for the facts that the rows list. Figures: strict and lenient first topic, macro-F1, and wrong-and-confident among the
three quarters of the rows that the model is surest of.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from base.settings import ROOT
from bot.components import details, homophones, lexicon, normalise, reading, topics
from bot.components.features import Found, extract
from evaluation import facts
from evaluation.questions import read_rows

COVERED = 0.75
LEAD = 1.1  # what the lead over the second topic counts beside the distance of the first, where rows are ordered
Row = Mapping[str, Any]


def run(path: Path) -> list[dict[str, Any]]:
    """One row of figures a variant, the whole pipeline first. Raises ValueError for a bad file."""
    rows, lines = read_rows(path), _lines()
    config = _config()
    made = [{"variant": name, **_topics(rows, lines, config, change)} for name, change in _variants()]
    made += [{"variant": name, **_facts(rows, off)} for name, off in _readers()]
    return made


def table(made: Sequence[Mapping[str, Any]]) -> str:
    """The figures as lines for the eye."""
    return "\n".join(
        f"{row['variant']:<36}" + "  ".join(f"{k} {v}" for k, v in row.items() if k != "variant") for row in made
    )


def _config() -> dict[str, Any]:
    pipeline = yaml.safe_load((ROOT / "bot/config.yml").read_text(encoding="utf-8"))["pipeline"]
    return next(part for part in pipeline if part["name"].endswith("TopicClassifier"))


def _lines() -> list[tuple[str, tuple[str, ...]]]:
    """(text, topics) of every training line that teaches topics."""
    found = []
    for file in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            told = (block.get("metadata") or {}).get("topics")
            named = topics.TOPICS_OF_ACT.get(block["intent"]) if told is None else tuple(told)
            found += [(line[2:].strip(), named) for line in block["examples"].splitlines() if named]
    return found


@contextlib.contextmanager
def _swapped(module: Any, name: str, other: Any) -> Iterator[None]:
    """Another thing in place of a module's for a while: the part is left out."""
    kept = getattr(module, name)
    setattr(module, name, other)
    try:
        yield
    finally:
        setattr(module, name, kept)


Change = Callable[[dict[str, Any]], "contextlib.AbstractContextManager[Any] | None"]


def _variants() -> Iterator[tuple[str, Change]]:
    yield "whole", lambda config: None
    yield "without the normaliser", lambda config: _swapped(normalise, "normalise", lambda text: text)
    yield "without homophones", lambda config: _swapped(homophones, "repair", lambda text: text)
    yield "without words", _scaled(1)
    yield "without word classes", _scaled(2)
    yield "without characters", _scaled(0)
    yield "without the meaning of characters", lambda config: config.update(letter_scale=0.0)
    yield "all lines count alike", lambda config: config.update(topic_counts={})
    yield "confidence without the lead", lambda config: config.update(lead=0.0)
    yield "characters 1-2 only", lambda config: config.update(longest_gram=2)
    yield "main topics only (no second head)", lambda config: config.update(main_share=1.0)
    yield "all topics only (no main head)", lambda config: config.update(main_share=0.0)


def _scaled(group: int) -> Change:
    def change(config: dict[str, Any]) -> None:
        config["scales"] = [0.0 if place == group else scale for place, scale in enumerate(config["scales"])]

    return change


def _topics(
    rows: Sequence[Row], lines: Sequence[tuple[str, tuple[str, ...]]], config: Mapping[str, Any], change: Change
) -> dict[str, Any]:
    own = {**config, "scales": list(config["scales"])}
    with change(own) or contextlib.nullcontext():
        learned = [_features(text, own) for text, _ in lines]
        asked = [_features(row["text"], own) for row in rows]
    trainer = topics.Trainer(
        [topics.Example(found, "consult", named) for found, (_, named) in zip(learned, lines, strict=True)], own
    )
    vocabulary = trainer.features(learned)
    weights, offsets = trainer.fit_topics(vocabulary, np.arange(len(lines)))
    return _figures(rows, vocabulary.matrix(asked) @ weights + offsets, own.get("lead", LEAD))


def _features(text: str, config: Mapping[str, Any]) -> Found:
    import jieba

    classes, cues = (lexicon.word_classes(file) for file in topics.CLASS_FILES)
    words = [word.lower() for word in jieba.cut(text)]
    return extract(normalise.normalise(text), words, classes, cues, config["longest_gram"])


def _figures(rows: Sequence[Row], away: Any, lead: float) -> dict[str, Any]:
    from sklearn.metrics import f1_score

    best = [topics.TOPICS[place] for place in away.argmax(axis=1)]
    ordered = np.sort(away, axis=1)
    sure = ordered[:, -1] + lead * (ordered[:, -1] - ordered[:, -2])
    right = np.array([guess in row["topics"] for guess, row in zip(best, rows, strict=True)])
    surest = np.argsort(-sure, kind="stable")[: int(COVERED * len(rows))]
    first = [row["topics"][0] for row in rows]
    return {
        "strict": round(float(np.mean([g == t for g, t in zip(best, first, strict=True)])), 3),
        "lenient": round(float(right.mean()), 3),
        "macro_f1": round(float(f1_score(first, best, average="macro", labels=sorted(set(first)))), 3),
        "wrong_and_confident": round(float((~right[surest]).sum() / len(rows)), 3),
    }


def _readers() -> Iterator[tuple[str, Callable[[], contextlib.AbstractContextManager[Any]]]]:
    yield "facts: whole", contextlib.nullcontext
    yield "facts: without the finer rules", lambda: _swapped(details, "read", lambda *_: [])
    yield "facts: without homophones", lambda: _swapped(homophones, "repair", lambda text: text)


def _facts(rows: Sequence[Row], off: Callable[[], contextlib.AbstractContextManager[Any]]) -> dict[str, Any]:
    today = date(2026, 11, 24)  # the day on which the rows were written

    def read(row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for mention in reading.read_facts(row["text"], today):
            if mention.value is not None:
                found.setdefault(mention.fact, mention.value)
        return found

    with off():
        figures = facts.measure([dict(row) for row in rows], read)
    return {"facts_recall": figures["recall"], "contradictions": figures["contradictions"]}
