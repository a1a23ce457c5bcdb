"""Imports of contacts, and which contacts each of them made or changed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from app.crm.contact_history.sources import joins_history
from app.crm.privacy.holdings import holds
from app.domain.jobs import JobState
from app.domain.roles import Permission
from app.events.subjects import describe
from app.lists.jobs import PreviewedRow
from app.records.base import BigInt, Json, Row, UtcDateTime
from app.records.columns import only_where


class Same(StrEnum):
    """By what a row and a contact are the same."""

    ID = "contact_id"
    """The contact's id: for files that were exported from here."""
    EXTERNAL_ID = "external_id"
    REGISTRY_CODE = "registry_code"
    PHONE = "phone"
    """A number; of contacts of the row's kind only."""
    EMAIL = "email"
    """An e-mail address; of contacts of the row's kind only."""


class Existing(StrEnum):
    """What becomes of a contact that is there already."""

    UPDATE = "update"
    """What the row says is put into the contact; what it leaves blank stays. Numbers, addresses and tags are added."""
    SKIP = "skip"
    """The contact stays as it is."""


class Did(StrEnum):
    """What an import did with a contact."""

    CREATED = "created"
    UPDATED = "updated"


class ContactImportRow(PreviewedRow, table=True):
    """A file of contacts on its way in."""

    __tablename__ = "contact_import"
    __table_args__ = ({"sqlite_autoincrement": True},)  # files and contacts name it: an id never comes back

    same_by: list[str] = Field(default_factory=list, sa_type=Json)
    """By what a row and a contact are the same, the first that finds one; each a `Same`."""
    existing: str = Existing.UPDATE.value
    """An `Existing`."""
    link_companies: bool = False
    """A person's company in words is a contact, too: it is found by its name, or made."""
    updated: int = 0
    unchanged: int = 0
    """Rows that said nothing new, or whose contact was to stay as it is."""
    companies: int = 0
    """Companies made because people of the file work there."""


class ImportedContactRow(Row, table=True):
    """A contact that an import made or changed, and how it was before."""

    __tablename__ = "imported_contact"
    __table_args__ = (
        UniqueConstraint("import_id", "made_id"),
        Index("ix_imported_contact_contact_id_at", "contact_id", "at", "id"),
        Index("ix_imported_contact_source", "import_id", "source", **only_where("source IS NOT NULL")),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    import_id: int = Field(
        sa_column=Column(ForeignKey("contact_import.id", ondelete="CASCADE"), nullable=False)
    )
    contact_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False)
    )
    """The contact; of one that was merged, the one it went into."""
    made_id: int = Field(sa_type=BigInteger)
    """The contact's id at the import."""
    line: int
    """The row's line in the file."""
    did: str
    """A `Did`."""
    version: int
    """The contact's version after the import; another one: somebody has changed it since."""
    before: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """What an update changed, as it was: columns, `fields` by code, and `tags` that it added."""
    source: str | None = None
    """The row's own id in the file, by which other rows name it as their employer."""
    at: datetime = Field(sa_type=UtcDateTime)


describe(
    ContactImportRow,
    "contact_import",
    reads=Permission.CONTACTS_IMPORT,
    also=JobState,
    without={
        *("reading", "look", "runner", "progress", "rejected_bytes"),
        *("created_at", "began_at", "ended_at"),
    },
)
joins_history(ImportedContactRow, "import", at="at", shows=("import_id", "line", "did"))
holds(ImportedContactRow, shows=("at", "import_id", "line", "did", "before"))
