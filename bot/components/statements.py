"""Plain statements of a message: no contract, no insurance, sent away, an IOU, a death, the town, the trade.

Phrases of the word lists (trades, places) are found by spaCy's EntityRuler over the raw characters; sentences by patterns.
What has not happened (会不会, 如果, 想辞退我) is not stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Span

from base.settings import ROOT
from bot.components import names
from bot.components.mention import Mention
from bot.components.phrases import BOOLS, CHOICES, DISMISSED, NO_REST, NOT_DISMISSED

LISTS = ROOT / "bot" / "lexicon" / "facts"
MAYBE = re.compile(
    r"(?:会不会|要是|如果|假如|万一|准备|打算|想要?|能不能|可不可以|可以|怕|担心|说要|威胁|要把|再不|敢|将要|会|能|吗|是否|有没有|应该|以后|的话|"
    r"何时|什么时候|怎么|怎样|再|才算|让不让|要不要|要|不能|不得|随便|随意|随时|等|逼|想逼|是不是|算不算|没(?!到|满|签|理由|活|单|订单|生意|事|[干做][完满])|不算)[^，。；;！!？?]{0,3}$"
)
ASKS = re.compile(r"^[^，。]{0,4}(?:吗|么|没有[?？]|没[?？]|才)|^(?:的话|怎么办才|要)")
IF = re.compile(r"(?:要是|如果|假如|假设|万一|倘若)[^，。]{0,6}$")
OWN_PAY = re.compile(r"(?:个人|自己|灵活就业|自费|自己花钱)[^，。公单厂]{0,6}$")
OTHER_PAPER = re.compile(
    r"(?:劳务(?!派遣)|承揽|租赁|租房|抵押|买卖|装修|借款|担保|购房|保险|服务|合作|加盟|承包|居间|中介|代理|培训|经纪)(?:合同|协议)"
)
COMPANY = re.compile(r"公司|单位|厂|老板")
NO_LABOUR = re.compile(
    r"租房|房东|租赁|买房|购房|买卖合同|借款|保险合同|房屋|离婚|车位|抵押合同|债主|装修(?:合同|签|定金|款)|贷款合同|旅游|婚庆"
)
BOSS = re.compile(r"(?:老板|东家|法人|房东|雇主)[^，。]{0,5}$")
OTHERS_LEFT = re.compile(r"(?:没有?|找|被|问|跟|和|叫|请|招|让|当成|去找|雇|隔壁)(?:了|个|一个|他)?$")
OTHERS_RIGHT = re.compile(r"^(?:说|讲|不让|把|拦|长(?!期)|专业|收入|签字|在场|费|查|告诉|拿来|问我|罚|老板|团队|作证)")
WORKS_AS = re.compile(r"(?:做|干|当|搞|是|学|从事)(?:了|过|着|的是?|一名|个|一个|点|大?[^，。！？]{1,4}[年月天]的?)?$")
HOME = "苏州"
WORKS_IN = re.compile(r"(?:在)$|^(?:我)?(?:是|在)?$")
WORKS_NEAR = re.compile(r"^市?[^，。]{0,8}(?:上班|打工|干活|工作|务工)")
WORKS_AT = re.compile(
    r"^市[，。]|^市?(?:这边|那边)?(?:某|一家|的?(?:公司|工厂|厂|工地|打工|上班|工作|干活|做工|务工|项目))"
)
LIVES_HERE = re.compile(r"(?:(?<![板头理东司])人(?:就|现在|一直|都)?|本人(?:就|现在|一直)?)在$")
I_AT = re.compile(r"我(?:就|现在|一直)?在$")
FROM_LEFT = re.compile(
    r"(?:注册(?:地)?(?:在|是)?|总部(?:在)?|总公司在?|老家在?|回|户口在?|从|来自|搬到?|搬去|迁到?|调到?|调去|寄到|去|转到|交在|社保在|是)$"
)
FROM_RIGHT = re.compile(r"^市?(?:人|来的|过来|老家|籍|户口|号|农村|那?的?老乡|开庭|银行|的[，。]|一个村)")
MINE_LEFT = re.compile(r"(?:我是|我做|做|干|当|本人|是|是个|我|，|^|的|岁|名|任|开|在)$")


@lru_cache(maxsize=1)
def ruler() -> Language:
    """A blank Chinese pipeline (characters as tokens) with an EntityRuler over the word lists."""
    nlp = spacy.blank("zh")
    patterns = []
    for line in _lines("places.txt"):
        word, _, name = line.partition("=")
        patterns.append({"label": "city", "pattern": word, "id": name or "苏州"})
    for line in _lines("trades.txt"):
        word, _, name = line.partition("=")
        bare = word.rstrip("~")
        mark = "~" if word != bare else ""
        patterns.append({"label": "trade", "pattern": bare, "id": mark + (name or bare)})
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    return nlp


def _lines(name: str) -> list[str]:
    text = (LISTS / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def read(text: str, told: str | None = None) -> list[Mention]:
    """Each statement of a half-width text as a mention; `told` is the text before its dates were covered, if they were."""
    made = [*_bools(text), *_choices(text), *_dismissed(text), *_named(text)]
    rest = NO_REST.search(text)
    if rest is not None and not re.search(r"年假|病假|产假|婚假", text[max(0, rest.start() - 4) : rest.end() + 4]):
        made.append(Mention("rest_days", "count", 0, rest.start(), rest.end(), "days/month"))
    firm = names.employer(told or text)
    if firm is not None:
        made.append(Mention("employer_name", "text", "".join(firm.text.split()), firm.start, firm.end, "text"))
    return made


def _named(text: str) -> Iterator[Mention]:
    """Places and trades of the word lists; a trade weighs more where it is the speaker's and the longer it is."""
    for entity in ruler()(text).ents:
        fact = "city" if entity.label_ == "city" else "trade"
        weight = _trade_weight(text, entity) if fact == "trade" else _place_weight(text, entity)
        if weight > 0:
            start, end = entity.start_char, entity.end_char
            yield Mention(fact, "text", entity.ent_id_.lstrip("~"), start, end, "text", {}, weight)


