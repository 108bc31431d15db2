"""Hours of a working day from clock times: 早8点到晚8点 is 12, 晚上七点到早上七点 is 12, less the meal that is named."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.components.mention import Mention, tidy
from bot.components.numerals import chinese

_TIME = r"(?:早上?|晚上?|凌晨|清早|上午|中午|下午|夜里|夜晚|半夜)"
_HOUR = r"(?:\d{1,2}|[一二三四五六七八九十两]{1,3})"
SHIFT = re.compile(
    rf"(?P<from>{_TIME})?(?P<start>{_HOUR})点(?P<half>半)?(?:钟|去)?(?:扫马路|上班|干活|开始|起)?[，,]?"
    rf"(?:一直)?(?:到|至|做到|干到|忙到|守到|跑到|熬到|播到|看到|上到|站到|干至|—|-|~)(?P<to>{_TIME})?(?P<end>{_HOUR})点(?P<past>半)?"
)
BRIEF = re.compile(r"早(?P<start>[5-9五六七八九])晚(?P<end>1[0-2]|[5-9]|十[一二]?|[五六七八九])(?![点\d])")
MEAL = re.compile(r"(?:吃饭|休息|歇)(?:有|是)?(?P<hours>\d|[一二两三半])个?(?:小时|钟头)")
_LATE = re.compile(r"下午|晚|夜")


def read(text: str) -> list[Mention]:
    """The one shift that a message tells; several make no single length of a day."""
    found = list(SHIFT.finditer(text))
    brief = BRIEF.search(text)
    if not found and brief:  # 早七晚七
        length = (_number(brief["end"]) or 0) + 12 - (_number(brief["start"]) or 0)
        return [Mention("hours_day", "duration", tidy(Decimal(length)), *brief.span(), "hours/day", {}, 1)]
    if len(found) != 1 or not (found[0]["from"] or found[0]["to"]):
        return []
    match = found[0]
    start, end = _clock(match["from"], match["start"], match["half"]), _clock(match["to"], match["end"], match["past"])
    if start is None or end is None:
        return []
    length = (end - start + 24) % 24 or Decimal(24)
    meal = MEAL.search(text, match.end(), match.end() + 24)
    if meal:
        length -= Decimal("0.5") if meal["hours"] == "半" else _number(meal["hours"]) or 0
    if not 4 <= length <= 20:
        return []
    return [Mention("hours_day", "duration", tidy(length), match.start(), match.end(), "hours/day", {}, 1)]


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text.isdigit() else chinese(text)[0]


def _clock(part: str | None, hour: str, half: str | None) -> Decimal | None:
    value = _number(hour)
    if value is None or value > 24:
        return None
    late = part is not None and _LATE.search(part) and part != "半夜"
    if late and value < 12:
        value += 12
    elif part == "中午" and value < 3:
        value += 12
    elif part in ("夜里", "夜晚", "晚上", "晚", "半夜") and value in (12, 24):
        value = Decimal(24)
    return value + (Decimal("0.5") if half else 0)
