"""What a number in a message means: the words around it say whether it is a wage, arrears, a fine or years of work.

Rules are tried in order; a number that no rule names stays a `quantity`, for the question that was asked to give it one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


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


_R = re.compile
PER = r"[^，。\d]{0,4}$"
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


def named(text: str, mention: Mention) -> Mention:
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