def _trade_weight(text: str, entity: Span) -> int:
    left, right = text[max(0, entity.start_char - 4) : entity.start_char], text[entity.end_char : entity.end_char + 4]
    if OTHERS_RIGHT.match(right) or OTHERS_LEFT.search(left) or entity.ent_id_ == "-":
        return 0
    if entity.label_ == "stuff" and not WORKS_AS.search(text[max(0, entity.start_char - 12) : entity.start_char]):
        return 0
    if entity.text == "老师" and (right[:1] in "你您好，。,请" or not left):
        return 0
    if entity.ent_id_.startswith("~"):
        return 1
    return 1 + len(entity.text) + (2 if MINE_LEFT.search(left) else 0)


def _place_weight(text: str, entity: Span) -> int:
    """Our own city is the likely one; another counts where somebody works, not where somebody is from or something moves."""
    left, right = text[max(0, entity.start_char - 6) : entity.start_char], text[entity.end_char : entity.end_char + 14]
    if LIVES_HERE.search(left) or (I_AT.search(left) and WORKS_NEAR.match(right)):
        return 3
    if entity.ent_id_ == HOME:
        return 2
    left = left[-4:]
    works = WORKS_IN.search(left) or WORKS_AT.match(right)
    return 1 if works and not FROM_LEFT.search(left) and not FROM_RIGHT.match(right) else 0


def _bools(text: str) -> Iterator[Mention]:
    seen: set[str] = set()
    for fact, value, pattern, guarded in BOOLS:
        if fact in seen or (fact == "has_contract" and NO_LABOUR.search(text)):
            continue
        for match in pattern.finditer(text):
            if guarded and MAYBE.search(text[max(0, match.start() - 10) : match.start()]):
                continue
            if value and ASKS.match(text[match.end() : match.end() + 8]):
                continue
            if IF.search(text[max(0, match.start() - 10) : match.start()]) or _of_another(fact, value, match):
                continue
            if fact == "death" and BOSS.search(text[max(0, match.start() - 8) : match.start()]):
                continue
            seen.add(fact)
            yield Mention(fact, "bool", value, match.start(), match.end(), "bool")
            break


def _of_another(fact: str, value: bool, match: re.Match[str]) -> bool:
    """Whether it is said of something else: another paper than the labour contract, insurance that somebody pays alone."""
    if not value or fact not in ("has_contract", "insured"):
        return False
    before = match.string[max(0, match.start() - 10) : match.start()]
    if fact == "insured":
        return bool(OWN_PAY.search(before) and not COMPANY.search(before))
    return bool(OTHER_PAPER.search(match.string[max(0, match.start() - 4) : match.end() + 2]))


def _dismissed(text: str) -> Iterator[Mention]:
    """Sent away, when it has happened; false when the speaker says that it was the speaker's own wish."""
    own = NOT_DISMISSED.search(text)
    for pattern in DISMISSED:
        for match in pattern.finditer(text):
            if MAYBE.search(text[max(0, match.start() - 8) : match.start()]) or ASKS.match(text[match.end() :][:8]):
                continue
            if own is None or not own.start() <= match.start() < own.end():
                yield Mention("dismissed", "bool", True, match.start(), match.end(), "bool")
                return
    if own is not None:
        yield Mention("dismissed", "bool", False, own.start(), own.end(), "bool")


def _choices(text: str) -> Iterator[Mention]:
    seen: set[str] = set()
    for fact, value, pattern in CHOICES:
        if fact in seen:
            continue
        match = pattern.search(text)
        if match is not None and (fact == "role" or not MAYBE.search(text[max(0, match.start() - 8) : match.start()])):
            seen.add(fact)
            yield Mention(fact, "choice", value, match.start(), match.end(), "choice")
