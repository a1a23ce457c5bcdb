"""Numbers and where they lead, kept alike in the database and where the dialplan reads them."""

from contextlib import AsyncExitStack
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.api.services import Services
from app.crm.inbound_routes import queries
from app.crm.inbound_routes.tables import RouteKind, RouteRow
from app.crm.operators import queries as operator_queries
from app.crm.queues import queries as queue_queries
from app.domain.ids import OperatorId, QueueId
from app.pbx.realtime.softphones import Route


async def target_of(session: AsyncSession, kind: RouteKind, target: str) -> str | None:
    """What the dialplan calls it: a queue's id, an operator's endpoint; None when there is none."""
    if kind is RouteKind.QUEUE:
        queue = await queue_queries.get_queue(session, QueueId(target))
        return queue.id if queue is not None else None
    id_ = int(target) if target.isdigit() and len(target) < 10 else 0
    operator = await operator_queries.get_operator(session, OperatorId(id_))
    return operator.endpoint if operator is not None else None


async def lead(
    session: AsyncSession, services: Services, undo: AsyncExitStack, row: RouteRow, target: str
) -> RouteRow:
    """Let a number lead somewhere, in both places.

    Args:
        undo: is given what puts the PBX's side back.
        target: as `target_of` gives it.
    """
    before = await _written(session, row.number)
    saved = await queries.save_route(session, row)
    if services.softphones is not None:
        if before is not None:
            undo.push_async_callback(services.softphones.put_route, before)
        else:
            undo.push_async_callback(services.softphones.remove_route, row.number)
        await services.softphones.put_route(_as_read(saved, target))
    return saved


async def take_away(session: AsyncSession, services: Services, undo: AsyncExitStack, number: str) -> bool:
    """Let a number lead nowhere, in both places; False when it did not lead anywhere.

    Args:
        undo: is given what puts the PBX's side back.
    """
    before = await _written(session, number)
    if not await queries.remove_route(session, number):
        return False
    if services.softphones is not None:
        if before is not None:
            undo.push_async_callback(services.softphones.put_route, before)
        await services.softphones.remove_route(number)
    return True


async def numbers_by_target(session: AsyncSession, kind: RouteKind) -> dict[str, list[str]]:
    """Numbers that lead to each queue, or to each operator, in order."""
    found: dict[str, list[str]] = {}
    for row in await queries.list_routes(session):
        if row.kind == kind.value:
            found.setdefault(row.target, []).append(row.number)
    return found


async def _written(session: AsyncSession, number: str) -> Route | None:
    row = await queries.get_route(session, number)
    target = await target_of(session, RouteKind(row.kind), row.target) if row is not None else None
    return _as_read(row, target) if row is not None and target is not None else None


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
