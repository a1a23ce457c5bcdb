"""Faults: those that wait for their moment, and a count of those that came."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

EVENT_FAULTS = ("lose", "repeat", "delay", "reorder")
ORDER_FAULTS = (
    "refuse",
    "late",
    "unanswered",
    "vanished",
    "cut_unwritten",
    "cut_written",
    "cut_carried_out",
)
"""Refused; carried out late; carried out or not, but never answered; and the link cut at each step."""
SNAPSHOT_FAULTS = ("refuse_snapshot", "lose_snapshot")
MOST_ARMED = 8


class Armed(NamedTuple):
    """A fault that waits for its moment."""

    fault: str
    kind: str
    """Name of the event it waits for; empty for any."""
    value: float
    """Seconds, or how many events go before."""


class Trouble:
    """What fails, and what has failed."""

    def __init__(self) -> None:
        self.happened: Counter[str] = Counter()
        self.changed: Callable[[], None] = lambda: None
        """Called when a fault happens, and when one that lasts is over."""
        self._armed: list[Armed] = []

    def arm(self, fault: str, kind: str = "", value: float = 0.0) -> None:
        """Let the next event of this kind, or the next order or snapshot, meet a fault.

        One that has waited longest for its moment is given up when there are many.
        """
        self._armed.append(Armed(fault, kind, value))
        if len(self._armed) > MOST_ARMED:
            del self._armed[0]

    def disarm(self) -> None:
        """Let nothing more fail by itself."""
        self._armed.clear()

    def meet(self, faults: tuple[str, ...], kind: str = "") -> Armed | None:
        """Take the first of these faults that waits for this; it happens now."""
        if not self._armed:
            return None
        for n, armed in enumerate(self._armed):
            if armed.fault in faults and armed.kind in ("", kind):
                del self._armed[n]
                self.happen(armed.fault)
                return armed
        return None

    def happen(self, fault: str) -> None:
        """Count a fault that happens now."""
        self.happened[fault] += 1
        self.changed()
