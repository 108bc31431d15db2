"""Reads the facts of facts.yml off a message: numbers, dates and plain statements, each with its place in the raw text.

Numbers are found first; the words around them say what they are. A number that says nothing clear stays a `quantity`,
and the dialogue gives it a meaning from the question that was asked. Precision comes first: in doubt nothing is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from bot.components import arrears, dates, details, homophones, lexicon, quantities, shifts, statements, worked_days
from bot.components.mention import Mention
from knowledge import asking, matter, persons
from knowledge.release import CONTENT, Fact, KnowledgeBase, load

__all__ = ["Mention", "applies_to_question", "asked_fact", "read_facts"]

HALF_YEAR = 183  # days
MOST_OVERTIME = 350  # hours of overtime in one month: 11 a day, every day
BESIDE = (
    "amount_owed",
    "amount_paid",
    "days_worked",
    "months_worked",
    "years_worked",
)  # may stand in a reckoned stretch
SHORTEST_OF_TWO = 12  # a message with two workers' matters is longer
LONGEST = 1500  # characters that are read
UNSEEN = frozenset(
    [*map(chr, range(0x00, 0x09)), *map(chr, range(0x0B, 0x20)), "\x7f", "\u00ad", "\u2060", "\ufeff"]
    + [*map(chr, range(0x200B, 0x2010)), *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]
    + [*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xD800, 0xE000))]
)
STOPS = re.compile(  # blanks by which a message is cut into clauses
    r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])|(?<=[\d元块]) (?=(?:19|20)\d\d[年.-])"
    r"|(?<=[\d元块]) (?![元块万千百十个天月日号年小点级岁人工多左以到至周星次件钱])(?=[\u4e00-\u9fff])"
)
WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；：？！（）"} | {0x3000: " "}
WIDE |= {code: "\ufffd" for code in range(0xD800, 0xE000)}  # half of a pair: no text for spaCy


def read_facts(text: str, today: date) -> list[Mention]:
    """All mentions in `text`, in order of their place; relative dates are resolved against `today`. Offsets are raw."""
    cuts = persons.parts(text[:LONGEST], None, _base()) if len(text) >= SHORTEST_OF_TWO else []
    if len(cuts) < 2:
        return _read(text, today)
    found = []
    for part in cuts:  # each worker's facts by themselves: both may have a wage
        for mention in _read(text[part.start : part.end], today):
            mention.start, mention.end = mention.start + part.start, mention.end + part.start
            found.append(mention)
    return found


def _read(text: str, today: date) -> list[Mention]:
    """The mentions of one worker's part."""
    written, places = _plain(text)
    if not written:
        return []
    plain = _heard(written)
    found_dates = dates.scan(plain, today)
    masked = list(plain)
    for found in found_dates:
        masked[found.start : found.end] = "日" * (found.end - found.start)
    rest = "".join(masked)
    finer = details.read(plain, rest, found_dates, _kinds())
    since = arrears.read(plain, today)
    if since is not None and not any(m.fact == since.fact for m in finer):
        finer.append(since)
    plain_ones = (
        _dates(rest, found_dates)
        + quantities.read(_this_year(rest, plain))
        + shifts.read(rest)
        + statements.read(rest, written)
    )
    worked = worked_days.read(plain, found_dates, today)
    if worked is not None:
        finer = [worked.mention, *(m for m in finer if not worked.covers(m))]
        plain_ones = [m for m in plain_ones if not worked.covers(m)]
    if any(m.fact == "holiday_hours" for m in finer):  # 国庆三天上了24小时 tells the same work twice
        plain_ones = [m for m in plain_ones if m.fact != "holiday_days"]
    mentions = _corrected(rest, _once([*finer, *_left_over(plain_ones, finer)]))
    for mention in mentions:
        _doubt(rest, mention)
        if mention.fact == "contract_end":
            mention.value = _coming(plain[mention.start : mention.end], mention.value, today)
    for mention in mentions:
        mention.start, mention.end = places[mention.start], places[mention.end - 1] + 1
    return sorted(mentions, key=lambda m: (m.start, m.end))


def _this_year(rest: str, plain: str) -> str:
    """The text with its dates covered but for 今年, which an age stands with (今年才41)."""
    return re.sub("日日", lambda found: "今年" if plain[found.start() : found.end()] == "今年" else found[0], rest)


def _coming(said: str, value: Any, today: date) -> Any:
    """The end of a contract told without its year (12月31号到期): the next one when the last is more than half a year ago."""
    if len(str(value)) != 10 or re.search(r"[年\d]{4}|去|今|前|上", said):
        return value
    day = date.fromisoformat(value)
    leap = (day.month, day.day) == (2, 29)
    return value if leap or (today - day).days <= HALF_YEAR else day.replace(year=day.year + 1).isoformat()


