"""The PBX's wall clock may be set while calls are under way: what is known of that, and the time that truly passed."""

from collections.abc import Sequence
from typing import Final, NamedTuple

SET_WITHIN_S: Final = 3.0
"""How late a set clock may be noticed."""


class ClockSet(NamedTuple):
    """The PBX's clock was set."""

    after_s: float
    """Not long after this moment, by the clock as it was before; seconds since 1970."""
    by_s: float
    """Forward; negative: back."""


def passed_s(before_s: float, after_s: float, clock_sets: Sequence[ClockSet]) -> float:
    """How long it truly was from one moment to another, each by the PBX's clock as it then was."""
    passed_s = after_s - before_s
    for set_after_s, by_s in clock_sets:
        spans = before_s <= set_after_s + SET_WITHIN_S and after_s >= set_after_s + by_s - SET_WITHIN_S
        # Back: only where the time went back can it be told from moments that lie on one side of it.
        if spans and ((passed_s >= by_s - SET_WITHIN_S and by_s > 0) or passed_s < 0 > by_s):
            passed_s -= by_s
            break
    return max(0.0, passed_s)
