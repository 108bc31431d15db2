"""Which reviewed entry leads an answer: the one nearest to the wording, the general one where nothing special is told."""

from datetime import date

import pytest

from knowledge.consultation import turn
from knowledge.matter import Heard, Matter, Mention
from knowledge.release import load

KB = load()
TODAY = date(2026, 11, 24)


def leading(text: str, *topics: str, mentions: tuple[Mention, ...] = (), confidence: float = 0.9) -> list[str]:
    """The entries of the answer to a first message, the leading one first."""
    heard = Heard(text, topics=tuple((topic, confidence) for topic in topics), mentions=mentions)
    return turn(Matter(), heard, KB, TODAY).answer["entries"]


@pytest.mark.parametrize(
    ("text", "topic", "entry"),
    [
        ("我被公司辞退了", "dismissal", "dismissal-sudden"),
        ("老板拖欠工资", "wages", "wages-owed"),
        ("干活受伤了", "injury", "injury-first"),
        ("没签劳动合同", "contract", "contract-none"),
        ("单位不交社保", "social_insurance", "insurance-not-paid"),
    ],
)
def test_where_nothing_special_is_told_the_general_entry_leads(text: str, topic: str, entry: str) -> None:
    assert leading(text, topic)[0] == entry


@pytest.mark.parametrize(
    ("text", "topic", "entry"),
    [
        ("报工伤要带哪些材料", "injury", "injury-papers"),
        ("工资打到我老乡卡上了", "wages", "wages-others-card"),
        ("补偿金厂里说分期给", "dismissal", "dismissal-when-paid"),
    ],
)
def test_a_special_wording_leads_before_the_general_entry(text: str, topic: str, entry: str) -> None:
    assert leading(text, topic)[0] == entry


def test_a_wrong_topic_does_not_hide_the_entry_that_answers() -> None:
    assert leading("不签自愿离职书就不给我结工资", "wages")[0] in ("dismissal-forced-resign", "say-write-resignation")


def test_each_other_problem_keeps_an_entry_behind_the_leading_one() -> None:
    names = leading("老板欠我工资又把我辞退了", "wages", "dismissal")
    assert {KB.entry(name).topic for name in names} == {"wages", "dismissal"}


def test_what_is_told_of_no_matter_of_ours_is_answered_though_it_tells_a_sum() -> None:
    lost = Mention("loss", "money", 20000)
    assert leading("网上刷单被骗走两万块", "not_labour", mentions=(lost,)) == ["not-fraud"]


def test_a_topic_that_is_hardly_likely_still_helps_to_find_the_entry() -> None:
    assert leading("上班看手机，线长罚了我三百", "wages", confidence=0.3) == ["wages-fine"]


def test_a_death_or_a_pregnancy_is_not_supposed() -> None:
    assert leading("病了一个月，老板叫我走", "dismissal")[0] != "dismissal-pregnant"
    assert leading("人没法干活了，能要多少钱", "injury")[0] not in ("injury-death", "injury-death-sum")
