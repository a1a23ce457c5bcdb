"""Snapshots of a PBX that is slow to say what it has, and of one that has much."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
import structlog

from app.crm.contacts.caller_numbers import known_caller
from app.floor.commands import TakeSnapshot
from app.floor.events import ChannelHungUp, Event, LinkLost, SeenChannel, SnapshotTaken
from app.pbx import node as module
from app.pbx.ami.message import Event as Listed
from app.pbx.ami.session import LinkSettings
from app.pbx.node import Pbx
from app.system.slices import in_slices
from tests.holding import HELD_BOUND_S, Holding
from tests.pbx.listed import listed
from tests.pbx.peer import DEADLINE_S, Headers, Peer, Session, listening_peer

ENDS = {"CoreShowChannels": "CoreShowChannelsComplete", "DeviceStateList": "DeviceStateListComplete"}
CHANNELS = 2000


def _pong(session: Session, action: Headers) -> None:
    session.answer(action, "Response: Success\nPing: Pong\nTimestamp: 1800000000.000000")


async def test_a_list_that_takes_longer_than_usual_is_waited_for_after_a_log_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LIST_S", 0.1)
    monkeypatch.setattr(module, "AUDIT_S", 0.05)
    loop = asyncio.get_running_loop()
    taken = asyncio.Event()

    def show(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nEventList: start")
        end = f"Event: {ENDS[action['Action']]}\nEventList: Complete\nListItems: 0"
        loop.call_later(0.3, session.answer, action, end)

    def put(event: Event) -> None:
        if isinstance(event, SnapshotTaken):
            taken.set()

    async with listening_peer() as peer:
        peer.rules |= dict.fromkeys(ENDS, show) | {"Ping": _pong}
        pbx = Pbx(LinkSettings(port=peer.port, username="keskus", secret=peer.secret), put)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(pbx.run())
            async with asyncio.timeout(DEADLINE_S):
                await taken.wait()
            assert pbx.reconciled
            running.cancel()


@asynccontextmanager
async def _much(put: Callable[[Event], None]) -> AsyncIterator[tuple[Pbx, Peer]]:
    """A PBX with very many channels, whose callers' numbers have not been read before."""
    channels = "".join(f"{listed(number)}\n\n" for number in range(CHANNELS))

    def show(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nEventList: start")
        count = CHANNELS if action["Action"] == "CoreShowChannels" else 0
        if count:
            session.write(channels.replace("ActionID: ", f"ActionID: {action['ActionID']}"))
        session.answer(action, f"Event: {ENDS[action['Action']]}\nEventList: Complete\nListItems: {count}")

    async with listening_peer() as peer:
        peer.rules |= dict.fromkeys(ENDS, show) | {"Ping": _pong}
        pbx = Pbx(
            LinkSettings(port=peer.port, username="keskus", secret=peer.secret),
            put,
            known=lambda channel: known_caller(channel, "EE"),
        )
        async with asyncio.TaskGroup() as group:
            running = group.create_task(pbx.run())
            yield pbx, peer
            running.cancel()


async def test_a_list_of_thousands_is_read_while_the_loop_goes_on() -> None:
    taken: asyncio.Future[SnapshotTaken] = asyncio.get_running_loop().create_future()

    def put(event: Event) -> None:
        if isinstance(event, SnapshotTaken) and not taken.done():
            taken.set_result(event)

    async with Holding() as holding, _much(put):
        async with asyncio.timeout(DEADLINE_S):
            snapshot = await taken
    assert [one.caller_number for one in snapshot.channels] == [f"+3725550{n:04}" for n in range(CHANNELS)]
    assert holding.longest_s <= HELD_BOUND_S


async def test_what_is_heard_while_a_list_is_read_is_told_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    hung_up = "Event: Hangup\nUniqueid: keskus-1800000000.7\nCause: 16\nContext: keskus-hold\n\n"
    events: list[Event] = []
    over = asyncio.Event()

    def put(event: Event) -> None:
        events.append(event)
        if isinstance(event, ChannelHungUp):
            over.set()

    async with _much(put) as (pbx, peer):
        _while_it_is_read(
            monkeypatch, lambda: peer.sessions[0].write(hung_up), lambda: pbx.link.counters.handled > CHANNELS
        )
        async with asyncio.timeout(DEADLINE_S):
            await over.wait()
    snapshot, ended = events[:2]
    assert isinstance(snapshot, SnapshotTaken)
    assert isinstance(ended, ChannelHungUp)
    assert snapshot.told == {"keskus-1800000000.7"}


async def test_a_list_is_not_believed_when_the_link_was_lost_while_it_was_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events: list[Event] = []
    lost = asyncio.Event()

    def put(event: Event) -> None:
        events.append(event)
        if isinstance(event, LinkLost):
            lost.set()

    async with _much(put) as (pbx, peer):
        _while_it_is_read(
            monkeypatch,
            lambda: peer.sessions[0].drop(),  # noqa: PLW0108 - there is none yet
            lambda: not pbx.link.connected,
        )
        async with asyncio.timeout(DEADLINE_S):
            await lost.wait()
        assert not pbx.reconciled
    assert isinstance(events[0], LinkLost)


def _while_it_is_read(
    monkeypatch: pytest.MonkeyPatch, then: Callable[[], None], so: Callable[[], bool]
) -> None:
    """Let something happen when a channel was read, and read on when it has reached the service."""

    async def read(work: Callable[[Listed], SeenChannel], items: Sequence[Listed]) -> list[SeenChannel]:
        seen = await in_slices(work, items[:1])
        then()
        async with asyncio.timeout(DEADLINE_S):
            while not so():  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0)
        return [*seen, *await in_slices(work, items[1:])]

    monkeypatch.setattr(module, "in_slices", read)


async def test_many_who_ask_for_a_list_are_one_line_in_the_log() -> None:
    pbx = Pbx(LinkSettings(username="keskus", secret="amber"), lambda _: None)
    with structlog.testing.capture_logs() as lines:
        for _ in range(600):
            pbx.execute(TakeSnapshot("missing"))
    assert [line["cause"] for line in lines] == ["missing"]
