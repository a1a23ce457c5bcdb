"""Distributions of a simulated day that are learned from a real day: its durations and dials are drawn at random."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from app.simulator.campaign_people import Ends, Leads
from app.simulator.day import Distribution
from app.simulator.people import Draw, constantly

FEW = 30
"""An hour with fewer dials than this is filled up to it with dials of the whole day's answer rate."""


class DayUnfit(ValueError):  # noqa: N818 - it reads as what it says
    """The day cannot be simulated: it has no operators, or no calls."""


def seen(durations_s: Sequence[float], otherwise_s: float) -> Distribution:
    """Durations drawn from these, all with the same chance.

    Args:
        durations_s: in seconds.
        otherwise_s: the duration to use when `durations_s` is empty.
    """
    kept = tuple(durations_s)

    def of(random: Random) -> Draw:
        return (lambda: random.choice(kept)) if kept else constantly(otherwise_s)

    return of


@dataclass(slots=True, frozen=True)
class SeenDial:
    """How one dial ended."""

    hour: int
    """The hour in which it was placed, counted from the day's first hour."""
    ends: Ends
    rang_s: float


class SeenLeads:
    """Leads with the answer rates by hour, and the ringing times, of a real day.

    Args:
        random: the source of chance.
        dials: the real day's dials; at least one.
    """

    def __init__(self, random: Random, dials: Sequence[SeenDial]) -> None:
        self._random = random
        self._answers = [dial.rang_s for dial in dials if dial.ends is Ends.ANSWER]
        self._others = [(dial.ends, dial.rang_s) for dial in dials if dial.ends is not Ends.ANSWER]
        rate = len(self._answers) / len(dials)
        hours = max(dial.hour for dial in dials) + 1
        counts, answers = [0] * hours, [0] * hours
        for dial in dials:
            counts[dial.hour] += 1
            answers[dial.hour] += dial.ends is Ends.ANSWER
        self.rates = [
            (answered + rate * max(0, FEW - count)) / max(FEW, count)
            for answered, count in zip(answers, counts, strict=True)
        ]
        """Share of dials answered, 0..1, by hour of the day; the last value holds for all later hours."""

    def dial(self, now_s: float) -> tuple[Ends, float]:
        """How a dial placed now ends, and after how many seconds."""
        rate = self.rates[min(len(self.rates) - 1, int(now_s / 3600.0))]
        if not self._others or self._random.random() < rate:
            return Ends.ANSWER, self._random.choice(self._answers)
        return self._random.choice(self._others)


def seen_leads(dials: Sequence[SeenDial]) -> Callable[[Random], Leads]:
    """Leads like those of these dials.

    Raises:
        DayUnfit: there is no dial, or none was answered.
    """
    if not any(dial.ends is Ends.ANSWER for dial in dials):
        raise DayUnfit("nobody answered a campaign that day" if dials else "no campaign dialled that day")
    return lambda random: SeenLeads(random, dials)
