"""Citations: "劳动合同法/47/1" is law/article/paragraph/item; how they are checked and written out in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from knowledge.parts import Article, LawText

DIGITS = "零一二三四五六七八九"
ARTICLE = r"(?P<article>\d+(?:之[一二三四五六七八九十]+)?)"
FORM = re.compile(rf"^(?P<law>[^/]+)(?:/{ARTICLE}(?:/(?P<para>\d+)(?:/(?P<item>\d+))?)?)?$")


def numeral(number: int) -> str:
    """一百二十, 十五, 二百零三, 一千一百九十二: the Chinese numeral of 1…9999."""
    thousands, number = divmod(number, 1000)
    if thousands:
        gap = "零" if 0 < number < 100 else ""
        small = ("一" if 10 <= number < 20 else "") + numeral(number) if number else ""
        return f"{DIGITS[thousands]}千{gap}{small}"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones or not number else "")


def split(citation: str) -> tuple[str, str | None, int | None, int | None]:
    """(law, article, paragraph, item) of a citation. Raises ValueError when it has another form."""
    match = FORM.match(citation)
    if match is None:
        raise ValueError(citation)
    para, item = match["para"], match["item"]
    return match["law"], match["article"], int(para) if para else None, int(item) if item else None


def article_name(article: str) -> str:
    """第四十七条, 第二百七十六条之一."""
    number, _, sub = article.partition("之")
    return f"第{numeral(int(number))}条" + (f"之{sub}" if sub else "")


def render(citation: str, laws: Mapping[str, LawText]) -> str:
    """《劳动合同法》第四十七条第一款; 第一款 is left out where there is one paragraph. Raises KeyError, ValueError."""
    law, article, para, item = split(citation)
    text = laws[law]
    if article is None:
        return text.cite_as
    known = text.articles[article]
    name = text.cite_as + article_name(article)
    if para is not None and known.paragraphs > 1:
        name += f"第{numeral(para)}款"
    if item is not None:
        name += f"第{numeral(item)}项"
    return name


def fault(citation: object, laws: Mapping[str, LawText], on: date) -> tuple[str, str] | None:
    """(what is wrong, what to write instead) with a citation on a day, or None when it is right.

    What never existed (没有), what has lapsed (失效, 废止) and what is still to come (才施行) are told apart.
    """
    try:
        law, article, para, item = split(str(citation))
    except ValueError:
        return f"“{citation}”不是引用的写法", "写成 劳动合同法/47/1（法律/条/款/项），之一写成 刑法/276之一"
    if law not in laws:
        near = [name for name in laws if law in name or name in law]
        hint = f"是不是“{near[0]}”？" if near else "先在 articles/ 里加上这部法律"
        return f"没有“{law}”这部法律", hint
    text = laws[law]
    if text.in_force_to is not None and text.in_force_to < on:
        return f"“{law}”废止于{_day_after(text.in_force_to)}，已经失效", f"改引 {text.replaced_by or '现行的规定'}"
    if on < text.in_force_from:
        return f"“{law}”{text.in_force_from}才施行，{on}还没有", "改引当时的规定"
    if article is None:
        return None if text.whole else (f"“{citation}”没有写第几条", f"写成 {law}/条号")
    known = text.articles.get(article)
    if known is None:
        return f"没有这一条：“{law}”里没有第{article}条", f"核对条号；确有这一条，就加到 articles/ 里“{law}”的文件"
    return _inside(str(citation), law, known, para, item, on)


def _not_on(citation: str, known: Article, on: date) -> tuple[str, str]:
    """The article exists, but not on that day: it has lapsed (or been renumbered), or it is still to come."""
    if known.to is not None and known.to < on:
        return f"“{citation}”废止于{_day_after(known.to)}（失效或改号）", f"改引 {known.replaced_by or '现行的条文'}"
    return f"“{citation}”{known.from_}才施行，{on}还没有", "改引当时的条文"


def _day_after(last: date) -> date:
    return last + timedelta(days=1)


def _inside(
    citation: str, law: str, known: Article, para: int | None, item: int | None, on: date
) -> tuple[str, str] | None:
    wording = known.at(on)
    if wording is None:
        return _not_on(citation, known, on)
    known = wording
    if para is None:
        return None
    if not 1 <= para <= known.paragraphs:
        items = known.items.get(1, 0)
        hint = f"第{para}项写成 {law}/{known.id}/1/{para}" if para <= items else f"这一条只有{known.paragraphs}款"
        return f"“{citation}”：第{known.id}条没有第{para}款", hint
    gone = known.repealed.get(para)
    if gone is not None and on >= gone:
        return f"“{citation}”废止于{gone}", f"改引 {known.replaced_by or '现行的条文'}"
    if item is not None and not 1 <= item <= known.items.get(para, 0):
        return f"“{citation}”：这一款没有第{item}项", f"这一款有{known.items.get(para, 0)}项，核对后再写"
    return None
