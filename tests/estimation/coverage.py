"""How often intervals hold the true figure, over surveys drawn from people whose opinion is known."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from app.estimation.intervals import Interval
from app.estimation.means import Bounds, mean
from app.estimation.nps import nps_interval
from app.estimation.shares import share_interval

SIZES: Final = (10, 30, 100, 1000)
NPS_PEOPLE: Final = {
    "balanced": (0.33, 0.34, 0.33),
    "good": (0.5, 0.3, 0.2),
    "very good": (0.7, 0.2, 0.1),
    "split": (0.45, 0.1, 0.45),
    "bad": (0.15, 0.3, 0.55),
}
"""The chances of a promoter, a passive and a detractor."""
SHARE_PEOPLE: Final = {
    "half": 0.5,
    "two thirds": 0.66,
    "four fifths": 0.8,
    "nine tenths": 0.9,
    "one in twenty": 0.05,
}
SCALE_PEOPLE: Final = {
    "middling": (0.05, 0.15, 0.3, 0.3, 0.2),
    "bell": (0.1, 0.2, 0.4, 0.2, 0.1),
    "flat": (0.2, 0.2, 0.2, 0.2, 0.2),
    "split": (0.4, 0.07, 0.06, 0.07, 0.4),
    "good": (0.03, 0.05, 0.12, 0.3, 0.5),
    "very good": (0.01, 0.02, 0.05, 0.22, 0.7),
}
"""The chances of the answers 1 to 5."""


class Coverage(NamedTuple):
    """How often the interval held the true figure."""

    figure: str
    people: str
    size: int
    held: int
    of: int

    @property
    def share(self) -> float:
        return self.held / self.of


def coverages(sizes: Sequence[int], surveys: int, seed: int) -> Iterator[Coverage]:
    """One coverage for each figure, kind of people and size of survey.

    Args:
        sizes: how many answer one survey.
        surveys: how many surveys are drawn of each.
        seed: of the chance.
    """
    for size in sizes:
        for people, (p, passive, d) in NPS_PEOPLE.items():
            yield _covered("NPS", people, size, (p, passive, d), p - d, _nps, surveys, seed)
        for people, share in SHARE_PEOPLE.items():
            yield _covered("share", people, size, (share, 1 - share), share, _share, surveys, seed)
        for people, chances in SCALE_PEOPLE.items():
            true = sum((place + 1) * chance for place, chance in enumerate(chances))
            yield _covered("mean", people, size, chances, true, _mean, surveys, seed)


def _covered(
    figure: str,
    people: str,
    size: int,
    chances: Sequence[float],
    true: float,
    interval: Callable[[tuple[int, ...]], Interval],
    surveys: int,
    seed: int,
) -> Coverage:
    chance = random.Random(f"{seed} {figure} {people} {size}")
    places = range(len(chances))
    held = 0
    for _ in range(surveys):
        drawn = Counter(chance.choices(places, chances, k=size))
        low, high = interval(tuple(drawn[place] for place in places))
        held += low - 1e-9 <= true <= high + 1e-9
    return Coverage(figure, people, size, held, surveys)


@cache
def _nps(counts: tuple[int, ...]) -> Interval:
    return nps_interval(counts[0], counts[2], sum(counts))


@cache
def _share(counts: tuple[int, ...]) -> Interval:
    return share_interval(counts[0], sum(counts))


@cache
def _mean(counts: tuple[int, ...]) -> Interval:
    given = {float(place + 1): count for place, count in enumerate(counts) if count}
    found = mean(given, Bounds(1, 5)).interval
    assert found is not None
    return found
