"""What the trained model makes of a message: its act and its topics; and how the classifier is put together."""

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from base.settings import Settings
from bot.components import lac, letters, lexicon
from bot.components.features import GROUPS, Features, extract, unnumbered
from bot.components.linear import first_curve, first_sure
from bot.components.topics import TOPICS, clauses, named, raised, with_first
from tests.timing import quickest

J1 = "老板拖了我两个月工资一个月六千五，昨天又叫我不用来了，没签合同，去年三月十号进的厂"


@pytest.fixture(scope="module")
def brain():
    from rasa_sdk.executor import ActionExecutor

    from bot.agent import Brain
    from bot.train import train

    model = Path(os.environ["BOT_MODEL"]) if "BOT_MODEL" in os.environ else train(Settings.load())
    return Brain.load(model, ActionExecutor())


def topics(brain, text: str) -> list[str]:
    return [topic["name"] for topic in brain.understand(text)["topics"]]


@pytest.mark.model
def test_each_of_several_wrongs_is_named(brain):
    assert set(topics(brain, J1)) == {"wages", "dismissal", "contract"}


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("请律师要钱吗", "legal_aid"),
        ("包工头欠我们班组八个人的工钱，过年到现在不接电话", "wages"),
        ("在车间被机器轧了两根手指，厂里不肯报工伤", "injury"),
        ("做了五年，昨天人事通知我被裁员了，一分补偿没有", "dismissal"),
        ("进厂一年多一直没跟我签书面劳动合同", "contract"),
        ("每天上班十二个小时，周末也不休息，加班费一分没有", "overtime"),
        ("公司三年都没给我交过社保，能补缴吗", "social_insurance"),
        ("仲裁裁决下来了对方不执行，怎么申请强制执行", "procedure"),
        ("怀孕四个月，领导让我调岗降薪", "other_labour"),
        ("老公在外面有人，我想离婚，孩子能判给我吗", "not_labour"),
        ("朋友借了我三万块，打了借条，到期不还怎么办", "not_labour"),
    ],
)
def test_the_topic_of_a_question_is_recognised(brain, text, topic):
    parse = brain.understand(text)
    assert parse["intent"]["name"] == "consult"
    assert parse["topics"][0]["name"] == topic


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("你好啊，在吗", "greet"),
        ("谢谢您", "thank"),
        ("拜拜了", "goodbye"),
        ("我要找人工客服", "ask_human"),
        ("帮我申请一下法律援助", "apply_aid"),
        ("帮我算一算一共多少钱", "calculate"),
        ("帮我写一份仲裁申请书吧", "document"),
        ("算了，取消吧", "cancel"),
        ("我们重新开始吧", "restart"),
        ("我的申请办到哪一步了", "ask_progress"),
        ("没听懂，再说一遍", "repeat"),
        ("你是机器人吧", "ask_bot"),
        ("把我的个人信息都删除", "privacy_request"),
        ("我真的不想活了", "self_harm_risk"),
        ("我要拿刀砍了他", "violence_risk"),
        ("明天大家一起去拉横幅堵门", "collective_risk"),
        ("不知道啊", "dont_know"),
        ("是的是的", "affirm"),
        ("没有签过", "deny"),
        ("刚才说错了，是四个月", "correct"),
        ("七千五一个月", "inform"),
    ],
)
def test_the_act_of_a_chat_message_is_recognised(brain, text, act):
    assert brain.understand(text)["intent"]["name"] == act


@pytest.mark.model
def test_an_answer_to_a_question_of_ours_is_never_off_topic(brain):
    for text in ("两万五", "三个月", "不知道", "签了", "不是昨天，是11月8号", "帮我算一下"):
        assert "not_labour" not in topics(brain, text), text


@pytest.mark.model
def test_probabilities_are_probabilities_and_sorted(brain):
    parse = brain.understand(J1)
    for key in ("intent_ranking", "topics", "topic_ranking"):
        confidences = [entry["confidence"] for entry in parse[key]]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0.0 <= confidence <= 1.0 for confidence in confidences)
    assert {entry["name"] for entry in parse["topic_ranking"]} == set(TOPICS)


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "工" * 10_000,
        "员工" * 5_000,
        "1" * 10_000,
        "二" * 2_000,
        "\u202e工资" * 500,
        "<script>alert(1)</script>",
        "😀" * 3_000,
    ]
    + ["'; DROP TABLE message; --", "\x00\x07", "ａｂｃ" * 50, "我被" * 4_000, "，" * 10_000, "/restart"],
)
def test_a_hostile_text_is_understood_in_time(brain, text):
    parse = brain.understand(text)
    assert quickest(brain.understand, text) < 0.05
    assert parse["text"] == text
    assert parse["intent"]["confidence"] <= 1.0


def test_numbers_of_any_writing_teach_the_same():
    assert unnumbered("欠我三个月") == unnumbered("欠我12个月") == "欠我0个月"
    assert unnumbered("一次性补助") == "一次性补助"


