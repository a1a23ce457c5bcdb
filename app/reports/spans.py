"""Seconds that lie in slots of time, from sums over intervals. Pure.

The database adds up intervals that begin in one slot and end in one slot: how many there are, how far into its slot
each begins, how far into its slot each ends. What they spend in each slot between follows exactly.
"""

from collections.abc import Iterator
from typing import NamedTuple

from app.reports.periods import SLOT_S


class Bundle(NamedTuple):
    """Intervals that begin in one slot and end in one slot."""

    first: int
    """The slot in which they begin."""
    last: int
    """The slot in which they end."""
    intervals: int
    """How many there are."""
    into_first_s: float
    """The sum of the seconds from the beginning of the first slot to the beginning of each interval."""
    into_last_s: float
    """The sum of the seconds from the beginning of the last slot to the end of each interval."""


def spread(bundle: Bundle) -> Iterator[tuple[int, float]]:
    """Each slot, with the seconds that the intervals spend in it, all together.

    >>> list(spread(Bundle(4, 6, intervals=2, into_first_s=300 + 600, into_last_s=30 + 40)))
    [(4, 900), (5, 1800), (6, 70)]
    >>> list(spread(Bundle(4, 4, intervals=1, into_first_s=300, into_last_s=310)))
    [(4, 10)]
    """
    if bundle.first == bundle.last:
        yield bundle.first, bundle.into_last_s - bundle.into_first_s
        return
    yield bundle.first, bundle.intervals * SLOT_S - bundle.into_first_s
    for slot in range(bundle.first + 1, bundle.last):
        yield slot, bundle.intervals * SLOT_S
    yield bundle.last, bundle.into_last_s
