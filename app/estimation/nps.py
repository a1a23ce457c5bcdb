"""The net promoter score: the share of promoters less the share of detractors."""

from math import sqrt
from typing import Final

from app.estimation.intervals import Interval, Z

PROMOTES_FROM: Final = 9
"""An answer of 0..10 from here on is a promoter's."""
DETRACTS_TO: Final = 6
"""An answer up to here is a detractor's."""


def nps(promoters: int, detractors: int, of: int) -> float:
    """The score, -1..1, of at least one answer.

    >>> nps(50, 20, 100)
    0.3
    """
    return (promoters - detractors) / of


def nps_interval(promoters: int, detractors: int, of: int) -> Interval:
    """The interval of the score, -1..1: the adjusted Wald interval.

    Three answers are added, three quarters of each to promoters and detractors (B. Rocks, Interval estimation for the
    "net promoter score", The American Statistician 70 (4), 2016; there it is the best of six)::

        n' = n + 3,  p' = (P + 3/4) / n',  d' = (D + 3/4) / n'
        (p' - d') +- z sqrt((p' + d' - (p' - d')^2) / n')

    Args:
        promoters: how many said 9 or 10.
        detractors: how many said 0 to 6.
        of: how many answered; 0: nothing is known.

    >>> low, high = nps_interval(5, 2, 10)
    >>> round(low, 3), round(high, 3)
    (-0.191, 0.652)
    """
    if of == 0:
        return Interval(-1.0, 1.0)
    n = of + 3
    p, d = (promoters + 0.75) / n, (detractors + 0.75) / n
    half = Z * sqrt((p + d - (p - d) ** 2) / n)
    return Interval(max(-1.0, p - d - half), min(1.0, p - d + half))
