"""Snapshots of a PBX that is slow to say what it has."""

import asyncio

import pytest

from app.floor.events import Event, SnapshotTaken
from app.pbx import pbx as module
from app.pbx.pbx import Pbx
from app.pbx.session import LinkSettings
from tests.pbx.peer import DEADLINE_S, Headers, Session, listening_peer

ENDS = {"CoreShowChannels": "CoreShowChannelsComplete", "DeviceStateList": "DeviceStateListComplete"}


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

    def pong(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nPing: Pong\nTimestamp: 1800000000.000000")

    def put(event: Event) -> None:
        if isinstance(event, SnapshotTaken):
            taken.set()

    async with listening_peer() as peer:
        peer.rules |= dict.fromkeys(ENDS, show) | {"Ping": pong}
        pbx = Pbx(LinkSettings(port=peer.port, username="keskus", secret=peer.secret), put)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(pbx.run())
            async with asyncio.timeout(DEADLINE_S):
                await taken.wait()
            assert pbx.reconciled
            running.cancel()
