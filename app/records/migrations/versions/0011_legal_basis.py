"""On what legal basis a campaign calls. Those that run go on without one; nobody has said theirs.

Revision: 0011
After: 0010
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("legal_basis", sa.String(), nullable=False, server_default=""))
    op.add_column("campaign", sa.Column("legal_basis_note", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("campaign", "legal_basis_note")
    op.drop_column("campaign", "legal_basis")
