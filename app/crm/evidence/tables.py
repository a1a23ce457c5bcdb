"""Numbers that were not dialled because of a rule."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from app.crm.privacy.holdings import holds
from app.records.base import Row, UtcDateTime
from app.records.columns import Digits


class SuppressionRow(Row, table=True):
    """A lead's number that a rule kept from being dialled on one day, with the number of times it was stopped."""

    __tablename__ = "suppression"
    __table_args__ = (
        Index("ix_suppression_campaign_id_day", "campaign_id", "day", "lead_id", "number", "rule"),
    )

    lead_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    number: str = Field(primary_key=True, sa_type=Digits)
    rule: str = Field(primary_key=True, max_length=40)
    """The `DialRule` that stopped it."""
    day: date = Field(primary_key=True)
    """The day in UTC."""
    campaign_id: int
    rule_set: str = ""
    detail: str = ""
    """The details of the last time the rule stopped the number."""
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the lead was to be judged again; None: not by itself."""
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    times: int = 1


holds(
    SuppressionRow,
    contact="",
    number="number",
    shows=("number", "campaign_id", "rule", "detail", "day", "times", "first_at", "last_at"),
    clears=("number", "detail"),
)
