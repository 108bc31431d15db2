"""How often the right reviewed entry is found: by the search alone, and through the whole of farun.

`python -m evaluation.entries [tune|test] [--curve] [--misses] [--asked]`; --asked needs the trained model.
The rows are tests/cases/search_questions.yml; the test half is for figures only, never for changing the search.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from knowledge.release import KnowledgeBase, load
from knowledge.search import SURE, Hit

TABLE = Path(__file__).parent.parent / "tests/cases/search_questions.yml"
Row = Mapping[str, Any]


def rows(half: str | None = None) -> list[Row]:
    """The labelled questions of a half, or all of them."""
    found = yaml.safe_load(TABLE.read_text(encoding="utf-8"))["questions"]
    return [row for row in found if half in (None, row["half"])]


def nothing() -> list[str]:
    """Texts that no entry answers."""
    return list(yaml.safe_load(TABLE.read_text(encoding="utf-8"))["nothing"])


def hits(kb: KnowledgeBase, row: Row, topic: bool) -> list[Hit]:
    """The first three entries for a row, with the topic of its (first) right entry known or not."""
    topics = (kb.entry(row["entry"][0]).topic,) if topic else ()
    return kb.search.find(row["ask"], topics=topics, facts=row.get("facts"))


def figures(kb: KnowledgeBase, asked: Sequence[Row], sure: float = SURE) -> dict[str, float]:
    """Shares of the rows (0 to 1): right first, among three, first with the topic known, and how sure answers fare."""
    plain = [(row, hits(kb, row, topic=False)) for row in asked]
    known = [(row, hits(kb, row, topic=True)) for row in asked]
    certain = [(row, found) for row, found in known if found and found[0].score >= sure]
    bare = [(row, found) for row, found in plain if found and found[0].score >= sure]
    return {
        "rows": len(asked),
        "first_with_topic": _share(_right(row, found[:1]) for row, found in known),
        "three": _share(_right(row, found) for row, found in plain),
        "first": _share(_right(row, found[:1]) for row, found in plain),
        "sure_with_topic": round(len(certain) / len(asked), 3),
        "sure_right_with_topic": _share(_right(row, found[:1]) for row, found in certain),
        "sure": round(len(bare) / len(asked), 3),
        "sure_right": _share(_right(row, found[:1]) for row, found in bare),
    }


def curve(kb: KnowledgeBase, asked: Sequence[Row], steps: Sequence[float]) -> list[dict[str, float]]:
    """For each threshold: how many answers are sure and right, and how many texts that nothing answers would be."""
    best = [found[0].score if (found := kb.search.find(text, limit=1)) else 0.0 for text in nothing()]
    made = []
    for step in steps:
        kept = {name: share for name, share in figures(kb, asked, step).items() if name.startswith("sure")}
        made.append({"sure_from": step, **kept, "nothing_answered": _share(score >= step for score in best)})
    return made


def misses(kb: KnowledgeBase, asked: Sequence[Row], topic: bool) -> list[str]:
    """The rows whose first entry is not the right one, with what came instead."""
    lines = []
    for row in asked:
        found = hits(kb, row, topic)
        if not _right(row, found[:1]):
            came = ", ".join(f"{hit.entry.id} {hit.score:.2f}" for hit in found)
            lines.append(f"{row['ask']} {row.get('facts') or ''}\n    wanted {row['entry']}  came {came}")
    return lines


def asked_of_farun(asked: Sequence[Row]) -> dict[str, Any]:
    """The same through understanding and consultation: whether the entry that leads the answer is the right one."""
    from farun.ask import Asker
    from farun.cli import _settings

    asker = Asker(_settings())
    shown = [(row, asker.understood(row["ask"])["entries"]) for row in asked]
    wrong = [
        f"{row['ask']}  wanted {row['entry']}  came {came}"
        for row, came in shown
        if came[:1] and not _in(row, came[:1])
    ]
    return {
        "rows": len(asked),
        "leads": _share(_in(row, came[:1]) for row, came in shown),
        "leads_where_any": _share(_in(row, came[:1]) for row, came in shown if came),
        "shown": _share(_in(row, came) for row, came in shown),
        "silent": [row["ask"] for row, came in shown if not came],
        "wrong": wrong,
    }


def _right(row: Row, found: Sequence[Hit]) -> bool:
    return _in(row, [hit.entry.id for hit in found])


def _in(row: Row, names: Sequence[str]) -> bool:
    return any(name in row["entry"] for name in names)


def _share(truths: Any) -> float:
    found = list(truths)
    return round(sum(found) / len(found), 3) if found else 0.0


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", nargs="?", choices=["tune", "test"], default="tune")
    for flag in ("--curve", "--misses", "--asked"):
        parser.add_argument(flag, action="store_true")
    args = parser.parse_args()
    kb, asked = load(), rows(args.half)
    print(json.dumps(figures(kb, asked)))
    for line in curve(kb, asked, [n / 20 for n in range(1, 16)]) if args.curve else []:
        print(json.dumps(line))
    for text in misses(kb, asked, topic=True) if args.misses else []:
        print(text)
    if args.asked:
        print(json.dumps(asked_of_farun(asked), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
