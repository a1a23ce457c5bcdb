"""Tells desktops how many complaints of a caller are open: when the caller is known, and when complaints change."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.complaints.queries import count_open
from app.domain.ids import ContactId
from app.floor.facts import CallerKnown, StepResult
from app.floor.floor import Floor
from app.records.engine import reading
from app.records.event_table import EventRow
from app.system.faults import PAUSE_S, report

BATCH: Final = 500
"""How many contacts one query counts."""
log = structlog.get_logger(__name__)


class ComplaintWatch:
    """Call `run` in a task group, `note` with each outcome, and `hear` with the stream of events.

    Args:
        engine: the database of complaints.
        floor: read, never changed.
        tell: given how many complaints are open, of each contact with a call on the floor.
    """

    def __init__(
        self, engine: AsyncEngine, floor: Floor, tell: Callable[[Mapping[ContactId, int]], None]
    ) -> None:
        self._engine, self._floor, self._tell = engine, floor, tell
        self._counts: dict[ContactId, int] = {}
        self._stale = False
        self._wake = asyncio.Event()

    def note(self, outcome: StepResult) -> None:
        """Count the complaints of callers who are known since this outcome."""
        if any(isinstance(fact, CallerKnown) and fact.contact is not None for fact in outcome.facts):
            self._wake.set()

    def hear(self, events: Sequence[EventRow]) -> None:
        """Count anew when a complaint has changed, or contacts were merged or parted, in whichever process."""
        if any(event.subject in {"complaint", "contact_merge"} for event in events):
            self._stale = True
            self._wake.set()

    async def run(self) -> None:
        """Count when there is something to count, until cancelled; after a fault, in a while."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - what a desktop shows is no reason to stop answering callers
                report(log, "complaints_not_counted", error, part="complaint_watch")
                self._stale = True
                self._wake.set()
                await asyncio.sleep(PAUSE_S)

    async def look(self) -> None:
        """Count for the callers on the floor: for those not counted yet, or for all when complaints have changed."""
        here = {call.contact for call in self._floor.calls.values() if call.contact is not None}
        counts = {} if self._stale else {id_: self._counts[id_] for id_ in here & self._counts.keys()}
        self._stale = False
        wanted = sorted(here - counts.keys())
        for first in range(0, len(wanted), BATCH):
            contacts = wanted[first : first + BATCH]
            async with reading(self._engine) as session:
                found = await count_open(session, contacts)
            counts |= {contact: found.get(contact, 0) for contact in contacts}
        self._counts = counts
        self._tell(counts)
