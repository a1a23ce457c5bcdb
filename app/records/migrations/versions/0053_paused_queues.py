"""Why a queue is paused.

Revision: 0053
After: 0052
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0053"
down_revision: str | None = "0052"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("queue", sa.Column("paused", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("queue", "paused")
