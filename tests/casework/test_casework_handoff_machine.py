"""Any order of anybody's acts: never two holders, an end is an end, and only the moves of the table happen.

The test keeps its own small model of who may do what; farun must refuse exactly what the model refuses.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from base import database, privacy
from casework import accounts, conversation, handoff, tables
from casework.errors import Refused

ENDS = {"returned", "closed", "withdrawn", "expired"}
HELD = {"claimed", "active", "waiting_worker"}
QUEUED = {"queued", "reassigned"}
who = st.integers(0, 2)


class HandoffMachine(RuleBasedStateMachine):
    """One conversation, three advisers, a worker, and time."""

    @initialize()
    def open(self) -> None:
        privacy.use_key(b"0123456789abcdef0123456789abcdef")
        self.folder = Path(tempfile.mkdtemp())
        self.engine = database.make_engine(f"sqlite:///{self.folder}/m.db")
        sa.event.listen(self.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        database.metadata.create_all(self.engine)
        with database.transaction(self.engine) as conn:
            self.people = [accounts.create(conn, f"顾问{i}号", "adviser") for i in range(3)]
            self.talk, _ = conversation.open_conversation(conn, "web")
        self.state: str | None = None  # of the newest hand-off
        self.holder: int | None = None  # which of the three
        self.last: tuple[int, str] | None = None
        self.ended: dict[int, str] = {}

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            shutil.rmtree(self.folder)

    def attempt(self, allowed: bool, act: Callable[[sa.engine.Connection, int], object]) -> bool:
        """Run one act in a transaction of its own; it is refused exactly when the model says so."""
        try:
            with database.transaction(self.engine) as conn:
                newest = conn.execute(sa.select(sa.func.max(tables.handoff.c.id))).scalar()
                act(conn, newest or 0)
            done = True
        except Refused:
            done = False
        assert done is allowed
        return done

    @rule(urgent=st.booleans())
    def worker_asks(self, urgent: bool) -> None:
        self.attempt(True, lambda conn, _: handoff.request(conn, self.talk, "asked", urgent))
        if self.state is None or self.state in ENDS:
            self.state, self.holder = "queued", None

    @rule()
    def worker_withdraws(self) -> None:
        if self.attempt(self.state in QUEUED, lambda conn, _: handoff.withdraw(conn, self.talk)):
            self.state = "withdrawn"

    @rule()
    def worker_writes(self) -> None:
        self.attempt(True, lambda conn, _: handoff.while_held(conn, self.talk, "在吗"))
        self.state = "active" if self.state == "waiting_worker" else self.state

    @rule(i=who)
    def adviser_claims(self, i: int) -> None:
        allowed = self.state in QUEUED or (self.state in HELD and self.holder == i)
        if self.attempt(allowed, lambda conn, h: handoff.claim(conn, h, self.people[i])) and self.state in QUEUED:
            self.state, self.holder = "claimed", i

    @rule(i=who)
    def adviser_replies(self, i: int) -> None:
        allowed = self.state in HELD and self.holder == i
        if self.attempt(allowed, lambda conn, h: handoff.reply(conn, h, self.people[i], "您好")):
            self.state = "waiting_worker"

    @rule(i=who)
    def adviser_gives_back(self, i: int) -> None:
        allowed = self.state in HELD and self.holder == i
        if self.attempt(allowed, lambda conn, h: handoff.give_back(conn, h, self.people[i])):
            self.state, self.holder = "returned", None

    @rule(i=who, outcome=st.sampled_from(["advised", "paid", "", "nonsense"]))
    def adviser_closes(self, i: int, outcome: str) -> None:
        allowed = self.state in HELD and self.holder == i and outcome in handoff.OUTCOMES
        if self.attempt(allowed, lambda conn, h: handoff.close(conn, h, self.people[i], outcome)):
            self.state, self.holder = "closed", None

    @rule(i=who, to=st.none() | who)
    def adviser_reassigns(self, i: int, to: int | None) -> None:
        allowed = self.state in HELD and self.holder == i and to != i
        target = None if to is None else self.people[to]
        if self.attempt(allowed, lambda conn, h: handoff.reassign(conn, h, self.people[i], target)):
            self.state, self.holder = ("reassigned", None) if to is None else ("claimed", to)

    @rule()
    def nobody_came(self) -> None:
        if self.attempt(self.state in QUEUED, lambda conn, h: handoff.expire(conn, h)):
            self.state = "expired"

    @invariant()
    def one_holder_and_only_moves_of_the_table(self) -> None:
        with database.reading(self.engine) as conn:
            rows = conn.execute(sa.select(tables.handoff).order_by(tables.handoff.c.id)).all()
            talk = conversation.load(conn, self.talk)
        running = [r for r in rows if r.state not in ENDS]
        assert len(running) <= 1
        expected = ("bot", None)
        if running:
            adviser = None if self.holder is None else self.people[self.holder].id
            assert (running[0].state, running[0].adviser_id) == (self.state, adviser)
            expected = ("adviser", adviser) if running[0].state in HELD else ("queue", None)
        assert (talk.holder, talk.holder_id) == expected
        for r in rows:
            assert self.ended.get(r.id, r.state) == r.state  # an end is an end
            if r.state in ENDS:
                self.ended[r.id] = r.state
        self._check_move(rows)

    def _check_move(self, rows: list) -> None:
        newest = (rows[-1].id, rows[-1].state) if rows else None
        if newest and self.last and newest[0] == self.last[0] and newest[1] != self.last[1]:
            before, after = self.last[1], newest[1]
            direct = after in handoff.TRANSITIONS[before]
            handed_on = "reassigned" in handoff.TRANSITIONS[before] and after in handoff.TRANSITIONS["reassigned"]
            assert direct or handed_on, (before, after)
        self.last = newest


TestHandoffMachine = HandoffMachine.TestCase
TestHandoffMachine.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_ends_have_no_way_out_and_every_state_can_be_reached() -> None:
    assert {s for s, to in handoff.TRANSITIONS.items() if not to} == ENDS
    reached, frontier = {"requested"}, {"requested"}
    while frontier:
        frontier = {t for s in frontier for t in handoff.TRANSITIONS[s]} - reached
        reached |= frontier
    assert reached == set(handoff.TRANSITIONS) == set(handoff.STATES)
