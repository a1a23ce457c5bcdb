"""What a stop leaves, and the next start finds: facts that are not committed yet, and the floor as it was."""

import asyncio
import contextlib
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.floor.events import PresenceAsked
from app.history.restore import last_presences
from app.outbound.outbound import Outbound
from app.records.engine import reading
from app.records.errors import DatabaseUnreachable
from app.records.journal import Journal
from app.service.configuration.people import People
from app.service.outgoing import spent_before
from app.service.runner import Runner
from app.service.starting import needing
from app.system import clock
from app.system.away import is_away, reason

log = structlog.get_logger(__name__)

FLUSH_S: Final = 4.0
"""What remains of the five seconds a stop may take."""


async def secure(journal: Journal, outbound: Outbound) -> None:
    """Lose nothing by the stop: facts that are not committed go to the spool for the next start."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FLUSH_S):
            await journal.secure()
            await outbound.secure()
    state = journal.state
    if state.in_memory:
        log.error("facts_lost", facts=state.in_memory, error=state.last_error, spool_error=state.spool_error)


async def load(
    engine: AsyncEngine, journal: Journal, runner: Runner, people: People, outbound: Outbound
) -> None:
    """Put queues, operators and campaigns on the floor, operators in the presence they had when the service stopped."""
    with needing("the database"):
        await _recover(engine, journal, runner, people)
        await outbound.load()


async def _recover(engine: AsyncEngine, journal: Journal, runner: Runner, people: People) -> None:
    try:
        await journal.recover()
    except Exception as error:
        if not is_away(error):
            raise
        raise DatabaseUnreachable(f"cannot write what the spool holds: {reason(error)}") from error
    async with reading(engine) as session:
        presences = await last_presences(session)
    await journal.close_open_intervals(clock.utc_now())
    for spent in await spent_before(engine, runner.floor.outgoing.limits, clock.utc_now()):
        await runner.post(spent)
    await people.bring()
    for operator_id, presence, break_reason in presences:
        if operator_id in runner.floor.operators:
            await runner.post(PresenceAsked(operator_id, presence, break_reason, "service_restarted"))
