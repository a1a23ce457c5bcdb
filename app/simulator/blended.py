"""An exact bound for campaigns beside inbound calls (call blending), where all times are memoryless.

Callers come first. A caller gets a free operator at once, even if a campaign's call rings for that operator: it costs
nothing to withdraw that call. So a dial is a rate of customers as long as an operator is free for it, and the state is
(callers in talk, customers in talk, callers who wait). The best policies are those of a Markov decision process with a
price on each late caller, found by value iteration. Mixing the policies of two neighbouring prices gives the points
between (E. Altman, "Constrained Markov Decision Processes", 1999; S. Bhulai and G. Koole, "A queueing model for call
blending", 2003).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp
from typing import NamedTuple

from app.pacing.sharing import PATIENCE_S, PICK_UP_S

PRICES = (0.0, 0.6, 0.9, 1.2, 1.6, 2.0, 2.5, 3.2, 4.0, 6.0, 10.0, 20.0, 50.0, 150.0)
"""Prices of one late caller, in customers."""
_SWEEPS = 50_000
_NEAR = 1e-6
_CUSTOMERS = 0.3
"""Value iteration stops this near to the best policy, in customers an hour."""

State = tuple[int, int, int]
"""Callers in talk, customers in talk, callers who wait."""


class Outcome(NamedTuple):
    """The result of a policy."""

    reached: float
    """Customers reached an hour."""
    in_time: float
    """Callers answered within the target / all callers, 0..1."""


@dataclass(slots=True)
class Blended:
    """The blending model.

    Args:
        operators: number of operators.
        callers_per_s: arrivals of callers a second.
        line_per_s: customers that the dials for one free operator reach, a second.
        caller_s, customer_s: mean seconds that a caller, or a customer, keeps an operator busy.
        target_s: seconds within which callers should be answered.
    """

    operators: int
    callers_per_s: float
    line_per_s: float
    caller_s: float = 200.0
    customer_s: float = 120.3
    target_s: float = 20.0
    states: dict[State, int] = field(init=False, default_factory=dict)
    """The index of each state in all lists of values."""
    _late: list[float] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        waiting = 12 if self.callers_per_s * self.caller_s < 0.75 * self.operators else 30
        for callers in range(self.operators + 1):
            for customers in range(self.operators - callers + 1):
                self.states[callers, customers, 0] = len(self.states)
            for place in range(1, waiting + 1):
                self.states[callers, self.operators - callers, place] = len(self.states)
        self._late = [self._chance_late(*state) for state in self.states]

    def frontier(self, prices: Iterable[float] = PRICES) -> list[Outcome]:
        """The results of the best policies, from the most customers reached to the most callers in time."""
        values = [0.0] * len(self.states)
        found = {self.evaluate(self._improve(values, price)) for price in prices}
        found.add(self.evaluate([False] * len(self.states)))
        return sorted(found, reverse=True)

    def evaluate(self, dials: list[bool]) -> Outcome:
        """The result of a policy, from its stationary distribution.

        Args:
            dials: for each of `states`, whether the policy dials for every free operator.
        """
        moves = [self._moves(state, dial=dial) for state, dial in zip(self.states, dials, strict=True)]
        into: list[list[tuple[int, float]]] = [[] for _ in moves]
        for state, each in enumerate(moves):
            for to, speed in each:
                into[to].append((state, speed))
        leaves = [sum(speed for _, speed in each) for each in moves]
        law = [1.0 / len(moves)] * len(moves)
        for _ in range(_SWEEPS):
            off = 0.0
            for state, came in enumerate(into):
                weight = sum([law[before] * speed for before, speed in came]) / leaves[state]
                off += abs(weight - law[state])
                law[state] = weight
            total = sum(law)
            law = [weight / total for weight in law]
            if off < _NEAR * total:
                break
        reached = sum(
            weight * self._reaches(state)
            for state, weight, dial in zip(self.states, law, dials, strict=True)
            if dial
        )
        late = sum(weight * chance for weight, chance in zip(law, self._late, strict=True))
        return Outcome(3600.0 * reached, 1.0 - late)

    def _improve(self, values: list[float], price: float) -> list[bool]:
        """Value iteration at a price for each late caller; `values` are kept for the next price."""
        states = list(self.states)
        idle = [self._moves(state, dial=False) for state in states]
        more = [self.states.get((callers, customers + 1, 0), -1) for callers, customers, _ in states]
        reaches = [self._reaches(state) for state in states]
        rate = 1.02 * max(
            sum(speed for _, speed in each) + reach for each, reach in zip(idle, reaches, strict=True)
        )
        paid = [price * self.callers_per_s * chance for chance in self._late]
        for _ in range(_SWEEPS):
            widest, least = float("-inf"), float("inf")
            for state, here in enumerate(values):
                moved = -paid[state]
                for to, speed in idle[state]:
                    moved += speed * (values[to] - here)
                if more[state] >= 0 and reaches[state]:
                    moved += reaches[state] * max(0.0, 1.0 + values[more[state]] - here)
                values[state] = here + moved / rate
                widest, least = max(widest, moved), min(least, moved)
            if (widest - least) * 3600.0 < _CUSTOMERS:
                break
            base = values[0]
            values[:] = [value - base for value in values]
        return [
            to >= 0 and bool(reach) and 1.0 + values[to] > here
            for to, reach, here in zip(more, reaches, values, strict=True)
        ]

    def _reaches(self, state: State) -> float:
        callers, customers, _ = state
        return self.line_per_s * (self.operators - callers - customers)

    def _moves(self, state: State, *, dial: bool) -> list[tuple[int, float]]:
        """The states that may follow, each with its rate a second."""
        callers, customers, waiting = state
        full = callers + customers == self.operators
        came = (callers, customers, waiting + 1) if full else (callers + 1, customers, 0)
        moves: list[tuple[State, float]] = [(came, self.callers_per_s)]
        if waiting:
            moves.append(((callers, customers, waiting - 1), callers / self.caller_s + waiting / PATIENCE_S))
            moves.append(((callers + 1, customers - 1, waiting - 1), customers / self.customer_s))
        else:
            moves.append(((callers - 1, customers, 0), callers / self.caller_s))
            moves.append(((callers, customers - 1, 0), customers / self.customer_s))
        if dial:
            moves.append(((callers, customers + 1, 0), self._reaches(state)))
        return [(self.states[to], speed) for to, speed in moves if speed and to in self.states]

    def _chance_late(self, callers: int, customers: int, waiting: int) -> float:
        """P(a caller who comes now is not answered in time), because they hang up or too few talks end."""
        stays = exp(-PICK_UP_S / PATIENCE_S)
        if callers + customers < self.operators:
            return 1.0 - stays
        within_s = max(0.0, self.target_s - PICK_UP_S)
        ended = within_s * (callers / self.caller_s + customers / self.customer_s + waiting / PATIENCE_S)
        return 1.0 - stays * exp(-within_s / 3.0 / PATIENCE_S) * (1.0 - _at_most(waiting, ended))


def _at_most(number: int, mean: float) -> float:
    """P(a Poisson number with this mean is at most `number`)."""
    term = total = exp(-mean)
    for n in range(1, number + 1):
        term *= mean / n
        total += term
    return min(1.0, total)


def most_in_time(frontier: list[Outcome], reached: float) -> float | None:
    """The highest share of callers in time, 0..1, with `reached` customers an hour; None: no policy reaches as many."""
    for more, fewer in pairwise(frontier):
        if fewer.reached <= reached <= more.reached:
            part = (more.reached - reached) / max(1e-9, more.reached - fewer.reached)
            return more.in_time + part * (fewer.in_time - more.in_time)
    return None


def most_reached(frontier: list[Outcome], in_time: float) -> float:
    """The most customers reached an hour with this share of callers in time, 0..1."""
    for more, fewer in pairwise(frontier):
        if more.in_time >= in_time:
            return more.reached
        if fewer.in_time >= in_time:
            part = (in_time - more.in_time) / (fewer.in_time - more.in_time)
            return more.reached + part * (fewer.reached - more.reached)
    return 0.0
