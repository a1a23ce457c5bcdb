"""Why imports failed, with codes.

Revision: 0052
After: 0051
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json

revision: str = "0052"
down_revision: str | None = "0051"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("import_job", "contact_import", "consent_list")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("fault", Json, nullable=True))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "fault")
