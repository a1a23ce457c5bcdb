"""Indexes of what happened in a period: operators' states by their ends, offers and attempts by their beginnings.

Revision: 0050
After: 0049
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0050"
down_revision: str | None = "0049"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(op.f("ix_operator_state_to_at"), "operator_state", ["to_at"])
    op.create_index(op.f("ix_call_leg_began_at"), "call_leg", ["began_at"])
    op.create_index(op.f("ix_attempt_placed_at"), "attempt", ["placed_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_attempt_placed_at"), "attempt")
    op.drop_index(op.f("ix_call_leg_began_at"), "call_leg")
    op.drop_index(op.f("ix_operator_state_to_at"), "operator_state")
