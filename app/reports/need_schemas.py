"""What a day to come needs, over HTTP."""

from datetime import date, time
from math import ceil, inf
from typing import Final

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.reports.needs import HalfHour, Needs

MOST_BREAKS: Final = 0.9
"""More of the time at work is no break."""
_PART: dict[str, JsonValue] = {
    "begins": "09:00:00",
    "calls": 41.5,
    "calls_low": 31.2,
    "calls_high": 51.8,
    "operators": 7,
    "operators_low": 6,
    "operators_high": 8,
    "at_work": 8,
}


class HalfHourOut(Shown):
    """What half an hour needs."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PART]})

    begins: time
    """When it begins, by the clock of the zone."""
    calls: float
    """The calls that are expected: the mean of the days."""
    calls_low: float
    """Between this and `calls_high` lie 80 % of such days."""
    calls_high: float
    """See `calls_low`."""
    operators: int
    """Operators who take calls, so that the service level is reached."""
    operators_low: int
    """The operators that `calls_low` needs."""
    operators_high: int
    """The operators that `calls_high` needs."""
    at_work: int
    """Operators at work, of whom some are on a break, as many as on those days."""

    @classmethod
    def of(cls, part: HalfHour, break_share: float) -> "HalfHourOut":
        """The half hour as the API shows it."""
        need = part.need
        return cls.model_construct(
            begins=part.begins,
            calls=round(need.calls, 1),
            calls_low=round(need.calls_between.low, 1),
            calls_high=round(need.calls_between.high, 1),
            operators=need.operators,
            operators_low=int(need.operators_between.low),
            operators_high=int(need.operators_between.high),
            at_work=ceil(need.operators / (1.0 - min(break_share, MOST_BREAKS))),
        )


class NeedsOut(Shown):
    """How many operators a day needs, and what that is known from."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "day": "2026-03-03",
                    "zone": "Europe/Tallinn",
                    "queue": "sales",
                    "target_s": 20,
                    "level": 0.8,
                    "learned": ["2026-02-24", "2026-02-17"],
                    "handling_s": 214.0,
                    "patience_s": 95.0,
                    "break_share": 0.11,
                    "parts": [_PART],
                    "lived": [0.83, 0.79],
                }
            ]
        }
    )

    day: date
    """The day."""
    zone: str
    """The time zone whose clock cuts the day."""
    queue: str | None
    """The queue; null: all queues, as if every operator served each."""
    target_s: float
    """A call is to be answered within so many seconds."""
    level: float
    """The share of calls that is to be answered in time."""
    learned: list[date]
    """The days that this was learnt from, the last first; empty: nobody has called on such a day."""
    handling_s: float
    """Mean seconds for which a call kept an operator on those days: talk, hold and wrap-up."""
    patience_s: float | None
    """Mean seconds after which a waiting caller gave up; null: nobody did."""
    break_share: float
    """The share of the time at work that was spent on breaks."""
    parts: list[HalfHourOut]
    """The half hours, from the first to the last in which somebody called."""
    lived: list[float]
    """The service level of each of those days, had it come again with this plan, by simulation; as in `learned`."""

    @classmethod
    def of(cls, needs: Needs) -> "NeedsOut":
        """The day as the API shows it."""
        queue = needs.queue
        return cls.model_construct(
            day=needs.day,
            zone=needs.asked.zone,
            queue=needs.asked.queue,
            target_s=queue.target_s,
            level=queue.level,
            learned=list(needs.learned),
            handling_s=round(queue.service_s, 1),
            patience_s=None if queue.patience_s == inf else round(queue.patience_s, 1),
            break_share=round(needs.break_share, 4),
            parts=[HalfHourOut.of(part, needs.break_share) for part in needs.parts],
            lived=[round(one, 4) for one in needs.lived],
        )
