"""Pairs of contacts that are probably the same."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import BigInt, Json, Row, UtcDateTime
from app.records.columns import only_where


class DuplicateRow(Row, table=True):
    """Two contacts that are probably the same, or that a person has said are not."""

    __tablename__ = "duplicate"
    __table_args__ = (
        UniqueConstraint("contact_id", "other_id"),
        Index("ix_duplicate_open", "score", "id", **only_where("dismissed_at IS NULL")),
        Index("ix_duplicate_other_id", "other_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    contact_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False)
    )
    """The older of the two."""
    other_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False)
    )
    score: int
    """How probably they are the same, in percent."""
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    """What they agree in: each a `what` and a `value`."""
    found_at: datetime = Field(sa_type=UtcDateTime)
    dismissed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a person said that they are not the same; it holds for good."""
    dismissed_by: int | None = None


describe(
    DuplicateRow,
    "duplicate",
    reads=Permission.CONTACTS_READ,
    without={"reasons", "score", "found_at"},
    people_only=True,
)
holds(DuplicateRow, shows=("other_id", "score", "reasons", "found_at", "dismissed_at"))
