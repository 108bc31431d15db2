"""How well questions are understood: `farun evaluate questions FILE` on labelled rows {id, text, topics, facts, …}."""

from __future__ import annotations

import json as json_lines
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation import facts as fact_figures

Understand = Callable[
    [str, str | None], Mapping[str, Any]
]  # (text, what the bot asked before) → parse or answer object
Row = Mapping[str, Any]
NOT_LABOUR, NONE = "not_labour", "-"
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
COVERED = 0.75  # the share of rows for which the bar of wrong-and-confident holds
SHOWN = 12  # confusion pairs in the table


def run(path: Path | str, understand: Understand, json: bool = False) -> dict[str, Any]:
    """Figures as a dictionary; printed as a table unless `json`. Raises ValueError for a file that is not JSON lines.

    `understand` gives Rasa's parse data or an answer object: `topics` best first with confidences, `facts` or
    `entities`, `risk`, `asker`, and `confident` where it exists.
    """
    rows = read_rows(Path(path))
    started = time.perf_counter()
    heard = [understand(row["text"], row.get("context")) for row in rows]
    seconds = time.perf_counter() - started
    result = measure(rows, heard)
    result["milliseconds_per_row"] = round(1000 * seconds / max(1, len(rows)), 2)
    if not json:
        _table(result)
    return result


def read_rows(path: Path) -> list[Row]:
    """The labelled rows of a file. Raises ValueError that names the line of a bad one."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json_lines.loads(line)
            if not isinstance(row["text"], str) or not row["topics"]:
                raise ValueError("a row needs a text and topics")
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}:{number}: not a labelled question: {error}") from error
        rows.append(row)
    if not rows:
        raise ValueError(f"{path} holds no rows")
    return rows


def measure(rows: Sequence[Row], heard: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """All figures of labelled rows against what was understood, row by row."""
    named = [[(str(t["name"]), float(t.get("confidence", 1.0))) for t in one.get("topics") or ()] for one in heard]
    first = [names[0][0] if names else NONE for names in named]
    main = [row["topics"][0] for row in rows]
    by_topic = _by_topic(main, first)
    return {
        "rows": len(rows),
        "strict": _share(guess == true for guess, true in zip(first, main, strict=True)),
        "lenient": _share(guess in row["topics"] for guess, row in zip(first, rows, strict=True)),
        "macro_f1": _mean(figures["f1"] for figures in by_topic.values() if figures["rows"]),
        "all_topics": _all_topics(rows, named),
        "labour_or_not": _share((g == NOT_LABOUR) == (t == NOT_LABOUR) for g, t in zip(first, main, strict=True)),
        "unnamed": _share(guess == NONE for guess in first),
        "by_topic": by_topic,
        "coverage": _coverage(rows, named, heard),
        "facts": _facts(rows, heard),
        "risk": _risk(rows, heard),
        "asker": _asker(rows, heard),
        "confusions": _confusions(main, first),
    }


def _by_topic(main: Sequence[str], first: Sequence[str]) -> dict[str, dict[str, Any]]:
    right = Counter(true for true, guess in zip(main, first, strict=True) if true == guess)
    truth, guesses = Counter(main), Counter(first)
    found = {}
    for topic in sorted(set(truth) | set(guesses) - {NONE}, key=lambda t: -truth[t]):
        precision, recall = _ratio(right[topic], guesses[topic]), _ratio(right[topic], truth[topic])
        f1 = _ratio(2 * right[topic], truth[topic] + guesses[topic])
        found[topic] = {"rows": truth[topic], "precision": precision, "recall": recall, "f1": f1}
    return found


def _all_topics(rows: Sequence[Row], named: Sequence[Sequence[tuple[str, float]]]) -> dict[str, float]:
    """Precision, recall, F1 over every topic of every row, and the share of rows with exactly the right set."""
    pairs = [(set(row["topics"]), {name for name, _ in names}) for row, names in zip(rows, named, strict=True)]
    right = sum(len(true & got) for true, got in pairs)
    truth, got_all = sum(len(true) for true, _ in pairs), sum(len(got) for _, got in pairs)
    return {
        "precision": _ratio(right, got_all),
        "recall": _ratio(right, truth),
        "f1": _ratio(2 * right, truth + got_all),
        "exact": _share(true == got for true, got in pairs),
    }


def _coverage(
    rows: Sequence[Row], named: Sequence[Sequence[tuple[str, float]]], heard: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Share of rows answered, and of all rows answered wrongly, when answering from a confidence on; then of the surest
    three quarters, and by farun's own choice (`confident`), where it makes one."""
    wrong = [not names or names[0][0] not in row["topics"] for row, names in zip(rows, named, strict=True)]
    best = [names[0][1] if names else 0.0 for names in named]
    points: list[tuple[Any, list[bool]]] = [(limit, [sure >= limit for sure in best]) for limit in THRESHOLDS]
    surest = sorted(range(len(rows)), key=lambda place: -best[place])[: round(COVERED * len(rows))]
    points.append((f"surest {COVERED:.0%}", [place in set(surest) for place in range(len(rows))]))
    if all("confident" in one for one in heard):
        points.append(("confident", [bool(one["confident"]) for one in heard]))
    return [
        {
            "from": limit,
            "coverage": _share(answered),
            "wrong_and_confident": _share(a and w for a, w in zip(answered, wrong, strict=True)),
        }
        for limit, answered in points
    ]


