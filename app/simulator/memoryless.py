"""The best possible pacing where all times are memoryless: an exact reference.

Operators are busy, and dials ring, for exponential times; an answer that finds every operator busy is dropped. The
state is (busy operators, dials in flight); dials may be added at any moment. The best policy that drops no more than
the limit is that of a Markov decision process with a price on each drop (E. Altman, "Constrained Markov Decision
Processes", 1999), found by value iteration. The price that just meets the limit is found by bisection.
"""

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Best:
    """A policy and its result."""

    utilisation: float
    """Busy operators / operators, 0..1."""
    dropped: float
    """Dropped answers / answers, 0..1."""
    dials: tuple[int, ...]
    """How many dials to keep in flight, by the number of busy operators."""


@dataclass(slots=True)
class Memoryless:
    """The memoryless model of a campaign.

    Args:
        operators: number of operators.
        answer_rate: share of dials answered, 0..1.
        ring_s, service_s: mean seconds that a dial rings, and that an answer keeps an operator busy.
    """

    operators: int
    answer_rate: float = 0.25
    ring_s: float = 12.0
    service_s: float = 120.0

    def best(self, limit: float, *, rounds: int = 12) -> Best:
        """The best policy that drops no more than `limit` (0..1) of the answers.

        Args:
            limit: the highest share of answers that may be dropped, 0..1.
            rounds: how often the interval of prices is halved.

        Raises:
            ValueError: no price keeps the limit.
        """
        most = 8 * self.operators
        values = [[0.0] * (most + 1) for _ in range(self.operators + 1)]
        low, high, found = 1.0, 60.0, None
        for _ in range(rounds):
            price = (low * high) ** 0.5
            policy = self._improve(values, price)
            came = self.evaluate(policy)
            if came.dropped > limit:
                low = price
            else:
                high = price
                if found is None or came.utilisation > found.utilisation:
                    found = came
        if found is None:
            raise ValueError("no price keeps the limit")
        return found

    def evaluate(self, dials: tuple[int, ...]) -> Best:
        """The result of a policy, from its stationary distribution (power method)."""
        operators, most = self.operators, max(dials) + 1
        rate = 1.05 * (operators / self.service_s + most / self.ring_s)
        law = {(0, dials[0]): 1.0}
        before = -1.0
        for turn in range(200_000):
            after: dict[tuple[int, int], float] = {}
            for (busy, flying), weight in law.items():
                stay = weight
                for to, chance in self._moves(busy, flying, rate):
                    state = to[0], max(to[1], dials[to[0]])
                    after[state] = after.get(state, 0.0) + weight * chance
                    stay -= weight * chance
                after[busy, flying] = after.get((busy, flying), 0.0) + stay
            law = after
            if turn % 200 == 0:
                busy_mean = sum(busy * weight for (busy, _), weight in law.items())
                if abs(busy_mean - before) < 1e-6:
                    break
                before = busy_mean
        answers = sum(flying * weight for (_, flying), weight in law.items())
        dropped = sum(flying * weight for (busy, flying), weight in law.items() if busy == operators)
        return Best(busy_mean / operators, dropped / answers, dials)

    def _moves(self, busy: int, flying: int, rate: float) -> list[tuple[tuple[int, int], float]]:
        ended = flying / self.ring_s / rate
        answered = ended * self.answer_rate
        return [
            ((busy, max(0, flying - 1)), ended - answered),
            ((min(busy + 1, self.operators), max(0, flying - 1)), answered),
            ((max(0, busy - 1), flying), busy / self.service_s / rate),
        ]

    def _improve(self, values: list[list[float]], price: float) -> tuple[int, ...]:
        """Value iteration at a price for each drop; `values` are kept for the next price."""
        operators, most = self.operators, len(values[0]) - 1
        rate = operators / self.service_s + most / self.ring_s
        dropping = price * self.service_s * self.answer_rate / self.ring_s
        up, down = self.answer_rate / self.ring_s / rate, 1.0 / self.service_s / rate
        over = (1.0 - self.answer_rate) / self.ring_s / rate
        for _ in range(6_000):
            best = []
            for row in values:  # the best of having this many dials or more
                reached, top = [0.0] * (most + 1), float("-inf")
                for flying in range(most, -1, -1):
                    top = max(top, row[flying])
                    reached[flying] = top
                best.append(reached)
            widest, least = float("-inf"), float("inf")
            for busy, row in enumerate(values):
                full = busy == operators
                here, above, below = best[busy], best[min(busy + 1, operators)], best[max(0, busy - 1)]
                for flying in range(most + 1):
                    less = max(0, flying - 1)
                    stay = 1.0 - flying * (up + over) - busy * down
                    value = (
                        (busy - (dropping * flying if full else 0.0)) / rate
                        + flying * (over * here[less] + up * above[less])
                        + busy * down * below[flying]
                        + stay * here[flying]
                    )
                    moved = value - row[flying]
                    widest, least = max(widest, moved), min(least, moved)
                    row[flying] = value
            base = values[0][0]
            for row in values:
                for flying in range(most + 1):
                    row[flying] -= base
            if (widest - least) * rate < 1e-3 * operators:
                break
        return tuple(max(range(most + 1), key=row.__getitem__) for row in values)
