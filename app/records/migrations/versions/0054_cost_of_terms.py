"""What it costs to make the terms of a contact: PostgreSQL asks the index then, and begins no process more for it.

Revision: 0054
After: 0053
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0054"
down_revision: str | None = "0053"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    _alter("COST 1000 PARALLEL UNSAFE")


def downgrade() -> None:
    _alter("COST 100 PARALLEL SAFE")  # as every function in SQL, and as it was made


def _alter(said: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER FUNCTION contact_terms(text) {said}")
