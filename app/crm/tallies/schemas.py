"""The prices of calls, the money that campaigns spent, and the hours at which people answer."""

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, field_validator

from app.api.schemas import RequestModel, Shown
from app.crm.tallies.errors import PrefixTwice
from app.crm.tallies.tables import TariffFields, TariffRow


class TariffIn(RequestModel, TariffFields):
    """The price of calls to numbers with a prefix, in one unit of money for all prices."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"prefix": "+3725", "title": "mobiil", "per_minute": 0.06, "step_s": 60}]
        }
    )

    def row(self) -> TariffRow:
        """The row that is saved."""
        return TariffRow(**self.model_dump())


class Tariffs(RequestModel):
    """All prices; the longest prefix that fits a number sets its price. A number that no prefix fits costs nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "prefix": "+3725",
                            "title": "mobiil",
                            "per_minute": 0.06,
                            "connection": 0.0,
                            "step_s": 60,
                        }
                    ]
                }
            ]
        }
    )

    items: Annotated[list[TariffIn], Field(max_length=2000)]
    """The prices, at most 2,000; no prefix comes twice."""

    @field_validator("items")
    @classmethod
    def _each_once(cls, items: list[TariffIn]) -> list[TariffIn]:
        seen: set[str] = set()
        for one in items:
            if one.prefix in seen:
                raise PrefixTwice(prefix=one.prefix)
            seen.add(one.prefix)
        return items


class HourOut(Shown):
    """One hour of the day, in the called party's time zone."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"hour": 18, "placed": 410, "answered": 164, "promises": 0.39}]}
    )

    hour: int
    """The hour of the day, 0..23."""
    placed: int
    """Calls placed in this hour."""
    answered: int
    """Calls that a person answered."""
    promises: float
    """The estimated answer rate, 0..1: in hours with few calls it is drawn towards the rate of the whole day."""


class SpentDay(Shown):
    """The money that a campaign spent on one day of its own time zone."""

    day: date
    """The day."""
    spent: float
    """The cost of the day's calls, in the unit of the tariffs."""


class SpentOut(Shown):
    """The money that a campaign has spent: an estimate from prices and durations; a call under way counts as one
    minute.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "today": "2026-03-02",
                    "spent": 18.42,
                    "limit": 50.0,
                    "days": [{"day": "2026-03-02", "spent": 18.42}],
                }
            ]
        }
    )

    today: date
    """Today's date in the campaign's time zone."""
    spent: float
    """The cost of today's calls, in the unit of the tariffs."""
    limit: float | None
    """The most that one day may cost: no call is dialled that would exceed it; null: no limit."""
    days: list[SpentDay]
    """The days, the newest first, at most 50."""
