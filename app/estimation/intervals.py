"""What every figure of a sample is told with."""

from typing import Final, NamedTuple

LEVEL: Final = 0.95
"""How often an interval has the true figure in it."""
Z: Final = 1.959964
"""The quantile of the standard normal distribution for `LEVEL`."""
SHOWN_FROM: Final = 20
"""The fewest answers whose figure is shown itself; of fewer, the interval alone is."""


class Interval(NamedTuple):
    """The range in which the true figure lies, with a chance of `LEVEL`."""

    low: float
    high: float
