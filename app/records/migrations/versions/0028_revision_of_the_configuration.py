"""The revision of the configuration.

Revision: 0028
After: 0027
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    made = op.create_table(
        "configuration_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configuration_revision")),
    )
    op.bulk_insert(made, [{"id": 1, "revision": 0}])


def downgrade() -> None:
    op.drop_table("configuration_revision")
