"""拖欠的工资: months or days owed, pay below the minimum, illegal trial, stop of work, fines, notes of debt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from base.money import show
from knowledge.claims.extra_pay import refused, span
from knowledge.claims.payer import payer, with_payers
from knowledge.claims.probation import limit_months
from knowledge.claims.working import Case, Claim, Missing, Refusal, Working, money_text, number_text
from knowledge.dates import chinese

PERCENT = Decimal(100)


def arrears(case: Case) -> Claim:
    """Wages owed, from whatever is known: a sum, months × wage, days, hours, or what was paid against what was due.

    Needs months_owed and monthly_wage when nothing decides it. Raises Refusal for impossible inputs.
    """
    w = Working("arrears", "拖欠的工资", case)
    try:
        formula = next((formula for known, formula in _shapes() if known(w)), _months)
        return with_payers(formula(w), w)
    except Missing as missing:
        w.basis("arrears.wages")
        return w.lacking(missing)


def _shapes() -> list[tuple[Callable[[Working], bool], Callable[[Working], Claim]]]:
    return [
        (lambda w: w.has("iou"), _iou),
        (lambda w: w.has("owed") and w.has("inspection_order"), _after_inspection),
        (lambda w: w.has("fined") and w.has("due"), _fine),
        (lambda w: w.has("trial_months") and (w.has("term_months") or w.has("served_trial_months")), _illegal_trial),
        (lambda w: w.has("trial_pay"), _trial_pay),
        (lambda w: w.has("shutdown_months"), _stop_of_work),
        (lambda w: w.has("paid", "month") or (w.has("paid") and w.flag("full_work") is True), _below_minimum),
        (lambda w: w.has("amount_owed") or w.has("owed"), _sum),
        (lambda w: (w.has("days_worked") or w.has("days", "daily_wage")) and not w.has("months"), _days),
        (lambda w: w.has("hours", "hourly_wage"), _hours),
    ]


def _end(w: Working, due: Decimal, formula: str) -> Claim:
    """The claim for `due`, less what was paid."""
    who = payer(w)
    paid = w.number("paid", "amount_paid")
    if paid:
        formula = f"{formula} − {money_text(paid)}"
        w.step(f"减去已经付的 {show(paid)} 元")
        due -= paid
    return w.claim(max(due, Decimal(0)), formula, payer=who)


def _months(w: Working) -> Claim:
    months, wage = w.number("months"), w.number("wage", "avg_wage")
    if w.has("daily_wage") and months is None:
        raise Missing("days_worked")
    if months is None and wage is None:
        raise Missing("months_owed", "monthly_wage")
    if months is None:
        raise Missing("months_owed")
    if wage is None:
        return _at_least(w, months)
    w.step(f"月工资 {show(wage)} 元 × {number_text(months)} 个月 = {show(wage * months)} 元")
    return _end(w, wage * months, f"{money_text(wage)} × {number_text(months)}")


def _at_least(w: Working, months: Decimal) -> Claim:
    """The wage is not known: a full month's work is worth the minimum wage at least."""
    w.basis("arrears.wages")
    used = w.look("min_wage_month", w.day("end") or w.case.today)
    if used.value is None:
        return w.claim(None, needs=("monthly_wage",))
    low = w.use(used) * months
    w.basis("arrears.min_wage")
    w.step(f"正常上满班，至少 {show(used.value)} 元 × {number_text(months)} 个月 = {show(low)} 元")
    return w.claim(None, f"工资 × {number_text(months)}", low=low, needs=("monthly_wage",))


def _sum(w: Working) -> Claim:
    owed = w.need("amount_owed", "amount_owed", "owed")
    w.step(f"还欠 {show(owed)} 元")
    return w.claim(owed, money_text(owed), payer=payer(w))


def _iou(w: Working) -> Claim:
    owed = w.need("amount_owed", "iou")
    w.step(f"欠条上写的 {show(owed)} 元")
    if w.flag("other_claims"):
        w.basis("arrears.wages")
        w.caution("还有别的请求（比如补偿），就要先去劳动仲裁")
        return w.claim(owed, money_text(owed), extra={"route": "arbitration_first"})
    w.basis("arrears.iou", say=True)
    w.caution("只要欠条上的工资，可以直接去法院")
    return w.claim(owed, money_text(owed), extra={"route": "court_direct"})


def _after_inspection(w: Working) -> Claim:
    """Owed wages and the 50-100 % on top that only an order which was not obeyed opens."""
    owed = w.need("amount_owed", "owed")
    w.basis("arrears.extra_pay", say=True)
    w.step(f"欠 {show(owed)} 元")
    if not w.flag("inspection_order") or refused(w) is not None:
        w.caution("还没有责令支付，现在只能要欠的钱，加付的要等到期不付")
        return w.claim(owed, money_text(owed), extra={"extra": Decimal(0)})
    low, high = span(w, owed)
    w.caution(f"到期还不付的，可以另外加付 {show(low)} 到 {show(high)} 元")
    return w.claim(owed, money_text(owed), extra={"extra_low": low, "extra_high": high})


def _fine(w: Working) -> Claim:
    """What was taken beyond the share of the month's due pay, or below the minimum wage."""
    due, fined = w.need("monthly_wage", "due"), w.need("fine", "fined")
    if fined > due:
        raise Refusal("fine", f"扣的{show(fined)}元比当月应发的{show(due)}元还多，请再核对。")
    on = w.day("date") or w.case.today
    share = w.rate("fine_percent_max", on)
    given = w.number("min_wage")
    least = given if given is not None else w.rate("min_wage_month", on)
    w.basis("arrears.fine", say=True)
    allowed = max(min(due * share / PERCENT, due - least), Decimal(0))
    w.step(f"最多能扣 {show(allowed)} 元（当月应发的{number_text(share)}%，并且剩下的不低于 {show(least)} 元）")
    back = max(fined - allowed, Decimal(0))
    w.step(f"扣了 {show(fined)} 元，要退 {show(back)} 元")
    w.caution("单位要有公示过的规章作依据，没有的，扣的钱都可以要回来")
    return w.claim(back, f"{money_text(fined)} − {money_text(allowed)}")


