"""Queues: seen by all users, set by administrators."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.accounts.service import LoggedIn
from app.api.configuration import Configuring, later
from app.api.etags import TAGGED, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.problems import refusals
from app.api.schemas import QueueName
from app.api.security import Known, needs
from app.api.services import Services
from app.crm.departments.errors import DepartmentsUseQueue
from app.crm.queues import service
from app.crm.queues.errors import (
    KEPT,
    CampaignsUseQueue,
    NumbersLeadToQueue,
    QueueExists,
    QueuesOverflowIntoIt,
    QueueUnknown,
)
from app.crm.queues.schemas import NewQueue, PauseIn, QueueIn, QueueOut
from app.crm.queues.tables import QueueRow
from app.crm.ways.errors import NOWHERE
from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.domain.roles import Permission
from app.floor.errors import CallersWait
from app.live.queue_view import queue_view
from app.records.engine import reading
from app.records.versions import version_of, versions_of

QueueKey = Annotated[QueueName, Path(description="The queue's short name.")]

Reads = Annotated[LoggedIn, needs(Permission.QUEUES_READ)]
Steers = Annotated[LoggedIn, needs(Permission.CALLS_STEER)]
Writes = Annotated[LoggedIn, needs(Permission.QUEUES_WRITE)]
router = APIRouter(prefix="/queues", tags=["queues"], route_class=IdempotentRoute)


def _out(services: Services, settings: QueueSettings, version: int) -> QueueOut:
    floor = services.runner.floor
    queue = floor.queues.get(settings.id)
    return QueueOut.of(settings, version, queue_view(floor, queue) if queue is not None else None)


@router.get("", summary="All queues", responses=refusals())
async def list_queues(_: Reads, services: Known) -> list[QueueOut]:
    """Returns all queues by id, each with its counts now."""
    async with reading(services.engine) as session:
        versions = await versions_of(session, QueueRow)
        queues = await service.list_queues(session)
    return [_out(services, settings, versions.get(settings.id, 1)) for settings in queues]


@router.post(
    "",
    status_code=201,
    summary="Make a queue",
    responses=refusals(QueueExists, *KEPT, *NOWHERE) | later(201, tagged=True),
)
async def make_queue(
    said: NewQueue, who: Writes, services: Known, configuring: Configuring, tag: Tag
) -> QueueOut:
    """The dialplan and the routes name the queue by its id."""
    settings = QueueIn.model_validate(said.model_dump(exclude={"id"})).settings(QueueId(said.id))
    async with configuring(who.actor) as session:
        await service.make_queue(session, settings)
    return tag(_out(services, settings, 1))


@router.get("/{id}", summary="One queue", responses=refusals(QueueUnknown) | TAGGED)
async def get_queue(id: QueueKey, _: Reads, services: Known, tag: Tag) -> QueueOut:  # noqa: A002 - the path says it
    """Returns one queue with its counts now."""
    async with reading(services.engine) as session:
        version = await version_of(session, QueueRow, id)
        settings = await service.get_queue(session, QueueId(id))
    return tag(_out(services, settings, version))


@router.put(
    "/{id}",
    summary="Change a queue",
    responses=refusals(QueueUnknown, *KEPT, *NOWHERE, *UNSEEN) | later(200, tagged=True),
)
async def put_queue(
    id: QueueKey,  # noqa: A002 - the path says it
    said: QueueIn,
    who: Writes,
    services: Known,
    configuring: Configuring,
    *,
    match: Match,
) -> QueueOut:
    """The body replaces the whole queue; a field that is left out gets its default. Waiting calls are routed anew."""
    settings = said.settings(QueueId(id))
    async with configuring(who.actor) as session:
        await match.check(session, QueueRow, id)
        settings = await service.change_queue(session, settings)
        version = await version_of(session, QueueRow, id)
    return match(_out(services, settings, version))


@router.put(
    "/{id}/pause",
    summary="Pause a queue, or open it again",
    responses=refusals(QueueUnknown) | later(200, tagged=True),
)
async def put_pause(
    id: QueueKey,  # noqa: A002 - the path says it
    said: PauseIn,
    who: Steers,
    services: Known,
    configuring: Configuring,
    *,
    tag: Tag,
) -> QueueOut:
    """Nobody waits in a paused queue. Whoever calls it, or waits in it, goes to the overflow queue at once. Where there
    is none, or it is paused, too, the caller hears the queue's message and the call ends. Phones that ring go on
    ringing, and talks go on. Customers whom a campaign called are not sent on.
    """
    async with configuring(who.actor) as session:
        settings = await service.pause_queue(session, QueueId(id), said.why)
        version = await version_of(session, QueueRow, id)
    return tag(_out(services, settings, version))


@router.delete(
    "/{id}",
    status_code=204,
    summary="Take a queue away",
    responses=refusals(
        QueueUnknown,
        NumbersLeadToQueue,
        QueuesOverflowIntoIt,
        CampaignsUseQueue,
        DepartmentsUseQueue,
        CallersWait,
        *NOWHERE,
        *UNSEEN,
    )
    | later(204),
)
async def remove_queue(
    id: QueueKey,  # noqa: A002 - the path says it
    who: Writes,
    services: Known,
    configuring: Configuring,
    match: Match,
) -> None:
    """Refused while callers wait in it, numbers, departments or other queues lead to it, or campaigns use it."""
    async with configuring(who.actor) as session:
        await match.check(session, QueueRow, id)
        await service.remove_queue(session, services.runner.floor, QueueId(id))
