"""How often calls come into a queue, followed as the day changes it: calls and time, both fading alike."""

from dataclasses import dataclass
from math import exp

MEMORY_S = 1800.0
"""Calls older than this count for little."""
BELIEF_CALLS, BELIEF_S = 0.02, 15.0
"""Seen before the first: so little that a minute of calls, or of none, tells more."""


@dataclass(slots=True)
class Arrivals:
    """The calls that come into one queue."""

    calls: float = 0.0
    watched_s: float = 0.0
    at_s: float | None = None
    """When both were last brought up to date, monotonic."""

    def came(self, now_s: float) -> None:
        """A call came in."""
        self._fade(now_s)
        self.calls += 1.0

    def per_s(self, now_s: float) -> float:
        """Calls expected a second."""
        self._fade(now_s)
        return (self.calls + BELIEF_CALLS) / (self.watched_s + BELIEF_S)

    def _fade(self, now_s: float) -> None:
        if self.at_s is not None:
            kept = exp(-(now_s - self.at_s) / MEMORY_S)
            self.calls *= kept
            self.watched_s = MEMORY_S * (1.0 - kept) + self.watched_s * kept
        self.at_s = now_s
