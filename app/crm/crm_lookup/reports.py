"""Reports calls to the CRM when they are over: at least once, however long the CRM is away, for a day.

A report is a row from the moment the call is over. Calls that ended while the service was away get theirs at its start.
"""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.crm_lookup import queries
from app.crm.crm_lookup.desk import CrmDesk
from app.crm.crm_lookup.tables import CrmReportRow, ReportState
from app.domain.calls import Direction
from app.floor.facts import CallEnded, OutgoingEnded, StepResult
from app.records.engine import reading, writing
from app.system.faults import PAUSE_S
from app.system.faults import report as report_fault

if TYPE_CHECKING:
    from app.crm.crm_lookup.client import CrmClient

RETRIES_S: Final = (10.0, 60.0, 300.0, 1800.0, 7200.0, 21_600.0, 43_200.0)
"""Seconds until each further try."""
MISSED: Final = timedelta(days=1)
"""How long ago a call may have arrived that gets its report at the service's start."""
KEPT: Final = timedelta(days=14)
"""How long reports are kept that wait for nothing."""
LEASE_S: Final = 40.0
"""Seconds for which others leave a report alone that is being sent."""
_SLICE: Final = 200
_LONGEST_S: Final = 300.0
_log = structlog.get_logger(__name__)


class CrmReports:
    """Call `note` with each outcome of the floor, and `run` in a task group.

    Args:
        engine: the database.
        desk: asks the CRM.
        zone: of the times that templates write as local.
        now: the wall clock.
    """

    def __init__(self, engine: AsyncEngine, desk: CrmDesk, zone: tzinfo, now: Callable[[], datetime]) -> None:
        self._engine, self._desk, self._zone, self._now = engine, desk, zone, now
        self._ended: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._reporting: CrmClient | None = None

    def note(self, outcome: StepResult) -> None:
        """Remember calls with customers that are over."""
        for fact in outcome.facts:
            if isinstance(fact, CallEnded | OutgoingEnded) and fact.record.caller_number:
                client = self._desk.client
                if (
                    client is not None
                    and client.row.reports
                    and fact.record.direction is not Direction.INTERNAL
                ):
                    self._ended[fact.call] = None
                    self._wake.set()

    def wake(self) -> None:
        """Look again: a report is to be tried at once."""
        self._wake.set()

    async def run(self) -> None:
        """Report until cancelled."""
        await self._desk.loaded.wait()
        while True:
            self._wake.clear()
            wait_s = _LONGEST_S
            try:
                following = await self.work()
                if following is not None:
                    wait_s = min(max((following - self._now()).total_seconds(), 0.2), _LONGEST_S)
            except Exception as error:  # noqa: BLE001 - what was not reported stays in its row
                report_fault(_log, "calls_not_reported", error, part="crm")
                wait_s = PAUSE_S
            try:
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def work(self) -> datetime | None:
        """Report all that is due; return when the next report is due."""
        await self._take_up()
        client = self._desk.client
        if client is None or not client.row.reports:
            return None
        while await self._one(client):
            pass
        async with writing(self._engine) as session:
            await queries.remove_reports(session, self._now() - KEPT, _SLICE)
        async with reading(self._engine) as session:
            return await queries.next_report_at(session)

    async def _take_up(self) -> None:
        """Make rows of calls that are over, and once, for each setting, of those that were missed."""
        client = self._desk.client
        if client is None or not client.row.reports:
            self._ended.clear()
            return
        ended = list(self._ended)[:_SLICE]
        if client is not self._reporting:
            since = client.row.reports_from or self._now()
            async with reading(self._engine) as session:
                missed = await queries.unreported(session, self._now() - MISSED, since, _SLICE * 50)
            ended = [*ended, *missed]
        for start in range(0, len(ended), _SLICE):
            async with writing(self._engine) as session:
                for call in dict.fromkeys(ended[start : start + _SLICE]):
                    if await queries.get_report(session, call) is None:
                        await queries.save(
                            session, CrmReportRow(call_id=call, made_at=self._now(), next_at=self._now())
                        )
        for call in ended:
            self._ended.pop(call, None)
        self._reporting = client
        if self._ended:
            self._wake.set()

    async def _one(self, client: "CrmClient") -> bool:
        """Report one call that is due; whether there was one.

        The row is put off first and the transaction ended: nothing waits for a CRM within one, and another process
        leaves the row alone meanwhile.
        """
        async with writing(self._engine) as session:
            row = await queries.due_report(session, self._now())
            if row is None:
                return False
            row.next_at = self._now() + timedelta(seconds=LEASE_S)
            row.tries += 1
            await queries.save(session, row)
        from app.crm.crm_lookup.report_sending import report_call  # noqa: PLC0415 - loaded where there is a CRM

        call, tries = row.call_id, row.tries
        state, detail = await report_call(self._engine, self._desk, client, call, self._zone)
        async with writing(self._engine) as session:
            kept = await queries.get_report(session, call)
            if kept is not None and kept.tries == tries:
                again = state is ReportState.WAITING and tries <= len(RETRIES_S)
                kept.state = (
                    ReportState.FAILED if state is ReportState.WAITING and not again else state
                ).value
                kept.tried_at, kept.detail = self._now(), detail[:200]
                kept.next_at = self._now() + _pause(tries) if again else None
                await queries.save(session, kept)
        return True


def _pause(tries: int) -> timedelta:
    longest_s = RETRIES_S[min(tries, len(RETRIES_S)) - 1]
    return timedelta(seconds=longest_s * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, no secret