def _left_over(plain: list[Mention], finer: list[Mention]) -> list[Mention]:
    """What the finer readings have not used up: a number or a date says one thing only."""
    taken = [(m.start, m.end) for m in finer if m.kind not in ("bool", "choice", "text", "people")]
    numeric = ("money", "duration", "count", "number", "date")
    kept = [m for m in plain if m.kind not in numeric or not any(a < m.end and m.start < b for a, b in taken)]
    shared = [m for m in finer if m.shared]  # 四万六，给了一万: what was paid is told beside what is left
    return kept + [m for m in plain if m not in kept and m.fact in BESIDE and _within(m, shared)]


def _within(mention: Mention, others: list[Mention]) -> bool:
    """Whether a mention stands inside of another one that says something else."""
    return any(o.start <= mention.start and mention.end <= o.end and o.fact != mention.fact for o in others)


def _doubt(text: str, mention: Mention) -> None:
    """Mark what nobody can work: more overtime in a month than it has waking hours."""
    monthly = re.search(r"(?:一个|每个?|当|这个|上个)月[^，。]{0,6}$", text[max(0, mention.start - 12) : mention.start])
    if mention.unit == "hours" and mention.value is not None and mention.value > MOST_OVERTIME and monthly:
        mention.flags["invalid"] = f"一个月加不了{mention.value}小时的班"


def _plain(text: str) -> tuple[str, list[int]]:
    """The text that is read (half-width, simplified, nothing unseen) and each character's raw place."""
    places = [place for place, char in enumerate(text[:LONGEST]) if char not in UNSEEN]
    return "".join(text[place] for place in places).translate(WIDE).translate(lexicon.traditional()), places


def _heard(written: str) -> str:
    """The text with misspelt and misheard words in their right form and clauses apart, as long as it was.

    Names are read without it.
    """
    return STOPS.sub("，", homophones.repair(_slips().sub(lambda found: lexicon.slips()[found[0]], written)))


@lru_cache(maxsize=1)
def _slips() -> re.Pattern[str]:
    """Known misspellings whose right form is as long, so that no place shifts."""
    pairs = [wrong for wrong, right in lexicon.slips().items() if len(wrong) == len(right)]
    return re.compile("|".join(map(re.escape, sorted(pairs, key=len, reverse=True))) or r"(?!)")


# -- dates ---------------------------------------------------------------------

