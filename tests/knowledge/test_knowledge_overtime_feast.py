"""Days worked at a feast, told by their number: statutory days first, the whole week is known, between them a range."""

from datetime import date
from decimal import Decimal

import pytest

from knowledge import release
from knowledge.claims import compute
from knowledge.law import Law

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def law() -> Law:
    return Law(release.load(on=TODAY))


@pytest.mark.parametrize(
    ("feast", "days", "amount"),
    [  # 4350 a month: 200 yuan a day; a statutory day 600, a rest day 400
        ("国庆节", 3, 1800),
        ("国庆节", 7, 3 * 600 + 4 * 400),
        ("春节", 4, 2400),
        ("春节", 9, 4 * 600 + 5 * 400),
        ("劳动节", 5, 2 * 600 + 3 * 400),
        ("元旦", 1, 600),
    ],
)
def test_a_number_of_days_at_a_feast(law, feast, days, amount):
    claim = compute("overtime", {"wage": 4350, "feast": feast, "holiday_days": days}, law, TODAY)
    assert claim.amount == Decimal(amount)


def test_in_between_it_depends_on_the_days(law):
    claim = compute("overtime", {"wage": 4350, "feast": "国庆节", "holiday_days": 5}, law, TODAY)
    assert claim.amount is None
    assert (claim.low, claim.high) == (600 + 4 * 400, 3 * 600 + 2 * 400)
    assert "overtime_dates" in claim.needs


def test_dates_and_hours_of_other_kinds_are_added_up(law):
    told = {"wage": 5220, "dates": ["2026-10-01"], "weekday_hours": 30, "restday_days": 2}
    assert compute("overtime", told, law, TODAY).amount == 720 + 1350 + 960


def test_rest_days_alone_give_nothing_in_comprehensive_hours(law):
    claim = compute("overtime", {"wage": 4350, "system": "comprehensive", "restday_hours": 8}, law, TODAY)
    assert claim.amount == 0
    assert "江苏省工资支付条例/22" in claim.citations
