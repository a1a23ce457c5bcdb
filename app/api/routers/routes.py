"""Numbers that can be dialed, and where each leads."""

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas.common import Number
from app.api.schemas.work import RouteIn, RouteOut
from app.api.security import Administrator, Known, Supervisor
from app.floor.model import OperatorId, QueueId
from app.pbx.softphones import Route, digits
from app.records.engine import reading, writing
from app.records.queries import operators as operator_queries
from app.records.queries import queues as queue_queries
from app.records.queries import routes as queries
from app.records.tables import RouteKind, RouteRow

router = APIRouter(prefix="/routes", tags=["routes"])


@router.get("", summary="All routes", responses=EVERYWHERE)
async def list_routes(_: Supervisor, services: Known) -> list[RouteOut]:
    """By number."""
    async with reading(services.engine) as session:
        return [RouteOut.of(row) for row in await queries.list_routes(session)]


@router.put("/{number}", summary="Set a route", responses=EVERYWHERE | problems(404))
async def put_route(number: Number, said: RouteIn, _: Administrator, services: Known) -> RouteOut:
    """Made or changed whole; in force from the next call. The number is kept as digits."""
    row = RouteRow(number=digits(number), **said.model_dump(mode="json"))
    async with writing(services.engine) as session:
        target = await _target(session, said)
        if target is None:
            raise Problem(404, f"there is no such {said.kind.value} to lead to")
        saved = await queries.save_route(session, row)
        if services.softphones is not None:  # before the commit: what the PBX did not take is not kept
            await services.softphones.put_route(
                Route(
                    number=row.number,
                    kind=said.kind.value,
                    target=target,
                    answer=said.answer,
                    music=said.music,
                    language=said.language,
                    skills=tuple(said.skills),
                    priority=said.priority,
                )
            )
    return RouteOut.of(saved)


async def _target(session: AsyncSession, said: RouteIn) -> str | None:
    """What the dialplan calls it: a queue's id, an operator's endpoint; None when there is none."""
    if said.kind is RouteKind.QUEUE:
        queue = await queue_queries.get_queue(session, QueueId(said.target))
        return queue.id if queue is not None else None
    id_ = int(said.target) if said.target.isdigit() and len(said.target) < 10 else 0
    operator = await operator_queries.get_operator(session, OperatorId(id_))
    return operator.endpoint if operator is not None else None


@router.delete(
    "/{number}", status_code=204, summary="Take a route away", responses=EVERYWHERE | problems(404)
)
async def remove_route(number: Number, _: Administrator, services: Known) -> None:
    """Who dials the number from now on hears that it is not in service."""
    async with writing(services.engine) as session:
        if not await queries.remove_route(session, digits(number)):
            raise Problem(404, "no such route")
        if services.softphones is not None:
            await services.softphones.remove_route(digits(number))
