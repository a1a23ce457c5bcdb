"""How often answering-machine detection was wrong, by operators' dispositions."""

from typing import NamedTuple

from app.estimation.shares import share_interval


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
    """A share with its confidence interval, which is Wilson's.

    Args:
        wrong: how many verdicts were wrong, 0..of.
        of: how many verdicts were checked.

    >>> share(0, 0)
    Share(of=0, wrong=0, low=0.0, high=1.0)
    >>> told = share(3, 100)
    >>> round(told.low, 3), round(told.high, 3)
    (0.01, 0.085)
    """
    return Share(of, wrong, *share_interval(wrong, of))
