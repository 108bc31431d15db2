"""Every table of farun in one place, so that a transaction across rooms and a deletion of a person are easy to see.

Text that people wrote and everything that names them is a `Sealed` column (encrypted); see base/privacy.py.
"""

import sqlalchemy as sa

from base.database import Sealed, Utc, metadata

_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("peer", sa.String(64)),  # keyed hash of the channel's user id; null for the web page
    sa.Column("token_hash", sa.String(64)),
    sa.Column("holder", sa.String(10), nullable=False, default="bot"),  # bot | queue | adviser
    sa.Column("holder_id", sa.Integer, sa.ForeignKey("account.id")),
    sa.Column("version", sa.Integer, nullable=False, default=0),  # of the holder; compare and set
    sa.Column("ended", sa.Boolean, nullable=False, default=False),
    sa.Column("last_seq", sa.Integer, nullable=False, default=0),
    sa.Column("waiting", sa.Integer, nullable=False, default=0),  # inbound messages not yet processed
    sa.Column("waiting_since", Utc),
    sa.Column("lease_by", sa.String(40)),
    sa.Column("lease_until", Utc),
    sa.Column(
        "takeovers", sa.Integer, nullable=False, default=0, server_default="0"
    ),  # leases in a row left by the dead
    sa.Column("summary", Sealed),  # JSON: facts with sources, claims, deadlines, open question (written each bot turn)
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("updated_at", Utc, nullable=False),
    sa.Index("conversation_waiting", "waiting", "waiting_since"),
    sa.UniqueConstraint("channel", "peer"),
)

message = sa.Table(  # inbox and outbox: one timeline of a conversation
    "message",
    metadata,
    sa.Column("id", _id, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.String(40), sa.ForeignKey("conversation.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("author", sa.String(10), nullable=False),  # worker | bot | adviser | system
    sa.Column("author_name", sa.String(40)),
    sa.Column("text", Sealed, nullable=False),
    sa.Column("message_id", sa.String(128)),  # the channel's id of an inbound message
    sa.Column("digest", sa.String(64)),  # keyed hash of an inbound text: same id, other text is a conflict
    sa.Column("status", sa.String(8), nullable=False),  # inbound: new | done | dead; outbound: ready | sent
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("reply_to", _id),  # the inbound message that an outbound one answers
    sa.Column("ordinal", sa.Integer),  # which of its replies
    sa.Column("meta", Sealed),  # JSON: the answer object a reply stood on, or a note about the message
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.UniqueConstraint("conversation_id", "message_id"),
    sa.UniqueConstraint("reply_to", "ordinal"),
)

tracker_turn = sa.Table(  # Rasa's memory of a conversation: one row a turn
    "tracker_turn",
    metadata,
    sa.Column("conversation_id", sa.String(40), sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True),
    sa.Column("events", Sealed, nullable=False),  # JSON list of the turn's events
    sa.Column("slots", Sealed, nullable=False),  # JSON of all slots after the turn
)

account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(40), nullable=False, unique=True),
    sa.Column("role", sa.String(10), nullable=False),  # adviser | editor | manager | admin
    sa.Column("password_hash", sa.String(200)),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.Column("failures", sa.Integer, nullable=False, default=0),
    sa.Column("locked_until", Utc),
    sa.Column("created_at", Utc, nullable=False),
)

invitation = sa.Table(  # one-time link with which an account sets its password
    "invitation",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
    sa.Column("used_at", Utc),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
)

handoff = sa.Table(
    "handoff",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(20), nullable=False, unique=True),  # what the worker is told
    sa.Column("conversation_id", sa.String(40), sa.ForeignKey("conversation.id"), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(30), nullable=False),  # asked | risk | undecided | application ...
    sa.Column("urgent", sa.Boolean, nullable=False, default=False),
    sa.Column("adviser_id", sa.Integer, sa.ForeignKey("account.id")),
    sa.Column("outcome", sa.String(30)),
    sa.Column("promised_for", Utc),
    sa.Column("requested_at", Utc, nullable=False),
    sa.Column("claimed_at", Utc),
    sa.Column("closed_at", Utc),
    sa.Column("version", sa.Integer, nullable=False, default=0),
)

application = sa.Table(
    "application",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(20), nullable=False, unique=True),
    sa.Column("conversation_id", sa.String(40), sa.ForeignKey("conversation.id")),
    sa.Column("submit_key", sa.String(80), nullable=False, unique=True),  # the same submission again finds its row
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("fields", Sealed, nullable=False),  # JSON: name, phone, id_number, address, employer, matter ...
    sa.Column("phone_tail_hash", sa.String(64), nullable=False),  # keyed hash of number + last four digits
    sa.Column("means_test", sa.String(10), nullable=False),  # waived | promise | check
    sa.Column("version", sa.Integer, nullable=False, default=0),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("updated_at", Utc, nullable=False),
)

application_event = sa.Table(
    "application_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("application_id", sa.Integer, sa.ForeignKey("application.id"), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("note", sa.String(200)),  # shown to the applicant; no personal data
    sa.Column("at", Utc, nullable=False),
)

audit = sa.Table(  # who did what to whose matter; no content; append only
    "audit",
    metadata,
    sa.Column("id", _id, primary_key=True, autoincrement=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("account_id", sa.Integer),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(60), nullable=False),
    sa.Column("detail", sa.String(200)),
)

unclear = sa.Table(  # what was not understood, masked, for the editors to label
    "unclear",
    metadata,
    sa.Column("id", _id, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.String(40), sa.ForeignKey("conversation.id"), nullable=False),
    sa.Column("text", Sealed, nullable=False),
    sa.Column("guess", sa.String(20)),  # the topic that the classifier thought of
    sa.Column("state", sa.String(10), nullable=False),  # new | labelled | confirmed | dismissed
    sa.Column("topics", sa.String(80)),  # the label: topics, the main one first, separated by blanks
    sa.Column("labelled_by", sa.Integer, sa.ForeignKey("account.id")),
    sa.Column("decided_by", sa.Integer, sa.ForeignKey("account.id")),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("changed_at", Utc, nullable=False),
    sa.Index("unclear_state", "state", "id"),
)
