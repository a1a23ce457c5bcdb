"""Numbers that can be dialed, and where each leads."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.accounts.service import LoggedIn
from app.api.configuration import Configuring, later
from app.api.etags import UNSEEN, Match
from app.api.problems import refusals
from app.api.schemas import TypedNumber
from app.api.security import Known, needs
from app.crm.inbound_routes import service
from app.crm.inbound_routes.errors import RouteUnknown
from app.crm.inbound_routes.schemas import RouteIn, RouteOut
from app.crm.inbound_routes.tables import RouteRow
from app.crm.ways.errors import NOWHERE
from app.domain.roles import Permission
from app.numbers.errors import UNREADABLE
from app.numbers.reader import dialled
from app.records.engine import reading

DialledNumber = Annotated[TypedNumber, Path(description="The number that is dialled.")]

Reads = Annotated[LoggedIn, needs(Permission.ROUTES_READ)]
Writes = Annotated[LoggedIn, needs(Permission.ROUTES_WRITE)]
router = APIRouter(prefix="/routes", tags=["routes"])


@router.get("", summary="All routes", responses=refusals())
async def list_routes(_: Reads, services: Known) -> list[RouteOut]:
    """Returns all routes, by number."""
    async with reading(services.engine) as session:
        return [RouteOut.of(row) for row in await service.list_routes(session)]


@router.put(
    "/{number}",
    summary="Set a route",
    responses=refusals(*NOWHERE, *UNREADABLE, *UNSEEN) | later(200, tagged=True),
)
async def put_route(
    number: DialledNumber, said: RouteIn, who: Writes, configuring: Configuring, match: Match
) -> RouteOut:
    """Makes a route or replaces it as a whole; it is in force from the next call. The number is kept as digits.

    `If-Match: "0"` only makes one: where the number has a route already, 412.
    """
    row = RouteRow(number=dialled(number), **said.model_dump(mode="json"))
    async with configuring(who.actor) as session:
        await match.check(session, RouteRow, row.number)
        saved = await service.put_route(session, row)
    return match(RouteOut.of(saved))


@router.delete(
    "/{number}",
    status_code=204,
    summary="Take a route away",
    responses=refusals(RouteUnknown, *NOWHERE, *UNREADABLE, *UNSEEN) | later(204),
)
async def remove_route(number: DialledNumber, who: Writes, configuring: Configuring, match: Match) -> None:
    """A caller who dials the number from now on hears that it is not in service."""
    async with configuring(who.actor) as session:
        await match.check(session, RouteRow, dialled(number))
        await service.remove_route(session, dialled(number))
