"""Brings configuration into force after each change of it, one pass at a time.

A pass reads the revision, then lets every part compare the rows with what it looks after. A request that waits is
answered by the first pass that begins after its change; changes that come together share one. A part that fails is
tried again.
"""

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.api.configuration import NotInForceYet
from app.records.engine import reading
from app.records.revision import on_change, read_revision
from app.system.away import is_away
from app.system.faults import PAUSE_S, report

log = structlog.get_logger(__name__)

LOOK_S: Final = 2.0
"""Seconds between two looks at the revision without news of a change: another process may have written."""
SETTLE_S: Final = 10.0
"""Seconds that a request waits until its change is in force."""


class Part(Protocol):
    """Something that is made from rows."""

    name: str
    """For the log and the metrics."""

    async def bring(self) -> bool:
        """Compare the part with the rows, and put it right.

        Returns:
            Whether something has to wait, such as for the end of a call: the part is compared again soon.
        """


class Reconciler:
    """Call `run` in a task group.

    Args:
        engine: the rows.
        parts: in the order in which they need each other.
    """

    def __init__(self, engine: AsyncEngine, parts: Sequence[Part]) -> None:
        self._engine, self._parts = engine, parts
        self._wake = asyncio.Event()
        self._waiting: list[asyncio.Future[None]] = []
        self._revision: int | None = None
        """The revision that was read last."""
        self._due: set[Part] = set(parts)
        """Parts that may differ from the rows."""
        on_change(engine, self.wake)
        self._wake.set()  # at the start anything may differ

    def wake(self, *parts: Part) -> None:
        """Let parts compare soon, all of them when none is named: something changed, or what waited may be possible."""
        self._due.update(parts or self._parts)
        self._wake.set()

    async def settle(self) -> None:
        """Wait until everything committed so far is in force.

        Raises:
            NotInForceYet: it is saved, but the floor or the PBX cannot have it now; it comes into force later.
        """
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        self.wake()
        try:
            async with asyncio.timeout(SETTLE_S):
                await waiter
        except TimeoutError:
            raise NotInForceYet from None

    async def run(self) -> None:
        """Keep everything as the rows have it, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            waiting, self._waiting = self._waiting, []
            failure = await self._pass()
            for waiter in waiting:
                if waiter.done():
                    continue  # whoever asked is gone
                if failure is None:
                    waiter.set_result(None)
                else:
                    waiter.set_exception(NotInForceYet() if is_away(failure) else failure)

    async def _pass(self) -> Exception | None:
        """Let each part be as the rows have it; return the first failure, None when nothing failed."""
        try:
            async with reading(self._engine) as session:
                revision = await read_revision(session)
        except Exception as error:  # noqa: BLE001 - configuration is no reason to stop answering callers
            report(log, "configuration_not_read", error, part="configuration")
            return error
        if revision != self._revision:
            self._revision = revision
            self._due.update(self._parts)
        due, self._due = self._due, set()
        failures = [await self._bring(part) for part in self._parts if part in due]
        return next((one for one in failures if one is not None), None)

    async def _bring(self, part: Part) -> Exception | None:
        try:
            if await part.bring():
                self._due.add(part)
        except Exception as error:  # noqa: BLE001 - one part is no reason to forget the others
            if report(log, "configuration_not_in_force", error, part=part.name):
                self._due.add(part)
            else:
                asyncio.get_running_loop().call_later(PAUSE_S, self.wake, part)
            return error
        return None
