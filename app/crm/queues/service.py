"""The rules of queues."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.campaigns.queries import titles_of_queue
from app.crm.departments.errors import DepartmentsUseQueue
from app.crm.departments.queries import titles_of_queue as departments_of_queue
from app.crm.inbound_routes.service import numbers_by_target
from app.crm.inbound_routes.tables import RouteKind
from app.crm.queues import queries
from app.crm.queues.errors import (
    CampaignsUseQueue,
    NumbersLeadToQueue,
    OverflowUnnamed,
    PopUrlUnfit,
    QueueExists,
    QueueSoundUnknown,
    QueuesOverflowIntoIt,
    QueueUnknown,
)
from app.crm.sounds.queries import get_sound
from app.crm.ways.service import ways_kept
from app.domain.ids import QueueId
from app.domain.pop_urls import CRM_URL, VARIABLES, fault_of
from app.domain.queues import MaxWait, QueueSettings
from app.domain.references import named
from app.floor.calls.queues import check_queue_removal
from app.floor.floor import Floor
from app.pbx.sounds import PREFIX


async def list_queues(session: AsyncSession) -> list[QueueSettings]:
    """Every queue, by id."""
    return await queries.load_queue_settings(session)


async def get_queue(session: AsyncSession, queue: QueueId) -> QueueSettings:
    """One queue.

    Raises:
        QueueUnknown: there is none of this id.
    """
    found = await queries.get_queue(session, queue)
    if found is None:
        raise QueueUnknown(queue=queue)
    return found


async def require_queues(session: AsyncSession, queues: Iterable[str], field: str = "queues") -> None:
    """Check that queues exist which a field of a request names.

    Raises:
        ReferenceUnknown: one does not.
    """
    for place, queue in enumerate(queues):
        with named(f"{field}.{place}"):
            await get_queue(session, QueueId(queue))


async def make_queue(session: AsyncSession, settings: QueueSettings) -> None:
    """Keep a new queue.

    Raises:
        QueueExists: there is one of this id.
        KEPT, NOWHERE: see there.
        ReferenceUnknown: the queue to overflow into is not there.
    """
    if await queries.get_queue(session, settings.id) is not None:
        raise QueueExists(queue=settings.id)
    async with ways_kept(session):
        await _save(session, settings)


async def change_queue(session: AsyncSession, settings: QueueSettings) -> QueueSettings:
    """Change a queue, whole, but for whether it is paused; returns it as it is kept.

    Raises:
        QueueUnknown: there is none of this id.
        KEPT, NOWHERE: see there.
        ReferenceUnknown: the queue to overflow into is not there.
    """
    known = await get_queue(session, settings.id)
    kept = replace(settings, paused=known.paused)
    async with ways_kept(session):
        await _save(session, kept)
    return kept


async def pause_queue(session: AsyncSession, queue: QueueId, why: str | None) -> QueueSettings:
    """Pause a queue, or open it again.

    Args:
        session: that writes.
        queue: its id.
        why: the reason, which may be empty; None: the queue is open again.

    Raises:
        QueueUnknown: there is none of this id.
    """
    paused = await queries.pause_queue(session, queue, why)
    if paused is None:
        raise QueueUnknown(queue=queue)
    return paused


async def remove_queue(session: AsyncSession, floor: Floor, queue: QueueId) -> None:
    """Remove a queue with its memberships.

    A caller who arrives before the floor learns of the removal is served: the queue leaves the floor once nobody waits.

    Raises:
        QueueUnknown: there is none of this id.
        NumbersLeadToQueue, QueuesOverflowIntoIt, CampaignsUseQueue, DepartmentsUseQueue: numbers, queues or departments
            lead to it, or campaigns use it.
        NotPossible: callers wait in it.
    """
    await get_queue(session, queue)
    if numbers := (await numbers_by_target(session, RouteKind.QUEUE)).get(queue):
        raise NumbersLeadToQueue(queue=queue, numbers=numbers)
    if others := [
        one.id for one in await list_queues(session) if one.id != queue and one.overflow_queue == queue
    ]:
        raise QueuesOverflowIntoIt(queue=queue, queues=others)
    if campaigns := await titles_of_queue(session, queue):
        raise CampaignsUseQueue(queue=queue, campaigns=campaigns)
    if departments := await departments_of_queue(session, queue):
        raise DepartmentsUseQueue(queue=queue, departments=departments)
    check_queue_removal(floor, queue)
    await queries.remove_queue(session, queue)


async def _save(session: AsyncSession, settings: QueueSettings) -> None:
    if part := fault_of(settings.pop_url):
        raise PopUrlUnfit(part=part, variables=[f"{{{one}}}" for one in VARIABLES], crm_url=CRM_URL)
    overflows = settings.max_wait_s > 0 and settings.max_wait_then is MaxWait.QUEUE
    if overflows and settings.overflow_queue is None:
        raise OverflowUnnamed
    if settings.leave_message.startswith(PREFIX):
        name = settings.leave_message.removeprefix(PREFIX)
        if await get_sound(session, name) is None:
            raise QueueSoundUnknown(sound=settings.leave_message)
    if settings.overflow_queue is not None and settings.overflow_queue != settings.id:
        with named("overflow_queue"):
            await get_queue(session, settings.overflow_queue)
    await queries.save_queue(session, settings)
