"""Roles that administrators make.

Revision: 0024
After: 0023
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "role",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("permissions", Json, nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_role")),
    )


def downgrade() -> None:
    op.drop_table("role")
