"""Reading an answer in the light of the question: 6个月 / 没有 / 两万五 mean what was asked for.

The understanding of a message (bot/) knows no context; here its undirected quantities and yes/no words meet the open question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from knowledge.matter import Heard, Matter, Mention
from knowledge.release import Fact


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


HOME: Final = "苏州"  # what the question for the place asks for
HERE = re.compile(r"(是|对|嗯|恩|没错)(的|啊|呀|呢|在)*[。！!，,]?")
SHORT_ANSWER = 8  # characters
UNKNOWN: Final = _Unknown()  # the worker was asked and does not know (or it has not happened yet)

LIKELY = 0.5  # probability from which a yes or a no that no word shows is taken for one
DONT_KNOW = re.compile(
    r"不知道|不晓得|不清楚|不记得|记不清|记不得|忘了|没印象|说不准|说不好|不确定|搞不清|弄不清|晓不得|不太懂|跳过|不想说|不方便说|先不说|下一[题个条]|换一[题个]"
)
NOT_YET = re.compile(r"还没|没做|没去|未鉴定|没鉴定|没评|没定|没出来|等结果")
NONE = re.compile(r"(还|都|也)?(没有|没得|没|冇|无|莫得)[的啊呀呢嘞了。！]*")
NO = re.compile(
    r"^(没有|没得|没|冇|无|不是|不|否|未|莫得|从来没|都没|压根没|哪有|还没)|没(签|交|买|给|写|有|上|拿|得|打)|不(是|交|签)"
)
SURE = re.compile(r"^(签|交|买|写|给|办|打)(是|倒是|肯定|都)?(签|交|买|写|给|办|打)了")  # 签是签了，没给我
YES = re.compile(
    r"^(有|是|对|嗯|恩|签了|签过|交了|交过|买了|给了|写了|写过|拿到|好|行|确实|没错|在)|(签|交|买|写|上)[了着]|有的|是的|对的|交的|签的"
)
DISMISSED = re.compile(r"(叫|让|喊|赶|撵|炒|开除|辞退|辞掉|不要|不用)[^，。]{0,6}(我|走|来|人)|被(辞|开|炒|赶|撵|裁)")
RESIGNED = re.compile(r"我?自己(提|走|辞|不干|要走|离)|我(提|辞|不干|主动)|自愿")
LEFT = re.compile(r"(?<!没)(?<!没有)(走了|离开|离职|辞了|辞职|开除)|[不没]在(了|那|这|厂|干|做)|[不没](干|做|上)了")
STILL_THERE = re.compile(
    r"(?<![不没])在(那|这|厂|上|干|做|职|呢)|^(还|都|一直)?在(的|啊|呢)?$|没有?(走|离开|辞|离职)|天天去"
)
CHOICE_WORDS: Mapping[str, Mapping[str, str]] = {
    "leave_way": {
        "forced_wages": r"(不发|没发|拖|欠)[^，。]{0,4}(工资|钱)[^，。]{0,8}(走|辞|不干)|因为欠薪|被迫",
        "forced_insurance": r"没(交|买|给交)社保[^，。]{0,8}(走|辞|不干)",
        "forced_other": r"(不安全|防护|逼我|打骂|骗)[^，。]{0,10}(走|辞|不干)",
        "expired": r"到期|不续|没续",
        "closed": r"关门|倒闭|解散|停产|关厂|破产",
        "retired": r"退休",
        "agreed_employer": r"协商|谈好|商量好|签了?协议",
        "resigned": r"自己(提|走|辞|不干|要走|离)|我(提|辞|不干|主动)|自愿",
        "dismissed": r"叫|让|喊|赶|撵|炒|开除|辞退|辞掉|不要我|不用来|被",
    },
    "dismissal_reason": {
        "misconduct": r"违反|违纪|迟到|旷工|打架|制度|规章|偷|吵|睡觉|严重",
        "incompetent": r"不能胜任|不胜任|干不了|能力|业绩|手脚慢|效率|跟不上|干得慢|干的慢|动作慢",
        "layoff": r"一批人|批量|大裁员|裁了?(好多|几十|一批)",
        "no_work": r"没活|没单|没订单|效益|裁员|亏|生意|人多|减人|部门|撤销|淡季",
        "illness": r"生病|住院|身体|病假|受伤",
        "trial": r"试用|录用条件|转正",
        "relocation": r"搬|迁|关门|倒闭|关厂|停产",
        "none": r"没(给|有|说)?[^，。]{0,4}(理由|原因|通知|说法|什么)|啥(也|都)没|什么(也|都)没|没说|没有|口头|直接",
    },
    "employer_kind": {
        "site": r"工地|项目部|总包|施工|盖楼|装修|工程",
        "factory": r"工厂|厂|公司|车间|企业|单位",
        "shop": r"店|饭馆|餐馆|超市|馆",
        "home": r"私人|家里|家政|个人|雇主家|保姆",
        "platform": r"外卖|快递|网约车|骑手|滴滴|平台|跑单",
        "agency": r"劳务|派遣|中介",
    },
    "role": {
        "contractor": r"包工头|带班|带人|承包",
        "employer": r"单位|公司的人|老板|人事",
        "worker": r"打工|工人|员工|干活",
    },
}


def answer(fact: Fact, heard: Heard) -> Any:
    """The value that `heard` gives to the fact that was asked, UNKNOWN, or None when it is no answer to it."""
    text = heard.text.strip()
    directed = next((m for m in heard.mentions if m.fact == fact.id and not m.invalid), None)
    if directed is not None:
        return directed.value
    if heard.act == "dont_know" or DONT_KNOW.search(text):
        return UNKNOWN
    value = READERS.get(fact.type, _number)(fact, heard, text)
    if value is None and fact.type in ("count", "date") and len(text) <= 12 and NOT_YET.search(text):
        return UNKNOWN
    if value is None and fact.id == "injury_grade" and NONE.fullmatch(text):
        return UNKNOWN  # 评了几级? 没有
    return value


def other_answer(asked: str, heard: Heard, rules: Sequence[Mapping[str, Any]]) -> Mention | None:
    """An undirected answer of another kind, with the fact that it then means: 3个月 when asked how much is owed."""
    if len(heard.text) > 20:
        return None
    for rule in rules:
        if rule.get("asked", asked) == asked and "words" in rule and re.search(rule["words"], heard.text):
            return Mention(rule["fact"], "bool", rule["is"], end=len(heard.text))
    rules = [rule for rule in rules if "kind" in rule]
    for mention in heard.mentions:
        for rule in rules:
            same = (
                rule.get("asked", asked) == asked
                and rule["kind"] == mention.kind
                and rule.get("unit") in (None, mention.unit)
            )
            if same and mention.fact == "quantity" and not mention.invalid:
                return replace(mention, fact=rule["fact"])
    return None


def _yes_no(fact: Fact, heard: Heard, text: str) -> bool | None:
    if len(text) > 30 or any(m.kind == "bool" and m.fact != fact.id for m in heard.mentions):
        return None  # 没有欠条 is about the IOU, whatever was asked
    if fact.id == "dismissed":
        if DISMISSED.search(text):
            return True
        if RESIGNED.search(text):
            return False
    if fact.id == "in_service":
        if LEFT.search(text):
            return False
        if STILL_THERE.search(text):
            return True
    if _of_another_thing(fact, text) or (fact.id == "insured" and COMMERCIAL.search(text)):
        return None
    if NOD.match(text) and fact.id != "wants_human":
        return None  # 好的知道了 is said of what was told, not of what was asked
    verb = VERB.match(text)
    if verb is not None and not any(same in fact.label + fact.ask for same in SAME.get(verb[1], verb[1])):
        return None  # 签了 is no answer to 还在上班吗
    likely = heard.confidence >= LIKELY
    if SURE.match(text):
        return True
    if (heard.act == "deny" and likely) or NO.search(text):
        return False
    if (heard.act == "affirm" and likely) or YES.search(text):
        return True
    return None


VERB = re.compile(r"(?:没有?|还没|都没|不|也没)?(签|交|缴|买|写)")
SAME = {"缴": "交缴", "买": "交买"}
NOD = re.compile(r"(好|行|可以|知道|明白|哦|噢|收到|懂)(的|了|吧|啊|呀|，|。|,|$|知道|明白|谢)")
COMMERCIAL = re.compile(r"意外险|意外伤害|商业(险|保险)|雇主责任|团(体|意)险")  # another insurance than 社保
_HAS = re.compile(r"(没有|没得|有)(?P<thing>[^的了啊呀呢吧，。！\s]{2,})")


def _of_another_thing(fact: Fact, text: str) -> bool:
    """Whether 有 or 没有 is said of something else than what was asked for: 有微信聊天记录 of an IOU."""
    said = _HAS.match(text)
    if said is None or re.search("[写给签交发办拿买说]", said["thing"]):
        return False
    asked = fact.label + fact.ask + "".join(fact.cues)
    return not any(said["thing"][i : i + 2] in asked for i in range(len(said["thing"]) - 1))


def _choice(fact: Fact, heard: Heard, text: str) -> str | None:
    if len(text) > 40:
        return None
    number = picked(text, len(fact.choices))
    if number is not None:
        return list(fact.choices)[number]
    for value, pattern in CHOICE_WORDS.get(fact.id, {}).items():
        if re.search(pattern, text):
            return value
    return None


def _day(fact: Fact, heard: Heard, text: str) -> str | None:
    said = (m for m in heard.mentions if m.kind == "date" and m.fact in ("quantity", fact.id))
    return next((m.value for m in said if not m.invalid), None)


def _text(fact: Fact, heard: Heard, text: str) -> str | None:
    if fact.id == "city" and HERE.fullmatch(text):
        return HOME
    clean = re.sub(r"^(叫|是|在|就是|名字叫|老板叫|公司叫)+", "", text).strip("，。！? ？")
    return clean if 2 <= len(clean) <= 40 and "?" not in text and "？" not in text else None


def is_part_of_date(fact: Fact, known: Any) -> bool:
    """Whether what is known of a date is its year or month only."""
    return fact.type == "date" and isinstance(known, str) and len(known) < len("2026-11-08")


_DAYS = {**{str(n): n for n in range(1, 32)}, **{w: n for n, w in enumerate("零一二三四五六七八九十")}}
_DAYS |= {f"十{w}": 10 + n for n, w in enumerate("一二三四五六七八九", 1)}
_DAYS |= {
    f"{t}{w}": 10 * n + m
    for n, t in ((2, "二十"), (2, "廿"), (3, "三十"))
    for m, w in enumerate(("", *"一二三四五六七八九"))
}
_PART = re.compile(
    r"(?:好像|大概|应该|可能|就|是|在|那个?|年|当月|月|的)*(?:(?P<month>[\d一二三四五六七八九十]{1,3})月份?)?"
    r"(?:初?(?P<day>[\d一二三四五六七八九十廿]{1,3})[号日]?)?(?:吧|左右|那天|前后|来着|的|呢)*"
)


def part_of_date(fact: Fact, known: Any, text: str, today: date) -> str | None:
    """三号, 三月, 三月五号 as the rest of a date of which the month or the year is known; None for anything else.

    Where nothing is known, a bare day (三号) of a leaving or an accident is the last such day before `today`.
    """
    said = _PART.fullmatch(text.strip("，。！ "))
    if fact.type != "date" or said is None or not any(said.groups()):
        return None
    month, day = (_DAYS.get(said[name] or "") for name in ("month", "day"))
    parts = [int(p) for p in known.split("-")] if is_part_of_date(fact, known) else []
    if len(parts) == 2 and day and month in (None, parts[1]):
        return _real([*parts, day])
    if len(parts) == 1 and month:
        return _real([*parts, month, *([day] if day else [])])
    bare = not parts and day and not month and text.endswith(("号", "日"))
    if bare and fact.id in ("leave_date", "injury_date"):
        months = today.year * 12 + today.month - 1 - (day is not None and day > today.day)
        return _real([months // 12, months % 12 + 1, day or 1])
    return None


def _real(parts: Sequence[int]) -> str | None:
    """The parts as text (2025-10-03), if there is such a day."""
    try:
        date(*parts, *[1] * (3 - len(parts)))  # type: ignore[arg-type]
    except ValueError:
        return None
    return "-".join(f"{p:02}" for p in parts)


def not_negative(heard: Heard, why: str) -> tuple[Mention, ...]:
    """The mentions; a number behind a minus sign (-500元) is marked as impossible, `why` with it. 3-5 is a range."""
    minus = re.compile(r"(?<![\d零一二三四五六七八九十])(负|[-−－—])\s*$")
    return tuple(
        replace(m, invalid=why)
        if m.kind != "date" and not m.invalid and m.start and minus.search(heard.text[: m.start])
        else m
        for m in heard.mentions
    )


def unfit(fact: Fact, heard: Heard) -> Mention | None:
    """A number of the right kind that is out of the asked fact's bounds: 一亿 for a month's wage."""
    if len(heard.text) > 20:
        return None
    found = (m for m in heard.mentions if m.fact == "quantity" and m.kind in _WANTED.get(fact.type, ()))
    bad = next((m for m in found if not m.invalid and not within(fact, m.value)), None)
    return None if bad is None else replace(bad, fact=fact.id)


_WANTED: Mapping[str, tuple[str, ...]] = {
    "money": ("money", "count", "number"),
    "count": ("count", "number"),
    "number": ("count", "number"),
}


A_DAY = re.compile(r"每天|一天|天天|每晚|一晚|每日")  # 一天加班三个小时 is no sum of hours


def _number(fact: Fact, heard: Heard, text: str) -> Any:
    if len(text) > 40 or (fact.unit == "hours" and A_DAY.search(text)):
        return None
    told = [m for m in heard.mentions if m.fact != "quantity" and m.kind == fact.type]
    if told and len(text) > SHORT_ANSWER:
        return None  # 底薪2000加提成，平均五六千 tells of another sum
    for mention in heard.mentions:
        if (
            mention.fact != "quantity"
            or mention.invalid
            or isinstance(mention.value, (str, bool))
            or mention.value is None
        ):
            continue
        if mention.kind == "duration":
            value = _duration(fact, mention)
            if value is not None:
                return value
        elif mention.kind in _WANTED.get(fact.type, ()) and within(fact, mention.value):
            return mention.value
    return None


def _duration(fact: Fact, mention: Mention) -> Any:
    """A length of time in the fact's own unit: 半年 is 6 for months_owed and 0.5 for years_worked."""
    value, unit = Decimal(str(mention.value)), (mention.unit or "").rstrip("s")
    wanted = (fact.unit or "").rstrip("s")
    if unit == wanted:
        return mention.value
    if (unit, wanted) == ("year", "month"):
        return _tidy(value * 12)
    if (unit, wanted) == ("month", "year"):
        return _tidy(value / 12)
    return None


