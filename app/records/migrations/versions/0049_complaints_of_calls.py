"""Complaints are found by their call: they follow it to another contact.

Revision: 0049
After: 0048
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0049"
down_revision: str | None = "0048"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_complaint_call_id", "complaint", ["call_id"])


def downgrade() -> None:
    op.drop_index("ix_complaint_call_id", "complaint")
