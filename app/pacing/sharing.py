"""How many operators a campaign leaves free for callers who are expected.

Operators who serve both are filled up to a mark: where no more are free than are to be left, callers alone take further
ones. What each mark gives in the long run is arithmetic of queues, a birth-and-death process whose states are the
operators in talk or wrap-up (beyond them, the callers who wait): customers reached, and callers who wait beyond their
target. The mark is best where one more operator left costs as much in customers as it is worth in callers. What a
caller is worth grows with how many are late for the campaign's sake, so that the mark moves smoothly, also between
whole operators: then one more is left for a part of the time.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from math import exp
from operator import mul, truediv
from typing import Final, NamedTuple

MOST_PRICE: Final = 99.0
"""Customers reached that weigh as much as one caller who waits too long, at most."""
PRICED_AT: Final = 0.15
"""Share of callers, 0..1, late because of the campaign, at which a caller weighs what the setting says."""
PATIENCE_S: Final = 180.0
"""So long callers are taken to wait before they hang up."""
PICK_UP_S: Final = 4.0
"""From the ring of an operator's phone to the answer."""
TURN_S: Final = 120.0
"""Where one more operator is left for a part of the time, it is so much of each turn of this length."""
_ANSWERED_FIRST: Final = 0.6
"""Of the dials that are answered, those that are before a caller may have their operator."""
_MOST_WAITING: Final = 40
_LEAST: Final = 1e-12


class Share(NamedTuple):
    """What a centre is like, for the purpose of sharing operators.

    Args:
        operators: who serve callers and the campaign, logged in and not on a break.
        callers_per_s: expected of these operators.
        caller_s: what a caller takes of an operator's time, in seconds.
        target_s: within which callers are to be answered.
        answer_rate: share of dials that a person answers, 0..1.
        dial_s: mean time from dial to its end, in seconds; an operator is kept so long.
        handling_s: what a customer takes of an operator's time, in seconds.
        weight: of a caller in time against a customer reached, 0..1.
    """

    operators: int
    callers_per_s: float
    caller_s: float
    target_s: float
    answer_rate: float
    dial_s: float
    handling_s: float
    weight: float


def price_of(weight: float) -> float:
    """How many customers reached one caller in time weighs as much as, where `PRICED_AT` of all are late.

    >>> round(price_of(0.8), 6)
    4.0
    """
    return min(MOST_PRICE, weight / max(_LEAST, 1.0 - weight))


@lru_cache(maxsize=1024)
def cover_for_callers(share: Share) -> float:
    """How many operators are to be there for callers: from none up to half of them; part of one for part of the time.

    Half are the most, so that a campaign goes on whatever is expected: where one operator serves both, it dials when
    they are idle.
    """
    price, cover = price_of(share.weight), 0
    _, alone = long_run(share, share.operators)
    reached, late = long_run(share, 0)
    while cover < share.operators // 2:
        fewer_reached, fewer_late = long_run(share, cover + 1)
        spared = late - fewer_late
        if spared <= _LEAST:
            break
        worth = PRICED_AT * (reached - fewer_reached) / spared * share.callers_per_s
        right = worth / max(price, _LEAST) + alone
        """Callers late a second at which one operator more costs as much as it is worth."""
        if late <= right:
            break
        if fewer_late < right:
            return cover + (late - right) / spared
        cover, reached, late = cover + 1, fewer_reached, fewer_late
    return float(cover)


def cover_at(cover: float, now_s: float) -> int:
    """The same in whole operators at a moment: of each turn one more for as long as the part says.

    >>> [cover_at(1.25, now_s) for now_s in (0.0, 29.0, 30.0, 119.0, 120.0)]
    [2, 2, 1, 1, 2]
    """
    whole = int(cover)
    return whole + (now_s % TURN_S < (cover - whole) * TURN_S)


def left_of(idle: int, kept: int, cover: int, answer_rate: float) -> int:
    """How many of the idle operators a campaign leaves free.

    An operator who is kept for a dial counts for callers as well, as far as the dial is likely to come to nothing: that
    is known within seconds. So the more are kept, the fewer need be left.

    Args:
        idle: operators who serve both, kept for no dial.
        kept: operators kept for a dial.
        cover: how many are to be there for callers, as `cover_at` says.
        answer_rate: of the dials, 0..1.
    """
    back, left = 1.0 - answer_rate, 0
    while left < idle and left + back * (kept + idle - left) < cover:
        left += 1
    return left


def long_run(share: Share, left: int) -> tuple[float, float]:
    """Customers reached a second, and callers who wait beyond their target a second, with so many left free."""
    operators, per_s = share.operators, share.callers_per_s
    caller_s = share.caller_s + PICK_UP_S
    within_s = max(0.0, share.target_s - PICK_UP_S)
    line = share.answer_rate / share.dial_s
    reaches = [line * free if free > left else 0.0 for free in range(operators, 0, -1)]
    """Customers a second, by operators busy: there is a line for each who is free."""
    come = [per_s + more for more in reaches] + [per_s] * _MOST_WAITING
    busy_s = share.handling_s
    weights, total, reached = [1.0], 1.0, 0.0
    for _ in range(4):  # what a talk takes follows from how many of each kind there are
        go = [busy / busy_s for busy in range(1, operators + 1)]
        go += [go[-1] + waiting / PATIENCE_S for waiting in range(1, _MOST_WAITING + 1)]
        weights = _weights(come, go)
        total = sum(weights)
        reached = sum(map(mul, weights, reaches)) / total
        given_up = sum(map(mul, weights[operators:], range(_MOST_WAITING + 1))) / PATIENCE_S
        served = max(_LEAST, per_s - given_up / total)
        busy_s = (reached * share.handling_s + served * caller_s) / (reached + served)
    late = sum(map(mul, weights[operators:], _at_most(within_s * operators / busy_s)))
    answered_first = _ANSWERED_FIRST * share.answer_rate
    late += sum(weights[operators - free] * answered_first**free for free in range(left + 1, operators + 1))
    return reached, per_s * late / total


def _weights(come: Sequence[float], go: Sequence[float]) -> list[float]:
    """How likely each state is beside the likeliest, 0..1, of a birth-and-death process with these rates.

    They are reckoned from the likeliest state to both sides: from the first one they pass every number a computer has.
    """
    top = next((state for state, (up, down) in enumerate(zip(come, go, strict=True)) if up < down), len(come))
    below = accumulate(map(truediv, reversed(go[:top]), reversed(come[:top])), mul)
    above = accumulate(map(truediv, come[top:], go[top:]), mul, initial=1.0)
    return [*reversed(list(below)), *above]


def _at_most(mean: float) -> Iterable[float]:
    """P(a Poisson number of this mean is at most 0, 1, 2 and so on), as far as callers may wait."""
    steps = [mean / number for number in range(1, _MOST_WAITING + 1)]
    return accumulate(accumulate(steps, mul, initial=exp(-mean)))
