"""Queues: seen by all, set by administrators."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.accounts.service import LoggedIn
from app.api.compensation import all_or_nothing
from app.api.idempotency import IdempotentRoute
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas import QueueName
from app.api.security import Known, needs
from app.api.services import Services
from app.crm.inbound_routes.service import numbers_by_target
from app.crm.inbound_routes.tables import RouteKind
from app.crm.queues import queries
from app.crm.queues.schemas import NewQueue, QueueIn, QueueOut
from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.domain.roles import Permission
from app.floor.events import QueueRemoved, QueueSet
from app.live.queue_view import queue_view
from app.records.engine import reading, writing

QueueKey = Annotated[QueueName, Path(description="The queue's short name.")]

Reads = Annotated[LoggedIn, needs(Permission.QUEUES_READ)]
Writes = Annotated[LoggedIn, needs(Permission.QUEUES_WRITE)]
router = APIRouter(prefix="/queues", tags=["queues"], route_class=IdempotentRoute)


def _out(services: Services, settings: QueueSettings) -> QueueOut:
    floor = services.runner.floor
    queue = floor.queues.get(settings.id)
    return QueueOut.of(settings, queue_view(floor, queue) if queue is not None else None)


@router.get("", summary="All queues", responses=EVERYWHERE)
async def list_queues(_: Reads, services: Known) -> list[QueueOut]:
    """By id, with their counts now."""
    async with reading(services.engine) as session:
        queues = await queries.load_queue_settings(session)
    return [_out(services, settings) for settings in queues]


@router.post("", status_code=201, summary="Make a queue", responses=EVERYWHERE | problems(409))
async def make_queue(said: NewQueue, _: Writes, services: Known) -> QueueOut:
    """Its id is what the dialplan and routes call it."""
    id_ = QueueId(said.id)
    settings = QueueIn.model_validate(said.model_dump(exclude={"id"})).settings(id_)
    async with writing(services.engine) as session:
        if await queries.get_queue(session, id_) is not None:
            raise Problem(409, "there is a queue of this id")
        await queries.save_queue(session, settings)
    await services.runner.post(QueueSet(settings))
    return _out(services, settings)


@router.get("/{id}", summary="One queue", responses=EVERYWHERE | problems(404))
async def get_queue(id: QueueKey, _: Reads, services: Known) -> QueueOut:  # noqa: A002 - the path says it
    """One queue, with its counts now."""
    async with reading(services.engine) as session:
        settings = await queries.get_queue(session, QueueId(id))
    if settings is None:
        raise Problem(404, "no such queue")
    return _out(services, settings)


@router.put("/{id}", summary="Change a queue", responses=EVERYWHERE | problems(404, 409))
async def put_queue(
    id: QueueKey,  # noqa: A002 - the path says it
    said: QueueIn,
    _: Writes,
    services: Known,
) -> QueueOut:
    """Whole; what is left out becomes what it is by default. Waiting calls are routed anew."""
    settings = said.settings(QueueId(id))
    async with writing(services.engine) as session:
        if await queries.get_queue(session, settings.id) is None:
            raise Problem(404, "no such queue")
        await queries.save_queue(session, settings)
    await services.runner.post(QueueSet(settings))
    return _out(services, settings)


@router.delete(
    "/{id}", status_code=204, summary="Take a queue away", responses=EVERYWHERE | problems(404, 409)
)
async def remove_queue(id: QueueKey, _: Writes, services: Known) -> None:  # noqa: A002 - the path says it
    """Refused while callers wait in it, or numbers lead to it."""
    queue = QueueId(id)
    async with all_or_nothing() as undo, writing(services.engine) as session:
        if not await queries.remove_queue(session, queue):
            raise Problem(404, "no such queue")
        if queue in await numbers_by_target(session, RouteKind.QUEUE):
            raise Problem(409, "numbers lead to this queue")
        known = services.runner.floor.queues.get(queue)
        if known is not None:
            await services.runner.post(QueueRemoved(queue))  # refused: then the database keeps it, too
            undo.push_async_callback(services.runner.post, QueueSet(known.settings))
