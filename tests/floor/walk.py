"""A random walk: people and administrators at their worst, and a PBX that fails in every way it can."""

from collections.abc import Callable
from functools import partial
from random import Random

from app.floor.commands import Command, IdentifyCaller, TakeSnapshot
from app.floor.events import (
    CallEntered,
    CallerIdentified,
    ChannelHungUp,
    CommandLost,
    CommandRefused,
    Event,
    LegAnswered,
    LegDialed,
    LinkLost,
    OfferReturned,
    OperatorRemoved,
    OperatorSet,
    PresenceAsked,
    QueueRemoved,
    QueueSet,
    SnapshotTaken,
    WrapUpEnded,
)
from app.floor.facts import Outcome
from app.floor.floor import Floor
from app.floor.model import (
    ChannelId,
    MaxWait,
    Membership,
    OfferId,
    OfferOutcome,
    OperatorId,
    OperatorSettings,
    Presence,
    QueueId,
    QueueSettings,
)
from app.simulator import transfers
from app.simulator.pbx import Line, SimulatedPbx
from app.simulator.world import World
from tests.floor.promises import Records, check
from tests.floor.story import phone

QUEUES = [QueueId(q) for q in ("a", "b", "c", "d")]
OPERATORS = [OperatorId(i) for i in range(1, 8)]
SKILLS = ["card", "loan", "lang:et"]
MOST_CALLERS = 20


