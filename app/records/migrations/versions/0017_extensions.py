"""A lead's number has an extension beside it.

Revision: 0017
After: 0016
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "lead_number", sa.Column("extension", sa.String(length=20), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("lead_number", "extension")
