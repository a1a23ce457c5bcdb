"""Prefixes a campaign may dial, what its calls cost, and what it may spend in a day.

Revision: 0006
After: 0005
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DIGITS = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "tariff",
        sa.Column("prefix", DIGITS, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("per_minute", sa.Float(), nullable=False),
        sa.Column("connection", sa.Float(), nullable=False),
        sa.Column("step_s", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_tariff")),
    )
    op.create_table(
        "campaign_spend",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spent", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "day", name=op.f("pk_campaign_spend")),
    )
    op.add_column("campaign", sa.Column("prefixes", Json, nullable=False, server_default="[]"))
    op.add_column("campaign", sa.Column("spend_per_day", sa.Float(), nullable=True))
    op.add_column("attempt", sa.Column("cost", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("attempt", "cost")
    op.drop_column("campaign", "spend_per_day")
    op.drop_column("campaign", "prefixes")
    op.drop_table("campaign_spend")
    op.drop_table("tariff")
