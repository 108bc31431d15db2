"""What every formula works with: a case, its inputs checked, and the paper on which a claim is worked out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from base.money import plain, yuan
from knowledge.dates import chinese
from knowledge.law import Law, UsedParameter
from knowledge.parts import Fact

# Which fact of facts.yml an input stands for: its bounds are checked, and a refusal names it.
FACTS = {
    "start": "hire_date", "end": "leave_date", "accident": "injury_date", "wage": "monthly_wage",
    "avg_wage": "monthly_wage", "gross_avg": "monthly_wage", "avg_wage_12": "monthly_wage",
    "last_month_wage": "last_month_wage", "contract_wage": "monthly_wage", "regular_wage": "monthly_wage",
    "trial_pay": "probation_wage", "months": "months_owed", "owed": "amount_owed", "iou": "amount_owed",
    "paid": "amount_paid", "fined": "fine", "grade": "injury_grade", "left": "leave_date", "years": "years_worked",
    "total_years": "years_worked", "unit_years": "years_worked", "signed": "contract_sign_date",
    "weekday_hours": "ot_hours", "restday_hours": "ot_hours", "holiday_hours": "ot_hours", "excess_hours": "ot_hours",
    "days": "days_worked", "due": "monthly_wage", "trial_months": "probation_months",
}  # fmt: skip
PLACEHOLDER = re.compile(r"\{param:([^}]*)\}")
EMPLOYER = "用人单位"
FUND = "工伤保险基金"


class Refusal(Exception):
    """An impossible input; `fact` names it (facts.yml), the message is the sentence to show."""

    def __init__(self, fact: str, message: str) -> None:
        self.fact = fact
        super().__init__(message)


class Missing(Exception):
    """A fact or a parameter that a formula cannot do without."""

    def __init__(self, *needs: str, note: str | None = None) -> None:
        self.needs, self.note = needs, note
        super().__init__(", ".join(needs) or note or "")


@dataclass(frozen=True)
class Case:
    """The inputs of one claim (names as in the case file), the law, and today."""

    inputs: Mapping[str, Any]
    law: Law
    today: date


@dataclass(frozen=True)
class Claim:
    """What a formula came to. Money in yuan; `amount` None: not known, then `low`/`high` and `needs` (fact ids)."""

    kind: str
    label: str
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    months: Decimal | None = None
    formula: str = ""
    steps: tuple[str, ...] = ()
    payer: str | None = None
    citations: tuple[str, ...] = ()
    parameters: tuple[UsedParameter, ...] = ()
    needs: tuple[str, ...] = ()
    note: str | None = None
    result: bool | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    status: str = "confirmed"
    excludes: tuple[str, ...] = ()


def number_text(value: Decimal) -> str:
    """6500, 2.5, 2965.52: plain, without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_text(value: Decimal) -> str:
    """6500 or 2965.52: for formulas."""
    return plain(value).removesuffix(".00")


