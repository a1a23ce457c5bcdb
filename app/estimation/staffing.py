"""How many operators each part of a day needs, from days like it; and how those days would have gone with so many."""

from collections.abc import Callable, Sequence
from heapq import heappop, heapreplace
from math import inf, log, sqrt
from statistics import fmean, variance
from typing import Final, NamedTuple

from app.estimation.erlang import operators_needed
from app.estimation.intervals import Interval

Z80: Final = 1.2816
"""Between minus this and this lie 80 % of a normal law."""


class Queue(NamedTuple):
    """What a queue is like, and what is wanted of it."""

    service_s: float
    """Mean time for which a call keeps an operator: talk, hold and wrap-up."""
    patience_s: float
    """Mean time after which a waiting caller gives up; infinite: nobody has."""
    target_s: float
    level: float
    """The share of calls to be answered within the target, less than 1."""


class Need(NamedTuple):
    """What a part of a day needs."""

    calls: float
    """Expected."""
    calls_between: Interval
    """The bounds between which 80 % of such days lie."""
    operators: int
    operators_between: Interval
    """The operators that the bounds of the calls need."""


def need(counts: Sequence[float], part_s: float, queue: Queue) -> Need:
    """What a part of a day needs.

    Callers come at random, and days differ more than that: the spread is that of the days, and at least that of chance.

    Args:
        counts: the calls of the same part of earlier days; at least one day.
        part_s: how long the part is.
        queue: what it is like.
    """
    calls = fmean(counts)
    spread = max(calls, variance(counts) if len(counts) > 1 else 0.0) * (1.0 + 1.0 / len(counts))
    between = Interval(max(0.0, calls - Z80 * sqrt(spread)), calls + Z80 * sqrt(spread))
    operators = [
        operators_needed(
            each / part_s, queue.service_s, queue.patience_s, target_s=queue.target_s, level=queue.level
        )
        for each in (calls, *between)
    ]
    return Need(calls, between, operators[0], Interval(*operators[1:]))


class Day(NamedTuple):
    """A day that is lived again with a plan."""

    counts: Sequence[int]
    """The calls of each part of the day."""
    talks_s: Sequence[float]
    """Talks of this centre, of which each call has one; at least one."""


def answered_in_time(
    day: Day,
    plan: Sequence[int],
    part_s: float,
    queue: Queue,
    *,
    wrap_up_s: float,
    chance: Callable[[], float],
) -> float:
    """The share of a day's calls that is answered in time with so many operators in each of its parts.

    Callers come at any moment of their part, and are served first come, first served. An operator whose time is over
    ends the call first. `queue.level` makes no difference.

    Args:
        day: with at least one call.
        plan: operators in each part of the day.
        part_s: how long a part is.
        queue: what it is like.
        wrap_up_s: after each talk.
        chance: gives numbers at random, 0..1.
    """
    comes_s = sorted((at + chance()) * part_s for at, calls in enumerate(day.counts) for _ in range(calls))
    free = [(0.0, operator) for operator in range(max(plan, default=0))]
    in_time = 0
    for came_s in comes_s:
        _who_is_next(free, plan, came_s, part_s)
        patience_s = inf if queue.patience_s == inf else -log(1.0 - chance()) * queue.patience_s
        if not free or free[0][0] - came_s > patience_s:
            continue
        begins_s, operator = max(free[0][0], came_s), free[0][1]
        in_time += begins_s - came_s <= queue.target_s
        talk_s = day.talks_s[int(chance() * len(day.talks_s))]
        heapreplace(free, (begins_s + talk_s + wrap_up_s, operator))
    return in_time / len(comes_s)


def _who_is_next(free: list[tuple[float, int]], plan: Sequence[int], came_s: float, part_s: float) -> None:
    """Bring whoever is free first, and at work then, to the front of the heap; those who have gone home leave it."""
    while free:
        free_s, operator = free[0]
        from_s = max(free_s, came_s)
        begins_s = _works_from(plan, operator, from_s, part_s)
        if begins_s is None:
            heappop(free)
        elif begins_s > from_s:
            heapreplace(free, (begins_s, operator))
        else:
            return


def _works_from(plan: Sequence[int], operator: int, from_s: float, part_s: float) -> float | None:
    """When an operator is at work at the earliest from a moment on; None: not any more."""
    first = int(from_s // part_s)
    for at in range(first, len(plan)):
        if plan[at] > operator:
            return from_s if at == first else at * part_s
    return None
