"""What people said about being called."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, String, Text, text
from sqlmodel import Field

from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import BigInt, Row, UtcDateTime
from app.records.columns import Digits


def _holds(column: str) -> dict[str, Any]:
    """Only rows that hold and have the column: SQLite's planner would otherwise scan the table because of its NULLs."""
    condition = text(f"{column} IS NOT NULL AND removed_at IS NULL")
    return {"sqlite_where": condition, "postgresql_where": condition}


class ConsentRow(Row, table=True):
    """A consent or a do-not-call for a number or a contact. It has no foreign keys and is never deleted: it is
    evidence.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index("ix_consent_number", "number", **_holds("number")),
        Index("ix_consent_contact_id", "contact_id", **_holds("contact_id")),
        CheckConstraint("(number IS NULL) <> (contact_id IS NULL)", name="number_or_contact"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    word: str = Field(sa_type=String(20))
    """A `ConsentKind`."""
    number: str | None = Field(default=None, sa_type=Digits)
    """The number in the form that `app.numbers.reader.number_key` makes; of somebody who was erased, and who had said
    that nobody may call, its keyed hash (`app.records.keyed`): the objection is honoured, the number is not kept."""
    contact_id: int | None = Field(default=None, sa_type=BigInteger)
    purpose: str | None = None
    """A `Purpose`; None: every purpose."""
    campaign_id: int | None = None
    """The campaign it is about; None: all campaigns."""
    source: str
    """Where it comes from: a call, a letter, a list."""
    note: str = Field(default="", sa_type=Text)
    given_at: datetime = Field(sa_type=UtcDateTime)
    """When it was said; it holds from then on."""
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """It ends at this moment, which is not included; None: it holds until it is removed."""
    user_id: int | None = None
    """The user who wrote it down; None: the service itself."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    removed_by: int | None = None
    removed_reason: str = Field(default="", sa_type=Text)


describe(ConsentRow, "consent", reads=Permission.CONSENTS_MANAGE, without={"created_at"})
holds(
    ConsentRow,
    number="number",
    shows=(
        *("given_at", "word", "number", "purpose", "campaign_id", "source", "note", "until"),
        *("removed_at", "removed_reason"),
    ),
)
