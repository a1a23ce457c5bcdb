"""Figures of a simulated day, counted from the floor's own facts: for the whole day and for each part of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.campaigns import AttemptOutcome
from app.domain.ids import OperatorId
from app.domain.operators import Presence, RoutingState
from app.floor.events import Event
from app.floor.facts import AttemptEnded, CallEnded, OperatorChanged, StepResult
from app.simulator.world import World

WORKING = frozenset({RoutingState.TALKING, RoutingState.ON_HOLD, RoutingState.WRAP_UP})
ENOUGH = 100
"""Live answers after which `DayFigures.highest` is measured."""


@dataclass(slots=True)
class Part:
    """Figures of a part of the day, or of the whole day. Times are seconds."""

    working_s: float = 0.0
    """Talk, hold and wrap-up of all operators."""
    on_duty_s: float = 0.0
    """Time of all operators logged in and not on a break."""
    waits_s: list[float] = field(default_factory=list)
    """Waits of answered inbound calls."""
    lost_waits_s: list[float] = field(default_factory=list)
    """Waits of unanswered inbound calls."""
    connects_s: list[float] = field(default_factory=list)
    """Times from the customer's answer to the operator, of outbound calls."""
    abandoned: int = 0
    """Live answers to outbound calls that no operator took in time."""
    outcomes: dict[AttemptOutcome, int] = field(default_factory=dict)

    @property
    def utilisation(self) -> float:
        """Talk, hold and wrap-up / time on duty, 0..1."""
        return self.working_s / self.on_duty_s if self.on_duty_s else 0.0

    @property
    def dials(self) -> int:
        """Outbound calls that have ended."""
        return sum(self.outcomes.values())

    @property
    def abandoned_share(self) -> float:
        """Abandon rate of outbound calls: abandoned / (abandoned + connected live answers), 0..1."""
        return self.abandoned / max(1, self.abandoned + len(self.connects_s))

    @property
    def inbound(self) -> int:
        """Inbound calls that have ended."""
        return len(self.waits_s) + len(self.lost_waits_s)

    @property
    def lost_share(self) -> float:
        """Unanswered / all inbound calls, 0..1."""
        return len(self.lost_waits_s) / max(1, self.inbound)

    @property
    def mean_wait_s(self) -> float:
        """Mean wait of answered inbound calls (ASA)."""
        return sum(self.waits_s) / max(1, len(self.waits_s))

    @property
    def mean_connect_s(self) -> float:
        """Mean time from a customer's answer to the operator."""
        return sum(self.connects_s) / max(1, len(self.connects_s))

    def answered_within(self, target_s: float) -> float:
        """Service level: inbound calls answered within `target_s` seconds / all inbound calls, 0..1; 1 for no call."""
        in_time = sum(wait_s <= target_s for wait_s in self.waits_s)
        return in_time / self.inbound if self.inbound else 1.0


class DayFigures:
    """Counts a day's figures while it is simulated.

    Args:
        world: the world whose steps are counted from now on.
        part_s: seconds of one part of the day.
        warm_up_s: seconds at the beginning whose working and duty time counts in the parts, but not in the whole.
    """

    def __init__(self, world: World, *, part_s: float = 1800.0, warm_up_s: float = 0.0) -> None:
        self.whole = Part()
        self.parts: list[Part] = []
        self.highest = 0.0
        """The highest abandon rate at any moment after the first hundred live answers, 0..1."""
        self._part_s, self._warm_up_s = part_s, warm_up_s
        self._since: dict[OperatorId, tuple[float, bool, bool]] = {}
        """By operator: since when they are in their present state, and whether they work and are on duty."""
        self._live = self._lost = 0
        world.listeners.append(self._heard)

    def close(self, now_s: float) -> None:
        """Count the operators' present states up to now."""
        for id_, (_, working, on_duty) in list(self._since.items()):
            self._turn(id_, now_s, working=working, on_duty=on_duty)

    def _heard(self, _: Event, outcome: StepResult) -> None:
        now_s = outcome.at.mono_s
        for fact in outcome.facts:
            match fact:
                case OperatorChanged():
                    working = fact.routing in WORKING
                    on_duty = working or fact.presence is Presence.AVAILABLE
                    self._turn(fact.operator, now_s, working=working, on_duty=on_duty)
                case AttemptEnded():
                    self._count_attempt(fact, now_s)
                case CallEnded() if fact.record.campaign is None:
                    record = fact.record
                    for part in self._at(now_s - record.duration_s):
                        (part.lost_waits_s if record.answered_at is None else part.waits_s).append(
                            record.waited_s
                        )
                case _:
                    pass

    def _count_attempt(self, ended: AttemptEnded, now_s: float) -> None:
        self._live += ended.outcome in (AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED)
        self._lost += ended.outcome is AttemptOutcome.ABANDONED
        if self._live >= ENOUGH:
            self.highest = max(self.highest, self._lost / self._live)
        began_s = now_s - (ended.ended_at - ended.asked_at).total_seconds()
        for part in self._at(began_s):
            part.outcomes[ended.outcome] = part.outcomes.get(ended.outcome, 0) + 1
            if ended.outcome is AttemptOutcome.ABANDONED:
                part.abandoned += 1
            elif ended.outcome is AttemptOutcome.ANSWERED:
                part.connects_s.append(ended.connect_s)

    def _at(self, at_s: float) -> tuple[Part, Part]:
        return self.whole, self._part(int(max(0.0, at_s) / self._part_s))

    def _part(self, number: int) -> Part:
        while len(self.parts) <= number:
            self.parts.append(Part())
        return self.parts[number]

    def _turn(self, id_: OperatorId, now_s: float, *, working: bool, on_duty: bool) -> None:
        since_s, was_working, was_on_duty = self._since.get(id_, (now_s, False, False))
        self._since[id_] = now_s, working, on_duty
        if not was_on_duty or now_s <= since_s:
            return
        measured_s = max(0.0, now_s - max(since_s, self._warm_up_s))
        self.whole.on_duty_s += measured_s
        self.whole.working_s += measured_s * was_working
        while since_s < now_s:
            number = int(since_s / self._part_s)
            end_s = min(now_s, (number + 1) * self._part_s)
            part = self._part(number)
            part.on_duty_s += end_s - since_s
            part.working_s += (end_s - since_s) * was_working
            since_s = end_s


def together(parts: Iterable[Part]) -> Part:
    """The sum of several days, or of the same part of several days."""
    whole = Part()
    for part in parts:
        whole.working_s += part.working_s
        whole.on_duty_s += part.on_duty_s
        whole.waits_s += part.waits_s
        whole.lost_waits_s += part.lost_waits_s
        whole.connects_s += part.connects_s
        whole.abandoned += part.abandoned
        for outcome, count in part.outcomes.items():
            whole.outcomes[outcome] = whole.outcomes.get(outcome, 0) + count
    return whole
