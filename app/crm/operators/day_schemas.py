"""An operator's day as the API shows it."""

from datetime import datetime
from typing import Final, Self

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.crm.operators.day import Day

_BREAK: Final[dict[str, JsonValue]] = {"reason": "lunch", "seconds": 1800.0, "times": 1}


class BreakTimeOut(Shown):
    """Breaks of one reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [_BREAK]})

    reason: str
    """The reason; empty for none."""
    seconds: float
    """How long they were, all told."""
    times: int
    """How many there were."""


class DayOut(Shown):
    """An operator's day so far."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "since": "2026-03-01T22:00:00Z",
                    "calls": 12,
                    "at_work_s": 14400.0,
                    "talked_s": 5230.5,
                    "wrap_up_s": 610.0,
                    "breaks": [_BREAK],
                }
            ]
        }
    )

    since: datetime
    """When the day began: midnight in the centre's time zone."""
    calls: int
    """Calls in which the operator talked."""
    at_work_s: float
    """Seconds that the operator was not offline."""
    talked_s: float
    """Seconds connected to customers, hold included."""
    wrap_up_s: float
    """Seconds of wrap-up."""
    breaks: list[BreakTimeOut]
    """Breaks by reason, the first one first; a break that goes on counts until now."""

    @classmethod
    def of(cls, day: Day, since: datetime) -> Self:
        """The day as the API shows it."""
        return cls(
            since=since,
            calls=day.calls,
            at_work_s=day.at_work_s,
            talked_s=day.talked_s,
            wrap_up_s=day.wrap_up_s,
            breaks=[
                BreakTimeOut(reason=one.reason, seconds=one.seconds, times=one.times) for one in day.breaks
            ],
        )