HIRE_AFTER = re.compile(
    r"^(?!以来)[^，。,；;不要跟去]{0,5}(?:进[厂来店公的去]|进到?[^，。]{0,6}[厂店公司]|入职|(?<!下)(?<!以)来的|来[上做干]|来(?:到)?(?:这|厂|公司)|开始(?:在|上班|跟|给[^，。]{1,6}[做干]|到[^，。]{1,8}[做干上])|"
    r"起(?:在|就|任|于)|到[^，。]{0,8}(?:厂|公司|工地|店|这)[^，。]{0,3}(?:上班|干|做|的)|(?<!节)上班(?!路|时|途|\d|[一二两三四五六七八九十]+[天个]|[^，。]{0,10}(?:伤|[压砸摔撞切割夹轧断烫烧跌掉扭])|[，,]?(?:就|才)?(?:发现|看[到见]|一看|知道|[厂大]?门|保安|打卡|刷卡|不让|进不))|招进|入厂|就在|(?<!要)报到|到岗|入的职|上的班|去的(?=[，,。])|去的[^，。]{0,8}[厂店司地园队]|进去(?!看|拿|找|问)|"
    r"去[^，。]{0,8}(?:上班|做|干)(?![，,]?(?:就|才)?(?:发现|看[到见]|一看|知道|[厂大]?门|保安|打卡|刷卡|不让|进不))|跟着现在|过完年就来)|^起[^，。]{0,14}(?:任|做|干|上班|担任)"
    r"|^(?:一直)?(?:到|至|干到|做到|一直到?)(?:现在|今|目前|如今)(?![^，。]{0,3}结过)|^去的[^，。]{0,6}(?:做|当)"
)
HIRE_BEFORE = re.compile(r"(?<!日)(?:入职|进厂|进公司)(?:时间|日期)?[^，。]{0,3}(?:是|在|从|于|自)?$")
LEAVE_AFTER = re.compile(
    r"^(?:早上|晚上|下午|上午|就|又|突然|才|刚)*[^，。；;日]{0,14}(?:辞退|开除|离职(?!证明|手续)|走的|走人|走(?=[，,。；;了]|$)|离的职|[干做]完(?=[，,。；;]|$)|(?:是|为)?最后一(?:天|个?工作日)|离开|离的厂|离厂|叫我(?:走|不|别|明天|回家|滚)|让我走|通知我(?:走|不|别|被)|不用来|别来|不要我|赶我|"
    r"解除|(?<!仲)裁(?!缝|剪|决)|炒|被辞|被开|解雇|结束(?!后|以后)|踢出|终止(?!合同?纠)|不让(?:我|进|上班|干)|出厂|不干|辞工|辞职(?!信)|劝退|赶[走出]|协商解)"
)
LEAVE_NEAR = re.compile(LEAVE_AFTER.pattern.replace("{0,14}", "{0,6}", 1))
LEAVE_BEFORE = re.compile(
    r"(?:干到|做到|上到|工作到|离职|辞退|开除|离开|解除|终止|解雇)(?:时间|日期|日)?[^，。]{0,2}(?:是|在|于)?$|(?:辞退|开除)我?$"
)
INJURY_AFTER = re.compile(
    r"^[^。；;日]{0,18}(?:受(?:的|了)?伤|伤[的了到着]|摔|扭了?[腰脚手胳]|闪了?腰|扭伤|中暑|崴[了伤到]|跌[伤断倒下]|炸[伤断了]|砸伤|压[断伤到了]|被压|砸|轧|[撞夹割切烫烧砍碾绞扎刺][断伤到了掉着]?|触电|出事|出的事|"
    r"事故|车祸|掉下|骨折|晕倒|[手脚腿臂腕骨指]断|断了?[^，。\d]{0,3}[手脚腿臂腕骨指]|滑倒|(?:受|发生|出)了?(?:工伤|事故))"
)
INJURY_BEFORE = re.compile(r"(?:受伤|出事|事故|摔伤|工伤|受的伤)(?:时间|日期)?[^，。]{0,3}(?:是|在|于)?$")
RANGE = re.compile(
    r"^ *(?:一直)?(?:(?:入职|进厂|上班|进[^，。]{0,4}|起)[，,]? *(?:一直)?)?(?:到|至|~|—|-|–|干到|做到|上到|一直到|干至)[^，。日]{0,2} *$"
)
UNTIL = re.compile(r"^[，,]?[^，。日]{0,8}(?:做到|干到|上到)$")
NOT_HAPPENED = re.compile(
    r"(?:会不会|如果|要是|万一|准备|打算|想|能不能|可不可以|明年|下个?月|到时|等到|合同到|发|付清|打到?|还|结|签到|续到)[^，。]{0,4}$"
)
LATER = re.compile(
    r"^(?:之?前|以前|还|发(?!生)|付清|结清|到期|的?工资|开庭|起诉|签的?(?!离职)|才签|仲裁|打款|补|拿|的手术|做的手术|去法院|判|寄|退休|休|满)"
)


def _dates(text: str, found: list[dates.Found]) -> list[Mention]:
    made: list[Mention] = []
    for place, one in enumerate(found):
        if one.value is None and one.invalid is None:
            continue
        flags = {"invalid": one.invalid} if one.invalid else {}
        fact, weight = _date_fact(text, found, place)
        made.append(Mention(fact, "date", one.value, one.start, one.end, "date", flags, weight))
    return made


def _date_fact(text: str, found: list[dates.Found], place: int) -> tuple[str, int]:
    """The fact that a date gives and how sure: a span (做到), then what stands after it, then before."""
    one = found[place]
    before, after = text[max(0, one.start - 14) : one.start], text[one.end : one.end + 24]
    clause = re.split("[，。,；;！!？?\n]", before)[-1]
    following = found[place + 1] if place + 1 < len(found) else None
    previous = found[place - 1] if place else None
    if following and _job(text, one, following):
        return "hire_date", 3
    if previous and _ordered(previous.value, one.value):
        gap = text[previous.end : one.start]
        if _job(text, previous, one) or (UNTIL.match(gap[-12:]) and "日" not in gap):
            return "leave_date", 3
    if re.match("^[^，。]{0,2}(?:要(?!求)|想|打算|准备)", after) or NOT_HAPPENED.search(clause) or LATER.match(after):
        return "quantity", 1
    for fact, pattern_after, pattern_before in (
        ("hire_date", HIRE_AFTER, HIRE_BEFORE),
        ("leave_date", LEAVE_NEAR, LEAVE_BEFORE),
        ("injury_date", INJURY_AFTER, INJURY_BEFORE),
        ("leave_date", LEAVE_AFTER, LEAVE_BEFORE),
    ):
        if pattern_after.search(after) or pattern_before.search(clause):
            return fact, 2
    return "quantity", 1


