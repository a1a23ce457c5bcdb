"""The people of a simulated campaign: leads who answer or not, and distributions of talk and wrap-up times."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import exp, log, pi, sin, sqrt
from random import Random
from typing import Protocol

from app.simulator.people import Draw

Rate = Callable[[float], float]
"""A rate, 0..1, by second of the day."""


class Ends(Enum):
    """How a dial ends."""

    ANSWER = "answer"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    MACHINE = "machine"


def nothing() -> float:
    """No time at all, in seconds."""
    return 0.0


class Leads(Protocol):
    """The leads that are dialled."""

    def dial(self, now_s: float) -> tuple[Ends, float]:
        """How a dial placed now ends, and after how many seconds."""


@dataclass(slots=True)
class UsualLeads:
    """The leads with which pacing is measured.

    Of the dials without a live answer, 65 % ring to the end, 20 % are busy, 15 % are answered by a machine.

    Args:
        random: the source of chance.
        answer_rate: share of dials answered, 0..1, by second of the day.
        ring_s: seconds that a dial rings at most.
    """

    random: Random
    answer_rate: Rate
    ring_s: float = 25.0

    def dial(self, now_s: float) -> tuple[Ends, float]:
        """How a dial placed now ends, and after how many seconds."""
        random = self.random
        if random.random() < self.answer_rate(now_s):
            after_s = 2.0 + random.gammavariate(3.0, 3.0)
            return (Ends.ANSWER, after_s) if after_s < self.ring_s else (Ends.NO_ANSWER, self.ring_s)
        what = random.random()
        if what < 0.65:
            return Ends.NO_ANSWER, self.ring_s
        if what < 0.85:
            return Ends.BUSY, random.uniform(2.0, 4.0)
        return Ends.MACHINE, random.uniform(8.0, 20.0)


def log_normal(random: Random, mean_s: float, cv: float) -> Draw:
    """Log-normal durations with this mean, in seconds, and this coefficient of variation."""
    variance = log(1.0 + cv * cv)
    mu, sigma = log(mean_s) - variance / 2.0, sqrt(variance)
    return lambda: exp(random.gauss(mu, sigma))


def steady(rate: float) -> Rate:
    """The same rate all day."""
    return lambda _: rate


def swinging(rate: float) -> Rate:
    """A rate that swings by half of itself to both sides, with a period of two hours."""
    return lambda now_s: rate * (1.0 + 0.5 * sin(2.0 * pi * now_s / 7200.0))


@dataclass(slots=True)
class MemorylessLeads:
    """Leads whose dials end after an exponential time, answered or not."""

    random: Random
    answer_rate: float = 0.25
    mean_s: float = 12.0

    def dial(self, now_s: float) -> tuple[Ends, float]:  # noqa: ARG002 - every moment is alike
        """How a dial placed now ends, and after how many seconds."""
        answered = self.random.random() < self.answer_rate
        return Ends.ANSWER if answered else Ends.NO_ANSWER, self.random.expovariate(1.0 / self.mean_s)
