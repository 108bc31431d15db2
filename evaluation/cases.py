"""Hand-computed cases against our formulas: `farun evaluate cases FILE`, by inputs or by the worker's own words."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Protocol

from evaluation.articles import citations, covered
from knowledge import release
from knowledge.claims import FORMULAS, Claim, Refusal, compute
from knowledge.deadlines import Deadline, deadline
from knowledge.law import Law

ON = date(2026, 11, 24)  # the day on which the cases were computed
RESULTS = {"right": 0, "wrong": 0, "handed_over": 0}
# What an expectation may hold besides amount, months and article, and where a result keeps it.
MAIN = ("amount", "months", "eligible", "final", "deadline", "days")
TOLD = ("per", "route", "medical", "employment", "extra", "to", "from", "means_check", "urgent", "escalate")

Row = Mapping[str, Any]
Got = dict[str, Any]


class Ask(Protocol):
    """Asks farun in a worker's words on a day; gives the answer object."""

    def __call__(self, text: str, on: date) -> Mapping[str, Any]: ...


def run(path: Path | str, worded: bool = False, ask: Ask | None = None, quiet: bool = False) -> dict[str, Any]:
    """Figures by confidence and one row a case: {"high": {...}, "medium": {...}, "rows": [...]}.

    With `worded` each `question_zh` is put to `ask`; else each row's `inputs` to the formula of its kind. A table is
    printed unless `quiet`. Raises ValueError for a file that is not JSON lines.
    """
    if worded and ask is None:
        raise ValueError("worded cases need somebody to ask")
    rows = _read(Path(path))
    law = Law(release.load(on=ON))
    answer: Callable[[Row], Got | None] = (lambda r: _asked(r, ask)) if worded and ask else lambda r: _computed(r, law)
    made = []
    for row in rows:
        got = answer(row)
        made.append(_judged(row, got))
    result: dict[str, Any] = {level: dict(RESULTS) for level in ("high", "medium")}
    for row, judged in zip(rows, made, strict=True):
        result.setdefault(row.get("confidence", "high"), dict(RESULTS))[judged["outcome"]] += 1
    result["rows"] = made
    if not quiet:
        _table(rows, result)
    return result


def _read(path: Path) -> list[Row]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            row["kind"], row["expected"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}:{number}: a case is an object with kind, inputs and expected ({error})") from None
        rows.append(row)
    return rows


def _computed(row: Row, law: Law) -> Got | None:
    """What the formula (or the deadline) of the row's kind says; None when there is none yet."""
    inputs, kind = row.get("inputs") or {}, row["kind"]
    today = date.fromisoformat(inputs["today"]) if "today" in inputs else ON
    try:
        if kind == "limitation":
            named = deadline_kind(inputs)
            return None if named is None else _of_deadline(deadline(named, inputs, law, today))
        return _of_claim(compute(kind, inputs, law, today)) if kind in FORMULAS else None
    except Refusal as refusal:
        return {"handoff": True, "refused": str(refusal), "citations": []}


def deadline_kind(inputs: Mapping[str, Any]) -> str | None:
    """Which deadline the inputs of a limitation case ask for.

    `deadline` names it outright. `received` without a `party` is the conclusion of an appraisal; with one it is an award.
    """
    if "deadline" in inputs:
        return str(inputs["deadline"])
    if "accident" in inputs or "diagnosis" in inputs:
        return "injury_recognition"
    if "received" in inputs:
        party, final = inputs.get("party"), inputs.get("final")
        if party is None:
            return "lawsuit" if inputs.get("document") in ("award", "arbitration_award") else "reappraisal"
        if party == "employer":
            return "lawsuit" if final is False else "annulment"
        return "lawsuit_final" if final else "lawsuit"
    if "violation_ended" in inputs or "violation" in inputs:
        return "inspection"
    if any(k in inputs for k in ("performance_due", "due_date", "effective")):
        return "enforcement"
    return "arbitration" if "claim" in inputs or "left" in inputs or "dismissed" in inputs else None


