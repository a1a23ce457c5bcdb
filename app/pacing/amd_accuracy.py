"""How often answering-machine detection was wrong, by operators' dispositions."""

from math import sqrt
from typing import Final, NamedTuple

Z: Final = 1.959964
"""The standard normal quantile for a confidence interval of 95 %."""


class Share(NamedTuple):
    """The share of wrong verdicts, estimated from those that were checked."""

    of: int
    """How many verdicts were checked."""
    wrong: int
    low: float
    """Lower end of the 95 % confidence interval of the share, 0..1."""
    high: float
    """Its upper end, 0..1."""

    @property
    def share(self) -> float | None:
        """The share `wrong / of`, 0..1; None if nothing was checked."""
        return self.wrong / self.of if self.of else None


def share(wrong: int, of: int) -> Share:
    """A share with its confidence interval.

    The interval is Wilson's (E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    1927): it stays within 0 and 1, and is sound even for few cases.

    Args:
        wrong: how many verdicts were wrong, 0..of.
        of: how many verdicts were checked.

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
