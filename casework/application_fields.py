"""What a legal-aid application asks, why each thing is asked, and what counts as an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from base import clock, money
from casework.errors import Refused

MATTERS = {
    "wages": "拖欠工资",
    "injury": "工伤赔偿",
    "both": "拖欠工资和工伤赔偿",
    "severance": "辞退补偿（N或2N）",
    "other": "别的事",
}
HIGHEST = Decimal(10_000_000)  # yuan
_WIDE = str.maketrans("０１２３４５６７８９Ｘｘ＋－（）　：", "0123456789Xx+-() :")


class Invalid(Refused):
    """An answer that cannot be taken; the message says kindly what is expected."""


@dataclass(frozen=True)
class Field:
    """One thing that is asked: `check` turns what was typed into the value kept, or raises Invalid."""

    id: str
    label: str
    ask: str
    why: str
    check: Callable[[str], Any]
    required: bool = False
    names: tuple[str, ...] = ()  # other words for the label, as used in 改电话 …

    def show(self, value: Any) -> str:
        """The value as the applicant reads it."""
        if isinstance(value, bool):
            return "是" if value else "否"
        if self.id == "matter":
            return MATTERS[value]
        return f"{money.show(Decimal(value))}元" if self.id == "amount" else str(value)


def plain(text: str) -> str:
    """Full-width digits and signs as ordinary ones, blanks at the ends gone."""
    return text.translate(_WIDE).strip()


def name(text: str) -> str:
    """2 to 20 characters of a name. Raises Invalid."""
    found = re.sub(r"^(?:我的?(?:姓名|名字)?[是叫]|我叫|姓名是?|名字[是叫]?|叫)[:\s]*", "", plain(text)).strip(
        "。.，, "
    )
    if not re.fullmatch(r"[^\W\d_]{2,20}|[^\W\d_][^\W\d_ ·.]*(?:[·. ][^\W\d_]+)+", found) or len(found) > 20:
        raise Invalid("姓名写2到20个字，跟身份证上一样，例如：王建国。")
    return found


def phone(text: str) -> str:
    """A Chinese mobile number, 11 digits. Raises Invalid."""
    digits = re.sub(r"[\s\-()]", "", plain(text))
    found = re.search(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9})(?!\d)", digits)
    if found is None:
        raise Invalid("手机号是11位数字，以1开头，请再看一眼。")
    return found.group(1)


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(text: str) -> str:
    """A resident identity number: 18 places, a real birthday, the right check digit. Raises Invalid."""
    found = re.search(r"(?<!\d)\d{17}[\dXx](?!\d)", re.sub(r"[\s\-]", "", plain(text)))
    if found is None:
        raise Invalid("身份证号是18位（最后一位可能是X）。手边没有就回复“以后补”。")
    number = found.group().upper()
    total = sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False))
    if number[17] != "10X98765432"[total % 11] or not _birthday(number[6:14]):
        raise Invalid("这个身份证号对不上，可能有一位打错了，请照着证件再打一遍。手边没有就回复“以后补”。")
    return number


def _birthday(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return date(1900, 1, 1) <= born <= clock.today()


def _text(shortest: int, longest: int, sentence: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        found = re.sub(r"\s+", " ", text).strip()
        if not shortest <= len(found) <= longest:
            raise Invalid(sentence)
        return found

    return check


def amount(text: str) -> str:
    """A sum in yuan: 13000, 13,000元, 1.3万, 1万3; kept as "13000.00". Raises Invalid."""
    digits = plain(text).replace(",", "").replace("，", "")
    found = re.search(r"(-|负)?(\d+(?:\.\d+)?)(万|[wW]|千|[kK])?(\d)?(?!\s*[\d年月日天号岁个人点])", digits)
    if found is None:
        raise Invalid("请写数字，例如：13000。不清楚就回复“不知道”。")
    try:
        value = Decimal(found.group(2)) * _unit(found.group(3))
        if found.group(3) and found.group(4):
            value += Decimal(found.group(4)) * _unit(found.group(3)) / 10
    except InvalidOperation:
        raise Invalid("请写数字，例如：13000。不清楚就回复“不知道”。") from None
    if found.group(1) or not 0 < value <= HIGHEST:
        raise Invalid("这个数不太对，请写您要的钱大约多少元，例如：13000。")
    return money.plain(money.yuan(value))


def _unit(mark: str | None) -> Decimal:
    return Decimal({None: 1, "万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000}[mark and mark.lower()])


_NO = re.compile(r"^(?:不是|不|否|没有|没|非农|城镇|城里|本地|2)|城镇户口|居民户口|非农")
_YES = re.compile(r"^(?:是|对|嗯|有|恩|好|农|1|yes|y)|农村|农业户口|乡下|农民工|老家")


def migrant_worker(text: str) -> bool:
    """Whether the applicant is a migrant worker. Raises Invalid."""
    words = plain(text).lower()
    if _NO.search(words):
        return False
    if _YES.search(words):
        return True
    raise Invalid("请回复“是”或“不是”。说不准就回复“不知道”。")


_MATTER_WORDS = (
    ("severance", re.compile(r"辞退|开除|补偿|赔偿金|经济补偿|2n|n\+1|双倍")),
    ("wages", re.compile(r"工资|欠薪|薪水|加班费|工钱|报酬")),
    ("injury", re.compile(r"工伤|受伤|伤残|工亡|职业病")),
)


def matter(text: str) -> str:
    """One of MATTERS, by its number (1 to 5), key or words. Raises Invalid."""
    words = plain(text).lower().strip("。. ")
    if words in MATTERS:
        return words
    if re.fullmatch(r"[1-5]", words):
        return list(MATTERS)[int(words) - 1]
    said = {key for key, pattern in _MATTER_WORDS if pattern.search(words)}
    if {"wages", "injury"} <= said or words in ("两样都有", "都有", "两个都有"):
        return "both"
    for key in ("injury", "wages", "severance"):
        if key in said:
            return key
    if re.search(r"别的|其他|都不是", words):
        return "other"
    raise Invalid("请回复数字：" + "，".join(f"{i} {label}" for i, label in enumerate(MATTERS.values(), 1)) + "。")


_MATTER_ASK = "您要办的是哪一种，回复数字：" + "，".join(f"{i} {v}" for i, v in enumerate(MATTERS.values(), 1)) + "？"
FIELDS: tuple[Field, ...] = (
    Field("matter", "要办的事", _MATTER_ASK, "好分给合适的律师", matter, True, ("事项", "什么事")),
    Field(
        "migrant_worker",
        "是不是农民工",
        "您是农村户口、出来打工的吗？回复“是”或“不是”。",
        "这关系到要不要看您的经济情况",
        migrant_worker,
        names=("农民工", "户口"),
    ),
    Field("name", "姓名", "您叫什么名字？", "申请要写真实姓名，跟身份证一样", name, True, ("名字",)),
    Field(
        "phone",
        "手机号",
        "您的手机号是多少？",
        "要打电话联系您，查进度也用它的后四位",
        phone,
        True,
        ("电话", "手机", "号码"),
    ),
    Field(
        "id_number", "身份证号", "您的身份证号是多少？", "核对身份用，没带就回复“以后补”", id_number, names=("身份证",)
    ),
    Field(
        "address",
        "现在的住址",
        "您现在住在哪里？",
        "通知书要寄到这里，不方便就回复“以后补”",
        _text(4, 100, "住址写4到100个字，例如：吴中区木渎镇某某路8号。不想写就回复“以后补”。"),
        names=("住址", "地址"),
    ),
    Field(
        "employer",
        "单位或老板",
        "单位（或者老板）叫什么名字？",
        "要知道找谁要钱，不知道全名也行",
        _text(2, 60, "写单位或者老板的名字，2到60个字。不清楚就回复“不知道”。"),
        names=("单位", "公司", "老板"),
    ),
    Field(
        "amount",
        "大约要多少钱",
        "您要的钱一共大约多少元？",
        "写个大概就行，律师会再算",
        amount,
        names=("金额", "数额", "多少钱", "钱数"),
    ),
    Field(
        "facts_text",
        "事情经过",
        "请简单说说事情经过：什么时候、在哪里、发生了什么？",
        "律师先看这一段",
        _text(5, 1000, "事情经过写5到1000个字就行。"),
        names=("经过", "情况"),
    ),
)
BY_ID = {field.id: field for field in FIELDS}


def check(field_id: str, text: str) -> Any:
    """The value of a field from what was typed. Raises Invalid; KeyError for a field that does not exist."""
    return BY_ID[field_id].check(text)
