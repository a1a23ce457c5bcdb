"""Durations from the PBX's wall clock, which may be set while calls are under way."""

from collections.abc import Iterable, Sequence
from math import inf
from typing import Final, NamedTuple

import structlog

from app.system import clock

log = structlog.get_logger(__name__)

SET_S: Final = 1.5
"""A PBX clock that gained or lost more than this on our monotonic clock, between two readings, was set; seconds."""
SET_WITHIN_S: Final = 3.0
"""How late after the fact a set clock may be noticed, in seconds."""
PROMPT_S: Final = 1.0
"""An answer that came within this many seconds tells the present time."""
LATE_S, LATEST_S = 0.1, 30.0
"""An event is late when its delay in seconds lies between these two. A longer delay means that a clock was set."""
BACK_S: Final = 300.0
"""No event is delayed by this many seconds: an older time stamp means that the PBX's clock was set back."""
DISORDER_S: Final = 0.5
"""Events of one moment may arrive in any order: a step back of up to this many seconds means nothing."""
CLOCK_SETS: Final = 100


class ClockSet(NamedTuple):
    """The PBX's clock was set."""

    after_s: float
    """The last reading before it was set, by the clock as it was then; seconds since 1970."""
    by_s: float
    """Seconds by which it was set forward; negative: back."""


def passed_s(before_s: float, after_s: float, clock_sets: Sequence[ClockSet]) -> float:
    """The true seconds between two moments, each read from the PBX's clock as it then was.

    It is the shortest that fits: the clock was not set in between, or by one or several of `clock_sets` in a row.

    Args:
        before_s, after_s: the two moments, in seconds since 1970.
        clock_sets: each time the clock was set, in order.
    """
    least_s = after_s - before_s
    if least_s < 0.0:
        least_s = 0.0 if least_s >= -DISORDER_S else inf
    for first, begun in enumerate(clock_sets):
        if before_s > begun.after_s + SET_WITHIN_S:
            continue
        by_s = 0.0
        for set_ in clock_sets[first:]:
            by_s += set_.by_s
            if after_s >= set_.after_s + set_.by_s - SET_S and after_s - before_s - by_s >= -SET_S:
                least_s = min(least_s, max(0.0, after_s - before_s - by_s))
    return least_s if least_s < inf else 0.0


class HeardClock:
    """The PBX's wall clock, as its answers and events show it."""

    def __init__(self) -> None:
        self.ahead_s = 0.0
        """Seconds by which it was ahead of our clock at its last reading."""
        self.sets: list[ClockSet] = []
        """Each time it was noticed to have been set, in order; the last `CLOCK_SETS`."""
        self._told: tuple[float, float] | None = None
        """The last reading of the PBX's time, and our monotonic time then."""

    def answered(self, epoch_s: float, asked_s: float) -> None:
        """Take the time in an answer, and notice a clock that was set.

        Args:
            epoch_s: the PBX's time in the answer, in seconds since 1970.
            asked_s: when the question was sent, by our monotonic clock. A slow answer may be of any moment since
                then and is not used: a PBX that stood still is not a PBX whose clock was set.
        """
        if clock.monotonic() - asked_s <= PROMPT_S:
            self._moved(epoch_s, least_s=-SET_S)
            self._tells(epoch_s)

    def late_s(self, epoch_s: float, asked_s: float) -> float:
        """Tell how long ago an answer was given, in seconds; 0 for one that came promptly.

        Args:
            epoch_s: the PBX's time in the answer, in seconds since 1970.
            asked_s: when the question was sent, by our monotonic clock: the answer is no older than that.
        """
        took_s = clock.monotonic() - asked_s
        if took_s <= PROMPT_S:
            return 0.0
        return min(took_s, max(0.0, clock.utc_now().timestamp() + self.ahead_s - epoch_s))

    def stamped(self, epoch_s: float) -> float:
        """Tell how long an event was on its way, in seconds; 0 for no longer than usual.

        A time stamp in the future, or older than a silent link lives, means that the PBX's clock was set.

        Args:
            epoch_s: the event's time stamp, in seconds since 1970.
        """
        if self._moved(epoch_s, least_s=-BACK_S):
            self._tells(epoch_s)
        late_s = clock.utc_now().timestamp() + self.ahead_s - epoch_s
        return late_s if LATE_S < late_s < LATEST_S else 0.0

    def recall(self, sets: Iterable[ClockSet]) -> None:
        """Add clock sets that another process noticed before."""
        known = list(sets)
        self.sets[:] = [*known, *(one for one in self.sets if one not in known)]

    def _moved(self, epoch_s: float, *, least_s: float) -> bool:
        if self._told is None:
            return False
        before_s, heard_s = self._told
        by_s = (epoch_s - before_s) - (clock.monotonic() - heard_s)
        if least_s <= by_s <= SET_S:
            return False
        self.sets.append(ClockSet(before_s, by_s))
        del self.sets[:-CLOCK_SETS]
        log.warning("pbx_clock_set", by_s=round(by_s, 1))
        return True

    def _tells(self, epoch_s: float) -> None:
        self.ahead_s = epoch_s - clock.utc_now().timestamp()
        self._told = epoch_s, clock.monotonic()
