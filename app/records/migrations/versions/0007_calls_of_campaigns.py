"""Calls know the campaign that made them.

Revision: 0007
After: 0006
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("call", sa.Column("campaign_id", sa.Integer(), nullable=True))
    where = sa.text("campaign_id IS NOT NULL")
    op.create_index(
        "ix_call_campaign_id_arrived_at",
        "call",
        ["campaign_id", "arrived_at", "id"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index("ix_call_campaign_id_arrived_at", table_name="call")
    op.drop_column("call", "campaign_id")
