"""Merges of contacts.

Revision: 0034
After: 0033
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import OrderedJson, UtcDateTime

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "contact_merge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("merged_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("changes", OrderedJson, nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_merge_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_merge")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contact_merge_contact_id", "contact_merge", ["contact_id"])
    op.create_index("ix_contact_merge_merged_id", "contact_merge", ["merged_id"])


def downgrade() -> None:
    op.drop_table("contact_merge")
