"""Tallies of campaigns: prices and the money of each day, and how many answer in each hour."""

from datetime import date

from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Row
from app.records.columns import Digits


class TariffRow(Row, table=True):
    """The price of calls to numbers with a prefix; the longest that fits counts."""

    __tablename__ = "tariff"

    prefix: str = Field(primary_key=True, sa_type=Digits)
    """Such as `+3725`."""
    title: str = ""
    per_minute: float
    connection: float = 0.0
    step_s: int = 1


class CampaignHourRow(Row, table=True):
    """A campaign's calls in one hour of the day, where the called party is."""

    __tablename__ = "campaign_hour"

    campaign_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hour: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """0..23."""
    placed: int = 0
    answered: int = 0


class CampaignSpendRow(Row, table=True):
    """A campaign's estimate for one day of its own time zone. No foreign key: it outlives what it tells of."""

    __tablename__ = "campaign_spend"

    campaign_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    day: date = Field(primary_key=True)
    """On which its calls were placed."""
    spent: float = 0.0
    """Calls under way count as a minute."""


describe(TariffRow, "tariff", reads=Permission.TARIFFS_READ)
