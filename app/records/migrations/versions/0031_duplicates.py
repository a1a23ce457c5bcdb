"""Contacts that are probably the same.

Revision: 0031
After: 0030
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json, UtcDateTime

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "contact_search", sa.Column("compared", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    uncompared, dismissed = sa.text("NOT compared"), sa.text("dismissed_at IS NULL")
    op.create_index(
        "ix_contact_search_uncompared",
        "contact_search",
        ["contact_id"],
        sqlite_where=uncompared,
        postgresql_where=uncompared,
    )
    op.create_table(
        "duplicate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("dismissed_at", UtcDateTime(), nullable=True),
        sa.Column("dismissed_by", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], ["contact.id"], name=op.f(f"fk_duplicate_{column}"), ondelete="CASCADE"
            )
            for column in ("contact_id", "other_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate")),
        sa.UniqueConstraint("contact_id", "other_id", name=op.f("uq_duplicate_contact_id_other_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_duplicate_open", "duplicate", ["score", "id"], sqlite_where=dismissed, postgresql_where=dismissed
    )
    op.create_index("ix_duplicate_other_id", "duplicate", ["other_id"])


def downgrade() -> None:
    op.drop_table("duplicate")
    op.drop_index("ix_contact_search_uncompared", "contact_search")
    op.drop_column("contact_search", "compared")
