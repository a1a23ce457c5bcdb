"""Comparing many small samples, such as the answers about each operator, without being fooled by chance.

A share of few answers is mostly chance: the best and the worst of a list are those with the fewest. Each share is drawn
towards that of all, the more the fewer answers it has (B. Efron and C. Morris, Stein's estimator and its competitors,
1975): shares are taken to come from a beta distribution, whose spread is estimated by moments (J. Kleinman, Proportions
with extraneous variance, 1973). That somebody differs from the others is tested exactly (Fisher), and said only where
it holds for all who are tested at once (S. Holm, A simple sequentially rejective multiple test procedure, 1979).
"""

from collections.abc import Sequence
from math import exp, lgamma, sqrt
from typing import Final, NamedTuple

from app.estimation.betas import beta_quantile
from app.estimation.intervals import LEVEL, Interval

_FAR: Final = 12
"""Counts further from their mean than so many standard deviations have no chance worth adding."""
_EQUAL: Final = 1 + 1e-9


class Sample(NamedTuple):
    """Those who said something, among those who answered."""

    good: int
    of: int


class Compared(NamedTuple):
    """What is held of one sample in view of all."""

    share: float
    """The share, drawn towards that of all, 0..1."""
    interval: Interval
    """Its interval."""
    p: float
    """The chance of a difference at least as large, were there none, for all samples at once, 0..1."""

    @property
    def differs(self) -> bool:
        """Whether it differs from the others by more than chance explains."""
        return self.p <= 1 - LEVEL


def compare(samples: Sequence[Sample]) -> list[Compared]:
    """What is held of each sample, in their order.

    >>> best, few, other = compare([Sample(90, 100), Sample(2, 2), Sample(60, 100)])
    >>> best.differs, few.differs, few.share < best.share
    (True, False, True)
    """
    count, of = sum(one.good for one in samples), sum(one.of for one in samples)
    good, bad = prior(samples)
    tail = (1 - LEVEL) / 2
    chances = holm([difference(one, Sample(count - one.good, of - one.of)) for one in samples])
    found = []
    for one, chance in zip(samples, chances, strict=True):
        a, b = good + one.good, bad + one.of - one.good
        interval = Interval(beta_quantile(tail, a, b), beta_quantile(1 - tail, a, b))
        found.append(Compared(a / (a + b), interval, chance))
    return found


def prior(samples: Sequence[Sample]) -> tuple[float, float]:
    """The beta distribution of the shares: how many answers it is worth, for and against.

    It is never worth more than all answers together, and of fewer than two samples it is worth one.
    """
    samples = [one for one in samples if one.of]
    count, of = sum(one.good for one in samples), sum(one.of for one in samples)
    share = (count + 0.5) / (of + 1)
    worth = 1.0
    if len(samples) > 1:
        within = share * (1 - share)
        between = sum(one.of * (one.good / one.of - share) ** 2 for one in samples)
        free = len(samples) - 1
        spread = (between - within * free) / (within * (of - sum(one.of**2 for one in samples) / of - free))
        worth = float(of) if spread <= 1 / (of + 1) else max(1.0, 1 / spread - 1)
    return share * worth, (1 - share) * worth


def difference(one: Sample, other: Sample) -> float:
    """The chance, were there no difference, of two samples at least as unlikely as these: Fisher's exact test.

    >>> round(difference(Sample(3, 4), Sample(1, 4)), 4)
    0.4857
    """
    both, of = one.good + other.good, one.of + other.of
    if not one.of or not other.of:
        return 1.0
    least, most = max(0, both - other.of), min(both, one.of)
    middle = both * one.of / of
    reach = _FAR * sqrt(middle * (1 - both / of) * (1 - one.of / of)) + 1
    seen = _chance(one.good, both, one.of, of) * _EQUAL
    counted = range(max(least, int(middle - reach)), min(most, int(middle + reach) + 1) + 1)
    chances = [_chance(count, both, one.of, of) for count in counted]
    return min(1.0, sum(chance for chance in chances if chance <= seen)) if chances else 1.0


def holm(chances: Sequence[float]) -> list[float]:
    """Chances for all tests at once, in their order.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    found = [0.0] * len(chances)
    so_far = 0.0
    for rank, place in enumerate(sorted(range(len(chances)), key=lambda place: chances[place])):
        so_far = max(so_far, min(1.0, (len(chances) - rank) * chances[place]))
        found[place] = so_far
    return found


def _chance(count: int, both: int, of: int, all_: int) -> float:
    """The chance that of `both` among `all_`, `count` fall to `of`: the hypergeometric distribution."""
    return exp(_ways(both, count) + _ways(all_ - both, of - count) - _ways(all_, of))


def _ways(of: int, count: int) -> float:
    """The logarithm of the number of ways to choose `count`."""
    return lgamma(of + 1) - lgamma(count + 1) - lgamma(of - count + 1)
