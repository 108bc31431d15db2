"""Many wordings of one fact each, and whole stories: what a worker says is read, whatever the words; possibility is not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.components.reading import read_facts

TODAY = date(2026, 11, 24)
WORDINGS: tuple[tuple[str, object, str], ...] = (
    # fact, value (None: the fact is not stated), wordings
    (
        "insured",
        False,
        "没社保|社保没给交|啥保险都没有|没上过保险|也没交保险|保险没买|厂里没有给我交五险|没有交过保险|没缴社保|"
        "没给办社保|社保啥的都没|五险一金都没有|什么保险都没有|连社保都没有|保险一样没交|从来没给我们上过保险|"
        "单位不给上社保|公司没买工伤险|社保他也没给我买|没人给我们缴社保|没签合同没交保险|没有合同也没有社保|"
        "合同和社保都没有|工伤险没交|没给我买过任何保险|厂里说试用期不交社保|一直没交社保",
    ),
    (
        "insured",
        True,
        "公司给我交了社保|有交社保|社保交了三年|单位买了工伤险|有社保|厂里交了工伤保险|一直交着社保|公司有给我买保险|"
        "社保是交的|交过社保",
    ),
    (
        "has_contract",
        False,
        "没合同|没有签合同|合同没签|没签过合同|合同都没签|没签劳动合同|也没给签合同|一直没签书面合同|没有任何合同|"
        "不跟我签合同|没有签订劳动合同|未签订书面劳动合同|没跟我们签合同|合同也没有|啥合同都没有|什么合同都没签|没签啥合同|"
        "没给我合同|没签任何协议",
    ),
    (
        "has_contract",
        True,
        "签了合同|合同签了三年|签过劳动合同|有劳动合同|合同到期了|合同还没到期|跟公司签了两年合同|签的是固定期限合同|"
        "有签合同|劳动合同签到2027年",
    ),
    (
        "months_owed",
        2,
        "两个月没发工资|拖了两个月了|欠了俩月工资|两个月工资没给|工资两个月没发了|两个多月没开工资|老板压了两个月工资|"
        "已经两个月没有发工资了|拖欠我两个月工资|欠我2个月的工资|有2个月工资没拿到|公司两个月没给工资|工资拖了两个月|"
        "还有两个月工资没结|欠薪两个月|被拖欠工资两个月|工资欠了2个月|2个月没领到钱|最近两个月都没发工资|"
        "工资都两个月没给了|拖欠了我2个月的工资|厂里欠薪2个月|扣着我两个月工资不发|压着两个月的工资不给",
    ),
    (
        "monthly_wage",
        6000,
        "一个月6000|月工资6000|工资六千|每月6千|月薪6k|一月六千|底薪6000|到手6000左右|平均工资6000|"
        "每个月能拿6000|工资是6000块|说好一个月给六千|工资6000一个月|月薪6000元|我工资6000多|"
        "每月工资6000|每月发6000|一个月到手六千块|月入6000|工资每个月6000|月平均工资6000",
    ),
    (
        "dismissed",
        True,
        "被辞退了|被公司开除|老板把我开了|叫我明天别来了|不让我上班了|公司把我辞退了|让我走人|老板不要我了|被裁员了|"
        "被解雇|单位单方面解除合同|公司口头辞退我|被炒鱿鱼了|突然被通知不用来了|厂里把我辞了|老板让我滚蛋|把我赶走了|"
        "公司无故辞退我|被公司劝退|强行辞退",
    ),
    (
        "dismissed",
        None,
        "会被辞退吗|想辞退我|老板要开除我|如果被辞退|要是把我辞了怎么办|公司准备裁员|威胁要辞退我|不想被开除|能不能辞退我|"
        "我想辞职|怎样才算被辞退|公司可以随便辞退员工吗|说再闹就辞退我|怀孕能辞退吗",
    ),
    (
        "years_worked",
        5,
        "干了五年|在这干了5年|工作5年了|做了五年多|在公司上班5年|工龄5年|干了快五年了吗|上了5年班|在这个厂5年了|"
        "待了5年|我在厂里干了五年|连续工作满5年|五年工龄|干满5年",
    ),
    (
        "years_worked",
        None,
        "合同签了五年|交了5年社保|欠了5年的钱|判了五年|等了5年|5年前的事|满五年有什么补偿|服务期五年",
    ),
    (
        "amount_owed",
        20000,
        "欠我两万|欠我20000块钱|还差我2万没给|拖欠工资两万元|一共欠两万|欠了我2万多|工资两万没给|尾款2w没结|"
        "欠我工钱两万|总共拖欠20000元工资|还有两万没结清|剩两万一直不给|两万块工资要不回来|打了欠条两万|工程款两万没付|"
        "老板欠两万块不还|欠我们工资共2万",
    ),
    (
        "amount_paid",
        3000,
        "给了三千|只给了3000|先付了3000元|付了三千块生活费|已经给我3000|就给了3千|打给我3000|支了三千|"
        "拿了3000|预支了三千|发了3000块|老板转了我3000",
    ),
    (
        "injury_grade",
        9,
        "九级伤残|评了9级|鉴定9级|伤残九级|定了九级|鉴定为九级|工伤9级|鉴定出来是九级|构成九级伤残",
    ),
    (
        "age",
        52,
        "我今年52岁|52岁了|我52了|今年五十二|我妈52岁|父亲今年52|年龄52|我52岁|今年刚满52岁|男，52岁",
    ),
    (
        "headcount",
        8,
        "我们8个人|我们八个|一共8个人|8个工人|我们班组8个人|一起8个人|总共八人|8名工人|我们一共8个|工友8个人都没拿到钱",
    ),
    (
        "days_worked",
        20,
        "干了20天|做了二十天|上了20天班|工作20天|干了20来天|一共干了20天|做了20天活|试工20天",
    ),
    (
        "months_worked",
        3,
        "干了3个月|做了三个月|上班三个月|工作3个月了|干了三个多月|在这做了3个月|上了三个月班|入职三个月|进厂3个月",
    ),
    (
        "hire_date",
        "2021-05",
        "21年5月进厂|2021年5月入职|2021年5月份来的|二零二一年五月进的公司|我2021年5月开始上班|"
        "2021.5入职|从2021年5月干到现在|2021年5月至今",
    ),
    (
        "leave_date",
        "2026-10",
        "上个月被辞退|10月份走的|2026年10月离职|上个月辞退我|上个月把我开除了|10月份离职的",
    ),
    (
        "injury_date",
        "2026-10-01",
        "10月1号受伤|10月1日在工地摔了|今年10月1号手被压了|2026年10月1日发生工伤|10月1号早上从架子上掉下来|"
        "10月1号出的事",
    ),
    (
        "daily_wage",
        300,
        "一天300|每天三百|300一天|日薪300|一天三百块|300块一天|一个工300|点工一天300|每天300元|日工资300",
    ),
    (
        "hourly_wage",
        20,
        "一小时20|20块一小时|时薪20|每小时20元|20一个小时|一个小时二十块|小时工资20",
    ),
    (
        "hours_day",
        12,
        "一天12小时|每天干12个小时|天天十二个小时|一天上12个小时班|每天工作12小时|早八点到晚八点|两班倒12小时|"
        "一天要干12个钟头",
    ),
    (
        "rest_days",
        2,
        "一个月休息2天|月休两天|一个月就歇两天|每月休2天|一个月放2天假",
    ),
    (
        "rest_days",
        0,
        "一个月没休息|一天没歇|没有休息天|全年无休|从来没休过|没休息过一天",
    ),
)
STORIES: tuple[tuple[str, dict[str, object]], ...] = (
    (
        "我在胥口一家电子厂上班，2023年6月进厂，上个月15号被辞退，月工资5800，没签合同也没交社保",
        {
            "hire_date": "2023-06",
            "leave_date": "2026-10-15",
            "dismissed": True,
            "monthly_wage": 5800,
            "has_contract": False,
            "insured": False,
            "city": "苏州",
        },
    ),
    (
        "工地干了45天，一天280，老板只给了5000，剩下的一直不给",
        {"days_worked": 45, "daily_wage": 280, "amount_paid": 5000},
    ),
    (
        "我今年47，在厂里干了8年，上周二手被机器压了，还没认定工伤",
        {"age": 47, "years_worked": 8, "injury_date": "2026-11-17", "injury_recognized": False},
    ),
    (
        "我们12个人在木渎做装修，包工头一共欠我们86000，打了欠条",
        {"headcount": 12, "group_amount": 86000, "has_iou": True, "city": "苏州"},
    ),
    (
        "试用期三个月工资4000，转正以后5500，第二个月就叫我走人",
        {"probation_months": 3, "probation_wage": 4000, "monthly_wage": 5500, "dismissed": True},
    ),
    (
        "骑电动车送外卖摔断了腿，花了3万2医药费，平台一分不出",
        {"platform": True, "medical": 32000},
    ),
    (
        "每天上12个小时，一个月休两天，到手五千二",
        {"hours_day": 12, "rest_days": 2, "monthly_wage": 5200},
    ),
    (
        "押金500不退，还扣了300块钱罚款",
        {"deposit": 500, "fine": 300},
    ),
    (
        "老板愿意赔两万私了，我评了十级，公司没交工伤保险",
        {"amount_offered": 20000, "injury_grade": 10, "insured": False},
    ),
    (
        "我爸63岁在工地摔死了，老板只赔8万",
        {"age": 63, "death": True},
    ),
    (
        "前年3月到今年8月在这家公司，工资7000，现在公司说我违反制度把我开除了",
        {"hire_date": "2024-03", "leave_date": "2026-08", "monthly_wage": 7000, "dismissed": True},
    ),
    (
        "还在厂里上班，三个月没发工资了，每个月6500",
        {"in_service": True, "months_owed": 3, "monthly_wage": 6500},
    ),
    (
        "欠了我四个月工资，一共26000",
        {"months_owed": 4, "amount_owed": 26000},
    ),
    (
        "合同签了三年，干了一年半公司就倒闭了",
        {"contract_years": 3, "years_worked": 1.5, "has_contract": True, "leave_way": "closed"},
    ),
    (
        "我怀孕五个月，公司以试用期不合格为由辞退我",
        {"pregnant": True, "dismissed": True},
    ),
    (
        "公司提前30天书面通知我解除合同",
        {"notice_days": 30},
    ),
    (
        "我自己提的离职，工资拖到现在还没结，差我9800",
        {"amount_owed": 9800},
    ),
    (
        "小时工一小时22块，上个月做了180个小时",
        {"hourly_wage": 22},
    ),
    (
        "我被欠薪1万2千块",
        {"amount_owed": 12000},
    ),
    (
        "老板说给我一万五让我走",
        {"amount_offered": 15000},
    ),
    (
        "公司要我赔8000元培训费",
        {"claim_amount": 8000},
    ),
    (
        "中介收了我1500中介费",
        {"fee": 1500},
    ),
    (
        "国庆加班3天没给三倍",
        {"holiday_days": 3},
    ),
    (
        "加班一个小时给15块",
        {"ot_rate": 15},
    ),
)
QUESTIONS = (  # about the law, not about a person's own matter
    "被辞退有什么补偿",
    "怎么申请法律援助",
    "仲裁要多久",
    "试用期最长几个月",
    "工资一般几号发",
    "满50岁还能认定工伤吗",
    "加班费怎么算，周末是两倍吗",
    "一个月工资能扣多少",
    "3天内能到账吗",
    "打12345有用吗",
    "仲裁时效一年从哪天算",
    "三期女职工能不能辞退",
    "老板会不会坐牢",
)


def facts(text: str) -> dict[str, object]:
    """Fact → value of a message, without undirected quantities."""
    return {m.fact: m.value for m in read_facts(text, TODAY) if m.fact != "quantity"}


@pytest.mark.parametrize(
    ("fact", "value", "text"), [(fact, value, text) for fact, value, texts in WORDINGS for text in texts.split("|")]
)
def test_however_it_is_worded(fact: str, value: object, text: str) -> None:
    got = facts(text).get(fact)
    if fact.endswith("_date") and got is not None:
        got = str(got)[: len(str(value))]
    assert got == value


@pytest.mark.parametrize(("text", "told"), STORIES)
def test_every_fact_of_a_story(text: str, told: dict[str, object]) -> None:
    got = facts(text)
    assert {fact: got.get(fact) for fact in told} == told


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_about_the_law_states_no_sum_no_date_and_no_dismissal(text: str) -> None:
    stated = {
        "monthly_wage",
        "daily_wage",
        "amount_owed",
        "amount_paid",
        "months_owed",
        "dismissed",
        "headcount",
        "age",
    }
    assert not stated & set(facts(text))
    assert not [fact for fact in facts(text) if fact.endswith("_date")]
