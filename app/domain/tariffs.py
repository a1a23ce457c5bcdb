"""What calls cost, by the prefix of the number: an estimate, for the daily limits on money."""

from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Final

RESERVED_S: Final = 60.0
"""A call that is under way counts as a talk of this length, in seconds, until it is over."""

_ROUNDING: Final = 1e-6
"""Tolerance, as a share of a step, for decimal fractions that floats do not hold exactly."""


@dataclass(slots=True, frozen=True)
class Tariff:
    """The price of calls to numbers with one prefix, in the unit in which the centre counts money."""

    prefix: str
    """The beginning of numbers in E.164, such as `+3725`."""
    per_minute: float
    connection: float = 0.0
    """A fixed price for each answered call."""
    step_s: int = 1
    """The charging step in seconds, 1 or more: each begun step is charged whole."""

    def cost(self, talked_s: float) -> float:
        """What an answered call costs.

        Args:
            talked_s: from the answer to the end, in seconds.

        >>> Tariff("+3725", per_minute=0.06, connection=0.01, step_s=60).cost(61)
        0.13
        """
        steps = ceil(max(0.0, talked_s) / self.step_s)
        return round(self.connection + steps * self.step_s / 60 * self.per_minute, 6)

    def lasts_s(self, money: float) -> float:
        """How long a talk `money` pays for, in seconds: whole steps; infinite where time costs nothing.

        >>> Tariff("+3725", per_minute=0.06, connection=0.01, step_s=60).lasts_s(0.13)
        120
        """
        if self.per_minute <= 0:
            return inf
        steps = floor((money - self.connection) / (self.step_s / 60 * self.per_minute) + _ROUNDING)
        return max(0, steps * self.step_s)
