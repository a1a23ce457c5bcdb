"""Until when the PBX was heard, and when its clock was set.

Revision: 0010
After: 0009
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json, UtcDateTime

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("event_log_mark", sa.Column("heard_at", UtcDateTime(), nullable=True))
    op.add_column("event_log_mark", sa.Column("clock_sets", Json, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("event_log_mark", "clock_sets")
    op.drop_column("event_log_mark", "heard_at")
