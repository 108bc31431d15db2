"""Who must pay wages: everybody who can be asked for them, by how the work was handed down (procedures/payers.yml).

保障农民工工资支付条例 17–22, 29, 30, 36, 37: 建设单位 → 总包 → 分包 → 包工头; lent names, dispatch, closed and merged
firms; 法释〔2025〕12号 3: related firms. These rules reach wages, not severance or the second wage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from knowledge.claims.working import EMPLOYER, Claim, Working

# employer_kind (facts.yml) → the situation that it stands for while nobody has said how the work was handed down
PLACES = {"site": "site"}
HOME = "home"


@dataclass(frozen=True)
class Payer:
    """One who can be asked. `how`: first (pays at once, recovers from others) | own | limited | joint | also."""

    who: str
    how: str
    say: str
    citations: tuple[str, ...]


@dataclass(frozen=True)
class Payers:
    """Who pays in a situation: in a few words, why, and everybody in the order of asking."""

    summary: str
    say: str
    citations: tuple[str, ...]
    everybody: tuple[Payer, ...]
    only_wages: bool
    confirmed: bool


def payers(w: Working) -> Payers | None:
    """Who pays, by `employer` (or the place of work); None where there is nothing beside the employer."""
    rows = w.law.kb.procedures.get("payers", {}).get("rows", ())
    kind = w.text("employer") or PLACES.get(w.text("employer_kind") or "")
    row = next((r for r in rows if kind == r["employer"] or kind in r.get("also", ())), None)
    return None if row is None else _read(row)


def _read(row: Mapping[str, Any]) -> Payers:
    everybody = tuple(Payer(p["who"], p["how"], p["say"], tuple(p["cite"])) for p in row["pays"])
    confirmed = row.get("status", "confirmed") == "confirmed"
    return Payers(row["summary"], row["say"], tuple(row["cite"]), everybody, row.get("only_wages", False), confirmed)


def payer(w: Working) -> str:
    """The payer in a few words; why, the articles and the cautions go to `w`."""
    found = payers(w)
    if found is None:
        w.basis("arrears.wages")
        if w.text("employer_kind") == HOME:
            w.caution(w.basis("arrears.household"))
        return EMPLOYER
    if w.text("employer"):
        w.step(found.say)
    else:
        w.basis("arrears.wages")
        w.caution(found.say)
    w.cited += [c for c in found.citations if c not in w.cited]
    if found.only_wages:
        w.caution("这条路只管工资，补偿和双倍工资还是找招您的单位")
    if not found.confirmed:
        w.caution("谁一起负责，以顾问确认为准", doubtful=True)
    return found.summary


def with_payers(claim: Claim, w: Working) -> Claim:
    """The claim with the list of everybody who can be asked (`extra["payers"]`), where there is one."""
    found = payers(w)
    if found is None:
        return claim
    listed = [{**asdict(p), "citations": list(p.citations)} for p in found.everybody]
    return replace(claim, extra={**claim.extra, "payers": listed})
