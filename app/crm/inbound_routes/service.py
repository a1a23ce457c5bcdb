"""The rules of numbers and their routes.

Operators and queues ask this service of their numbers; so it reads their queries, not their services.
"""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.inbound_routes import queries
from app.crm.inbound_routes.errors import NumberTaken, RouteTargetUnknown, RouteUnknown
from app.crm.inbound_routes.tables import RouteKind, RouteRow
from app.crm.operators.queries import get_operator, load_operator_settings
from app.crm.queues.queries import get_queue
from app.crm.ways.service import ways_kept
from app.domain.ids import OperatorId, QueueId
from app.domain.references import ReferenceUnknown
from app.pbx.realtime.softphones import Route

_DIGITS = 9
"""The most digits of an operator's id."""


async def list_routes(session: AsyncSession) -> Sequence[RouteRow]:
    """Every route, by number."""
    return await queries.list_routes(session)


async def put_route(session: AsyncSession, row: RouteRow) -> RouteRow:
    """Make a route, or change it whole.

    Raises:
        ReferenceUnknown: there is no such queue or operator.
        CallersGetNowhere: a department is reached by this number alone where it led to.
    """
    kind = RouteKind(row.kind)
    if kind is RouteKind.QUEUE:
        there = await get_queue(session, QueueId(row.target)) is not None
    else:
        there = await get_operator(session, _operator(row.target)) is not None
    if not there:
        raise ReferenceUnknown("target", RouteTargetUnknown(kind=kind.value, target=row.target))
    async with ways_kept(session):
        return await queries.save_route(session, row)


async def remove_route(session: AsyncSession, number: str) -> None:
    """Remove the route of a number.

    Raises:
        RouteUnknown: it has none.
        CallersGetNowhere: a department is reached by this number alone.
    """
    async with ways_kept(session):
        if not await queries.remove_route(session, number):
            raise RouteUnknown(number=number)


async def lead_to_operator(session: AsyncSession, number: str, operator: OperatorId) -> None:
    """Route a number that has no route to an operator.

    Raises:
        NumberTaken: it has a route.
    """
    if await queries.get_route(session, number) is not None:
        raise NumberTaken(number=number)
    await queries.save_route(
        session, RouteRow(number=number, kind=RouteKind.OPERATOR.value, target=str(operator))
    )


async def take_operator_away(session: AsyncSession, operator: OperatorId) -> None:
    """Remove all routes to an operator."""
    await queries.remove_routes_to(session, RouteKind.OPERATOR, str(operator))


async def numbers_by_target(session: AsyncSession, kind: RouteKind) -> dict[str, list[str]]:
    """Numbers that lead to each queue, or to each operator, in order."""
    found: dict[str, list[str]] = {}
    for target, number in await queries.numbers_of_kind(session, kind):
        found.setdefault(target, []).append(number)
    return found


async def routes_of_dialplan(session: AsyncSession) -> list[Route]:
    """All routes as the dialplan reads them; a number of somebody who is no active operator leads nowhere."""
    endpoints = {str(one.id): one.endpoint for one in await load_operator_settings(session)}
    found = []
    for row in await queries.list_routes(session):
        target = row.target if row.kind == RouteKind.QUEUE.value else endpoints.get(row.target)
        if target is not None:
            found.append(_as_read(row, target))
    return found


def _operator(target: str) -> OperatorId:
    return OperatorId(int(target) if target.isdecimal() and len(target) <= _DIGITS else 0)


def _as_read(row: RouteRow, target: str) -> Route:
    kind: Literal["queue", "operator"] = "queue" if row.kind == RouteKind.QUEUE.value else "operator"
    return Route(
        number=row.number,
        kind=kind,
        target=target,
        answer=row.answer,
        music=row.music,
        language=row.language,
        skills=tuple(row.skills),
        priority=row.priority,
    )
