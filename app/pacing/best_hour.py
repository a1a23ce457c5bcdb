"""The hour in which people answer best: when to try a lead again.

The answer rate of each hour of the day, in the called party's time zone, is the share of its dials that a person
answered. It is drawn towards the rate of the whole day with the weight of `DOUBT` dials, so that a few lucky dials
make no best hour. An hour is worth waiting for if its rate is higher by a quarter (`WORTH`). The best of those hours is
taken; an hour in which this lead was tried already is taken only if there is no other.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Final, NamedTuple

DOUBT: Final = 20.0
"""Weight of the whole day's rate in each hour's rate, in dials."""
KNOWN: Final = 20
"""The fewest dials that an hour must have had to be waited for."""
WORTH: Final = 1.25
"""How many times the rate of the lead's own hour an hour's rate must be."""
_HOUR: Final = timedelta(hours=1)


class HourTally(NamedTuple):
    """Dials placed within one hour of the day."""

    placed: int
    answered: int
    """Picked up by a person."""


def rates(tallies: Mapping[int, HourTally]) -> dict[int, float]:
    """The expected answer rate of each hour of the day, 0..1; empty without any dial.

    Args:
        tallies: by hour, 0..23; hours without dials may be left out, and get the rate of the whole day.

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
    """When to try a lead again: at the best hour within a day of `next_at`, or at `next_at` itself.

    Args:
        next_at: the earliest moment; aware.
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
