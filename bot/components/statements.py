"""Plain statements of a message: no contract, no insurance, sent away, an IOU, a death, the town, the trade.

Phrases of the word lists (trades, places) are found by spaCy's EntityRuler over the raw characters; sentences by patterns.
What has not happened (会不会, 如果, 想辞退我) is not stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import spacy
from spacy.language import Language

from base.settings import ROOT

LISTS = ROOT / "bot" / "lexicon" / "facts"
Stated = tuple[str, str, Any, int, int, str]
MAYBE = re.compile(
    r"(?:会不会|要是|如果|假如|万一|准备|打算|想要?|能不能|可不可以|可以|怕|担心|说要|威胁|要把|再不|敢|将要?|会|能|吗|是否|有没有|应该|以后|的话|凭什么|何时|什么时候|怎么|让不让|要不要|不能|不得|随便|随意|随时|就)[^，。；;！!？?]{0,4}$"
)
_R = re.compile
NO_LABOUR = _R(r"租房|房东|租赁|买房|购房|装修|买卖|借款|保险合同|房屋|离婚|车位")

BOOLS: tuple[tuple[str, bool, re.Pattern[str], bool], ...] = (
    # fact, value, pattern, whether words of possibility before it make it void
    ("has_contract", False, _R(r"没(?:有)?(?:给|跟|和|与|同)?(?:我们?|他|她|公司|单位|厂里|大家)?(?:签订?|订|写)(?:过|任何|书面|劳动|劳务|正式|用工)*的?合同"), False),
    ("has_contract", False, _R(r"没(?:有)?(?:任何|书面|劳动|劳务|正式|用工)*合同"), False),
    ("has_contract", False, _R(r"合同(?:也|都|又|一直|从来|啥的|什么的)*(?:没有?(?:签|订|给|写)?|未签|不签|没)(?!到期|到|期)"), False),
    ("has_contract", False, _R(r"(?:不|未|拒绝|不肯|不给|不跟|一直不|从不|从没|无)(?:肯|愿|给|跟|和|与)?(?:我们?|他|她|大家)?(?:签订?|订)?(?:过|任何|书面|劳动|正式)*合同(?!工)"), False),
    ("has_contract", True, _R(r"(?:签订?|订|续签?)(?:了|的|过|有|好|着)(?:[^，。没不]{0,10})?合同"), True),
    ("has_contract", True, _R(r"(?:合同)(?:[^，。没不]{0,6})?(?:到期|期满|到头|还有|写的|写着|上写|里写|里面写|约定|是[一二三四五两\d]+年)"), False),
    ("has_contract", True, _R(r"(?:有|我是签)(?:书面|劳动|正式)*合同(?!吗|没)|合同(?:也|都|是)?(?:签了|签过|有的|有$)|跟[^，。]{1,8}签的(?:劳动|书面)?合同|合同签的|合同是[^，。]{0,8}签"), False),
    ("insured", False, _R(r"没(?:有)?(?:给|帮|替|跟)?(?:我们?|他|她|大家|员工|工人|职工)?(?:们)?(?:交|缴|买|上|办|参)(?:过|纳|加|的)?(?:任何|工伤|养老)?[^，。有]{0,5}(?:社保|保险|五险|工伤险|三险|社会保险)"), False),
    ("insured", False, _R(r"(?:社保|工伤保险|保险|五险(?:一金)?|工伤险|社会保险)(?:也|都|一直|从来|根本|压根|啥的|费)*(?:没|未|不|断)(?:有)?(?:给|帮|替)?(?:我们?|他|她|大家)?(?:交|缴|买|上|办|参|有|$|[，。])"), False),
    ("insured", False, _R(r"(?:不|未|从没|从未|拒绝|不肯|没)(?:给|帮|替|愿)?(?:我们?|他|她|大家|员工)?(?:交|缴|买|上|缴纳)(?:社保|保险|五险|工伤保险|工伤险|社会保险)"), False),
    ("insured", False, _R(r"(?:没有?|无)(?:任何)?(?:社保|五险|工伤保险|工伤险|保险)(?!卡|局)"), False),
    ("insured", True, _R(r"(?:交|缴|买|上)(?:着|了|过|有|的有)(?:[^，。没]{0,5})?(?:社保|五险|工伤险|工伤保险)"), True),
    ("insured", True, _R(r"(?:社保|工伤保险|工伤险|五险)(?:是|都|一直|有)?(?:在)?(?:交|买|缴|上)(?:了|着|的|过)(?!吗)|有(?:社保|工伤保险|工伤险|五险)(?!吗|没)|交了(?:的|[，,]?厂里)"), False),
    ("dismissed", True, _R(r"(?:被|把我|把他|把她|给我|将我)[^，。]{0,8}?(?:辞退|开除|辞掉|辞了|炒了?|炒鱿鱼|裁了?|裁员|裁掉|赶走|赶出|撵走?|撵|劝退|解雇|解除|开掉|开了|踢出)"), True),
    ("dismissed", True, _R(r"(?:辞退|开除|解雇|劝退|裁|炒)(?:了|掉)(?:我|他|她|我们|[^，。]{0,4}$|[，。])|(?:辞退|开除|解雇|辞掉|赶走|裁掉)(?:我|我们|他|她)(?!吗|的话|要|得|就|怎么|需|是不是)"), True),
    ("dismissed", True, _R(r"(?:叫|让|喊|通知)(?:我|他|她|我们|俺)?(?:[^，。]{0,6})?(?:明天|后天|今天|以后|马上|立刻|下个?月)?(?:起|就|开始)?(?:不用|别|不要|甭|莫|勿)(?:再)?(?:来|去|上班|干)"), True),
    ("dismissed", True, _R(r"(?:叫|让|喊|要)(?:我|他|她|我们|俺)(?:[^，。]{0,4})?(?:走人|滚蛋|滚|卷铺盖|收拾东西|走了|另谋|另找|回家(?!等|休|养))"), True),
    ("dismissed", True, _R(r"(?:不|没)(?:再)?(?:要|用)(?:我|他|她|我们|俺)(?:们)?(?:了|干|做|[，。]|$)|不让(?:我|他|她|我们)?(?:再)?(?:干了?|上班了?|做了|进厂|进门|来了)|(?:明天|以后)(?:起|就)?(?:不用|别)(?:再)?来(?:上班)?了?"), True),
    ("dismissed", True, _R(r"(?:单方面?|突然|口头|违法|无故)(?:面)?(?:就)?(?:被)?(?:解除|辞退|开除|解雇)|(?:发|收到|给)了?(?:我)?[^，。]{0,6}(?:解除|辞退|开除)(?:通知|证明|函)"), True),
    ("in_service", True, _R(r"(?:还|仍|现在还|目前还|现在)在(?:那|这|厂|里面|公司|工地|单位|职)?[^，。]{0,4}(?:上班|干|做|职)(?!活的时候)"), False),
    ("death", True, _R(r"(?:死了|死亡|去世|身亡|没抢救过来|过世|工亡|抢救无效|人没了|人走了|当场死|没救过来|猝死|遇难)"), True),
    ("injury_recognized", True, _R(r"(?:认定(?:工伤)?(?:书)?(?:已经|也)?(?:下来|出来|拿到|认定了|做了|批了|通过|好了|过了))|(?:已经?|被|也)(?:认定)(?:为|成|是|了)?(?:工伤)?|工伤(?:已经|也)?认定(?:了|好|完|为|下)|认定(?:了|为|成)工伤|认定过工伤"), True),
    ("injury_recognized", False, _R(r"(?:没|未|不给|没有)(?:给)?(?:我)?(?:做|办|申请|去)?(?:过)?(?:工伤)?认定(?!书上)|不(?:予)?认定(?:为)?工伤|没报工伤|工伤(?:也|都)?没(?:认定|报)"), False),
    ("has_iou", False, _R(r"没(?:有)?(?:给|打|写)?(?:过|我)?(?:任何|书面|张)?(?:欠条|借条|白条|条子)|(?:欠条|借条|条子)(?:也|都)?没(?:有|打|写)?|不(?:肯|给|愿)(?:打|写)(?:欠条|条子)"), False),
    ("has_iou", True, _R(r"(?:打|写|给|开|有|签|补|拿)(?:了|过|的|下|着)?(?:我|一?张|个|[^，。没不]{0,6})?(?:欠条|借条|白条|欠据|结算单)|(?:欠条|借条|白条|条子)(?:上|写|里|打|也有|是|我有|还在|都)"), True),
    ("platform", True, _R(r"外卖|骑手|网约车|滴滴|美团|饿了么|货拉拉|闪送|跑单|众包|站点|代驾|同城配送|专送|接单平台|平台派单"), False),
    ("student", True, _R(r"大学生|在校|暑假工|寒假工|实习|还在(?:上学|读书)|毕业证还没|暑假(?:打|在|去)|寒假(?:打|在|去)|学校安排|职校|中专|大[三四]|勤工"), False),
    ("pregnant", True, _R(r"怀孕|怀了|孕期|孕妇|产假|哺乳|有喜|坐月子|保胎|怀二胎|生完孩子|喂奶"), False),
    ("judged", True, _R(r"(?:法院|仲裁|官司)[^，。]{0,6}(?:判了|判下来|裁决|赢了|判决)[^，。]{0,2}|判(?:下来|决书?(?:下来|生效|拿到))|裁决书?(?:下来|生效|拿到|出来)|胜诉"), True),
    ("threat_received", True, _R(r"(?:威胁|恐吓)(?:我|说|我们|要)|放话|要打我|找人(?:打|收拾|弄)我|让我[^，。]{0,6}混不下去|弄死我"), False),
    ("wants_human", True, _R(r"转人工|人工客服|人工服务|找(?:个)?(?:真人|律师|人工)|真人"), False),
)  # fmt: skip
CHOICES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("leave_way", "expired", _R(r"合同[^，。]{0,6}(?:到期|期满|到头)[^，。]{0,6}[，,]?[^，。]{0,8}(?:不续|没续|不再续|不签|没签|不给续|让我走|走人)|(?:到期|期满)[^，。]{0,4}(?:不续|不再续|终止|没续)|不续签了?|不续(?:约|了)|不续合同")),
    ("leave_way", "closed", _R(r"(?:厂|店|公司|单位|工厂|饭店|企业)(?:子|里)?(?:[^，。]{0,6})?(?:倒闭|关门(?!时|口)|关了|关厂|关停|解散|停产|破产|注销|关张|歇业)")),
    ("leave_way", "forced_wages", _R(r"(?:因为?|由于)[^，。]{0,6}(?:拖欠|欠薪|欠工资|不发工资|没发工资|拖工资)[^，。]{0,8}[，,]?[^，。]{0,4}(?:辞职|离职|走|不干|解除)|被迫(?:离职|辞职|解除)|以拖欠工资为由|因为拖欠工资解除")),
    ("leave_way", "forced_insurance", _R(r"以?(?:没|未|不)(?:给)?(?:我)?(?:交|缴|买)社保为由|因为?[^，。]{0,4}(?:没|未|不)(?:交|缴)社保[^，。]{0,4}(?:辞职|离职|走)")),
    ("leave_way", "agreed_employer", _R(r"(?:公司|单位|厂里|老板|人事|他们)[^，。]{0,6}(?:提出|要|说|想)?(?:跟我|和我|与我)?协商(?:一致)?(?:解除|离职|走)|提出协商")),
    ("leave_way", "resigned", _R(r"(?:我)?(?:自己|主动|自愿)(?:提出?|写|要|打|递|申请)?(?:了|的)?(?:辞职|离职|辞工|不干了|走的|走了)|我(?:已经)?(?:辞职|辞工|离职|不干|提了离职|提了辞职)了|(?:提|递|打|写)了?(?:辞职|离职|辞工)(?:信|报告|申请|书|单)")),
    ("leave_way", "retired", _R(r"(?:到|满|办|过)了?(?:退休年龄|退休手续)|办(?:了)?退休|退休了")),
    ("dismissal_reason", "trial", _R(r"试用期?[^，。]{0,10}(?:不合格|不符合|没通过|不通过|不行|不合适|辞|开除|不要)|不符合录用条件")),
    ("dismissal_reason", "misconduct", _R(r"(?:说|以|因为?|理由)[^，。]{0,8}(?:违反|违纪|旷工|迟到|打架|睡觉|偷|顶撞|严重失职|不服从|抽烟)[^，。]{0,10}|(?:严重)?违(?:反|纪)[^，。]{0,8}(?:开除|辞退|解除)")),
    ("dismissal_reason", "incompetent", _R(r"不(?:能)?胜任|(?:说|嫌)(?:我|他|她)?(?:能力|干不了|动作慢|手脚慢|业绩|效率|干得慢|做得慢|年纪大)")),
    ("dismissal_reason", "no_work", _R(r"(?:说|以|因为?|理由)[^，。]{0,6}(?:没活|没订单|没单|效益|生意(?:不好|淡)|亏损|人多|减员|裁员|部门撤|岗位取消|优化|业务调整|经济)|岗位取消|部门撤销|经济性裁员")),
    ("dismissal_reason", "relocation", _R(r"(?:厂|公司|单位|车间)[^，。]{0,4}(?:搬|迁)(?:到|去|走|迁|厂)")),
    ("dismissal_reason", "illness", _R(r"(?:生病|住院|病假|得了[^，。]{0,6}病|医疗期)[^，。]{0,12}(?:辞|开除|解除|不要我|赶)")),
    ("dismissal_reason", "none", _R(r"(?:没有?(?:给|说)?(?:任何|什么|一个)?(?:理由|原因)|什么理由(?:也|都)没|没理由|不说理由|无缘无故|无故|没(?:有)?说为什么)")),
    ("role", "contractor", _R(r"我(?:就)?是(?:个|一个|小)?(?:包工头|带班的|班组长|工头)|我(?:手上|手下|底下|下面|带了?|领着?)[^，。]{0,6}(?:工人|个人|弟兄|兄弟|班组|民工)|我包(?:了|的)(?:一|个|点)?[^，。]{0,6}(?:活|工程)|包工头(?:也|自己)")),
    ("role", "employer", _R(r"我司|我公司(?:招|的员工|有个?员工)|我们(?:公司|厂|店|单位|物业)(?:招|的?员工|有个?员工|要|想|该|应|认为|是不是该|需要)|我(?:是|开了?|经营)(?:一?家|个|的)?[^，。]{0,6}(?:老板|公司的?人事|hr|HR|法人|店主)|我开(?:了)?(?:一?家|个)[^，。]{0,8}(?:店|厂|公司)|员工(?:告|起诉|仲裁|把)我们|用人单位应")),
    ("employer_kind", "site", _R(r"工地|项目部|总包|盖楼|脚手架|塔吊|钢筋|砌墙|劳务班组|施工队|包工头")),
    ("employer_kind", "shop", _R(r"饭店|饭馆|餐馆|奶茶店|火锅店|超市|理发店|小店|早餐店|面馆|早点铺|洗车店|网吧|酒店")),
    ("employer_kind", "home", _R(r"保姆|月嫂|家政|住家|东家|雇主家|给(?:人|一户|邻居|私人)家?(?:带孩子|看孩子|做饭|装修|盖房)|私人家")),
    ("employer_kind", "platform", _R(r"外卖|骑手|网约车|滴滴|美团|饿了么|众包")),
    ("employer_kind", "agency", _R(r"劳务派遣|派遣工|派遣公司|派遣员工|劳务公司")),
    ("employer_kind", "factory", _R(r"进厂|厂里|工厂|车间|流水线|电子厂|服装厂|五金厂|注塑厂|公司")),
)  # fmt: skip
EMPLOYER = _R(
    r"(?:在|给|叫|是|被|跟|和|与|告|^)(?P<name>(?:苏州|江苏|上海|吴中|昆山)[^，。、\s的我在]{2,16}?(?:有限公司|公司|厂))|(?P<full>[^，。、\s的我在叫是]{2,18}有限(?:责任)?公司)"
)


@lru_cache(maxsize=1)
def ruler() -> Language:
    """A blank Chinese pipeline (characters as tokens) with an EntityRuler over the word lists."""
    nlp = spacy.blank("zh")
    patterns = [{"label": "city", "pattern": word, "id": "苏州"} for word in _lines("places.txt")]
    for line in _lines("trades.txt"):
        word, _, name = line.partition("=")
        patterns.append({"label": "trade", "pattern": word, "id": name or word})
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    return nlp


def _lines(name: str) -> list[str]:
    text = (LISTS / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def read(text: str) -> Iterator[Stated]:
    """(fact, kind, value, start, end, unit) of each statement in a half-width text."""
    yield from _bools(text)
    yield from _choices(text)
    for entity in ruler()(text).ents:
        yield entity.label_, "text", entity.ent_id_, entity.start_char, entity.end_char, "text"
    name = EMPLOYER.search(text)
    if name is not None:
        group = "name" if name["name"] else "full"
        yield "employer_name", "text", name[group], name.start(group), name.end(group), "text"


def _bools(text: str) -> Iterator[Stated]:
    seen: set[str] = set()
    for fact, value, pattern, guarded in BOOLS:
        if fact in seen or (fact == "has_contract" and NO_LABOUR.search(text)):
            continue
        for match in pattern.finditer(text):
            if guarded and MAYBE.search(text[max(0, match.start() - 10) : match.start()]):
                continue
            if value and re.match(r"^[^，。]{0,4}(?:吗|么|没有[?？]|没[?？])", text[match.end() :]):
                continue
            seen.add(fact)
            yield fact, "bool", value, match.start(), match.end(), "bool"
            break


def _choices(text: str) -> Iterator[Stated]:
    seen: set[str] = set()
    for fact, value, pattern in CHOICES:
        if fact in seen:
            continue
        match = pattern.search(text)
        if match is not None and not MAYBE.search(text[max(0, match.start() - 8) : match.start()]):
            seen.add(fact)
            yield fact, "choice", value, match.start(), match.end(), "choice"
