"""Money: half up to the fen, shown to people and to programs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.money import plain, show, yuan


@pytest.mark.parametrize(
    ("given", "shown", "exact"),
    [
        (13000, "13,000", "13000.00"),
        ("2965.515", "2,965.52", "2965.52"),
        ("2965.5", "2,965.50", "2965.50"),
        ("0.005", "0.01", "0.01"),
        ("0.0049", "0", "0.00"),
        ("-0.001", "0", "0.00"),
        ("-1234.565", "-1,234.57", "-1234.57"),
        (1.005, "1.01", "1.01"),
        (Decimal("999999999.99"), "999,999,999.99", "999999999.99"),
    ],
)
def test_a_sum_is_rounded_half_up_and_written_twice(given, shown, exact):
    assert (show(given), plain(given)) == (shown, exact)


@pytest.mark.parametrize("given", ["", "六千", "NaN", "Infinity", "-inf", float("nan"), float("inf"), "1e40"])
def test_what_is_no_sum_is_refused(given):
    with pytest.raises(ValueError):
        yuan(given)


@given(st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, places=6))
def test_rounding_moves_at_most_half_a_fen_and_stays(amount):
    rounded = yuan(amount)
    assert abs(rounded - amount) <= Decimal("0.005")
    assert rounded.as_tuple().exponent == -2 and yuan(rounded) == rounded
    assert Decimal(plain(amount)) == rounded == Decimal(show(amount).replace(",", ""))


@given(st.integers(-(10**9), 10**9))
def test_halves_go_away_from_zero_on_both_sides(fen):
    half = Decimal(2 * fen + 1) / 200
    assert yuan(half) == (Decimal(fen + 1) if half > 0 else Decimal(fen)) / 100
