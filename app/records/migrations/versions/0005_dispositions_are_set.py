"""Attempts are found by their operator, and those whose disposition is missing.

Revision: 0005
After: 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = {
    "ix_attempt_operator_id_placed_at": (["operator_id", "placed_at", "id"], "operator_id IS NOT NULL"),
    "ix_attempt_undisposed": (
        ["campaign_id", "placed_at", "id"],
        "operator_id IS NOT NULL AND disposition_id IS NULL",
    ),
}


def upgrade() -> None:
    for name, (columns, condition) in INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "attempt", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="attempt")
