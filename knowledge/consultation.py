"""One turn of a consultation: what was heard changes the matter, and the matter decides what is said and asked.

Answer first, then ask for the one missing fact that changes the outcome most. 不知道 is accepted and asked no more; a fact
can be corrected at any time and everything is computed again; a side question is answered and the open question returns.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from knowledge import answer, asking, doors, persons
from knowledge.answer import Section, fit
from knowledge.assessment import Assessment, assess, best_question
from knowledge.guiding import Guide, guide
from knowledge.hearing import DECLINED, QUESTION, SECOND, SURE_ENOUGH, Hearing
from knowledge.matter import Heard, Matter, Mention, Outcome
from knowledge.release import Entry, KnowledgeBase
from knowledge.search import SURE, Hit

GUESSES = 3
BARE, BARELY = 12, 0.08  # characters of a bare statement; by so much a special entry must be nearer to it
LIKELY = 0.08  # from this probability a topic is worth offering; below it the three commonest are
CLEARER = 0.2  # from this score an entry answers a scrap (下个月), or of a problem that is neither open nor understood
SCRAP = 4  # characters
BY_THE_WAY = {"employer_kind", "city", "trade"}  # facts that are told with something else
CLEAR, CLEARLY = 0.15, 0.02  # what a text asks of us is answered before its label from this score, by this much
STORY, FAINT = 3, 0.2  # so many facts make a story, whose many words are a little like much; a hit below says little
OURS = 0.25  # from this score what was taken for another matter is about us after all
NEARER = 0.01  # a special entry stands before its topic's general one when it is nearer by this much
AWAY = 3  # days after which a worker who returns is told where we were
RECALLED = 6  # facts told then
FRAGMENT, FRAGMENTS = 20, 3  # characters of a message, and messages, that are read together with the next
CHINESE = re.compile("[\u4e00-\u9fff]")
RESTART = re.compile(r"重(?!新?算)|从头|开头|清|新|另|别的|换|首页|主菜单|第一步|不算|不要了|删|再来")
HUMAN = re.compile(r"(?<!怎么)(?<!如何)转(到|接|成)?(人工|真人|顾问|律师)(?!要|怎么|是|几点)")
WRONG = re.compile(
    r"(都|这个?|那个?|好像|你|全)*(不对|错了|说错了?|搞错了|记错了|弄错了|不是这样的?|不是\d+|不是[一二两三四五六七八九十百千万]+)[啊呀吧的了。，！ ]*"
)
GRANTED = re.compile(r"(好|嗯|恩|哦|噢|行|可以|对|是|知道|明白|了解|收到|懂)+(的|了|吧|啊|呀)*[。！~ ]*")
MEANING = re.compile(r"(是|啥|什么)+(什么|啥)?(意思|概念)|什么叫|啥叫|是什么[?？]?$|是啥[?？]?$")
WHY_ASK = re.compile(r"(为什么|为啥|干嘛|干吗|干啥|咋)[^，。]{0,4}问|问[^，。]{0,4}(干嘛|干吗|干啥|做什么|做啥)")
PRIVATE = re.compile(r"(告诉|通知|泄露|透露|传给|发给|传出去|保密)|(老板|公司|厂里|别人).{0,3}(知道|晓得)")
PRIVACY = re.compile(
    r"隐私|保密|泄|透露|删|清除|注销|数据|信息|记录|资料|手机号|告诉|知道|晓得|传|看[到得见]|存|留|安全|匿名|实名|名字|外人|别人|曝光|偷|卖"
)
PROGRESS = re.compile(
    r"回[我复信]|联系|没人|人呢|等|进度|进展|申请.{0,6}(到|了|进|结果|批|审|怎么样|没|消息)|编号|材料|案子|援助|审|批|受理|消息|电话|排队|到哪|(?<!提前)几天|多久"
)
OPENING = re.compile(
    r"(你好|您好|哈喽|那个|请问|麻烦)*[，,。！ ]*(我|俺)?(这边)?(有点|有个|有件|有|想|要|还想)*(点|个|件|一下|下)*(事情?|问题)?"
    r"(想|要)*(问|咨询|请教|打听|说)(你|您|你们)?(一个|一件|一下|下|点|个|件)*(事情?|问题|法律|法律问题)?[吗吧呢。.！? ？]*"
)
WORDLESS = re.compile(r"^[\W_]*$")
RISK_ACTS = {"self_harm_risk": "self_harm", "violence_risk": "violence", "collective_risk": "collective"}
CHAT = ("greet", "thank", "goodbye", "ask_bot", "insult", "feedback_good", "feedback_bad", "privacy_request", "cancel")


def turn(matter: Matter, heard: Heard, kb: KnowledgeBase, today: date) -> Outcome:
    """The outcome of hearing one message; `matter` itself is left as it is."""
    matter = copy.deepcopy(matter)
    away = _days_away(matter, today)
    matter.day = today.isoformat()
    outcome = _by_person(matter, heard, kb, today)
    if away >= AWAY and matter.topics and heard.act != "restart":
        _recap(outcome, kb)
    return outcome


def _days_away(matter: Matter, today: date) -> int:
    return 0 if matter.day is None else (today - date.fromisoformat(matter.day)).days


def _recap(outcome: Outcome, kb: KnowledgeBase) -> None:
    """Back after some days: in a line, what was talked about and what farun remembers."""
    matter = outcome.matter
    names = "、".join(kb.procedures["topics"]["topics"][t]["name"] for t in matter.topics)
    known = answer.facts_text(list(matter.facts)[:RECALLED], matter, kb)
    told = kb.procedures["phrases"]["recap"].format(problems=names, facts=known or "还没有")
    if outcome.messages:
        outcome.messages[0] = fit([Section(told), Section(outcome.messages[0])])
        outcome.answer["reply"] = outcome.messages


def _by_person(matter: Matter, heard: Heard, kb: KnowledgeBase, today: date) -> Outcome:
    """The turn about whoever the message speaks of; what it also says of another worker is kept for later, apart."""
    wanted = persons.switched(heard.text, matter, kb)
    if wanted is not None:
        persons.take_up(matter, wanted)
        return _Turn(matter, heard, kb, today).resume(persons.name(wanted, kb))
    first, *rest = persons.parts(heard.text, matter.person, kb)
    if matter.person is not None and first.person != matter.person:
        persons.take_up(matter, first.person)
    matter.person = first.person
    if not rest:
        return _Turn(matter, heard, kb, today).run()
    outcome = _Turn(matter, persons.cut(heard, first), kb, today).run()
    for part in rest:
        persons.take_up(outcome.matter, part.person)
        aside = _Turn(outcome.matter, persons.cut(heard, part), kb, today)
        aside.keep()
        noted = aside.noted(persons.name(part.person, kb))
        persons.take_up(outcome.matter, first.person)
        outcome.messages[-1] = fit([Section(outcome.messages[-1]), Section(noted)])
    outcome.answer["reply"] = outcome.messages
    return outcome


class _Turn(Hearing):
    def __init__(self, matter: Matter, heard: Heard, kb: KnowledgeBase, today: date):
        super().__init__(matter, heard, kb, today)
        self.commands: list[dict[str, Any]] = []
        self.hits: list[str] = []
        self.guide: Guide | None = None
        self.wrong: str | None = None  # why something that was said cannot be
        self.confident = True
        self.answered = False  # the open question
        self.handoff: dict[str, Any] | None = None

    # -- the order of things -------------------------------------------------

    def run(self) -> Outcome:
        if WORDLESS.match(self.heard.text):
            return self._say([self._back(self.phrases["empty"])])
        self.matter.family = self.matter.family or self.heard.asker == "family"
        self._hear_choice()
        answered = self.answered = self._hear_open_question()
        self._hear_facts()
        if self.heard.risk or self.heard.act in RISK_ACTS:
            return self._risk()
        invalid = self.unfit or next((m for m in self.heard.mentions if self._wrong(m)), None)
        if invalid is not None:
            self.wrong = self._wrong(invalid)
            if not self.learned:
                return self._invalid(invalid)
        plain = not (answered or self.learned or self.corrected)
        special: dict[str, Callable[[], Outcome]] = {
            "ask_human": self._human,
            "restart": self._restart,
            "repeat": self._repeat,
            "calculate": self._calculate,
            "document": self._document,
            "ask_progress": lambda: self._say([self._back(self.phrases["progress"])]),
        }
        act = self._act()
        if act in special and (plain or act in ("ask_human", "calculate", "document")):
            self._name_problems()
            return special[act]()
        if act == "consult" and plain and not self.chosen and not CHINESE.search(self.heard.text):
            return self._unsure()
        if act == "ask_bot" and plain and getattr(self._nearest(), "score", 0.0) >= CLEAR:
            return self._side_question()
        if act == "ask_bot" and plain and PRIVATE.search(self.heard.text):
            return self._say([self._back(self.phrases["privacy_request"])])
        if plain and OPENING.fullmatch(self.heard.text):
            return self._say([self._back(self.phrases["greet"])])
        if plain and self.had and WRONG.fullmatch(self.heard.text):
            return self._say([self._back(self.phrases["which_wrong"])])
        if plain and self.had and GRANTED.fullmatch(self.heard.text):
            return self._say([self._back(self.phrases["nod"] if self.matter.asked else self.phrases["granted"])])
        if plain and DECLINED.match(self.heard.text):
            return self._say([self.phrases["cancel"]])
        if plain and self.had and MEANING.search(self.heard.text):
            return self._side_question()
        if act in ("ask_bot", "feedback_bad", "consult") and plain and WHY_ASK.search(self.heard.text):
            return self._say([self._back(self.phrases["why_ask"])])
        if act in CHAT and plain:
            leaving = act in ("goodbye", "cancel")  # who leaves is not held back with a question
            return self._say([self.phrases[act] if leaving else self._back(self.phrases[act])])
        new = self._name_problems()
        return self._consult(new, plain)

    def _act(self) -> str:
        """What is wanted: 转人工 wherever it stands; what was told is not thrown away, or a case looked up, on a guess."""
        act, text = self.heard.act, self.heard.text
        if HUMAN.search(text):
            return "ask_human"
        if act == "privacy_request" and not PRIVACY.search(text):
            return "consult"
        guessed = (act == "restart" and not RESTART.search(text)) or (
            act == "ask_progress" and not PROGRESS.search(text)
        )
        return "consult" if guessed else act

    def resume(self, name: str) -> Outcome:
        """Another person's matter is taken up: what is known of it, what it comes to, the open question."""
        if not self.matter.topics:
            return self._say([self.phrases["person_empty"].format(name=name)])
        self.learned = list(self.matter.facts)
        outcome = self._full(list(self.matter.topics))
        outcome.messages[0] = fit([Section(self.phrases["person_now"].format(name=name)), Section(outcome.messages[0])])
        return outcome

    def keep(self) -> None:
        """Only remember what was heard."""
        self._hear_facts()
        self._name_problems()
        self._name_by_facts()  # 我被欠了两万, beside what a relative is owed: it is about work as that is

    def noted(self, name: str) -> str:
        """That another person's matter was noted, and how to come back to it."""
        names = "、".join(self._topics["topics"][t]["name"] for t in self.matter.topics)
        facts = answer.facts_text(self.learned, self.matter, self.kb)
        told = "；".join(part for part in (names, facts) if part)
        return self.phrases["person_noted"].format(name=name, told=told, ask=name.replace("您", "我"))

    def _consult(self, new: list[str], plain: bool) -> Outcome:
        away = self.heard.topics[0] if self.heard.topics else ("", 0.0)
        if self._names_nothing() and not self.matter.topics:
            return self._unsure()
        if away[0] == "not_labour" and away[1] >= SURE_ENOUGH and (plain or not self.matter.topics) and not new:
            return self._off_topic()
        if not self.matter.topics:
            return self._unsure()
        if self.had and not new and (plain or self._asks_elsewhere() or self._asks_beside()):
            return self._side_question()
        return self._full(new)

    def _asks_elsewhere(self) -> bool:
        """A question about something that is not one of the open problems, though it also tells a fact."""
        first, sure = self.heard.topics[0] if self.heard.topics else ("", 0.0)
        return sure >= SECOND and first not in self.matter.topics and bool(QUESTION.search(self.heard.text))

    def _asks_beside(self) -> bool:
        """厂里不给我申报 tells by the way where somebody works; what it is about is the problem, which has an answer."""
        if not self.learned or not BY_THE_WAY.issuperset(self.learned) or self.corrected or self.answered:
            return False
        hit = self._nearest()
        return hit is not None and hit.score >= CLEARER and hit.entry.topic in self.matter.topics

    # -- saying ----------------------------------------------------------------

    def _full(self, new: list[str]) -> Outcome:
        found = assess(self.matter.facts, self.matter.topics, self.kb, self.today, self.matter.wanted)
        if found.refusals:
            return self._refuse(found)
        self._offer_person(found)
        question = best_question(self.matter, found, self.kb, self.today)
        sums = answer.sums(found, self.kb)
        if self.matter.value("role") == "employer":  # our questions are a worker's, and so is 可以要的钱
            question, sums = None, sums if found.total else []
        told = _fingerprint(found)
        entries = self._entries(new or self.matter.topics)
        if new or not self.had:
            messages = self._first(found, sums, entries, question)
        else:
            messages = self._update(found, sums if told != self.matter.told else [], question)
        self.matter.told = told
        return self._say(messages, found, question)

    def _first(self, found: Assessment, sums: list[Section], entries: list[Entry], question: str | None) -> list[str]:
        said = answer.facts_text([*self.learned, *self.corrected], self.matter, self.kb)
        top = [Section(answer.problems_text(self.matter.topics, self.kb))]
        below = self._guided(found)
        if entries and (found.groups or not below):  # where the ways are told and there is no sum, they are the answer
            rank = 2 if sums else 0
            top.append(Section(answer.lead(entries[0], self.law, self.today), rank))
        if self.wrong:
            top.append(Section(self.phrases["wrong_part"].format(why=self.wrong.rstrip("。"))))
        if said:
            top.append(Section(self.phrases["heard"].format(facts=said), 1))
        below = below or self._advice(found, entries)
        return [fit([*top, *sums]), fit([*below, Section(self.phrases["also"], 1), self._question(question)])]

    def _guided(self, found: Assessment) -> list[Section]:
        """The doors or the evidence, where the wording asks for them."""
        kinds = [c.kind for c in found.claims]
        found_guide = guide(self.heard.text, self.matter.topics, self._values(), kinds, self.law, self.today)
        asks = QUESTION.search(self.heard.text) or re.search(
            self.kb.procedures["guides"]["asks_proof"], self.heard.text
        )
        self.guide = found_guide if asks else None  # 我被公司辞退了 is near to asking for proof of it, and asks nothing
        return [] if self.guide is None else [Section(fit([Section(self.guide.text)], answer.LIMIT - 120))]

    def _advice(self, found: Assessment, entries: list[Entry]) -> list[Section]:
        steps = answer.today_lines(entries, self.law, self.today)
        made = [Section("\n".join([self.phrases["today_title"], *steps]))] if steps else []
        until = answer.deadline_lines(found.deadlines, self.kb, self.today)
        if until:
            made.append(Section("\n".join([self.phrases["until_title"], *until])))
        elif entries and entries[0].until:
            made.append(Section(self.phrases["until_title"] + answer.fill(entries[0].until, self.law, self.today), 2))
        if entries and entries[0].say_more:
            made.append(Section(answer.fill(entries[0].say_more, self.law, self.today), 6))
        if entries and entries[0].papers:
            made.append(Section(self.phrases["papers_title"] + "、".join(entries[0].papers), 5))
        if entries and entries[0].where:
            made.append(Section(self.phrases["where_title"] + "；".join(entries[0].where), 4))
        avoid = [a for e in entries[:2] for a in e.avoid][:2]
        if avoid:
            made.append(
                Section(self.phrases["avoid_title"] + "；".join(answer.fill(a, self.law, self.today) for a in avoid), 3)
            )
        basis = [c for e in entries[:2] for c in e.basis]
        if basis:
            made.append(
                Section(self.phrases["basis_title"] + answer.cites(basis, self.kb, 3), 0 if not found.groups else 2)
            )
        made.append(Section(self.phrases["estimate"], 2) if found.groups else Section(""))
        return made

    def _update(self, found: Assessment, sums: list[Section], question: str | None) -> list[str]:
        lead = [Section(self.phrases["wrong_part"].format(why=self.wrong.rstrip("。")))] if self.wrong else []
        if self.corrected:
            said = answer.facts_text([*self.corrected, *self.learned], self.matter, self.kb)
            lead.append(Section(self.phrases["changed"].format(facts=said)))
            lead += [Section(self.phrases["recounted"])] if sums else []
        elif self.learned:
            said = answer.facts_text(self.learned, self.matter, self.kb)
            lead.append(Section(self.phrases["learned"].format(facts=said)))
        elif self.gave_up:
            lead.append(Section(self.phrases["unknown_ok"]))
        until = answer.deadline_lines(found.deadlines, self.kb, self.today) if sums else []
        second = [Section("\n".join([self.phrases["until_title"], *until]))] if until else []
        second += [Section(self.phrases["also"], 1)] if sums or question is None else []
        second.append(self._question(question))
        first = fit([*lead, *sums])
        return [first, fit(second)] if sums else [fit([*lead, *second])]

    def _question(self, fact: str | None) -> Section:
        if fact is None:
            return Section("")
        return Section(self.phrases["ask"].format(question=self._asks(fact)) + self.phrases["unknown_hint"])

    def _asks(self, fact: str) -> str:
        """The question for a fact; for a date that is known to the month or year, only for its day."""
        known = self.matter.value(fact)
        if asking.is_part_of_date(self.kb.facts[fact], known):
            when = answer.day(known)
            month = "-" in known
            return self.phrases["ask_day"].format(when=when) if month else self.phrases["ask_month"].format(when=when)
        ask = self.kb.facts[fact].ask
        return persons.question(ask, self.matter.person, self.kb) if self.matter.family else ask

    def _entries(self, topics: Sequence[str]) -> list[Entry]:
        """The entry nearest to the wording leads, of whatever problem; then one for each of the other main problems."""
        near = self._near(topics)
        if "not_labour" not in [name for name, _ in self.heard.topics]:  # 被狗咬了算工伤吗: surely about work
            near = [h for h in near if h.entry.topic != "not_labour"]
        found = [self._or_general(near[0], near)] if near and near[0].score >= SURE else []
        for topic in topics:
            if topic not in [entry.topic for entry in found]:
                found += self._entry_for(topic)
        return self._cite(found[:3])

    def _entry_for(self, topic: str) -> list[Entry]:
        """The nearest entry of a topic that supposes nothing untold, else the topic's general one."""
        near = [h for h in self._near((topic,)) if h.entry.topic == topic]
        near = [h for h in near if h.entry.verdict or not self._supposes(h.entry)]
        if near and near[0].score >= SURE:
            return [self._or_general(near[0], near)]
        general = self._general(topic)
        return [] if general is None else [general]

    def _near(self, topics: Sequence[str]) -> list[Hit]:
        return self.kb.search.find(self.heard.text, topics=topics, facts=self._values(), limit=30)

    def _or_general(self, hit: Hit, near: Sequence[Hit]) -> Entry:
        """The hit, unless its topic's general entry is about as near: 我被公司辞退了 tells none of the special cases."""
        general = self._general(hit.entry.topic)
        usual = next((h for h in near if h.entry is general), None)
        bare = len(self.heard.text) <= BARE and not QUESTION.search(self.heard.text)  # 公司把我辞退了: no special case
        by = BARELY if bare else NEARER
        alike = usual is not None and hit.score < usual.score + by
        faint = len(self.learned) >= STORY and hit.score < FAINT and not hit.entry.when
        return general if general is not None and (alike or faint) and hit.entry.verdict is None else hit.entry

    def _supposes(self, entry: Entry) -> bool:
        """Whether an entry was written for facts that nobody has told: a death, a pregnancy, a site."""
        return any(self.matter.value(fact) is None for fact in entry.when or ())

    def _general(self, topic: str) -> Entry | None:
        """The entry made for just these facts, else the first of the topic that is made for no facts in particular."""
        own = [e for e in self.kb.published if e.topic == topic]
        fitting = (e for e in own if e.when and all(_is(self.matter.value(f), w) for f, w in e.when.items()))
        return next(fitting, None) or next((e for e in own if not e.when), None)

    def _cite(self, entries: list[Entry]) -> list[Entry]:
        self.hits += [e.id for e in entries]
        return entries

    def _nearest(self) -> Hit | None:
        """The entry that answers the question as it stands, if one surely does."""
        topics = tuple(t for t, _ in self.heard.topics)
        hits = self.kb.search.find(self.heard.text, topics=topics, facts=self._values(), limit=1)
        return hits[0] if hits and hits[0].score >= SURE else None

    def _said_again(self) -> bool:
        """Whether a message only tells what is known: 8级, and a while later 8级 again."""
        if self.learned or QUESTION.search(self.heard.text) or len(self.heard.text) > BARE:
            return False
        told = [m for m in self.heard.mentions if m.fact not in BY_THE_WAY]
        return any(self.matter.value(m.fact) == m.value for m in told)

    def _nearest_here(self) -> Hit | None:
        """The entry that answers a question beside the open one: of a problem that is open or understood, else very near."""
        hit = self._nearest()
        if hit is None or hit.score >= CLEARER:
            return hit
        scrap = len(self.heard.text) <= SCRAP and not QUESTION.search(self.heard.text)
        at_hand = {*self.matter.topics, *(t for t, sure in self.heard.topics if sure >= SECOND)}
        return hit if hit.entry.topic in at_hand and not scrap else None

    def _side_question(self) -> Outcome:
        guided = self._guided(assess(self.matter.facts, self.matter.topics, self.kb, self.today, self.matter.wanted))
        if guided:
            self.matter.unclear = 0
            return self._say([self._back(guided[0].text)])
        if re.search(self.kb.procedures["guides"]["asks_next"], self.heard.text):
            return self._say([self._back(self._ways())])
        if re.search(self.kb.procedures["guides"]["asks_papers"], self.heard.text):
            papers = dict.fromkeys(p for t in self.matter.topics if (e := self._general(t)) for p in e.papers)
            if papers:
                self.matter.unclear = 0
                return self._say([self._back(self.phrases["papers_title"] + "、".join(papers))])
        hit = self._nearest_here()
        if re.search(self.kb.procedures["guides"]["asks_sum"], self.heard.text):
            found = assess(self.matter.facts, self.matter.topics, self.kb, self.today, self.matter.wanted)
            if found.total or (found.groups and hit is None):
                self.matter.unclear = 0
                return self._calculate()
        if (hit is None or hit.score < CLEARER) and self._said_again():
            self.matter.unclear = 0
            return self._say([self._back(self.phrases["known"])])
        if hit is None:
            return self._unsure()
        entry = self._cite([hit.entry])[0]
        self.matter.unclear = 0
        sections = answer.entry_text(entry, self.law, self.today, short=True)
        return self._say([self._back(fit(sections, answer.LIMIT - 80))])

    def _ways(self) -> str:
        """The ways to go for the open problems: what is asked for by 然后呢 and 下一步怎么办."""
        found = assess(self.matter.facts, self.matter.topics, self.kb, self.today, self.matter.wanted)
        lines = doors.door_lines(self.kb, self._values(), [c.kind for c in found.claims], self.today)
        self.guide = Guide("doors", lines)
        return fit([Section(lines)], answer.LIMIT - 120)

    def _off_topic(self) -> Outcome:
        hits = self.kb.search.find(self.heard.text, topics=("not_labour",), limit=3)
        best = next((h for h in hits if h.entry.topic == "not_labour"), None)
        ours = self._nearest()  # the label may be wrong: can somebody call me, is about us
        if ours is not None and ours.score >= max(OURS, best.score if best else 0.0) + CLEARLY:
            best = ours
        if best is None or best.score < SURE:
            return self._say([self._back(self.phrases["off_topic"])], topics=False)
        sections = answer.entry_text(self._cite([best.entry])[0], self.law, self.today)
        return self._say([self._back(fit(sections, answer.LIMIT - 80))], topics=False)

    def _unsure(self) -> Outcome:
        """Not understood: a near entry if there is one, else readable guesses, else a person."""
        guided = [] if self.had else self._guided(Assessment())
        if guided:
            return self._say([guided[0].text])
        hit = self._nearest_here() if self.had else None if self._names_nothing() else self._nearest()
        if hit is not None and self.heard.act in ("consult", "calculate") and CHINESE.search(self.heard.text):
            guess = next((topic for topic, _ in self.heard.guesses), None)
            self.confident = hit.entry.topic == guess
            intro = [] if self.confident else [self.phrases["perhaps"]]
            text = fit(answer.entry_text(self._cite([hit.entry])[0], self.law, self.today), answer.LIMIT - 110)
            return self._say([self._back("\n".join([*intro, text]))])
        self.confident = False
        self.matter.unclear += 1
        if self.heard.act == "consult" and CHINESE.search(self.heard.text):
            guess = self.heard.guesses[0][0] if self.heard.guesses else None
            self.commands.append({"command": "keep_unclear", "text": self.heard.text, "guess": guess})
        if not self.had and len(self.heard.text) <= FRAGMENT:
            self.matter.pending = [*self.matter.pending, self.heard.text][-FRAGMENTS:]
        if self.had:
            again = "unclear_again" if self.matter.unclear > 1 else "unclear_once"
            key = "no_answer" if QUESTION.search(self.heard.text) else again
            return self._say([self._back(self.phrases[key])])
        if self.matter.unclear > 2:
            return self._say([self.phrases["unclear_again"]])
        likely = [t for t, chance in self.heard.guesses if t != "not_labour" and chance >= LIKELY]
        guesses = list(dict.fromkeys([*likely, "wages", "injury", "dismissal"]))[:GUESSES]
        if self._perhaps_private():
            guesses[-1:] = ["not_labour"]
        self.matter.choices = guesses
        lines = [f"{i}. {name}" for i, name in enumerate(self._menu(guesses), 1)]
        return self._say(["\n".join([self.phrases["unclear"], *lines])])

    def _calculate(self) -> Outcome:
        found = assess(self.matter.facts, self.matter.topics, self.kb, self.today, self.matter.wanted)
        if found.refusals:
            return self._refuse(found)
        self._offer_person(found)
        question = best_question(self.matter, found, self.kb, self.today)
        if not found.groups:
            ask = self._asks(question) if question else self.phrases["nothing_open"]
            return self._say([self.phrases["calculate_nothing"].format(question=ask)], found, question)
        messages = answer.calculation(found, self.kb)
        until = answer.deadline_lines(found.deadlines, self.kb, self.today)
        tail = [Section("\n".join([self.phrases["until_title"], *until]), 1)] if until else []
        self.matter.told = _fingerprint(found)
        tail = [*tail, Section(self.phrases["estimate"], 3), self._question(question)]
        if len(messages) == 1:
            return self._say([messages[0], fit(tail)], found, question)
        return self._say(
            [messages[0], fit([Section(messages[1], 0), *(Section(t.text, t.rank + 1) for t in tail)])], found, question
        )

    def _document(self) -> Outcome:
        found = assess(self.matter.facts, self.matter.topics, self.kb, self.today, self.matter.wanted)
        if not found.groups:
            return self._say([self._back(self.phrases["nothing_open"])])
        return self._say([self._back(answer.document(self.matter, found, self.kb)[0])], found, self.matter.asked)

    def _refuse(self, found: Assessment) -> Outcome:
        refusal = found.refusals[0]
        self.matter.facts.pop(refusal.fact, None)
        self.confident = False
        fact = refusal.fact if refusal.fact in self.kb.facts else None
        if fact is None:
            return self._say([str(refusal)], Assessment())
        text = self.phrases["invalid_fact"].format(why=str(refusal).rstrip("。"), question=self._asks(fact))
        return self._say([text], Assessment(), fact)

    def _invalid(self, mention: Mention) -> Outcome:
        self.confident = False
        fact = self.matter.asked or (mention.fact if mention.fact in self.kb.facts else None)
        question = self._asks(fact) if fact else ""
        text = self.phrases["invalid_fact"].format(why=str(self.wrong).rstrip("。"), question=question)
        return self._say([text.rstrip("，") if not question else text], question=fact)

    def _risk(self) -> Outcome:
        kind = (self.heard.risk or (RISK_ACTS[self.heard.act],))[0]
        self.commands.append({"command": "request_handoff", "reason": "risk", "urgent": True})
        self.handoff = {"reason": "risk", "urgent": True}
        self._name_problems()
        return self._say([self.phrases["risk"].get(kind, self.phrases["risk"]["deadline_soon"])])

    def _human(self) -> Outcome:
        self.commands.append({"command": "request_handoff", "reason": "asked", "urgent": False})
        self.handoff = {"reason": "asked", "urgent": False}
        return self._say([self.phrases["handoff"]])

    def _restart(self) -> Outcome:
        self.matter = Matter()
        return self._say([self.phrases["restart"]])

    def _repeat(self) -> Outcome:
        if not self.matter.last:
            return self._say([self.phrases["nothing_open"]])
        first, *rest = self.matter.last
        return self._say([fit([Section(self.phrases["again"]), Section(first)]), *rest], question=self.matter.asked)

    def _offer_person(self, found: Assessment) -> None:
        reason = next((c.extra["handoff"] for c in found.claims if c.extra.get("handoff")), None)
        if reason is not None:
            self.handoff = {"reason": reason, "urgent": False}

    def _back(self, text: str) -> str:
        """The text, followed by the open question if there is one."""
        asked = self.matter.asked
        if asked is None:
            return text
        return f"{text}\n{self.phrases['back'].format(question=self._asks(asked))}"

    def _say(
        self,
        messages: list[str],
        found: Assessment | None = None,
        question: str | None = None,
        topics: bool = True,
    ) -> Outcome:
        messages = [m for m in messages if m]
        if question is not None:
            if question != self.matter.asked:
                self.matter.times_asked[question] = self.matter.times_asked.get(question, 0) + 1
            self.matter.asked = question
        elif found is not None:
            self.matter.asked = None
        if self.confident:
            self.matter.unclear = 0
            self.matter.pending = []
        self.matter.last = messages
        self.matter.entries = list(dict.fromkeys([*self.matter.entries, *self.hits]))[-20:]
        return Outcome(self.matter, messages, self._object(messages, found), self.commands)

    def _object(self, messages: list[str], found: Assessment | None) -> dict[str, Any]:
        if found is None:
            found = assess(self.matter.facts, self.matter.topics, self.kb, self.today, self.matter.wanted)
        return {
            "act": self.heard.act,
            "topics": [{"name": n, "confidence": round(c, 3)} for n, c in self.heard.topics],
            **answer.answer_object(self.matter, found, self.kb),
            "problems": list(self.matter.topics),
            "risk": list(self.heard.risk),
            "asker": self.heard.asker,
            "entries": list(dict.fromkeys(self.hits)),
            "guide": None if self.guide is None else self.guide.name,
            "ask_next": self.matter.asked,
            "handoff": self.handoff,
            "reply": messages,
            "confident": self.confident,
            **self._choices(),
        }

    def _choices(self) -> dict[str, list[str]]:
        """Quick replies that are not those of the open question: the guesses offered, or none before a person comes."""
        if self.matter.choices:
            return {"choices": self._menu(self.matter.choices)}
        comes = any(c["command"] == "request_handoff" for c in self.commands)
        return {"choices": []} if comes else {}


def _is(value: Any, wanted: Any) -> bool:
    return value in (wanted if isinstance(wanted, (list, tuple)) else [wanted])


def _fingerprint(found: Assessment) -> str:
    text = "|".join(f"{c.kind}:{c.amount}:{c.low}:{c.high}" for c in found.claims)
    dates = "|".join(f"{d.kind}:{d.date}" for d in found.deadlines)
    return hashlib.sha256(f"{text}#{dates}".encode()).hexdigest()[:16]
