"""From where a user has logged in: others' wrong passwords do not shut those places out.

Revision: 0018
After: 0017
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import UtcDateTime

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "known_place",
        sa.Column(
            "user_id", sa.Integer, sa.ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("last_seen_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_known_place_mark", "known_place", ["mark"])


def downgrade() -> None:
    op.drop_table("known_place")
