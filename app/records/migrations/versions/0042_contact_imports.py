"""Imports of contacts, and which contacts each of them made or changed.

Revision: 0042
After: 0041
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import BigInt, Json, UtcDateTime
from app.records.columns import only_where

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "contact_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reading", Json, nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("rejected_bytes", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("look", Json, nullable=False),
        sa.Column("runner", sa.String(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("same_by", Json, nullable=False),
        sa.Column("existing", sa.String(), nullable=False),
        sa.Column("link_companies", sa.Boolean(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("companies", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_import")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "imported_contact",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("made_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", Json, nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["contact_import.id"],
            name=op.f("fk_imported_contact_import_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_imported_contact_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_contact")),
        sa.UniqueConstraint("import_id", "made_id", name=op.f("uq_imported_contact_import_id_made_id")),
    )
    op.create_index("ix_imported_contact_contact_id_at", "imported_contact", ["contact_id", "at", "id"])
    op.create_index(
        "ix_imported_contact_source",
        "imported_contact",
        ["import_id", "source"],
        **only_where("source IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("imported_contact")
    op.drop_table("contact_import")
