"""The PBX's wall clock may be set while calls are under way: what is known of that, and the time that truly passed."""

from collections.abc import Iterable, Sequence
from math import inf
from typing import Final, NamedTuple

import structlog

from app.system import clock

log = structlog.get_logger(__name__)

SET_S: Final = 1.5
"""From one word to the next, a clock that went so much more or less than ours was set."""
SET_WITHIN_S: Final = 3.0
"""How late a set clock may be noticed."""
PROMPT_S: Final = 1.0
"""An answer within this tells the time of the moment."""
LATE_S, LATEST_S = 0.1, 30.0
"""An event that was on its way longer was late; one of another clock would be off by more."""
BACK_S: Final = 300.0
"""No event is so late: one that is stamped longer ago tells of a clock that was set back."""
DISORDER_S: Final = 0.5
"""Words of one moment may come in any order: by so much time does not go back."""
CLOCK_SETS: Final = 100


class ClockSet(NamedTuple):
    """The PBX's clock was set."""

    after_s: float
    """Not long after this moment, by the clock as it was before; seconds since 1970."""
    by_s: float
    """Forward; negative: back."""


def passed_s(before_s: float, after_s: float, clock_sets: Sequence[ClockSet]) -> float:
    """How long it truly was from one moment to another, each by the PBX's clock as it then was.

    Of all that may be, the shortest: that the clock was not set in between, or was by one or some of these in a row.

    Args:
        before_s, after_s: seconds since 1970.
        clock_sets: when it was set, in the order in which that was.
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
    """The PBX's wall clock, as what the PBX says tells it."""

    def __init__(self) -> None:
        self.ahead_s = 0.0
        """By how much it is ahead of ours, in seconds, when the time was last told."""
        self.sets: list[ClockSet] = []
        """When it was set, as far as that was noticed."""
        self._told: tuple[float, float] | None = None
        """The PBX's time when it was last told, and our monotonic time then."""

    def answered(self, epoch_s: float, asked_s: float) -> None:
        """Compare the PBX's clock with ours, and with its own of a moment ago.

        Args:
            epoch_s: the time it told.
            asked_s: when it was asked, by our monotonic clock. An answer that took long is of any moment since:
                a PBX that stood still is not one whose clock was set.
        """
        if clock.monotonic() - asked_s <= PROMPT_S:
            self._moved(epoch_s, least_s=-SET_S)
            self._tells(epoch_s)

    def late_s(self, epoch_s: float, asked_s: float) -> float:
        """Tell how long ago an answer was given, in seconds; 0 for one that came promptly.

        Args:
            epoch_s: the time it told.
            asked_s: when it was asked, by our monotonic clock: it is no older, whatever the clocks say.
        """
        took_s = clock.monotonic() - asked_s
        if took_s <= PROMPT_S:
            return 0.0
        return min(took_s, max(0.0, clock.utc_now().timestamp() + self.ahead_s - epoch_s))

    def stamped(self, epoch_s: float) -> float:
        """Tell how long an event was on its way, in seconds; 0 for no longer than usual.

        One that took longer than a link lives in silence, or comes from the future, is of a clock that was set.

        Args:
            epoch_s: its time stamp.
        """
        if self._moved(epoch_s, least_s=-BACK_S):
            self._tells(epoch_s)
        late_s = clock.utc_now().timestamp() + self.ahead_s - epoch_s
        return late_s if LATE_S < late_s < LATEST_S else 0.0

    def recall(self, sets: Iterable[ClockSet]) -> None:
        """Know of these again, which another process noticed."""
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
