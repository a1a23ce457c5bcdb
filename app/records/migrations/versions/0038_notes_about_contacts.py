"""Notes about contacts.

Revision: 0038
After: 0037
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import BigInt, UtcDateTime

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "contact_note",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("call_id", sa.String(length=150), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_note_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_note")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_contact_note_contact_id_created_at", "contact_note", ["contact_id", "created_at", "id"]
    )
    op.create_index("ix_contact_note_call_id", "contact_note", ["call_id"])


def downgrade() -> None:
    op.drop_table("contact_note")
