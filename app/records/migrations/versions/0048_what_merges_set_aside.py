"""What a merge set aside stays told, and an external id that was set aside still finds the contact.

Revision: 0048
After: 0047
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.records.base import OrderedJson

revision: str = "0048"
down_revision: str | None = "0047"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "contact_merge", sa.Column("set_aside", OrderedJson, nullable=False, server_default=sa.text("'{}'"))
    )
    op.add_column("contact_merge", sa.Column("external_id", sa.String(), nullable=True))
    op.create_index("ix_contact_merge_external_id", "contact_merge", ["external_id"])
    _fill()


def downgrade() -> None:
    op.drop_index("ix_contact_merge_external_id", "contact_merge")
    op.drop_column("contact_merge", "external_id")
    op.drop_column("contact_merge", "set_aside")


def _fill() -> None:
    """External ids of contacts that were merged earlier."""
    merge = sa.table(
        "contact_merge",
        sa.column("id"),
        sa.column("contact_id"),
        sa.column("changes", OrderedJson),
        sa.column("external_id"),
    )
    contact = sa.table("contact", sa.column("id"), sa.column("external_id"))
    bind = op.get_bind()
    rows = bind.execute(
        sa.select(merge.c.id, merge.c.changes, contact.c.external_id).join_from(
            merge, contact, contact.c.id == merge.c.contact_id
        )
    )
    for id_, changes, now in rows.all():
        aside = [
            one["external_id"]
            for one in changes.get("contacts", ())
            if one.get("external_id") and one["external_id"] != now
        ]
        if aside:
            bind.execute(sa.update(merge).where(merge.c.id == id_).values(external_id=aside[-1]))
    op.execute(  # the search finds them by it once the indexer has been there
        "UPDATE contact_search SET form = 0 WHERE contact_id IN"
        " (SELECT contact_id FROM contact_merge WHERE external_id IS NOT NULL)"
    )
