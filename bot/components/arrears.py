"""Months of unpaid wages that are told by their first month or name by name: 从6月到现在没发, 七八九三个月没结.

A count of months with a word for not paid is read in `meanings`, months joined by 到 or 、 by lexicon/facts/details. Here
stands what needs the day of today or a count to check the names against. In doubt nothing is read.
"""

from __future__ import annotations

import re
from datetime import date

from bot.components import dates
from bot.components.mention import Mention
from bot.components.numerals import chinese

_NUM = r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(?P<year>去年|前年|今年|20\d\d年|2\d年)?的?"
_NOW = r"(?:现在|今天|目前|如今|这个月|今)"
_UNPAID = (
    r"(?:(?:没|未)(?:有)?(?:发|给(?:我们?|大家)?(?:发|结|开|过?工资|过?钱)|结|开(?!工|始|庭)|拿|领|见|付|到账)|一分(?:钱)?(?:都|也|没|未|不)|不(?:发|结)|不给(?:我们?|大家)?(?:发|结|开|工资|钱)|没有?(?:工资|钱|开支)|停发|"
    r"(?:拖|欠|压)(?:着|了|到)|断了工资|工资(?:就|也)?[断停]了)"
)
SINCE = re.compile(
    rf"(?<![\d年十])(?:从|自)?{_YEAR}(?P<month>{_NUM})月(?:份)?(?:(?P<now>[，,]?一?直?[做干]?(?:到|至){_NOW})|起|开始(?:就|一直)?|以来|(?:以|之)后)"
    rf"[^。；;！？!?\d月]{{0,12}}?{_UNPAID}"
)
OTHER = re.compile(r"合同|社保|保险|公积金|加班费|补偿|赔偿|津贴|补贴|奖金|年假|订单|活干|停工|停产|结清")
COUNTED = re.compile(
    r"(?:至今|已经?|一共|总共|到现在)(?:有|是|整整)?[\d一二两三四五六七八九十]+个(?:多|半)?月"
)  # told beside: five months
_MONTH = r"(?:1[0-2]|[1-9]|十[一二]|[一二三四五六七八九十])"
NAMED = re.compile(
    rf"(?<![\d.一二三四五六七八九十年月])(?P<names>{_MONTH}(?:月份?)?(?:(?:[、，,/ ]|和|跟|还有)?{_MONTH}(?:月份?)?){{1,5}}?)[、，, ]?(?:这)?"
    r"(?P<count>[二两俩三仨四五六2-6])个?月(?:份)?(?:的)?(?:工资|钱|工钱|薪水|薪资)?[^，。；;]{0,8}?(?:没|未|不|欠|拖|压)"
)
COUNTS = {"两": 2, "俩": 2, "仨": 3}
MOST = 60  # months


def read(text: str, today: date) -> Mention | None:
    """The months owed of a half-width text, where they are told by a month's name; None where they are not."""
    return _since(text, today) or _named(text)


def _since(text: str, today: date) -> Mention | None:
    """From the month named up to the month before this one, which is not yet due."""
    match = SINCE.search(text)
    if match is None or OTHER.search(text, match.start(), match.end() + 6) or COUNTED.search(text, match.start()):
        return None
    found = dates.scan(f"{match['year'] or ''}{match['month']}月份", today)
    if not found or found[0].value is None or len(found[0].value) < 7:
        return None
    year, month = (int(part) for part in found[0].value.split("-")[:2])
    count = (today.year - year) * 12 + today.month - month
    if not 0 < count <= MOST:
        return None
    return Mention("months_owed", "number", count, match.start(), match.end(), "months", {"approx": True}, 5)


def _named(text: str) -> Mention | None:
    """Months one by one and how many they are: both must agree, so that 八九三个月 is not read as a number."""
    for match in NAMED.finditer(text):
        names = re.findall(_MONTH, match["names"])
        if len(names) == (COUNTS.get(match["count"]) or _number(match["count"])):
            return Mention("months_owed", "number", len(names), match.start(), match.end(), "months", {}, 5)
    return None


def _number(text: str) -> int | None:
    value = int(text) if text.isdigit() else chinese(text)[0]
    return None if value is None else int(value)
