"""The application as a talk: why no means test, one question at a time, a review, and one command at the end."""

import json
import re

import pytest

from base import clock
from base.database import transaction
from casework import application, commands, conversation, handoff
from casework.application_chat import ChatApplication

SUMMARY = {
    "problems": ["拖欠工资"],
    "topics": ["wages"],
    "facts": {"months_owed": {"label": "拖欠月数", "value": 2, "source": "said", "show": "拖欠2个月"}},
    "claims": [{"kind": "arrears", "amount": "13000.00"}],
}


class Talk:
    """A worker typing; `last` is farun's last word, `command` what it ordered."""

    def __init__(self, kb, summary=SUMMARY) -> None:
        self.chat = ChatApplication(kb)
        self.state, self.last = self.chat.start(summary)
        self.command = None

    def say(self, *texts: str, facts=None) -> str:
        for text in texts:
            state, self.last, self.command = self.chat.hear(self.state, text, facts)
            self.state = json.loads(json.dumps(state))  # it travels as JSON
        return self.last

    @property
    def values(self) -> dict:
        return self.state["draft"]["values"]


@pytest.fixture
def talk_(kb) -> Talk:
    return Talk(kb)


def _to_review(talk_: Talk) -> Talk:
    talk_.say("是", "王建国", "13912345678", "以后补", "以后补", "东山五金厂")
    return talk_


def test_it_begins_with_no_means_test_and_the_article_and_asks_one_thing(talk_) -> None:
    assert "不查经济困难（《法律援助法》第四十二条第三项）" in talk_.last
    assert "不收钱" in talk_.last
    assert "拖欠工资" not in talk_.last.splitlines()[-1]
    assert talk_.last.count("？") == 1
    assert "农村户口" in talk_.last.splitlines()[-1]


def test_only_what_is_missing_is_asked_each_with_its_reason(talk_) -> None:
    asked = [talk_.last]
    for text in ("是", "王建国", "13912345678", "没带", "不想写"):
        asked.append(talk_.say(text))
    for question, words in zip(asked, ("农村户口", "名字", "手机号", "身份证号", "住", "单位"), strict=True):
        last = question.splitlines()[-1]
        assert words in last
        assert re.search(r"（.{5,}）", last)
    assert "请您看一遍" in talk_.say("不知道")


def test_the_review_shows_every_field_and_who_will_see_it(talk_) -> None:
    review = _to_review(talk_).last
    for part in (
        "姓名：王建国",
        "手机号：13912345678",
        "身份证号：以后补",
        "单位或老板：东山五金厂",
        "大约要多少钱：13,000元",
        "拖欠2个月",
    ):
        assert part in review
    for part in ("工作人员会看到", "不会通知您的单位", "确认提交", "取消"):
        assert part in review


def test_confirming_gives_one_command_with_everything(talk_) -> None:
    _to_review(talk_).say("确认提交")
    assert talk_.command["command"] == "submit_application"
    assert talk_.command["draft"]["values"]["phone"] == "13912345678"
    key = talk_.command["submit_key"]
    talk_.say("确认提交")
    assert talk_.command["submit_key"] == key
    assert not talk_.chat.active(talk_.state)
    assert talk_.say("谢谢") == ""
    assert talk_.command is None


@pytest.mark.parametrize("text", ["好的", "对", "没问题", "确认", "可以", "同意提交"])
def test_other_ways_to_say_yes(talk_, text) -> None:
    _to_review(talk_).say(text)
    assert talk_.command is not None


@pytest.mark.parametrize("text", ["不对", "等一下", "电话错了", "不要提交", "13800000000"])
def test_nothing_else_submits(talk_, text) -> None:
    _to_review(talk_).say(text)
    assert talk_.command is None
    assert talk_.chat.active(talk_.state)


def test_a_wrong_answer_gets_a_kind_sentence_and_the_question_again(talk_) -> None:
    talk_.say("是", "王建国")
    said = talk_.say("1391234")
    assert "11位" in said
    assert "手机号" in said.splitlines()[-1]
    assert "phone" not in talk_.values


@pytest.mark.parametrize("text", ["老板不给我钱", "没有工资条", "我不知道怎么写"])
def test_a_story_is_not_taken_for_a_name(talk_, text) -> None:
    talk_.say("是", text)
    assert "name" not in talk_.values


def test_what_cannot_be_left_out_is_asked_again_with_the_reason(talk_) -> None:
    talk_.say("是", "王建国")
    assert "不能不填" in talk_.say("没有")


def test_a_number_given_before_it_is_asked_for_is_taken(talk_) -> None:
    talk_.say("是", "我的电话是13912345678")
    assert talk_.values["phone"] == "13912345678"
    talk_.say("王建国")
    assert talk_.values["name"] == "王建国"
    assert "身份证" in talk_.last.splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("改电话 13800000000", "phone", "13800000000"),
        ("电话不对，应该是13800000000", "phone", "13800000000"),
        ("把姓名改成王建军", "name", "王建军"),
        ("名字写错了，是王建军", "name", "王建军"),
        ("修改金额为1万5", "amount", "15000.00"),
        ("改单位：木渎电子厂", "employer", "木渎电子厂"),
        ("改身份证号11010519491231002X", "id_number", "11010519491231002X"),
    ],
)
def test_one_field_is_changed_and_the_review_returns(talk_, text, field, value) -> None:
    _to_review(talk_)
    before = dict(talk_.values)
    assert "请您看一遍" in talk_.say(text)
    assert talk_.values == {**before, field: value}


