"""How long a campaign's dials ring before a person answers, and before they end otherwise.

Two histograms by whole seconds, with a weak belief to start from. Together with the answer rate they tell what a
dial in flight may still do, given how long it has been ringing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp
from typing import NamedTuple

LONGEST_S = 60
"""Ring times are kept up to this; a longer one counts as this."""
PRIOR_DIALS = 6.0
"""So many dials' worth of belief to start from, of each kind."""
MEMORY = 3_000.0
"""Dials of a kind after which old ones fade."""
_USUAL_ANSWER_S = 10.0


@dataclass(slots=True)
class Histogram:
    """Ring times of one kind by whole seconds."""

    counts: list[float]
    total: float

    def learn(self, rang_s: float) -> None:
        """Take one ring time in seconds."""
        self.counts[max(0, min(LONGEST_S - 1, int(rang_s)))] += 1.0
        self.total += 1.0
        if self.total > MEMORY:
            self.counts = [count / 2.0 for count in self.counts]
            self.total /= 2.0

    def after(self) -> list[float]:
        """The share, 0..1, that rings longer than 0, 1, 2 ... `LONGEST_S` seconds."""
        left, shares = self.total, [1.0]
        for count in self.counts:
            left -= count
            shares.append(max(0.0, left / self.total))
        return shares


class Ringing(NamedTuple):
    """What is known of ring times at one moment, in the form pacing asks for."""

    answers_s: tuple[float, ...]
    """The moments, in seconds from the dial, that split those who answer into equal parts: each part's middle."""
    unanswered: Sequence[float]
    """Of those whom nobody answers, the share that still rings after 0, 1, 2 ... seconds."""
    unheard: Sequence[float]
    """Of those who are answered, the share that still rings after 0, 1, 2 ... seconds."""
    soon: Sequence[tuple[float, ...]]
    """Of those who are answered, the share answered after 0, 1, 2 ... seconds, within each of `answers_s` from then."""
    mean_answer_s: float
    """Mean time to an answer, in seconds."""
    mean_unanswered_s: float
    """Mean time to another end, in seconds."""


@dataclass(slots=True)
class RingTimes:
    """The ring times of one campaign.

    Args:
        ring_s: how long a dial rings at most, in seconds.
        parts: into how many parts `Ringing.answers_s` splits those who answer.
    """

    ring_s: int
    parts: int
    answered: Histogram = field(init=False)
    ended: Histogram = field(init=False)
    _known: Ringing | None = field(init=False, default=None)
    _fresh: int = field(init=False, default=0)
    """Outcomes since `_known` was made."""

    def __post_init__(self) -> None:
        self.answered, self.ended = self._belief()

    def learn(self, *, answered: bool, rang_s: float) -> None:
        """Take one dial's outcome, and how long it rang in seconds."""
        (self.answered if answered else self.ended).learn(rang_s)
        self._fresh += 1

    def known(self) -> Ringing:
        """What is known now; at most one part in eight behind."""
        if self._known is None or self._fresh * 8 > self.answered.total:
            self._known, self._fresh = self._make(), 0
        return self._known

    def _belief(self) -> tuple[Histogram, Histogram]:
        """Answers mostly around 10 s; of the others two in three ring to the end, the rest end anywhere before."""
        end = min(self.ring_s, LONGEST_S - 1)
        shape = [(second + 0.5) * exp(-2.0 * (second + 0.5) / _USUAL_ANSWER_S) for second in range(end)]
        scale = PRIOR_DIALS / sum(shape)
        answers = [weight * scale for weight in shape] + [0.0] * (LONGEST_S - end)
        others = [PRIOR_DIALS / 3.0 / end] * end + [PRIOR_DIALS * 2.0 / 3.0] + [0.0] * (LONGEST_S - end - 1)
        return Histogram(answers, PRIOR_DIALS), Histogram(others, PRIOR_DIALS)

    def _make(self) -> Ringing:
        unheard, unanswered = self.answered.after(), self.ended.after()
        middles = (quantile(unheard, (n + 0.5) / self.parts) for n in range(self.parts))
        answers_s = tuple(round(middle * 4.0) / 4.0 for middle in middles)  # what is made of them can be kept
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
    """A falling line given at 0, 1, 2 ..., read between its points; past the end it stays at its last value."""
    low = int(at)
    if low >= len(shares) - 1:
        return shares[-1]
    return shares[low] + (shares[low + 1] - shares[low]) * (at - low)


def quantile(shares: Sequence[float], part: float) -> float:
    """Where a falling line given at 0, 1, 2 ... has lost `part` (0..1) of its first value of 1."""
    left = 1.0 - part
    for n in range(1, len(shares)):
        if shares[n] <= left:
            step = shares[n - 1] - shares[n]
            return n - 1 + ((shares[n - 1] - left) / step if step > 0 else 0.0)
    return float(len(shares) - 1)
