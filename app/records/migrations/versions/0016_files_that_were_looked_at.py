"""What a file looks like, kept with its import.

Revision: 0016
After: 0015
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import Json

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("import_job", sa.Column("look", Json, nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("import_job", "look")
