"""Every answer that states law names an article, and every article named was in force: over all entries and sayings, with
each value of their deciding facts and without it, as an entry by itself and as a consultation.

Citations are read off the text that a worker gets, not off the objects behind it.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from knowledge.answer import entry_text
from knowledge.citing import fault, numeral
from knowledge.consultation import turn
from knowledge.law import Law
from knowledge.matter import Heard, Known, Matter, Outcome
from knowledge.parts import Entry
from knowledge.release import load

KB = load()
TODAY = date(2026, 11, 24)
LAW = Law(KB)
NUMBERS = {numeral(n): n for n in range(1, 1300)}
DIGITS = "[零一二三四五六七八九十百千]+"
NAMES = {law.cite_as: law.law for law in KB.laws.values()}
CITED = re.compile(
    f"(?P<law>{'|'.join(re.escape(name) for name in sorted(NAMES, key=len, reverse=True))})"
    f"(?:第(?P<article>{DIGITS})条(?:之(?P<sub>{DIGITS}))?(?:第(?P<para>{DIGITS})款)?(?:第(?P<item>{DIGITS})项)?)?"
)


def cited(text: str) -> list[str]:
    """The citations in a text, as law/article/paragraph/item (第一款 is left out where the text leaves it out)."""
    found = []
    for match in CITED.finditer(text):
        steps = [NAMES[match["law"]]]
        if match["article"]:
            steps.append(str(NUMBERS[match["article"]]) + (f"之{match['sub']}" if match["sub"] else ""))
        if match["para"] or match["item"]:
            steps.append(str(NUMBERS[match["para"]]) if match["para"] else "1")
        if match["item"]:
            steps.append(str(NUMBERS[match["item"]]))
        found.append("/".join(steps))
    return found


def in_force(citation: str, on: date) -> bool:
    """Whether it exists and is law on a day; a law that is only named needs to be in force as a whole."""
    law, *rest = citation.split("/")
    if rest:
        return fault(citation, KB.laws, on) is None
    text = KB.laws[law]
    return text.in_force_from <= on and (text.in_force_to is None or on <= text.in_force_to)


def situations(entry: Entry) -> Iterator[dict[str, Any]]:
    """Each combination of the values of the entry's deciding facts, and of not knowing them."""
    when = entry.when or {}
    values = [[None, *(w if isinstance(w, list) else [w])] for w in when.values()]
    for chosen in product(*values):
        yield {fact: value for fact, value in zip(when, chosen, strict=True) if value is not None}


def consult(entry: Entry, facts: dict[str, Any], today: date = TODAY) -> Outcome:
    heard = Heard(text=entry.asks[0], act="consult", topics=((entry.topic, 0.99),))
    return turn(Matter(facts={f: Known(v) for f, v in facts.items()}), heard, KB, today)


def test_the_reader_of_citations_reads_what_is_written_out() -> None:
    text = (
        "依据：《劳动合同法》第四十六条第五项、《江苏省工资支付条例》第十二条第二款第三项、《刑法》第二百七十六条之一"
    )
    assert cited(text) == ["劳动合同法/46/1/5", "江苏省工资支付条例/12/2/3", "刑法/276之一"]
    for citation in ("劳动合同法/47/1", "刑法/276之一", "人社部发〔2025〕2号"):
        assert (
            cited(KB.cite(citation))[0].split("/") == citation.split("/")[: len(cited(KB.cite(citation))[0].split("/"))]
        )
    assert not in_force("劳动合同法/999", TODAY) and not in_force("法释〔2020〕26号/32/1", TODAY)
    assert in_force("法释〔2020〕26号/32/1", date(2025, 8, 31))


def test_every_entry_and_saying_names_articles_in_force() -> None:
    wrong = []
    for entry in KB.entries:
        for short in (False, True):
            text = "\n".join(section.text for section in entry_text(entry, LAW, TODAY, short))
            found = cited(text)
            wrong += [(entry.id, c) for c in found if not in_force(c, TODAY)]
            wrong += [] if found else [(entry.id, "names no article")]
    assert wrong == []


def test_every_door_and_ladder_stands_on_articles_in_force() -> None:
    guides = [*KB.doors.values(), *KB.evidence.values()]
    named = [(g.id, c) for g in guides for c in g.basis]
    named += [(d.id, c) for d in KB.doors.values() for closed in d.closed for c in closed.basis]
    assert [(i, c) for i, c in named if not in_force(c, TODAY)] == []
    assert [g.id for g in guides if not g.basis] == []


def test_every_consultation_names_articles_in_force() -> None:
    """Over every entry and each combination of its deciding facts: what is answered, not only what is quoted."""
    wrong, answered = [], 0
    for entry in KB.entries:
        for facts in situations(entry):
            outcome = consult(entry, facts)
            states_law = bool(outcome.answer["entries"] or outcome.answer["claims"] or outcome.answer["deadlines"])
            found = cited("\n".join(outcome.messages))
            answered += states_law
            wrong += [(entry.id, facts, c) for c in found if not in_force(c, TODAY)]
            wrong += [(entry.id, facts, "names no article")] if states_law and not found else []
    assert wrong == []
    assert answered > len(KB.entries) * 0.9  # a question in an entry's own words is nearly always answered


EVENTS = [TODAY - timedelta(days=1), date(2026, 6, 30), date(2025, 8, 31), date(2024, 12, 31), date(2022, 3, 1)]


@pytest.mark.parametrize("event", EVENTS, ids=str)
@pytest.mark.parametrize("topic", ["wages", "injury", "dismissal", "contract"])
def test_a_claim_stands_on_an_article_in_force_when_it_happened(topic: str, event: date) -> None:
    """Each claim and deadline names an article that was law on the event's day, and none that was law neither then nor now."""
    facts: dict[str, Any] = {
        "monthly_wage": 6500, "months_owed": 2, "hire_date": (event - timedelta(days=500)).isoformat(),
        "leave_date": event.isoformat(), "dismissed": True, "dismissal_reason": "none", "has_contract": False,
        "injury_date": event.isoformat(), "injury_grade": 9, "insured": False, "in_service": False,
    }  # fmt: skip
    outcome = consult(next(e for e in KB.entries if e.topic == topic), facts)
    items = [*outcome.answer["claims"], *outcome.answer["deadlines"]]
    assert items
    for item in items:
        assert any(in_force(c, event) for c in item["citations"]), item
        assert all(in_force(c, event) or in_force(c, TODAY) for c in item["citations"]), item
