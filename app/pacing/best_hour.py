"""When people answer: an hour for the next try that is better than the one it would fall into.

Plain counting: of the calls placed in each hour of the day, where the called party is, how many were picked up. Each
hour's rate is drawn towards that of the whole day by as much as `DOUBT` calls weigh, so that a few lucky calls make no
best hour. An hour is worth waiting for when it promises a quarter more; of those the best is taken, and one in which
this lead was tried already only when there is no other.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Final, NamedTuple

DOUBT: Final = 20.0
"""Calls at the whole day's rate that are added to each hour's own."""
KNOWN: Final = 20
"""Calls that an hour must have had to be waited for."""
WORTH: Final = 1.25
"""How much better an hour must promise to be."""
_HOUR: Final = timedelta(hours=1)


class HourTally(NamedTuple):
    """Calls placed within one hour of the day."""

    placed: int
    answered: int
    """Picked up by a person."""


def rates(tallies: Mapping[int, HourTally]) -> dict[int, float]:
    """What each hour of the day promises, 0..1; nothing without a call.

    Args:
        tallies: by hour, 0..23; those without calls may be left out, and promise what the whole day does.

    >>> found = rates({10: HourTally(100, 10), 18: HourTally(100, 50)})
    >>> [round(found[hour], 2) for hour in (3, 10, 18)]
    [0.3, 0.13, 0.47]
    """
    placed = sum(one.placed for one in tallies.values())
    if not placed:
        return {}
    day = sum(one.answered for one in tallies.values()) / placed
    counted = {hour: tallies.get(hour, HourTally(0, 0)) for hour in range(24)}
    return {hour: (one.answered + DOUBT * day) / (one.placed + DOUBT) for hour, one in counted.items()}


def better_time(
    next_at: datetime, tallies: Mapping[int, HourTally], tried: Collection[int], zone: tzinfo
) -> datetime:
    """When to try again: at the best hour within a day of `next_at`, or then.

    Args:
        next_at: aware; the earliest.
        tallies: by hour of the day where the called party is.
        tried: hours in which this lead was tried and did not answer.
        zone: where the called party is.
    """
    promised = rates(tallies)
    own = promised.get(next_at.astimezone(zone).hour)
    if own is None:
        return next_at
    begins = next_at.replace(minute=0, second=0, microsecond=0)
    best, best_key = next_at, (False, own * WORTH)
    for ahead in range(1, 24):
        moment = begins + ahead * _HOUR
        hour = moment.astimezone(zone).hour
        known = tallies.get(hour, HourTally(0, 0)).placed >= KNOWN
        key = (hour not in tried, promised.get(hour, 0.0))
        if known and promised[hour] >= own * WORTH and key > best_key:
            best, best_key = moment, key
    return best
