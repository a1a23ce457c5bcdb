"""The service in a simulated centre: the real runner and floor, which may die and restart.

It checks every step: the promises between two steps, facts and commands that must never come, and the records.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf

from app.domain.ids import OperatorId
from app.domain.now import Now
from app.domain.operators import RoutingState
from app.floor.commands import (
    Command,
    FindLead,
    IdentifyCaller,
    PbxCommand,
    PlaceCall,
    ReadNumber,
    ReleaseLead,
    TakeSnapshot,
)
from app.floor.events import (
    AttemptNotPlaced,
    CampaignSet,
    Event,
    OperatorSet,
    PresenceAsked,
    QueueSet,
    TrunkSet,
)
from app.floor.facts import (
    AttemptEnded,
    CallEnded,
    CallRecord,
    FaultSeen,
    InternalEnded,
    OfferMade,
    OperatorChanged,
    StepResult,
)
from app.floor.floor import Floor
from app.service.runner import Runner
from app.simulator.loop import VirtualLoop
from app.simulator.promises import BrokenPromise, Records, check, held, moved_once

_START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ATTEMPTS_A_LIFE = 1_000_000
"""How many attempt ids each run of the service has: no id is used twice."""
_INSTANT_S = 0.05
"""Seconds by which a deadline may be met late."""


class Service:
    """The service of one simulated centre.

    Args:
        loop: the centre's time.
        execute: sends a command to the PBX.
        identify: looks a caller up in the contact base.
        closely: check all promises after each event.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        execute: Callable[[PbxCommand], None],
        identify: Callable[[IdentifyCaller], None],
        *,
        closely: bool,
    ) -> None:
        self.events = 0
        self.calls = 0
        self.faults_seen: Counter[str] = Counter()
        """The faults that the floor reported, by kind."""
        self.ended: Callable[[CallEnded], None] = lambda _: None
        """Called with each record."""
        self.internal_ended: Callable[[CallRecord], None] = lambda _: None
        """Called with each record of a call between colleagues."""
        self.wall_ahead_s = 0.0
        """Seconds by which the wall clock has been set, in all."""
        self.wrap_ups_s = {0.0}
        """The lengths, in seconds, that a wrap-up may have when it runs out."""
        self._loop = loop
        self._execute = execute
        self._identify = identify
        self.place: Callable[[PlaceCall], None] = lambda _: None
        """Finds a lead and dials."""
        self.attempt_ended: Callable[[AttemptEnded], None] = lambda _: None
        """Called with each attempt that is over."""
        self._closely = closely
        self._lives = 0
        self._start()

    @property
    def floor(self) -> Floor:
        """The floor since the last restart."""
        return self.runner.floor

    def put(self, event: Event) -> None:
        """Give the service an event."""
        self.runner.put(event)

    def restart(self) -> None:
        """Die and restart, as `app.service.wiring` does: queues, operators and presences come from the database."""
        floor = self.floor
        self.runner.close()
        self._start()
        for queue in floor.queues.values():
            self.put(QueueSet(queue.settings))
        for operator in floor.operators.values():
            self.put(OperatorSet(operator.settings))
        for name, trunk in floor.trunks.items():
            self.put(TrunkSet(name, trunk.channels, trunk.calls_per_s))
        for campaign in floor.campaigns.values():
            self.put(CampaignSet(campaign.settings))
        for id_, operator in floor.operators.items():
            self.put(PresenceAsked(id_, operator.presence, operator.break_reason, "service_restarted"))

    def check(self) -> None:
        """Check all promises that must hold between two steps.

        Raises:
            BrokenPromise: one does not hold.
        """
        check(self.floor, self._loop.now_s)

    def _start(self) -> None:
        self._lives += 1
        life = self._lives
        self.records = Records()
        self._wrap_ups: dict[OperatorId, float] = {}
        self._was_linked = False
        self.runner = Runner(
            Floor(next_attempt=life * ATTEMPTS_A_LIFE),
            self._now,
            [partial(self._heard, life)],
            partial(self._dispatch, life),
            self._loop,
        )

    def _now(self) -> Now:
        mono_s = self._loop.now_s
        return Now(mono_s, _START + timedelta(seconds=mono_s + self.wall_ahead_s))

    def _dispatch(self, life: int, command: Command) -> None:
        if life != self._lives:
            return
        if isinstance(command, IdentifyCaller):
            self._identify(command)
        elif isinstance(command, TakeSnapshot) and command.cause == "floor_fault":
            raise BrokenPromise("the floor raised an error")  # its cause is the error itself
        elif isinstance(command, PlaceCall):
            self.place(command)
        elif isinstance(command, FindLead):
            self.runner.put(AttemptNotPlaced(command.attempt, inf))
        elif isinstance(command, ReleaseLead | ReadNumber):
            pass
        else:
            self._execute(command)

    def _heard(self, life: int, outcome: StepResult) -> None:
        if life != self._lives:
            return
        self.events += 1
        moved_once(outcome.commands)
        self.records.hear(outcome.facts)
        for fact in outcome.facts:
            if isinstance(fact, OperatorChanged):
                self._time_wrap_up(fact, outcome.at.mono_s)
            elif isinstance(fact, CallEnded):
                self.calls += 1
                self.ended(fact)
            elif isinstance(fact, InternalEnded):
                self.internal_ended(fact.record)
            elif isinstance(fact, AttemptEnded):
                self.attempt_ended(fact)
            elif isinstance(fact, OfferMade):
                held(self._was_linked or self.floor.linked, "an offer while the PBX cannot be heard", fact)
            elif isinstance(fact, FaultSeen):
                self.faults_seen[fact.what] += 1
        self._was_linked = self.floor.linked
        if self._closely:
            self.check()

    def _time_wrap_up(self, changed: OperatorChanged, now_s: float) -> None:
        if changed.routing is RoutingState.WRAP_UP:
            self._wrap_ups.setdefault(changed.operator, now_s)
            return
        began_s = self._wrap_ups.pop(changed.operator, None)
        if began_s is not None and changed.cause == "wrap_up_over":
            lasted_s = now_s - began_s
            right = any(abs(lasted_s - wrap_up_s) <= _INSTANT_S for wrap_up_s in self.wrap_ups_s)
            held(right, "a wrap-up of the wrong length", changed, lasted_s)
