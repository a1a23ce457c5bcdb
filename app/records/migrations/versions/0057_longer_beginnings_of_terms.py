"""Longer beginnings of words as terms of their own, on PostgreSQL: six letters instead of three.

Revision: 0057
After: 0056

The index over contacts is made anew, which takes minutes among a million: longer than a statement of the service may.
"""

from collections.abc import Sequence
from typing import Any

from alembic import op

revision: str = "0057"
down_revision: str | None = "0056"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOST_S = 3600.0
_DROP = "DROP INDEX ix_contact_search_terms"
_FUNCTION = """
    CREATE OR REPLACE FUNCTION contact_terms(terms text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT COST 1000 AS $$
        SELECT pg_catalog.array_to_tsvector(whole || ARRAY(
            SELECT '^' || pg_catalog.left(
                term, letters + CASE WHEN pg_catalog.left(term, 1) IN ('#', '~') THEN 1 ELSE 0 END
            )
            FROM pg_catalog.unnest(whole) AS term, pg_catalog.generate_series(1, {letters}) AS letters
            WHERE pg_catalog.left(term, 1) NOT IN (':', '@') AND (letters <= 3 OR pg_catalog.left(term, 1) <> '#')
        ))
        FROM (SELECT pg_catalog.string_to_array(terms, ' ') AS whole) AS made
    $$
"""
_MAKE = "CREATE INDEX ix_contact_search_terms ON contact_search USING gin (contact_terms(terms))"


def upgrade() -> None:
    _run(_DROP, _FUNCTION.format(letters=6), _MAKE)


def downgrade() -> None:
    _run(_DROP, _FUNCTION.format(letters=3), _MAKE)


def _run(*statements: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    adapted: Any = connection.connection.dbapi_connection
    for statement in statements:
        adapted.run_async(lambda driver, said=statement: driver.execute(said, timeout=_MOST_S))
