"""Years of service, the average wage with its floor and cap: what severance (N) and damages (2N) share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from base.money import show
from knowledge.claims.working import Missing, Refusal, Working, number_text
from knowledge.dates import add_years, chinese, full_months

LAW = "劳动合同法"


@dataclass(frozen=True)
class Service:
    """Length of service: full months and whether days are left over; `start` None when only the length is known."""

    months: int
    days: int
    start: date | None
    end: date

    @property
    def years(self) -> Decimal:
        """Years as a number, for the cap on years."""
        return Decimal(self.months) / 12


def end_of_work(w: Working) -> date:
    """The last day of the relation: said, or today while it is not known. Raises Refusal for one that cannot be."""
    end = w.day("end", "left") or w.case.today
    return end


def service(w: Working) -> Service:
    """How long the work lasted. Raises Missing (hire_date) or Refusal."""
    end, start = end_of_work(w), w.day("start")
    if start is not None:
        if start > w.case.today and not w.has("end"):
            raise Refusal("hire_date", f"进厂日期{chinese(start)}还没到，请再核对。")
        if end < start:
            raise Refusal("leave_date", f"离开日期{chinese(end)}早于进厂日期{chinese(start)}，请再核对。")
        months, days = full_months(start, end)
        w.step(f"{chinese(start)}到{chinese(end)}，一共{_length(months, days)}")
        return Service(months, days, start, end)
    months_given = _months_given(w)
    if months_given is None:
        raise Missing("hire_date")
    months = int(months_given)
    days = 1 if months_given != months else 0  # a part of a month counts as days left over
    w.step(f"一共干了{_length(months, days)}")
    return Service(months, days, None, end)


def _months_given(w: Working) -> Decimal | None:
    parts = w.case.inputs.get("service_months")
    if isinstance(parts, list | tuple) and parts:
        if len(parts) > 1:
            w.basis("severance.joined")
            w.step("不是本人原因换的单位，年限合并：" + "＋".join(f"{p}个月" for p in parts))
        each = [Decimal(str(p)) for p in parts]
        total = sum(each, Decimal(0))
        if min(each) < 0:
            raise Refusal("years_worked", "工作年数不能是负数，请再核对。")
        return total
    years = w.number("years", "years_worked")
    months = w.number("months_worked", "service_months")
    if years is None and months is None:
        return None
    return (years or Decimal(0)) * 12 + (months or Decimal(0))


def _length(months: int, days: int) -> str:
    years, rest = divmod(months, 12)
    text = (f"{years}年" if years else "") + (f"{rest}个月" if rest else "")
    return text + (f"零{days}天" if days and text else f"{days}天" if days else "") if text or days else "0天"


def severance_months(w: Working, worked: Service) -> Decimal:
    """Months of pay for a length of service: a full year, a part of six months or more, a shorter part."""
    on = worked.end
    year, half_from = w.rate("severance_year_months", on), w.rate("severance_half_from_months", on)
    part = w.rate("severance_part_months", on)
    years, rest = divmod(worked.months, 12)
    months = years * year
    if rest >= half_from:
        months += year
    elif rest or worked.days:
        months += part
    w.step(f"{w.basis('severance.years', on)}：{number_text(months)} 个月")
    return months


def base_wage(w: Working, on: date) -> Decimal:
    """The average gross wage of the months before, not below the minimum wage. Raises Missing (monthly_wage)."""
    wage = w.need("monthly_wage", "avg_wage", "gross_wage", "wage")
    w.basis("severance.average")
    if w.has("net_wage"):
        w.caution("按应得工资算，不按扣了社保以后到手的算")
    floor = minimum_wage(w, on)
    if floor is not None and wage < floor:
        w.basis("severance.floor")
        w.step(f"平均工资{show(wage)}元低于最低工资{show(floor)}元，按{show(floor)}元")
        return floor
    return wage


def minimum_wage(w: Working, on: date) -> Decimal | None:
    """The monthly minimum wage on a day (an input `min_wage` goes first); None when it is not known.

    It is kept with the claim only where the wage is below it, which the caller finds out.
    """
    given = w.number("min_wage")
    if given is not None:
        return given
    used = w.look("min_wage_month", on)
    wage = w.number("avg_wage", "gross_wage", "wage")
    if used.value is not None and wage is not None and wage < used.value:
        return w.use(used)
    return used.value


def capped(w: Working, wage: Decimal, months: Decimal, on: date) -> tuple[Decimal, Decimal] | None:
    """(wage, months) after the cap for high wages; None when the local average that decides it is not known."""
    multiple = w.look("severance_cap_multiple", on).value
    assert multiple is not None
    average = w.number("local_avg")
    if average is None:
        published = w.look("local_average_wage", on)
        if published.value is None:
            return (wage, months) if _surely_below(w, wage, multiple, on) else None
        average = w.use(published)
    if wage <= average * multiple:
        if wage * 2 > average * multiple:
            w.step(f"月工资{show(wage)}元没有超过当地平均工资{show(average)}元的{number_text(multiple)}倍，不封顶")
            w.basis("severance.cap")
        return wage, months
    w.basis("severance.cap")
    most = w.rate("severance_cap_years", on)
    w.rate("severance_cap_multiple", on)
    limit = average * multiple
    w.step(
        f"月工资{show(wage)}元超过当地平均工资{show(average)}元的{number_text(multiple)}倍，按{show(limit)}元，最多{number_text(most)}年"
    )
    return limit, min(months, most * w.rate("severance_year_months", on))


def _surely_below(w: Working, wage: Decimal, multiple: Decimal, on: date) -> bool:
    """Whether the wage cannot reach the cap: below the multiple of the minimum wage, or of the contribution cap."""
    least = w.look("min_wage_month", on).value
    if least is not None and wage <= least * multiple:
        return True
    high = w.look("social_base_high", on)
    if high.value is None:
        high = w.look("social_base_high", add_years(on, -1))
    if high.value is None or wage > high.value:
        return False
    if wage * 2 > high.value:  # near enough to the cap to be looked at
        w.caution(w.basis("severance.cap", on), doubtful=True)
    return True
