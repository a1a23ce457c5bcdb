"""The CRM that is asked who calls, reports to it, and addresses that queues open.

Revision: 0047
After: 0046
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json, OrderedJson, UtcDateTime

revision: str = "0047"
down_revision: str | None = "0046"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "crm_lookup",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("url", OrderedJson, nullable=False),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("cache_s", sa.Integer(), nullable=False),
        sa.Column("reports", sa.Boolean(), nullable=False),
        sa.Column("reports_from", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_lookup")),
    )
    op.create_table(
        "crm_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(length=150), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_report")),
        sa.UniqueConstraint("call_id", name=op.f("uq_crm_report_call_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_crm_report_next_at"), "crm_report", ["next_at"])
    op.add_column("queue", sa.Column("pop_url", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("queue", "pop_url")
    op.drop_table("crm_report")
    op.drop_table("crm_lookup")
