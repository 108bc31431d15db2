"""Is the training text good enough? `farun evaluate data`: what there is, what is missing, what looks wrong.

Counts the questions of data/nlu by topic and manner, names near-duplicates and cells with few lines, and adds what
cross-validation finds (`evaluation/crossvalidation.py`).
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.components import homophones
from bot.components.normalise import mend, normalise
from bot.components.risk import asker
from evaluation.crossvalidation import cross_validate
from evaluation.lines import CONSULT, NLU, Line, data_hash, read_lines, told

FEWEST = 20  # lines that a cell should hold
SIMILAR = 0.9  # share of character pairs (Jaccard) from which two lines are near-duplicates
BANDS = ((15, "up to 15"), (30, "16-30"), (60, "31-60"), (10**9, "over 60"))  # characters
SHOWN = 10  # lines of a printed list
# What a lawyer would call the matter: lines that do without show whether the matter is understood, not the word.
LEGAL_WORDS = {
    "wages": "工资|工钱|薪|欠",
    "injury": "工伤|公伤|职业病|工亡",
    "dismissal": "辞退|开除|解雇|裁员|解除|补偿|赔偿金|遣散",
    "contract": "合同|协议|竞业",
    "overtime": "加班|工时|年假|年休假|法定假|调休",
    "social_insurance": "社保|保险|公积金|失业金|医保|五险|三金",
    "procedure": "仲裁|法院|起诉|立案|判决|裁决|执行|时效|证据|开庭|劳动局|监察",
    "legal_aid": "援助|法援|律师",
    "other_labour": "辞职|离职|产假|哺乳|罚款|规章|劳动关系|劳务派遣|档案",
    # here the trap: words of work in what is no labour matter
    "not_labour": "工资|公司|单位|老板|工地|上班|打工|厂|合同|保险|补偿|赔",
}  # fmt: skip


def manner(line: Line, topic: str) -> dict[str, str]:
    """How a line is said: length band, the legal word of a topic, a slip, who asks, a question mark."""
    text = normalise(line.text)
    return {
        "length": next(name for edge, name in BANDS if len(line.text) <= edge),
        "legal word": "with" if re.search(LEGAL_WORDS.get(topic, "(?!)"), text) else "without",
        "slip": "with" if has_slip(line.text) else "without",
        "asker": asker(text),
        "question mark": "with" if re.search("[?？]", line.text) else "without",
    }


def has_slip(text: str) -> bool:
    """Whether a known slip or a misheard term stands in a text."""
    return mend(text) != text or bool(homophones.slips(text))


def cells(questions: Sequence[Line]) -> dict[str, dict[str, Any]]:
    """Main topic → lines, and lines by each way of being said, singly and as length × legal word, and all crossed."""
    found: dict[str, dict[str, Any]] = {}
    grouped: dict[str, list[Line]] = defaultdict(list)
    for line in questions:
        grouped[line.topics[0]].append(line)
    for topic, lines in sorted(grouped.items(), key=lambda item: -len(item[1])):
        said = [manner(line, topic) for line in lines]
        found[topic] = {
            "lines": len(lines),
            **{name: dict(Counter(one[name] for one in said)) for name in said[0]},
            "length × legal word": dict(Counter(f"{one['length']}, {one['legal word']}" for one in said)),
            "crossed": dict(Counter(", ".join(one.values()) for one in said)),
        }
    return found


def gaps(counted: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Cells with fewer than `FEWEST` lines, the emptiest first: topic × length × legal word, topic × each other way."""
    wanted = {
        "length × legal word": [f"{band}, {word}" for _, band in BANDS for word in ("with", "without")],
        "slip": ["with"],
        "asker": ["worker", "family", "employer", "contractor"],
        "question mark": ["with", "without"],
    }
    found = [
        {"topic": topic, "cell": f"{name}: {value}", "lines": count}
        for topic, ways in counted.items()
        for name, values in wanted.items()
        for value in values
        if (count := ways[name].get(value, 0)) < FEWEST
    ]
    return sorted(found, key=lambda gap: gap["lines"])


