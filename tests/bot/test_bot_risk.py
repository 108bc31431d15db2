"""What must ring at once, what must not, and who is asking.

A row of tests/data/risk_fresh.jsonl, a message of our own, holds `text` and either `risk` (its kinds; none for what only
sounds alike) or `asker`. No row was known to the rules when it was
written; those that did not ring then have widened them, so new rows tell more than these.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from bot.components.normalise import normalise
from bot.components.risk import GRAVEST_FIRST, asker, rules, screen
from tests.timing import quickest

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "risk_fresh.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("这样活着还有什么意思，我不想活了", "self_harm"),
        ("再不给钱我就从塔吊上跳下去", "self_harm"),
        ("我老公说要喝农药，劝都劝不住", "self_harm"),
        ("遗书都写好了", "self_harm"),
        ("逼急了我就点汽油把自己烧了", "self_harm"),
        ("我今天非砍死他不可", "violence"),
        ("叫几个老乡去收拾老板", "violence"),
        ("大不了跟他同归于尽", "violence"),
        ("老板说再来要钱就打断我的腿", "violence_victim"),
        ("工头带了一帮人拿着钢管追我们", "violence_victim"),
        ("我被他们关在办公室里不让出去", "violence_victim"),
        ("刚被保安打了，满脸是血", "violence_victim"),
        ("我们三十个人商量好明天去堵厂门", "collective"),
        ("大家准备去区政府门口拉横幅", "collective"),
        ("几个工友爬到塔吊上去了，不给钱不下来", "collective"),
        ("刚从架子上掉下来，人昏迷了怎么办", "medical_emergency"),
        ("手被绞了血止不住", "medical_emergency"),
        ("人还在抢救，老板不肯垫钱", "medical_emergency"),
        ("仲裁时效还有3天就过了", "deadline_soon"),
        ("上诉期只剩两天了", "deadline_soon"),
        ("明天就开庭了我还什么都没准备", "deadline_soon"),
        ("今天是起诉最后一天", "deadline_soon"),
    ],
)
def test_what_cannot_wait_rings(text, kind):
    assert kind in screen(normalise(text))


@pytest.mark.parametrize(
    "text",
    [
        "老板欠我三个月工资一直不给",
        "我从脚手架上摔下来断了腿，工伤怎么赔",
        "工友在宿舍猝死，算工伤吗",
        "跳楼价处理一批手机",
        "去年受的伤，鉴定九级",
        "老板打我电话我没接",
        "路上堵车迟到扣了五十",
        "合同还有三天到期，不续签有补偿吗",
        "仲裁时效是多久",
        "什么时候开庭会通知吗",
        "上班打卡机坏了",
        "我拼命干活还被扣钱",
        "累得要死，一天十四个小时",
        "公司裁员要赔多少",
        "你好",
        "",
    ],
)
def test_what_can_wait_does_not_ring(text):
    assert screen(normalise(text)) == []


def test_the_gravest_comes_first():
    found = screen(normalise("明天我们几十个人去堵门，不给钱我就跳楼，我不想活了"))
    assert found[0] == "self_harm"
    assert "collective" in found


def test_an_act_that_is_likely_counts_where_no_pattern_does():
    assert screen("随便一句话", {"self_harm_risk": 0.9}) == ["self_harm"]
    assert screen("随便一句话", {"self_harm_risk": 0.1}) == []
    assert screen("他们在外面守着我", {"violence_risk": 0.9}) == ["violence_victim"]
    assert screen("我去找他", {"violence_risk": 0.9}) == ["violence"]


@pytest.mark.parametrize("text", ["活干完就走了", "活太累不想干了", "干不下去了想辞职", "我已经走了"])
def test_talk_of_finishing_or_leaving_work_is_no_danger_though_the_act_seems_one(text):
    assert screen(text, {"self_harm_risk": 0.9}) == []


@pytest.mark.parametrize("text", ["我不想活了，老板不给工资", "活干完了钱没有，不想活了", "活干完了，孩子交给我姐"])
def test_a_grave_word_counts_beside_talk_of_work(text):
    assert screen(text, {"self_harm_risk": 0.9}) == ["self_harm"]


def test_what_takes_a_find_back_counts_for_its_own_sentence():
    assert screen(normalise("去年受的伤没赔。今天老板又打了我")) == ["violence_victim"]
    assert screen(normalise("去年老板打了我，没赔")) == []


def test_of_fresh_messages_nearly_every_danger_rings_and_nearly_nothing_else():
    heard = defaultdict(list)
    for row in ROWS:
        if "risk" in row:
            found = screen(normalise(row["text"]))
            for kind in row["risk"] or ["none"]:
                heard[kind].append(not found if kind == "none" else kind in found)
    assert sum(map(len, heard.values())) >= 260
    assert {kind: sum(got) / len(got) for kind, got in heard.items() if sum(got) / len(got) < 0.96} == {}
    assert heard["none"].count(False) <= 1


@pytest.mark.parametrize("row", [row for row in ROWS if "asker" in row], ids=lambda row: row["text"][:30])
def test_who_asks_is_heard_in_fresh_messages(row):
    assert asker(normalise(row["text"])) == row["asker"]


@pytest.mark.parametrize("text", ["不想做人了", "生活太累了撑不下去了", "我走了，孩子交给你们", "活着太累"])
def test_what_only_sounds_like_work_still_rings(text):
    assert screen(text, {"self_harm_risk": 0.9}) == ["self_harm"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("我在电子厂上班，老板拖欠工资", "worker"),
        ("我老公在工地摔断了腿", "family"),
        ("我妈在饭店洗碗，老板不给钱", "family"),
        ("俺爹给人看大门，没签合同", "family"),
        ("我是死者的妻子，想问赔偿", "family"),
        ("老婆介绍我来问的，我的工资没发", "worker"),
        ("我司一名员工连续旷工，可否解除合同", "employer"),
        ("我开了个小饭店，服务员走了要补偿怎么办", "employer"),
        ("员工告我们公司没签合同，该怎么应对", "employer"),
        ("我是包工头，总包不给我结账，工人找我要钱", "contractor"),
        ("我手下有十几个工人，甲方一直不付钱", "contractor"),
        ("", "worker"),
    ],
)
def test_who_is_asking(text, who):
    assert asker(normalise(text)) == who


def test_every_kind_has_a_rule():
    assert [rule.kind for rule in rules()] == list(GRAVEST_FIRST)


@pytest.mark.parametrize(
    "text", ["我被" * 4_000, "员工" * 5_000, "拿着刀" * 3_000, "堵" * 10_000, "我是" * 5_000, "工人我" * 3_000]
)
def test_no_text_makes_the_patterns_slow(text):
    read = normalise(text)
    assert quickest(screen, read) + quickest(asker, read) < 0.05
