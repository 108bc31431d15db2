"""The case card: what an adviser reads first, so that nobody has to tell their story twice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from base import clock
from base.money import show

SOURCES = {"said": "聊天", "document": "材料", "adviser": "顾问确认"}
CHANNELS = {"web": "网页", "wecom": "企业微信", "kf": "微信客服", "mp": "公众号", "kiosk": "自助机"}
RISKS = {
    "self_harm": "可能伤害自己",
    "violence": "可能动手",
    "violence_victim": "被打或被威胁",
    "collective": "可能聚集",
    "medical_emergency": "有人受伤要急救",
    "deadline_soon": "期限很近",
}
SOON = 30  # days to a deadline that count as near


@dataclass(frozen=True)
class FactLine:
    """A fact as the card shows it: `text` says it in words, `source` is 聊天, 材料 or 顾问确认."""

    id: str
    label: str
    text: str
    source: str


@dataclass(frozen=True)
class ClaimLine:
    """A sum or a yes/no with how it was reached; `confirmed` is false for 待顾问确认."""

    label: str
    amount: str
    formula: str
    confirmed: bool


@dataclass(frozen=True)
class DeadlineLine:
    """A last day. `days` counts from today (negative: past); `near` means within 30 days or past."""

    label: str
    day: date
    days: int

    @property
    def near(self) -> bool:
        """True when it is past or within 30 days."""
        return self.days <= SOON


@dataclass(frozen=True)
class CaseCard:
    """Everything known of a matter, for the person who takes it over."""

    paragraph: str
    problems: tuple[str, ...]
    facts: tuple[FactLine, ...]
    claims: tuple[ClaimLine, ...]
    deadlines: tuple[DeadlineLine, ...]
    unknown: tuple[str, ...]
    answers: tuple[str, ...]
    open_question: str | None
    risks: tuple[str, ...]

    @property
    def nearest(self) -> DeadlineLine | None:
        """The nearest deadline that has not passed, else the one that passed last, else None."""
        coming = [d for d in self.deadlines if d.days >= 0]
        return min(coming, key=lambda d: d.day) if coming else max(self.deadlines, key=lambda d: d.day, default=None)


def case_card(row: Any, timeline: Sequence[Any] = (), today: date | None = None) -> CaseCard:
    """The card of a conversation's row (its `summary` is JSON written at each turn, or None).

    `timeline`: its entries, for the person's own last words (objects with `author` and `text`).
    """
    told: Mapping[str, Any] = json.loads(row.summary) if row.summary else {}
    day = today or clock.today()
    facts = tuple(_fact(k, v) for k, v in (told.get("facts") or {}).items())
    claims = tuple(_claim(c) for c in told.get("claims") or ())
    deadlines = tuple(_deadline(d, day) for d in told.get("deadlines") or () if d.get("date"))
    card = CaseCard(
        paragraph="",
        problems=tuple(_name(p) for p in told.get("problems") or ()),
        facts=facts,
        claims=claims,
        deadlines=tuple(sorted(deadlines, key=lambda d: d.day)),
        unknown=tuple(told.get("unknown") or ()),
        answers=tuple(told.get("answers") or ()),
        open_question=told.get("open_question") or None,
        risks=tuple(RISKS.get(r, r) for r in told.get("risk") or ()),
    )
    return CaseCard(**{**card.__dict__, "paragraph": _paragraph(card, row, timeline)})


def _name(problem: Any) -> str:
    return str(problem.get("label") or problem.get("name")) if isinstance(problem, dict) else str(problem)


def _fact(fact_id: str, fact: Mapping[str, Any]) -> FactLine:
    label = str(fact.get("label") or fact_id)
    text = str(fact.get("show") or f"{label}：{fact.get('value')}")
    return FactLine(fact_id, label, text, SOURCES.get(str(fact.get("source")), "聊天"))


def _claim(claim: Mapping[str, Any]) -> ClaimLine:
    return ClaimLine(
        label=str(claim.get("label") or claim.get("kind")),
        amount=_amount(claim),
        formula=str(claim.get("formula") or ""),
        confirmed=claim.get("status") != "to_confirm",
    )


def _amount(claim: Mapping[str, Any]) -> str:
    if claim.get("amount") is not None:
        return f"{show(Decimal(str(claim['amount'])))}元"
    if claim.get("low") is not None and claim.get("high") is not None:
        low, high = (show(Decimal(str(claim[k]))) for k in ("low", "high"))
        return f"{low}到{high}元"
    if claim.get("result") is not None:
        return "是" if claim["result"] else "否"
    return "还算不出来"


def _deadline(row: Mapping[str, Any], today: date) -> DeadlineLine:
    day = date.fromisoformat(str(row["date"])[:10])
    return DeadlineLine(str(row.get("label") or row.get("kind")), day, (day - today).days)


def _paragraph(card: CaseCard, row: Any, timeline: Sequence[Any]) -> str:
    """One paragraph: which door, what it is about, what is known, what it comes to, until when, what is open."""
    door = CHANNELS.get(row.channel, row.channel)
    said = [f"通过{door}咨询：{'、'.join(card.problems) or '还没说清楚是什么事'}"]
    if card.risks:
        said.append(f"注意：{'、'.join(card.risks)}")
    if card.facts:
        said.append(f"已知：{'；'.join(f.text for f in card.facts)}")
    sums = [f"{c.label}{c.amount}" + ("" if c.confirmed else "（待顾问确认）") for c in card.claims]
    if sums:
        said.append(f"估算：{'；'.join(sums)}")
    if card.nearest is not None:
        said.append(_until(card.nearest))
    if card.unknown:
        said.append(f"本人不知道：{'、'.join(card.unknown)}")
    if card.open_question:
        said.append(f"机器人刚问：{card.open_question.rstrip('？?')}")
    last = next((e.text for e in reversed(timeline) if e.author == "worker"), "")
    if last:
        said.append(f"最后一句：“{last[:80]}{'…' if len(last) > 80 else ''}”")
    return "。".join(said) + "。"


def _until(deadline: DeadlineLine) -> str:
    left = f"还有{deadline.days}天" if deadline.days >= 0 else f"已过{-deadline.days}天"
    return f"最近的期限：{deadline.label} {deadline.day.isoformat()}（{left}）"
