"""Numbers about people: how many they are, how old somebody is, the grade of an injury."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.components.mention import Around, Mention, around
from bot.components.numerals import Number

KIN = (
    r"(?:我|俺|本人|爸|妈|爹|娘|父|母|爷爷|奶奶|公公|婆婆|外公|外婆|岳父|岳母|叔叔?|伯|姑|姨|舅妈?|哥|弟|姐|妹|嫂子?|老公|老婆|"
    r"父亲|母亲|老爹|丈夫|妻子|爱人|对象|媳妇|儿子|女儿|闺女|侄子|侄女|侄儿|外甥|老头子?|老人|徒弟|他|她|女的?|男的?|人|孩子|师傅|阿姨)"
)
AGE_SURE = re.compile(
    rf"(?:今年|现年|年龄|(?:出事|受伤|事发|去世|进厂|入职)(?:的?时候?|那年|当时)|{KIN}(?:才|都|已经|人已经|刚满|快|是)?)(?:才|都|已经|刚满?|快)?$"
)
SEX = re.compile(r"(?:^|[，。, ])[男女](?:性|的|工)?[，,：: ]$")  # 女，50，
AGE_RIGHT = re.compile(r"^(?:周?岁)?(?:了|的人|[，。,！!？?;； ]|$|还|想|才|走了|去世)")
NOT_AGE_LEFT = re.compile(r"(?:超过|过了|未满|不满|以|收|满了?|到了?|一个|才到|在|招|限|不要)$")
NOT_AGE_RIGHT = re.compile(r"^(?:周?岁)?(?:以[上下]|往上|朝上|退休|就能|才能|那年|的时候|时|之前|前|到点|一个|以内|起)")
CROWD = (
    r"(?:(?<!走)人|工人|工友|兄弟|弟兄|老乡|员工|骑手|阿姨|姐妹|大姐|师傅|小工|学生|同学|孩子|技师|孕妇|女工|应届生|服务员|小妹|职工|"
    r"外地人|民工|农民工|保安|保洁|司机|老师|老太太|老人|老员工|裁缝|孕妈|工匠|女人|娘们|老头|瓦工|木工|焊工|受害人)"
)
HEADS = re.compile(
    rf"(?P<vague>[多来几]?)(?P<unit>个|名|位|口|号|来号|几号|来个|多个|多号|多名)?(?P<kind>(?![期年月天级岁家次条班线])[^，。\d个人]{{0,3}}?{CROWD})"
)
ALONE = re.compile(r"(?P<vague>[多来几])?个(?=[，。,！!？?；;]|$|跟|一起|给|帮|都|合|是|被|还|也|从|不|没|连|打|要|在)")
OURS = re.compile(
    r"(?:我们|咱们?|俺们?|一共|总共|共计?|大家|全体|全厂|全队|班组|班|车间|工地上?|宿舍|手下|手上|底下|带着?了?|队里|厂里|连我|工友有?|合伙|"
    r"老乡|兄弟|弟兄|姐妹|同事|同乡|欠了?|辞退|裁减?|欠我们|伙计|同村|还有|里面有?|招了?|雇了|裁撤|涉及员工|人员|这边|同去的还?有?|解除|打发|换掉|卷了|收了|原来的|公告|欠了)"
    r"(?:这|那|了|的|村里?|庄上|部门|小组|组|宿舍|食堂|店里?|一共|有|总共|共|都是|大概|差不多|将近|好几?|快|老乡|另外|工人|员工|就|连我|车间|她们|他们)*$"
)
THEIRS = re.compile(
    r"^(?:一起|都|没|合伙|的工资|的工钱|被|要|联名|受伤|倒|堵|罢工|每人|工资|坐着|围|去|在|从|干|说|先走|的血汗|分到|吐|伤|下批|现在|也|走|"
    r"全|欠|等|告|的钱|的\d|闹|签|怎么|$)"
)
NOT_CROWD = re.compile(
    r"(?:第|每|另[一外]?|一个|哪|其中|分成|有的|上面|只留|留|剩|裁了?不到|少报了|带头的?|以上|超过|过|满)$"
)
GRADE_ALONE = re.compile(r"[我刚才前面说错了不对应该是改为成评定的,，。、 ]*")  # 说错了，是八级
GRADE_NEAR = re.compile(
    r"评|鉴定|坚定|伤残|工伤|公伤|定[了成为]|残|能赔|的话|赔|伤|劳动能力|标准|解除|补|拿|老板|社保|厂|单位"
)
GRADE_ASKS = re.compile(r"(?:能|会|可以|够|够不够|到得了|评得上|起码|至少|能评|算)[^，。]{0,3}$")


def headcount(text: str, number: Number) -> Mention | None:
    """我们8个人, 十几个工友, 六十个工人, 我们三个: how many they are; None when nothing says that these are the people."""
    found = HEADS.match(text, number.end) or ALONE.match(text, number.end)
    if found is None or not 1 < number.value <= 100_000 or number.value != int(number.value):
        return None
    near = around(text, number.start, found.end())
    named = found.re is HEADS
    begins = not near.left and named
    if NOT_CROWD.search(near.left) or not (OURS.search(near.left) or (named and (begins or THEIRS.match(near.right)))):
        return None
    if not named and not OURS.search(near.left):
        return None
    flags = {"approx": True} if number.approx or found["vague"] else {}
    weight = 3 if re.search(r"我们|咱|一共|总共|连我", near.left) else 2
    return Mention("headcount", "count", int(number.value), number.start, found.end(), "people", flags, weight)


def grade(text: str, value: Decimal, start: int, end: int) -> Mention | None:
    """九级, 拾级; one outside of 1 to 10 is marked when the talk is of an injury."""
    near = around(text, start, end)
    close = near.before[-14:] + near.after[:14]
    if not (GRADE_NEAR.search(close) or GRADE_ALONE.fullmatch(near.before)):
        return None
    if not 1 <= value <= 10 or value != int(value):
        alone = GRADE_ALONE.fullmatch(near.before) and not near.after.strip("了的。！ ")
        sure = alone or re.search(r"工伤|伤残|评|鉴定|定了", near.before[-8:] + near.after[:6])
        wrong = {"invalid": "伤残等级只有一级到十级"}
        return Mention("injury_grade", "count", int(value), start, end, "grade", wrong) if sure else None
    if re.match(r"以上|风|台风|电工|焊工|工(?!伤)|技|建|证", near.right) or re.search(r"[建技初中高特几]$", near.left):
        return None
    asks = GRADE_ASKS.search(near.left)
    weight = 1 if asks else 3 if re.search(r"评|鉴定|定", near.left) else 2
    if asks and re.search(r"吗|不$|没有|够", near.right):
        return None
    return Mention("injury_grade", "count", int(value), start, end, "grade", {}, weight)


def age(text: str, value: int, start: int, end: int) -> Mention | None:
    """17岁, 56周岁: somebody's age, not a limit (满18岁, 60岁以上) and not a child's among several."""
    near = around(text, start, end)
    if not 10 <= value <= 100 or NOT_AGE_RIGHT.match(near.right):
        return None
    limit = NOT_AGE_LEFT.search(near.left)
    if (
        limit
        and not re.search(r"(?:今年|刚|才|已)满?$", near.left)
        and not re.search(rf"{KIN}(?:都|已经)?(?:到|满)了?$", near.left)
    ):
        return None
    weight = 3 if AGE_SURE.search(near.left) else 2
    return Mention("age", "count", value, start, end, "years_old", {}, weight)


def bare_age(text: str, number: Number, near: Around) -> Mention | None:
    """我62了, 我儿子17，, 今年四十四: an age without 岁."""
    value = number.value
    if number.approx or value != int(value) or not 14 <= value <= 99 or number.scaled:
        return None
    if re.search(
        r"(?:给|欠|付|差|扣|罚|发|补|到|交|花)(?:了|过|着)?(?:我|他|她|我们)?$", near.left
    ) or not AGE_RIGHT.match(near.after):
        return None
    aged = re.match(r"^了", near.after) and re.search(rf"(?:^|都|才|{KIN}|已经|快|现在|如今|将近)$", near.left)
    if not (AGE_SURE.search(near.left) or aged or SEX.search(near.before)):
        return None
    return Mention("age", "count", int(value), number.start, number.end, "years_old", {}, 2)
