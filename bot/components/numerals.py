"""Numbers as Chinese workers write them: 两万三, 8k, 一万二, 3w, 五千六七, 二十几万, 拾. Pure text in, numbers out.

"多" and "几" round down (两千多 is 2000, 十几 is 10, 四五千 is 4000); 五千六七 is the middle, 5650; 几百 is no number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import cn2an

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "两": 2, "俩": 2, "仨": 3, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5}
DIGITS |= {"陆": 6, "柒": 7, "捌": 8, "玖": 9}
SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "萬": 10_000, "亿": 10**8}
LETTERS = {"w": 10_000, "k": 1000, "百": 100, "千": 1000, "万": 10_000, "亿": 10**8}
VAGUE = "多几来余"
_D, _S = "".join(DIGITS), "".join(SCALES)
NUMERAL = re.compile(
    r"(?P<sign>(?<![\d\w])[-−]|负)?(?:"
    r"(?P<arabic>\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d{1,4})?|\d+(?:\.\d{1,4})?)"
    rf"(?P<some>[{VAGUE}](?=[万千百亿]))?(?P<scale>[wWkK](?![a-zA-Z])|[万千百亿]+)?"
    r"(?:(?<=[wWkK万千百])(?:零(?=\d[千百]))?(?P<tail>\d)(?P<tens>[千百])?(?![\d.]))?"
    rf"|(?P<cn>[{_D}{_S}几][{_D}{_S}]*(?:[{VAGUE}](?=[{_S}])[{_S}]+)?))"
    rf"(?P<vague>[{VAGUE}](?!少))?"
)
_APART = re.compile(
    rf"[{_S}]一[直起定般样些切下点次共时旦律向](?!个)|[一二两三四五六七八九]一(?:个?月|天|个)|[百千万]一(?:个?月|天|个?小时|个?钟头|年|趟|单)"
)
LONGEST = 12  # digits of an amount; longer ones are telephone, card and case numbers


@dataclass(frozen=True)
class Number:
    """A numeral at [start, end) of the text; `approx` when 多/几 stands with it or two digits were given (五千六七)."""

    start: int
    end: int
    value: Decimal
    approx: bool
    scaled: bool  # written with 万, 千, w or k: most likely money
    arabic: bool


def scan(text: str) -> list[Number]:
    """Every numeral of a half-width text, in order; those that say no number (几十, 万一) are left out."""
    found = []
    for match in NUMERAL.finditer(text):
        end = match.end()
        value, approx = _value(match)
        while (
            match["cn"]
            and end - 1 > match.start("cn")
            and text[end - 1] in "零〇"
            and text[end - 2 : end - 1] in SCALES
        ):
            end -= 1
            value, approx = _worded(text[match.start("cn") : end], False)
        if match["cn"] and len(match["cn"]) > 1 and not match["vague"] and _APART.match(text, end - 2):
            value, approx = _worded(match["cn"][:-1], False)
            end -= 1
        if value is None:
            continue
        scaled = bool(match["scale"]) or bool(match["cn"] and re.search("[万千仟萬亿]", match["cn"]))
        vague = approx or bool(match["vague"])
        number = -value if match["sign"] else value
        found.append(Number(match.start(), end, number, vague, scaled, bool(match["arabic"])))
    return found


def parse(text: str) -> Decimal | None:
    """The number that a whole text is, or None: parse("两万三") is 23000."""
    match = NUMERAL.fullmatch(text.strip())
    if match is None:
        return None
    value, _ = _value(match)
    return value if value is None or not match["sign"] else -value


def _value(match: re.Match[str]) -> tuple[Decimal | None, bool]:
    if match["cn"]:
        return _worded(match["cn"], bool(match["vague"]))
    plain = match["arabic"].replace(",", "")
    if len(plain) > LONGEST:
        return None, False
    value, factor = Decimal(plain), 1
    for scale in (match["scale"] or "").lower():
        factor *= LETTERS[scale]
    value *= factor
    if match["tail"]:
        value += Decimal(match["tail"]) * (LETTERS[match["tens"]] if match["tens"] else factor // 10)
    return value, bool(match["some"])


def _worded(text: str, vague_follows: bool) -> tuple[Decimal | None, bool]:
    """A Chinese run that may hold 几 or 多: 二十几万 is 200000 or so, 百来 is 100, 几万 is nothing."""
    bare = re.sub(f"[{VAGUE}]", "", text)
    if text[0] == "几" or not bare:
        return None, True
    if bare in SCALES and bare not in "十拾":
        return (Decimal(SCALES[bare]), True) if vague_follows and bare in "百千" else (None, True)
    value, approx = chinese(bare)
    return value, approx or bare != text


def chinese(text: str) -> tuple[Decimal | None, bool]:
    """The value of Chinese digits and whether it is only about: 二百六 is 260, 五千六七 is 5650, 二零二三 is 2023."""
    if not text or len(text) > LONGEST + 4:
        return None, False
    if all(char in DIGITS for char in text):
        return _digits(text)
    pair = re.search(f"([{_D}])([{_D}])(?=[{_S}]|$)", text)
    if pair and DIGITS[pair[2]] - DIGITS[pair[1]] == 1 and DIGITS[pair[1]]:
        low, _ = chinese(text[: pair.start(2)] + text[pair.end(2) :])
        high, _ = chinese(text[: pair.start(1)] + text[pair.end(1) :])
        if low is None or high is None:
            return None, True
        return ((low + high) / 2 if pair.end() == len(text) and low >= 100 else low), True
    spoken = _spoken(text)
    if spoken is not None:
        return spoken, False
    try:
        return Decimal(str(cn2an.cn2an(text, "smart"))), False
    except (ValueError, KeyError, IndexError, TypeError):
        return None, False


def _digits(text: str) -> tuple[Decimal | None, bool]:
    """Digits without a scale: a year or a room is read off one by one, 七八 is about seven."""
    if len(text) == 2 and text[0] not in "零〇" and text[1] not in "零〇":
        follows = DIGITS[text[1]] - DIGITS[text[0]] == 1
        return (Decimal(DIGITS[text[0]]) if follows else None), True
    return Decimal("".join(str(DIGITS[char]) for char in text)), False


def _spoken(text: str) -> Decimal | None:
    """两万三 → 23000, 三千五 → 3500, 一万零五十 → 10050; None when the order of scales makes no number."""
    total, section, digit, last, ceiling = 0, 0, None, 1, 10**8
    zero = False
    for char in text:
        if char in "零〇":
            if digit is not None:
                return None
            zero = True
        elif char in DIGITS:
            if digit is not None:
                return None
            digit = DIGITS[char]
        else:
            scale = SCALES[char]
            if scale >= 10_000:
                section += digit or 0
                if not section or scale > ceiling:
                    return None
                total, section, ceiling = total + section * scale, 0, scale // 10
            elif (digit is None and (scale != 10 or section)) or (section and scale >= last):
                return None
            else:
                section += (1 if digit is None else digit) * scale
            digit, last, zero = None, scale, False
    if digit is not None:
        section += digit * (last // 10 if last > 10 and not zero else 1)
    return Decimal(total + section)
