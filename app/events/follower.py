"""Follows the stream of events: hands on new events in their order, whichever process wrote them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.events.queries import Position, end_of_stream, events_after, position_of
from app.records.engine import reading
from app.records.event_table import EventRow
from app.system.faults import PAUSE_S, report

LOOK_S: Final = 0.5
"""Seconds between two looks for new events."""
BATCH: Final = 200
"""How many events are read at a time."""
_log = structlog.get_logger(__name__)


class Follower:
    """Call `run` in a task group. It begins with events that are committed after its first look.

    Args:
        engine: the database.
        tell: given new events in the order of the stream; must return at once.
    """

    def __init__(self, engine: AsyncEngine, tell: Callable[[Sequence[EventRow]], None]) -> None:
        self._engine, self._tell = engine, tell
        self._position: Position | None = None

    async def run(self) -> None:
        """Look again and again until cancelled; less often after a fault."""
        while True:
            wait_s = LOOK_S
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - what pages are told is no reason to stop answering callers
                if not report(_log, "events_not_followed", error, part="events"):
                    wait_s = PAUSE_S
            await asyncio.sleep(wait_s)

    async def look(self) -> None:
        """Hand on all new events; the first look only finds where the stream ends."""
        if self._position is None:
            async with reading(self._engine) as session:
                self._position = await end_of_stream(session)
            return
        while True:
            async with reading(self._engine) as session:
                rows = await events_after(session, self._position, BATCH)
            if rows:
                self._position = position_of(rows[-1])
                self._tell(rows)
            if len(rows) < BATCH:
                return
