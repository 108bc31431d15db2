"""Doors with price tags: which ways to one's right fit a matter, which come first, which are closed and why.

What a door costs, how long it takes and when it is closed is content (content/doors); here it is only chosen and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.answer import CIRCLED, LIMIT, Section, cites, fill, fit
from knowledge.law import Law
from knowledge.nearest import nearest
from knowledge.parts import Closed, Door, Place, published
from knowledge.patterns import compiled
from knowledge.release import KnowledgeBase

ANY = "any"  # a door for every kind of claim
CLAIMS = "claims"  # in a condition: not a fact, but the kinds of claim that are wanted
SHOWN = 3  # doors in one answer, and reasons why others are closed
LATER = 100  # added to the rank of a special door while nobody knows what is claimed
NEAR = 0.35  # from this score on a question is about a door; chosen with tests/cases/doors.yml


@dataclass(frozen=True)
class OpenDoor:
    """A door as it stands for a matter: open, or closed with the sentence why and the articles of that sentence."""

    door: Door
    open: bool
    why_closed: str
    rank: int  # 0 when it is made for just these facts, else the door's own: the lower, the sooner
    basis: tuple[str, ...] = ()


def doors(kb: KnowledgeBase, values: Mapping[str, Any], kinds: Iterable[str], today: date) -> list[OpenDoor]:
    """The doors for the wanted kinds of claim (all doors when there is none): the best first, the closed ones last."""
    law, wanted = Law(kb), tuple(kinds)
    found = [_look(door, values, wanted, law, today) for door in published(kb.doors.values()) if _is_for(door, wanted)]
    return sorted(found, key=lambda d: (not d.open, d.rank, d.door.rank))


def which(kb: KnowledgeBase, text: str) -> Door | None:
    """The door that a question asks about, None when it asks about none."""
    name, score = nearest(((d.id, d.name, d.asks) for d in published(kb.doors.values())), text)
    if score >= NEAR:
        return kb.doors[name]
    words = kb.procedures["guides"]
    if len(text) > words["price_most"] or not compiled(words["asks_price"]).search(text):
        return None
    said = _named(text, words["named"])
    return kb.doors[said[0]] if len(said) == 1 else None


def _named(text: str, rows: Iterable[Mapping[str, str]]) -> list[str]:
    """The doors that a text names; what one row has read, the rows below do not read again."""
    said = []
    for row in rows:
        text, times = compiled(row["words"]).subn("。", text)
        said += [row["door"]] * bool(times)
    return said


def door_lines(kb: KnowledgeBase, values: Mapping[str, Any], kinds: Iterable[str], today: date) -> str:
    """What a worker reads about the ways to go: the first doors with their price tags, then which are closed and why."""
    law, wanted = Law(kb), tuple(kinds)
    words = kb.procedures["guides"]
    found = doors(kb, values, wanted, today)
    opened = [d.door for d in found if d.open][:SHOWN]
    made = [Section(words["doors_title"] if opened else words["doors_none"])]
    for number, door in enumerate(opened):
        beside = _names(door.beside, kb, values, wanted)
        made.append(Section(f"{CIRCLED[number]} {_price(door, beside, law, today)}", number + (number > 1)))
    made.append(Section(_closed_line([d for d in found if not d.open], kb), 2))
    return fit(made, LIMIT)


def door_text(door: Door, kb: KnowledgeBase, values: Mapping[str, Any], kinds: Iterable[str], today: date) -> str:
    """One door's whole price tag, whether it is closed for these facts, and where it stands."""
    law, wanted = Law(kb), tuple(kinds)
    words, phrases = kb.procedures["guides"], kb.procedures["phrases"]
    state = _look(door, values, wanted, law, today)
    beside, then = _names(door.beside, kb, values, wanted), _names(door.next, kb, _by_then(values), wanted)
    place = kb.places.get(door.place or "")
    told = [
        Section(f"{door.name}：{fill(door.line, law, today)}"),
        Section("" if state.open else _closed_line([state], kb)),
        Section(words["cost"] + fill(door.cost, law, today)),
        Section(words["time"] + fill(door.time, law, today)),
        Section(words["clock"] + fill(door.clock, law, today)),
        Section(phrases["papers_title"] + "、".join(door.papers), 3),
        Section(_place(place, words) if place else "", 2),
        Section(words["beside"] + beside if beside and state.open else "", 4),
        Section(words["next"] + then if then else "", 5),
        Section(phrases["basis_title"] + cites(door.basis, kb, 3)),
    ]
    return fit(told, LIMIT)


