"""Hearing one message: what it changes in a matter. Facts, corrections, the answer to the open question, problems, wishes.

A fact can be corrected at any time; a fragment is read in the light of the open question; 不知道 is an answer too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from knowledge import asking
from knowledge.assessment import asking_for, settles
from knowledge.law import Law
from knowledge.matter import Heard, Known, Matter, Mention
from knowledge.patterns import compiled
from knowledge.release import KnowledgeBase

SURELY = 0.95  # probability from which what is not about work is not taken for it
CERTAIN = 0.97  # probability from which a message that tells a fact of the open matter also names a new problem
NEVER = 2.0
FIRM = 0.90  # topic confidence from which a fragment may name a new problem while a question is open
SURE_ENOUGH = 0.8  # confidence of the best topic from which a new matter is answered; below it farun asks back
AWAY = 0.8  # confidence from which a message is about something else, so that its numbers answer no question
NEAREST = 2  # of so many likeliest topics one that is named outright is taken
SECOND = 0.5  # confidence from which a further topic of the same message is answered too
SHORT = 12  # characters of a fragment
QUESTION = re.compile(
    r"[?？吗么呢]|怎么|如何|多少|多久|多长|哪|什么|几[个级天]|能不能|啥|咋|有没有|要不要|可不可以|可以|是不是|该不该|算不算|合法|合理|行不"
)
DECLINED = re.compile(
    r"(不用|不必|不需要|用不着)(了|啦|谢|麻烦|转|找|管|再|你)|算了"
)  # no no to the question, but to all of it
COUNTED = ("money", "count", "number", "date")
ASIDE = re.compile(r"再见|拜拜|回头|下次|先这样|遍|重复|没[听看]|再[讲说]")  # no answer, though it begins with 好 or 没
READS_OPEN = ("affirm", "deny", "dont_know", "inform", "consult", "correct", "calculate", "goodbye", "cancel", "repeat")


class Hearing:
    """One message as it is heard: `matter` is changed, and what was new, corrected or wrong is kept beside it."""

    def __init__(self, matter: Matter, heard: Heard, kb: KnowledgeBase, today: date):
        heard = replace(heard, mentions=asking.not_negative(heard, str(kb.procedures["phrases"]["negative"])))
        self.matter, self.heard, self.kb, self.today = matter, heard, kb, today
        self.law = Law(kb)
        self.phrases = kb.procedures["phrases"]
        self._topics = kb.procedures["topics"]
        self.had = bool(matter.topics)
        self.learned: list[str] = []
        self.corrected: list[str] = []
        self.gave_up: str | None = None
        self.chosen = False  # one of the guesses offered was picked
        self.unfit: Mention | None = None  # an answer to the open question that cannot be

    def _values(self) -> dict[str, Any]:
        return {k: v.value for k, v in self.matter.facts.items()}

    def _menu(self, topics: Sequence[str]) -> list[str]:
        return [self._topics["topics"][t]["menu"] for t in topics]

    def _hear_choice(self) -> None:
        if not self.matter.choices:
            return
        names = self._menu(self.matter.choices)
        said = self.heard.text.strip()
        picked = names.index(said) if said in names else asking.picked(said, len(names))
        if picked is not None:
            topic = self.matter.choices[picked]
            away = ((topic, 1.0),) if topic == "not_labour" else ()
            self.heard = Heard(text=self.heard.text, act="consult", message_id=self.heard.message_id, topics=away)
            if not away:
                self._add_topic(topic)
            self.had, self.chosen = False, True
        self.matter.choices = []

    def _hear_open_question(self) -> bool:
        fact = self.matter.asked
        still = self.heard.act == "greet" and self.heard.text.strip() == "在"
        counted = (
            self.heard.act == "ask_bot" and fact is not None and self.kb.facts[fact].type in COUNTED
        )  # 三个月，要钱吗
        if fact is None or not (self.heard.act in READS_OPEN or still or counted):
            return False
        aside = self.heard.act in ("goodbye", "repeat") and ASIDE.search(self.heard.text)
        if aside or DECLINED.match(self.heard.text):
            return False
        if self._asks_for_guidance() or self._asks_elsewhere_than_work() or self._corrects():
            return False
        since = asking.months_since(self.heard, self.today) if self._since_is_unpaid(fact) else None
        if since is not None:
            self.heard = replace(self.heard, mentions=(since,) if fact in asking.OWED else ())
            self._set(since.fact, since.value, since)
            if fact in asking.OWED:
                self.matter.asked = None
            return True
        spec = self.kb.facts[fact]
        value: Any = asking.part_of_date(spec, self.matter.value(fact), self.heard.text, self.today)
        value = asking.answer(spec, self.heard) if value is None else value
        if value is None or value is asking.UNKNOWN:
            other = asking.other_answer(fact, self.heard, self._topics["other_answers"])
            if other is not None:
                fact, value = other.fact, other.value
        if value is not None and value == self.matter.value(fact) and asking.is_part_of_date(spec, value):
            value = asking.UNKNOWN  # 2023年, said again to the question for its day: more is not known
        directed = any(m.fact == fact for m in self.heard.mentions)
        if fact == "hire_date" and not directed and asking.too_late_to_begin(value, self._values(), self.today):
            fact = "leave_date"  # 昨天, of somebody who has worked for years: the day of leaving was told
        if value is asking.UNKNOWN:
            self.matter.unknown.append(fact)
            self.gave_up = fact
        elif value is not None:
            about = any(m.approx for m in self.heard.mentions if m.fact == "quantity")
            self._set(
                fact, value, Mention(fact, self.kb.facts[fact].type, value, end=len(self.heard.text), approx=about)
            )
        else:
            self.unfit = asking.unfit(spec, self.heard)
            return self._hear_stray()
        self.matter.asked = None
        return True

    def _since_is_unpaid(self, asked: str) -> bool:
        """Whether 从六月开始 tells since when nothing was paid: not where coming, leaving or an accident is asked for."""
        told = {"months_owed", "days_worked"} & set(self.matter.facts)
        return asked in asking.OWED or ("wages" in self.matter.topics and not told and asked not in asking.DATES)

    def _asks_elsewhere_than_work(self) -> bool:
        """今天天气怎么样 is no answer to the question for a date."""
        away = any(name == "not_labour" and chance >= AWAY for name, chance in self.heard.topics[:1])
        return away and QUESTION.search(self.heard.text) is not None

    def _corrects(self) -> bool:
        """不是昨天，是11月8号 is about what was said before, not about what is asked now."""
        said = (m for m in self.heard.mentions if m.fact == "quantity" and m.corrects)
        return any(asking.nearest_fact(self.matter, m, self.kb.facts, self.heard.text) for m in said)

    def _asks_for_guidance(self) -> bool:
        """有哪些路 and 要什么证据 are no answers to a yes-or-no question."""
        words = self.kb.procedures["guides"]
        short = len(self.heard.text) <= SHORT
        return short and any(compiled(words[key]).search(self.heard.text) for key in ("asks_ways", "asks_proof"))

    def _of_another_matter(self) -> bool:
        """A first message that is surely not about work: what is owed in it (工程款, a loan) is no wage."""
        topics = self.heard.topics
        return not self.had and bool(topics) and topics[0][0] == "not_labour" and topics[0][1] >= SURELY

    def _hear_stray(self) -> bool:
        """A date or a sum alone, when something else was asked: what of its kind is still missing."""
        if len(self.heard.text) > SHORT:
            return False
        for fact in asking.DATES:
            value = asking.part_of_date(self.kb.facts[fact], self.matter.value(fact), self.heard.text, self.today)
            if value is not None and fact in self.matter.facts:
                self._set(fact, value, Mention(fact, "date", value, end=len(self.heard.text)))
                return True
        said = [
            m for m in self.heard.mentions if m.fact == "quantity" and not m.invalid and m.kind in ("date", "money")
        ]
        meant = self._missing(said[0]) if len(said) == 1 and asking.is_bare(said[0], self.heard.text) else None
        if meant is None:
            return False
        self._set(meant, said[0].value, said[0])
        return True

    def _missing(self, said: Mention) -> str | None:
        specs = [self._topics["topics"][topic] for topic in self.matter.topics]
        useful = {fact for spec in specs for fact in (*spec["ask"], *spec.get("also_ask", ()))}
        settled = {f for f in useful for known in self.matter.facts if settles(known, f, self.matter)}
        missing = [f for f in (*asking.DATES, *asking.SUMS) if f in useful - settled and f not in self.matter.facts]
        missing = [f for f in missing if self.kb.facts[f].type == said.kind]
        if said.kind == "money":
            return missing[0] if len(missing) == 1 and asking.within(self.kb.facts[missing[0]], said.value) else None
        if (
            "hire_date" in missing
            and "dismissal" not in self.matter.topics
            and self.matter.value("in_service") is not False
        ):
            missing = [f for f in missing if f != "leave_date"]  # nobody has spoken of leaving
        return asking.stray_date(missing, said.value, self.today)

    def _hear_facts(self) -> None:
        if self._of_another_matter():
            return
        unpaid = asking.months_unpaid(self.heard) if self._unpaid_first() else None
        owed = asking.sum_owed(self.heard) if not self.learned and self._speaks_of_wages() else None
        self.heard = replace(self.heard, mentions=(*self.heard.mentions, *(m for m in (unpaid, owed) if m is not None)))
        said = {m.fact for m in self.heard.mentions}
        for older in (o for n, olds in self._topics["replaces"].items() if n in said for o in olds):
            if older not in said:
                self.matter.facts.pop(older, None)
        for row in self._topics["explained"]:  # 自己走的, and then: 因为不发工资
            if self.matter.value(row["fact"]) == row["was"] and compiled(row["words"]).search(self.heard.text):
                self._set(row["fact"], row["is"], Mention(row["fact"], "choice", row["is"], end=len(self.heard.text)))
                if row.get("topic"):
                    self._add_topic(row["topic"])
        for mention in self.heard.mentions:
            if self._wrong(mention):
                continue
            fact = mention.fact
            if fact == "quantity":
                if not mention.corrects:
                    continue
                fact = asking.nearest_fact(self.matter, mention, self.kb.facts, self.heard.text) or fact
            if fact in self.kb.facts and fact not in self.learned:
                self._set(fact, mention.value, mention)

    def _unpaid_first(self) -> bool:
        """A first message about wages that tells neither the months nor the sum."""
        told = {m.fact for m in self.heard.mentions}
        wages = any(name == "wages" and chance >= SURE_ENOUGH for name, chance in self.heard.topics)
        return not self.had and wages and not told & {"months_owed", "amount_owed"}

    def _speaks_of_wages(self) -> bool:
        first = self.heard.topics[:1]
        return "wages" in self.matter.topics or any(name == "wages" and sure >= SURE_ENOUGH for name, sure in first)

    def _wrong(self, mention: Mention) -> str | None:
        """Why a mention cannot be true: impossible as it stands, or out of the fact's bounds."""
        if mention.invalid or mention.fact not in self.kb.facts:
            return mention.invalid
        spec = self.kb.facts[mention.fact]
        if spec.type in ("money", "count", "number") and not asking.within(spec, mention.value):
            return self.phrases["out_of_bounds"].format(label=spec.label, value=mention.value)
        return None

    def _set(self, fact: str, value: Any, mention: Mention) -> None:
        if (fact, value) == ("leave_way", "dismissed"):  # one fact told in two ways
            fact, value = "dismissed", True
        before = self.matter.facts.get(fact)
        if before is not None and before.value == value:
            return
        self.matter.facts[fact] = Known(
            value,
            self.kb.facts[fact].unit,
            "said",
            self.heard.message_id,
            mention.start,
            mention.end,
            mention.approx,
        )
        (self.learned if before is None else self.corrected).append(fact)
        if fact in self.matter.unknown:
            self.matter.unknown.remove(fact)
        if fact == self.matter.asked:
            self.matter.asked = None

    def _name_problems(self) -> list[str]:
        before = list(self.matter.topics)
        fragment = self.had and len(self.heard.text) <= 12
        guess = bool(self.heard.topics) and self.heard.topics[0][1] < SURE_ENOUGH or self._of_another_matter()
        guess = guess or self._names_nothing()
        for place, (name, confidence) in enumerate(() if guess else self.heard.topics):
            if place and confidence < SECOND:
                continue  # a second problem that is hardly likely: it is named when it is told
            told = self.had and bool(self.learned or self.corrected)
            needed = FIRM if fragment else 0.0
            if told and not self._is_named(name):
                needed = NEVER if fragment else CERTAIN  # 月工资6500 answers; it does not complain of the wage
            if name != "not_labour" and confidence >= needed and self._opens(name):
                self._add_topic(name)
        unsure, private = guess and not self.had, not self.had and self._perhaps_private()
        if unsure and not private:
            self._named_outright()
        if not private:
            self._name_by_facts()
        self._hear_wishes()
        if unsure and not self._of_another_matter():
            self._settle()
        return [t for t in self.matter.topics if t not in before]

    def _name_by_facts(self) -> None:
        for rule in self._topics["shown_by"]:
            if _shown(self.matter.value(rule["fact"]), rule["is"]):
                self._add_topic(rule["topic"])

    def _names_nothing(self) -> bool:
        """我在厂里上班, 我这个情况，哎: nothing has been told yet, whatever it resembles."""
        return compiled(self._topics["names_nothing"]).fullmatch(self.heard.text) is not None

    def _named_outright(self) -> None:
        """Of the likeliest topics, those whose plainest words stand in the message: that is no guess any more."""
        for name, _ in self.heard.guesses[:NEAREST]:
            if self._is_named(name):
                self._add_topic(name)

    def _is_named(self, topic: str) -> bool:
        rows = (row for row in self._topics["named_by"] if row["topic"] == topic)
        return any(compiled(row["words"]).search(self.heard.text) for row in rows)

    def _perhaps_private(self) -> bool:
        """Whether the message may be about something else, and nothing in it speaks of work: 别人欠我三万."""
        likely = {name for name, _ in self.heard.guesses[:NEAREST]}
        return "not_labour" in likely and not compiled(self._topics["work_words"]).search(self.heard.text)

    def _settle(self) -> None:
        """What facts or plain words have named leads the understood topics, where their order was a guess."""
        named = [name for name, _ in self.heard.guesses[:NEAREST] if name in self.matter.topics]
        if named and self.heard.topics and self.heard.topics[0][0] not in self.matter.topics:
            sure = self.heard.topics[0][1]
            rest = tuple(topic for topic in self.heard.topics[1:] if topic[0] != named[0])
            self.heard = replace(self.heard, topics=((named[0], sure), *rest))

    def _hear_wishes(self) -> None:
        """Which claims and deadlines the wording asks for; they name a topic where nothing else has."""
        for row in self.kb.procedures["asked"]["rows"]:
            if row["id"] not in self.matter.wanted and _asks_for(row, self.heard.text):
                self.matter.wanted.append(row["id"])
        values = self._values()
        for row in asking_for(values, self.matter.wanted, self.kb):
            if not self.matter.topics or ("kind" in row and self._opens(row["topic"])):
                self._add_topic(row["topic"])

    def _opens(self, topic: str) -> bool:
        """While a matter is open, only problems with a claim of their own are added; the rest are side questions."""
        return not self.had or bool(self._topics["topics"][topic]["claims"])

    def _add_topic(self, name: str) -> None:
        if name not in self.matter.topics:
            self.matter.topics.append(name)


def _asks_for(row: Mapping[str, Any], text: str) -> bool:
    words = any(compiled(at).search(text) for at in row.get("words", ()))
    return words and not any(compiled(at).search(text) for at in row.get("unless", ()))


def _shown(value: Any, allowed: Sequence[Any]) -> bool:
    if value is None:
        return False
    if "known" in allowed:
        return True
    if ">0" in allowed:
        return not isinstance(value, bool) and float(value) > 0
    return value in allowed
