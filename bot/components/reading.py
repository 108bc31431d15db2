"""Reads the facts of facts.yml off a message: numbers, dates and plain statements, each with its place in the raw text.

Numbers are found first; the words around them say what they are. A number that says nothing clear stays a `quantity`, and
the dialogue gives it a meaning from the question that was asked. Precision comes first: in doubt nothing is claimed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bot.components import dates, statements
from bot.components.numerals import Number, scan

WIDE = {ord(c): ord(c) - 0xFEE0 for c in map(chr, range(0xFF01, 0xFF5F)) if c not in "，；：？！（）"} | {0x3000: 0x20}
LONGEST = 2000  # characters that are read
BREAK = "，。,；;！!？?\n、 "


@dataclass
class Mention:
    """A fact read off the text; `fact` is an id of facts.yml or "quantity"."""

    fact: str
    kind: str
    value: Any
    start: int
    end: int
    unit: str | None = None
    flags: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Around:
    """A number with the words before and after it, within its clause (`left`, `right`) and beyond (`before`, `after`)."""

    left: str
    right: str
    before: str
    after: str


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
        made.append(_named(text, Mention("quantity", "duration", value, match.start(), match.end(), unit)))
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
        return _named(text, Mention("quantity", "count", int(value), number.start, end, "people", flags)), end
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
        return _named(text, Mention("quantity", "money", _tidy(value), number.start, end, "yuan", flags)), end
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
        return _named(text, Mention("quantity", "money", _tidy(number.value), number.start, number.end, "yuan", flags))
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
    return _named(text, Mention("quantity", "duration", _tidy(value), number.start, end, name, flags)), end


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


# -- what a number means ---------------------------------------------------------

PER = r"[^，。\d]{0,4}$"
_R = re.compile
MONEY_RULES: tuple[tuple[str, re.Pattern[str] | None, re.Pattern[str] | None, re.Pattern[str] | None], ...] = (
    # fact, what stands before, what stands after, what must not stand before
    ("ot_rate", _R(r"加班[^，。]{0,8}(?:小时|钟头)" + PER), None, None),
    ("ot_rate", _R(r"加班[^，。]{0,6}$"), _R(r"^(?:一|每|1)?(?:个)?(?:小时|钟头)|^/"), None),
    ("hourly_wage", _R(r"(?:时薪|(?:一|每|1)个?(?:小时|钟头)|小时工资|小时工?)" + PER), None, None),
    ("hourly_wage", None, _R(r"^(?:钱)?(?:/|一|每|1)?个?(?:小时|钟头)"), None),
    ("daily_wage", _R(r"(?:一天|每天|日薪|日工资|一个工|点工|一工|日结|一日|天天)(?:是|讲好|说好|工钱|工资|给|按|算|大概|差不多|[^，。\d]{0,2})?$"), None, _R(r"罚|扣|交|房")),
    ("daily_wage", None, _R(r"^(?:钱)?(?:/天|一天|每天|一个工|一工|/工|一日)"), _R(r"罚|扣")),
    ("probation_wage", _R(r"试用期?[^，。]{0,10}$"), None, None),
    ("deposit", _R(r"(?:押金|保证金|押了?我?|质保金|服装费押)[^，。]{0,5}$"), None, None),
    ("deposit", None, _R(r"^(?:的)?(?:押金|保证金)"), None),
    ("fine", _R(r"(?:罚款?了?|被罚|扣了?|要扣|倒扣)(?:我|我们|款|工资|掉|了|每[人次]|一次|[^，。\d]{0,2})$"), None, _R(r"没扣|扣社保|扣完|扣除|社保")),
    ("fee", _R(r"(?:中介费|介绍费|报名费|服务费|培训费|办证费?|收了?(?:我|我们)?|交了)[^，。]{0,4}$"), _R(r"^(?:的)?(?:中介|介绍|报名|服务|培训|费|管理|体检|办证)|^"), _R(r"社保|保险|房租")),
    ("medical", _R(r"(?:医药费|医疗费|住院费|手术费|看病|药费|医院)[^，。]{0,8}$"), None, None),
    ("medical", None, _R(r"^(?:的)?(?:医药费|医疗费|住院费|手术费|药费)"), None),
    ("allowance", _R(r"(?:补贴|补助|津贴|餐补|高温费)[^，。]{0,4}$"), None, _R(r"伤残|一次性|就业补助|医疗补助")),
    ("claim_amount", _R(r"(?:要我们?赔|让我们?赔|叫我们?赔|赔他们?|赔公司|违约金|要我们?交)[^，。]{0,6}$"), None, None),
    ("amount_offered", _R(r"(?:只肯|答应|愿意|提出|说给|说赔|肯给|就给|私了|只赔|只愿|最多给?|同意给|一次性给?|补偿?我|打发)[^，。]{0,8}$"), _R(r"^[^，。]{0,8}(?:私了|了断|了结|了事|走人|打发|算了|补偿|赔偿)?"), None),
    ("amount_offered", None, _R(r"^[^，。]{0,3}(?:私了|了断|了结|了事|走人|打发)"), None),
    ("loss", _R(r"(?:被骗|损失|骗了|骗走|亏了|没了)[^，。]{0,6}$"), None, None),
    ("monthly_wage", _R(r"(?:一个月|每个?月|月薪|月工资|月均|底薪|基本工资|保底|月平均|平均工资|月收入|平均|到手)(?:工资|工钱|是|有|大概|差不多|也就|讲好|说好|就|给|拿|挣|才|约|发|能|底薪|到手|都|平均|不到|只有|开|正好|应发|做|[^，。\d]{0,3})$"), None, _R(r"欠|罚|扣|交|补贴|租|试用|还[房车]|加班费?")),
    ("monthly_wage", None, _R(r"^(?:钱)?(?:/月|一个?月(?!工资没|没)|每个?月|的?月薪|的?工资(?!没|不|欠))"), _R(r"欠|罚|扣|补贴|还剩|差")),
    ("amount_owed", _R(r"(?:拖欠|欠了?|还欠|差着?|还差|尾款|剩下?的?|没结|没给|没付|未付|工程款|余款|没发|欠薪|欠条[^，。]{0,4}|白条[^，。]{0,4})[^，。]{0,8}$"), None, _R(r"他[们]?欠[^我]{0,3}别人|我欠")),
    ("amount_owed", None, _R(r"^(?:的)?[^，。]{0,5}(?:没给|没结|没发|不给|未付|没付|要不回|要不到|没要到|拿不到|没拿到|一直拖|不结|没着落|到现在|还没)"), _R(r"给了|发了|借")),
    ("amount_owed", _R(r"(?:工钱|工资|工资款|血汗钱|工款)(?:一共|总共|有|合计|是|大概|还有|加起来)?[^，。\d]{0,2}$"), _R(r"^[^，。]{0,2}[，,]?[^，。]{0,10}(?:没|不给|欠|拖|欠条|白条)"), None),
    ("monthly_wage", _R(r"(?:^|[^欠差扣押])(?:工资|薪水|薪资|待遇|应发)(?:是|有|大概|差不多|约|也就|就|定的?|改成|为|每月|算|按|[^，。\d]{0,2})$"), None, _R(r"欠|拖|扣|试用|压了?[^，。]{0,3}$|赔")),
    ("amount_paid", _R(r"(?:先给|只给|给了|只发|发了|付了|结了|打了|给过|支了|预支|拿了|领了|赔了|垫了?|先发|才给|才发|拿到|给的|补了|转了|先付|打给我|赔过)[^，。\d]{0,5}$"), None, _R(r"没|未|要是|如果|说给|答应")),
    ("amount_paid", None, _R(r"^(?:的)?(?:生活费)"), None),
)  # fmt: skip
WORKED = r"(?:干|做|上班?|待|呆|工作|打工|来|进厂|进公司|开|跟|满|干满|做满|扫|看|守|住|服务|跑|教|当|入职|工龄|在职|连头带尾|前后|一共|总共|已经)"
TIME_RULES: tuple[tuple[str, str, re.Pattern[str] | None, re.Pattern[str] | None, re.Pattern[str] | None], ...] = (
    # fact, unit, before, after, not before
    ("months_owed", "months", _R(r"(?:欠|拖|压)(?:欠)?(?:着|了|我们?|薪|他|她|大家|俺|我老公|我爸|员工|工人|的)*[^，。\d]{0,3}$"), _R(r"^(?!后|前|以后|内)"), _R(r"欠条")),
    ("months_owed", "months", None, _R(r"^(?:的|多)?(?:工资|薪水|钱|工钱|薪|开支)?[^，。]{0,4}(?:没发|没给|没开|没结|没拿|没见|没领|未发|不发|不给|没有发|没到账|没影|都没|还没|没钱|没工资|拖|欠)"), _R(r"试用|合同|住院|休|养|等")),
    ("months_owed", "months", _R(r"(?:没发|没给|没开|不发|没结)(?:我们?|工资|薪水|钱)*[^，。\d]{0,3}$"), None, None),
    ("probation_months", "months", _R(r"试用期?[^，。\d]{0,5}$"), None, None),
    ("probation_months", "months", None, _R(r"^(?:的)?试用期"), None),
    ("contract_years", "years", _R(r"(?:合同|签)(?:的|了|是|期|期限|一签|签了?|订了?)*[^，。\d]{0,3}$"), None, _R(r"没签|工龄|不签|未签")),
    ("contract_years", "years", None, _R(r"^(?:的|期)?(?:劳动)?合同"), None),
    ("notice_days", "days", _R(r"提前[^，。\d]{0,3}$"), None, None),
    ("ot_hours", "hours", _R(r"加班(?:了|费)?[^，。\d]{0,6}$"), None, _R(r"每天|一天")),
    ("hours_day", "hours", _R(r"(?:一天|每天|天天|每日|1天|一班|每班)[^，。\d]{0,7}$"), None, _R(r"加班")),
    ("hours_day", "hours", _R(r"(?:干|上|做|站|白班|夜班)(?:满|足|到|了|够)?$"), None, _R(r"加班|昨|今|那天")),
    ("rest_days", "days", _R(r"(?:一个?月|每月|月)[^，。]{0,6}(?:休息?|歇|放假?|休假)[^，。\d]{0,2}$"), None, None),
    ("days_streak", "days", _R(r"(?:连着|连续|一连|连)(?:上|干|做|加)?[^，。\d]{0,4}$"), None, None),
    ("holiday_days", "days", _R(r"(?:国庆|春节|五一|过年|中秋|端午|清明|元旦|节假日|法定)[^，。\d]{0,8}$"), None, _R(r"放|休")),
    ("years_worked", "years", _R(WORKED + r"(?:了|有|到|满|过|下来|快)*[^，。\d]{0,6}$"), None, _R(r"合同|欠|等|社保|交了|缴|判|借|租|刑|累计|拖|差")),
    ("years_worked", "years", None, _R(r"^(?:多|整)?(?:的)?(?:工龄|老员工|的老)"), None),
    ("months_worked", "months", _R(WORKED + r"(?:了|有|到|满|过|下来|快|足)*[^，。\d]{0,6}$"), None, _R(r"合同|欠|等|住|休|社保|怀|拖|养|每|躺|试用")),
    ("days_worked", "days", _R(WORKED + r"(?:了|有|到|满|过)*[^，。\d]{0,5}$"), _R(r"^(?!前|后|以|内)"), _R(r"每|欠|等|住|休|连|一个?月|放|节|国庆|春节|养|躺")),
)  # fmt: skip
PEOPLE = _R(r"(?:我们|咱们|一共|总共|大家|带了?|俺们|手下|手上|工地上?|共|班组|还有|车间|伙)[^，。\d]{0,6}$")
UNIT_OF = {
    "daily_wage": "yuan/day",
    "hourly_wage": "yuan/hour",
    "monthly_wage": "yuan/month",
    "probation_wage": "yuan/month",
}
UNIT_OF |= {"hours_day": "hours/day", "rest_days": "days/month", "ot_rate": "yuan/hour"}


def _named(text: str, mention: Mention) -> Mention:
    """The mention with the fact that its surroundings name; unchanged when they name none."""
    left = re.split("[，。；;！!？?\n]|(?<!\\d),", text[max(0, mention.start - 18) : mention.start])[-1]
    right = text[mention.end : mention.end + 16]
    if mention.kind == "money":
        _name_money(mention, left, right, text)
    elif mention.kind == "duration":
        _name_time(mention, left, right)
    elif mention.unit == "people" and (
        PEOPLE.search(left) or re.match(r"^[^，。]{0,6}(?:一起|都|没|合伙|的工资|要|被)", right)
    ):
        if mention.value > 1 and not re.search(r"第|每|一个$", left):
            mention.fact = "headcount"
    if mention.fact in UNIT_OF:
        mention.unit = UNIT_OF[mention.fact]
    return mention


def _name_money(mention: Mention, left: str, right: str, text: str) -> None:
    for fact, before, after, unless in MONEY_RULES:
        if before is not None and not before.search(left):
            continue
        if after is not None and not after.search(right):
            continue
        if unless is not None and unless.search(left):
            continue
        mention.fact = fact
        break
    if (
        mention.fact == "amount_owed"
        and re.search(r"(?:我们|一共|大家|全队|班组)[^，。]{0,6}$", left)
        and re.search(r"\d个?人|[几多]个?人|们", text[: mention.start])
    ):
        if re.search(r"(?:[二三四五六七八九十两\d]+)个?(?:多)?(?:人|工人|兄弟|老乡)", text):
            mention.fact = "group_amount"


def _name_time(mention: Mention, left: str, right: str) -> None:
    for fact, unit, before, after, unless in TIME_RULES:
        if mention.unit != unit:
            continue
        if before is not None and not before.search(left):
            continue
        if after is not None and not after.search(right):
            continue
        if unless is not None and unless.search(left):
            continue
        mention.fact = fact
        return


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
