"""How long operators talk with a queue's callers and wrap up, with fading memory and a weak prior."""

from dataclasses import dataclass

MEMORY: float = 200.0
"""The most calls that the means weigh; beyond that, old calls fade."""
PRIOR_CALLS: float = 2.0
"""Weight of the prior, in calls."""
TALK_BELIEF_S, WRAP_UP_BELIEF_S = 150.0, 20.0


@dataclass(slots=True)
class CallerTimes:
    """The talk and wrap-up times of one queue's callers."""

    talk_s: float = TALK_BELIEF_S
    talks: float = PRIOR_CALLS
    wrap_up_s: float = WRAP_UP_BELIEF_S
    wrap_ups: float = PRIOR_CALLS

    @property
    def mean_s(self) -> float:
        """The mean handling time of a caller, in seconds."""
        return self.talk_s + self.wrap_up_s

    def talked(self, seconds: float) -> None:
        """Learn from one talk, in seconds."""
        self.talks = min(MEMORY, self.talks + 1.0)
        self.talk_s += (seconds - self.talk_s) / self.talks

    def wrapped_up(self, seconds: float) -> None:
        """Learn from one wrap-up, in seconds; 0: there was none."""
        self.wrap_ups = min(MEMORY, self.wrap_ups + 1.0)
        self.wrap_up_s += (seconds - self.wrap_up_s) / self.wrap_ups
