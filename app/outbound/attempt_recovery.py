"""Finds out what became of attempts whose end nobody heard: from the PBX's channels, then from its own event log.

    records -> AttemptRestored -> floor -> still there: it goes on
                                        -> gone: `unknown` -> event log -> the true outcome

After a start the records have attempts without an end. They go back onto the floor before the PBX is heard, so that
calls that still ring or talk keep their customers. Attempts that the floor then has to end as unknown are looked for
in the log. No attempt is ever dialled again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.attempts.queries import open_attempts
from app.crm.attempts.tables import AttemptRow
from app.crm.leads.columns import shown_columns
from app.crm.leads.queries import get_lead
from app.crm.leads.tables import LeadRow
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, CampaignId, ChannelId, ContactId, LeadId, OperatorId
from app.domain.names import display_name
from app.floor.events import AttemptRestored, Event
from app.floor.facts import StepResult
from app.floor.floor import Floor
from app.history.past_attempts import past_attempt
from app.outbound.attempt_writer import AttemptWriter, Ended, OptedOut
from app.pbx.clocks import HeardClock
from app.pbx.event_log import Entry, EventLog
from app.records.engine import reading
from app.system import clock
from app.system.faults import report

log = structlog.get_logger(__name__)

LOOK_S: Final = 1.0
"""Seconds between two looks into the log while an attempt is unknown."""
DOUBT_S: Final = 10.0
"""Seconds that the log may take to tell of an end; then the attempt stays unknown."""


class AttemptRecovery:
    """Call `restore` once, then `run` in a task group.

    Args:
        events: the PBX's event log; None where it keeps none.
        engine: the records.
        floor: read between steps.
        writer: writes what is found out.
        pbx_clock: what is known of the PBX's clock.
    """

    def __init__(
        self,
        events: EventLog | None,
        engine: AsyncEngine,
        floor: Floor,
        *,
        writer: AttemptWriter,
        pbx_clock: HeardClock,
    ) -> None:
        self._events, self._engine, self._floor = events, engine, floor
        self._writer, self._clock = writer, pbx_clock
        self._unknown: dict[AttemptId, float] = {}
        """Until when the log is asked about each attempt, monotonic seconds."""
        self._wake = asyncio.Event()

    async def open(self) -> Sequence[AttemptRow]:
        """Attempts without an end on record.

        Raises:
            SQLAlchemyError, OSError: the database is away.
        """
        async with reading(self._engine) as session:
            return await open_attempts(session)

    async def restore(
        self, attempts: Sequence[AttemptRow], post: Callable[[Event], Coroutine[Any, Any, StepResult]]
    ) -> None:
        """Put attempts back onto the floor before the PBX is first heard; their campaigns must be there."""
        for row in attempts:
            async with reading(self._engine) as session:
                lead = await get_lead(session, LeadId(row.lead_id))
            await post(_restored(row, lead))
            if AttemptId(row.id) not in self._floor.attempts:  # its campaign cannot be on the floor
                self._writer.write(
                    Ended(attempt=AttemptId(row.id), outcome=AttemptOutcome.UNKNOWN, at=clock.utc_now())
                )
        if attempts:
            log.info("attempts_restored", attempts=len(attempts))

    def ask(self, attempt: AttemptId) -> None:
        """Ask the log about an attempt that is on record as unknown."""
        self._unknown[attempt] = clock.monotonic() + DOUBT_S
        self._wake.set()

    async def run(self) -> None:
        """Ask the log until cancelled."""
        if self._events is None:
            return
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._unknown:
                    try:
                        await self._look(self._events)
                    except Exception as error:  # noqa: BLE001 - nor is it a reason to stop answering callers
                        asked = len(self._unknown)
                        if not report(
                            log, "attempts_not_asked", error, part="attempt_recovery", attempts=asked
                        ):
                            self._unknown.clear()  # they stay unknown on record: none is dialled again
                    if self._unknown:
                        await asyncio.sleep(LOOK_S)
        finally:
            await self._events.close()

    async def _look(self, events: EventLog) -> None:
        asked = list(self._unknown)
        now_s = clock.monotonic()
        entries: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in await events.families(ChannelId(attempt) for attempt in asked):
            entries[entry.unique].append(entry)
        for attempt in asked:
            try:
                self._find_out(attempt, entries[attempt], now_s)
            except Exception as error:  # noqa: BLE001 - one attempt is no reason not to find out about the others
                report(log, "attempt_not_found_out", error, part="attempt_recovery", attempt=attempt)
                del self._unknown[attempt]

    def _find_out(self, attempt: AttemptId, entries: Sequence[Entry], now_s: float) -> None:
        past = past_attempt(entries, attempt, self._clock.ahead_s)
        if past is not None and past.outcome is not None:
            if past.opted_out:
                self._writer.write(OptedOut(attempt, past.ended_at))
            self._writer.write(
                Ended(
                    attempt=attempt,
                    outcome=past.outcome,
                    at=past.ended_at,
                    cause=past.cause,
                    answered_at=past.answered_at,
                    connected_at=past.connected_at,
                    amd=past.amd,
                    call=attempt if past.answered_at is not None else None,
                )
            )
            log.info("attempt_found_out", attempt=attempt, outcome=past.outcome.value)
        elif attempt not in self._floor.attempts and self._unknown[attempt] > now_s:
            return
        del self._unknown[attempt]  # found out; or the floor has it and will end it; or unknown for good


def _restored(row: AttemptRow, lead: LeadRow | None) -> AttemptRestored:
    name = (
        display_name(
            surname=lead.surname,
            given_name=lead.given_name,
            patronymic=lead.patronymic,
            company_name=lead.company_name,
        )
        if lead is not None
        else ""
    )
    return AttemptRestored(
        attempt=AttemptId(row.id),
        campaign=CampaignId(row.campaign_id),
        lead=LeadId(row.lead_id),
        number=row.number,
        contact=ContactId(row.contact_id) if row.contact_id is not None else None,
        contact_name=name,
        operator=OperatorId(lead.callback_operator)
        if lead is not None and lead.callback_operator is not None
        else None,
        columns=shown_columns(lead.variables) if lead is not None else (),
    )
