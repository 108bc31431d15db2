"""Any sequence of messages, repeats, replies, hand-overs and crashes leaves the inbox as a simple model says."""

import pytest
from hypothesis import settings as tune
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from base.database import make_engine, reading, transaction
from bot.memory import Memory
from casework import conversation
from channels import inbox
from migrations import upgrade

IDS, TEXTS = st.sampled_from("abcdefgh"), st.sampled_from(["老板欠薪", "工伤", "", "1\0", "\ud800"])


class Said:
    """A turn with as many replies as asked for."""

    commands, answer, summary, memory = [], None, None, Memory()
    new_events_json, slots_json = "[]", "{}"

    def __init__(self, count):
        self.replies = [f"回答{n}" for n in range(count)]


def machine_on(url):
    class Inbox(RuleBasedStateMachine):
        """The model: texts by message id, what is open in order, what was said, who holds."""

        def __init__(self):
            super().__init__()
            self.engine = make_engine(url)
            with transaction(self.engine) as conn:
                self.talk = conversation.open_conversation(conn, "web")[0]
            self.texts, self.open, self.lines, self.version, self.ended, self.bot = {}, [], [], 0, False, True

        @rule(message_id=IDS, text=TEXTS)
        def receive(self, message_id, text):
            with transaction(self.engine) as conn:
                got = inbox.receive(conn, self.talk, message_id, text).kind
            clean = conversation.storable(text)
            if message_id in self.texts:
                assert got == ("repeat" if self.texts[message_id] == clean else "conflict")
            elif self.ended:
                assert got == "ended"
            else:
                assert got == "new"
                self.texts[message_id] = clean
                self.open.append(message_id)
                self.lines.append(("worker", clean))

        def lease(self, conn):
            lease = None
            while lease is None or lease.conversation_id != self.talk:  # others' conversations are put aside
                lease = inbox.lease_next(conn, "me")
                if lease is None:
                    return None
            assert [one.message_id for one in lease.messages] == self.open
            return lease

        @rule(replies=st.integers(0, 3))
        def answer(self, replies):
            with transaction(self.engine) as conn:
                lease = self.lease(conn)
                assert (lease is None) == (not self.open)
                if lease is None:
                    return
                spoke = inbox.finish(conn, lease, lease.messages[0], Said(replies) if lease.holder == "bot" else None)
                inbox.release(conn, lease)
            assert spoke == self.bot
            self.open.pop(0)
            if self.bot:
                self.lines += [("bot", f"回答{n}") for n in range(replies)]

        @rule(replies=st.integers(0, 3))
        def crash(self, replies):
            with pytest.raises(KeyError), transaction(self.engine) as conn:
                lease = self.lease(conn)
                if lease is not None:
                    inbox.finish(conn, lease, lease.messages[0], Said(replies))
                raise KeyError

        @rule(holder=st.sampled_from(conversation.HOLDERS), stale=st.booleans())
        def hand_over(self, holder, stale):
            with transaction(self.engine) as conn:
                done = conversation.set_holder(conn, self.talk, self.version - stale, holder)
            assert done == (not stale)
            if done:
                self.version, self.bot = self.version + 1, holder == "bot"

        @rule()
        def end(self):
            with transaction(self.engine) as conn:
                conversation.end(conn, self.talk)
            self.ended = True

        @invariant()
        def all_is_as_the_model_says(self):
            with reading(self.engine) as conn:
                row = conversation.load(conn, self.talk)
                entries = conversation.timeline(conn, self.talk)
            assert row.waiting == len(self.open) and (row.waiting_since is None) == (not self.open)
            assert [(entry.author, entry.text) for entry in entries] == self.lines
            assert row.version == self.version and row.lease_by is None

        def teardown(self):
            self.engine.dispose()

    return Inbox


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_every_sequence_ends_as_the_model_says(kind, request, settings):
    url = settings.database_url if kind == "sqlite" else request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    budget = tune(max_examples=25, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(machine_on(url), settings=budget)
