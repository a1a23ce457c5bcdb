"""Merges of contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey
from sqlmodel import Field

from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import BigInt, OrderedJson, Row, UtcDateTime


class ContactMergeRow(Row, table=True):
    """One contact that went into another. It goes with the contact that stayed, because it holds data of both."""

    __tablename__ = "contact_merge"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    contact_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    """The contact that stayed; of an earlier merge, the one into which that contact went later."""
    merged_id: int = Field(sa_type=BigInteger, index=True)
    """The contact that went; its id never comes back but by undoing."""
    at: datetime = Field(sa_type=UtcDateTime)
    user_id: int | None = None
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=OrderedJson)
    """All rows that the merge changed, as they were: see `app.crm.merging.rows`."""
    after: str
    """The fingerprint of the contact after the merge: undoing needs it unchanged."""
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    set_aside: dict[str, Any] = Field(default_factory=dict, sa_type=OrderedJson)
    """Values of either contact that are not shown any more, by field."""
    external_id: str | None = Field(default=None, index=True)
    """The external id that was set aside: the contact is found by it, too, unless another contact has it now."""


describe(
    ContactMergeRow,
    "contact_merge",
    reads=Permission.CONTACTS_READ,
    without={"changes", "after", "at", "set_aside", "external_id"},
)
holds(ContactMergeRow, shows=("at", "merged_id", "changes", "set_aside", "external_id", "undone_at"))
