"""Quick replies under the bot's question, so that a thumb is enough to answer; pages and API offer the same ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MOST = 8


def choices(answer: Mapping[str, Any] | None, kb: Any) -> list[str]:
    """Yes/no or the choices of the fact that `answer` ends by asking for, and 不知道; [] without a question.

    `kb` may be None while it is being loaded. An answer's own `choices` come first.
    """
    offered = (answer or {}).get("choices")
    if isinstance(offered, list):
        return [str(choice) for choice in offered][:MOST]
    fact = kb.facts.get((answer or {}).get("ask_next")) if kb is not None else None
    if fact is None:
        return []
    if fact.type == "bool":
        return ["有", "没有", "不知道"] if re.search("有没有|有吗|拿到了吗", fact.ask) else ["是", "不是", "不知道"]
    if fact.type == "choice":
        return [*list(fact.choices.values())[: MOST - 1], "不知道"]
    return ["不知道"]
