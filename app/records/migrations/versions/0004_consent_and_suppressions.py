"""What people said about being called, and which leads were not dialled.

Revision: 0004
After: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import UtcDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DIGITS = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("number", DIGITS, nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(number IS NULL) <> (contact_id IS NULL)", name=op.f("ck_consent_number_or_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_autoincrement=True,
    )
    for column in ("number", "contact_id"):
        op.create_index(
            f"ix_consent_{column}",
            "consent",
            [column],
            sqlite_where=sa.text(f"{column} IS NOT NULL AND removed_at IS NULL"),
            postgresql_where=sa.text(f"{column} IS NOT NULL AND removed_at IS NULL"),
        )
    op.create_table(
        "suppression",
        sa.Column("lead_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", DIGITS, nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("rule_set", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "number", "rule", "day", name=op.f("pk_suppression")),
    )
    op.create_index(
        "ix_suppression_campaign_id_day", "suppression", ["campaign_id", "day", "lead_id", "number", "rule"]
    )
    op.create_index(
        "ix_attempt_contact_id_placed_at",
        "attempt",
        ["contact_id", "placed_at"],
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_attempt_contact_id_placed_at", "attempt")
    op.drop_table("suppression")
    op.drop_table("consent")
