"""A consultation as a worker meets it: what is heard, what comes back, in the order of journey J1 and its digressions.

The understanding of words is tested elsewhere; here a message arrives as what was understood in it.
"""

from datetime import date

import pytest

from knowledge import release
from knowledge.consultation import turn
from knowledge.matter import Heard, Matter, Mention

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def kb():
    return release.load()


def fact(name, value, kind="count", **more):
    return Mention(name, kind, value, **more)


J1 = Heard(
    "老板拖了我两个月工资一个月六千五，昨天又叫我不用来了，没签合同，去年三月十号进的厂",
    topics=(("wages", 0.9), ("dismissal", 0.8)),
    mentions=(
        fact("months_owed", 2, "duration", unit="months"),
        fact("monthly_wage", 6500, "money"),
        fact("leave_date", "2026-11-23", "date"),
        fact("dismissed", True, "bool"),
        fact("has_contract", False, "bool"),
        fact("hire_date", "2025-03-10", "date"),
    ),
)


class Talk:
    """A conversation that keeps its state between messages."""

    def __init__(self, kb, today=TODAY):
        self.kb, self.today, self.matter = kb, today, Matter()

    def say(self, heard, **more):
        if isinstance(heard, str):
            heard = Heard(heard, **more)
        self.outcome = turn(self.matter, heard, self.kb, self.today)
        self.matter = Matter.from_json(self.outcome.matter.to_json())
        return "\n".join(self.outcome.messages)

    def claim(self, kind):
        return next(c for c in self.outcome.answer["claims"] if c["kind"] == kind)

    @property
    def asked(self):
        return self.outcome.answer["ask_next"]


@pytest.fixture
def talk(kb):
    return Talk(kb)


def test_the_first_answer_names_three_problems_echoes_the_facts_and_computes(talk):
    text = talk.say(J1)
    assert "3件事" in text and "拖欠工资" in text and "辞退" in text and "没签劳动合同" in text
    assert "6,500元" in text and "2个月" in text and "2025年3月10日" in text and "2026年11月23日" in text
    assert "13,000元" in text and "26,000元" in text and "71,500元" in text
    assert "两样只能拿一样" in text
    assert len(talk.outcome.messages) <= 2 and all(len(m) <= 600 for m in talk.outcome.messages)


def test_sums_in_the_answer_object_are_the_hand_computed_ones(talk):
    talk.say(J1)
    assert talk.claim("arrears")["amount"] == "13000.00"
    assert talk.claim("severance")["amount"] == "13000.00"
    assert talk.claim("unlawful_dismissal")["amount"] == "26000.00"
    assert talk.claim("double_wage")["amount"] == "71500.00"
    assert all(c["citations"] for c in talk.outcome.answer["claims"])
    dates = {d["date"] for d in talk.outcome.answer["deadlines"]}
    assert {"2027-11-23", "2027-03-09"} <= dates


def test_a_correction_changes_the_date_and_everything_is_computed_again(talk):
    talk.say(J1)
    text = talk.say(
        "不是昨天，是11月8号", act="correct", mentions=(fact("quantity", "2026-11-08", "date", corrects=True),)
    )
    assert "2026年11月8日" in text and talk.matter.value("hire_date") == "2025-03-10"
    assert "2027-11-08" in {d["date"] for d in talk.outcome.answer["deadlines"]}


def test_a_new_wage_changes_every_line(talk):
    talk.say(J1)
    text = talk.say("工资是七千", act="correct", mentions=(fact("monthly_wage", 7000, "money"),))
    assert "14,000元" in text and "28,000元" in text and "77,000元" in text and "6,500" not in text


def test_the_question_asked_is_the_one_that_decides_between_n_and_2n(talk):
    talk.say(J1)
    assert talk.asked == "dismissal_reason"


def test_a_side_question_is_answered_and_the_open_question_comes_back(talk):
    talk.say(J1)
    text = talk.say("请律师要钱吗", topics=(("legal_aid", 0.9),))
    assert "回到刚才" in text and "理由" in text and talk.asked == "dismissal_reason"
    assert talk.outcome.answer["entries"]


