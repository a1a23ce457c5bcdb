"""A link, and what its owner was told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from app.pbx.ami.link import Link
from app.pbx.ami.message import Event
from app.pbx.ami.session import LinkSettings
from tests.pbx.peer import DEADLINE_S, Peer

WANTED = ("Newchannel", "Hangup", "OriginateResponse", "DeviceStateChange")


class Owner:
    """A link and what its owner was told, in order."""

    def __init__(self, settings: LinkSettings) -> None:
        self.heard: list[Event] = []
        self.story: list[str] = []
        self.reasons: list[str] = []
        self.link = Link(settings, self.on_event, self.on_up, self.on_down, WANTED)
        self._changed = asyncio.Event()

    def on_event(self, event: Event) -> None:
        self.heard.append(event)
        self._tell(f"{event.name} {event.generation}")

    def on_up(self, generation: int) -> None:
        self._tell(f"up {generation}")

    def on_down(self, generation: int, reason: str) -> None:
        self.reasons.append(reason)
        self._tell(f"down {generation}")

    def _tell(self, what: str) -> None:
        self.story.append(what)
        self._changed.set()

    async def until(self, *story: str) -> None:
        """Wait until all of this has been told."""
        async with asyncio.timeout(DEADLINE_S):
            while not set(story) <= set(self.story):
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def running(peer: Peer, **changes: Any) -> AsyncIterator[Owner]:  # settings of any type
    """A link that runs for the length of the block, and must end when closed."""
    settings = LinkSettings(
        port=peer.port,
        username="keskus",
        secret="amber",
        connect_timeout_s=2.0,
        ping_interval_s=10.0,  # the watchdog's own tests are quicker
        retry_first_s=0.001,
        retry_last_s=0.01,
        login_retry_s=0.002,
    )
    owner = Owner(replace(settings, **changes))
    async with asyncio.timeout(4 * DEADLINE_S), asyncio.TaskGroup() as group:
        group.create_task(owner.link.run())
        try:
            yield owner
        finally:
            owner.link.close()


@asynccontextmanager
async def linked(peer: Peer, **changes: Any) -> AsyncIterator[Owner]:  # settings of any type
    async with running(peer, **changes) as owner:
        await owner.until("up 1")
        yield owner
