"""The formulas: one small function for each kind of claim, found by its name in FORMULAS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from knowledge.claims.annual_leave import annual_leave
from knowledge.claims.arbitration_finality import arbitration_finality
from knowledge.claims.arrears import arrears
from knowledge.claims.death_benefit import death_benefit
from knowledge.claims.double_wage import double_wage
from knowledge.claims.extra_pay import extra_pay
from knowledge.claims.injury_disability import injury_disability
from knowledge.claims.injury_lump_sums import injury_lump_sums
from knowledge.claims.legal_aid_eligibility import legal_aid_eligibility
from knowledge.claims.medical_period_pay import medical_period_pay
from knowledge.claims.notice_pay import notice_pay
from knowledge.claims.over_age import over_age_rights
from knowledge.claims.overtime import overtime
from knowledge.claims.probation import probation_limit
from knowledge.claims.rider import rider_injury
from knowledge.claims.severance import severance
from knowledge.claims.unlawful_dismissal import unlawful_dismissal
from knowledge.claims.working import Case, Claim, Missing, Refusal
from knowledge.law import Law

FORMULAS: dict[str, Callable[[Case], Claim]] = {
    f.__name__: f
    for f in (
        arrears, severance, unlawful_dismissal, notice_pay, double_wage, injury_disability, injury_lump_sums,
        death_benefit, overtime, annual_leave, medical_period_pay, arbitration_finality, legal_aid_eligibility,
        extra_pay, probation_limit, over_age_rights, rider_injury,
    )
}  # fmt: skip


def compute(kind: str, inputs: Mapping[str, Any], law: Law, today: date) -> Claim:
    """The claim of a kind. Raises KeyError for an unknown kind and Refusal for impossible inputs."""
    return FORMULAS[kind](Case(inputs, law, today))


__all__ = ["FORMULAS", "Case", "Claim", "Missing", "Refusal", "compute"]
