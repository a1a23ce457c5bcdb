"""Faults of a simulated link: those that are armed, and a count of those that happened."""

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
"""An order is refused; carried out late; carried out or not, and never answered; or the link is cut at each step."""
SNAPSHOT_FAULTS = ("refuse_snapshot", "lose_snapshot")
MOST_ARMED = 8


class Armed(NamedTuple):
    """A fault that waits for a matching event, order or snapshot."""

    fault: str
    kind: str
    """The class name of the event it waits for; empty for any event."""
    value: float
    """The delay in seconds, or the number of events that go before."""


class Trouble:
    """The armed faults, and the counts of those that happened."""

    def __init__(self) -> None:
        self.happened: Counter[str] = Counter()
        self.changed: Callable[[], None] = lambda: None
        """Called when a fault happens, and when one that lasts is over."""
        self._armed: list[Armed] = []

    def arm(self, fault: str, kind: str = "", value: float = 0.0) -> None:
        """Arm a fault for the next event of this kind, or the next order or snapshot.

        With more than `MOST_ARMED` armed faults the oldest is dropped.
        """
        self._armed.append(Armed(fault, kind, value))
        if len(self._armed) > MOST_ARMED:
            del self._armed[0]

    def disarm(self) -> None:
        """Drop all armed faults."""
        self._armed.clear()

    def meet(self, faults: tuple[str, ...], kind: str = "") -> Armed | None:
        """Take the first armed fault of `faults` that fits `kind`, which happens now; None if there is none."""
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
