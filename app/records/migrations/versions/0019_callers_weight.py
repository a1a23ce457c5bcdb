"""How much callers count against customers where operators serve both.

Revision: 0019
After: 0018
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("callers_weight", sa.Float(), nullable=False, server_default="0.8"))


def downgrade() -> None:
    op.drop_column("campaign", "callers_weight")
