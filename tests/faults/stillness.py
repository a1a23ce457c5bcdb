"""How long the machine stood still of itself, while a scenario ran: what its neighbours took of processor and disk.

The judge allows a second. A machine that stands still for half of one has broken the measurement, not the service.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app import clock
from app.pbx.sandbox import Sandbox
from tests.ami import Ami

EVERY_S: Final = 0.2
DISTURBED_S: Final = 0.5
"""Half of what the judge allows, and when SIP sends a message again."""


@dataclass
class Stillness:
    """What a watch has seen so far."""

    longest_s: float = 0.0
    """The longest wait for the PBX's answer to a ping, for the disk, or for this process's own turn."""
    _looks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    @property
    def disturbed(self) -> bool:
        """Whether times that were measured meanwhile tell of the machine."""
        return self.longest_s >= DISTURBED_S

    def note(self, waited_s: float) -> None:
        """Take one more look's result."""
        self.longest_s = max(self.longest_s, waited_s)
        self._looks.release()

    async def until_looked(self, times: int) -> None:
        """Wait for so many looks since the last of which somebody waited."""
        for _ in range(times):
            await self._looks.acquire()


@asynccontextmanager
async def watched_for_stillness(sandbox: Sandbox, folder: Path) -> AsyncIterator[Stillness]:
    """Watch a PBX, past every proxy, and the disk of a folder; a PBX that has died or is being started is not asked."""
    seen = Stillness()
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_watch(seen, sandbox, folder / "stillness"))
        try:
            yield seen
        finally:
            watching.cancel()


async def _watch(seen: Stillness, sandbox: Sandbox, file: Path) -> None:
    while True:
        layout = sandbox.layout
        with contextlib.suppress(OSError, TimeoutError, AssertionError):
            async with Ami(layout.ami_port, layout.ami_username, layout.ami_secret) as session:
                await session.action("Events", EventMask="off")
                await _ask(seen, session, file)
        await asyncio.sleep(EVERY_S)


async def _ask(seen: Stillness, session: Ami, file: Path) -> None:
    while True:
        began_s = clock.monotonic()
        await session.action("Ping")
        await asyncio.to_thread(_write, file)
        await asyncio.sleep(EVERY_S)
        seen.note(clock.monotonic() - began_s - EVERY_S)


def _write(file: Path) -> None:
    with file.open("wb") as opened:
        opened.write(b"now")
        opened.flush()
        os.fsync(opened.fileno())
