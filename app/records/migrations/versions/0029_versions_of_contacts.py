"""Versions of contacts, and of the rows that events tell of.

Revision: 0029
After: 0028
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("event", sa.Column("row_version", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("event", "row_version")
    op.drop_column("contact", "version")