def test_each_group_of_features_has_the_length_it_was_given():
    classes, cues = {"工资": ("pay",)}, {"你好": ("greeting",)}
    texts = ["老板不给工资", "工资没发", "老板你好", "你好"]
    found = [extract(text, [text[:2], text[2:]], classes, cues, 3) for text in texts]
    features = Features.fit(found, (1.0, 0.5, 0.25, 2.0), rarest=1)
    where, values = features.vector(found[0])
    names = {column: name for name, column in features.columns.items()}
    lengths = Counter()
    for column, value in zip(where, values, strict=True):
        lengths[names[int(column)][0] if names[int(column)][0] < " " else "char"] += float(value) ** 2
    assert {key: round(length**0.5, 4) for key, length in lengths.items()} == {
        "char": 1.0,
        "\x01": 0.5,
        "\x02": 0.25,
        "\x03": 2.0,
    }


def _read(*texts):
    return [extract(text, [text], {}, {}, 2) for text in texts]


def test_what_characters_mean_adds_the_same_as_the_mean_of_their_vectors():
    found = _read("工资工", "老板")
    features = Features.fit(found, (1.0,) * GROUPS, rarest=1, letters=["工", "资", "板"])
    known = letters.Letters(["工", "资", "板"], np.array([[1.0, 0.0], [0.0, 2.0], [5.0, 5.0]]))
    x = features.matrix(found)
    packed = known.packed(features, x)
    assert packed.shape[1] == x.shape[1] - 1, "three characters became two numbers"
    solved = np.random.default_rng(7).normal(size=(packed.shape[1], 4)), np.arange(4.0)
    weights, offsets = known.unpacked(features, solved)
    np.testing.assert_allclose(x @ weights + offsets, packed @ solved[0] + solved[1], rtol=1e-5)


def test_few_characters_say_less_than_many():
    features = Features.fit((), (1.0,) * GROUPS, letters=["工"])
    short, long = (features.vector(found)[1].sum() for found in _read("工", "工" * 90))
    assert short == pytest.approx(1 / 11) and long == pytest.approx(90 / 100)


def test_without_lac_the_n_grams_do_alone(monkeypatch):
    def missing():
        raise lac.Unfit("word.dic cannot be read")

    monkeypatch.setattr(lac, "meanings", missing)
    found = _read("工资没发", "老板跑了")
    none = letters.letters_of(found, 0.5)
    features = Features.fit(found, (1.0,) * GROUPS, rarest=1, letters=none.signs)
    x = features.matrix(found)
    assert (none.packed(features, x) != x).nnz == 0 and features.letters == 0


def test_a_topic_is_the_surer_the_farther_it_leads():
    chance = np.random.default_rng(7)
    away = chance.normal(size=(400, 3))
    right = (away == away.max(axis=1, keepdims=True)) & (np.ptp(away, axis=1)[:, None] > 1.5)
    curve = first_curve(away, right.astype(np.int8))
    alone, beside = first_sure(np.array([1.0, -1.0, -1.0]), curve), first_sure(np.array([1.0, 0.9, -1.0]), curve)
    assert 0 < beside < alone < 1


def test_the_best_topic_keeps_the_lead_however_unsure_it_is():
    told = with_first(np.array([0.2, 0.9, 0.85]), 0.4)
    assert told.argmax() == 1 and told[1] == 0.4 and told[2] < 0.4 and told[0] == 0.2


def test_the_gate_rules():
    likely = np.full(len(TOPICS), 0.01)
    likely[TOPICS.index("not_labour")] = 0.6
    likely[TOPICS.index("wages")] = 0.5
    assert [TOPICS[i] for i in named(likely, 0.3, 0.35)] == ["not_labour"]
    likely[TOPICS.index("injury")] = 0.9
    assert [TOPICS[i] for i in named(likely, 0.3, 0.35)] == ["injury", "wages"]
    assert named(np.full(len(TOPICS), 0.1), 0.3, 0.35) == []


def test_a_firm_clause_adds_its_topic_but_never_takes_the_lead():
    whole, parts = np.full(len(TOPICS), 0.01), np.full((2, len(TOPICS)), 0.01)
    wages, injury, contract = (TOPICS.index(name) for name in ("wages", "injury", "contract"))
    whole[injury], whole[wages] = 0.6, 0.2
    parts[0, wages], parts[1, contract] = 0.95, 0.95
    found = raised(whole, parts, 0.1, 0.8)
    assert found[wages] == pytest.approx(0.575)
    assert found[contract] == 0.01, "the whole message speaks against it"
    assert found.argmax() == injury


def test_clauses_end_at_punctuation_and_short_ones_do_not_count():
    words = ["没", "签", "合同", "，", "急", "！", "老板", "不给", "钱"]
    assert clauses(words) == [["没", "签", "合同"], ["老板", "不给", "钱"]]


def test_the_word_lists_hold_only_what_can_be_found():
    for file in ("classes.yml", "cues.yml"):
        for word in lexicon.word_classes(file):
            assert 1 <= len(word) <= 6, word
            assert word == word.lower().strip(), word
