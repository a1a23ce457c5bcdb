"""How often calls come into a queue: counts of calls and of time, both with the same exponential fading."""

from dataclasses import dataclass
from math import exp

MEMORY_S = 1800.0
"""Time constant of the fading: older calls count for little."""
BELIEF_CALLS, BELIEF_S = 0.02, 15.0
"""The prior: so many calls in so many seconds. It is so weak that one minute of observation outweighs it."""


@dataclass(slots=True)
class Arrivals:
    """The calls that come into one queue."""

    calls: float = 0.0
    watched_s: float = 0.0
    at_s: float | None = None
    """When both were last brought up to date, monotonic."""

    def came(self, now_s: float) -> None:
        """Count a call that came in, at monotonic seconds."""
        self._fade(now_s)
        self.calls += 1.0

    def per_s(self, now_s: float) -> float:
        """Calls expected a second, at monotonic seconds."""
        self._fade(now_s)
        return (self.calls + BELIEF_CALLS) / (self.watched_s + BELIEF_S)

    def _fade(self, now_s: float) -> None:
        if self.at_s is not None:
            kept = exp(-(now_s - self.at_s) / MEMORY_S)
            self.calls *= kept
            self.watched_s = MEMORY_S * (1.0 - kept) + self.watched_s * kept
        self.at_s = now_s
