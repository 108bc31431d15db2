"""Numbers of a message with their units: money, lengths of time, people, grades. What they mean is read in `meanings`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.components import meanings, people
from bot.components.mention import Mention, around, tidy
from bot.components.numerals import Number, chinese, scan

MOST = 120  # numbers that are read in one message
UNIT = re.compile(
    r"(?P<money> ?(?:块钱|块(?![钛钢砖板石地玻肉布料牌屏骨肌手])|元钱|元|圆|大洋|rmb|RMB))(?P<tail>[1-9一二三四五六七八九](?![\d个天月年十百千万小日周钟工班次位人晚斤方件套张单趟平米吨车条]))?"
    r"|(?P<half>个?半)?(?P<time>个多?月|个来月|个年头|个号头|个?小时|个?钟头|个钟|个?礼拜|个?星期|年|天|周(?![岁末])|日(?!日)|(?<=[两俩仨])月|(?<=个半)(?:月|小时|钟头))"
    r"(?P<and>半)?"
    r"|个(?P<shift>工)(?![人友地头])"
    r"|(?P<grade>级(?!别))"
    r"|(?P<age>岁半?|周岁)"
    r"|(?P<other>[%％个次件遍楼层栋号期米斤公吨台辆瓶套根间张份点分瓦平亩倍成度路站班趟单针条家针单只袋箱吨回楼折栏项页步度桶把枚名位口])"
)
TIMES = {"月": "months", "年": "years", "天": "days", "日": "days", "周": "weeks", "礼拜": "weeks", "星期": "weeks"}
TIMES |= {"号头": "months"}  # 三个号头, as people of Suzhou say
TIMES |= {"小时": "hours", "钟头": "hours", "钟": "hours"}
HALF = re.compile(r"(?P<more>大)?半(?:个(?P<unit>月|小时|钟头)|(?P<short>年|天))(?:多|来)?")
HALVES = {
    "月": ("months", 0.5),
    "小时": ("hours", 0.5),
    "钟头": ("hours", 0.5),
    "年": ("months", 6),
    "天": ("days", 0.5),
}
MORE = re.compile(r"^[零又]?(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,3})个月")
ABOUT_LEFT = re.compile(r"(?:大概|大约|差不多|将近|接近|快|约|上下|也就|估计|可能|至少|起码)[^，。\d]{0,4}$")
ABOUT_RIGHT = re.compile(r"^(?:左右|上下|出头|多|来块|来元|几(?!个)|不到|的样子|吧)")
HOTLINES = frozenset({12333, 12345, 12348, 12315, 12351, 110, 119, 120, 996})
A_DAY = re.compile(r"(?:一天|每天|一日|日薪|工价|一个工|一工)(?:是|给|算|才)?$")
WHOLE_BEFORE = re.compile(
    r"^\W*(?:大概|大约|差不多|也就|一共|总共|有|是|就|约|好像|应该是?|可能|连我|连我一共|合计|我)?\W*$"
)
WHOLE_AFTER = re.compile(r"^\W*(?:个人?|位|名|左右|上下|吧|了|多|出头|的|不到|来的?|样子|呢|啊|呀|哈|整|多一点)*\W*$")


def read(text: str) -> list[Mention]:
    """Every number of a half-width text as a mention, in order; those that are part of a word are left out."""
    made: list[Mention] = []
    past = -1
    for number in scan(text)[:MOST]:
        if number.start < past:
            continue
        mention, past = _quantity(text, number)
        if mention is not None:
            made.append(mention)
    made.extend(_halves(text, made))
    return [_named(text, mention) for mention in made if not _rate(mention, made)]


def _rate(mention: Mention, made: list[Mention]) -> bool:
    """Whether a single month, day or hour only says what a sum is paid for (一个月六千五)."""
    return (
        mention.kind == "duration"
        and mention.value == 1
        and any(m.kind == "money" and (0 <= m.start - mention.end <= 5 or m.end == mention.start) for m in made)
    )


def _named(text: str, mention: Mention) -> Mention:
    near = around(text, mention.start, mention.end)
    if ABOUT_LEFT.search(near.left) or ABOUT_RIGHT.match(near.right):
        mention.flags["approx"] = True
    if mention.fact != "quantity" or mention.flags.get("invalid"):
        return mention
    if mention.kind == "money":
        meanings.name_money(mention, near, text)
    elif mention.kind == "duration":
        meanings.name_time(mention, near, text)
    return mention


def _quantity(text: str, number: Number) -> tuple[Mention | None, int]:
    """The number with its unit as a mention, and up to where the text is now read."""
    start, value = number.start, number.value
    flags: dict[str, object] = {"approx": True} if number.approx else {}
    unit = UNIT.match(text, number.end)
    end = unit.end() if unit else number.end
    if value < 0:
        if text[start] == "负" or unit and unit["money"]:
            flags["invalid"] = "钱数不能是负的"
            return Mention("quantity", "money", tidy(value), start, end, "yuan", flags), end
        value = -value  # 3-5天: a span, not a debt
        return None, end
    if unit is None or unit["other"]:
        crowd = people.headcount(text, number)
        if crowd is not None:
            return crowd, crowd.end
    if unit and unit["money"]:
        return _money(unit, number, flags), end
    if unit and (unit["time"] or unit["shift"]):
        return _time(text, number, unit, flags)
    if unit and unit["grade"]:
        return people.grade(text, value, start, end), end
    if unit and unit["age"]:
        return people.age(text, int(value), start, end), end
    if unit and unit["other"] and not number.scaled:
        alone = unit["other"] in "个位名" and _whole(text, number)  # 七八个, the answer to a question
        return (Mention("quantity", "count", tidy(value), start, end, None, flags) if alone else None), end
    return _bare(text, number, flags), number.end


def _money(unit: re.Match[str], number: Number, flags: dict[str, object]) -> Mention:
    value, end = number.value, unit.end()
    if unit["tail"] and value < 1000:
        tail = unit["tail"]
        value += Decimal(tail if tail.isdigit() and tail.isascii() else str("一二三四五六七八九".find(tail) + 1)) / 10
    elif unit["tail"]:
        end = unit.start("tail")
    return Mention("quantity", "money", tidy(value), number.start, end, "yuan", flags)


def _bare(text: str, number: Number, flags: dict[str, object]) -> Mention | None:
    """A number without a unit: money when it is written like money or stands where money stands."""
    near = around(text, number.start, number.end)
    value, digits = number.value, number.end - number.start
    whole = _whole(text, number)
    old = people.bare_age(text, number, near)
    if old is not None:
        return old
    if value > 10**9 or (
        number.arabic and (digits >= 9 or (value in HOTLINES and not whole and not A_DAY.search(near.left)))
    ):
        return None
    vague = number.approx and near.right.startswith("点")  # 五千多点
    if (
        not vague
        and re.match(r"[-~/年月日号点:：分%％A-Za-z]", near.right[:1] or " ")
        and not meanings.PER_TIME.match(near.right)
    ):
        return None
    money = (
        number.scaled
        or value >= 10
        and (meanings.PER_TIME.match(near.right) or meanings.MONEY_STANDS.search(near.left))
    )
    money = money or (value >= 100 and (whole or meanings.stands_alone(text, number.start, number.end)))
    if money and (value >= 1 or not number.scaled):
        return Mention("quantity", "money", tidy(value), number.start, number.end, "yuan", flags)
    if whole:
        return Mention("quantity", "count", tidy(value), number.start, number.end, None, flags)
    return None


def _whole(text: str, number: Number) -> bool:
    """Whether a number is all that a message says."""
    around_it = WHOLE_BEFORE.match(text[: number.start][-12:]) and WHOLE_AFTER.match(text[number.end : number.end + 12])
    return bool(around_it) and len(text) <= number.end - number.start + 16


def _time(text: str, number: Number, unit: re.Match[str], flags: dict[str, object]) -> tuple[Mention | None, int]:
    value, end = number.value, unit.end()
    if (
        unit["time"] == "月" and not unit["half"] and text[number.start] not in "两俩仨"
    ):  # 9月工资: the pay of September
        return None, end
    name = "days" if unit["shift"] else TIMES[re.sub(r"^个[多来]?", "", unit["time"]).replace("年头", "年")]
    if unit["half"] or unit["and"]:
        value += Decimal("0.5")
    if name == "years":
        more = MORE.match(text[end : end + 8])
        count = _count(more["count"]) if more else None
        if more and count is not None and count < 12:
            value, end = (value * 12 + count) / 12, end + more.end()
    if unit["time"] and re.search(r"[多来]", unit["time"]):
        flags["approx"] = True
    if name == "weeks":
        value, name = value * 7, "days"
    return Mention("quantity", "duration", tidy(value), number.start, end, name, flags), end


def _count(text: str) -> int | None:
    value = Decimal(text) if text.isdigit() else chinese(text)[0]
    return None if value is None else int(value)


def _halves(text: str, made: list[Mention]) -> Iterator[Mention]:
    """半年, 半个月, 大半年: lengths of time without a numeral."""
    for match in HALF.finditer(text):
        before = text[match.start() - 1 : match.start()]
        if before and before in "个年月天时块点一二三四五六七八九十两百下上前后多0123456789":
            continue
        if any(m.start < match.end() and match.start() < m.end for m in made):
            continue
        unit, value = HALVES[match["unit"] or match["short"]]
        flags = {"approx": True} if match["more"] else {}
        yield Mention("quantity", "duration", value, match.start(), match.end(), unit, flags)
