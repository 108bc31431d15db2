"""Numbers as Chinese workers write them: 两万三, 8k, 一万二, 3w, 18块5, 五千六七, 半, 拾. Pure text in, numbers out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import cn2an

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3, "壹": 1, "贰": 2, "叁": 3}
DIGITS |= {"肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10000, "萬": 10000}
LETTERS = {"w": 10000, "k": 1000, "万": 10000, "千": 1000, "百": 100, "亿": 100000000}
CN = "零〇一二两俩三仨四五六七八九十百千万拾佰仟壹贰叁肆伍陆柒捌玖"
NUMERAL = re.compile(
    r"(?P<sign>[-−负]?)"
    r"(?:(?P<arabic>\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d{1,12}(?:\.\d{1,4})?)(?P<scale>[wWkK万千百亿])?(?P<tail>(?<=[wWkK万千百])\d(?!\d))?"
    rf"|(?P<cn>[{CN}]{{1,12}}))"
    r"(?P<vague>[多几来余]?)"
)


@dataclass(frozen=True)
class Number:
    """A numeral at [start, end) of the text; `approx` when 多/几 follows or two digits were given (五千六七)."""

    start: int
    end: int
    value: Decimal
    approx: bool
    scaled: bool  # written with 万, 千, w or k: most likely money
    arabic: bool


def scan(text: str) -> list[Number]:
    """Every numeral of a (half-width) text, in order; numerals that say no number (几十, 三十多四) are left out."""
    found = []
    for match in NUMERAL.finditer(text):
        value, approx = _value(match)
        if value is None:
            continue
        value = -value if match["sign"] else value
        scaled = bool(match["scale"]) or bool(match["cn"] and re.search("[万千仟萬]", match["cn"]))
        found.append(Number(match.start(), match.end(), value, approx or bool(match["vague"]), scaled, bool(match["arabic"])))
    return found


def parse(text: str) -> Decimal | None:
    """The number that a whole text is, or None: parse("两万三") is 23000."""
    match = NUMERAL.fullmatch(text.strip())
    if match is None:
        return None
    value, _ = _value(match)
    return None if value is None else (-value if match["sign"] else value)


def _value(match: re.Match[str]) -> tuple[Decimal | None, bool]:
    if match["cn"]:
        return chinese(match["cn"])
    value = Decimal(match["arabic"].replace(",", ""))
    if match["scale"]:
        factor = LETTERS[match["scale"].lower()]
        value *= factor
        if match["tail"]:
            value += Decimal(match["tail"]) * factor / 10
    return value, False


def chinese(text: str) -> tuple[Decimal | None, bool]:
    """The value of Chinese digits and whether it is only about: 二百六 is 260, 五千六七 about 5650, 二零二三 is 2023."""
    if all(c in DIGITS for c in text):
        return _digits(text)
    about = re.fullmatch(rf"(.*[十百千万拾佰仟])([{''.join(DIGITS)}])([{''.join(DIGITS)}])", text)
    if about and DIGITS[about[3]] - DIGITS[about[2]] == 1:
        low, _ = chinese(about[1] + about[2])
        high, _ = chinese(about[1] + about[3])
        return (None, True) if low is None or high is None else ((low + high) / 2, True)
    spoken = _spoken(text)
    if spoken is not None:
        return spoken, False
    try:
        return Decimal(str(cn2an.cn2an(text, "smart"))), False
    except (ValueError, KeyError, IndexError, TypeError):
        return None, False


def _digits(text: str) -> tuple[Decimal | None, bool]:
    if len(text) == 1 or len(text) == 4 or text[0] in "零〇" or "零" in text[1:] or "〇" in text[1:]:
        return Decimal("".join(str(DIGITS[c]) for c in text)), False
    if len(text) == 2 and DIGITS[text[1]] - DIGITS[text[0]] == 1:  # 七八年: no one number
        return None, True
    return Decimal("".join(str(DIGITS[c]) for c in text)), False


def _spoken(text: str) -> Decimal | None:
    """两万三 → 23000, 三千五 → 3500, 一万零五十, 十二; None when the order of scales makes no number."""
    total, section, digit, last = 0, 0, None, 1
    zero = False
    for char in text:
        if char in "零〇":
            zero = True
            if digit:
                return None
            continue
        if char in DIGITS:
            if digit is not None:
                return None
            digit = DIGITS[char]
            continue
        scale = SCALES[char]
        if scale == 10000:
            if total:
                return None
            total = (section + (digit or 0) if section or digit is not None else 1) * scale
            section, digit = 0, None
        else:
            if digit is None and scale != 10:
                return None
            section += (1 if digit is None else digit) * scale
            digit = None
        last, zero = scale, False
    if digit is not None:
        section += digit * (last // 10 if last > 10 and not zero else 1)
    return Decimal(total + section)