class Walk:
    """One walk; the same seed gives the same walk.

    Args:
        seed: of everything random.
        faults: how often, 0..1, the PBX fails at what it is asked or says.
    """

    def __init__(self, seed: int, faults: float) -> None:
        self.random = Random(seed)
        self.faults = faults
        self.floor = Floor()
        self.world = World(self.floor)
        self.pbx = SimulatedPbx(self.world, message_s=2.0)
        self.records = Records()
        self.gone: set[ChannelId] = set()
        self.heard: list[Event] = []
        self.up = True
        self.pbx.say = self._say
        self.pbx.identify = self._identify
        self._obey = self.world.obey
        self.world.obey = self._maybe_obey
        self.world.listeners.append(self._check)
        for queue in QUEUES:
            self._set_queue(queue)
        for operator in OPERATORS:
            self._set_operator(operator)
            self.pbx.connect_phone(phone(operator))
            self.world.tell(PresenceAsked(operator, Presence.AVAILABLE))
        self.world.tell(self.pbx.snapshot())

    def go(self, steps: int) -> None:
        """Walk until the floor has taken so many steps."""
        actions = self._actions()
        weights = list(actions.values())
        while self.world.steps < steps:
            (action,) = self.random.choices(list(actions), weights)
            action()
            if self.random.random() < 0.5:
                self.world.run(self.world.now_s + self.random.choice([0.01, 0.3, 1.0, 5.0]))

    def heal(self) -> None:
        """From now on nothing fails, and the PBX says what it has."""
        self.faults = 0.0
        self.up = True
        self.world.run(self.world.now_s + 1.0)  # what was delayed arrives
        self.world.tell(self.pbx.snapshot())

    def _check(self, event: Event, outcome: Outcome) -> None:
        self.records.hear(outcome.facts)
        check(self.floor, outcome.at.mono_s)
        self.heard.append(event)
        del self.heard[:-50]

    # The PBX fails

    def _chance(self, share: float = 1.0) -> bool:
        return self.random.random() < self.faults * share

    def _say(self, event: Event) -> None:
        """Lose, repeat or delay; but nothing is said of a channel that is gone, and no snapshot is stale."""
        if isinstance(event, ChannelHungUp):
            self.gone.add(event.channel)
        if not self.up or self._chance():
            return
        if isinstance(event, SnapshotTaken):
            self.world.tell(event)
            return
        if self._chance():
            self.world.after(self.random.random(), partial(self._say_late, event))
        self.world.tell(event) if not self._chance() else self.world.after(
            0.2, partial(self._say_late, event)
        )

    def _say_late(self, event: Event) -> None:
        about = getattr(event, "caller", getattr(event, "channel", None))
        if self.up and (about not in self.gone or isinstance(event, ChannelHungUp)):
            self.world.tell(event)

    def _maybe_obey(self, command: Command) -> None:
        if isinstance(command, IdentifyCaller):
            self._obey(command)
        elif not self.up:
            if not isinstance(command, TakeSnapshot):
                self.world.tell(CommandRefused(command, "the link is down"))
        elif self._chance():
            self.world.tell(CommandRefused(command, "no"))
        elif self._chance():
            if self.random.random() < 0.5:
                self._obey(command)
            self.world.tell(CommandLost(command))
        elif self._chance(5):
            self.world.after(self.random.random(), partial(self._obey, command))
        else:
            self._obey(command)

    def _identify(self, asked: IdentifyCaller) -> CallerIdentified:
        preferred = self.random.choice([None, *OPERATORS])
        return CallerIdentified(asked.call, "somebody", preferred=preferred)

    # People and administrators act

    def _actions(self) -> dict[Callable[[], None], float]:
        return {
            self._arrive: 20,
            partial(self._with_line, self.pbx.answer): 25,
            partial(self._with_line, self.pbx.hang_up): 8,
            partial(self._with_line, self.pbx.hang_up_leg): 12,
            partial(self._with_line, self._reject): 3,
            partial(self._with_line, partial(transfers.hold, self.pbx)): 3,
            partial(self._with_line, partial(transfers.resume, self.pbx)): 3,
            partial(self._with_line, self._transfer): 6,
            self._ask_presence: 5,
            self._end_wrap_up: 3,
            self._lose_phone: 2,
            self._connect_phone: 4,
            lambda: self._set_operator(self.random.choice(OPERATORS)): 1.5,
            lambda: self._set_queue(self.random.choice(QUEUES)): 1.5,
            lambda: self.world.tell(OperatorRemoved(self.random.choice(OPERATORS))): 0.3,
            lambda: self.world.tell(QueueRemoved(self.random.choice(QUEUES))): 0.5,
            self._nonsense: 3,
            self._link: 1,
            self._snapshot: 1.5,
        }

    def _arrive(self) -> None:
        if len(self.pbx.lines) < MOST_CALLERS:
            self.pbx.enter(
                self.random.choice(QUEUES),
                self.random.choice(["", "+3725"]),
                language=self.random.choice(["", "", "et"]),
                skills=frozenset(self.random.sample(SKILLS[:2], self.random.choice([0, 0, 1]))),
                priority=self.random.choice([0, 0, 0, 1, -1]),
            )

    def _with_line(self, act: Callable[[Line], None]) -> None:
        if self.pbx.lines:
            act(self.random.choice(list(self.pbx.lines.values())))

    def _reject(self, line: Line) -> None:
        if line.leg is not None and not line.talking and line.endpoint != transfers.TRUNK:
            self.pbx.reject(line)

    def _transfer(self, line: Line) -> None:
        if not line.talking:
            return
        endpoint = phone(self.random.choice(OPERATORS))
        match self.random.randrange(4):
            case 0:
                transfers.blind_to_phone(self.pbx, line, endpoint)
            case 1:
                transfers.blind_to_queue(self.pbx, line, self.random.choice([*QUEUES, QueueId("nowhere")]))
            case 2:
                transfers.blind_outside(self.pbx, line, "+3726")
            case _ if not self.pbx.phones[endpoint].legs:
                second_first = self.random.random() < 0.5
                transfers.attended_to_phone(self.pbx, line, endpoint, second_first=second_first)

    def _ask_presence(self) -> None:
        presence = self.random.choice([*Presence, Presence.AVAILABLE, Presence.AVAILABLE])
        self.world.tell(PresenceAsked(self.random.choice(OPERATORS), presence, "lunch"))

    def _end_wrap_up(self) -> None:
        self.world.tell(WrapUpEnded(self.random.choice(OPERATORS)))

    def _lose_phone(self) -> None:
        self.pbx.lose_phone(phone(self.random.choice(OPERATORS)))

    def _connect_phone(self) -> None:
        self.pbx.connect_phone(phone(self.random.choice(OPERATORS)))

    def _set_operator(self, id_: OperatorId) -> None:
        queues = self.random.sample(QUEUES, self.random.randint(1, 3))
        members = tuple(Membership(q, self.random.randint(1, 2)) for q in queues)
        skills = frozenset(self.random.sample(SKILLS, self.random.randint(1, 3)))
        self.world.tell(OperatorSet(OperatorSettings(id_, f"op {id_}", phone(id_), skills, members)))

    def _set_queue(self, id_: QueueId) -> None:
        choice = self.random.choice
        self.world.tell(
            QueueSet(
                QueueSettings(
                    id_,
                    id_,
                    skills=frozenset(choice([(), (), ("card",)])),
                    priority=choice([0, 0, 1]),
                    target_s=choice([0.0, 10.0, 20.0]),
                    ring_s=choice([5, 15]),
                    wrap_up_s=choice([0.0, 7.0]),
                    preferred_s=choice([0.0, 4.0]),
                    miss_limit=choice([0, 1, 3]),
                    retry_s=choice([0.0, 3.3]),
                    max_wait_s=choice([0.0, 25.1]),
                    max_wait_then=choice(list(MaxWait)),
                    overflow_queue=choice(QUEUES),
                )
            )
        )

    def _nonsense(self) -> None:
        """What the PBX never says, says twice, or says of channels nobody knows."""
        known = [*self.pbx.lines, ChannelId("unknown")]
        caller, leg = self.random.choice(known), ChannelId(f"x{self.random.randrange(5)}")
        endpoint = phone(self.random.choice(OPERATORS))
        offer = OfferId(max(1, self.floor.next_offer - self.random.randrange(4)))
        event = self.random.choice(
            [
                LegDialed(caller, leg, endpoint),
                LegAnswered(caller, leg, endpoint),
                ChannelHungUp(leg, 16),
                OfferReturned(caller, offer, self.random.choice(list(OfferOutcome)), 0),
                *[e for e in self.heard if not isinstance(e, CallEntered | SnapshotTaken)][-10:],
            ]
        )
        if self.up:
            self.world.tell(event)

    def _link(self) -> None:
        if self.up:
            self.up = False
            self.world.tell(LinkLost("cut"))
        else:
            self._snapshot()

    def _snapshot(self) -> None:
        self.up = True
        self.world.tell(self.pbx.snapshot())
