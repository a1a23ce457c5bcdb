"""A small real floor with its hub, moved by hand: events go through `step`, outcomes into the hub."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.calls import OfferOutcome
from app.domain.ids import FIRST_NODE, CallId, ChannelId, ContactId, OperatorId, QueueId
from app.domain.now import Now
from app.domain.operators import DeviceState, Membership, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.floor.control import step
from app.floor.events import (
    CallEntered,
    CallerIdentified,
    CallParked,
    CallRetrieved,
    ChannelHungUp,
    ClockTicked,
    DeviceChanged,
    Event,
    LegAnswered,
    LegDialed,
    OfferReturned,
    OperatorSet,
    PresenceAsked,
    QueueSet,
)
from app.floor.facts import StepResult
from app.floor.floor import Floor, Node
from app.live.hub import Handle, Hub

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class ByHand:
    """A schedule whose work is done when the test says so."""

    def __init__(self) -> None:
        self.work: list[Callable[[], None]] = []
        self.late: list[Callable[[], None]] = []

    def soon(self, work: Callable[[], None]) -> Handle:
        self.work.append(work)
        return self

    def later(self, delay_s: float, work: Callable[[], None]) -> Handle:
        self.late.append(work)
        return self

    def cancel(self) -> None:
        self.work.clear()

    def run(self) -> None:
        work, self.work = self.work, []
        for each in work:
            each()


class Centre:
    """The floor, its clock and its hub."""

    def __init__(self, **hub: Any) -> None:
        self.floor = Floor(nodes={FIRST_NODE: Node(FIRST_NODE, linked=True)})
        self.time_s = 0.0
        self.schedule = ByHand()
        self.hub = Hub(self.floor, epoch="e1", queue_every_s=0.0, schedule=self.schedule, **hub)
        self.calls = 0

    def now(self) -> Now:
        return Now(1000.0 + self.time_s, START + timedelta(seconds=self.time_s))

    def post(self, event: Event) -> StepResult:
        outcome = step(self.floor, event, self.now())
        self.hub.publish(outcome)
        return outcome

    def add_queue(self, id_: str, title: str = "", **settings: object) -> QueueId:
        queue = QueueId(id_)
        self.post(QueueSet(QueueSettings(queue, title or id_.title(), **settings)))  # type: ignore[arg-type]
        return queue

    def add_operator(
        self, id_: int, *queues: str, name: str = "", at_work: bool = True, endpoint: str = ""
    ) -> OperatorId:
        operator = OperatorId(id_)
        endpoint = endpoint or f"op{id_}"
        memberships = tuple(Membership(QueueId(queue)) for queue in queues)
        self.post(
            OperatorSet(
                OperatorSettings(
                    operator, name or f"Operaator {id_}", endpoint=endpoint, memberships=memberships
                )
            )
        )
        if at_work:
            self.post(DeviceChanged(endpoint, DeviceState.REGISTERED))
            self.post(PresenceAsked(operator, Presence.AVAILABLE))
        return operator

    def arrive(self, queue: str, number: str = "+37255500001", name: str = "") -> CallId:
        self.calls += 1
        channel = ChannelId(f"1700000000.{self.calls}")
        self.post(
            CallEntered(
                channel,
                f"PJSIP/trunk-{self.calls}",
                caller_number=number,
                caller_name=name,
                dialed="6001000",
                queue=QueueId(queue),
            )
        )
        return CallId(channel)

    def identify(
        self, call: CallId, name: str = "", contact: int | None = None, matches: tuple[int, ...] = ()
    ) -> None:
        self.post(
            CallerIdentified(
                call,
                name,
                ContactId(contact) if contact else None,
                tuple(ContactId(match) for match in matches),
            )
        )

    def wait(self, seconds: float) -> None:
        self.time_s += seconds
        self.post(ClockTicked())

    def ring(self, id_: CallId) -> None:
        call = self.floor.calls[id_]
        assert call.offer is not None
        self.post(LegDialed(call.channel, ChannelId(f"{id_}.{call.offer.id}"), call.offer.leg.endpoint))

    def answer(self, id_: CallId) -> None:
        call = self.floor.calls[id_]
        assert call.offer is not None
        if call.offer.leg.channel is None:
            self.ring(id_)
        self.post(LegAnswered(call.channel, ChannelId(f"{id_}.{call.offer.id}"), call.offer.leg.endpoint))

    def decline(self, id_: CallId, outcome: OfferOutcome = OfferOutcome.TIMED_OUT) -> None:
        call = self.floor.calls[id_]
        assert call.offer is not None
        self.post(OfferReturned(call.channel, call.offer.id, outcome, 19))

    def park(self, id_: CallId, place: str) -> None:
        call = self.floor.calls[id_]
        leg = call.talking
        assert leg is not None
        self.post(CallParked(call.channel, place))
        assert leg.channel is not None
        self.post(ChannelHungUp(leg.channel, 16))

    def retrieve(self, id_: CallId, operator: OperatorId) -> None:
        self.calls += 1
        by = ChannelId(f"1700000000.{self.calls}")
        self.post(CallRetrieved(self.floor.calls[id_].channel, by, f"op{operator}"))

    def hang_up(self, id_: CallId) -> None:
        call = self.floor.calls[id_]
        for leg in (call.talking, call.offer.leg if call.offer else None):
            if leg is not None and leg.channel is not None:
                self.post(ChannelHungUp(leg.channel, 16))
        if id_ in self.floor.calls:
            self.post(ChannelHungUp(call.channel, 16))
