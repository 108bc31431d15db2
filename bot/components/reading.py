"""Reads the facts of facts.yml off a message: numbers, dates and plain statements, each with its place in the raw text.

Numbers are found first; the words around them say what they are. A number that says nothing clear stays a `quantity`, and
the dialogue gives it a meaning from the question that was asked. Precision comes first: in doubt nothing is claimed.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from bot.components import dates, statements
from bot.components.meaning import Mention, named
from bot.components.numerals import Number, scan

WIDE = {ord(c): ord(c) - 0xFEE0 for c in map(chr, range(0xFF01, 0xFF5F)) if c not in "，；：？！（）"} | {0x3000: 0x20}
LONGEST = 2000  # characters that are read
BREAK = "，。,；;！!？?\n、 "


def read_facts(text: str, today: date) -> list[Mention]:
    """All mentions in `text`, in order; relative dates are resolved against `today`."""
    plain = text[:LONGEST].translate(WIDE)
    found_dates = dates.scan(plain, today)
    masked = list(plain)
    for found in found_dates:
        masked[found.start : found.end] = "日" * (found.end - found.start)
    rest = "".join(masked)
    mentions = _dates(rest, found_dates)
    mentions += _numbers(rest)
    mentions += [Mention(f, k, v, s, e, u) for f, k, v, s, e, u in statements.read(rest)]
    return _corrected(plain, _once(sorted(mentions, key=lambda m: m.start)))


# -- dates ---------------------------------------------------------------------

HIRE_AFTER = re.compile(
    r"^[^，。,；;]{0,5}(?:进[厂来店公的去]|进[到]?[^，。]{0,6}[厂店公司]|入职|来的|来[上做干]|开始|起(?:在|就)?[^，。]{0,6}[做干上]|到[^，。]{0,8}(?:厂|公司|工地|店|这)[^，。]{0,3}(?:上班|干|做|的)|上班(?!路|时)|招进|入厂|就在|应聘|报到|去[^，。]{0,8}(?:上班|做|干))"
)
HIRE_BEFORE = re.compile(
    r"(?:入职|进厂|上班|进公司|工作)(?:时间|日期)?[^，。]{0,3}(?:是|在|从|于|自)?$|(?:^|[，。,；; 我])(?:从|自)$"
)
LEAVE_AFTER = re.compile(
    r"^[^，。；;]{0,12}(?:辞退|开除|离职|走的|走人|离开|叫我|让我走|让我[^，。]{0,4}别|通知我|不用来|不要我|赶我|解除|裁|炒|出厂|不干|到期|不续|辞工|辞职|劝退|赶走|收回工牌|协商)"
)
LEAVE_BEFORE = re.compile(
    r"(?:干到|做到|上到|工作到|离职|辞退|开除|离开)(?:时间|日期)?[^，。]{0,2}(?:是|在|于)?$|(?:辞退|开除)我?$"
)
INJURY_AFTER = re.compile(
    r"^[^。；;]{0,16}(?:受伤|伤[的了到着]|摔|压[断伤到了]|被压|砸|轧|[撞夹割切烫烧砍碾绞扎刺][断伤到了掉着]?|触电|出事|出的事|事故|车祸|掉下|骨折|晕倒|断[了的])"
)
INJURY_BEFORE = re.compile(r"(?:受伤|出事|事故|摔伤|工伤)(?:时间|日期)?[^，。]{0,3}(?:是|在|于)?$")
RANGE = re.compile(
    r"^\s*(?:到|至|~|—|-|–|干到|做到|入职|进厂|上班|进[^，。]{0,4})[^，。日]{0,6}[，,]?\s*(?:干到|做到|到|至)?\s*$"
)
NOT_HAPPENED = re.compile(r"(?:会不会|如果|要是|万一|准备|打算|想|能不能|可不可以|明年|下个?月|到时|等到)[^，。]{0,6}$")


def _dates(text: str, found: list[dates.Found]) -> list[Mention]:
    made: list[Mention] = []
    for place, one in enumerate(found):
        flags = {"invalid": one.invalid} if one.invalid else {}
        fact = _date_fact(text, found, place)
        made.append(Mention(fact, "date", one.value, one.start, one.end, "date", flags))
    return made


def _date_fact(text: str, found: list[dates.Found], place: int) -> str:
    one = found[place]
    before, after = text[max(0, one.start - 14) : one.start], text[one.end : one.end + 22]
    clause = re.split("[，。,；;！!？?\n]", before)[-1]
    if NOT_HAPPENED.search(clause):
        return "quantity"
    following = found[place + 1] if place + 1 < len(found) else None
    if following and RANGE.match(text[one.end : following.start]) and _ordered(one.value, following.value):
        return "hire_date"
    previous = found[place - 1] if place else None
    if previous and RANGE.match(text[previous.end : one.start]) and _ordered(previous.value, one.value):
        return "leave_date"
    for fact, pattern_after, pattern_before in (
        ("hire_date", HIRE_AFTER, HIRE_BEFORE),
        ("injury_date", INJURY_AFTER, INJURY_BEFORE),
        ("leave_date", LEAVE_AFTER, LEAVE_BEFORE),
    ):
        if pattern_after.search(after) or pattern_before.search(clause):
            return fact
    return "quantity"


def _ordered(first: str | None, second: str | None) -> bool:
    return bool(first and second and first[:7] <= second[:7])


# -- numbers -------------------------------------------------------------------

UNIT = re.compile(
    r"^(?P<money>\s*(?:来|多)?\s*(?:块钱|块|元钱|元|圆|大洋|rmb|RMB))(?P<tail>[5一二三四五六七八九])?(?![\d])"
    r"|^(?P<half>个?半)?(?P<time>个多?月|个年头|个?小时|个?钟头|个?钟|个?礼拜|个?星期|年|天|周|日(?!日))(?P<and>半)?"
    r"|^(?P<people>\s*(?:多|几)?\s*(?:个人|个工人|个工友|个兄弟|个老乡|个员工|个农民工|名工人|名员工|口人|人|名|位))"
    r"|^(?P<grade>级|等级)"
    r"|^(?P<age>岁|周岁)"
    r"|^(?P<other>[%％个次件遍楼层栋号期米斤公吨台辆瓶套根间张份点分瓦平亩倍成度路站班趟单月])"
)
TIMES = {"月": "months", "年": "years", "天": "days", "日": "days", "周": "weeks", "礼拜": "weeks", "星期": "weeks"}
TIMES |= {"小时": "hours", "钟头": "hours", "钟": "hours"}
MONEY_LEFT = re.compile(
    r"(?:工资|月薪|底薪|薪水|工钱|到手|欠|给了?|发了?|结了?|付了?|扣了?|罚了?|押金?|赔|补偿|一个月|每月|一天|每天|尾款|花了|收了|多少钱|块|总共|一共|合计|价|保底|拿)[^，。]{0,5}$"
)
HALF = re.compile(r"半(?P<unit>个月|年|天|个小时)")


def _numbers(text: str) -> list[Mention]:
    made: list[Mention] = []
    numbers = scan(text)
    skip = -1
    for place, number in enumerate(numbers):
        if number.start < skip:
            continue
        following = numbers[place + 1] if place + 1 < len(numbers) else None
        mention, skip = _quantity(text, number, following)
        if mention is not None:
            made.append(mention)
    for match in HALF.finditer(text):
        if match.start() and text[match.start() - 1] in "个年月天一二三四五六七八九十两0123456789":
            continue
        unit, value = {"个月": ("months", 0.5), "年": ("months", 6), "天": ("days", 0.5), "个小时": ("hours", 0.5)}[
            match["unit"]
        ]
        made.append(named(text, Mention("quantity", "duration", value, match.start(), match.end(), unit)))
    return made


def _quantity(text: str, number: Number, following: Number | None) -> tuple[Mention | None, int]:
    """The number with its unit as a mention, and up to where the text is now read."""
    unit = UNIT.match(text[number.end :])
    flags = {"approx": True} if number.approx else {}
    value: Any = number.value
    if number.value < 0:
        return Mention(
            "quantity", "money", _tidy(value), number.start, number.end, "yuan", {"invalid": "钱数不能是负的"}
        ), 0
    end = number.end + (unit.end() if unit else 0)
    if unit and unit["time"]:
        return _time(text, number, unit, following, flags)
    if unit and unit["people"]:
        return named(text, Mention("quantity", "count", int(value), number.start, end, "people", flags)), end
    if unit and unit["grade"]:
        if not 1 <= value <= 10 or value != int(value):
            wrong = {"invalid": "伤残等级只有一级到十级"}
            near = re.search(r"工伤|伤残|评|鉴定|定了", text[max(0, number.start - 8) : end + 6])
            return (
                Mention("injury_grade", "count", int(value), number.start, end, "grade", wrong) if near else None
            ), end
        return _grade(text, int(value), number.start, end), end
    if unit and unit["age"]:
        return _age(text, int(value), number.start, end), end
    if unit and unit["money"]:
        if unit["tail"]:
            value += (
                Decimal(
                    str("一二三四五六七八九".find(unit["tail"]) + 1 if not unit["tail"].isdigit() else unit["tail"])
                )
                / 10
            )
        return named(text, Mention("quantity", "money", _tidy(value), number.start, end, "yuan", flags)), end
    if unit and unit["other"] and not number.scaled:
        return None, end
    return _bare(text, number, flags), number.end


def _bare(text: str, number: Number, flags: dict[str, Any]) -> Mention | None:
    """A number without a unit: money when it is written like money or stands where money stands."""
    left = re.split(f"[{BREAK}]", text[max(0, number.start - 16) : number.start])[-1]
    right = text[number.end : number.end + 6]
    whole = not text[: number.start].strip() and not text[number.end :].strip(" 。.!！吧了")
    if re.match(r"^\d{11}$", text[number.start : number.end]) or number.value > 10**9:
        return None
    if re.match(r"^[多来]?[个家台年月天级岁号点分%]", right):
        return None
    likely = (
        number.scaled
        or bool(MONEY_LEFT.search(left))
        or bool(re.match(r"^[多来]?(?:一个?月|一天|每月|每天|/|没给|没发|不给)", right))
    )
    if number.value >= 10 and (likely or (whole and number.value >= 100)):
        return named(text, Mention("quantity", "money", _tidy(number.value), number.start, number.end, "yuan", flags))
    if whole or re.search(r"^\s*(?:大概|差不多|也就|一共|总共)?$", text[: number.start]):
        return Mention("quantity", "count", _tidy(number.value), number.start, number.end, None, flags)
    if (
        re.search(
            r"(?:今年|我|妈|爸|爹|娘|他|她|年龄|年纪)(?:今年|都|已经|快)?$",
            text[max(0, number.start - 6) : number.start],
        )
        and 14 <= number.value <= 90
    ):
        return (
            Mention("age", "count", int(number.value), number.start, number.end, "years_old", flags)
            if "今年" in left or "年" in left
            else None
        )
    if re.search(r"(?:我们|一共|总共|咱们)$", left) and re.match(r"^个", right):
        return Mention("headcount", "count", int(number.value), number.start, number.end, "people", flags)
    return None


def _time(
    text: str, number: Number, unit: re.Match[str], following: Number | None, flags: dict[str, Any]
) -> tuple[Mention, int]:
    value = number.value
    name = TIMES[re.sub(r"^个多?|^个", "", unit["time"]).replace("年头", "年")]
    end = number.end + unit.end()
    if unit["half"] or unit["and"]:
        value += Decimal("0.5")
    if name == "years" and following is not None:
        gap = text[end : following.start]
        more = UNIT.match(text[following.end :])
        if re.fullmatch(r"[零又]?", gap) and more and more["time"] and "月" in more["time"]:
            value = (value * 12 + following.value) / 12
            end = following.end + more.end()
    if re.search(r"多|几", unit["time"]) or re.match(r"^[多几]", text[end : end + 1]):
        flags = {**flags, "approx": True}
    if name == "weeks":
        value, name = value * 7, "days"
    return named(text, Mention("quantity", "duration", _tidy(value), number.start, end, name, flags)), end


def _grade(text: str, value: int, start: int, end: int) -> Mention | None:
    near = text[max(0, start - 10) : start] + text[end : end + 6]
    if re.search(r"评|鉴定|伤残|工伤|定[了成为]|残|级别|能赔|的话|赔", near) or not text[:start].strip():
        if (
            re.search(r"(?:能|会|可以|够|到得了|评得上)[^，。]{0,3}$", text[max(0, start - 5) : start])
            and "吗" in text[end:]
        ):
            return None
        return Mention("injury_grade", "count", value, start, end, "grade")
    return None


def _age(text: str, value: int, start: int, end: int) -> Mention | None:
    left = text[max(0, start - 6) : start]
    if re.search(r"(?:满|超过|过了|到|未满|不满|收|以|的)$", left) or re.match(
        r"^(?:以|才|就|的能|退)", text[end : end + 3]
    ):
        if not re.search(r"(?:今年|我|妈|爸|爹)", left):
            return None
    return Mention("age", "count", value, start, end, "years_old") if 10 <= value <= 100 else None


def _tidy(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(round(value, 2))


# -- once each, and corrections ----------------------------------------------------


def _once(mentions: list[Mention]) -> list[Mention]:
    """The first mention of each fact; others of the same fact with another value become undirected."""
    seen: dict[str, Any] = {}
    kept = []
    for mention in mentions:
        if mention.fact != "quantity":
            if mention.fact in seen:
                if seen[mention.fact] == mention.value or mention.kind in ("bool", "choice", "text"):
                    continue
                mention.fact = "quantity"
            else:
                seen[mention.fact] = mention.value
        kept.append(mention)
    return kept


NOT_BUT = re.compile(
    r"(?:不是|不对[，,]?\s*不是)(?P<no>[^，,。是]{1,16})[，,。 ]*(?:而?是|应该是|改成|我说的是|就是)(?P<yes>[^，,。]{1,20})"
)
MENDS = re.compile(r"说错|讲错|记错|写错|打错|弄错|搞错|更正|改成|改一下|修改|应该是|纠正|不对[，,。]")


def _corrected(text: str, mentions: list[Mention]) -> list[Mention]:
    match = NOT_BUT.search(text)
    if match is not None:
        kept = [m for m in mentions if not (match.start("no") <= m.start < match.end("no"))]
        for mention in kept:
            if match.start("yes") <= mention.start < match.end("yes"):
                mention.flags["corrects"] = True
        return kept
    if MENDS.search(text):
        for mention in mentions:
            mention.flags["corrects"] = True
    return mentions
