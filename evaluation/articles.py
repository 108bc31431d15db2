"""Article lists as lawyers write them (劳动合同法第四十六条、第四十七条第一款) as our citations, and compared."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.citing import numeral

NUMBER = {numeral(n): n for n in range(1, 1000)}
PLACE = re.compile(r"第([零一二三四五六七八九十百]+)(条(?:之[一二三四五六七八九十]+)?|款|项)")


def citations(text: str) -> list[str]:
    """["劳动合同法/46", "劳动合同法/47/1", …].

    A law without an article stands alone; an item without a paragraph lies in the first.
    """
    found: list[str] = []
    law, article = "", ""
    for part in re.split(r"[；;、]", re.sub(r"（[^）]*年[^）]*）|（令第[^）]*）", "", text)):
        places = PLACE.findall(part)
        name = PLACE.split(part, maxsplit=1)[0].strip()
        if name.startswith("《") and name.endswith("》"):
            name = name[1:-1]
        if name:
            law, article = name, ""
        if not places:
            found.append(law)
            continue
        steps = {"条": "", "款": "", "项": ""}
        for count, kind in places:
            steps[kind[0]] = f"{NUMBER[count]}{kind[1:]}"
        article = steps["条"] or article
        found.append("/".join([law, article, *_inside(steps["款"], steps["项"])]))
    return found


def _inside(para: str, item: str) -> list[str]:
    return [para or "1", item] if item else [para] if para else []


def covered(expected: Iterable[str], ours: Iterable[str]) -> bool:
    """Whether every expected citation is among ours, ours being equal or more precise."""
    have = list(ours)
    return all(any(h == e or h.startswith(e + "/") for h in have) for e in expected)
