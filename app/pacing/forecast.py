"""How many operators are claimed when the next dials are answered.

A dial placed now is answered, if at all, at one of several moments, the quantiles of this campaign's time to answer.
The number of operators claimed by each moment is a sum of independent chances. A busy operator may still be busy when
the answer's time to be connected is over, given how long the talk or wrap-up has lasted. A dial in flight may have been
answered, given how long it has rung.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp

from app.pacing.poisson_binomial import Claims
from app.pacing.ring_times import LONGEST_S, Ringing, between
from app.pacing.statistics import CampaignStatistics

MOST_ALLOWED = 12
"""The most calls that the forecast lets be abandoned within its window of one ring time, even if more are allowed."""

CALLERS_STEP = 0.3
"""The most expected callers that one yes-or-no term of the sum stands for."""


@dataclass(slots=True, frozen=True)
class DialInFlight:
    """A dial that nobody has answered yet."""

    age_s: float
    """How long ago it was dialled."""
    attempt: int = 1
    """The number of this attempt at its lead, from 1."""


class ClaimForecast:
    """The claims on operators at each moment ahead, and the risk of one more dial.

    Args:
        statistics: the campaign's statistics.
        idle: operators who could take an answer now, less the calls that wait for one; may be negative.
        talking_s: how long each talking operator has talked, in seconds.
        wrapping_up_s: how long each wrapping-up operator has been at it, in seconds.
        dials: the campaign's dials in flight.
        callers_per_s: calls of customers expected a second for these operators.
        rivals: dials in flight of other campaigns towards these operators, with each campaign's statistics.
        attempt: the number of each further dial among the attempts at its lead, from 1.
        connect_s: how long an answer may wait for its operator, in seconds.
        allowed: how many calls may be abandoned.
    """

    def __init__(
        self,
        statistics: CampaignStatistics,
        *,
        idle: int,
        talking_s: Sequence[float],
        wrapping_up_s: Sequence[float],
        dials: Sequence[DialInFlight],
        callers_per_s: float,
        rivals: Sequence[tuple[CampaignStatistics, Sequence[DialInFlight]]],
        attempt: int,
        connect_s: float,
        allowed: int,
    ) -> None:
        ringing = statistics.ring_times.known()
        rates = statistics.answer_rate.rates()
        within_s = tuple(answer_s + connect_s for answer_s in ringing.answers_s)
        handling = statistics.handling.known(within_s)
        busy = [handling.of_talk(age_s) for age_s in talking_s]
        busy += [handling.of_wrap_up(age_s) for age_s in wrapping_up_s]
        soon = _answers(dials, rates, ringing)
        for rival, theirs in rivals:
            soon += _answers_within(theirs, rival, ringing.answers_s)
        if callers_per_s > 0.0:
            soon += _callers(callers_per_s, ringing.answers_s)
        operators = idle + len(busy)
        still, answers = _by_moment(busy, len(within_s)), _by_moment(soon, len(within_s))
        self.rate = rates[min(attempt, len(rates)) - 1]
        """P(one more dial is answered)."""
        self.window_s = within_s[-1]
        self.answer_s = ringing.mean_answer_s
        self.freed = len(busy) - sum(still[-1])
        """Busy operators expected to be free by the end of the window."""
        self.answers = sum(answers[-1])
        """Answers expected by then from the dials that were in flight."""
        self._moments = [
            Claims(one + other, operators, min(allowed, MOST_ALLOWED))
            for one, other in zip(still, answers, strict=True)
        ]
        self._chances = tuple(self.rate * (n + 0.5) / len(within_s) for n in range(len(within_s)))

    def risk(self) -> float:
        """P(the next dial finds no operator in time, if it is answered), 0..1."""
        return sum([moment.all_taken() for moment in self._moments]) / len(self._moments)

    def add(self) -> None:
        """Add one dial to the forecast."""
        for moment, chance in zip(self._moments, self._chances, strict=True):
            moment.add(chance)

    def overspends(self) -> float:
        """P(more calls are abandoned than allowed), 0..1, with all dials added so far."""
        return max([moment.overspent() for moment in self._moments])


def _callers(per_s: float, answers_s: Sequence[float]) -> list[tuple[float, ...]]:
    """Callers who may have come in by each moment: a Poisson number, split into terms of small chances."""
    parts = ceil(per_s * answers_s[-1] / CALLERS_STEP)
    return [tuple([1.0 - exp(-per_s * within / parts) for within in answers_s])] * parts


def _answers(
    dials: Sequence[DialInFlight], rates: Sequence[float], ringing: Ringing
) -> list[tuple[float, ...]]:
    """For each dial, P(answered by each moment), given how long it has rung."""
    known: dict[tuple[int, int], tuple[float, ...]] = {}
    chances = []
    for dial in dials:
        kind = min(LONGEST_S, int(dial.age_s)), min(dial.attempt, len(rates)) - 1
        if kind not in known:
            age, attempt = kind
            rate = rates[attempt]
            there = rate * ringing.unheard[age] + (1.0 - rate) * ringing.unanswered[age]
            share = rate / there if there > 0.0 else 0.0
            known[kind] = tuple([share * soon for soon in ringing.soon[age]])
        chances.append(known[kind])
    return chances


def _answers_within(
    dials: Sequence[DialInFlight], statistics: CampaignStatistics, within_s: Sequence[float]
) -> list[tuple[float, ...]]:
    """For each dial of another campaign, P(answered by each moment), by that campaign's own statistics."""
    rates, ringing = statistics.answer_rate.rates(), statistics.ring_times.known()
    chances = []
    for dial in dials:
        age, rate = min(LONGEST_S, int(dial.age_s)), rates[min(dial.attempt, len(rates)) - 1]
        heard = ringing.unheard[age]
        there = rate * heard + (1.0 - rate) * ringing.unanswered[age]
        share = rate / there if there > 0.0 else 0.0
        chances.append(tuple([share * max(0.0, heard - between(ringing.unheard, age + s)) for s in within_s]))
    return chances


def _by_moment(chances: list[tuple[float, ...]], moments: int) -> list[tuple[float, ...]]:
    return list(zip(*chances, strict=True)) if chances else [()] * moments
