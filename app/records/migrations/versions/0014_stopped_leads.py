"""How many leads a rule stops is counted without reading them.

Revision: 0014
After: 0013
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    where = sa.text("state IN ('waiting', 'done')")
    columns = ["campaign_id", "reason", "id", "next_at", "state"]
    op.create_index("ix_lead_stopped", "lead", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_lead_stopped", table_name="lead")
