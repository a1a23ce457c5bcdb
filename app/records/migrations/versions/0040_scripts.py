"""Scripts, and codes of the categories of complaints.

Revision: 0040
After: 0039
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import BigInt, OrderedJson, UtcDateTime

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "script",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("queues", OrderedJson, nullable=False),
        sa.Column("campaigns", OrderedJson, nullable=False),
        sa.Column("steps", OrderedJson, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "script_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("script_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("queues", OrderedJson, nullable=False),
        sa.Column("campaigns", OrderedJson, nullable=False),
        sa.Column("steps", OrderedJson, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["script_id"], ["script.id"], name=op.f("fk_script_version_script_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_version")),
        sa.UniqueConstraint("script_id", "number", name=op.f("uq_script_version_script_id_number")),
    )
    op.create_table(
        "script_run",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("script_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(length=150), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("typed", OrderedJson, nullable=False),
        sa.Column("trail", OrderedJson, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_script_run_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["script_id"], ["script.id"], name=op.f("fk_script_run_script_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_run")),
        sa.UniqueConstraint("call_id", "script_id", name=op.f("uq_script_run_call_id_script_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_script_run_contact_id"), "script_run", ["contact_id"])
    op.create_index("ix_script_run_script_id_id", "script_run", ["script_id", "id"])
    op.create_index("ix_script_run_user_id_id", "script_run", ["user_id", "id"])
    op.add_column(
        "complaint_category", sa.Column("code", sa.String(length=60), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("complaint_category", "code")
    op.drop_table("script_run")
    op.drop_table("script_version")
    op.drop_table("script")
