"""Reads every line of the training text with a model that has not seen it, through the classifier's own Trainer.

Gives figures per topic and the lines whose label the model doubts, for `farun evaluate data`; and holds the figures
against the last accepted ones (`evaluation/results/crossvalidation.json`), so that CI shows a fall.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from base.settings import ROOT
from evaluation.lines import CONSULT, Line, Loader, told
from evaluation.questions import measure

ACCEPTED = ROOT / "evaluation" / "results" / "crossvalidation.json"
FALL = 0.02  # how far macro-F1 may fall below the accepted one
DOUBT = 0.5  # how much further from the border the wrong topic is than the best of the line's own


def cross_validate(lines: Sequence[Line]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Figures of the questions as read by models that had not seen them, and the lines whose label they doubt."""
    from bot.components.topics import TOPICS, Trainer

    examples = _examples(lines)
    about = [(line, e) for line, e in zip(lines, examples, strict=True) if e.topics is not None]
    _, distances = Trainer(examples, _settings("TopicClassifier")).crossed()
    read = [(line, row) for (line, _), row in zip(about, distances, strict=True) if line.intent == CONSULT]
    rows = [{"text": line.text, "topics": line.topics} for line, _ in read]
    heard = [{"topics": [{"name": TOPICS[int(row.argmax())]}]} for _, row in read]
    told_all = measure(rows, heard)
    figures = {name: told_all[name] for name in ("rows", "strict", "lenient", "macro_f1", "by_topic", "confusions")}
    return figures, doubtful((line, dict(zip(TOPICS, row.tolist(), strict=True))) for line, row in read)


def doubtful(read: Iterable[tuple[Line, Mapping[str, float]]], least: float = DOUBT) -> list[dict[str, Any]]:
    """Lines for which another topic lies more than `least` further from its border than each of the line's own topics,
    the surest contradiction first. `read` pairs a line with the distance of each topic."""
    found = []
    for line, distances in read:
        guess = max(distances, key=lambda topic: distances[topic])
        doubt = distances[guess] - max(distances[topic] for topic in line.topics)
        if doubt > least:
            found.append({**told(line), "guess": guess, "doubt": round(doubt, 3)})
    return sorted(found, key=lambda row: -row["doubt"])


def _settings(component: str) -> dict[str, Any]:
    """The settings of a component of bot/config.yml, with its defaults."""
    from bot.components.topics import TopicClassifier
    from bot.components.words import Words

    kind = {"TopicClassifier": TopicClassifier, "Words": Words}[component]
    pipeline = yaml.load((ROOT / "bot" / "config.yml").read_text(encoding="utf-8"), Loader)["pipeline"]
    given = next(step for step in pipeline if step["name"].endswith("." + component))
    return {**kind.get_default_config(), **given}


def _examples(lines: Sequence[Line]) -> list[Any]:
    """What the classifier would be trained on."""
    from rasa.shared.nlu.training_data.message import Message

    from bot.components import lexicon
    from bot.components.topics import CLASS_FILES, Reader, TopicClassifier, example_of
    from bot.components.words import Words

    settings = _settings("Words")
    settings["dictionary_path"] = str(ROOT / settings["dictionary_path"])
    words = Words.create(settings, None, None, None)  # type: ignore[arg-type]  # it stores and asks nothing
    longest = _settings(TopicClassifier.__name__)["longest_gram"]
    reader = Reader(longest, *(lexicon.word_classes(file) for file in CLASS_FILES))
    examples = []
    for line in lines:
        metadata = {"intent": {"topics": line.topics}} if line.topics else {}
        message = Message({"text": line.text, "intent": line.intent, "metadata": metadata})
        message.set("text_tokens", words.tokenize(message, "text"))
        examples.append(example_of(message, reader))
    return examples


def accept(result: Mapping[str, Any], path: Path = ACCEPTED) -> None:
    """Write the figures that later ones are held against."""
    crossed = result["cross_validation"]
    kept = {name: crossed[name] for name in ("rows", "strict", "lenient", "macro_f1")}
    kept["f1"] = {topic: row["f1"] for topic, row in crossed["by_topic"].items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"data": result["data"], **kept}, indent=1) + "\n", encoding="utf-8")


def fallen(result: Mapping[str, Any], path: Path = ACCEPTED) -> str | None:
    """Why the figures are not good enough against the accepted ones; None when they are. ValueError without those."""
    if not path.exists():
        raise ValueError(f"{path} does not exist; `farun evaluate data --accept` writes it")
    accepted, now = json.loads(path.read_text(encoding="utf-8"))["macro_f1"], result["cross_validation"]["macro_f1"]
    if now >= accepted - FALL:
        return None
    return f"macro-F1 of cross-validation fell from {accepted:.4f} to {now:.4f}, by more than {FALL}"
