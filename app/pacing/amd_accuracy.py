"""How often the detector of answering machines was wrong, as operators tell it."""

from math import sqrt
from typing import Final, NamedTuple

Z: Final = 1.959964
"""Of the normal distribution, for an interval that holds 95 times in 100."""


class Share(NamedTuple):
    """A share estimated from those that were looked at."""

    of: int
    """How many were looked at."""
    wrong: int
    low: float
    """The share is between these, 19 times in 20; 0..1."""
    high: float

    @property
    def share(self) -> float | None:
        """The plain share, 0..1; None of nothing."""
        return self.wrong / self.of if self.of else None


def share(wrong: int, of: int) -> Share:
    """A share with its uncertainty.

    Wilson's interval (E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927): it
    stays within 0 and 1, and is honest with few or none.

    Args:
        wrong: how many were, 0..of.
        of: how many were looked at.

    >>> share(0, 0)
    Share(of=0, wrong=0, low=0.0, high=1.0)
    >>> told = share(3, 100)
    >>> round(told.low, 3), round(told.high, 3)
    (0.01, 0.085)
    """
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    p, z2 = wrong / of, Z * Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z / (1 + z2 / of) * sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    low = 0.0 if wrong == 0 else middle - half
    high = 1.0 if wrong == of else middle + half
    return Share(of, wrong, low, high)
