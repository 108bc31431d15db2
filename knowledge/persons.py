"""Whose matter a message is about: 我老公…我自己也… are two workers, whose facts must never mix.

The words are content (procedures/persons.yml). A message is cut where another person's own matter begins; the rest of the
matters wait in `Matter.others` until they are taken up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge.matter import Heard, Matter
from knowledge.patterns import compiled
from knowledge.release import KnowledgeBase

SELF = "self"
SHE = ("wife", "mother", "daughter", "sister")
KEPT = ("facts", "unknown", "topics", "wanted", "asked", "times_asked", "entries", "told")  # what belongs to one person


@dataclass(frozen=True)
class Part:
    """The part [start, end) of a message that tells one person's matter."""

    person: str
    start: int
    end: int


def name(person: str, kb: KnowledgeBase) -> str:
    """What farun calls a person: 您自己, 您老公."""
    return next(str(row["name"]) for row in kb.procedures["persons"]["people"] if row["id"] == person)


def question(ask: str, person: str | None, kb: KnowledgeBase) -> str:
    """A question as a relative is asked it: 您现在还在那里上班吗 → 您老公现在还在那里上班吗."""
    if person in (None, SELF):
        return ask
    first, *rest = ask.split("您")
    return first + name(str(person), kb) + ("她" if person in SHE else "他").join(rest) if rest else ask


def parts(text: str, current: str | None, kb: KnowledgeBase) -> list[Part]:
    """The message cut by person. `current` is who was spoken of before (None at the beginning of a talk)."""
    first = current or _named(text, kb)
    made = [Part(first, 0, len(text))]
    for person, start in sorted(_beginnings(text, kb), key=lambda found: found[1]):
        last = made[-1]
        if person != last.person and start >= last.start:
            made[-1] = replace(last, end=start)
            made.append(Part(person, start, len(text)))
    return [p for p in made if p.end > p.start] or made[:1]


def _named(text: str, kb: KnowledgeBase) -> str:
    """The person named first in a first message; the speaker where nobody is."""
    words = kb.procedures["persons"]
    found = [(m.start(), row["id"]) for row in words["people"] if (m := compiled(row["words"]).search(text))]
    return min(found)[1] if found else SELF


def _beginnings(text: str, kb: KnowledgeBase) -> Iterator[tuple[str, int]]:
    words = kb.procedures["persons"]
    for row in words["people"]:
        for match in compiled(f"(?:{row['words']})(?:{words['also']}|{words['own']})").finditer(text):
            yield row["id"], match.start()
    for match in compiled(words["self_beside"]).finditer(text):
        yield SELF, match.start("own")
    for match in compiled(words["self_also"]).finditer(text):
        yield SELF, match.start() + len(match[0]) - len(match[0].lstrip("，。；,;！!"))


def switched(text: str, matter: Matter, kb: KnowledgeBase) -> str | None:
    """The waiting person whose matter the message takes up."""
    words = kb.procedures["persons"]
    for row in words["people"]:
        known = row["id"] in matter.others
        if known and re.search(words["switch"].replace("{person}", f"(?:{row['words']})"), text.strip("。！!~ ")):
            return str(row["id"])
    return None


def take_up(matter: Matter, person: str) -> None:
    """Speak of another person: what was said of the present one waits, what was said of that one returns."""
    stored = matter.to_json()
    matter.others = {**matter.others, matter.person or SELF: {key: stored[key] for key in KEPT}}
    fresh = Matter.from_json(matter.others.pop(person, None))
    for key in KEPT:
        setattr(matter, key, getattr(fresh, key))
    matter.person = person


def cut(heard: Heard, part: Part) -> Heard:
    """What was heard in one part: its words and its facts (places stay those of the whole message)."""
    mentions = tuple(m for m in heard.mentions if part.start <= m.start < part.end)
    return replace(heard, text=heard.text[part.start : part.end], mentions=mentions)
