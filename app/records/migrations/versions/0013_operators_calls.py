"""Operators' own calls: who began a call, which rule refused it, what it cost.

Revision: 0013
After: 0012
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Money

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("call", sa.Column("direction", sa.String(), nullable=False, server_default="inbound"))
    op.add_column("call", sa.Column("refused_by", sa.String(), nullable=False, server_default=""))
    op.add_column("call", sa.Column("cost", Money(), nullable=True))
    op.execute("UPDATE \"call\" SET direction = 'outbound' WHERE campaign_id IS NOT NULL")
    op.create_index(
        "ix_call_of_operators",
        "call",
        ["arrived_at", "id"],
        sqlite_where=sa.text("direction = 'operator'"),
        postgresql_where=sa.text("direction = 'operator'"),
    )


def downgrade() -> None:
    op.drop_index("ix_call_of_operators", "call")
    op.drop_column("call", "cost")
    op.drop_column("call", "refused_by")
    op.drop_column("call", "direction")
