"""Removes events that are too old."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.events.queries import remove_events
from app.records.engine import writing
from app.system.faults import report

LOOK_S: Final = 3600.0
SLICE: Final = 1000
"""How many events one transaction removes: others write between."""
PAUSE_S: Final = 0.2
"""Seconds between two slices."""
_log = structlog.get_logger(__name__)


class Retention:
    """Call `run` in a task group.

    Args:
        engine: the database.
        days: how long events are kept; 0: for ever.
        now: the wall clock.
    """

    def __init__(self, engine: AsyncEngine, days: int, now: Callable[[], datetime]) -> None:
        self._engine, self._days, self._now = engine, days, now

    async def run(self) -> None:
        """Remove events that are too old, each hour until cancelled."""
        while self._days:
            try:
                removed = await self.remove()
                if removed:
                    _log.info("events_removed", events=removed, days=self._days)
            except Exception as error:  # noqa: BLE001 - old events can wait for an hour
                report(_log, "events_not_removed", error, part="events")
            await asyncio.sleep(LOOK_S)

    async def remove(self) -> int:
        """Remove all events that are too old now, slice by slice; return how many."""
        before, removed = self._now() - timedelta(days=self._days), 0
        while True:
            async with writing(self._engine) as session:
                some = await remove_events(session, before, SLICE)
            removed += some
            if some < SLICE:
                return removed
            await asyncio.sleep(PAUSE_S)