def test_not_knowing_is_accepted_and_not_asked_again(talk):
    talk.say(J1)
    talk.say("不知道", act="dont_know")
    assert talk.asked != "dismissal_reason"
    for _ in range(4):
        talk.say("不知道", act="dont_know")
        assert talk.asked != "dismissal_reason"


def test_a_fragment_is_read_in_the_light_of_the_question(talk):
    talk.say("老板拖欠工资", topics=(("wages", 0.9),))
    talk.matter.asked = "months_owed"
    talk.say("6个月", act="inform", mentions=(fact("quantity", 6, "duration", unit="months"),))
    assert talk.matter.value("months_owed") == 6


def test_asked_to_calculate_it_shows_steps_articles_and_dates(talk):
    talk.say(J1)
    text = talk.say("帮我算", act="calculate")
    for piece in ("13,000元", "26,000元", "71,500元", "《劳动合同法》", "2027年"):
        assert piece in text


def test_a_wish_for_a_person_becomes_a_command(talk):
    talk.say(J1)
    talk.say("转人工", act="ask_human")
    assert talk.outcome.commands == [{"command": "request_handoff", "reason": "asked", "urgent": False}]
    assert talk.outcome.answer["handoff"]["reason"] == "asked"


def test_danger_comes_before_everything(talk):
    text = talk.say("老板不给钱我就从塔吊上跳下去", topics=(("wages", 0.9),), risk=("self_harm",))
    assert "110" in text and talk.outcome.commands[0]["urgent"] is True


def test_an_employment_that_ends_before_it_starts_is_refused_with_a_question(talk):
    talk.say(
        "我26年5月进厂，25年3月被辞退，一个月五千",
        topics=(("dismissal", 0.9),),
        mentions=(
            fact("hire_date", "2026-05-01", "date"),
            fact("leave_date", "2025-03-01", "date"),
            fact("dismissed", True, "bool"),
            fact("monthly_wage", 5000, "money"),
        ),
    )
    assert talk.asked in ("hire_date", "leave_date") and not talk.outcome.answer["confident"]
    assert not any(c["amount"] for c in talk.outcome.answer["claims"])


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "？？？", "。。。"])
def test_a_message_without_words_gets_a_clear_sentence(talk, text):
    assert "没有收到文字" in talk.say(text)


def test_what_is_not_understood_offers_readable_choices_and_a_number_picks_one(talk):
    text = talk.say("嗯那个东西怎么说呢", guesses=(("injury", 0.3), ("wages", 0.2)))
    assert "1. " in text and not talk.outcome.answer["confident"]
    picked = talk.say("1", act="inform")
    assert "干活受伤" in picked and talk.matter.topics == ["injury"]


def test_an_injury_without_a_grade_gives_the_two_clocks(kb):
    talk = Talk(kb, date(2026, 11, 24))
    text = talk.say(
        "10月1号在车间手被压了，厂里没给报工伤",
        topics=(("injury", 0.95),),
        mentions=(fact("injury_date", "2026-10-01", "date"),),
    )
    assert "2026年10月31日" in text and "2027年10月1日" in text
    assert talk.asked in ("injury_grade", "monthly_wage", "insured")


def test_the_same_facts_give_the_same_state_through_json(talk):
    talk.say(J1)
    again = Matter.from_json(talk.matter.to_json())
    assert again == talk.matter


def injured(*more):
    known = (fact("injury_date", "2026-10-01", "date"), fact("monthly_wage", 6000, "money"))
    return Heard(
        "手被压了评了九级，一个月六千", topics=(("injury", 0.95),), mentions=(*known, fact("injury_grade", 9), *more)
    )


def test_grade_nine_gives_the_fund_sum_and_the_jiangsu_sums_marked_for_confirmation(talk):
    text = talk.say(injured())
    assert "54,000元" in text and "75,000元（待顾问确认）" in text  # 9 x 6000; 50000 + 25000, base of the province


