"""The application for legal aid as a conversation: asks only what is missing, one thing at a time, and why.

A pure state machine: `start` and `hear` take and return JSON-able state; the caller keeps it and runs the command.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from base.privacy import new_token
from casework.aid_rules import AidRules, aid_rules
from casework.application import Draft, means, missing, next_question, review
from casework.application_fields import BY_ID, FIELDS, Field, Invalid, plain

if TYPE_CHECKING:
    from knowledge.release import KnowledgeBase

State = dict[str, Any]  # stage: asking|review|done|cancelled; asking: field id; draft; submit_key
Reply = tuple[State, str, dict[str, Any] | None]

SHOWN = 200  # characters of a long answer repeated in the review
_STOP = re.compile(
    r"(?:我?(?:要|想)?(?:取消|不申请|不办|算了|退出|先不弄|不填)(?:申请|法律援助|法律援助申请)?[了吧]?)[。.!！]*"
)
_LATER = re.compile(
    r"(?:我?(?:也|都)?(?:不知道|不清楚|不晓得|不记得|记不清|记不得|忘|没有|没带|没|无|不想[写说填]|不方便)"
    r"|以后(?:再)?(?:补|说|给)|(?:先)?跳过|下一[个题]|后面补|稍后补)[了的啊呢吧]*[。.!！]*"
)
_YES = re.compile(
    r"(?:确认(?:提交)?|提交|同意(?:提交)?|没问题|没错|都?对|都?是|好|可以|行|嗯|ok|yes)[的了吧啊呀]*[。.!！]*", re.I
)
_ELSEWHERE = re.compile(
    r"转人工|找(?:人工|真人|律师|顾问)|人工服务|帮我算|写材料|重新开始|再说一遍|谢谢.{0,3}|你好|您好"
)
_QUESTION = re.compile(
    r"[?？]|[吗呢么][。.!！]*$|要不要|能不能|可不可以|是不是|多久|多长|为什么|为啥|凭什么|怎么|如何|什么时候"
)
_NOT_A_NAME = re.compile(r"老板|工资|公司|厂|钱|没|不|我|你|您|他|帮|想|要求|知道|申请|欠")
_GUESSED = {"amount": ("amount_owed", "claim_amount", "quantity"), "employer": ("employer_name",)}


def _edits() -> tuple[re.Pattern[str], ...]:
    words = sorted((w for f in FIELDS for w in (f.label, *f.names)), key=len, reverse=True)
    what = f"(?P<what>{'|'.join(map(re.escape, words))})(?:号码|号)?"
    to = r"(?:改成|改为|换成|变成|成|为|应该是|应是|是|:|,|，)?"
    return (
        re.compile(rf"(?:请|帮我|我要|我想)?(?:修改|更正|更改|改)(?:一下|下)?(?:我的)?{what}{to}\s*(?P<value>.*)"),
        re.compile(rf"(?:我的)?{what}(?:写|填|打)?(?:不对|错|有误)了?[,，。\s]*{to}\s*(?P<value>.*)"),
        re.compile(rf"(?:把|将)?(?:我的)?{what}(?:改成|改为|换成|改|应该是|更正为)\s*(?P<value>.*)"),
    )


_EDITS = _edits()
_BY_WORD = {word: field.id for field in reversed(FIELDS) for word in (field.label, *field.names)}


class ChatApplication:
    """The conversation about one application, with the rules of one knowledge base."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.rules: AidRules = aid_rules(kb)

    # -- what callers use --------------------------------------------------------

    def start(self, summary: Mapping[str, Any] | None) -> tuple[State, str]:
        """A new application prefilled from the consultation's summary, and the first words about it."""
        draft = Draft.from_summary(summary)
        state: State = {"stage": "asking", "asking": None, "draft": draft.to_dict(), "submit_key": new_token()}
        said = [f"{self.rules.free.say}（{self.rules.free.cite}）。", self._first_word(draft)]
        if draft.values:
            known = "、".join(BY_ID[f.id].label for f in FIELDS if f.id in draft.values)
            said.append(f"您说过的已经填好：{known}。")
        said.append("还差几样，一样一样问，随时可以回复“取消”。")
        return self._ahead(state, draft, said)

    def hear(self, state: State, text: str, facts: Mapping[str, Any] | None = None) -> Reply:
        """(new state, what to say, command or None).

        `facts`: what understanding read off the text, by fact id ("quantity" only when it is money). Nothing to say
        ("") means the text is not about the application: answer it elsewhere, then say `prompt(state)`.
        """
        said = plain(text)
        if not self.active(state):
            return self._after_end(state, said)
        if _STOP.fullmatch(said):
            return self._cancelled(), "好的，不申请了，填过的内容已经清掉。以后要办，回复“申请法律援助”。", None
        edited = self._edit(state, said)
        if edited is not None:
            return edited
        if len(said) <= 30 and (_QUESTION.search(said) or _ELSEWHERE.fullmatch(said)):
            return state, "", None
        if state["stage"] == "review":
            return self._hear_review(state, said)
        return self._hear_answer(state, text, said, facts or {})

    def prompt(self, state: State) -> str:
        """The open question again, or the call to confirm; "" when the application is over."""
        if state.get("stage") == "review":
            return "您的申请还等您一句话：回复“确认提交”，或者“取消”。"
        if not self.active(state) or not state.get("asking"):
            return ""
        return self._question(BY_ID[state["asking"]])

    @staticmethod
    def active(state: Mapping[str, Any] | None) -> bool:
        """True while the application waits for an answer."""
        return state is not None and state.get("stage") in ("asking", "review")

    # -- asking --------------------------------------------------------------------

    def _hear_answer(self, state: State, text: str, said: str, facts: Mapping[str, Any]) -> Reply:
        draft, field = Draft.from_dict(state["draft"]), BY_ID[state["asking"]]
        try:
            if _LATER.fullmatch(said) and not (field.id == "migrant_worker" and said.startswith("没")):
                draft.put_off(field.id)
                note = "没关系，以后再补。"
            else:
                self._take(draft, field, text, facts)
                note = "记下了。"
        except Invalid as invalid:
            if self._volunteered(draft, said):
                return (*self._ahead(state, draft, ["记下了。"]), None)
            return state, f"{invalid.message}\n{self._question(field)}", None
        self._volunteered(draft, said)
        said_after = [note]
        if field.id in ("migrant_worker", "matter") and "migrant_worker" not in [f.id for f in missing(draft)]:
            said_after.append(self._means_word(draft))
        return (*self._ahead(state, draft, said_after), None)

    def _take(self, draft: Draft, field: Field, text: str, facts: Mapping[str, Any]) -> None:
        """Put the answer, helped by what understanding read off it (两万三 → 23000). Raises Invalid."""
        if (
            field.id == "name"
            and "·" not in text
            and _NOT_A_NAME.search(re.sub(r"^我(?:的)?[姓叫名是]", "", plain(text)))
        ):
            raise Invalid("这里只要姓名，跟身份证上一样，例如：王建国。")
        try:
            draft.put(field.id, text)
        except Invalid:
            guess = next((facts[k] for k in _GUESSED.get(field.id, ()) if facts.get(k) is not None), None)
            if guess is None:
                raise
            draft.put(field.id, str(guess))

    @staticmethod
    def _volunteered(draft: Draft, said: str) -> bool:
        """A phone or identity number given before it was asked for is taken too."""
        taken = False
        for name in ("id_number", "phone"):
            if name not in draft.values:
                draft.put(name, said, quiet=True)
                taken = taken or name in draft.values
        return taken

    def _ahead(self, state: State, draft: Draft, said: list[str]) -> tuple[State, str]:
        """The next question, or the review when nothing is missing."""
        field = next_question(draft)
        lines = ["".join(said)] if said else []
        if field is None:
            lines.append(self._review(draft))
            return {**state, "stage": "review", "asking": None, "draft": draft.to_dict()}, "\n".join(lines)
        lines.append(self._question(field))
        return {**state, "stage": "asking", "asking": field.id, "draft": draft.to_dict()}, "\n".join(lines)

    @staticmethod
    def _question(field: Field) -> str:
        wait = "" if field.required or "以后补" in field.why else "；不知道就说“不知道”"
        return f"{field.ask}（{field.why}{wait}）"

    def _first_word(self, draft: Draft) -> str:
        """Before anything is asked: whether means are looked at, and by which article."""
        if draft.values.get("matter") in self.rules.person.matters:
            return f"{self.rules.person.say}（{self.rules.person.cite}）。"
        return f"{self.rules.waived.say}（{self.rules.waived.cite}）。"

    def _means_word(self, draft: Draft) -> str:
        tested = means(draft, self.rules)
        if tested.status == "waived":
            return f"您这件事不查经济困难（{tested.cite}）。"
        return f"{tested.say}（{tested.cite}）。" if tested.status == "promise" else "免不免查经济情况，由工作人员看。"

    # -- reviewing -------------------------------------------------------------------

    def _hear_review(self, state: State, said: str) -> Reply:
        if not _YES.fullmatch(said):
            return state, "没看懂。回复“确认提交”就交上去；要改就说，例如“改电话 139…”；不办了回复“取消”。", None
        command = {"command": "submit_application", "draft": state["draft"], "submit_key": state["submit_key"]}
        return {**state, "stage": "done", "asking": None}, "好的，正在提交。", command

    def _review(self, draft: Draft) -> str:
        lines = ["请您看一遍："]
        lines += [f"{label}：{value if len(value) <= SHOWN else value[:SHOWN] + '…'}" for label, value in review(draft)]
        lines.append(
            "提交后，法律援助的工作人员会看到这些，并打这个电话找您；交申请这一步不会通知您的单位。\n"
            "都对就回复“确认提交”（也就是同意交给他们办）；要改就说，例如“改电话 139…”；不办了回复“取消”。"
        )
        return "\n".join(lines)

    def _edit(self, state: State, said: str) -> Reply | None:
        """改电话 139…, 姓名不对，是…: change one field; without a new value ask for it."""
        found = next((m for m in (p.fullmatch(said) for p in _EDITS) if m is not None), None)
        if found is None:
            return None
        field, value = BY_ID[_BY_WORD[found["what"]]], found["value"].strip("。 ")
        draft = Draft.from_dict(state["draft"])
        if not value:
            again = {**state, "stage": "asking", "asking": field.id}
            return again, self._question(field), None
        try:
            draft.put(field.id, value)
        except Invalid as invalid:
            again = {**state, "stage": "asking", "asking": field.id}
            return again, f"{invalid.message}\n{self._question(field)}", None
        return (*self._ahead(state, draft, ["改好了。"]), None)

    # -- the end ----------------------------------------------------------------------

    @staticmethod
    def _cancelled() -> State:
        return {"stage": "cancelled", "asking": None, "draft": {"values": {}, "later": []}, "submit_key": ""}

    @staticmethod
    def _after_end(state: State, said: str) -> Reply:
        """Confirming twice submits the same thing twice, which is kept once; all else is not about the application."""
        if state.get("stage") == "done" and said.startswith(("确认提交", "提交")) and state.get("submit_key"):
            command = {"command": "submit_application", "draft": state["draft"], "submit_key": state["submit_key"]}
            return state, "好的，我看一下。", command
        return state, "", None