def facts_of(understood: Mapping[str, Any]) -> dict[str, Any]:
    """Fact → value, of parse data (the first entity of each fact) or of an answer object."""
    if "facts" in understood:
        told = understood["facts"] or {}
        return {fact: found.get("value") if isinstance(found, Mapping) else found for fact, found in told.items()}
    found_facts: dict[str, Any] = {}
    for entity in understood.get("entities") or ():
        found_facts.setdefault(entity["entity"], entity.get("value"))
    return found_facts


def _facts(rows: Sequence[Row], heard: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Recall on the listed keys and contradictions; a listed `risk` is no fact."""
    listed = [
        {**row, "facts": {key: value for key, value in (row.get("facts") or {}).items() if key != "risk"}, "n": place}
        for place, row in enumerate(rows)
    ]
    figures = dict(fact_figures.measure(listed, lambda row: facts_of(heard[row["n"]])))
    figures.pop("examples", None)
    return figures


def _risk(rows: Sequence[Row], heard: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Risks found of those listed, and the share of rows without a listed one that ring."""
    pairs = [(_listed_risk(row), set(one.get("risk") or ())) for row, one in zip(rows, heard, strict=True)]
    risky = [(true, got) for true, got in pairs if true]
    return {
        "listed": len(risky),
        "recall": _share(bool(got) for _, got in risky) if risky else None,
        "kind_right": _share(bool(true & got) for true, got in risky) if risky else None,
        "false_alarms": _share(bool(got) for true, got in pairs if not true),
    }


def _listed_risk(row: Row) -> set[str]:
    told = row.get("risk") or (row.get("facts") or {}).get("risk") or ()
    return {told} if isinstance(told, str) else set(told)


def _asker(rows: Sequence[Row], heard: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    listed = [(row["asker"], one.get("asker")) for row, one in zip(rows, heard, strict=True) if row.get("asker")]
    return {"listed": len(listed), "right": _share(true == got for true, got in listed) if listed else None}


def _confusions(main: Sequence[str], first: Sequence[str]) -> list[dict[str, Any]]:
    pairs = Counter((true, guess) for true, guess in zip(main, first, strict=True) if true != guess)
    return [{"true": true, "guess": guess, "rows": count} for (true, guess), count in pairs.most_common()]


def _ratio(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def _share(truths: Any) -> float:
    listed = [bool(truth) for truth in truths]
    return _ratio(sum(listed), len(listed))


def _mean(values: Any) -> float:
    listed = list(values)
    return _ratio(sum(listed), len(listed))


def _table(result: Mapping[str, Any]) -> None:
    every, facts, risk, who = result["all_topics"], result["facts"], result["risk"], result["asker"]
    print(f"{result['rows']} rows, {result['milliseconds_per_row']} ms each")
    print(
        f"first topic: strict {result['strict']:.3f}, lenient {result['lenient']:.3f}, macro-F1 {result['macro_f1']:.3f}"
    )
    print("all topics: " + ", ".join(f"{name} {value:.3f}" for name, value in every.items()))
    print(f"labour or not {result['labour_or_not']:.3f}, no topic named {result['unnamed']:.3f}")
    print(f"\n{'topic':<18}{'rows':>5}{'precision':>11}{'recall':>8}{'F1':>8}")
    for name, row in result["by_topic"].items():
        print(f"{name:<18}{row['rows']:>5}{row['precision']:>11.3f}{row['recall']:>8.3f}{row['f1']:>8.3f}")
    print(f"\n{'answered from':<18}{'coverage':>10}{'wrong and confident':>22}")
    for point in result["coverage"]:
        print(f"{point['from']!s:<18}{point['coverage']:>10.3f}{point['wrong_and_confident']:>22.3f}")
    print(
        f"\nfacts: {facts['listed']} listed, recall {facts['recall']:.3f}, contradictions {facts['contradictions']:.3f}"
    )
    print(f"risk: {risk['listed']} listed, recall {_told(risk['recall'])}, false alarms {risk['false_alarms']:.4f}")
    print(f"asker: {who['listed']} listed, right {_told(who['right'])}")
    print("\nconfused (true → guess)")
    for pair in result["confusions"][:SHOWN]:
        print(f"  {pair['true']} → {pair['guess']}: {pair['rows']}")


def _told(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
