"""一裁终局: whether the employer is bound by an award at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from base.money import show
from knowledge.claims.working import Case, Claim, Missing, Refusal, Working, number_text

MONEY = {
    "wages": "工资", "overtime": "加班费", "severance": "经济补偿", "injury_medical": "工伤医疗费",
    "unlawful_dismissal": "赔偿金", "double_wage": "二倍工资差额", "illegal_trial": "违法试用期赔偿金",
    "notice_pay": "代通知金", "compensation": "赔偿金", "non_compete": "竞业限制补偿", "annual_leave": "未休年假工资",
}  # fmt: skip
DAMAGES = ("double_wage", "unlawful_dismissal", "illegal_trial", "compensation", "notice_pay", "non_compete")
STANDARDS = (
    "working_hours", "work_time", "working_time", "work_hours", "rest", "rest_leave", "social_insurance",
    "labour_standards",
)  # fmt: skip
NEVER = ("confirm_relation", "reinstatement", "continue_contract", "certificate")
CONTESTED = ("injury_disability", "injury_lump_sums", "injury_employment", "death_benefit")


def arbitration_finality(case: Case) -> Claim:
    """`items` {kind: yuan} of one award: final when each is money within the line, or a question of standards.

    result True/False; None (hand-over) for contested kinds. Money is looked at item by item, never in sum.
    """
    w = Working("arbitration_finality", "是不是一裁终局", case)
    on = w.day("award_date", "date") or case.today
    items: dict[str, object] = dict(case.inputs.get("items") or {})
    w.basis("finality.money", on)
    if not items or any(k in CONTESTED or not _known(k) for k in items):
        return w.handoff("这类请求算不算终局有争议", payer=None)
    if any(k in STANDARDS for k in items):
        w.basis("finality.standards", on)
    if any(k in DAMAGES for k in items):
        w.basis("finality.damages", on)
    try:
        final = {kind: _final(w, kind, amount, on) for kind, amount in items.items()}
    except Missing as missing:
        return w.lacking(missing, payer=None)
    return _together(w, final, on)


def _known(kind: str) -> bool:
    return kind in MONEY or kind in STANDARDS or kind in NEVER


def _final(w: Working, kind: str, amount: object, on: date) -> bool:
    if kind in NEVER:
        w.step("确认劳动关系这类请求不属于终局")
        return False
    if kind in STANDARDS:
        return True
    months = w.rate("finality_multiple", on)
    given = w.number("min_wage")
    line = months * (given if given is not None else w.rate("min_wage_month", on))
    awarded = _awarded(kind, amount)
    compared = "不超过" if awarded <= line else "超过"
    w.step(f"{MONEY[kind]} {show(awarded)} 元，{compared} {number_text(months)} 个月最低工资 {show(line)} 元")
    return awarded <= line


def _awarded(kind: str, amount: object) -> Decimal:
    """An item of the award in yuan. Raises Refusal for one that is no sum of money."""
    try:
        made = Decimal(str(amount))
    except InvalidOperation:
        made = Decimal("NaN")
    if not made.is_finite() or made < 0:
        raise Refusal("amount_owed", f"裁决的{MONEY[kind]}没看懂，请写成数字，再核对一次。")
    return made


def _together(w: Working, final: dict[str, bool], on: date) -> Claim:
    if w.flag("same_document") is False:
        w.basis("finality.separate", on)
    result = all(final.values())
    if not result and (any(final.values()) or w.flag("same_document")):
        w.basis("finality.mixed", on)
        w.step("一份裁决里两种都有，按非终局处理")
        w.caution("仲裁委应当分开出裁决，分开出的各看各的")
        w.basis("finality.separate", on)
    w.caution("每一项分别看，不是加起来看")
    if result:
        w.caution(w.basis("finality.may_sue", on))
    count = number_text(Decimal(len(final)))
    w.step(f"一共{count}项，{'是终局' if result else '不是终局，双方都能起诉'}")
    return w.claim(None, payer=None, result=result, extra={"final": result})
