"""How many operators a campaign leaves free for callers who are expected.

Operators who serve both are filled up to a mark: while more of them are taken, callers alone take further ones. What
each mark gives in the long run is arithmetic of queues, a birth-and-death process whose states are the operators taken
(beyond them, the callers who wait): customers reached an hour, and callers who wait beyond their target. The mark is
best where what it gains in customers is worth what it costs callers; how much a caller counts is a setting.
"""

from functools import lru_cache
from math import exp
from typing import Final, NamedTuple

MOST_PRICE: Final = 99.0
"""Customers reached that weigh as much as one caller who waits too long, at most."""
PATIENCE_S: Final = 180.0
"""So long callers are taken to wait before they hang up."""
PICK_UP_S: Final = 4.0
"""From the ring of an operator's phone to the answer."""
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
        weight: of a caller in time against a customer reached, 0..1: 0.5 as much, 0.8 four times as much.
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
    """How many customers reached one caller in time weighs as much as.

    >>> round(price_of(0.8), 6)
    4.0
    """
    return min(MOST_PRICE, weight / max(_LEAST, 1.0 - weight))


@lru_cache(maxsize=1024)
def cover_for_callers(share: Share) -> int:
    """How many operators are to be there for callers, now or in a moment: from none up to half of them.

    One more is worth it as long as it spares callers more than it costs customers, at the price of the setting. Half
    are the most, so that a campaign goes on whatever is expected: where one operator serves both, it dials when they
    are idle.
    """
    price, cover = price_of(share.weight), 0
    reached, late = long_run(share, 0)
    while cover < share.operators // 2:
        fewer_reached, fewer_late = long_run(share, cover + 1)
        if price * (late - fewer_late) <= reached - fewer_reached:
            break
        cover, reached, late = cover + 1, fewer_reached, fewer_late
    return cover


def left_of(idle: int, kept: int, cover: int, answer_rate: float) -> int:
    """How many of the idle operators a campaign leaves free.

    An operator who is kept for a dial counts for callers as well, as far as the dial is likely to come to nothing: that
    is known within seconds. So the more are kept, the fewer need be left.

    Args:
        idle: operators who serve both, kept for no dial.
        kept: operators kept for a dial.
        cover: how many are to be there for callers, as `cover_for_callers` says.
        answer_rate: of the dials, 0..1.
    """
    back, left = 1.0 - answer_rate, 0
    while left < idle and left + back * (kept + idle - left) < cover:
        left += 1
    return left


def long_run(share: Share, left: int) -> tuple[float, float]:
    """Customers reached a second, and callers who wait beyond their target a second, with so many left free."""
    operators, mark = share.operators, share.operators - left
    offered = share.callers_per_s * share.caller_s
    cycle_s = max(1.0, share.dial_s + share.answer_rate * share.handling_s)
    dialled_for = max(0.0, mark - offered)
    """Operators taken by the campaign while the mark is not passed."""
    ringing = share.dial_s / cycle_s
    """Of these so many are kept for a dial, and the others talk."""
    weights: list[float] = [1.0]
    for state in range(mark, operators + _MOST_WAITING):
        taken = min(state + 1, operators)
        campaign = min(taken, dialled_for)
        rate = (taken - campaign) / share.caller_s + campaign / cycle_s
        gone = rate + max(0, state + 1 - operators) / PATIENCE_S
        weights.append(weights[-1] * share.callers_per_s / max(gone, _LEAST))
    total = sum(weights)
    campaign = min(operators, dialled_for)
    within_s = max(0.0, share.target_s - PICK_UP_S)
    freed = within_s * (
        (operators - campaign) / share.caller_s + campaign * (1.0 - ringing) / share.handling_s
    )
    back = (1.0 - share.answer_rate) * min(1.0, within_s / share.dial_s)
    none_back = (1.0 - ringing * back) ** campaign
    late = taken_mean = given_up = 0.0
    for place, weight in enumerate(weights):
        state, chance = mark + place, weight / total
        taken_mean += min(state, operators) * chance
        given_up += chance * max(0, state - operators) / PATIENCE_S
        if state >= operators:
            late += chance * none_back * _at_most(state - operators, freed)
    callers = max(0.0, share.callers_per_s - given_up) * share.caller_s
    return max(0.0, taken_mean - callers) * share.answer_rate / cycle_s, share.callers_per_s * late


def _at_most(number: int, mean: float) -> float:
    """P(a Poisson number of this mean is at most so many)."""
    term = total = exp(-mean)
    for n in range(1, number + 1):
        term *= mean / n
        total += term
    return min(1.0, total)
