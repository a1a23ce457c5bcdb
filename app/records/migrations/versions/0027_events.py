"""The stream of events.

Revision: 0027
After: 0026
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.records.base import BigInt, Json, UtcDateTime

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=150), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("before", Json, nullable=True),
        sa.Column("after", Json, nullable=True),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("transaction_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_at", "event", ["at", "id"])
    op.create_index("ix_event_subject", "event", ["subject", "at", "id"])
    op.create_index("ix_event_subject_id", "event", ["subject", "subject_id", "at", "id"])
    op.create_index("ix_event_user_id", "event", ["user_id", "at", "id"], **_where("user_id IS NOT NULL"))
    op.create_index("ix_event_contact_id", "event", ["contact_id"], **_where("contact_id IS NOT NULL"))
    op.create_index("ix_event_key", "event", ["key"], unique=True, **_where("key IS NOT NULL"))
    op.create_index(
        "ix_event_transaction", "event", ["transaction_id", "id"], **_where("transaction_id IS NOT NULL")
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE event ALTER transaction_id SET DEFAULT pg_current_xact_id()::text::bigint")


def downgrade() -> None:
    op.drop_table("event")
