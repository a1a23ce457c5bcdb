"""The search over all contacts.

Revision: 0030
After: 0029

Contacts that are there already are indexed by the service, batch by batch, once it runs.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SQLITE = (
    """
    CREATE VIRTUAL TABLE contact_term USING fts5(
        terms, content='contact_search', content_rowid='contact_id', detail='none', columnsize=0,
        prefix='1 2 3 4 5 6', tokenize="ascii tokenchars '~#@:._+-'"
    )
    """,
    """
    CREATE TRIGGER contact_search_added AFTER INSERT ON contact_search BEGIN
        INSERT INTO contact_term (rowid, terms) VALUES (new.contact_id, new.terms);
    END
    """,
    """
    CREATE TRIGGER contact_search_removed AFTER DELETE ON contact_search BEGIN
        INSERT INTO contact_term (contact_term, rowid, terms) VALUES ('delete', old.contact_id, old.terms);
    END
    """,
    """
    CREATE TRIGGER contact_search_changed AFTER UPDATE OF terms ON contact_search WHEN old.terms <> new.terms BEGIN
        INSERT INTO contact_term (contact_term, rowid, terms) VALUES ('delete', old.contact_id, old.terms);
        INSERT INTO contact_term (rowid, terms) VALUES (new.contact_id, new.terms);
    END
    """,
)
_POSTGRESQL = """
    CREATE INDEX ix_contact_search_terms ON contact_search USING gin
    (array_to_tsvector(string_to_array(terms, ' ')))
"""


def upgrade() -> None:
    op.create_table(
        "contact_search",
        sa.Column(
            "contact_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_search_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact_search")),
    )
    op.create_index("ix_contact_search_form", "contact_search", ["form", "contact_id"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else (_POSTGRESQL,):
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("DROP TABLE contact_term"))
    op.drop_table("contact_search")
