"""How much risk of an abandoned call a new dial may carry.

The limit is a budget: every live answer earns `limit` of an abandoned call, and every abandoned call spends one. The
rest of the budget is `spare`. While less than one call is spare, none is risked. Above that, the accepted risk grows
with the spare calls, and settles where spending equals earning.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

USUAL_RISK = 0.022
"""The risk accepted at first: P(the next dial, if answered, finds no operator)."""
LEAST_RISK, MOST_RISK = 0.002, 0.15
LEAST_RESERVE = 4.0
"""The least reserve: how many abandoned calls should be spare."""
RESERVE_GROWTH = 0.35
"""How the reserve grows with the square root of the budget that the window has earned."""
FIRMNESS = 0.2
"""How much the logarithm of the accepted risk grows for each further spare call."""
PATIENCE = 2e-4
"""How much the logarithm of the usual risk moves at each answer, for each spare call above or below the reserve."""
_FAR = 8.0  # calls; distances from the reserve beyond this count as this


@dataclass(slots=True, frozen=True)
class AbandonmentRecord:
    """Live answers in the abandonment window, and the limit.

    Args:
        answered: live answers connected to an operator in time.
        abandoned: live answers not connected in time.
        limit: the share that may be abandoned, 0..1.
    """

    answered: int
    abandoned: int
    limit: float

    @property
    def share(self) -> float:
        """The abandonment rate, abandoned / (answered + abandoned), 0..1; 0 without live answers."""
        live = self.answered + self.abandoned
        return self.abandoned / live if live else 0.0

    @property
    def spare(self) -> float:
        """Calls that may still be abandoned within the budget earned up to now; negative beyond it."""
        return self.limit * (self.answered + self.abandoned) - self.abandoned

    @property
    def reserve(self) -> float:
        """How many calls should be spare against chance, which grows with the square root of the calls allowed."""
        return LEAST_RESERVE + RESERVE_GROWTH * sqrt(self.limit * (self.answered + self.abandoned))

    @property
    def allowed(self) -> int:
        """How many calls could be abandoned next, one after the other, with the rate still within the limit."""
        if self.limit >= 1.0:
            return 1_000_000
        return max(0, int(self.spare / (1.0 - self.limit) + 1e-9))


@dataclass(slots=True)
class Risk:
    """The risk that one campaign accepts, learned from its abandonment record."""

    usual: float = log(USUAL_RISK)
    """Logarithm of the risk accepted when the spare calls equal the reserve."""

    def learn(self, record: AbandonmentRecord) -> None:
        """Learn from a live answer that was connected or abandoned; `record` includes it."""
        moved = self.usual + PATIENCE * _near(record.spare - record.reserve)
        self.usual = max(log(LEAST_RISK), min(log(MOST_RISK), moved))

    def accepted(self, record: AbandonmentRecord) -> float:
        """The highest P(the next dial, if answered, finds no operator) accepted now; 0: no call may be abandoned."""
        if record.allowed < 1:
            return 0.0
        wanted = exp(self.usual + FIRMNESS * _near(record.spare - record.reserve))
        return max(LEAST_RISK, min(MOST_RISK, wanted))


def _near(off: float) -> float:
    return max(-_FAR, min(_FAR, off))
