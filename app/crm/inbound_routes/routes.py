"""Numbers that can be dialed, and where each leads."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.accounts.service import LoggedIn
from app.api.compensation import all_or_nothing
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas import TypedNumber
from app.api.security import Known, needs
from app.crm.inbound_routes import queries
from app.crm.inbound_routes.schemas import RouteIn, RouteOut
from app.crm.inbound_routes.service import lead, take_away, target_of
from app.crm.inbound_routes.tables import RouteRow
from app.domain.roles import Permission
from app.numbers.reader import dialled
from app.records.engine import reading, writing

DialledNumber = Annotated[TypedNumber, Path(description="The number that is dialled.")]

Reads = Annotated[LoggedIn, needs(Permission.ROUTES_READ)]
Writes = Annotated[LoggedIn, needs(Permission.ROUTES_WRITE)]
router = APIRouter(prefix="/routes", tags=["routes"])


@router.get("", summary="All routes", responses=EVERYWHERE)
async def list_routes(_: Reads, services: Known) -> list[RouteOut]:
    """By number."""
    async with reading(services.engine) as session:
        return [RouteOut.of(row) for row in await queries.list_routes(session)]


@router.put("/{number}", summary="Set a route", responses=EVERYWHERE | problems(404))
async def put_route(number: DialledNumber, said: RouteIn, _: Writes, services: Known) -> RouteOut:
    """Made or changed whole; in force from the next call. The number is kept as digits."""
    row = RouteRow(number=dialled(number), **said.model_dump(mode="json"))
    async with all_or_nothing() as undo, writing(services.engine) as session:
        target = await target_of(session, said.kind, said.target)
        if target is None:
            raise Problem(404, f"there is no such {said.kind.value} to lead to")
        saved = await lead(session, services, undo, row, target)
    return RouteOut.of(saved)


@router.delete(
    "/{number}", status_code=204, summary="Take a route away", responses=EVERYWHERE | problems(404)
)
async def remove_route(number: DialledNumber, _: Writes, services: Known) -> None:
    """Who dials the number from now on hears that it is not in service."""
    async with all_or_nothing() as undo, writing(services.engine) as session:
        if not await take_away(session, services, undo, dialled(number)):
            raise Problem(404, "no such route")
