"""How many operators a campaign leaves free for expected callers.

The campaign dials only while more of the operators who serve both are free than are to be left; the rest are for
callers. For each number left, a birth-and-death process gives the long run: customers reached, and callers who wait
beyond their target, both per second. Its states are the operators in talk or wrap-up and, beyond them, the callers who
wait. The best number is where one more operator left costs as much in customers as it is worth in callers. The worth of
a caller grows with the share of callers that is late because of the campaign, so the number changes smoothly. Between
whole numbers, one more operator is left for a part of the time.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from math import exp
from operator import mul, truediv
from typing import Final, NamedTuple

MOST_PRICE: Final = 99.0
"""The most customers reached that one late caller weighs."""
PRICED_AT: Final = 0.15
"""The share of callers late because of the campaign, 0..1, at which a caller weighs exactly what the setting says."""
PATIENCE_S: Final = 180.0
"""How long callers are assumed to wait, on average, before they hang up."""
PICK_UP_S: Final = 4.0
"""The assumed time from the ring of an operator's phone to the answer."""
TURN_S: Final = 120.0
"""Length of the cycle in which one more operator is left for a part of the time."""
_ANSWERED_FIRST: Final = 0.6
"""The share of answered dials that are answered before a waiting caller may get their operator."""
_MOST_WAITING: Final = 40
_LEAST: Final = 1e-12


class Share(NamedTuple):
    """The figures of a centre that decide how it shares operators.

    Args:
        operators: how many serve both callers and the campaign, logged in and not on a break.
        callers_per_s: callers expected a second for these operators.
        caller_s: mean handling time of a caller, in seconds.
        target_s: the service-level target for callers, in seconds.
        answer_rate: the share of dials that a person answers, 0..1.
        dial_s: mean time from the dial to its answer or end, in seconds; an operator is kept for this long.
        handling_s: mean handling time of a customer who was called, in seconds.
        weight: how much a caller answered in time counts against a customer reached, 0..1.
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
    """How many customers reached equal one caller answered in time, while `PRICED_AT` of all callers are late.

    >>> round(price_of(0.8), 6)
    4.0
    """
    return min(MOST_PRICE, weight / max(_LEAST, 1.0 - weight))


@lru_cache(maxsize=1024)
def cover_for_callers(share: Share) -> float:
    """How many operators should be available for callers, 0 to half of them; a fraction means a part of the time.

    At most half, so that the campaign goes on however many callers are expected: if one operator serves both, the
    campaign dials when that operator is idle.
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
        """Late callers per second at which one more operator left costs as much as it is worth."""
        if late <= right:
            break
        if fewer_late < right:
            return cover + (late - right) / spared
        cover, reached, late = cover + 1, fewer_reached, fewer_late
    return float(cover)


def cover_at(cover: float, now_s: float) -> int:
    """The cover in whole operators at a moment: one more during the fraction's share of each turn of `TURN_S`.

    >>> [cover_at(1.25, now_s) for now_s in (0.0, 29.0, 30.0, 119.0, 120.0)]
    [2, 2, 1, 1, 2]
    """
    whole = int(cover)
    return whole + (now_s % TURN_S < (cover - whole) * TURN_S)


def left_of(idle: int, kept: int, cover: int, answer_rate: float) -> int:
    """How many of the idle operators a campaign leaves free.

    An operator kept for a dial counts for callers, too, with the probability that the dial is not answered, as that is
    known within seconds. So the more are kept, the fewer need be left.

    Args:
        idle: idle operators who serve both, kept for no dial.
        kept: operators kept for a dial.
        cover: how many should be available for callers, from `cover_at`.
        answer_rate: the share of dials that a person answers, 0..1.
    """
    back, left = 1.0 - answer_rate, 0
    while left < idle and left + back * (kept + idle - left) < cover:
        left += 1
    return left


def long_run(share: Share, left: int) -> tuple[float, float]:
    """Customers reached per second, and callers late per second, in the long run with `left` operators left free."""
    operators, per_s = share.operators, share.callers_per_s
    caller_s = share.caller_s + PICK_UP_S
    within_s = max(0.0, share.target_s - PICK_UP_S)
    line = share.answer_rate / share.dial_s
    reaches = [line * free if free > left else 0.0 for free in range(operators, 0, -1)]
    """Customers reached per second, by the number of busy operators: each free operator has one line."""
    come = [per_s + more for more in reaches] + [per_s] * _MOST_WAITING
    busy_s = share.handling_s
    weights, total, reached = [1.0], 1.0, 0.0
    for _ in range(4):  # the mean handling time depends on the mix of callers and customers
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
    """The probability of each state of a birth-and-death process, relative to the most probable state, 0..1.

    They are computed from the most probable state towards both sides: from the first state on they could overflow.
    """
    top = next((state for state, (up, down) in enumerate(zip(come, go, strict=True)) if up < down), len(come))
    below = accumulate(map(truediv, reversed(go[:top]), reversed(come[:top])), mul)
    above = accumulate(map(truediv, come[top:], go[top:]), mul, initial=1.0)
    return [*reversed(list(below)), *above]


def _at_most(mean: float) -> Iterable[float]:
    """P(a Poisson number of this mean is at most 0, 1, 2 ... `_MOST_WAITING`)."""
    steps = [mean / number for number in range(1, _MOST_WAITING + 1)]
    return accumulate(accumulate(steps, mul, initial=exp(-mean)))
