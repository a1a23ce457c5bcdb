"""Wakes at the next due time of a complaint or a task, and tells what is to be told; nothing else looks at a clock.

When that is, is in the rows: a service that was away tells at its start what became late meanwhile. Each process has a
desk; a complaint is told of by whichever locks its row first.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.complaints.due import SLICE, sound_alarms, tell_late_tasks
from app.crm.complaints.queries import next_moment
from app.crm.departments.service import warm_up
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.system.faults import PAUSE_S, report

LONGEST_S: Final = 300.0
"""The longest sleep: the wall clock may be set."""
SHORTEST_S: Final = 0.2
"""The shortest sleep: another process may hold the row that is due."""
SUBJECTS: Final = frozenset({"complaint", "complaint_task", "department"})
_log = structlog.get_logger(__name__)


class ComplaintDesk:
    """Call `run` in a task group, and `hear` with the stream of events.

    Args:
        engine: the database.
        now: the wall clock.
    """

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now
        self._changed = asyncio.Event()

    def hear(self, events: Sequence[EventRow]) -> None:
        """Look again when a complaint, a task or a calendar has changed, in whichever process."""
        if any(event.subject in SUBJECTS for event in events):
            self._changed.set()

    async def run(self) -> None:
        """Tell what is due, again and again until cancelled; after a fault, in a while."""
        while True:
            self._changed.clear()
            wait_s = LONGEST_S
            try:
                following = await self.work()
                if following is not None:
                    wait_s = min(max((following - self._now()).total_seconds(), SHORTEST_S), LONGEST_S)
            except Exception as error:  # noqa: BLE001 - who is late today is no reason to stop answering callers
                report(_log, "complaints_not_told", error, part="complaints")
                await asyncio.sleep(PAUSE_S)
                continue
            try:
                async with asyncio.timeout(wait_s):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def work(self) -> datetime | None:
        """Tell all that is due by now; return when the next thing is to be told."""
        await warm_up(self._engine, self._now())
        for tell in (sound_alarms, tell_late_tasks):
            while True:
                async with reading(self._engine) as session:
                    following = await next_moment(session)
                if following is None or following > self._now():
                    break
                async with writing(self._engine) as session:
                    if await tell(session, self._now()) < SLICE:
                        break
        async with reading(self._engine) as session:
            return await next_moment(session)
