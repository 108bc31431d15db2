"""Yuan as Decimal: one rounding rule and the two ways of writing a sum."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

FEN = Decimal("0.01")
WHOLE = Decimal("1e-9")  # finer than any sum of the law; makes a quotient whole again that was cut at its 28th digit


def yuan(amount: Decimal | int | str | float) -> Decimal:
    """`amount` in yuan, rounded half-up (away from zero) to the fen; raises ValueError when it is not a finite number."""
    try:
        exact = amount if isinstance(amount, Decimal) else Decimal(str(amount))
        rounded = exact.quantize(WHOLE, ROUND_HALF_UP).quantize(FEN, ROUND_HALF_UP)
    except (InvalidOperation, ValueError):
        raise ValueError("not an amount of money") from None
    if not rounded.is_finite():
        raise ValueError("not an amount of money")
    return rounded + 0  # no minus zero


def show(amount: Decimal | int | str | float) -> str:
    """For people: "13,000", "2,965.52"; fen only when there are any."""
    text = f"{yuan(amount):,.2f}"
    return text.removesuffix(".00")


def plain(amount: Decimal | int | str | float) -> str:
    """For programs: "13000.00"."""
    return f"{yuan(amount):.2f}"
