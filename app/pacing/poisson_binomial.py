"""The probability that more operators are claimed than there are.

The number claimed at a moment is a sum of independent yes-or-no events, a Poisson binomial variable: each busy operator
may still be busy, each dial in flight may have been answered. For few events its distribution is computed exactly; for
many, by the normal distribution with a correction for skewness (Edgeworth's first term).
"""

from collections.abc import Sequence
from math import erfc, exp, pi, sqrt
from operator import mul

EXACT = 250
"""The most multiplications with which the distribution is computed exactly."""
_ROOT_2 = sqrt(2.0)
_ROOT_2_PI = sqrt(2.0 * pi)


class Claims:
    """The number of operators claimed at one moment, compared with the number there is.

    Args:
        chances: the probability of each claim, 0..1.
        operators: how many operators there are; below 1 any claim is one too many.
        allowed: how many claims beyond the operators may be abandoned, at least 0.
    """

    __slots__ = ("_allowed", "_law", "_mean", "_operators", "_size", "_third", "_variance")

    def __init__(self, chances: Sequence[float], operators: int, allowed: int) -> None:
        self._operators = max(0, operators)
        self._allowed = allowed
        self._law: list[float] | None = None
        self._mean = self._variance = self._third = 0.0
        self._size = self._operators + allowed + 1
        if len(chances) * self._size <= EXACT:
            self._law = [1.0]
            for chance in chances:
                self._convolve(self._law, chance)
            return
        squares = list(map(mul, chances, chances))
        mean, square, cube = sum(chances), sum(squares), sum(map(mul, squares, chances))
        self._mean, self._variance, self._third = mean, mean - square, mean - 3.0 * square + 2.0 * cube

    def add(self, chance: float) -> None:
        """Add one claim of this probability, 0..1."""
        if self._law is not None:
            self._convolve(self._law, chance)
            return
        spread = chance * (1.0 - chance)
        self._mean += chance
        self._variance += spread
        self._third += spread * (1.0 - 2.0 * chance)

    def all_taken(self) -> float:
        """P(every operator is claimed), 0..1: one more claim would find none."""
        return self._at_least(self._operators)

    def overspent(self) -> float:
        """P(more claims are without an operator than allowed), 0..1."""
        return self._at_least(self._operators + self._allowed + 1)

    def _at_least(self, claims: int) -> float:
        if claims <= 0:
            return 1.0
        if self._law is not None:
            return max(0.0, 1.0 - sum(self._law[:claims]))
        if self._variance <= 1e-12:
            return 1.0 if self._mean >= claims - 0.5 else 0.0
        deviation = sqrt(self._variance)
        x = (claims - 0.5 - self._mean) / deviation
        skewness = self._third / (self._variance * deviation)
        tail = 0.5 * erfc(x / _ROOT_2) + skewness / 6.0 * (x * x - 1.0) * exp(-x * x / 2.0) / _ROOT_2_PI
        return max(0.0, min(1.0, tail))

    def _convolve(self, law: list[float], chance: float) -> None:
        """Add one term to the distribution of the sum, in place; sums that nothing asks for are dropped."""
        if len(law) < self._size:
            law.append(0.0)
        not_, before = 1.0 - chance, 0.0
        for n, here in enumerate(law):
            law[n] = here * not_ + before * chance
            before = here
