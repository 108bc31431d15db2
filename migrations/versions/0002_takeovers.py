"""How often in a row a conversation's lease was left by a dead worker: a message that kills workers is given up"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversation", sa.Column("takeovers", sa.Integer(), nullable=False, server_default="0"))
