"""What was not understood: kept masked, grouped, labelled by one person and confirmed by another."""

import pytest

from base.database import transaction
from casework import improvement
from casework.errors import NotFound, Refused


@pytest.fixture
def kept(engine, talk):
    """Four texts: three alike and one apart."""
    texts = ["那个卡卡的钱咋弄", "卡卡的钱咋弄嘞", "卡卡钱咋弄", "明天去不去看戏"]
    with transaction(engine) as conn:
        for text in texts:
            improvement.keep(conn, talk, text, "wages")
    return texts


def look(engine, read):
    with transaction(engine) as conn:
        return read(conn)


def test_numbers_that_name_a_person_are_never_kept(engine, talk):
    with transaction(engine) as conn:
        improvement.keep(conn, talk, "打我电话13812345678，身份证320506199001011234", None)
        (group,) = improvement.groups(conn)
    assert "13812345678" not in group[0].text
    assert "199001011234" not in group[0].text
    assert "打我电话" in group[0].text


def test_an_empty_text_is_not_kept(engine, talk):
    with transaction(engine) as conn:
        improvement.keep(conn, talk, "   ", None)
        assert improvement.groups(conn) == []


def test_like_texts_stand_together_the_largest_group_first(engine, kept):
    groups = look(engine, improvement.groups)
    assert [len(group) for group in groups] == [3, 1]


def test_a_label_is_training_text_only_after_a_second_person_agreed(engine, staff, kept):
    ids = [one.id for one in look(engine, improvement.groups)[0]]
    with transaction(engine) as conn:
        assert improvement.label(conn, staff["周编辑"], ids, ["wages"]) == 3
        assert "卡卡" not in improvement.training_file(conn)
        with pytest.raises(Refused, match="换一个人"):
            improvement.decide(conn, staff["周编辑"], ids[0], True)
        improvement.decide(conn, staff["管理员"], ids[0], True)
        text = improvement.training_file(conn)
    assert "metadata: {topics: [wages]}" in text
    assert text.count("    - ") == 1


def test_a_label_that_the_second_person_does_not_share_is_open_again(engine, staff, kept):
    ids = [one.id for one in look(engine, improvement.groups)[1]]
    with transaction(engine) as conn:
        improvement.label(conn, staff["周编辑"], ids, ["not_labour"])
        improvement.decide(conn, staff["管理员"], ids[0], False)
        assert improvement.labelled(conn) == []
        assert [one.text for one in improvement.groups(conn)[-1]] == ["明天去不去看戏"]


def test_unknown_topics_and_texts_that_are_gone_are_refused(engine, staff, kept):
    with transaction(engine) as conn:
        ids = [one.id for one in improvement.groups(conn)[0]]
        for topics in ([], ["weather"]):
            with pytest.raises(Refused, match="主题"):
                improvement.label(conn, staff["周编辑"], ids, topics)
        improvement.label(conn, staff["周编辑"], ids, ["wages"])
        with pytest.raises(NotFound):
            improvement.label(conn, staff["管理员"], ids, ["injury"])


def test_what_teaches_nothing_is_put_away(engine, staff, kept):
    with transaction(engine) as conn:
        ids = [one.id for group in improvement.groups(conn) for one in group]
        assert improvement.dismiss(conn, staff["周编辑"], ids) == 4
        assert improvement.groups(conn) == []


def test_a_draft_of_an_entry_asks_what_was_asked(engine, kept):
    group = look(engine, improvement.groups)[0]
    draft = improvement.draft_entry(group, "wages")
    assert "topic: wages" in draft and "status: draft" in draft and "卡卡的钱咋弄嘞" in draft
