"""Many people at once on real PostgreSQL: one winner, one ticket, one holder, and nobody waits for ever."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from base import database
from base.database import transaction
from casework import accounts, conversation, handoff, tables
from casework.errors import Refused


def _said(conn, talk: str) -> list[str]:
    return [e.text for e in conversation.timeline(conn, talk) if e.author == "system"]


def _holder(conn, talk: str) -> tuple[str, int | None]:
    row = conversation.load(conn, talk)
    return row.holder, row.holder_id


@pytest.mark.postgres
def test_fifty_claims_at_once_have_one_winner_and_one_line_in_the_audit(postgres_url, settings) -> None:
    engine = database.make_engine(postgres_url)
    database.metadata.create_all(engine)
    with transaction(engine) as conn:
        people = [accounts.create(conn, f"顾问{i}号", "adviser") for i in range(50)]
        talk, _ = conversation.open_conversation(conn, "web")
        handoff.request(conn, talk, "asked")
        waiting = handoff.waiting(conn)[0].id

    def claim(person) -> str | None:
        try:
            with transaction(engine) as conn:
                handoff.claim(conn, waiting, person)
            return person.name
        except Refused as refused:
            told.append(refused.message)
            return None

    told: list[str] = []
    with ThreadPoolExecutor(16) as pool:
        winners = [name for name in pool.map(claim, people) if name]
    assert len(winners) == 1
    assert len(told) == 49
    assert all(winners[0] in message for message in told)
    with transaction(engine) as conn:
        lines = conn.execute(sa.select(tables.audit).where(tables.audit.c.action == "handoff_claimed")).all()
        assert len(lines) == 1
        assert sum("已接手" in text for text in _said(conn, talk)) == 1
    engine.dispose()


@pytest.mark.postgres
def test_twenty_requests_at_once_make_one_ticket(postgres_url, settings) -> None:
    engine = database.make_engine(postgres_url)
    database.metadata.create_all(engine)
    with transaction(engine) as conn:
        talk, _ = conversation.open_conversation(conn, "web")

    def request(_: int) -> str:
        with transaction(engine) as conn:
            return handoff.request(conn, talk, "asked").number

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(request, range(20)))) == 1
    with transaction(engine) as conn:
        assert len(_said(conn, talk)) == 1
    engine.dispose()


@pytest.mark.postgres
def test_everybody_at_once_neither_blocks_for_ever_nor_splits_a_conversation(postgres_url, settings) -> None:
    """Worker and three advisers act at random in parallel on two conversations: refusals, but no deadlock."""
    engine = database.make_engine(postgres_url)
    database.metadata.create_all(engine)
    with transaction(engine) as conn:
        people = [accounts.create(conn, f"顾问{i}号", "adviser") for i in range(3)]
        talks = [conversation.open_conversation(conn, "web")[0] for _ in range(2)]

    def act(seed: int) -> int:
        dice, done = random.Random(seed), 0
        for _ in range(25):
            talk, who = dice.choice(talks), dice.choice(people)
            try:
                with transaction(engine) as conn:
                    newest = sa.select(sa.func.max(tables.handoff.c.id)).where(tables.handoff.c.conversation_id == talk)
                    which = conn.execute(newest).scalar() or 0
                    dice.choice(
                        [
                            lambda: handoff.request(conn, talk, "asked"),  # noqa: B023
                            lambda: handoff.withdraw(conn, talk),  # noqa: B023
                            lambda: handoff.while_held(conn, talk, "在吗"),  # noqa: B023
                            lambda: handoff.claim(conn, which, who),  # noqa: B023
                            lambda: handoff.reply(conn, which, who, "您好"),  # noqa: B023
                            lambda: handoff.give_back(conn, which, who),  # noqa: B023
                            lambda: handoff.close(conn, which, who, "advised"),  # noqa: B023
                        ]
                    )()
                    done += 1
            except Refused:
                pass
        return done

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(act, range(8))) > 50
    with transaction(engine) as conn:
        for talk in talks:
            running = handoff.of_conversation(conn, talk)
            expected = ("bot", None)
            if running is not None:
                expected = ("adviser", running.adviser_id) if running.adviser_id else ("queue", None)
            assert _holder(conn, talk) == expected
            numbers = [e.seq for e in conversation.timeline(conn, talk)]
            assert numbers == sorted(set(numbers))
    engine.dispose()
