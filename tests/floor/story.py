"""A small language for tests of the floor.

A `Story` is a floor, a virtual clock and a simulated PBX, which turns the floor's commands into events. People act when
the test says so. Times are seconds from the beginning.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from app.domain.calls import OfferOutcome, Reason
from app.domain.ids import CallId, ChannelId, OperatorId, QueueId
from app.domain.operators import Membership, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.floor.commands import Command
from app.floor.control import step
from app.floor.events import (
    CallerIdentified,
    Event,
    OperatorSet,
    PresenceAsked,
    QueueSet,
    WrapUpEnded,
)
from app.floor.facts import CallEnded, CallRecord, Fact, OfferMade, OperatorChanged, StepResult
from app.floor.floor import Floor
from app.floor.model import Call, Operator
from app.simulator.lines import Line
from app.simulator.pbx import SimulatedPbx
from app.simulator.promises import MOVES, moved_once
from app.simulator.world import World

F = TypeVar("F")


class Story:
    """One story. The floor is linked to the PBX from the start, unless `linked` is False."""

    def __init__(self, *, linked: bool = True, identify_s: float = 0.25) -> None:
        self.floor = Floor(identify_s=identify_s)
        self.world = World(self.floor)
        self.pbx = SimulatedPbx(self.world)
        self.facts: list[Fact] = []
        self.commands: list[Command] = []
        self.events: list[Event] = []
        self.refusal: str | None = None
        self.world.listeners.append(self._heard)
        if linked:
            self.world.tell(self.pbx.snapshot())

    # What is set up

    def queue(self, id_: str = "sales", **settings: Any) -> QueueId:
        """Set a queue; without wrap-up unless `wrap_up_s` is given."""
        settings.setdefault("wrap_up_s", 0.0)
        settings = {k: frozenset(v) if k == "skills" else v for k, v in settings.items()}
        self.tell(QueueSet(QueueSettings(QueueId(id_), id_, **settings)))
        return QueueId(id_)

    def operator(
        self, id_: int, *queues: str | tuple[str, int], skills: Iterable[str] = (), available: bool = True
    ) -> None:
        """Set an operator with a registered phone; `queues` are names, or names with levels."""
        members = tuple(
            Membership(QueueId(q[0]), q[1]) if isinstance(q, tuple) else Membership(QueueId(q))
            for q in queues or ("sales",)
        )
        self.tell(
            OperatorSet(
                OperatorSettings(
                    OperatorId(id_),
                    f"op {id_}",
                    endpoint=phone(id_),
                    skills=frozenset(skills),
                    memberships=members,
                )
            )
        )
        if not self.pbx.phones.get(phone(id_)):
            self.pbx.connect_phone(phone(id_))
        if available and self.op(id_).presence is Presence.OFFLINE:
            self.presence(id_, Presence.AVAILABLE)

    # What people do

    def call(self, queue: str = "sales", number: str = "", **what: Any) -> Line:
        """Let a caller enter a queue."""
        what = {k: frozenset(v) if k == "skills" else v for k, v in what.items()}
        return self.pbx.enter(QueueId(queue), number, **what)

    def known(self, number: str, preferred: int | None = None) -> None:
        """Let the contact base know every caller, as `caller {number}` with `preferred` as the last operator."""
        self.pbx.identify = lambda asked: CallerIdentified(
            asked.call, f"caller {number}", preferred=OperatorId(preferred) if preferred else None
        )

    def answer(self, line: Line) -> None:
        self.pbx.answer(line)

    def talk(self, operator: int, queue: str = "sales") -> Line:
        """Let a call come in and be answered by this operator, who must be the one it is offered to."""
        line = self.call(queue)
        assert self.ringing(line) == operator
        self.answer(line)
        return line

    def presence(self, operator: int, presence: Presence, reason: str = "") -> None:
        self.tell(PresenceAsked(OperatorId(operator), presence, reason))

    def on_break(self, operator: int) -> None:
        self.presence(operator, Presence.ON_BREAK, "lunch")

    def end_wrap_up(self, operator: int) -> None:
        self.tell(WrapUpEnded(OperatorId(operator)))

    def tell(self, event: Event) -> None:
        self.refusal = None
        self.world.tell(event)

    def refused(self, event: Event) -> str | None:
        """Pass an event to the floor; return why it was refused, or None."""
        self.tell(event)
        return self.refusal

    def wait(self, seconds: float) -> None:
        self.world.run(self.world.now_s + seconds)

    # What the floor has and has decided

    def op(self, id_: int) -> Operator:
        return self.floor.operators[OperatorId(id_)]

    def at(self, line: Line) -> Call:
        """The call of a caller who is still there."""
        return self.floor.calls[call_id(line)]

    def ringing(self, line: Line) -> int | None:
        """The operator whose phone the floor rings for a caller."""
        offer = self.at(line).offer
        return offer.operator if offer else None

    def talking(self, line: Line) -> int | None:
        """The operator with whom a caller talks, as the floor sees it."""
        leg = self.at(line).talking
        return leg.operator if leg else None

    def offers(self, line: Line) -> list[int]:
        """Every operator a call was offered to, in order."""
        return [f.operator for f in self.told(OfferMade) if f.call == call_id(line)]

    def reason(self, line: Line) -> Reason:
        """Why the last offer of a call was made."""
        return [f for f in self.told(OfferMade) if f.call == call_id(line)][-1].reason

    def leg_outcomes(self, line: Line) -> list[OfferOutcome | None]:
        return [leg.outcome for leg in self.record(line).legs]

    def record(self, line: Line) -> CallRecord:
        """The one record of an ended call."""
        (record,) = [f.record for f in self.told(CallEnded) if f.call == call_id(line)]
        return record

    def told(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def ordered(self, kind: type[F]) -> list[F]:
        return [command for command in self.commands if isinstance(command, kind)]

    @property
    def moves(self) -> list[tuple[type[Command], ChannelId]]:
        """What the PBX was told to do with which caller's channel, in order."""
        return [(type(command), command.channel) for command in self.commands if isinstance(command, MOVES)]

    def causes(self, operator: int) -> list[str]:
        """The causes of an operator's changes, in order."""
        return [f.cause for f in self.told(OperatorChanged) if f.operator == operator]

    def raw(self, event: Event) -> StepResult:
        """Step without the PBX: the outcome's commands go nowhere."""
        outcome = step(self.floor, event, self.world.moment())
        self._heard(event, outcome)
        return outcome

    def _heard(self, event: Event, outcome: StepResult) -> None:
        moved_once(outcome.commands)
        self.events.append(event)
        self.facts += outcome.facts
        self.commands += outcome.commands
        if outcome.refusal is not None:
            self.refusal = self.refusal or str(outcome.refusal)


def phone(operator: int) -> str:
    """An operator's endpoint."""
    return f"op{operator}"


def call_id(line: Line) -> CallId:
    """A caller's call."""
    return CallId(line.channel)
