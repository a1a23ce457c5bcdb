"""Figures of a simulated centre, counted from the floor's own facts.

The terms are those of the Erlang models; each figure's formula is in its docstring.
"""

from app.floor.events import Event
from app.floor.facts import CallAnswered, CallEnded, CallQueued, StepResult
from app.simulator.world import World

INSTANT_S = 1e-9
"""Waits of up to this many seconds count as none: they are rounding errors of clock readings."""


class Figures:
    """Waits and talks of every call that ended.

    Args:
        world: the world whose calls are counted from now on.
        operators: number of operators.
    """

    def __init__(self, world: World, operators: int) -> None:
        self.operators = operators
        self.waits_s: dict[str, float] = {}
        """Wait of each call, by call, in the order in which the calls ended."""
        self.talks_s: dict[str, float] = {}
        """Talk of each call; 0 for abandoned ones."""
        self.abandoned: set[str] = set()
        self.began_s: float | None = None
        self.ended_s = 0.0
        world.listeners.append(self._heard)

    @property
    def calls(self) -> int:
        """Calls that ended."""
        return len(self.waits_s)

    @property
    def waited(self) -> float:
        """P(wait), 0..1: the share of calls not answered at once, abandoned calls included."""
        return sum(wait_s > INSTANT_S for wait_s in self.waits_s.values()) / self.calls

    @property
    def abandonment(self) -> float:
        """Abandon rate: abandoned calls / all calls, 0..1."""
        return len(self.abandoned) / self.calls

    @property
    def mean_wait_s(self) -> float:
        """Mean wait of all calls, abandoned calls included; without abandoned calls it is the ASA."""
        return sum(self.waits_s.values()) / self.calls

    @property
    def occupancy(self) -> float:
        """Talk time / (operators x time), 0..1."""
        return sum(self.talks_s.values()) / (self.operators * self.duration_s)

    @property
    def queue_length(self) -> float:
        """Mean number of calls waiting: the waits' sum / time (Little's law, exact for a whole run)."""
        return sum(self.waits_s.values()) / self.duration_s

    @property
    def duration_s(self) -> float:
        """Seconds from the first arrival to the last end of a call."""
        return self.ended_s - (self.began_s or 0.0)

    def answered_within(self, target_s: float) -> float:
        """Service level, 0..1: calls answered within `target_s` seconds / all calls."""
        in_time = sum(
            wait_s <= target_s + INSTANT_S
            for call, wait_s in self.waits_s.items()
            if call not in self.abandoned
        )
        return in_time / self.calls

    def _heard(self, _: Event, outcome: StepResult) -> None:
        for fact in outcome.facts:
            if isinstance(fact, CallEnded):
                record = fact.record
                self.waits_s[fact.call] = record.waited_s
                self.talks_s[fact.call] = record.talked_s
                self.ended_s = outcome.at.mono_s
                if record.answered_at is None:
                    self.abandoned.add(fact.call)
            elif isinstance(fact, CallQueued | CallAnswered) and self.began_s is None:
                self.began_s = outcome.at.mono_s
