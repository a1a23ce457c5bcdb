"""The runner: order, time, refusals and faults."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from app.domain.errors import NotPossible
from app.domain.ids import CallId, ChannelId, OperatorId, QueueId
from app.domain.now import Now
from app.domain.operators import DeviceState, Membership, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.floor import control
from app.floor.commands import Command, IdentifyCaller, OfferCall, TakeSnapshot
from app.floor.events import (
    CallEntered,
    ChannelHungUp,
    DeviceChanged,
    Event,
    OperatorSet,
    PresenceAsked,
    QueueSet,
    SnapshotTaken,
)
from app.floor.facts import CallArrived, CallEnded, Fact, FaultSeen, StepResult
from app.floor.floor import Floor
from app.service import runner as runner_module
from app.service.runner import BATCH, FAULTS_LOGGED, TURN_S, Runner

QUEUE = QueueId("tugi")
MARI = OperatorId(1)
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def loop_now() -> Now:
    mono_s = asyncio.get_running_loop().time()
    return Now(mono_s, START + timedelta(seconds=mono_s))


def entered(channel: str) -> CallEntered:
    return CallEntered(
        ChannelId(channel),
        f"PJSIP/trunk-{channel}",
        caller_number="37255500001",
        caller_name="",
        dialed="500",
        queue=QUEUE,
    )


class Floorside:
    """A runner, with what came out of it."""

    def __init__(self) -> None:
        self.outcomes: list[StepResult] = []
        self.commands: list[Command] = []
        self.commanded = asyncio.Event()
        self.runner = Runner(Floor(), loop_now, [self.outcomes.append], self._dispatch)

    def _dispatch(self, command: Command) -> None:
        self.commands.append(command)
        self.commanded.set()

    async def ready(self) -> None:
        await self.runner.post(QueueSet(QueueSettings(QUEUE, "Tugi")))
        settings = OperatorSettings(MARI, "Mari Mets", endpoint="op1", memberships=(Membership(QUEUE),))
        await self.runner.post(OperatorSet(settings))
        await self.runner.post(PresenceAsked(MARI, Presence.AVAILABLE))
        await self.runner.post(SnapshotTaken((), {"op1": DeviceState.REGISTERED}))


async def test_events_are_stepped_in_the_order_they_came_however_many() -> None:
    side = Floorside()
    await side.runner.post(QueueSet(QueueSettings(QUEUE, "Tugi")))
    for n in range(2 * BATCH):
        side.runner.put(entered(f"c{n}"))
    await side.runner.post(DeviceChanged("nobody", DeviceState.IN_USE))
    arrived = [f.call for o in side.outcomes for f in o.facts if isinstance(f, CallArrived)]
    assert arrived == [f"c{n}" for n in range(2 * BATCH)]


class Slow(Floorside):
    """Each command takes long, and so does making a number of events ready."""

    def __init__(self, unread: int = 0) -> None:
        super().__init__()
        self.now_s = 0.0
        self.unread = unread
        self.runner = Runner(
            Floor(), self._now, [self.outcomes.append], self._dispatch, ready=self._read_number
        )

    def _read_number(self, event: Event) -> Event:
        if isinstance(event, CallEntered) and self.unread:
            self.unread -= 1
            self.now_s += TURN_S / 2
            return event._replace(caller_number=f"+{event.caller_number}")
        return event

    def _now(self) -> Now:
        return Now(self.now_s, START + timedelta(seconds=self.now_s))

    def _dispatch(self, command: Command) -> None:
        super()._dispatch(command)
        self.now_s += TURN_S / 2


async def test_a_turn_of_the_loop_ends_after_a_while_and_the_next_goes_on_in_order() -> None:
    side = Slow()
    await side.runner.post(QueueSet(QueueSettings(QUEUE, "Tugi")))
    await side.runner.post(SnapshotTaken((), {}))
    for n in range(5):
        side.runner.put(entered(f"c{n}"))
    told = []
    while len(side.commands) < 5:
        await asyncio.sleep(0)
        told.append((len(side.outcomes) - 2, len(side.commands)))
    assert [told[0], told[-1]] == [(2, 2), (5, 5)]
    assert all(stepped - commanded in {0, 1} for stepped, commanded in told)
    assert [command.call for command in side.commands if isinstance(command, IdentifyCaller)] == [
        f"c{n}" for n in range(5)
    ]
    side.runner.close()


async def test_a_burst_of_callers_whose_numbers_are_to_be_read_is_several_turns() -> None:
    side = Slow(unread=4)
    await side.runner.post(QueueSet(QueueSettings(QUEUE, "Tugi")))
    for n in range(4):
        side.runner.put(entered(f"c{n}"))
    await asyncio.sleep(0)
    assert len(side.outcomes) < 4
    await side.runner.post(DeviceChanged("nobody", DeviceState.IN_USE))
    arrived = [f.caller_number for o in side.outcomes for f in o.facts if isinstance(f, CallArrived)]
    assert arrived == ["+37255500001"] * 4
    side.runner.close()


async def test_a_put_is_never_stepped_inside_the_caller() -> None:
    side = Floorside()
    side.runner.put(QueueSet(QueueSettings(QUEUE, "Tugi")))
    assert QUEUE not in side.runner.floor.queues
    await side.runner.post(DeviceChanged("nobody", DeviceState.IN_USE))
    assert QUEUE in side.runner.floor.queues


@pytest.mark.looptime
async def test_the_clock_is_an_event_when_the_floor_says_so() -> None:
    side = Floorside()
    await side.ready()
    side.runner.put(entered("c1"))
    await side.runner.post(DeviceChanged("nobody", DeviceState.IN_USE))
    assert [type(c) for c in side.commands] == [IdentifyCaller]
    side.commanded.clear()
    before_s = asyncio.get_running_loop().time()
    await side.commanded.wait()  # nobody answers; the offer comes by the clock
    assert isinstance(side.commands[-1], OfferCall)
    assert asyncio.get_running_loop().time() - before_s == pytest.approx(side.runner.floor.identify_s)
    side.runner.close()


async def test_a_refusal_reaches_who_asked_and_nobody_else() -> None:
    side = Floorside()
    with pytest.raises(NotPossible, match="no operator 1"):
        await side.runner.post(PresenceAsked(MARI, Presence.AVAILABLE))
    await side.ready()


async def test_a_fault_of_the_floor_stops_nothing_and_asks_for_a_snapshot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    side = Floorside()
    await side.ready()
    real_step = control.step

    def faulty(floor: Floor, event: object, now: Now) -> StepResult:
        if isinstance(event, CallEntered):
            raise ZeroDivisionError
        return real_step(floor, event, now)  # type: ignore[arg-type]

    monkeypatch.setattr(runner_module, "step", faulty)
    side.runner.put(entered("c1"))
    await side.runner.post(DeviceChanged("nobody", DeviceState.IN_USE))
    assert side.commands == [TakeSnapshot("floor_fault")]
    assert side.runner.faults == 1
    monkeypatch.undo()
    side.runner.put(entered("c2"))
    await side.runner.post(ChannelHungUp(ChannelId("c2"), 16))
    ended = [f.call for o in side.outcomes for f in o.facts if isinstance(f, CallEnded)]
    assert ended == [CallId("c2")]
    side.runner.close()


async def test_very_many_faults_of_one_step_are_counted_and_the_first_are_logged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    side = Floorside()
    seen: list[Fact] = [FaultSeen("not_heard", f"c{n}") for n in range(600)]
    monkeypatch.setattr(runner_module, "step", lambda *_: StepResult(loop_now(), [], seen))
    with structlog.testing.capture_logs() as lines:
        await side.runner.post(DeviceChanged("nobody", DeviceState.IN_USE))
    assert side.runner.faults == 600
    assert [line.get("detail") for line in lines] == [*(f"c{n}" for n in range(FAULTS_LOGGED)), None]
    assert lines[-1]["besides"] == 600 - FAULTS_LOGGED
    side.runner.close()


async def test_a_waiter_that_gave_up_does_not_hurt_the_next() -> None:
    side = Floorside()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(side.runner.post(QueueSet(QueueSettings(QUEUE, "Tugi"))))
        task.cancel()
    await side.ready()
    assert MARI in side.runner.floor.operators
