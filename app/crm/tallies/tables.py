"""Tallies of campaigns: prices and the money of each day, and how many answer in each hour."""

from datetime import date
from typing import Annotated

import pydantic
from pydantic import StringConstraints
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Row
from app.records.columns import Digits
from app.system.fields import Fields, Line

Prefix = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{0,14}$")]
Money = Annotated[float, pydantic.Field(ge=0, le=1_000_000)]


class TariffFields(Fields):
    """The price of calls to numbers that begin alike, in whatever unit money is counted."""

    prefix: Prefix
    """How the numbers begin, with plus sign."""
    title: Line = ""
    """What they are; for people."""
    per_minute: Money
    """The price of a minute, 0..1,000,000."""
    connection: Money = 0.0
    """For each call that is answered."""
    step_s: Annotated[int, pydantic.Field(ge=1, le=3600)] = 1
    """Each begun step of so many seconds is charged whole."""


class TariffRow(Row, TariffFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """The price of calls to numbers with a prefix; the longest that fits counts."""

    __tablename__ = "tariff"

    prefix: str = Field(primary_key=True, sa_type=Digits)


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
