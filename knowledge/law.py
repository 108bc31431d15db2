"""The law's numbers at a date: every rate, amount and limit that a formula uses is looked up here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.release import KnowledgeBase

REGION = "苏州"
WIDER = {"苏州": ("苏州", "江苏", "全国"), "江苏": ("江苏", "全国"), "全国": ("全国",)}


@dataclass(frozen=True)
class UsedParameter:
    """A dated value as it was used. `value` is None when it is not known; `status`: confirmed|to_confirm|unknown."""

    key: str
    value: Decimal | None
    unit: str
    from_: date | None
    to: date | None
    status: str
    source: str
    title: str = ""
    shown: bool = True  # worth showing to the worker (a wage line is, the fraction for a half year is not)

    @property
    def confirmed(self) -> bool:
        """True when the value was read in a source."""
        return self.status == "confirmed"


class Law:
    """Reads the dated parameters and the bases of rules of one release."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    def parameter(self, key: str, on: date, region: str = REGION) -> UsedParameter:
        """The value of `key` in force on `on` for `region`, else for the wider region.

        A date that no value covers gives value None and status unknown. Raises KeyError for a key that does not exist.
        """
        first = None
        for place in WIDER.get(region, (region, "全国")):
            parameter = self.kb.parameters.get((key, place))
            if parameter is None:
                continue
            used = parameter.at(on)
            if used.value is not None:
                return used
            first = first or used
        if first is None:
            raise KeyError(key)
        return first

    def scale(self, key: str) -> list[str]:
        """The steps of a parameter that is given by step ("disability_months" → 1 … 10), in order."""
        steps = {k.removeprefix(f"{key}/") for k, _ in self.kb.parameters if k.startswith(f"{key}/")}
        return sorted(steps, key=lambda s: (len(s), s))

    def first_day(self, key: str) -> date:
        """The first day for which a parameter is given, anywhere. Raises KeyError for a key that does not exist."""
        days = [v.from_ for (k, _), p in self.kb.parameters.items() if k == key for v in p.values]
        if not days:
            raise KeyError(key)
        return min(days)

    def start_of(self, law: str) -> date:
        """The day on which a law came into force."""
        return self.kb.laws[law].in_force_from

    def basis(self, rule: str, on: date) -> tuple[str, ...]:
        """The articles on which `rule` stands at a date (content/bases.yml). Raises KeyError for an unknown rule."""
        return self.kb.bases[rule].citations(on)
