"""Composes what a worker reads: at most two messages of 600 characters, and the answer object behind them.

Order: which problems, which facts were understood, what it comes to (with article), what to do today, until when,
what else can be done, and the one open question. Sections that do not fit are left out, the least needed first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from base.money import plain, show
from knowledge.assessment import Assessment, Group, Option
from knowledge.claims import Claim
from knowledge.claims.working import number_text
from knowledge.deadlines import Deadline
from knowledge.law import Law, UsedParameter
from knowledge.matter import Known, Matter
from knowledge.release import Entry, KnowledgeBase

LIMIT = 600  # characters of one message
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
UNITS = {
    "yuan": "元",
    "yuan/month": "元",
    "yuan/day": "元",
    "yuan/hour": "元",
    "days": "日",
    "months": "个月",
    "years": "年",
}
UNITS |= {"hours": "小时", "working_days": "个工作日", "times": "倍", "months_of_wage": "个月工资"}


@dataclass(frozen=True)
class Section:
    """A piece of a message; the higher `rank`, the sooner it is left out."""

    text: str
    rank: int = 0


def fit(sections: Sequence[Section], limit: int = LIMIT) -> str:
    """The sections joined by line breaks within `limit` characters, dropping the least needed."""
    kept = [s for s in sections if s.text]
    while kept and len("\n".join(s.text for s in kept)) > limit:
        worst = max(kept, key=lambda s: s.rank)
        if worst.rank == 0:
            break
        kept.remove(worst)
    text = "\n".join(s.text for s in kept)
    return text if len(text) <= limit else text[: limit - 1].rsplit("\n", 1)[0] + "…"


def day(value: date | str) -> str:
    """2026-11-08 → 2026年11月8日; a vague date keeps only what is known."""
    parts = [int(p) for p in str(value).split("-")]
    return "".join(f"{p}{u}" for p, u in zip(parts, "年月日", strict=False))


def fact_text(fact: str, known: Known, kb: KnowledgeBase) -> str:
    """A fact as it is echoed: 月工资6,500元, 没签书面劳动合同, 2025年3月10日进厂."""
    spec, value = kb.facts[fact], known.value
    about = "大约" if known.approx else ""
    if spec.type == "bool":
        return (spec.yes if value else spec.no) or spec.label
    if spec.type == "choice":
        return f"{spec.label}：{spec.choices.get(value, value)}"
    if spec.type == "date":
        return f"{spec.label}{day(value)}"
    if spec.type == "money":
        return f"{spec.label}{about}{show(Decimal(str(value)))}元"
    if spec.type == "amounts":
        names = kb.procedures["asked"]["items"]
        return f"{spec.label}：" + "、".join(f"{names.get(k, k)}{show(Decimal(str(v)))}元" for k, v in value.items())
    if spec.type == "people":
        names = kb.procedures["asked"]["people"]
        return f"{spec.label}：" + "、".join(names.get(name, name) for name in value)
    if spec.type == "spans":
        return f"{spec.label}：" + "、".join(f"{months}个月" for months in value)
    if spec.type == "days":
        return f"{spec.label}：" + "、".join(day(one["date"]) for one in value)
    if spec.type in ("count", "number"):
        return f"{spec.label}{about}{number_text(Decimal(str(value)))}{spec.suffix}"
    return f"{spec.label}：{value}"


def facts_text(facts: Iterable[str], matter: Matter, kb: KnowledgeBase) -> str:
    """The named facts in one line, in the vocabulary's order."""
    wanted = set(facts)
    told = (f for f, spec in kb.facts.items() if f in wanted and f in matter.facts and not spec.quiet)
    return "；".join(fact_text(f, matter.facts[f], kb) for f in told)


def fill(text: str, law: Law, today: date) -> str:
    """Replaces {param:KEY} and {limit:KEY} by the value in force today with its unit."""

    def value(match: re.Match[str]) -> str:
        used = law.parameter(match[1], today)
        if used.value is None:
            return law.kb.procedures["phrases"]["to_confirm"]
        return _with_unit(used)

    return re.sub(r"\{(?:param|limit):([\w.-]+)\}", value, text)