class Working:
    """One claim being worked out: reads inputs, looks up the law, keeps steps, articles, parameters and cautions."""

    def __init__(self, kind: str, label: str, case: Case) -> None:
        self.kind, self.label, self.case, self.law = kind, label, case, case.law
        self.steps: list[str] = []
        self.cited: list[str] = []
        self.used: dict[tuple[str, date | None], UsedParameter] = {}
        self.notes: list[str] = []
        self.status = "confirmed"

    # --- inputs
    def has(self, *names: str) -> bool:
        """Whether every one of the inputs is there (and not null)."""
        return all(self.case.inputs.get(n) is not None for n in names)

    def text(self, name: str) -> str | None:
        """An input as text."""
        value = self.case.inputs.get(name)
        return None if value is None else str(value)

    def flag(self, name: str) -> bool | None:
        """True, False, or None when it is not known."""
        value = self.case.inputs.get(name)
        return value if isinstance(value, bool) else None

    def number(self, *names: str) -> Decimal | None:
        """The first of the inputs that is there, as a number within its bounds. Raises Refusal."""
        for name in names:
            value = self.case.inputs.get(name)
            if value is not None and not isinstance(value, bool):
                return self._checked(name, value)
        return None

    def need(self, fact: str, *names: str) -> Decimal:
        """Like `number`; raises Missing with `fact` when none is there."""
        value = self.number(*names)
        if value is None:
            raise Missing(fact)
        return value

    def _checked(self, name: str, value: Any) -> Decimal:
        fact_id = FACTS.get(name, name)
        fact = self.law.kb.facts.get(fact_id)
        try:
            made = Decimal(str(value))
        except InvalidOperation:
            made = Decimal("NaN")
        if not made.is_finite():
            raise Refusal(fact_id, f"{fact.label if fact else '这个数'}没看懂，请写成数字。")
        low, high = (fact.min, fact.max) if fact else (None, None)
        if made < 0:
            raise Refusal(fact_id, f"{fact.label if fact else '这个数'}不能是负数（{number_text(made)}），请再核对。")
        if fact and not isinstance(low, date) and (_below(made, low) or _above(made, high)):
            bounds = f"{low}到{high}"
            raise Refusal(fact_id, f"{fact.label}应该在{bounds}之间，{number_text(made)}好像不对，请再核对。")
        return made

    def day(self, *names: str) -> date | None:
        """The first of the inputs that is there, as a date within its bounds. Raises Refusal."""
        for name in names:
            value = self.case.inputs.get(name)
            if value is not None and not isinstance(value, bool):
                return _day(value, FACTS.get(name, name), self.law.kb.facts)
        return None

    # --- the law
    def rate(self, key: str, on: date) -> Decimal:
        """A legal number on a day; kept with the claim. Raises Missing when it is not known."""
        used = self.look(key, on)
        if used.value is None:
            raise Missing(note=f"{used.title}还没有核实的数")
        return self.use(used)

    def look(self, key: str, on: date) -> UsedParameter:
        """A legal number on a day, not (yet) used."""
        return self.law.parameter(key, on)

    def use(self, used: UsedParameter) -> Decimal:
        """Keeps a looked-up number with the claim and gives its value."""
        self.used[used.key, used.from_] = used
        if not used.confirmed:
            self.status = "to_confirm"
        assert used.value is not None
        return used.value

    def basis(self, rule: str, on: date | None = None, say: bool = False) -> str:
        """Adds the articles of a rule (content/bases.yml) and gives its sentence; with `say` that becomes a step."""
        found, day = self.law.kb.bases[rule], on or self.case.today
        self.cited += [c for c in found.citations(day) if c not in self.cited]
        sentence = PLACEHOLDER.sub(lambda m: self._value_text(m[1], day), found.say)
        if say and sentence:
            self.steps.append(sentence)
        return sentence

    def _value_text(self, key: str, on: date) -> str:
        value = self.look(key, on).value
        return "（待确认）" if value is None else number_text(value)

    # --- the paper
    def step(self, text: str) -> None:
        """One line of how it was worked out."""
        self.steps.append(text)

    def caution(self, text: str, doubtful: bool = False) -> None:
        """Something to know beside the amount; `doubtful` makes the claim one to be confirmed."""
        if text not in self.notes:
            self.notes.append(text)
        if doubtful:
            self.status = "to_confirm"

    def claim(
        self,
        amount: Decimal | None,
        formula: str = "",
        *,
        low: Decimal | None = None,
        high: Decimal | None = None,
        needs: Sequence[str] = (),
        payer: str | None = EMPLOYER,
        **more: Any,
    ) -> Claim:
        """The claim; money is rounded here and only here."""
        return Claim(
            kind=self.kind,
            label=self.label,
            amount=None if amount is None else yuan(amount),
            low=None if low is None else yuan(low),
            high=None if high is None else yuan(high),
            formula=formula,
            steps=tuple(self.steps),
            payer=payer,
            citations=tuple(self.cited),
            parameters=tuple(self.used.values()),
            needs=tuple(dict.fromkeys(needs)),
            note="；".join(n.rstrip("。") for n in self.notes) + "。" if self.notes else None,
            status=self.status,
            **more,
        )

    def nothing(self, rule: str, on: date | None = None, **more: Any) -> Claim:
        """A claim of zero, with the rule that says why."""
        self.caution(self.basis(rule, on, say=True))
        return self.claim(Decimal(0), "0", payer=more.pop("payer", None), **more)

    def lacking(self, missing: Missing, **more: Any) -> Claim:
        """No amount: a fact is missing and is asked for, or a number of the law is not known and a person is asked."""
        if missing.note is not None:
            return self.handoff(missing.note, needs=missing.needs, **more)
        return self.claim(None, needs=missing.needs, **more)

    def handoff(self, reason: str, **more: Any) -> Claim:
        """What rules alone cannot decide: no amount, and a person is asked."""
        self.caution(f"{reason}，请顾问确认", doubtful=True)
        extra = {**more.pop("extra", {}), "handoff": reason}
        return self.claim(None, extra=extra, **more)


def _below(value: Decimal, low: Any) -> bool:
    return low is not None and value < Decimal(str(low))


def _above(value: Decimal, high: Any) -> bool:
    return high is not None and value > Decimal(str(high))


def _day(value: Any, fact_id: str, facts: Mapping[str, Fact]) -> date:
    fact = facts.get(fact_id)
    label = fact.label if fact else "日期"
    try:
        made = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise Refusal(fact_id, f"{label}“{value}”不是真有的日期，请再说一遍。") from None
    if fact and isinstance(fact.min, date) and made < fact.min:
        raise Refusal(fact_id, f"{label}{chinese(made)}太早了，请再核对。")
    return made
