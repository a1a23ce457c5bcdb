"""Every attempt to reach a lead."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlmodel import Field

from app.crm.contact_history.sources import joins_history
from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Row, UtcDateTime
from app.records.columns import Digits, only_where


class AttemptRow(Row, table=True):
    """One attempt to reach a lead, committed before anything is dialled. It has no foreign keys: it is evidence."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_campaign_id_placed_at", "campaign_id", "placed_at", "id"),
        Index("ix_attempt_placed_at", "placed_at"),
        Index("ix_attempt_lead_id_placed_at", "lead_id", "placed_at"),
        Index("ix_attempt_number_placed_at", "number", "placed_at"),
        Index(
            "ix_attempt_contact_id_placed_at",
            "contact_id",
            "placed_at",
            **only_where("contact_id IS NOT NULL"),
        ),
        Index("ix_attempt_open", "id", **only_where("outcome IS NULL")),
        Index(
            "ix_attempt_operator_id_placed_at",
            "operator_id",
            "placed_at",
            "id",
            **only_where("operator_id IS NOT NULL"),
        ),
        Index(
            "ix_attempt_undisposed",
            "campaign_id",
            "placed_at",
            "id",
            **only_where("operator_id IS NOT NULL AND disposition_id IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=150)
    """The `ChannelId` of its Originate."""
    campaign_id: int
    lead_id: int = Field(sa_type=BigInteger)
    contact_id: int | None = Field(default=None, sa_type=BigInteger)
    position: int
    """The position of the dialled number among the lead's numbers, from 0."""
    number: str = Field(sa_type=Digits)
    mode: str
    """The `DialMode` in which it was dialled."""
    rule_set: str = ""
    runner: str = Field(default="", sa_type=String(80))
    placed_at: datetime = Field(sa_type=UtcDateTime)
    """When this row was made."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the Originate left."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    connected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When an operator was connected."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = None
    """An `AttemptOutcome`; None while it is open."""
    cause: int | None = None
    """The Q.850 hangup cause of its channel."""
    amd: str = ""
    """The verdict of answering-machine detection, with its cause."""
    call_id: str | None = Field(default=None, max_length=150)
    operator_id: int | None = None
    disposition_id: int | None = None
    note: str = Field(default="", sa_type=Text)
    cost: float | None = None
    """The cost so far, in the unit of the tariffs; None where no tariff fits the number."""


describe(
    AttemptRow,
    "attempt",
    reads=Permission.ATTEMPTS_READ_ALL,
    without={"runner"},
    people_only=True,
    also=("ended",),
)
joins_history(
    AttemptRow,
    "attempt",
    at="placed_at",
    user="operator_id",
    shows=("campaign_id", "number", "outcome", "disposition_id", "note", "call_id"),
)
holds(
    AttemptRow,
    number="number",
    shows=(
        *("placed_at", "number", "campaign_id", "answered_at", "ended_at", "outcome", "disposition_id"),
        *("note", "call_id"),
    ),
    clears=("number", "note"),
)
