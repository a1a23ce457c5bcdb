"""Which operator called, on calls inside the centre.

Revision: 0023
After: 0022
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ONLY = "caller_operator_id IS NOT NULL"


def upgrade() -> None:
    op.add_column("call", sa.Column("caller_operator_id", sa.Integer(), nullable=True))
    op.create_index(
        "ix_call_caller_operator_id",
        "call",
        ["caller_operator_id", "arrived_at", "id"],
        sqlite_where=sa.text(_ONLY),
        postgresql_where=sa.text(_ONLY),
    )


def downgrade() -> None:
    op.drop_index("ix_call_caller_operator_id", "call")
    op.drop_column("call", "caller_operator_id")
