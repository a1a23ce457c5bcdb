"""Events of one kind are found by an index; so are those of a whole subject, kind by kind.

Revision: 0033
After: 0032
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index("ix_event_subject", "event")
    op.create_index("ix_event_kind", "event", ["subject", "kind", "at", "id"])


def downgrade() -> None:
    op.drop_index("ix_event_kind", "event")
    op.create_index("ix_event_subject", "event", ["subject", "at", "id"])
