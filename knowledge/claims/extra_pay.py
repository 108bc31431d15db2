"""加付赔偿金: 50–100 % on top of what an employer was ordered to pay and did not pay in time; never without an order."""

from __future__ import annotations

from decimal import Decimal

from base.money import show
from knowledge.claims.working import Case, Claim, Missing, Refusal, Working, money_text, number_text
from knowledge.dates import chinese

PERCENT = Decimal(100)
Span = tuple[Decimal, Decimal]


def extra_pay(case: Case) -> Claim:
    """The range of the extra pay, or nothing with its reason.

    劳动合同法 85, 江苏省工资支付条例 53: owed × 50 % to owed × 100 %, for wages, the minimum wage and overtime; for
    severance (`what`) only 劳动合同法 85. It needs an order of the labour inspection (`inspection_order` or `ordered_on`)
    whose last day (`order_due`) has passed unpaid. Rounded to the fen at the end. Raises Refusal.
    """
    w = Working("extra_pay", "加付赔偿金", case)
    w.basis("extra_pay.severance" if w.text("what") == "severance" else "arrears.extra_pay")
    try:
        owed = w.need("amount_owed", "ordered_amount", "owed", "amount_owed")
    except Missing as missing:
        return w.lacking(missing)
    reason = refused(w)
    if reason is not None:
        return w.nothing(reason, result=False)
    low, high = span(w, owed)
    formula = f"{money_text(owed)} × {_percents(w)}"
    w.step(f"责令付的 {show(owed)} 元 × {_percents(w)}：{show(low)} 到 {show(high)} 元")
    w.caution("加付多少由劳动部门定，欠的钱另外算")
    if not _ordered(w):  # nobody has said whether there was an order
        w.caution(w.basis("extra_pay.no_order"))
        return w.claim(None, formula, low=Decimal(0), high=high, needs=("inspection_order",))
    return w.claim(None, formula, low=low, high=high, result=True)


def _percents(w: Working) -> str:
    low, high = (w.rate(f"extra_pay_percent_{edge}", w.case.today) for edge in ("low", "high"))
    return f"{number_text(low)}%~{number_text(high)}%"


def span(w: Working, owed: Decimal) -> Span:
    """The least and the most extra pay for what was ordered and not paid."""
    on = w.case.today
    low, high = w.rate("extra_pay_percent_low", on), w.rate("extra_pay_percent_high", on)
    return owed * low / PERCENT, owed * high / PERCENT


def _ordered(w: Working) -> bool:
    return bool(w.flag("inspection_order")) or w.has("ordered_on") or w.has("order_due")


def refused(w: Working) -> str | None:
    """The rule for which there is no extra pay (yet); None when there is, or when nobody said whether there was an order.

    Raises Refusal for an order that should have been obeyed before it was made.
    """
    ordered, due, paid = w.day("ordered_on"), w.day("order_due"), w.day("paid_on")
    if ordered is not None and due is not None and due < ordered:
        raise Refusal("amount_owed", f"责令的期限{chinese(due)}早于责令那天{chinese(ordered)}，请再核对。")
    if w.flag("inspection_order") is False and not (ordered or due):
        return "extra_pay.no_order"
    if w.flag("obeyed") or (paid is not None and (due is None or paid <= due)):
        return "extra_pay.obeyed"
    return "extra_pay.not_due" if due is not None and due >= w.case.today else None
