"""Finds leads for operators to preview, and dials those that they choose to call.

    FindLead -> pick a lead, its rules -> LeadFound -> PlaceCall: its rules again, as they now are -> dialled once
                                                   `-> ReleaseLead: given back, later when it was skipped

Commands are done one after the other, in the order of the floor. While the database is away no lead is shown.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.campaigns.errors import RulesUnfit
from app.crm.leads.columns import shown_columns
from app.crm.leads.reservation import release, set_aside
from app.domain.ids import AttemptId
from app.domain.names import display_name
from app.floor.commands import DialerCommand, FindLead, PlaceCall, ReleaseLead
from app.floor.events import AttemptNotPlaced, Event, LeadFound
from app.outbound.dialer import AWAY_AGAIN_S, COMMIT_S, FAULT_AGAIN_S, UNFIT_AGAIN_S, Dialer
from app.outbound.lead_selection import Chosen, begin_pick, judge_again, pick_leads
from app.records.engine import writing
from app.system import clock
from app.system.faults import report

log = structlog.get_logger(__name__)

LEASE_S: Final = 900.0
"""Seconds that a lead stays reserved when the service dies; longer than a preview may last."""
SKIPPED_S: Final = 3600.0
"""Seconds that a lead rests after an operator skipped it."""


class Previewer:
    """Call `run` in a task group.

    Args:
        engine: the database of leads.
        put: takes events; must return at once.
        dialer: dials leads that operators choose.
        runner: the name under which leads are reserved.
    """

    def __init__(
        self, engine: AsyncEngine, put: Callable[[Event], None], *, dialer: Dialer, runner: str
    ) -> None:
        self._engine, self._put, self._dialer, self._runner = engine, put, dialer, runner
        self._asked: deque[DialerCommand] = deque()
        self._held: dict[AttemptId, Chosen] = {}
        """Leads that operators preview now."""
        self._wake = asyncio.Event()

    def ask(self, command: DialerCommand) -> None:
        """Take a command; never waits. There is one lead at most for each operator."""
        self._asked.append(command)
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._asked:
                await self._do(self._asked.popleft())

    async def _do(self, command: DialerCommand) -> None:
        try:
            if isinstance(command, FindLead):
                async with asyncio.timeout(COMMIT_S):
                    await self._find(command)
            elif isinstance(command, PlaceCall):
                await self._place(command)
            else:
                async with asyncio.timeout(COMMIT_S):
                    await self._release(command)
        except RulesUnfit as error:
            log.exception("campaign_unfit", campaign_id=command.campaign, reason=str(error))
            self._failed(command, UNFIT_AGAIN_S)
        except Exception as error:  # noqa: BLE001 - a campaign is no reason to stop answering callers
            away = report(log, "previewer_cannot_work", error, part="previewer", campaign_id=command.campaign)
            self._failed(command, AWAY_AGAIN_S if away else FAULT_AGAIN_S)

    def _failed(self, command: DialerCommand, again_s: float) -> None:
        """Give a command up. Its lead comes back by itself when the lease is over."""
        self._held.pop(command.attempt, None)
        if not isinstance(command, ReleaseLead):
            self._put(AttemptNotPlaced(command.attempt, again_s))

    async def _find(self, command: FindLead) -> None:
        now = clock.utc_now()
        pick = await pick_leads(
            self._engine,
            command.campaign,
            [command.attempt],
            runner=self._runner,
            now=now,
            operators=[command.operator],
            locks=self._dialer.contact_locks(),
            lease_s=LEASE_S,
        )
        if pick is None:
            self._put(AttemptNotPlaced(command.attempt, AWAY_AGAIN_S))
            return
        chosen, pick.chosen = pick.chosen, []
        await begin_pick(self._engine, pick, self._runner, now)  # sets aside the leads that rules stopped
        if not chosen:
            self._put(AttemptNotPlaced(command.attempt, pick.again_s))
            return
        (one,) = chosen
        lead = one.lead
        self._held[command.attempt] = one
        self._put(
            LeadFound(
                attempt=command.attempt,
                campaign=command.campaign,
                lead=lead.id,
                number=one.number.e164,
                contact=lead.contact,
                contact_name=display_name(
                    surname=lead.surname,
                    given_name=lead.given_name,
                    patronymic=lead.patronymic,
                    company_name=lead.company_name,
                ),
                ordinal=lead.attempts + 1,
                callback_at=lead.callback_at,
                columns=shown_columns(lead.variables),
            )
        )

    async def _place(self, command: PlaceCall) -> None:
        held = self._held.pop(command.attempt, None)
        pick = None
        if held is not None:
            pick = await judge_again(
                self._engine,
                held,
                campaign=command.campaign,
                now=clock.utc_now(),
                locks=self._dialer.contact_locks(),
            )
        if pick is None or not await self._dialer.place_chosen(pick, command):
            self._put(AttemptNotPlaced(command.attempt, 0.0))

    async def _release(self, command: ReleaseLead) -> None:
        held = self._held.pop(command.attempt, None)
        if held is None:
            return
        async with writing(self._engine) as session:
            if command.skipped:
                until = clock.utc_now() + timedelta(seconds=SKIPPED_S)
                why = f"skipped: {command.reason}"
                await set_aside(session, held.lead.id, self._runner, why, until)
            else:
                await release(session, [held.lead.id], self._runner, command.reason)
