"""What the next dials meet: how many operators are claimed when they are answered.

A dial placed now is answered, if at all, at one of several moments, the quantiles of this campaign's time to answer.
By each moment the operators claimed are a sum of chances: each busy one may still be busy when the answer's time to be
connected is over, given how long the talk or the wrap-up has lasted; each dial in flight may have been answered, given
how long it has rung.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp

from app.pacing.poisson_binomial import Claims
from app.pacing.ring_times import LONGEST_S, Ringing, between
from app.pacing.statistics import CampaignStatistics

MOST_ALLOWED = 12
"""Where more calls than this may be abandoned, a window of the ring time is taken to abandon as many at most."""

CALLERS_STEP = 0.3
"""Expected callers that are taken for one who may come or not, at most."""


@dataclass(slots=True, frozen=True)
class DialInFlight:
    """A dial nobody has answered yet."""

    age_s: float
    attempt: int = 1
    """Which attempt at this lead, from 1."""


class ClaimForecast:
    """The moments ahead, and what each dial more makes of them.

    Args:
        statistics: what the campaign has taught.
        idle: operators who could take an answer now, less the answers that wait for one; may be negative.
        talking_s: how long each busy operator has talked, in seconds.
        wrapping_up_s: how long each has been wrapping up, in seconds.
        dials: in flight.
        callers_per_s: calls that come in for these operators, a second.
        rivals: dials in flight of other campaigns towards these operators, with what each of those has taught.
        attempt: which attempt at its lead each dial more is, from 1.
        connect_s: how long an answer may wait for its operator, in seconds.
        allowed: calls that may be abandoned.
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
        """P(a dial more is answered)."""
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
        """P(the next dial finds no operator in time), 0..1, if it is answered."""
        return sum([moment.all_taken() for moment in self._moments]) / len(self._moments)

    def add(self) -> None:
        """One dial more."""
        for moment, chance in zip(self._moments, self._chances, strict=True):
            moment.add(chance)

    def overspends(self) -> float:
        """P(more calls are abandoned than are allowed), 0..1, of all dials up to now."""
        return max([moment.overspent() for moment in self._moments])


def _callers(per_s: float, answers_s: Sequence[float]) -> list[tuple[float, ...]]:
    """Calls that may have come in by each moment: a Poisson number of them, as a sum of small chances."""
    parts = ceil(per_s * answers_s[-1] / CALLERS_STEP)
    return [tuple([1.0 - exp(-per_s * within / parts) for within in answers_s])] * parts


def _answers(
    dials: Sequence[DialInFlight], rates: Sequence[float], ringing: Ringing
) -> list[tuple[float, ...]]:
    """For each dial P(answered by each moment), given how long it has rung."""
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
    """The same of another campaign's dials, which ring and are answered in their own way."""
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
