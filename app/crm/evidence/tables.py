"""Which leads were not dialled because of some rule."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from app.records.base import Row, UtcDateTime
from app.records.columns import Digits


class SuppressionRow(Row, table=True):
    """A lead's number that a rule kept from being dialled on one day, however often it was looked at."""

    __tablename__ = "suppression"
    __table_args__ = (
        Index("ix_suppression_campaign_id_day", "campaign_id", "day", "lead_id", "number", "rule"),
    )

    lead_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    number: str = Field(primary_key=True, sa_type=Digits)
    rule: str = Field(primary_key=True, max_length=40)
    """A `DialRule`."""
    day: date = Field(primary_key=True)
    """In UTC."""
    campaign_id: int
    rule_set: str = ""
    detail: str = ""
    """Of the last time."""
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was to be looked at again; None: never by itself."""
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    times: int = 1
