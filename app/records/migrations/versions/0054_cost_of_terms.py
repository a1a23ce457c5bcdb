"""What it costs to make the terms of a contact, as PostgreSQL must know it to ask the index.

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
    _cost(1000)


def downgrade() -> None:
    _cost(100)  # that of every function in SQL


def _cost(units: int) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER FUNCTION contact_terms(text) COST {units}")
