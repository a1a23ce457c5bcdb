"""Everything that campaigns need beside the floor: rows to the floor, leads to dials, outcomes to the records."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.domain.ids import CampaignId
from app.floor.commands import DialerCommand, PlaceCall
from app.floor.events import Event, TrunkSet
from app.floor.facts import StepResult
from app.floor.floor import Floor
from app.outbound.attempt_recovery import AttemptRecovery
from app.outbound.attempt_writer import AttemptWriter
from app.outbound.campaign_sync import CampaignSync
from app.outbound.dialer import Dialer
from app.outbound.previewer import Previewer
from app.pbx.clocks import HeardClock
from app.pbx.event_log import EventLog
from app.system.faults import report

log = structlog.get_logger(__name__)

CLOSE_S = 0.5
"""Seconds that begun attempts may still take to be dialled when the service stops."""


class Outbound:
    """Call `load` once, then `run` in a task group. Give `note` to the runner as a sink.

    Args:
        engine: the records.
        floor: read between steps.
        put: gives the floor an event; must return at once.
        post: gives the floor an event and waits for the outcome.
        place: tells the PBX to dial a number; returns whether the Originate was sent.
        name: the name under which leads are reserved, the same after a restart.
        trunks: limits of trunks.
        default: limits of every other trunk.
        events: the PBX's event log; None where it keeps none.
        pbx_clock: what is known of the PBX's clock.
        wake: called when campaigns are to be brought onto the floor.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        floor: Floor,
        put: Callable[[Event], None],
        post: Callable[[Event], Coroutine[Any, Any, StepResult]],
        place: Callable[[PlaceCall, str], bool],
        *,
        name: str,
        trunks: Sequence[TrunkSet],
        default: TrunkSet,
        events: EventLog | None,
        pbx_clock: HeardClock,
        wake: Callable[[], None],
    ) -> None:
        self._writer = AttemptWriter(engine, unknown=lambda attempt: self._recovery.ask(attempt))  # noqa: PLW0108 - not yet there
        self._recovery = AttemptRecovery(events, engine, floor, writer=self._writer, pbx_clock=pbx_clock)
        self._post = post
        self._dialer = Dialer(engine, floor, put, place, writer=self._writer, runner=name)
        self._previewer = Previewer(engine, put, dialer=self._dialer, runner=name)
        self.campaigns = CampaignSync(
            engine,
            floor,
            post,
            trunks=trunks,
            default=default,
            notify_changed=self._dialer.notify_changed,
            wake=wake,
        )
        self._closed = asyncio.Event()

    def note(self, outcome: StepResult) -> None:
        """Take what is to be written of one outcome; takes microseconds."""
        self._writer.note(outcome)

    def ask(self, command: DialerCommand) -> None:
        """Place a call, or find or give back a lead that an operator previews; never waits."""
        if isinstance(command, PlaceCall) and command.operator is None:
            self._dialer.ask(command)
        else:
            self._previewer.ask(command)

    def campaign_changed(self, campaign: CampaignId) -> None:
        """A campaign was changed, or its leads were."""
        self.campaigns.changed(campaign)

    async def load(self) -> None:
        """Put campaigns onto the floor as the service starts.

        Raises:
            SQLAlchemyError, OSError: the database is away.
        """
        await self._dialer.release()
        attempts = await self._recovery.open()
        await self.campaigns.load({CampaignId(row.campaign_id) for row in attempts})
        await self._recovery.restore(attempts, self._post)

    async def run(self) -> None:
        """Run campaigns until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._writer.run())
            group.create_task(self.campaigns.run())
            group.create_task(self._recovery.run())
            group.create_task(self._previewer.run())
            await self._dialer.run()
            self._closed.set()

    async def close(self) -> None:
        """Place nothing more."""
        self._dialer.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await self._closed.wait()

    async def secure(self) -> None:
        """Write all entries, and give back leads that are not dialled.

        The next start asks the PBX about attempts that are not written. Leads that are not given back return when their
        lease is over.
        """
        await self._writer.flush()
        try:
            await self._dialer.release()
        except Exception as error:  # noqa: BLE001 - a stop goes on, whatever fails
            report(log, "leads_not_released", error, part="dialer")