def test_a_change_without_the_new_value_is_asked_for(talk_) -> None:
    _to_review(talk_)
    assert "手机号" in talk_.say("改电话")
    assert "请您看一遍" in talk_.say("13800000000")
    assert talk_.values["phone"] == "13800000000"
    assert "11位" in talk_.say("改电话 138")
    assert "请您看一遍" in talk_.say("13811111111")


@pytest.mark.parametrize("text", ["取消", "不申请了", "算了", "我不办了", "先不弄了"])
def test_it_can_be_stopped_at_any_time_and_forgets(kb, text) -> None:
    for steps in ((), ("是", "王建国", "13912345678"), ("是", "王建国", "13912345678", "没有", "没有", "不知道")):
        talk_ = Talk(kb)
        talk_.say(*steps)
        assert "不申请了" in talk_.say(text)
        assert not talk_.chat.active(talk_.state)
        assert "13912345678" not in json.dumps(talk_.state)


@pytest.mark.parametrize("text", ["请律师要钱吗", "要多久才有结果？", "转人工", "为什么要电话"])
def test_a_side_question_is_left_to_others_and_the_open_question_stays(talk_, text) -> None:
    talk_.say("是", "王建国")
    before = talk_.state
    assert talk_.say(text) == ""
    assert talk_.state == before
    assert "手机号" in talk_.chat.prompt(talk_.state)


def test_numerals_are_taken_from_what_understanding_read(kb) -> None:
    talk_ = Talk(kb, {"topics": ["injury"]})
    talk_.say("是", "王建国", "13912345678", "没有", "没有", "不知道")
    assert "多少" in talk_.last
    talk_.say("两万三", facts={"quantity": 23000})
    assert talk_.values["amount"] == "23000.00"


def test_other_people_promise_instead_and_severance_alone_goes_to_a_person(kb) -> None:
    local = Talk(kb)
    said = local.say("不是")
    assert "诚信承诺" in said
    assert "第四十一条" in said
    left = Talk(kb, {"topics": ["dismissal"]})
    assert "工作人员" in left.last
    assert "第四十二条" in left.last


# -- into the matter -----------------------------------------------------------------


def _system(conn, talk: str) -> list[str]:
    return [e.text for e in conversation.timeline(conn, talk) if e.author == "system"]


def test_from_the_chat_to_the_status_page(engine, talk, kb, talk_, at) -> None:
    _to_review(talk_).say("确认提交")
    with transaction(engine) as conn, clock.at(at()):
        commands.execute(conn, talk, talk_.command, kb)
        commands.execute(conn, talk, talk_.command, kb)
        first, second = _system(conn, talk)
        number = re.search(r"WZ[\d-]+", first).group()
        assert "12月1日" in first
        assert number in second and "已经提交过" in second
        assert application.status(conn, number, "5678").label == "已提交"
        assert conversation.load(conn, talk).holder == "bot"


def test_a_matter_that_no_rule_settles_also_waits_for_a_person(engine, talk, kb) -> None:
    talk_ = Talk(kb, {"topics": ["dismissal"]})
    talk_.say("是", "王建国", "13912345678", "没有", "没有", "不知道", "不知道", "上周被叫走了，没给补偿", "确认提交")
    with transaction(engine) as conn:
        commands.execute(conn, talk, talk_.command, kb)
        assert [i.reason for i in handoff.waiting(conn)] == ["application"]
        assert conversation.load(conn, talk).holder == "queue"


def test_commands_for_a_person_and_back(engine, talk, kb) -> None:
    with transaction(engine) as conn:
        for _ in range(2):
            commands.execute(conn, talk, {"command": "request_handoff", "reason": "risk", "urgent": True}, kb)
        assert [i.urgent for i in handoff.waiting(conn)] == [True]
        assert len(_system(conn, talk)) == 1
        commands.execute(conn, talk, {"command": "withdraw_handoff"}, kb)
        assert conversation.load(conn, talk).holder == "bot"


def test_what_is_refused_becomes_a_sentence_and_the_turn_goes_on(engine, talk, kb) -> None:
    with transaction(engine) as conn:
        commands.execute(conn, talk, {"command": "withdraw_handoff"}, kb)
        draft = {"values": {"matter": "wages"}, "later": []}
        commands.execute(conn, talk, {"command": "submit_application", "draft": draft, "submit_key": "k"}, kb)
        commands.execute(conn, talk, {"command": "fly_to_the_moon"}, kb)
        assert [text[:4] for text in _system(conn, talk)] == ["现在没有", "还差姓名"]