NO_JOB = re.compile(
    r"^[^，。]{0,4}(?:才[签交开给买]|始终|一天没|交[了过]|没交|没签|还没|结过|休|住院|停|放假|请假|加班|整整|的(?:工资|加班|社保|钱))"
    r"|^[^。]{0,6}续到"
)
NOT_ONE = re.compile(r"(?:判|利息|停工|休|续|合同上?写|交到?)[^，。日]{0,12}$")


def _job(text: str, first: dates.Found, second: dates.Found) -> bool:
    """Whether two dates are the first and the last day of a job: 2022年5月1日干到2025年10月31日."""
    gap = text[first.end : second.start]
    if not _ordered(first.value, second.value) or not RANGE.match(gap):
        return False
    if re.search("[做干上入进]", gap):
        return True
    return not NO_JOB.match(text[second.end : second.end + 12]) and not NOT_ONE.search(text[: first.start])


def _ordered(first: str | None, second: str | None) -> bool:
    return bool(first and second and first[:7] <= second[:7])


# -- once each, and corrections ------------------------------------------------


def _once(mentions: list[Mention]) -> list[Mention]:
    """One mention of each fact: the surest, then the first; a number that loses stays undirected."""
    best: dict[str, Mention] = {}
    for mention in sorted(mentions, key=lambda m: m.start):
        if mention.fact == "quantity":
            continue
        held = best.get(mention.fact)
        if held is None or mention.weight > held.weight or _more(mention, held):
            best[mention.fact] = mention
    kept = []
    for mention in mentions:
        if mention.fact != "quantity" and best[mention.fact] is not mention:
            if mention.kind in ("bool", "choice", "text") or mention.value == best[mention.fact].value:
                continue
            mention.fact = "quantity"
        kept.append(mention)
    return kept


def _more(mention: Mention, held: Mention) -> bool:
    """A date that can be is better than one that cannot; of two wages the larger is the full one (not net, not base)."""
    if held.value is None:
        return mention.value is not None
    return mention.fact == "monthly_wage" and mention.weight == held.weight and mention.value > held.value


NOT_BUT = re.compile(
    r"不是(?P<no>[^，,。是]{1,16})[，,。 ]*(?:而?是|应该是|改成|我说的是|就是)(?P<yes>[^，,。]{1,20})"
    r"|(?:是|应该是)?(?P<yes2>[^，,。是不]{1,16})[，, ]?(?<!还)(?:不是|而不是)(?P<no2>[^，,。是吗]{1,16})$"
)
MENDS = re.compile(
    r"[说讲记写打弄搞点看]错了?[，,。 ]|更正|改成|(?:改|修改)一下|^(?:哎|等等|应该是|不对|不是)[，,。]?|纠正|前[面头]讲的|你(?:写|记)[成错]"
)
SHORT = 60  # characters of a message that mends an earlier one; a longer one tells a story


def _corrected(text: str, mentions: list[Mention]) -> list[Mention]:
    """Mark what corrects an earlier word; what is taken back (不是昨天) is dropped."""
    match = NOT_BUT.search(text)
    if match is not None:
        no, yes = ("no", "yes") if match["no"] else ("no2", "yes2")
        told = [m for m in mentions if match.start(yes) <= m.start < match.end(yes) and m.kind not in ("choice",)]
        if told:
            for mention in told:
                mention.flags["corrects"] = True
            return [m for m in mentions if not match.start(no) <= m.start < match.end(no) or m in told]
    if len(text) <= SHORT and MENDS.search(text):
        for mention in mentions:
            mention.flags["corrects"] = True
    return mentions


# -- in the light of a question ------------------------------------------------


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, Fact]:
    """The facts of facts.yml by identifier."""
    return _base().facts


@lru_cache(maxsize=1)
def _base() -> KnowledgeBase:
    return load(CONTENT)


@lru_cache(maxsize=1)
def _kinds() -> dict[str, tuple[str, str]]:
    """Type and unit of each fact."""
    return {fact.id: (fact.type, fact.unit) for fact in vocabulary().values()}


def asked_fact(question: str | None) -> str | None:
    """Which fact a question of ours (机器人：拖欠了几个月？) asks for, by the longest cue; None when it asks for none."""
    return asking.asked_fact(vocabulary(), question)


def applies_to_question(fact_id: str, mentions: Sequence[Mention], text: str, act: str = "inform") -> Any:
    """The value that a message gives to the fact that was asked, or None when it is no answer to it."""
    heard = matter.Heard(text=text, act=act, mentions=tuple(_told(m) for m in mentions))
    value = asking.answer(vocabulary()[fact_id], heard)
    return None if value is asking.UNKNOWN else value


def _told(mention: Mention) -> matter.Mention:
    flags = {k: v for k, v in mention.flags.items() if k in ("approx", "corrects", "invalid")}
    return matter.Mention(mention.fact, mention.kind, mention.value, mention.unit, mention.start, mention.end, **flags)