def near_duplicates(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Pairs of lines that share `SIMILAR` of their character pairs.

    Only lines that share one of their rarest pairs are compared: two sets so alike must share one among the first
    (1 - SIMILAR) of each, rarest first.
    """
    grams = [_pairs(line.text) for line in lines]
    seen = Counter(gram for one in grams for gram in one)
    index: dict[str, list[int]] = defaultdict(list)
    found = []
    for place, own in enumerate(grams):
        rarest = sorted(own, key=lambda gram: (seen[gram], gram))[: int(len(own) * (1 - SIMILAR) + 1e-9) + 1]
        for other in sorted({other for gram in rarest for other in index[gram]}):
            alike = len(own & grams[other]) / len(own | grams[other])
            if alike >= SIMILAR:
                found.append({"similar": round(alike, 3), "lines": [told(lines[other]), told(lines[place])]})
        for gram in rarest:
            index[gram].append(place)
    return sorted(found, key=lambda pair: (-pair["similar"], pair["lines"][0]["text"]))


def _pairs(text: str) -> frozenset[str]:
    bare = re.sub(r"\W", "", text)
    return frozenset(bare[i : i + 2] for i in range(len(bare) - 1)) or frozenset((text,))


# -- the report ----------------------------------------------------------------


def run(folder: Path = NLU, out: Path | None = None, json_only: bool = False) -> dict[str, Any]:
    """All figures; printed unless `json_only`. `out` takes the doubtful lines as JSON lines."""
    lines = read_lines(folder)
    questions = [line for line in lines if line.intent == CONSULT]
    counted = cells(questions)
    started = time.perf_counter()
    crossed, doubts = cross_validate(lines)
    result = {
        "data": data_hash(lines),
        "lines": len(lines),
        "questions": len(questions),
        "acts": dict(Counter(line.intent for line in lines).most_common()),
        "topics": dict(Counter(topic for line in questions for topic in line.topics).most_common()),
        "several_topics": round(sum(len(line.topics) > 1 for line in questions) / max(1, len(questions)), 3),
        "cells": counted,
        "gaps": gaps(counted),
        "near_duplicates": near_duplicates(lines),
        "cross_validation": {**crossed, "seconds": round(time.perf_counter() - started, 1)},
        "doubtful": len(doubts),
    }
    if out:
        out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in doubts), encoding="utf-8")
    if not json_only:
        _print(result, doubts)
    return result


def _print(result: Mapping[str, Any], doubts: Sequence[Mapping[str, Any]]) -> None:
    crossed = result["cross_validation"]
    print(
        f"{result['lines']} lines, {result['questions']} questions, {result['several_topics']:.2f} of them with several"
        f" topics; data {result['data']}"
    )
    print(f"\n{'topic':<18}{'lines':>6}{'no word':>9}{'slip':>6}{'?':>6}{'family':>8}{'firm':>6}  by length")
    for topic, ways in result["cells"].items():
        firm = ways["asker"].get("employer", 0) + ways["asker"].get("contractor", 0)
        bands = " / ".join(str(ways["length"].get(name, 0)) for _, name in BANDS)
        print(
            f"{topic:<18}{ways['lines']:>6}{ways['legal word'].get('without', 0):>9}{ways['slip'].get('with', 0):>6}"
            f"{ways['question mark'].get('with', 0):>6}{ways['asker'].get('family', 0):>8}{firm:>6}  {bands}"
        )
    print(f"\n{len(result['gaps'])} cells with fewer than {FEWEST} lines")
    for gap in result["gaps"][:SHOWN]:
        print(f"  {gap['topic']}, {gap['cell']}: {gap['lines']}")
    print(f"\n{len(result['near_duplicates'])} pairs of near-duplicates")
    for pair in result["near_duplicates"][:SHOWN]:
        print(f"  {pair['similar']:.2f} {' | '.join(line['text'] for line in pair['lines'])}")
    _print_crossed(crossed)
    print(f"\n{len(doubts)} lines whose label cross-validation doubts")
    for row in doubts[:SHOWN]:
        print(f"  {row['doubt']:.2f} {'/'.join(row['topics'])} → {row['guess']}: {row['text'][:60]} ({row['at']})")


def _print_crossed(crossed: Mapping[str, Any]) -> None:
    print(
        f"\ncross-validation ({crossed['seconds']} s): strict {crossed['strict']:.3f}, lenient {crossed['lenient']:.3f},"
        f" macro-F1 {crossed['macro_f1']:.4f}"
    )
    print(f"{'topic':<18}{'lines':>6}{'precision':>11}{'recall':>8}{'F1':>8}")
    for topic, row in crossed["by_topic"].items():
        print(f"{topic:<18}{row['rows']:>6}{row['precision']:>11.3f}{row['recall']:>8.3f}{row['f1']:>8.3f}")
    for pair in crossed["confusions"][:SHOWN]:
        print(f"  {pair['true']} → {pair['guess']}: {pair['rows']}")
