"""What was not understood waits for the editors: the table `unclear`"""

import sqlalchemy as sa
from alembic import op

from base.database import Sealed, Utc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unclear",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(40), sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("text", Sealed(), nullable=False),
        sa.Column("guess", sa.String(20), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("topics", sa.String(80), nullable=True),
        sa.Column("labelled_by", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("decided_by", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("unclear_state", "unclear", ["state", "id"])
