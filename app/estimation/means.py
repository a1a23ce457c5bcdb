"""The mean of answers that are numbers.

From `T_FROM` answers on the interval is Student's; of fewer it is the percentile interval of the bootstrap (B. Efron,
Better bootstrap confidence intervals, 1987). The bootstrap is not sampled: the distribution of the sum of n drawn
answers is the n-th power of the polynomial whose coefficients count them, and one power of a long integer computes it
whole. So there is no chance in it, and the same answers have the same interval.

Both are too narrow where most answers stand at one end of a scale, and have no width where all are alike. So `ADDED` of
an answer is added at each end first, as the adjusted Wald interval does with shares (A. Agresti and B. Coull,
Approximate is better than "exact" for interval estimation of binomial proportions, 1998). Where the ends are not known,
the tails of the bootstrap are widened to those of Student's t (T. Hesterberg, What teachers should know about the
bootstrap, The American Statistician 69 (4), 2015).
"""

from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

from app.estimation.betas import t_quantile
from app.estimation.intervals import LEVEL, Interval

T_FROM: Final = 30
"""The fewest answers for Student's interval."""
STEPS: Final = 60
"""The bootstrap of numbers that are not whole, or far apart, rounds them to so many steps of their range."""
PARTS: Final = 4
ADDED: Final = 1 / PARTS
"""How much of an answer is added at each end of a scale."""
_TAIL: Final = (1 - LEVEL) / 2


class Bounds(NamedTuple):
    """The least and the greatest answer that can be given."""

    low: float
    high: float


class Mean(NamedTuple):
    """A mean of at least one answer."""

    value: float
    interval: Interval | None
    """None: nothing is known of it, as there is one answer, or all are alike, and no bounds."""
    method: str
    """`t`, `bootstrap`, or empty where there is no interval."""


def mean(counts: Mapping[float, int], bounds: Bounds | None = None) -> Mean:
    """The mean of answers, with its interval.

    Args:
        counts: how many gave each answer; at least one did.
        bounds: of the scale; None: any number can be given.

    >>> told = mean({4.0: 3, 5.0: 7}, Bounds(1, 5))
    >>> told.value, told.method, told.interval.high <= 5
    (4.7, 'bootstrap', True)
    >>> mean({3.0: 1})
    Mean(value=3.0, interval=None, method='')
    """
    counts = dict(sorted(counts.items()))  # the last digit of a sum depends on the order of what is added
    of = sum(counts.values())
    middle = sum(value * count for value, count in counts.items()) / of
    if bounds is None and (of < 2 or len(counts) < 2):
        return Mean(middle, None, "")
    if of < T_FROM:
        return Mean(middle, _bootstrap(counts, of, bounds), "bootstrap")
    weights: dict[float, float] = dict(counts)
    for end in bounds or ():
        weights[end] = weights.get(end, 0) + ADDED
    about = sum(value * weight for value, weight in weights.items()) / sum(weights.values())
    spread = sqrt(sum(weight * (value - about) ** 2 for value, weight in weights.items()) / (of - 1))
    half = t_quantile(1 - _TAIL, of - 1) * spread / sqrt(of)
    return Mean(middle, _within(about - half, about + half, bounds), "t")


def _bootstrap(counts: Mapping[float, int], of: int, bounds: Bounds | None) -> Interval:
    weights = {value: count * PARTS for value, count in counts.items()}
    tail = _TAIL
    if bounds is None:
        tail = 1 - NormalDist().cdf(sqrt(of / (of - 1)) * t_quantile(1 - _TAIL, of - 1))
    else:
        for end in bounds:
            weights[end] = weights.get(end, 0) + 1
    least, step = min(weights), _step(weights)
    places: dict[int, int] = {}
    for value, weight in weights.items():
        place = round((value - least) / step)
        places[place] = places.get(place, 0) + weight
    low, high = _ends(places, of, tail)
    rounded = sum(place * weight for place, weight in places.items()) / sum(places.values())
    exact = sum(value * weight for value, weight in weights.items()) / sum(weights.values())
    return _within(exact + (low / of - rounded) * step, exact + (high / of - rounded) * step, bounds)


def _ends(places: Mapping[int, int], of: int, tail: float) -> tuple[int, int]:
    """The sums of `of` draws below and above which no more than `tail` of all draws lie.

    Args:
        places: the weight of each whole number that may be drawn.
        of: how many are drawn.
        tail: 0..0.5.
    """
    all_draws = sum(places.values()) ** of
    size = all_draws.bit_length() // 8 + 1
    drawn = sum(weight << (8 * size * place) for place, weight in places.items()) ** of
    sums = max(places) * of + 1
    said = drawn.to_bytes(size * sums, "little")
    chances = [
        int.from_bytes(said[size * one : size * (one + 1)], "little") / all_draws for one in range(sums)
    ]
    return _reached(chances, tail), sums - 1 - _reached(chances[::-1], tail)


def _reached(chances: list[float], tail: float) -> int:
    """The first place up to which the chances add up to `tail`."""
    so_far = 0.0
    for place, chance in enumerate(chances):
        so_far += chance
        if so_far >= tail:
            return place
    return len(chances) - 1


def _step(weights: Mapping[float, int]) -> float:
    """How far apart the places are: one where all are whole numbers and near each other."""
    reach = max(weights) - min(weights)
    if reach <= STEPS and all(value == int(value) for value in weights):
        return 1.0
    return reach / STEPS


def _within(low: float, high: float, bounds: Bounds | None) -> Interval:
    if bounds is None:
        return Interval(low, high)
    return Interval(max(low, bounds.low), min(high, bounds.high))
