"""The figures of each report, and the formulas of those that are quotients of others. Pure.

A report has plain figures, which add up over groups (calls, seconds), and quotients of plain figures. Each quotient
stands here once, with its name: no query and no page divides anything by itself.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

Figures = Mapping[str, float]
"""Plain figures by name; seconds, or counts."""


class Subject(StrEnum):
    """What a report is about."""

    CALLS = "calls"
    """Customers' calls to queues."""
    OPERATORS = "operators"
    """Operators' time, and the calls that they were offered."""
    ATTEMPTS = "attempts"
    """Campaigns' attempts to reach leads."""
    ORDERS = "orders"
    COMPLAINTS = "complaints"


class Quotient(NamedTuple):
    """One figure divided by another."""

    name: str
    upper: tuple[str, ...]
    """Plain figures whose sum is divided."""
    lower: tuple[str, ...]
    """Plain figures whose sum divides."""
    less: tuple[str, ...] = ()
    """Plain figures that are taken from the divisor."""

    def of(self, figures: Figures) -> float | None:
        """The quotient; None where the divisor is 0.

        Args:
            figures: the plain figures of one group.

        >>> level = Quotient("level", ("in_target",), ("offered",), less=("short",))
        >>> level.of({"in_target": 8, "offered": 12, "short": 2}), level.of({"in_target": 0, "offered": 0, "short": 0})
        (0.8, None)
        """
        divisor = sum(figures[one] for one in self.lower) - sum(figures[one] for one in self.less)
        return sum(figures[one] for one in self.upper) / divisor if divisor else None


OUTCOMES: Final = ("answered", "abandoned", "let_go", "turned_away", "line_lost", "failed")
"""How calls to queues ended: each offered call is in exactly one."""
WAITS_S: Final = (10, 20, 30, 60, 120)
"""Bounds of the waits that are counted apart, in seconds."""
WAIT_BANDS: Final = (*(f"waited_to_{bound}" for bound in WAITS_S), f"waited_over_{WAITS_S[-1]}")
"""Offered calls by how long they waited: each is in exactly one, in the first whose bound it does not exceed."""
TIMES: Final = ("idle_s", "ringing_s", "talking_s", "on_hold_s", "wrap_up_s", "previewing_s", "break_s")
"""What operators did while at work, in seconds: each moment is in exactly one. Whoever goes offline in a talk is at
work until its wrap-up is over."""
OFFERS: Final = ("accepted", "declined", "missed", "withdrawn", "phone_failed")
"""How offers to operators ended: each is in exactly one."""
DIALS: Final = (
    *("dials_answered", "dials_abandoned", "hung_up", "machines", "busy", "no_answer", "wrong_numbers"),
    *("not_placed", "taken_back", "unknown", "open"),
)
"""How attempts came out: each placed attempt is in exactly one."""

QUOTIENTS: Final[Mapping[Subject, tuple[Quotient, ...]]] = {
    Subject.CALLS: (
        # Of all who called: whoever hung up early was not served in time either.
        Quotient("service_level", ("answered_in_target",), ("offered",)),
        # Callers who hung up within the target are left out: nobody had promised to be quicker.
        Quotient(
            "service_level_without_short",
            ("answered_in_target",),
            ("offered",),
            less=("abandoned_in_target",),
        ),
        Quotient("abandonment", ("abandoned",), ("offered",)),
        Quotient("mean_wait_s", ("wait_s",), ("offered",)),
        Quotient("mean_answer_s", ("answered_wait_s",), ("answered",)),
        Quotient("mean_patience_s", ("abandoned_wait_s",), ("abandoned",)),
        Quotient("mean_talk_s", ("talk_s",), ("answered",)),
        Quotient("mean_hold_s", ("hold_s",), ("answered",)),
    ),
    Subject.OPERATORS: (
        # Erlang's handling time: talk, hold and wrap-up of one call.
        Quotient("mean_handling_s", ("talking_s", "on_hold_s", "wrap_up_s"), ("accepted",)),
        Quotient("mean_wrap_up_s", ("wrap_up_s",), ("accepted",)),
        # Of the time at work without breaks, that spent on customers.
        Quotient("occupancy", ("talking_s", "on_hold_s", "wrap_up_s"), ("logged_in_s",), less=("break_s",)),
        Quotient("break_share", ("break_s",), ("logged_in_s",)),
        Quotient("acceptance", ("accepted",), ("offers",), less=("withdrawn",)),
    ),
    Subject.ATTEMPTS: (
        Quotient("reached_share", ("reached",), ("placed",)),
        # Of the people who answered and did not hang up at once, those for whom no operator was there.
        Quotient("dials_abandonment", ("dials_abandoned",), ("dials_answered", "dials_abandoned")),
        Quotient("sale_share", ("sales",), ("talked",)),
    ),
    Subject.ORDERS: (Quotient("cancelled_share", ("cancelled",), ("placed",)),),
    Subject.COMPLAINTS: (Quotient("solved_share", ("solved",), ("opened",)),),
}
"""The quotients of each report."""
LONGEST: Final = frozenset({"longest_wait_s"})
"""Plain figures of which the greatest counts, not the sum."""


def add_up(parts: Iterable[Figures], names: Iterable[str]) -> dict[str, float]:
    """The plain figures of several groups together.

    Args:
        parts: the groups; a figure that a group lacks is 0 there.
        names: all plain figures.

    >>> add_up([{"offered": 2, "longest_wait_s": 7}, {"offered": 1}], ["offered", "longest_wait_s"])
    {'offered': 3, 'longest_wait_s': 7}
    """
    total: dict[str, float] = dict.fromkeys(names, 0)
    for part in parts:
        for name, value in part.items():
            total[name] = max(total[name], value) if name in LONGEST else total[name] + value
    return total


def quotients(subject: Subject, figures: Figures) -> dict[str, float | None]:
    """The quotients of a report for one group."""
    return {one.name: one.of(figures) for one in QUOTIENTS[subject]}