def _with_unit(used: UsedParameter) -> str:
    """2,660元, 0.5个月, 7日."""
    if used.value is None:
        return ""
    number = show(used.value) if used.unit.startswith("yuan") else number_text(used.value)
    return f"{number}{UNITS.get(used.unit, '')}"


def cites(citations: Iterable[str], kb: KnowledgeBase, most: int = 2) -> str:
    """《劳动合同法》第四十七条第一款、… ; at most `most` of them."""
    return "、".join(kb.cite(c) for c in list(dict.fromkeys(citations))[:most])


def amount_text(claim: Claim, kb: KnowledgeBase) -> str:
    """13,000元, a range, or what is missing."""
    phrases = kb.procedures["phrases"]
    mark = f"（{phrases['to_confirm']}）" if claim.status != "confirmed" else ""
    if claim.amount is not None:
        until = phrases["until_today"] if claim.amount and "leave_date" in claim.needs else ""
        return f"{show(claim.amount)}元{until}{mark}"
    if claim.low is not None and claim.high is not None:
        return phrases["range"].format(low=show(claim.low), high=show(claim.high)) + mark
    if claim.needs:
        facts = "、".join(kb.facts[n].label for n in claim.needs if n in kb.facts)
        if claim.formula:
            return phrases["missing_factor"].format(facts=facts, formula=claim.formula)
        return phrases["missing_amount"].format(facts=facts)
    return phrases["to_confirm"]


def _is_money(claim: Claim) -> bool:
    """Whether a claim is a sum (known or not yet), not a right or a length of time."""
    return claim.amount is not None or claim.low is not None or bool(claim.needs) or not claim.steps


def claim_line(claim: Claim, kb: KnowledgeBase) -> str:
    """One claim in one line: label, amount, formula, article."""
    if not _is_money(claim):
        mark = f"（{kb.procedures['phrases']['to_confirm']}）" if claim.status != "confirmed" else ""
        return f"{claim.label}：{'；'.join(claim.steps)}{mark}｜{cites(claim.citations, kb, 3)}"
    worked = re.search(r"[×+−/-]", claim.formula or "") and (claim.amount or claim.low) is not None
    formula = f"（{claim.formula}）" if worked else ""
    return f"{claim.label} {amount_text(claim, kb)}{formula}｜{cites(claim.citations, kb)}"


def group_lines(group: Group, kb: KnowledgeBase) -> list[str]:
    """A group of options: the one to claim, the others behind 或者, and that only one can be had."""
    lines: list[str] = []
    for number, option in enumerate(group.options):
        lead = "或者 " if number else ""
        lines.append(lead + claim_line(option.claim, kb) + (f"。{option.say}" if option.say else ""))
        lines += [f"　另加 {claim_line(extra, kb)}" for extra in option.plus]
    if len(group.options) > 1:
        ending = kb.procedures["ending"]
        lines.append(f"{ending['only_one']}｜{cites(ending['only_one_cite'], kb)}")
    return lines


def sums(found: Assessment, kb: KnowledgeBase) -> list[Section]:
    """The lines of what is owed."""
    if not found.groups:
        return []
    money = any(_is_money(o.claim) for g in found.groups for o in g.options)
    made = [Section(kb.procedures["phrases"]["owed_title" if money else "result_title"])]
    for number, group in enumerate(found.groups):
        text = "\n".join(group_lines(group, kb))
        made.append(Section(f"{CIRCLED[number]} {text}", 0 if number < 3 else 3))
    return made


def deadline_lines(deadlines: Iterable[Deadline], kb: KnowledgeBase, today: date) -> list[str]:
    """Each deadline once: what, the last day, the article, and whether it has passed."""
    lines, phrases = [], kb.procedures["phrases"]
    for item in deadlines:
        mark = f"（{phrases['to_confirm']}）" if item.status != "confirmed" else ""
        when = item.note or "" if item.date is None else f"{day(item.date)}前"
        late = f"（{phrases['past']}）" if item.date is not None and item.date < today else ""
        if when:
            lines.append(f"{item.label}：{when}{late}{mark}｜{cites(item.citations, kb, 1)}")
    own = (
        d for d in deadlines if not d.label.startswith("单位")
    )  # what the employer has missed is no loss of one's own
    if any(d.date is not None and d.date < today for d in own):
        lines.append(phrases["past_help"])
    return lines


