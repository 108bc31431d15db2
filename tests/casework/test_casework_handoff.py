"""A hand-off as the worker and the advisers live it: a ticket with a real hour, one holder, an outcome at the end."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from base import clock
from base.database import transaction
from casework import access, conversation, handoff, tables
from casework.errors import NotFound, Refused


def _said(conn, talk: str, author: str = "system") -> list[str]:
    return [e.text for e in conversation.timeline(conn, talk) if e.author == author]


def _holder(conn, talk: str) -> tuple[str, int | None]:
    row = conversation.load(conn, talk)
    return row.holder, row.holder_id


def _worker_writes(conn, talk: str, text: str) -> None:
    """What the inbox does when a worker writes while a person holds the conversation."""
    conversation.append(conn, talk, "worker", text)
    handoff.while_held(conn, talk, text)


@pytest.fixture
def queued(engine, talk, staff, at) -> int:
    """The id of a hand-off that waits, asked for at 09:00."""
    with transaction(engine) as conn, clock.at(at()):
        handoff.request(conn, talk, "asked")
        return handoff.waiting(conn)[0].id


@pytest.fixture
def held(engine, queued, staff) -> int:
    """The same, taken by 李律师."""
    with transaction(engine) as conn:
        return handoff.claim(conn, queued, staff["李律师"]).id


def test_a_request_tells_ticket_hour_and_what_to_do_and_silences_the_bot(engine, talk, at) -> None:
    with transaction(engine) as conn:
        ticket = handoff.request(conn, talk, "asked", now=at())
        said = _said(conn, talk)
        assert len(said) == 1
        for part in (ticket.number, "今天 10:00 前", "12348", "不用转人工了"):
            assert part in said[0]
        assert ticket.text == said[0]
        assert _holder(conn, talk) == ("queue", None)


def test_an_urgent_request_promises_a_quarter_of_an_hour_and_names_110_and_120(engine, talk, at) -> None:
    with transaction(engine) as conn:
        ticket = handoff.request(conn, talk, "risk", urgent=True, now=at())
        for part in ("今天 9:15 前", "110", "120", "12348"):
            assert part in ticket.text


def test_asking_twice_gives_the_same_ticket_and_no_second_message(engine, talk, at) -> None:
    with transaction(engine) as conn:
        first = handoff.request(conn, talk, "asked", now=at())
        second = handoff.request(conn, talk, "asked", now=at() + timedelta(minutes=5))
        assert (second.number, second.promised_for) == (first.number, first.promised_for)
        assert len(_said(conn, talk)) == 1
        assert len(handoff.waiting(conn)) == 1


def test_a_waiting_request_that_becomes_urgent_moves_forward_and_says_so_once(engine, talk, at) -> None:
    with transaction(engine) as conn:
        first = handoff.request(conn, talk, "asked", now=at())
        for _ in range(2):
            sooner = handoff.request(conn, talk, "risk", urgent=True, now=at())
        assert sooner.number == first.number
        assert sooner.promised_for < first.promised_for
        assert len(_said(conn, talk)) == 2
        assert [i.urgent for i in handoff.waiting(conn)] == [True]


def test_the_queue_shows_urgent_ones_first_with_the_problem_and_who_is_late(engine, at) -> None:
    with transaction(engine) as conn:
        for urgent in (False, True):
            talk, _ = conversation.open_conversation(conn, "web")
            summary = json.dumps({"problems": ["拖欠工资", "没签合同"]})
            conn.execute(sa.update(tables.conversation).where(tables.conversation.c.id == talk).values(summary=summary))
            handoff.request(conn, talk, "risk" if urgent else "asked", urgent, at())
        items = handoff.waiting(conn, at() + timedelta(minutes=30))
        assert [i.urgent for i in items] == [True, False]
        assert [i.overdue for i in items] == [True, False]
        assert items[0].gist == "拖欠工资、没签合同"
        assert items[1].reason_label == "本人要求"


def test_the_first_to_claim_wins_and_the_second_is_told_who_has_it(engine, queued, talk, staff) -> None:
    with transaction(engine) as conn:
        handoff.claim(conn, queued, staff["李律师"])
        with pytest.raises(Refused, match="李律师"):
            handoff.claim(conn, queued, staff["王律师"])
        assert _holder(conn, talk) == ("adviser", staff["李律师"].id)
        assert "李律师（法律顾问）" in _said(conn, talk)[-1]
        assert handoff.waiting(conn) == []
        assert [i.id for i in handoff.mine(conn, staff["李律师"])] == [queued]
        assert handoff.mine(conn, staff["王律师"]) == []


def test_claiming_twice_with_the_same_account_is_one_claim(engine, held, talk, staff) -> None:
    with transaction(engine) as conn:
        before = len(_said(conn, talk))
        handoff.claim(conn, held, staff["李律师"])
        assert len(_said(conn, talk)) == before


@pytest.mark.parametrize("name", ["周编辑", "陈主任"])
def test_editors_and_managers_cannot_claim(engine, queued, staff, name) -> None:
    with transaction(engine) as conn, pytest.raises(Refused, match="权限"):
        handoff.claim(conn, queued, staff[name])


def test_only_the_holder_speaks_and_the_worker_sees_the_name(engine, held, talk, staff) -> None:
    with transaction(engine) as conn:
        with pytest.raises(Refused, match="李律师"):
            handoff.reply(conn, held, staff["王律师"], "我来说")
        handoff.reply(conn, held, staff["李律师"], " 您好，我看了您的情况。 ")
        last = conversation.timeline(conn, talk)[-1]
        assert (last.author, last.author_name, last.text) == ("adviser", "李律师", "您好，我看了您的情况。")


def test_whose_turn_it_is_follows_who_wrote_last(engine, held, talk, staff) -> None:
    with transaction(engine) as conn:
        states = [handoff.item(conn, held).state]
        handoff.reply(conn, held, staff["李律师"], "合同还在吗？")
        states.append(handoff.item(conn, held).state)
        _worker_writes(conn, talk, "在的")
        states.append(handoff.item(conn, held).state)
        handoff.reply(conn, held, staff["李律师"], "拍给我")
        states.append(handoff.item(conn, held).state)
        assert states == ["claimed", "waiting_worker", "active", "waiting_worker"]


@pytest.mark.parametrize("text", ["", "  \n", "字" * 2001])
def test_an_empty_or_endless_reply_is_refused(engine, held, talk, staff, text) -> None:
    with transaction(engine) as conn:
        with pytest.raises(Refused):
            handoff.reply(conn, held, staff["李律师"], text)
        assert _said(conn, talk, "adviser") == []


def test_given_back_the_bot_holds_and_a_new_request_opens_a_new_ticket(engine, held, talk, staff) -> None:
    with transaction(engine) as conn:
        before = handoff.item(conn, held).number
        handoff.give_back(conn, held, staff["李律师"])
        assert _holder(conn, talk) == ("bot", None)
        assert "机器人" in _said(conn, talk)[-1]
        with pytest.raises(Refused):
            handoff.reply(conn, held, staff["李律师"], "还有一句")
        assert handoff.request(conn, talk, "asked").number != before


def test_closing_needs_an_outcome_and_ends_for_good(engine, held, talk, staff) -> None:
    with transaction(engine) as conn:
        for outcome in ("", "done", "已解答"):
            with pytest.raises(Refused, match="结果"):
                handoff.close(conn, held, staff["李律师"], outcome)
        with pytest.raises(Refused):
            handoff.close(conn, held, staff["王律师"], "advised")
        handoff.close(conn, held, staff["李律师"], "advised")
        assert _holder(conn, talk) == ("bot", None)
        assert "已解答" in _said(conn, talk)[-1]
        row = conn.execute(sa.select(tables.handoff)).one()
        assert (row.state, row.outcome) == ("closed", "advised")
        assert row.closed_at is not None
        again: list[Callable[[], object]] = [
            lambda: handoff.claim(conn, held, staff["王律师"]),
            lambda: handoff.close(conn, held, staff["李律师"], "paid"),
            lambda: handoff.give_back(conn, held, staff["李律师"]),
            lambda: handoff.reassign(conn, held, staff["李律师"]),
            lambda: handoff.expire(conn, held),
        ]
        for act in again:
            with pytest.raises(Refused):
                act()


def test_a_worker_who_waits_no_longer_is_served_by_the_bot_again(engine, queued, talk) -> None:
    with transaction(engine) as conn:
        _worker_writes(conn, talk, "还有多久")
        assert _holder(conn, talk)[0] == "queue"
        _worker_writes(conn, talk, "不用转人工了")
        assert _holder(conn, talk) == ("bot", None)
        assert handoff.waiting(conn) == []
        with pytest.raises(Refused, match="没有在排队"):
            handoff.withdraw(conn, talk)


def test_the_wish_to_wait_no_longer_comes_too_late_once_an_adviser_is_there(engine, held, talk) -> None:
    with transaction(engine) as conn:
        with pytest.raises(Refused, match="李律师"):
            handoff.withdraw(conn, talk)
        _worker_writes(conn, talk, "不用转人工了")
        assert _holder(conn, talk)[0] == "adviser"


@pytest.mark.parametrize("text", ["不用转人工了", "不等了", "算了，不用等了。", "取消人工", "不找律师了", "我不想等了"])
def test_words_that_end_the_waiting(text) -> None:
    assert handoff.is_withdrawal(text)


@pytest.mark.parametrize(
    "text", ["老板不要我了", "不等了的话怎么办", "没人工吗", "我要转人工", "他说不用律师也行，是真的吗", ""]
)
def test_words_that_do_not(text) -> None:
    assert not handoff.is_withdrawal(text)


def test_a_matter_goes_to_a_colleague_or_back_to_the_queue(engine, held, talk, staff) -> None:
    with transaction(engine) as conn:
        with pytest.raises(Refused):
            handoff.reassign(conn, held, staff["王律师"])
        with pytest.raises(Refused, match="权限"):
            handoff.reassign(conn, held, staff["李律师"], to=staff["周编辑"])
        handoff.reassign(conn, held, staff["李律师"], to=staff["王律师"])
        assert _holder(conn, talk) == ("adviser", staff["王律师"].id)
        assert "王律师" in _said(conn, talk)[-1]
        handoff.reassign(conn, held, staff["管理员"])  # 王律师 fell ill
        assert _holder(conn, talk) == ("queue", None)
        assert [i.id for i in handoff.waiting(conn)] == [held]
        handoff.claim(conn, held, staff["李律师"])
        assert _holder(conn, talk) == ("adviser", staff["李律师"].id)


def test_time_moves_what_people_forget(engine, talk, staff, at) -> None:
    """A silent adviser loses the matter after a working hour; a request expires a working day after its promise."""
    with transaction(engine) as conn:
        handoff.request(conn, talk, "asked", now=at())
        waiting = handoff.waiting(conn)[0].id
        assert handoff.sweep(conn, at("2026-11-24T16:00:00+08:00")) == 0
        handoff.claim(conn, waiting, staff["李律师"], now=at("2026-11-24T16:30:00+08:00"))
        assert handoff.sweep(conn, at("2026-11-25T09:29:00+08:00")) == 0
        assert handoff.sweep(conn, at("2026-11-25T09:30:00+08:00")) == 1  # an hour of working time without a word
        assert _holder(conn, talk) == ("queue", None)
        assert "换一位顾问，会在今天 10:30 前" in _said(conn, talk)[-1]
        assert handoff.sweep(conn, at("2026-11-26T10:29:00+08:00")) == 0
        assert handoff.sweep(conn, at("2026-11-26T10:30:00+08:00")) == 1
        assert _holder(conn, talk) == ("bot", None)
        assert "对不起" in _said(conn, talk)[-1]


def test_an_adviser_who_owes_an_answer_loses_the_matter_but_not_while_it_is_the_workers_turn(
    engine, held, talk, staff, at
) -> None:
    with transaction(engine) as conn:
        with clock.at(at("2026-11-24T09:10:00+08:00")):
            handoff.reply(conn, held, staff["李律师"], "合同还在吗？")
        assert handoff.sweep(conn, at("2026-11-25T16:00:00+08:00")) == 0
        with clock.at(at("2026-11-25T16:00:00+08:00")):
            _worker_writes(conn, talk, "在的")
        assert handoff.sweep(conn, at("2026-11-25T16:59:00+08:00")) == 0
        assert handoff.sweep(conn, at("2026-11-25T17:00:00+08:00")) == 1
        assert _holder(conn, talk) == ("queue", None)


def test_an_urgent_one_never_expires(engine, talk, at) -> None:
    with transaction(engine) as conn:
        handoff.request(conn, talk, "risk", urgent=True, now=at())
        assert handoff.sweep(conn, at() + timedelta(days=30)) == 0
        assert _holder(conn, talk)[0] == "queue"


def test_unknown_and_ended_conversations_cannot_be_handed_off(engine, talk) -> None:
    with transaction(engine) as conn:
        with pytest.raises(NotFound):
            handoff.request(conn, "c_nobody", "asked")
        conversation.end(conn, talk)
        with pytest.raises(Refused, match="结束"):
            handoff.request(conn, talk, "asked")


def test_every_step_leaves_one_line_in_the_audit_and_no_words(engine, held, staff) -> None:
    with transaction(engine) as conn:
        handoff.reply(conn, held, staff["李律师"], "王建国您好")
        handoff.close(conn, held, staff["李律师"], "paid")
        rows = conn.execute(sa.select(tables.audit).where(tables.audit.c.subject == f"handoff:{held}")).all()
        assert [(r.action, r.account_id) for r in rows] == [
            ("handoff_requested", None),
            ("handoff_claimed", staff["李律师"].id),
            ("handoff_closed", staff["李律师"].id),
        ]
        assert "王建国" not in "".join(str(tuple(r)) for r in rows)


def test_who_may_look_at_a_matter_and_who_cannot_even_tell_that_it_exists(engine, queued, talk, staff) -> None:
    def sees(conn, name: str, handoff_id: int, conversation_id: str) -> set[str]:
        seen = set()
        for kind, look in (
            ("handoff", lambda: access.handoff_for(conn, staff[name], handoff_id)),
            ("talk", lambda: access.conversation_for_adviser(conn, staff[name], conversation_id)),
        ):
            try:
                look()
                seen.add(kind)
            except NotFound as error:
                assert error.message == NotFound().message
        return seen

    both = {"handoff", "talk"}
    with transaction(engine) as conn:
        assert {n: sees(conn, n, queued, talk) for n in staff} == {
            "李律师": both, "王律师": both, "周编辑": set(), "陈主任": both, "管理员": both,
        }  # fmt: skip
        handoff.claim(conn, queued, staff["李律师"])
        assert {n: sees(conn, n, queued, talk) for n in staff} == {
            "李律师": both, "王律师": set(), "周编辑": set(), "陈主任": both, "管理员": both,
        }  # fmt: skip
        assert all(sees(conn, n, 10_000, "c_nobody") == set() for n in staff)
        alone, _ = conversation.open_conversation(conn, "web")  # never handed off: nobody's business
        assert sees(conn, "李律师", 10_000, alone) == set()
        looked = (
            conn.execute(sa.select(tables.audit.c.account_id).where(tables.audit.c.action == "read")).scalars().all()
        )
        assert sorted(looked) == sorted(staff[n].id for n in ("李律师", "王律师", "陈主任", "管理员"))
