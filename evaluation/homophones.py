"""What mending by sound (`bot/components/homophones.py`) adds: `python -m evaluation.homophones`.

Prints the share of tests/cases/slips.yml that comes back as it was meant, what is changed in data/nlu (to be read), and
how the questions of data/nlu are understood in five-fold cross-validation: as they are, and with two terms of each
misheard at random (another common character of the same sound), with the component and without.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import jieba
import numpy as np
import yaml
from sklearn.model_selection import KFold

from base.settings import ROOT
from bot.components import homophones, normalise
from evaluation.crossvalidation import _examples, _settings
from evaluation.lines import CONSULT, NLU, Line, read_lines

CASES = ROOT / "tests/cases/slips.yml"
COMMON = 200  # least count of a character that somebody would take for another
SEED, FOLDS = 7, 5


@contextmanager
def left_out() -> Iterator[None]:
    """Without the component: known slips are mended by their list alone."""
    repair = homophones.repair
    homophones.repair = str  # type: ignore[assignment]
    try:
        yield
    finally:
        homophones.repair = repair


def repaired() -> dict[str, float]:
    """Share of the cases that come back as they were meant."""
    cases = yaml.safe_load(CASES.read_text(encoding="utf-8"))

    def share() -> float:
        return round(sum(normalise.mend(case["heard"]) == case["meant"] for case in cases) / len(cases), 4)

    with left_out():
        without = share()
    return {"cases": len(cases), "with": share(), "without": without}


def changes(lines: Sequence[Line]) -> list[str]:
    """Every stretch of the lines that is mended by sound, with what stands around it."""
    found = []
    for line in lines:
        with left_out():
            text = normalise.normalise(line.text)
        for slip in homophones.slips(text):
            end = slip.start + len(slip.right)
            found.append(f"{text[slip.start : end]}→{slip.right}　{text[max(0, slip.start - 8) : end + 8]}")
    return found


def misheard(text: str, chance: random.Random) -> str | None:
    """The text with one character of up to two terms replaced by another of the same sound; None where none stands."""
    alike, terms = _by_sound(), homophones.terms()
    places = [(at, n) for at in range(len(text)) for n in (2, 3) if text[at : at + n] in terms and at + n <= len(text)]
    signs = list(text)
    for start, length in chance.sample(places, min(2, len(places))):
        at = start + chance.randrange(length)
        others = [(sign, count) for sign, count in alike[_sound(text[at])] if sign != text[at]]
        if others:
            signs[at] = chance.choices([sign for sign, _ in others], [count for _, count in others])[0]
    return "".join(signs) if signs != list(text) else None


def _sound(sign: str) -> str:
    """The first sound of a character, without its tone."""
    return next(iter(homophones.sounds(sign)), "")


def _by_sound() -> dict[str, list[tuple[str, int]]]:
    """Sound → the common characters that have it, with their counts; read once."""
    if not _alike:
        for sign in map(chr, range(0x4E00, 0x9FA6)):
            if (count := jieba.dt.FREQ.get(sign) or 0) > COMMON:
                _alike[_sound(sign)].append((sign, count))
    return _alike


_alike: dict[str, list[tuple[str, int]]] = defaultdict(list)


def understood(lines: Sequence[Line]) -> dict[str, dict[str, float]]:
    """Strict and lenient top-1 of unseen questions: clean, and misheard with and without the component."""
    from bot.components.topics import TOPICS, Trainer

    questions = [line for line in lines if line.intent == CONSULT]
    chance = random.Random(SEED)
    spoken = [misheard(line.text, chance) for line in questions]
    noisy = [replace(line, text=text or line.text) for line, text in zip(questions, spoken, strict=True)]
    clean = _examples(questions)
    with left_out():
        plain, without = _examples(questions), _examples(noisy)
    ways = {"with": (clean, _examples(noisy)), "without": (plain, without)}
    changed = frozenset(place for place, text in enumerate(spoken) if text)
    hits: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for learn, test in KFold(FOLDS, shuffle=True, random_state=SEED).split(questions):
        for way, (written, heard) in ways.items():
            trainer = Trainer(written, _settings("TopicClassifier"))
            features = trainer.features([written[i].found for i in learn])
            weights, offsets = trainer.fit_topics(features, learn)
            for name, examples in (("as written", written), ("misheard", heard)):
                best = (features.matrix([examples[i].found for i in test]) @ weights + offsets).argmax(axis=1)
                for place, topic in zip(test, best, strict=True):
                    told = questions[place].topics
                    if name != "misheard" or place in changed:
                        hits[f"{name}, {way}"].append((TOPICS[topic] == told[0], TOPICS[topic] in told))
    shares = {way: np.array(rows).mean(axis=0) for way, rows in hits.items()}
    return {w: {"rows": len(hits[w]), "strict": round(s[0], 4), "lenient": round(s[1], 4)} for w, s in shares.items()}


def main() -> None:
    """Print everything."""
    lines = read_lines(NLU)
    found = changes(lines)
    print("\n".join(found))
    told = {"repaired": repaired(), "changed in data/nlu": len(found), "of lines": len(lines)}
    print(json.dumps({**told, "understood": understood(lines)}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
