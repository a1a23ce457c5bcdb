"""The share of a campaign's dials that a person answers, tracked through the day.

The level is kept as log-odds with a variance. Each outcome moves it by the gain of a Kalman filter (the extended
form for a Bernoulli observation): far while little is known, less when much is. Between outcomes the variance grows,
so that old outcomes weigh less. Hours and attempt numbers shift the level by their own answer rates so far, and hardly
while they have few dials.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, log

PRIOR_RATE = 0.25
PRIOR_VARIANCE = 1.0
"""Variance of the log-odds at first: the rates of two campaigns in three are between 11 % and 48 %."""
DRIFT = 8e-5
"""Growth of the variance a second: in an hour the log-odds may move by half a unit, a 25 % rate to 17 % or 36 %."""
ATTEMPTS = 6
"""Attempt numbers told apart: the sixth stands for all later ones, too."""
ATTEMPT_PRIOR = 20.0
"""Weight, in answers, of the prior that each attempt number has the rate of the first."""
HOUR_PRIOR = 50.0
"""Weight, in dials, of the prior that each hour has the rate of the whole day."""
HOUR_MEMORY = 2_000.0
"""The most dials that an hour of the day weighs, over all days; beyond that, old dials fade."""
_FURTHEST = 7.0  # log-odds; a rate between 0.1 % and 99.9 %


def odds_log(rate: float) -> float:
    """Log-odds of a rate between 0 and 1, both excluded."""
    return log(rate / (1.0 - rate))


def rate_of(level: float) -> float:
    """The rate, 0..1, that has these log-odds."""
    return 1.0 / (1.0 + exp(-level))


@dataclass(slots=True)
class AnswerRate:
    """The answer rate of one campaign."""

    level: float = field(default_factory=lambda: odds_log(PRIOR_RATE))
    """Log-odds of a first attempt's answer."""
    variance: float = PRIOR_VARIANCE
    at_s: float | None = None
    """When the variance was last brought up to date, monotonic."""
    hour: int | None = None
    answers: list[float] = field(default_factory=lambda: [0.0] * ATTEMPTS)
    """Answers by attempt number."""
    expected: list[float] = field(default_factory=lambda: [0.0] * ATTEMPTS)
    """Answers that the level alone would have given."""
    by_hour: list[tuple[float, float]] = field(default_factory=lambda: [(0.0, 0.0)] * 24)
    """Dials and answers in each hour of the day."""

    def learn(self, *, answered: bool, attempt: int, hour: int, now_s: float) -> None:
        """Learn from one dial's outcome.

        Args:
            answered: whether a person answered.
            attempt: the number of this attempt at its lead, from 1.
            hour: of the day, 0..23.
            now_s: monotonic seconds.
        """
        self._turn(hour)
        self.variance = self.variance_at(now_s)
        self.at_s = now_s
        n = min(attempt, ATTEMPTS) - 1
        rate = rate_of(self.level + self._offset(n))
        self.answers[n] += answered
        self.expected[n] += rate_of(self.level)
        self.variance /= 1.0 + self.variance * rate * (1.0 - rate)
        moved = self.level + self.variance * (answered - rate)
        self.level = max(-_FURTHEST, min(_FURTHEST, moved))
        dials, answers = self.by_hour[hour]
        fade = min(1.0, HOUR_MEMORY / (dials + 1.0))
        self.by_hour[hour] = (dials + 1.0) * fade, (answers + answered) * fade

    def rates(self) -> Sequence[float]:
        """The answer rate, 0..1, of first attempts, second ones and so on; the last is for all later ones, too."""
        return [rate_of(self.level + self._offset(n)) for n in range(ATTEMPTS)]

    def variance_at(self, now_s: float) -> float:
        """The variance of the log-odds at a moment, monotonic seconds."""
        if self.at_s is None:
            return self.variance
        return min(PRIOR_VARIANCE, self.variance + DRIFT * max(0.0, now_s - self.at_s))

    def _offset(self, n: int) -> float:
        if not n:
            return 0.0
        return log((self.answers[n] + ATTEMPT_PRIOR) / (self.expected[n] + ATTEMPT_PRIOR))

    def _turn(self, hour: int) -> None:
        """When the hour changes, move the level by the difference of the two hours' rates on other days."""
        if hour == self.hour:
            return
        if self.hour is not None:
            dials, answers = self.by_hour[self.hour]
            overall = (answers + 1.0) / (dials + 4.0)
            self.level += odds_log(self._of_hour(hour, overall)) - odds_log(self._of_hour(self.hour, overall))
        self.hour = hour

    def _of_hour(self, hour: int, overall: float) -> float:
        dials, answers = self.by_hour[hour]
        return (answers + overall * HOUR_PRIOR) / (dials + HOUR_PRIOR)
