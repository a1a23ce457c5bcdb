"""Tallies of campaigns: prices, the money of each day, and the answers in each hour."""

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
    """The price of calls to numbers with a prefix, in one unit of money for all prices."""

    prefix: Prefix
    """The prefix of the numbers, with a plus sign."""
    title: Line = ""
    """A title for people, such as `mobile`."""
    per_minute: Money
    """The price of a minute, 0..1,000,000."""
    connection: Money = 0.0
    """The price of each answered call, besides the minutes."""
    step_s: Annotated[int, pydantic.Field(ge=1, le=3600)] = 1
    """The billing step in seconds: each begun step is charged in full."""


class TariffRow(Row, TariffFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """The price of calls to numbers with a prefix; the longest prefix that fits sets the price."""

    __tablename__ = "tariff"

    prefix: str = Field(primary_key=True, sa_type=Digits)


class CampaignHourRow(Row, table=True):
    """A campaign's calls in one hour of the day, in the called party's time zone."""

    __tablename__ = "campaign_hour"

    campaign_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hour: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """0..23."""
    placed: int = 0
    answered: int = 0


class CampaignSpendRow(Row, table=True):
    """The money that a campaign spent on one day of its own time zone, estimated. It has no foreign key: it outlives
    the campaign.
    """

    __tablename__ = "campaign_spend"

    campaign_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    day: date = Field(primary_key=True)
    """The day on which the calls were placed."""
    spent: float = 0.0
    """The cost so far; a call under way counts as one minute."""


describe(TariffRow, "tariff", reads=Permission.TARIFFS_READ)
