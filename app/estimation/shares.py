"""The share of those who said something."""

from math import sqrt

from app.estimation.intervals import Interval, Z


def share_interval(count: int, of: int) -> Interval:
    """The interval of a share.

    It is Wilson's (E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927): it stays
    within 0 and 1, and is sound even for few cases.

    Args:
        count: how many said it, 0..of.
        of: how many were asked; 0: nothing is known.

    >>> share_interval(0, 0)
    Interval(low=0.0, high=1.0)
    >>> low, high = share_interval(3, 100)
    >>> round(low, 3), round(high, 3)
    (0.01, 0.085)
    """
    if of == 0:
        return Interval(0.0, 1.0)
    p, z2 = count / of, Z * Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z / (1 + z2 / of) * sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    low = 0.0 if count == 0 else middle - half
    high = 1.0 if count == of else middle + half
    return Interval(low, high)
