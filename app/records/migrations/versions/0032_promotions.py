"""Promotions.

Revision: 0032
After: 0031
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json, Money, UtcDateTime

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "promotion",
        sa.Column("texts", Json, nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=True),
        sa.Column("queues", Json, nullable=False),
        sa.Column("tags", Json, nullable=False),
        sa.Column("discount_kind", sa.String(), nullable=True),
        sa.Column("discount_value", Money(), nullable=False),
        sa.Column("products", Json, nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_promotion_until_at", "promotion", ["until_at"])


def downgrade() -> None:
    op.drop_table("promotion")