def problems_text(topics: Sequence[str], kb: KnowledgeBase) -> str:
    """您遇到了3件事：①拖欠工资 ②被辞退…"""
    names = [kb.procedures["topics"]["topics"][t]["name"] for t in topics]
    phrases = kb.procedures["phrases"]
    if len(names) == 1:
        return phrases["problems_one"].format(problems=names[0])
    listed = " ".join(f"{CIRCLED[i]}{n}" for i, n in enumerate(names))
    return phrases["problems_many"].format(count=len(names), problems=listed)


def lead(entry: Entry, law: Law, today: date) -> str:
    """An entry's line; that of a saying (老板说：…) with the saying before it."""
    line = fill(entry.in_a_line, law, today)
    return f"{entry.title}——{line}" if entry.verdict else line


def entry_text(entry: Entry, law: Law, today: date, short: bool = False) -> list[Section]:
    """An entry as sections: in a line, what to do today, until when, papers, where, what not to do, articles."""
    kb, phrases = law.kb, law.kb.procedures["phrases"]
    made = [Section(lead(entry, law, today))]
    steps = [f"{i}. {fill(s, law, today)}" for i, s in enumerate(entry.today, 1)]
    if steps:
        made.append(Section("\n".join([phrases["today_title"], *steps]), 2 if short else 1))
    if entry.until:
        made.append(Section(phrases["until_title"] + fill(entry.until, law, today), 1))
    if entry.say_more:
        made.append(Section(fill(entry.say_more, law, today), 6 if short else 3))
    if entry.papers and not short:
        made.append(Section(phrases["papers_title"] + "、".join(entry.papers), 4))
    if entry.where:
        made.append(Section(phrases["where_title"] + "；".join(entry.where), 5))
    if entry.avoid:
        made.append(
            Section(phrases["avoid_title"] + "；".join(fill(a, law, today) for a in entry.avoid), 7 if short else 2)
        )
    if entry.basis:
        mark = f"（{phrases['to_confirm']}）" if entry.status == "to_confirm" else ""
        made.append(Section(phrases["basis_title"] + cites(entry.basis, kb, 3) + mark))
    return made


def today_lines(entries: Sequence[Entry], law: Law, today: date, most: int = 3) -> list[str]:
    """What to do today, taken in turn from the entries that fit, at most `most` steps."""
    steps: list[str] = []
    for rank in range(3):
        for entry in entries:
            if rank < len(entry.today) and entry.today[rank] not in steps and len(steps) < most:
                steps.append(entry.today[rank])
    return [f"{i}. {fill(s, law, today)}" for i, s in enumerate(steps, 1)]


def calculation(found: Assessment, kb: KnowledgeBase) -> list[str]:
    """Two messages that show each sum step by step with its articles and the dated values that it stands on."""
    phrases = kb.procedures["phrases"]
    sections = [Section(phrases["calculate_title"])]
    for number, group in enumerate(found.groups):
        for place, option in enumerate(group.options):
            lead = CIRCLED[number] if place == 0 else "或者"
            sections.append(Section("\n".join(_steps(lead, option, kb)), 1 + number * 2 + place))
    half = _half(sections)
    return [m for m in (fit(sections[:half]), fit(sections[half:])) if m]


def _steps(lead: str, option: Option, kb: KnowledgeBase) -> list[str]:
    lines = []
    for claim in (option.claim, *option.plus):
        lines.append(f"{lead} {claim.label}：{amount_text(claim, kb)}")
        lines += [f"　{step}" for step in claim.steps]
        lines.append(f"　{kb.procedures['phrases']['basis_title']}{cites(claim.citations, kb, 4)}")
        lines += [f"　{_parameter(p, kb)}" for p in claim.parameters if p.shown]
        if claim.note:
            lines.append(f"　{claim.note}")
    return lines


