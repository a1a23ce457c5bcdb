"""Records completed from the PBX's own event log.

Revision: 0002
After: 0001
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "event_log_mark",
        sa.Column("pbx", sa.String(length=80), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pbx", name=op.f("pk_event_log_mark")),
    )
    op.add_column("call", sa.Column("source", sa.String(), nullable=False, server_default="heard"))


def downgrade() -> None:
    op.drop_column("call", "source")
    op.drop_table("event_log_mark")