def holds(when: Mapping[str, Any], values: Mapping[str, Any], kinds: Sequence[str] = ()) -> bool:
    """Whether every condition is known to hold; a fact that is not known holds nothing."""
    known = {**{fact: (value,) for fact, value in values.items()}, CLAIMS: tuple(kinds)}
    return all(any(v is not None and v in _list(wanted) for v in known.get(fact, ())) for fact, wanted in when.items())


def _list(wanted: Any) -> Sequence[Any]:
    return wanted if isinstance(wanted, list | tuple) else [wanted]


def _is_for(door: Door, kinds: Sequence[str]) -> bool:
    return not kinds or ANY in door.claims or not set(kinds).isdisjoint(door.claims)


def _closing(door: Door, values: Mapping[str, Any], kinds: Sequence[str]) -> Closed | None:
    return next((c for c in door.closed if holds(c.when, values, kinds)), None)


def _look(door: Door, values: Mapping[str, Any], kinds: Sequence[str], law: Law, today: date) -> OpenDoor:
    shut = _closing(door, values, kinds)
    if shut is not None:
        return OpenDoor(door, False, fill(shut.say, law, today), door.rank, shut.basis)
    if door.best and holds(door.best, values, kinds):
        return OpenDoor(door, True, "", 0)
    special = not kinds and ANY not in door.claims
    return OpenDoor(door, True, "", door.rank + LATER * special)


def _by_then(values: Mapping[str, Any]) -> dict[str, Any]:
    """The facts when the next door is reached: what is not yet so may be so by then."""
    return {fact: value for fact, value in values.items() if value is not False}


def _names(ids: Iterable[str], kb: KnowledgeBase, values: Mapping[str, Any], kinds: Sequence[str]) -> str:
    """The names of those doors that are for these claims and not closed, at most SHOWN of them."""
    there = published(kb.doors[i] for i in ids)
    fitting = [d.name for d in there if _is_for(d, kinds) and _closing(d, values, kinds) is None]
    return "、".join(fitting[:SHOWN])


def _price(door: Door, beside: str, law: Law, today: date) -> str:
    """劳动仲裁：不收钱。…内出结果。期限：…。可以同时走：调解、法律援助。｜《劳动争议调解仲裁法》第二十七条"""
    words = law.kb.procedures["guides"]
    tag = f"{door.name}：{door.cost}{door.time}{words['clock']}{door.clock}"
    also = f"{words['beside']}{beside}。" if beside else ""
    return f"{fill(tag, law, today)}{also}｜{cites(door.basis, law.kb, 1)}"


def _closed_line(closed: Sequence[OpenDoor], kb: KnowledgeBase) -> str:
    """现在走不了：强制执行——还没有裁决…（《…》第…条）; doors that are closed for the same reason stand together."""
    words = kb.procedures["guides"]
    reasons: dict[str, list[OpenDoor]] = {}
    for shut in closed:
        reasons.setdefault(shut.why_closed, []).append(shut)
    rows = []
    for why, shut_doors in list(reasons.items())[:SHOWN]:
        names = "、".join(d.door.name for d in shut_doors)
        said = words["closed_row"].format(names=names, why=why.rstrip("。"))
        rows.append(f"{said}（{cites(shut_doors[0].basis, kb, 1)}）")
    return words["closed_title"] + "；".join(rows) if rows else ""


def _place(place: Place, words: Mapping[str, Any]) -> str:
    """Where a door stands; what staff have not filled in is shown as 待补充."""
    note = f"{place.note}。" if place.note else ""
    told = [words["place"].format(name=place.name, note=note)]
    for key in ("address", "phone", "hours"):
        told.append(words[key] + (getattr(place, key) or words["blank"]))
    return told[0] + "；".join(told[1:])
