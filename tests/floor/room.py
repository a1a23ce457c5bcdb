"""Three operators who call each other, without a PBX: its events are told by hand."""

from datetime import UTC, datetime

from app.domain.ids import CallId, ChannelId, OperatorId, QueueId
from app.domain.now import Now
from app.domain.operators import DeviceState, Membership, OperatorSettings, Presence, RoutingState
from app.domain.queues import QueueSettings
from app.floor.control import step
from app.floor.events import (
    CallEntered,
    ChannelHungUp,
    ChannelState,
    ColleagueCalled,
    ColleagueRang,
    Event,
    HangupRequested,
    LegAnswered,
    LegDialed,
    OperatorSet,
    PresenceAsked,
    QueueSet,
    SeenChannel,
    SeenColleague,
    SeenEntry,
    SnapshotTaken,
    Whereabouts,
)
from app.floor.facts import CallRecord, InternalEnded, OperatorChanged, StepResult
from app.floor.floor import Floor

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
QUEUE = QueueId("sales")


class Room:
    """Three operators, available, on a floor without a PBX."""

    def __init__(self) -> None:
        self.floor = Floor()
        self.at_s = 0.0
        self.outcomes: list[StepResult] = []
        self.last = 0
        self.take(QueueSet(QueueSettings(QUEUE, "Sales", wrap_up_s=30)))
        for number in (1, 2, 3):
            memberships = (Membership(QUEUE),)
            self.take(
                OperatorSet(
                    OperatorSettings(
                        OperatorId(number), f"Op {number}", endpoint=f"op{number}", memberships=memberships
                    )
                )
            )
        self.take(SnapshotTaken((), {f"op{n}": DeviceState.REGISTERED for n in (1, 2, 3)}))
        for number in (1, 2, 3):
            self.take(PresenceAsked(OperatorId(number), Presence.AVAILABLE))

    def take(self, event: Event, after_s: float = 0.0) -> StepResult:
        self.at_s += after_s
        wall = datetime.fromtimestamp(NOON.timestamp() + self.at_s, UTC)
        outcome = step(self.floor, event, Now(self.at_s, wall))
        self.outcomes.append(outcome)
        return outcome

    def channel(self) -> ChannelId:
        self.last += 1
        return ChannelId(f"k-1.{self.last}")

    def calls(self, one: int, other: int) -> ColleagueCalled:
        """A phone calls another."""
        channel = self.channel()
        event = ColleagueCalled(
            CallId(f"{channel}:1"),
            channel,
            channel_name=f"op{one}-{self.last:08x}",
            caller_number=f"{100 + one}",
            caller_name=f"op{one}",
            number=f"{100 + other}",
            endpoint=f"op{other}",
            line=f"op{one}",
        )
        self.take(event)
        return event

    def rings(self, called: ColleagueCalled, after_s: float = 0.0) -> ChannelId:
        leg = self.channel()
        self.take(ColleagueRang(called.call, leg, called), after_s)
        return leg

    def talk(self, one: int, other: int) -> tuple[ColleagueCalled, ChannelId]:
        """They talk, after 5 s of ringing."""
        called = self.calls(one, other)
        leg = self.rings(called, 1.0)
        self.take(LegAnswered(called.channel, leg, f"op{other}"), 5.0)
        return called, leg

    def customer(self, operator: int) -> tuple[ChannelId, ChannelId]:
        """An operator talks with a customer."""
        caller, leg = self.channel(), self.channel()
        self.take(
            CallEntered(
                caller,
                "PJSIP/trunk-1",
                caller_number="+37255500001",
                caller_name="",
                dialed="6001000",
                queue=QUEUE,
            )
        )
        self.take(LegDialed(caller, leg, f"op{operator}"))
        self.take(LegAnswered(caller, leg, f"op{operator}"))
        return caller, leg

    def hangs_up(self, channel: ChannelId, after_s: float = 0.0) -> StepResult:
        self.take(HangupRequested(channel), after_s)
        return self.take(ChannelHungUp(channel, 16))

    def records(self) -> list[CallRecord]:
        return [fact.record for one in self.outcomes for fact in one.facts if isinstance(fact, InternalEnded)]

    def seen_as(self, number: int) -> RoutingState:
        """What people saw last of an operator."""
        return [
            fact.routing
            for one in self.outcomes
            for fact in one.facts
            if isinstance(fact, OperatorChanged) and fact.operator == number
        ][-1]

    def offerable(self) -> list[int]:
        return [int(id_) for id_, operator in self.floor.operators.items() if operator.offerable]


def seen(
    channel: ChannelId, endpoint: str, bridge: str, told: SeenColleague | None = None, queue: str = ""
) -> SeenChannel:
    return SeenChannel(
        channel,
        f"{endpoint}-00000001",
        linked=channel,
        endpoint=endpoint,
        state=ChannelState.ANSWERED if bridge else ChannelState.RINGING,
        where=Whereabouts.ELSEWHERE,
        duration_s=30.0,
        caller_number="101",
        caller_name="Op 1",
        bridge=bridge,
        colleague=told,
        entry=SeenEntry(QueueId(queue)) if queue else None,
    )