def _of_claim(claim: Claim) -> Got:
    got: Got = {"citations": list(claim.citations), **claim.extra}
    for name in ("amount", "months", "payer", "result", "low", "high"):
        if getattr(claim, name) is not None:
            got[name] = getattr(claim, name)
    if claim.result is not None:
        got["eligible"] = got["final"] = claim.result
    return got


def _of_deadline(found: Deadline) -> Got:
    got: Got = {"citations": list(found.citations), "deadline": found.date and found.date.isoformat()}
    if not found.needs:
        got["eligible"] = not found.passed
    return got


def _asked(row: Row, ask: Ask) -> Got | None:
    """The claim or deadline of the row's kind in the answer to its question; None when the answer holds none."""
    answer = ask(row["question_zh"], ON)
    kind = row["kind"]
    if kind == "limitation":
        dates = [d for d in answer.get("deadlines") or [] if d.get("date") or d.get("note")]
        wanted = row["expected"].get("deadline")
        chosen = next((d for d in dates if d.get("date") == wanted), dates[0] if dates else None)
        if chosen is None:
            return None
        got: Got = {"citations": chosen.get("citations", []), "deadline": chosen.get("date")}
        return got if chosen.get("needs") else {**got, "eligible": not chosen.get("passed")}
    claim = next((c for c in answer.get("claims") or [] if c.get("kind") == kind), None)
    if claim is None:
        return None
    got = {"citations": claim.get("citations", []), **(claim.get("extra") or {})}
    got.update({n: claim[n] for n in ("amount", "months", "payer") if claim.get(n) is not None})
    if claim.get("result") is not None:
        got["eligible"] = got["final"] = claim["result"]
    return got


def _judged(row: Row, got: Got | None) -> dict[str, Any]:
    expected = row["expected"]
    if _handed_over(expected, got):
        outcome = "right" if got is not None and expected.get("escalate") else "handed_over"
    else:
        assert got is not None
        outcome = "wrong" if faults(expected, got) else "right"
    shown = None if got is None else {k: _plain(v) for k, v in got.items()}
    return {"id": row.get("id"), "expected": expected, "got": shown, "right": outcome == "right", "outcome": outcome}


def _handed_over(expected: Mapping[str, Any], got: Got | None) -> bool:
    """No formula, a person is asked, or none of what is expected has come out."""
    if got is None or got.get("handoff"):
        return True
    main = [k for k in MAIN if k in expected]
    return bool(main) and all(k not in got for k in main)


def faults(expected: Mapping[str, Any], got: Mapping[str, Any]) -> list[str]:
    """Which parts of the expectation are not met."""
    wrong = [k for k in (*MAIN, *TOLD) if k in expected and not _same(k, expected, got)]
    if "payer" in expected and expected["payer"] not in str(got.get("payer") or ""):
        wrong.append("payer")
    if "article" in expected and not covered(citations(expected["article"]), got.get("citations") or []):
        wrong.append("article")
    return wrong


def _same(key: str, expected: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    wanted, have = expected[key], got.get(key)
    if isinstance(wanted, bool) or wanted is None or have is None:
        return have is wanted
    try:
        return Decimal(str(wanted)) == Decimal(str(have))
    except InvalidOperation:
        return str(wanted) == str(have)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def _table(rows: list[Row], result: Mapping[str, Any]) -> None:
    kinds: dict[str, dict[str, int]] = {}
    for row, judged in zip(rows, result["rows"], strict=True):
        kinds.setdefault(row["kind"], dict(RESULTS))[judged["outcome"]] += 1
    print(f"{'kind':<24}{'right':>7}{'wrong':>7}{'handed over':>13}")
    for kind, counts in kinds.items():
        print(f"{kind:<24}{counts['right']:>7}{counts['wrong']:>7}{counts['handed_over']:>13}")
    for level in ("high", "medium"):
        counts = result[level]
        print(f"{'= ' + level:<24}{counts['right']:>7}{counts['wrong']:>7}{counts['handed_over']:>13}")
    for row, judged in zip(rows, result["rows"], strict=True):
        if judged["outcome"] == "wrong":
            missed = ", ".join(faults(row["expected"], judged["got"] or {}))
            print(f"  {judged['id']}: {missed}", file=sys.stdout)
