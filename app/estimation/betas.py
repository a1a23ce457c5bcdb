"""The beta distribution, and Student's t by way of it."""

from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from typing import Final

_TERMS_MOST: Final = 10_000
_SMALL: Final = 1e-15
_TINY: Final = 1e-300


def beta_below(x: float, a: float, b: float) -> float:
    """The chance that a beta variable is below `x`: the regularised incomplete beta function.

    It is the continued fraction of the NIST Digital Library of Mathematical Functions (8.17.22), evaluated forwards by
    Lentz's method.

    Args:
        x: 0..1.
        a: above 0.
        b: above 0.

    >>> round(beta_below(0.5, 2, 3), 4)
    0.6875
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_below(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front / _fraction(x, a, b)


def beta_quantile(chance: float, a: float, b: float) -> float:
    """The value, 0..1, below which a beta variable lies with this chance, by bisection.

    Args:
        chance: 0..1.
        a: above 0.
        b: above 0.

    >>> round(beta_quantile(0.025, 8.5, 2.5), 3)
    0.497
    """
    low, high = 0.0, 1.0
    while high - low > 1e-12 * max(high, 1e-6):
        middle = (low + high) / 2
        if beta_below(middle, a, b) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@lru_cache(maxsize=1000)
def t_quantile(chance: float, freedom: float) -> float:
    """The value below which Student's t lies with this chance.

    Args:
        chance: 0.5 < chance < 1.
        freedom: the degrees of freedom, above 0.

    >>> round(t_quantile(0.975, 9), 3), round(t_quantile(0.975, 1e6), 3)
    (2.262, 1.96)
    """
    x = beta_quantile(2 * (1 - chance), freedom / 2, 0.5)
    return sqrt(freedom * (1 - x) / x)


def _fraction(x: float, a: float, b: float) -> float:
    """`1 + d1 / (1 + d2 / (1 + ...))`."""
    whole, top, bottom = 1.0, 1.0, 0.0
    for term in range(1, _TERMS_MOST):
        m = term // 2
        if term % 2:
            part = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            part = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        bottom = 1 / (1 + part * bottom or _TINY)
        top = 1 + part / top or _TINY
        whole *= top * bottom
        if abs(top * bottom - 1) < _SMALL:
            break
    return whole
