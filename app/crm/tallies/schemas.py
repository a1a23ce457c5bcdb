"""What calls cost, and what campaigns have spent."""

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, field_validator

from app.api.schemas import RequestModel, Shown
from app.crm.tallies.errors import PrefixTwice
from app.crm.tallies.tables import TariffFields, TariffRow


class TariffIn(RequestModel, TariffFields):
    """The price of calls to numbers that begin alike, in whatever unit money is counted."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"prefix": "+3725", "title": "mobiil", "per_minute": 0.06, "step_s": 60}]
        }
    )

    def row(self) -> TariffRow:
        """As it is kept."""
        return TariffRow(**self.model_dump())


class Tariffs(RequestModel):
    """All prices; of two prefixes that fit, the longer counts. A number that none fits costs nothing."""

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
    """One hour of the day, where the called party is."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"hour": 18, "placed": 410, "answered": 164, "promises": 0.39}]}
    )

    hour: int
    """The hour of the day, 0..23."""
    placed: int
    """Calls placed in it."""
    answered: int
    """Picked up by a person."""
    promises: float
    """The rate that is reckoned with, 0..1: drawn towards the whole day's where there were few calls."""


class SpentDay(Shown):
    """One day of a campaign's own time zone."""

    day: date
    """The day."""
    spent: float
    """What its calls cost, in the unit of the tariffs."""


class SpentOut(Shown):
    """What a campaign has spent: an estimate from prices and times; calls under way count as a minute."""

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
    """Today, where the campaign is."""
    spent: float
    """What today's calls cost, in the unit of the tariffs."""
    limit: float | None
    """Of a day; nothing more is dialled once the next call would go over it."""
    days: list[SpentDay]
    """The newest first, at most 50."""