def _parameter(used: UsedParameter, kb: KnowledgeBase) -> str:
    value = kb.procedures["phrases"]["to_confirm"] if used.value is None else _with_unit(used)
    return f"{used.title}：{value}" + (f"（{day(used.from_)}起）" if used.from_ else "")


def _half(sections: Sequence[Section]) -> int:
    used = 0
    for place, section in enumerate(sections):
        used += len(section.text) + 1
        if used > LIMIT:
            return max(place, 1)
    return len(sections)


def document(matter: Matter, found: Assessment, kb: KnowledgeBase) -> list[str]:
    """The gist of an application for arbitration: requests and facts, only from what was said."""
    phrases = kb.procedures["phrases"]
    requests = [g.options[0].claim for g in found.groups if g.options]
    lines = [f"{i}. {c.label}{amount_text(c, kb)}" for i, c in enumerate(requests, 1)]
    sections = [Section(phrases["document_title"]), Section("\n".join([phrases["document_claims"], *lines]))]
    sections.append(Section(phrases["document_facts"] + facts_text(matter.facts, matter, kb) + "。", 1))
    sections.append(Section(phrases["document_note"], 2))
    return [fit(sections)]


def answer_object(matter: Matter, found: Assessment, kb: KnowledgeBase) -> dict[str, Any]:
    """The part of the answer object that follows from the matter (docs: surface)."""
    return {
        "facts": {f: _fact_json(k) for f, k in matter.facts.items()},
        "claims": [claim_json(c) for c in found.claims],
        "deadlines": [
            {
                "kind": d.kind,
                "date": d.date and d.date.isoformat(),
                "from_fact": d.from_fact,
                "citations": list(d.citations),
                "label": d.label,
                "status": d.status,
                "passed": d.passed,
                "note": d.note,
                "needs": list(d.needs),
            }
            for d in found.deadlines
        ],
        "release": kb.id,
    }


def _fact_json(known: Known) -> dict[str, Any]:
    value = known.value
    made: dict[str, Any] = {"value": value if isinstance(value, bool) or value is None else str(value)}
    made |= {"unit": known.unit, "source": known.source}
    if known.start is not None:
        made["span"] = [known.start, known.end]
    return made


def claim_json(claim: Claim) -> dict[str, Any]:
    """A claim as the answer object shows it; money as decimal strings in yuan."""
    return {
        "kind": claim.kind,
        "label": claim.label,
        "amount": _money(claim.amount),
        "low": _money(claim.low),
        "high": _money(claim.high),
        "months": None if claim.months is None else show(claim.months),
        "formula": claim.formula,
        "steps": list(claim.steps),
        "payer": claim.payer,
        "citations": list(claim.citations),
        "parameters": [
            {"key": p.key, "value": None if p.value is None else str(p.value), "from": str(p.from_), "status": p.status}
            for p in claim.parameters
        ],
        "needs": list(claim.needs),
        "note": claim.note,
        "result": claim.result,
        "status": claim.status,
        "excludes": list(claim.excludes),
        **({"extra": _plain(claim.extra)} if claim.extra else {}),
    }


def _money(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _plain(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v if isinstance(v, (str, int, bool, list)) or v is None else str(v) for k, v in extra.items()}


def summary(matter: Matter, told: Mapping[str, Any], kb: KnowledgeBase) -> dict[str, Any]:
    """What the desk's case card stands on: problems, facts with their sources, sums, dates, what is open or unknown."""
    return {
        "problems": [kb.procedures["topics"]["topics"][t]["name"] for t in matter.topics],
        "topics": list(matter.topics),
        "facts": {
            f: {
                "label": kb.facts[f].label,
                "value": k.value,
                "unit": k.unit,
                "source": k.source,
                "show": fact_text(f, k, kb),
            }
            for f, k in matter.facts.items()
        },
        "claims": told["claims"],
        "deadlines": told["deadlines"],
        "open_question": matter.asked and kb.facts[matter.asked].ask,
        "answers": list(matter.entries),
        "unknown": [kb.facts[f].label for f in matter.unknown if f in kb.facts],
        "risk": told["risk"],
    }
