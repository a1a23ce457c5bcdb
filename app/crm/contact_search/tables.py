"""What contacts are found by."""

from sqlalchemy import Column, ForeignKey, Index, Text
from sqlmodel import Field

from app.records.base import BigInt, Row
from app.records.columns import only_where

VECTOR = "contact_terms(terms)"
"""PostgreSQL's index is of this expression, so queries must use it as it stands here: the terms, and with a `^` before
them the beginnings of words and sounds, of up to `LETTERS` letters, and of numbers, of up to `DIGITS` digits."""
LETTERS, DIGITS = 6, 3


class ContactSearchRow(Row, table=True):
    """The search terms of one contact: see `app.crm.contact_search.terms`.

    Migrations make the full-text index over it: SQLite has the virtual table `contact_term`, which triggers keep in
    step; PostgreSQL has an inverted index (GIN).
    """

    __tablename__ = "contact_search"
    __table_args__ = (
        Index("ix_contact_search_form", "form", "contact_id"),
        Index("ix_contact_search_uncompared", "contact_id", **only_where("NOT compared")),
    )

    contact_id: int = Field(
        sa_column=Column(
            BigInt, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    names: str = Field(sa_type=Text)
    """The folded words of the name, with one blank between."""
    terms: str = Field(sa_type=Text)
    """All terms, each once, with one blank between."""
    form: int
    """The version of the rules that made the terms."""
    compared: bool = False
    """The contact has been compared with others since it changed: see `app.crm.duplicates`."""
