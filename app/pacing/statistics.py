"""What a campaign has taught: how often and when people answer, how long operators are busy, how much risk is right."""

from dataclasses import dataclass, field

from app.pacing.answer_rate import AnswerRate
from app.pacing.handling_times import HandlingTimes
from app.pacing.ring_times import RingTimes
from app.pacing.risk import AbandonmentRecord, Risk

PARTS = 6
"""Pacing looks ahead to so many moments of the ring time."""


@dataclass(slots=True)
class CampaignStatistics:
    """Plain data, told of each event in constant time; the floor keeps one for each campaign.

    Args:
        ring_s: how long a dial rings at most, in seconds.
    """

    ring_s: int
    answer_rate: AnswerRate = field(default_factory=AnswerRate)
    ring_times: RingTimes = field(init=False)
    handling: HandlingTimes = field(default_factory=HandlingTimes)
    risk: Risk = field(default_factory=Risk)
    dials: int = 0
    answers: int = 0

    def __post_init__(self) -> None:
        self.ring_times = RingTimes(self.ring_s, PARTS)

    def rings(self, ring_s: int) -> None:
        """Dials ring so long from now on, in seconds; what was learned of other ring times is no help."""
        if ring_s != self.ring_s:
            self.ring_s = ring_s
            self.ring_times = RingTimes(ring_s, PARTS)

    def answered(self, *, rang_s: float, attempt: int, hour: int, now_s: float) -> None:
        """A person answered a dial.

        Args:
            rang_s: from the dial to the answer, in seconds.
            attempt: which attempt at this lead, from 1.
            hour: of the day, 0..23.
            now_s: monotonic seconds.
        """
        self._outcome(answered=True, rang_s=rang_s, attempt=attempt, hour=hour, now_s=now_s)

    def failed(self, *, rang_s: float, attempt: int, hour: int, now_s: float) -> None:
        """A dial ended and no person had answered: no answer, busy, a machine, a fault. Arguments as in `answered`."""
        self._outcome(answered=False, rang_s=rang_s, attempt=attempt, hour=hour, now_s=now_s)

    def settled(self, record: AbandonmentRecord) -> None:
        """An answered dial came to an operator, or was abandoned; this is the record with it."""
        self.risk.learn(record)

    def talked(self, seconds: float) -> None:
        """An operator's talk ended after so many seconds."""
        self.handling.talked(seconds)

    def wrapped_up(self, seconds: float) -> None:
        """An operator's wrap-up ended after so many seconds."""
        self.handling.wrapped_up(seconds)

    def _outcome(self, *, answered: bool, rang_s: float, attempt: int, hour: int, now_s: float) -> None:
        self.dials += 1
        self.answers += answered
        self.answer_rate.learn(answered=answered, attempt=attempt, hour=hour, now_s=now_s)
        self.ring_times.learn(answered=answered, rang_s=rang_s)
