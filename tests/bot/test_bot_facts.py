"""Facts are read off what workers write: sixty sentences, each with what a reader of it would write down."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.components.reading import Mention, read_facts
from evaluation.facts import load, measure

TODAY = date(2026, 11, 24)
TRAIN = Path(__file__).parents[1] / "data" / "facts_train.jsonl"
QUIET = {"employer_kind", "city"}  # read beside the facts that a row names


def read(text: str) -> dict[str, object]:
    return {m.fact: m.value for m in read_facts(text, TODAY) if m.fact != "quantity" and not m.flags.get("invalid")}


SENTENCES: list[tuple[str, dict[str, object]]] = [
    ("一个月六千五", {"monthly_wage": 6500}),
    ("工资是七千", {"monthly_wage": 7000}),
    ("月薪8k，干了三个月", {"monthly_wage": 8000, "months_worked": 3}),
    ("每个月大概5500左右", {"monthly_wage": 5500}),
    ("月均应发6200", {"monthly_wage": 6200}),
    ("扣完社保到手4800，应发是5600", {"monthly_wage": 5600}),
    ("一天260，干了四十天", {"daily_wage": 260, "days_worked": 40}),
    ("说好300块钱一天", {"daily_wage": 300}),
    ("一个小时22块5", {"hourly_wage": 22.5}),
    ("老板欠我四个月工资", {"months_owed": 4}),
    ("三个月没发工资了", {"months_owed": 3}),
    ("拖了两个月的钱不给", {"months_owed": 2}),
    ("还欠我一万二没给", {"amount_owed": 12000}),
    ("工程款还差3万5", {"amount_owed": 35000}),
    ("押金500不退", {"deposit": 500}),
    ("迟到一次罚款200", {"fine": 200}),
    ("住院费花了三万多", {"medical": 30000}),
    ("老板只肯赔两万", {"amount_offered": 20000}),
    ("在厂里干了六年", {"years_worked": 6}),
    ("做了两年零七个月", {"years_worked": 2.58}),
    ("做了8年3个月", {"years_worked": 8.25}),
    ("干了七八年了", {"years_worked": 7}),
    ("在工地做了五十三天", {"days_worked": 53}),
    ("试用期三个月", {"probation_months": 3}),
    ("签了三年的劳动合同", {"contract_years": 3, "has_contract": True}),
    ("没签合同", {"has_contract": False}),
    ("一直没给我签劳动合同", {"has_contract": False}),
    ("公司没给我交社保", {"insured": False}),
    ("社保一直都交着", {"insured": True}),
    ("老板昨天叫我不用来了", {"dismissed": True, "leave_date": "2026-11-23"}),
    ("上周被辞退了", {"dismissed": True}),
    ("公司把我开除了，没给任何理由", {"dismissed": True, "dismissal_reason": "none"}),
    ("公司提出协商解除", {"leave_way": "agreed_employer"}),
    ("合同到期公司不续签了", {"leave_way": "expired"}),
    ("去年三月十号进的厂", {"hire_date": "2025-03-10"}),
    ("我2019年进厂的", {"hire_date": "2019"}),
    ("2023年6月12号入职", {"hire_date": "2023-06-12"}),
    ("2021年2月1日干到2024年8月31日", {"hire_date": "2021-02-01", "leave_date": "2024-08-31"}),
    ("2022年4月18日入职，2025年9月5日走的", {"hire_date": "2022-04-18", "leave_date": "2025-09-05"}),
    ("2023年1月1日到2026年6月30日，月均5300", {"hire_date": "2023-01-01", "leave_date": "2026-06-30", "monthly_wage": 5300}),
    ("10月1号在车间手被压了", {"injury_date": "2026-10-01"}),
    ("8月6号从架子上摔下来", {"injury_date": "2026-08-06"}),
    ("鉴定下来是九级", {"injury_grade": 9}),
    ("评了十级伤残", {"injury_grade": 10}),
    ("工伤认定书已经下来了", {"injury_recognized": True}),
    ("我爸今年63了", {"age": 63}),
    ("我五十六岁", {"age": 56}),
    ("我们一共12个人", {"headcount": 12}),
    ("我们车间二十几个工人都没拿到钱", {"headcount": 20}),
    ("一天干12个小时", {"hours_day": 12}),
    ("早上8点干到晚上8点", {"hours_day": 12}),
    ("一个月休息两天", {"rest_days": 2}),
    ("老板给我打了欠条", {"has_iou": True}),
    ("没有打欠条", {"has_iou": False}),
    ("人当场就没了", {"death": True}),
    ("我是送外卖的", {"platform": True}),
    ("我是大三的学生，暑假工", {"student": True}),
    ("我怀孕五个月了", {"pregnant": True}),
    ("我是个小包工头，手下有八个工人", {"role": "contractor"}),
    ("我司员工离职未交接", {"role": "employer"}),
    ("转人工", {"wants_human": True}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "facts"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_a_sentence_says_these_facts(text: str, facts: dict[str, object]) -> None:
    got = read(text)
    assert {fact: got.get(fact) for fact in facts} == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("9月工资到现在没发", ["months_owed"]),
        ("想辞退我，能要多少钱？", ["dismissed"]),
        ("当地职工月平均工资9000", ["monthly_wage"]),
        ("公司会不会辞退我", ["dismissed"]),
        ("提前走要扣一个月工资", ["months_owed"]),
        ("国庆10月1日上班一天", ["hire_date"]),
        ("2020年判的，一直没执行", ["hire_date", "leave_date"]),
        ("本人工资5200", ["wants_human"]),
        ("明年要走", ["leave_date"]),
        ("我有法律问题想问", ["monthly_wage", "has_contract"]),
        ("电话13812345678", ["monthly_wage", "amount_owed"]),
    ],
)
def test_what_is_not_said_is_not_read(text: str, facts: list[str]) -> None:
    got = read(text)
    assert {fact: got[fact] for fact in facts if fact in got} == {}


def test_the_sentence_of_the_first_journey_is_read_exactly() -> None:
    text = "老板拖了我两个月工资一个月六千五，昨天又叫我不用来了，没签合同，去年三月十号进的厂"
    got = {fact: value for fact, value in read(text).items() if fact not in QUIET}
    assert got == {
        "monthly_wage": 6500, "months_owed": 2, "dismissed": True, "leave_date": "2026-11-23", "has_contract": False,
        "hire_date": "2025-03-10",
    }  # fmt: skip


def test_a_correction_keeps_the_new_day_only() -> None:
    days = [m for m in read_facts("不是昨天，是11月8号", TODAY) if m.kind == "date"]
    assert [(m.value, m.flags.get("corrects")) for m in days] == [("2026-11-08", True)]


def test_spans_point_into_the_raw_text() -> None:
    text = "老板\u200b欠我１２０００元，\u200d２０２５年３月１０号进的厂"
    told = {m.fact: text[m.start : m.end] for m in read_facts(text, TODAY)}
    assert told["amount_owed"] == "１２０００元"
    assert told["hire_date"] == "２０２５年３月１０号"


HOSTILE = [
    "", " ", "\ud800欠我\udfff五千", "\u200b" * 500 + "欠我五千块", "9" * 2000, "欠我" + "1" * 2000 + "元", "一" * 2000,
    "万千百十" * 500, "老板欠我两个月工资，" * 400, "2025年3月" * 600, "不是" * 1500, "（" * 2000 + "）" * 2000, "\x00欠\x00五千",
    "😀" * 1000 + "工资六千", "-5000元", "1e999", "٣٤٥ 元", "½", "\u202e元千五我欠", "合同" * 1000, "没" * 4000, "a" * 4000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_read_quickly_and_their_spans_lie_inside(text: str) -> None:
    read_facts("工资六千", TODAY)
    times = []
    for _ in range(5):
        begun = process_time()
        mentions = read_facts(text, TODAY)
        times.append(process_time() - begun)
    assert min(times) < 0.05
    assert_inside(text, mentions)


PIECES = st.lists(
    st.sampled_from(
        list("0123456789一二两三十百千万年月日号个元块多几半级岁天，。？ \u200b\ud800")
        + ["工资", "欠我", "没签合同", "去年", "进厂"]
    )
    | st.characters(),
    max_size=60,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_no_text_breaks_the_reader(text: str) -> None:
    assert_inside(text, read_facts(text, TODAY))


def assert_inside(text: str, mentions: list[Mention]) -> None:
    for mention in mentions:
        assert 0 <= mention.start < mention.end <= len(text)
        if mention.kind == "date" and mention.value is not None:
            date(*([int(part) for part in mention.value.split("-")] + [1, 1])[:3])


def test_our_own_labelled_rows_are_read_as_well_as_before() -> None:
    rows = [row for row in load(TRAIN) if row.get("facts") and not row.get("context")]
    begun = process_time()
    figures = measure(rows, lambda row: read(row["text"]))
    spent = (process_time() - begun) / len(rows)
    assert len(rows) > 1500
    assert figures["recall"] >= 0.88
    assert figures["contradictions"] <= 0.025
    assert spent < 0.005
