"""How long the machine stood still of itself, while a test ran: what its neighbours took of processor and disk.

Who holds what the service wrote against what telephones saw allows a second. A machine that stands still for half of
one has broken the measurement, not the service.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.ami import Ami
from tests.forkserver import Program

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


_latest = Stillness()


@asynccontextmanager
async def watched_for_stillness(sandbox: Sandbox) -> AsyncIterator[Stillness]:
    """Watch a PBX, past every proxy, and its disk; a PBX that has died or is being started is not asked."""
    global _latest  # noqa: PLW0603 - a test has one machine
    seen = _latest = Stillness()
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_watch(seen, sandbox))
        try:
            yield seen
        finally:
            watching.cancel()


def starved_s(pid: int) -> float:
    """How long a process's first thread was ready to run and had no processor since it began, in seconds.

    A process that is over, or a kernel that does not count, gives 0.
    """
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


async def ended(process: asyncio.subprocess.Process | Program, within_s: float) -> None:
    """Wait until a process has ended.

    Args:
        process: is about to end.
        within_s: how long it may take; what it waits for a processor does not count.

    Raises:
        TimeoutError: it did not end in time.
    """
    before_s, until_s = starved_s(process.pid), clock.monotonic() + within_s
    while process.returncode is None:
        left_s = until_s + max(0.0, starved_s(process.pid) - before_s) - clock.monotonic()
        if left_s <= 0:
            raise TimeoutError
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(left_s, EVERY_S)):
                await process.wait()


def close(measured_s: float, logged_s: float, bound_s: float = 1.0) -> bool:
    """Whether two logs tell the same time, where the machine stood still for so much more since the last watch began.

    Args:
        measured_s: by one.
        logged_s: by the other.
        bound_s: how far they may be apart on a machine that does not stand still.
    """
    return abs(measured_s - logged_s) < bound_s + _latest.longest_s


async def _watch(seen: Stillness, sandbox: Sandbox) -> None:
    while True:
        layout = sandbox.layout
        with contextlib.suppress(OSError, TimeoutError, AssertionError):
            async with Ami(layout.ami_port, layout.ami_username, layout.ami_secret) as session:
                await session.action("Events", EventMask="off")
                await _ask(seen, session, sandbox.run_dir / "stillness")
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