def _illegal_trial(w: Working) -> Claim:
    """A full month's regular wage for each month of trial served beyond the limit."""
    on = w.day("start") or w.case.today
    term = w.need("contract_years", "term_months")
    served = w.need("probation_months", "served_trial_months", "trial_months")
    wage = w.need("monthly_wage", "regular_wage", "contract_wage", "wage")
    limit = limit_months(w, term, on)
    beyond = max(served - limit, Decimal(0))
    w.basis("arrears.trial_limit", say=True)
    w.step(f"试用期最多 {number_text(limit)} 个月，试用了 {number_text(served)} 个月，超过 {number_text(beyond)} 个月")
    w.step(f"转正工资 {show(wage)} 元 × {number_text(beyond)} 个月 = {show(wage * beyond)} 元")
    w.label = "违法试用期赔偿金"
    return w.claim(wage * beyond, f"{money_text(wage)} × {number_text(beyond)}", months=beyond)


def _trial_pay(w: Working) -> Claim:
    """Trial pay below the share of the agreed wage, or below the minimum wage."""
    paid, months = w.need("probation_wage", "trial_pay"), w.number("months", "trial_months") or Decimal(1)
    wage = w.need("monthly_wage", "contract_wage", "regular_wage", "wage")
    on = w.day("date", "start") or w.case.today
    share = w.rate("probation_wage_percent", on)
    given = w.number("min_wage")
    least = (w.look("min_wage_month", on).value or Decimal(0)) if given is None else given
    due = wage * share / PERCENT
    if due < least:
        due = least if given is not None else w.rate("min_wage_month", on)
    w.basis("arrears.trial_pay", say=True)
    w.step(f"试用期每月至少 {show(due)} 元，实发 {show(paid)} 元，差 {show(max(due - paid, Decimal(0)))} 元")
    gap = max(due - paid, Decimal(0))
    return w.claim(gap * months, f"({money_text(due)} − {money_text(paid)}) × {number_text(months)}")


def _stop_of_work(w: Working) -> Claim:
    """Full pay for the first pay cycle without work, then at least a share of the minimum wage."""
    months, wage = w.need("months_owed", "shutdown_months"), w.need("monthly_wage", "wage")
    on = w.day("date", "end") or w.case.today
    full = min(w.rate("stop_of_work_full_cycles", on), months)
    given = w.number("min_wage")
    least = given if given is not None else w.rate("min_wage_month", on)
    low = least * w.rate("stop_of_work_percent", on) / PERCENT
    w.basis("arrears.shutdown", say=True)
    rest = months - full
    due = wage * full + low * rest
    w.step(f"{show(wage)} 元 × {number_text(full)} ＋ {show(low)} 元 × {number_text(rest)} = {show(due)} 元")
    return _less_paid(w, due, f"{money_text(wage)} × {number_text(full)} + {money_text(low)} × {number_text(rest)}")


def _less_paid(w: Working, due: Decimal, formula: str) -> Claim:
    paid = w.number("paid", "amount_paid") or Decimal(0)
    return w.claim(max(due - paid, Decimal(0)), formula + (f" − {money_text(paid)}" if paid else ""))


def _below_minimum(w: Working) -> Claim:
    """A full month's work paid below the minimum wage of that month."""
    paid = w.need("amount_paid", "paid")
    month = w.text("month")
    on = date.fromisoformat(f"{month[:7]}-01") if month else w.day("date") or w.case.today
    given = w.number("min_wage")
    w.basis("arrears.min_wage", on, say=True)
    least = given if given is not None else w.rate("min_wage_month", on)
    gap = max(least - paid, Decimal(0))
    w.step(f"{chinese(on)}时最低工资 {show(least)} 元，实发 {show(paid)} 元，差 {show(gap)} 元")
    months = w.number("months") or Decimal(1)
    formula = f"{money_text(least)} − {money_text(paid)}"
    return w.claim(gap * months, formula if months == 1 else f"({formula}) × {number_text(months)}")


def _days(w: Working) -> Claim:
    """Days at the daily wage, or at the monthly wage divided by the pay days of a month."""
    days = w.need("days_worked", "days_worked", "days")
    daily = w.number("daily_wage")
    on = w.day("date", "end") or w.case.today
    if daily is None:
        wage = w.need("monthly_wage", "wage", "avg_wage")
        divisor = w.rate("pay_days_month", on)
        w.basis("pay_days", on)
        w.step(f"月工资 {show(wage)} 元 ÷ {number_text(divisor)} 天 × {number_text(days)} 天")
        return _end(w, wage / divisor * days, f"{money_text(wage)} ÷ {number_text(divisor)} × {number_text(days)}")
    w.step(f"一天 {show(daily)} 元 × {number_text(days)} 天 = {show(daily * days)} 元")
    return _end(w, daily * days, f"{money_text(daily)} × {number_text(days)}")


def _hours(w: Working) -> Claim:
    hours, hourly = w.need("ot_hours", "hours"), w.need("hourly_wage", "hourly_wage")
    w.step(f"一小时 {show(hourly)} 元 × {number_text(hours)} 小时 = {show(hourly * hours)} 元")
    return _end(w, hourly * hours, f"{money_text(hourly)} × {number_text(hours)}")
