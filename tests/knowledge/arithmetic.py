"""A tiny reckoner for the formulas that farun writes under a sum: numbers, + − × ÷, brackets and percent."""

from __future__ import annotations

import re
from fractions import Fraction

ARITHMETIC = re.compile(r"[\d.\s+−×÷()%]+")
TOKEN = re.compile(r"\d+(?:\.\d+)?|[+−×÷()%]")


def is_arithmetic(formula: str) -> bool:
    """Whether a formula holds nothing but numbers and signs (5000 × 年数 does not)."""
    return bool(ARITHMETIC.fullmatch(formula)) and bool(formula.strip())


def reckon(formula: str) -> Fraction:
    """The value of a formula. Raises ValueError for one that is not well formed."""
    tokens = TOKEN.findall(formula)
    value, rest = _sum(tokens)
    if rest:
        raise ValueError(f"{formula!r}: what is {rest[0]!r}?")
    return value


def _sum(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, tokens = _product(tokens)
    while tokens and tokens[0] in "+−":
        sign, (term, rest) = tokens[0], _product(tokens[1:])
        value, tokens = value + term if sign == "+" else value - term, rest
    return value, tokens


def _product(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, tokens = _factor(tokens)
    while tokens and tokens[0] in "×÷":
        sign, (factor, rest) = tokens[0], _factor(tokens[1:])
        value, tokens = value * factor if sign == "×" else value / factor, rest
    return value, tokens


def _factor(tokens: list[str]) -> tuple[Fraction, list[str]]:
    if not tokens:
        raise ValueError("a formula ends too early")
    if tokens[0] == "(":
        value, tokens = _sum(tokens[1:])
        if tokens[:1] != [")"]:
            raise ValueError("a bracket is not closed")
    elif tokens[0][0].isdigit():
        value = Fraction(tokens[0])
    else:
        raise ValueError(f"{tokens[0]!r} stands where a number should")
    rest = tokens[1:]
    return (value / 100, rest[1:]) if rest[:1] == ["%"] else (value, rest)