def _tidy(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(round(value, 2))


def within(fact: Fact, value: Any) -> bool:
    """Whether a number lies in the fact's bounds (facts.yml)."""
    number = Decimal(str(value))
    return (fact.min is None or number >= Decimal(str(fact.min))) and (
        fact.max is None or number <= Decimal(str(fact.max))
    )


READERS: Mapping[str, Callable[[Fact, Heard, str], Any]] = {
    "bool": _yes_no,
    "choice": _choice,
    "date": _day,
    "text": _text,
}


def picked(text: str, count: int) -> int | None:
    """Which of `count` offered choices is meant (0-based): 1 / ① / 第二个 / 选3; None when it is something else."""
    found = re.fullmatch(r"\s*(?:选|第)?\s*([1-9①②③④⑤⑥⑦⑧⑨一二三四五六七八九])\s*(?:个|种|项|号|[.、。])?\s*", text)
    if found is None:
        return None
    place = next(d.index(found[1]) for d in ("123456789", "①②③④⑤⑥⑦⑧⑨", "一二三四五六七八九") if found[1] in d)
    return place if place < count else None


def asked_fact(facts: Mapping[str, Fact], question: str | None) -> str | None:
    """Which fact a question such as 机器人：拖欠了几个月？ asks for; the longest cue decides."""
    if not question:
        return None
    cues = [(len(cue), fact.id) for fact in facts.values() for cue in (*fact.cues, fact.ask) if cue in question]
    return max(cues)[1] if cues else None


def nearest_fact(matter: Matter, mention: Mention, facts: Mapping[str, Fact], text: str = "") -> str | None:
    """Which known fact an undirected correction (不是昨天，是11月8号) replaces.

    Of those of its kind the one that the text names (进厂日期说错了), else the one with the nearest value.
    """
    kinds = {"date": ("date",), "money": ("money",), "duration": ("number", "count")}.get(mention.kind, (mention.kind,))
    known = [f for f in matter.facts if f in facts and facts[f].type in kinds]
    known = [f for f in known if facts[f].label[:2] in text] or known
    if mention.kind == "money":
        known = [f for f in known if within(facts[f], mention.value)]  # 14000 is what no day pays
    if mention.kind == "date":
        return min(known, key=lambda f: abs((_full(matter.value(f)) - _full(mention.value)).days), default=None)
    return min(known, key=lambda f: abs(float(matter.value(f)) - float(mention.value)), default=None)


UNPAID = re.compile(r"(欠|拖|压着|没发|不发|没给|不给|没有发|莫得钱|没钱)[^。！？]{0,14}$")
WORKED = re.compile(r"(干|做|上班|上|来|打工|待|呆)(了|过)?[^，。]{0,3}$")
SINCE = re.compile(
    r"^(工资|工钱|钱)?(就是|大概|都是|是)?从[^，。]{2,10}(到现在|到今天|到这个月|开始|起)(都?(没发|没给|没有发|欠着|拖着))?[了的吧]*$"
)


def months_unpaid(heard: Heard) -> Mention | None:
    """欠我工资，两个月: a length that is told behind what was not paid, and not behind work."""
    said = [m for m in heard.mentions if m.fact == "quantity" and m.kind == "duration" and m.unit == "months"]
    if len(said) != 1 or said[0].invalid:
        return None
    before = heard.text[: said[0].start]
    fits = UNPAID.search(before) and not WORKED.search(before)
    return replace(said[0], fact="months_owed") if fits else None


def months_since(heard: Heard, today: date) -> Mention | None:
    """从去年十月到现在, to the question for what is owed: the months since then, before this one, more or less."""
    said = [m for m in heard.mentions if m.kind == "date" and not m.invalid]
    if len(said) != 1 or not SINCE.search(heard.text.strip("。！ ")):
        return None
    start = _full(str(said[0].value))
    months = (today.year - start.year) * 12 + today.month - start.month
    return replace(said[0], fact="months_owed", kind="number", value=months, approx=True) if months > 0 else None


OWED = ("amount_owed", "months_owed")
SUM_OF = re.compile(
    r"(一共|总共|合计|加起来|总的|拢共|拿回(来)?(我的)?|要回(来)?(我的)?|[^们]我的[是有]?|我自己(的)?[是有]?|^我的[是有]?)(大概|差不多|还)?(是|有|欠)?(我)?$"
)
OTHERS_SUM = re.compile(r"我们|大家|一起|[们几数余]个?人|[\d十百]+[多几来]?个?人|工友|月|天|发了|给了|花")


def sum_owed(heard: Heard) -> Mention | None:
    """一共八千, 我自己的是四万: the one sum of a message about wages that is called the whole, or the speaker's own."""
    said = [
        m for m in heard.mentions if m.fact == "quantity" and m.kind == "money" and not m.invalid and not m.corrects
    ]
    if any(m.fact in OWED for m in heard.mentions):
        return None
    for mention in said:
        before = re.split(r"[，。；,;！!]", heard.text[: mention.start])[-1]
        own = before.startswith("我") and "我们" not in before or re.search("我的|我自己", before)
        if SUM_OF.search("，" + before) and (own or not OTHERS_SUM.search(heard.text)):
            return replace(mention, fact="amount_owed")
    return None


FILLER = re.compile(
    r"(嗯|恩|哦|是|就|就是|早上|上午|中午|下午|晚上|夜里|凌晨|干完|做完|干到|做到|为止|离开|离职|辞|大概|大约|差不多|可能|应该|好像|有|吧|左右|上下|的样子|样子|的|多|块|元|钱|啊|呢|那天|前后|来着|了|走|没去|"
    r"一个月|每个?月|月薪|工资|到手|[，。！ ])*"
)


def is_bare(mention: Mention, text: str) -> bool:
    """Whether a text is this date or sum and nothing else: 花了两千 and 十月份干的活 tell of something of their own."""
    return FILLER.fullmatch(text[: mention.start] + text[mention.end :]) is not None


def too_late_to_begin(value: Any, known: Mapping[str, Any], today: date) -> bool:
    """Whether a day cannot be the first day of work, for it was later than the length of work that was told allows."""
    years, months = (Decimal(str(known.get(fact) or 0)) for fact in ("years_worked", "months_worked"))
    if not isinstance(value, str) or len(value) < len("2026-11-08") or known.get("leave_date") is not None:
        return False
    least = (years * 12 + months) * 30 / 4 or (2 if known.get("dismissed") else 0)
    return (today - _full(value)).days < least


DATES, SUMS = ("injury_date", "hire_date", "leave_date"), ("monthly_wage", "amount_owed")


def stray_date(missing: Sequence[str], said: str, today: date) -> str | None:
    """Which missing date a date means that was not asked for: the only one, else coming long ago or leaving just now."""
    if len(missing) == 1:
        return missing[0]
    ago = (today - _full(said)).days
    if set(missing) == {"hire_date", "leave_date"}:
        return "leave_date" if ago <= 31 else "hire_date" if ago > 366 else None
    return None


def _full(value: str) -> date:
    parts = [int(p) for p in str(value).split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 15)
