"""Numbers that are reckoned from several in the words, and readings that a neighbouring word makes void."""

from datetime import date

import pytest

from bot.components.reading import read_facts

TODAY = date(2026, 11, 24)


def read(text: str) -> dict[str, object]:
    return {m.fact: m.value for m in read_facts(text, TODAY) if m.fact != "quantity"}


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("从6月份到9月份的工资一分没给", "months_owed", 4),
        ("2025年11月、12月和2026年1月的工资都没发", "months_owed", 3),
        ("去年十一月到今年二月的工钱都没给", "months_owed", 4),
        ("从今年5月到8月，一个月5800，工资全拖着没发", "months_owed", 4),
        ("上个月和这个月的工资都没发", "months_owed", 2),
        ("总共工钱两万八，给了一万，剩下的一直拖着", "amount_owed", 18000),
        ("欠我工资38600，去年过年给了5000，今年五一又给了2000，剩下的一直拖着", "amount_owed", 31600),
        ("每天下班后多干2小时，一个月干了22天，加班费", "weekday_hours", 44),
        ("这个月四个周六都上班8小时", "restday_hours", 32),
        ("工作日延时加班一共二十四小时", "weekday_hours", 24),
        ("没签合同做了7个半月", "months_worked", 7.5),
        ("5天年假只休了1天半", "leave_days", 3.5),
        ("半年的合同，试用期3个月", "contract_years", 0.5),
        ("甲公司干了5年，被安排到乙公司干了1年8个月，公司提出协商解除，都没给过补偿", "service_months", [60, 20]),
        ("干了17年，前12年在甲公司，后5年被安排到乙公司，没给过补偿", "service_months", [144, 60]),
        ("合同12月31号到期，公司说不续", "contract_end", "2026-12-31"),
        ("合同今年8月15号到期，公司说不续", "contract_end", "2026-08-15"),
    ],
)
def test_what_several_words_come_to(text, fact, value):
    assert read(text).get(fact) == value


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("每天加班2小时，加班费怎么算", "weekday_hours"),  # a rate, no sum
        ("年假一天没休过，工龄十年", "leave_days"),
        ("包工头写的欠条，日期写的是去年腊月二十八", "backdated"),
        ("因为我打了12345投诉，还差我三千", "amount_paid"),
        ("说我严重违反制度就开除", "proved"),
        ("我要是现在提离职，欠的工资能要吗", "leave_way"),
        ("还差两年退休，公司把我调去扫厕所", "over_retirement_age"),
        ("3月25日就走了，没签合同", "death_date"),
    ],
)
def test_what_is_not_claimed(text, fact):
    assert fact not in read(text)