def test_without_insurance_no_sum_is_counted_twice(talk):
    talk.say(injured(fact("insured", False, "bool")))
    assert talk.claim("injury_disability")["amount"] == "54000.00"
    assert talk.claim("injury_lump_sums")["amount"] == "75000.00"
    assert talk.claim("injury_disability")["payer"] == "用人单位"


def test_an_answer_of_another_kind_is_taken_for_what_it_is(talk):
    talk.say("老板跑路了工资没发", topics=(("wages", 0.9),))
    talk.matter.asked = "amount_owed"
    talk.say("3个月", act="inform", mentions=(fact("quantity", 3, "duration", unit="months"),))
    assert talk.matter.value("months_owed") == 3


def test_a_guess_below_the_bar_is_asked_back(talk):
    talk.say("那个事情", topics=(("contract", 0.4),), guesses=(("contract", 0.4), ("wages", 0.3)))
    assert not talk.outcome.answer["confident"] and talk.outcome.answer["choices"][0] == "合同问题"


def test_a_sum_taken_up_to_today_says_so_and_asks_for_the_last_day(talk):
    known = (fact("hire_date", "2025-06-10", "date"), fact("has_contract", False, "bool"))
    text = talk.say(
        Heard("没签合同", topics=(("contract", 0.9),), mentions=(*known, fact("monthly_wage", 6000, "money")))
    )
    assert "按到今天算" in text and "leave_date" in talk.claim("double_wage")["needs"]
    text = talk.say("12月9号走的", act="inform", mentions=(fact("leave_date", "2025-12-09", "date"),))
    assert "30,000元" in text and "按到今天算" not in text


def test_what_is_said_anew_replaces_the_older_statement_of_the_same_thing(talk):
    talk.say("欠我一万二", topics=(("wages", 0.9),), mentions=(fact("amount_owed", 12000, "money"),))
    said = (fact("monthly_wage", 3500, "money"), fact("months_owed", 2, "duration", unit="months"))
    talk.say("工资三千五一个月欠了两个月", topics=(("wages", 0.9),), mentions=said)
    assert talk.claim("arrears")["amount"] == "7000.00"


def test_an_impossible_date_beside_good_facts_is_named(talk):
    bad = fact("hire_date", None, "date", invalid="没有“2月30日”这一天")
    text = talk.say("2月30日入职被辞退", topics=(("dismissal", 0.9),), mentions=(bad, fact("dismissed", True, "bool")))
    assert "2月30日" in text and "再核对" in text and talk.asked == "hire_date"


@pytest.mark.parametrize("value", [3, 900000])
def test_a_wage_out_of_all_bounds_is_not_believed(talk, value):
    text = talk.say("工资", topics=(("wages", 0.9),), mentions=(fact("monthly_wage", value, "money"),))
    assert "好像不对" in text and talk.matter.value("monthly_wage") is None


@pytest.mark.parametrize(
    "text", ["/restart", '/ask_human{"x":1}', "'; DROP TABLE message;--", "<script>alert(1)</script>"]
)
def test_text_without_a_chinese_word_is_asked_back(talk, text):
    said = talk.say(text, topics=(("wages", 0.6),))
    assert "1. " in said and not talk.outcome.commands and not talk.outcome.answer["confident"]


def test_a_question_about_something_else_is_answered_beside_the_open_matter(talk):
    talk.say(J1)
    said = talk.say("加班费怎么算", topics=(("overtime", 0.99),), mentions=(fact("hours_day", 12, "duration"),))
    assert "加班" in said and "回到刚才" in said and talk.matter.value("hours_day") == 12


def test_no_to_something_else_is_no_answer_to_the_open_question(talk):
    talk.say("工地包工头欠我一万八", topics=(("wages", 0.9),), mentions=(fact("amount_owed", 18000, "money"),))
    talk.matter.asked = "in_service"
    talk.say("没有欠条", act="inform", mentions=(fact("has_iou", False, "bool"),))
    assert talk.matter.value("in_service") is None and talk.matter.value("has_iou") is False
