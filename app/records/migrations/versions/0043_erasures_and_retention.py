"""Erasures, how long data are kept, and the secret of keyed hashes.

Revision: 0043
After: 0042

Timelines of calls lose the names of contacts that are gone: earlier versions left them there.
"""

import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json, UtcDateTime

revision: str = "0043"
down_revision: str | None = "0042"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NAMELESS = {
    "sqlite": "json_set(data, '$.name', '')",
    "postgresql": "jsonb_set(data, '{name}', '\"\"')",
}


def upgrade() -> None:
    secret = op.create_table(
        "hash_secret",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hash_secret")),
    )
    op.bulk_insert(secret, [{"id": 1, "secret": secrets.token_hex(32)}])
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contact", sa.BigInteger(), nullable=False),
        sa.Column("identities", Json, nullable=False),
        sa.Column("numbers", Json, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("waits_for", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("rows", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_contact", "erasure", ["contact"])
    op.create_index("ix_erasure_state", "erasure", ["state"])
    op.create_index("ix_erasure_asked_at", "erasure", ["asked_at"])
    op.create_table(
        "retention",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("counted_days", sa.Integer(), nullable=True),
        sa.Column("counted_at", UtcDateTime(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention")),
    )
    op.create_table(
        "retention_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", name=op.f("pk_retention_day")),
    )
    op.create_table(
        "privacy_rules",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("open_orders", sa.Boolean(), nullable=False),
        sa.Column("open_complaints", sa.Boolean(), nullable=False),
        sa.Column("orders_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_rules")),
    )
    nameless = _NAMELESS[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE call_event SET data = {nameless} WHERE kind = 'CallerKnown' AND call_id IN "  # noqa: S608 - ours
        '(SELECT id FROM "call" WHERE contact_id IS NOT NULL '
        'AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.id = "call".contact_id))'
    )


def downgrade() -> None:
    for table in ("privacy_rules", "retention_day", "retention", "erasure", "hash_secret"):
        op.drop_table(table)
