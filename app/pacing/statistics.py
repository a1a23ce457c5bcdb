"""A campaign's statistics: answer rate, ring times, handling times, and the risk of abandonment it may take."""

from dataclasses import dataclass, field

from app.pacing.answer_rate import AnswerRate
from app.pacing.handling_times import HandlingTimes
from app.pacing.ring_times import RingTimes
from app.pacing.risk import AbandonmentRecord, Risk

PARTS = 6
"""How many moments of the ring time pacing looks ahead to."""


@dataclass(slots=True)
class CampaignStatistics:
    """The statistics of one campaign, updated by each event in constant time.

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
        """Set how long dials ring from now on, in seconds; a change discards the learned ring times."""
        if ring_s != self.ring_s:
            self.ring_s = ring_s
            self.ring_times = RingTimes(ring_s, PARTS)

    def answered(self, *, rang_s: float, attempt: int, hour: int, now_s: float) -> None:
        """Count a dial that a person answered.

        Args:
            rang_s: from the dial to the answer, in seconds.
            attempt: the number of this attempt at its lead, from 1.
            hour: of the day, 0..23.
            now_s: monotonic seconds.
        """
        self._outcome(answered=True, rang_s=rang_s, attempt=attempt, hour=hour, now_s=now_s)

    def failed(self, *, rang_s: float, attempt: int, hour: int, now_s: float) -> None:
        """Count a dial that ended without a person's answer, such as busy or a machine. Arguments as in `answered`."""
        self._outcome(answered=False, rang_s=rang_s, attempt=attempt, hour=hour, now_s=now_s)

    def settled(self, record: AbandonmentRecord) -> None:
        """Count a live answer that was connected or abandoned; `record` includes it."""
        self.risk.learn(record)

    def talked(self, seconds: float) -> None:
        """Count an operator's talk, in seconds."""
        self.handling.talked(seconds)

    def wrapped_up(self, seconds: float) -> None:
        """Count an operator's wrap-up, in seconds."""
        self.handling.wrapped_up(seconds)

    def _outcome(self, *, answered: bool, rang_s: float, attempt: int, hour: int, now_s: float) -> None:
        self.dials += 1
        self.answers += answered
        self.answer_rate.learn(answered=answered, attempt=attempt, hour=hour, now_s=now_s)
        self.ring_times.learn(answered=answered, rang_s=rang_s)
