"""Short beginnings of search terms as terms of their own, on PostgreSQL.

Revision: 0045
After: 0044

The index over contacts is made anew, which may take minutes: longer than a statement of the service may.
"""

from collections.abc import Sequence
from typing import Any

from alembic import op

revision: str = "0045"
down_revision: str | None = "0044"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOST_S = 3600.0
_DROP = "DROP INDEX ix_contact_search_terms"
_FUNCTION = """
    CREATE FUNCTION contact_terms(terms text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT pg_catalog.array_to_tsvector(whole || ARRAY(
            SELECT '^' || pg_catalog.left(
                term, letters + CASE WHEN pg_catalog.left(term, 1) IN ('#', '~') THEN 1 ELSE 0 END
            )
            FROM pg_catalog.unnest(whole) AS term, pg_catalog.generate_series(1, 3) AS letters
            WHERE pg_catalog.left(term, 1) NOT IN (':', '@')
        ))
        FROM (SELECT pg_catalog.string_to_array(terms, ' ') AS whole) AS made
    $$
"""
_NEW = "CREATE INDEX ix_contact_search_terms ON contact_search USING gin (contact_terms(terms))"
_OLD = """
    CREATE INDEX ix_contact_search_terms ON contact_search USING gin
    (array_to_tsvector(string_to_array(terms, ' ')))
"""


def upgrade() -> None:
    _run(_DROP, _FUNCTION, _NEW)


def downgrade() -> None:
    _run(_DROP, "DROP FUNCTION contact_terms(text)", _OLD)


def _run(*statements: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    adapted: Any = connection.connection.dbapi_connection
    for statement in statements:
        adapted.run_async(lambda driver, said=statement: driver.execute(said, timeout=_MOST_S))
