"""How much risk of an abandoned call a new dial may carry.

The limit is a budget: every live answer earns `limit` of an abandoned call. What is earned and not yet spent is
`spare`. While less than one call is spare, none is risked. Above that the accepted risk grows with what is spare and
settles where as much is spent as is earned.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

USUAL_RISK = 0.022
"""P(the next dial, if answered, finds no operator) accepted at first."""
LEAST_RISK, MOST_RISK = 0.002, 0.15
LEAST_RESERVE = 4.0
"""Abandoned calls meant to be spare, at least."""
RESERVE_GROWTH = 0.35
"""How the reserve grows with the root of what the window has earned."""
FIRMNESS = 0.2
"""How much the accepted risk grows (e-fold) for each call more that is spare."""
PATIENCE = 2e-4
"""How fast the usual risk follows (e-fold an answer, for each call more or less spare than the reserve)."""
_FAR = 8.0  # calls; further off the reserve, nothing more follows from it


@dataclass(slots=True, frozen=True)
class AbandonmentRecord:
    """Live answers in the window of the rule, and the rule's limit.

    Args:
        answered: connected to an operator in time.
        abandoned: not connected in time.
        limit: share of abandoned calls allowed, 0..1.
    """

    answered: int
    abandoned: int
    limit: float

    @property
    def share(self) -> float:
        """Abandoned / (answered + abandoned), 0..1; 0 while there are none."""
        live = self.answered + self.abandoned
        return self.abandoned / live if live else 0.0

    @property
    def spare(self) -> float:
        """Calls that may still be abandoned within the limit, as earned up to now; negative beyond it."""
        return self.limit * (self.answered + self.abandoned) - self.abandoned

    @property
    def reserve(self) -> float:
        """Calls meant to be spare: against the swings of chance, which grow with the root of what may be abandoned."""
        return LEAST_RESERVE + RESERVE_GROWTH * sqrt(self.limit * (self.answered + self.abandoned))

    @property
    def allowed(self) -> int:
        """Whole calls that could be abandoned next, one after the other, and leave the share within the limit."""
        if self.limit >= 1.0:
            return 1_000_000
        return max(0, int(self.spare / (1.0 - self.limit) + 1e-9))


@dataclass(slots=True)
class Risk:
    """The risk one campaign has found right."""

    usual: float = log(USUAL_RISK)
    """Logarithm of the risk at which the reserve is kept."""

    def learn(self, record: AbandonmentRecord) -> None:
        """An answered dial came to an operator, or was abandoned; this is the record now."""
        moved = self.usual + PATIENCE * _near(record.spare - record.reserve)
        self.usual = max(log(LEAST_RISK), min(log(MOST_RISK), moved))

    def accepted(self, record: AbandonmentRecord) -> float:
        """P(the next dial, if answered, finds no operator) that may be accepted now; 0 when none may be."""
        if record.allowed < 1:
            return 0.0
        wanted = exp(self.usual + FIRMNESS * _near(record.spare - record.reserve))
        return max(LEAST_RISK, min(MOST_RISK, wanted))


def _near(off: float) -> float:
    return max(-_FAR, min(_FAR, off))
