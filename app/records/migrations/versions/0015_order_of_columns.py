"""A lead's own columns keep the order of its list, on PostgreSQL too.

Revision: 0015
After: 0014
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("lead", "variables", type_=sa.JSON(), postgresql_using="variables::json")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("lead", "variables", type_=JSONB(), postgresql_using="variables::jsonb")
