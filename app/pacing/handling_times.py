"""How long operators talk and wrap up, and when a busy operator will be free.

Both times are taken for log-normal, which talk times are close to (L. Brown et al., "Statistical analysis of a
telephone call center", 2005). They are learned with fading memory and a weak prior.
"""

from copy import copy
from dataclasses import dataclass, field
from math import erfc, exp, log, sqrt

MEMORY = 400.0
"""The most calls that the estimates weigh; beyond that, old calls fade."""
PRIOR_CALLS = 4.0
"""Weight of the prior, in calls."""
TALK_BELIEF_S, WRAP_UP_BELIEF_S = 90.0, 15.0
"""Medians of the prior."""
_BELIEF_SPREAD = 0.9
_SHORTEST_S = 0.5
_LEAST_SPREAD = 0.05
TALK_AGE_S, WRAP_UP_AGE_S = 5.0, 2.0
"""The steps in which ages are told apart, in seconds."""
_AGES = 72
_SLICE_S = 2.0


@dataclass(slots=True)
class LogNormal:
    """A log-normal duration, learned from the durations seen.

    Args:
        median_s: the median of the prior, in seconds.
    """

    median_s: float
    weight: float = PRIOR_CALLS
    mean: float = field(init=False)
    """Mean of the logarithm."""
    variance: float = _BELIEF_SPREAD**2
    """Variance of the logarithm."""

    def __post_init__(self) -> None:
        self.mean = log(self.median_s)

    def learn(self, seconds: float) -> None:
        """Learn from one duration, in seconds."""
        value = log(max(_SHORTEST_S, seconds))
        self.weight = min(MEMORY, self.weight + 1.0)
        share = 1.0 / self.weight
        off = value - self.mean
        self.mean += off * share
        self.variance = (1.0 - share) * (self.variance + off * off * share)

    @property
    def mean_s(self) -> float:
        """The mean duration in seconds."""
        return exp(self.mean + self.variance / 2.0)

    def longer(self, seconds: float) -> float:
        """The share of durations, 0..1, that last longer than `seconds`."""
        if seconds <= 0.0:
            return 1.0
        spread = max(_LEAST_SPREAD, sqrt(self.variance))
        return 0.5 * erfc((log(seconds) - self.mean) / spread / sqrt(2.0))


class Handling:
    """How likely a busy operator is still busy after each of several times, by the age of the talk or wrap-up.

    Args:
        talk: talk times; later durations change nothing here.
        wrap_up: wrap-up times, likewise.
        within_s: the times, in seconds, rising.
    """

    def __init__(self, talk: LogNormal, wrap_up: LogNormal, within_s: tuple[float, ...]) -> None:
        self._talk, self._wrap_up, self._within_s = copy(talk), copy(wrap_up), within_s
        self._slices = int(within_s[-1] / _SLICE_S) + 1
        self._after = [
            [self._wrap_up.longer(end_s - (n + 0.5) * _SLICE_S) for n in range(self._slices)]
            for end_s in within_s
        ]
        self._talking: dict[int, tuple[float, ...]] = {}
        self._wrapping_up: dict[int, tuple[float, ...]] = {}

    def of_talk(self, age_s: float) -> tuple[float, ...]:
        """P(still busy) after each time, 0..1, of an operator who has talked for `age_s`."""
        step = max(0, min(_AGES - 1, int(age_s / TALK_AGE_S)))
        if step not in self._talking:
            self._talking[step] = self._after_talk((step + 0.5) * TALK_AGE_S)
        return self._talking[step]

    def of_wrap_up(self, age_s: float) -> tuple[float, ...]:
        """P(still busy) after each time, 0..1, of an operator who has been wrapping up for `age_s`."""
        step = max(0, min(_AGES - 1, int(age_s / WRAP_UP_AGE_S)))
        if step not in self._wrapping_up:
            self._wrapping_up[step] = self._after_wrap_up((step + 0.5) * WRAP_UP_AGE_S)
        return self._wrapping_up[step]

    def _after_talk(self, age_s: float) -> tuple[float, ...]:
        """A talk ends in one of the next slices of time, and the wrap-up begins in the slice's middle."""
        there = max(self._talk.longer(age_s), 1e-9)
        left = [self._talk.longer(age_s + n * _SLICE_S) / there for n in range(self._slices + 1)]
        busy = []
        for end_s, wrap_ups in zip(self._within_s, self._after, strict=True):
            slices = int(end_s / _SLICE_S) + 1
            ends = sum([(left[n] - left[n + 1]) * wrap_ups[n] for n in range(slices)])
            busy.append(min(1.0, left[slices] + ends))
        return tuple(busy)

    def _after_wrap_up(self, age_s: float) -> tuple[float, ...]:
        there = max(self._wrap_up.longer(age_s), 1e-9)
        return tuple([self._wrap_up.longer(age_s + end_s) / there for end_s in self._within_s])


@dataclass(slots=True)
class HandlingTimes:
    """Talk and wrap-up times of one campaign."""

    talk: LogNormal = field(default_factory=lambda: LogNormal(TALK_BELIEF_S))
    wrap_up: LogNormal = field(default_factory=lambda: LogNormal(WRAP_UP_BELIEF_S))
    calls: int = 0
    """Talks seen to their end."""
    _known: Handling | None = None
    _within_s: tuple[float, ...] = ()
    _fresh: int = 0
    """Durations learned since `_known` was computed."""

    def talked(self, seconds: float) -> None:
        """Learn from one talk, in seconds."""
        self.talk.learn(seconds)
        self.calls += 1
        self._fresh += 1

    def wrapped_up(self, seconds: float) -> None:
        """Learn from one wrap-up, in seconds."""
        self.wrap_up.learn(seconds)
        self._fresh += 1

    @property
    def mean_s(self) -> float:
        """The mean handling time of a call, in seconds: talk and wrap-up."""
        return self.talk.mean_s + self.wrap_up.mean_s

    def known(self, within_s: tuple[float, ...]) -> Handling:
        """P(still busy) after each of these times (seconds, rising).

        It is computed anew once the new durations exceed an eighth of the weight of all.
        """
        if self._known is None or within_s != self._within_s or self._fresh * 8 > self.talk.weight:
            self._known = Handling(self.talk, self.wrap_up, within_s)
            self._within_s, self._fresh = within_s, 0
        return self._known
