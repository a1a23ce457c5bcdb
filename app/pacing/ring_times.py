"""How long a campaign's dials ring before a person answers, and before they end otherwise.

Two histograms by whole seconds, each with a weak prior. Together with the answer rate they give the chance that a dial
in flight is still answered, given how long it has been ringing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp
from typing import NamedTuple

LONGEST_S = 60
"""Ring times are kept up to this; a longer one counts as this."""
PRIOR_DIALS = 6.0
"""Weight of the prior, in dials of each kind."""
MEMORY = 3_000.0
"""The most dials that a histogram weighs; beyond that, all its counts are halved."""
_USUAL_ANSWER_S = 10.0


@dataclass(slots=True)
class Histogram:
    """Ring times of one kind by whole seconds."""

    counts: list[float]
    total: float

    def learn(self, rang_s: float) -> None:
        """Learn from one ring time, in seconds."""
        self.counts[max(0, min(LONGEST_S - 1, int(rang_s)))] += 1.0
        self.total += 1.0
        if self.total > MEMORY:
            self.counts = [count / 2.0 for count in self.counts]
            self.total /= 2.0

    def after(self) -> list[float]:
        """The share of dials, 0..1, that ring longer than 0, 1, 2 ... `LONGEST_S` seconds."""
        left, shares = self.total, [1.0]
        for count in self.counts:
            left -= count
            shares.append(max(0.0, left / self.total))
        return shares


class Ringing(NamedTuple):
    """What is known of ring times at one moment, in the form pacing asks for."""

    answers_s: tuple[float, ...]
    """Quantiles of the time to an answer, in seconds from the dial: the middles of parts of equal probability."""
    unanswered: Sequence[float]
    """The share of unanswered dials that still ring after 0, 1, 2 ... seconds."""
    unheard: Sequence[float]
    """The share of answered dials that still ring after 0, 1, 2 ... seconds."""
    soon: Sequence[tuple[float, ...]]
    """For an age of 0, 1, 2 ... seconds: the share of answered dials answered within each of `answers_s` from then."""
    mean_answer_s: float
    """Mean time to an answer, in seconds."""
    mean_unanswered_s: float
    """Mean time to another end, in seconds."""


@dataclass(slots=True)
class RingTimes:
    """The ring times of one campaign.

    Args:
        ring_s: how long a dial rings at most, in seconds.
        parts: the number of quantiles in `Ringing.answers_s`.
    """

    ring_s: int
    parts: int
    answered: Histogram = field(init=False)
    ended: Histogram = field(init=False)
    _known: Ringing | None = field(init=False, default=None)
    _fresh: int = field(init=False, default=0)
    """Outcomes learned since `_known` was computed."""

    def __post_init__(self) -> None:
        self.answered, self.ended = self._belief()

    def learn(self, *, answered: bool, rang_s: float) -> None:
        """Learn from one dial: whether a person answered it, and how long it rang, in seconds."""
        (self.answered if answered else self.ended).learn(rang_s)
        self._fresh += 1

    def known(self) -> Ringing:
        """What is known now. It is recomputed once the new outcomes exceed an eighth of the answers."""
        if self._known is None or self._fresh * 8 > self.answered.total:
            self._known, self._fresh = self._make(), 0
        return self._known

    def _belief(self) -> tuple[Histogram, Histogram]:
        """The prior: answers come around 10 s. Of the other dials two in three ring to the end, the rest end before."""
        end = min(self.ring_s, LONGEST_S - 1)
        shape = [(second + 0.5) * exp(-2.0 * (second + 0.5) / _USUAL_ANSWER_S) for second in range(end)]
        scale = PRIOR_DIALS / sum(shape)
        answers = [weight * scale for weight in shape] + [0.0] * (LONGEST_S - end)
        others = [PRIOR_DIALS / 3.0 / end] * end + [PRIOR_DIALS * 2.0 / 3.0] + [0.0] * (LONGEST_S - end - 1)
        return Histogram(answers, PRIOR_DIALS), Histogram(others, PRIOR_DIALS)

    def _make(self) -> Ringing:
        unheard, unanswered = self.answered.after(), self.ended.after()
        middles = (quantile(unheard, (n + 0.5) / self.parts) for n in range(self.parts))
        answers_s = tuple(round(middle * 4.0) / 4.0 for middle in middles)  # rounded, as keys of caches
        soon = [
            tuple(max(0.0, unheard[age] - between(unheard, age + within)) for within in answers_s)
            for age in range(LONGEST_S + 1)
        ]
        return Ringing(
            answers_s=answers_s,
            unanswered=unanswered,
            unheard=unheard,
            soon=soon,
            mean_answer_s=sum(unheard) - 0.5,
            mean_unanswered_s=sum(unanswered) - 0.5,
        )


def between(shares: Sequence[float], at: float) -> float:
    """Interpolate a falling curve, given at 0, 1, 2 ..., at `at`; past its end the last value holds."""
    low = int(at)
    if low >= len(shares) - 1:
        return shares[-1]
    return shares[low] + (shares[low + 1] - shares[low]) * (at - low)


def quantile(shares: Sequence[float], part: float) -> float:
    """Where a falling curve, given at 0, 1, 2 ... from 1 on, has lost `part` (0..1)."""
    left = 1.0 - part
    for n in range(1, len(shares)):
        if shares[n] <= left:
            step = shares[n - 1] - shares[n]
            return n - 1 + ((shares[n - 1] - left) / step if step > 0 else 0.0)
    return float(len(shares) - 1)
