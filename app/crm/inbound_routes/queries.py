"""The routes of dialled numbers, as rows."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.inbound_routes.tables import RouteKind, RouteRow
from app.records.versions import columns_of, raise_version


async def list_routes(session: AsyncSession) -> Sequence[RouteRow]:
    """Every route, by number."""
    return (await session.scalars(select(RouteRow).order_by(col(RouteRow.number)))).all()


async def numbers_of_kind(session: AsyncSession, kind: RouteKind) -> list[tuple[str, str]]:
    """Targets of a kind, each with a number that leads to it, by number."""
    query = select(RouteRow.target, RouteRow.number).where(col(RouteRow.kind) == kind.value)
    return [
        (target, number) for target, number in await session.execute(query.order_by(col(RouteRow.number)))
    ]


async def get_route(session: AsyncSession, number: str) -> RouteRow | None:
    """The route of a number, or None."""
    return await session.get(RouteRow, number)


async def save_route(session: AsyncSession, route: RouteRow) -> RouteRow:
    """Make a route or change it whole; the key is its number."""
    row = await session.get(RouteRow, route.number)
    if row is None:
        session.add(route)
        await session.flush()
        return route
    was = columns_of(row)
    for name in was.keys() - {"version"}:
        setattr(row, name, getattr(route, name))
    raise_version(row, was)
    await session.flush()
    return row


async def remove_route(session: AsyncSession, number: str) -> bool:
    """Take a route away; False when there was none."""
    row = await session.get(RouteRow, number)
    if row is None:
        return False
    await session.delete(row)
    await session.flush()
    return True


async def remove_routes_to(session: AsyncSession, kind: RouteKind, target: str) -> None:
    """Remove all routes to a target."""
    to = (col(RouteRow.kind) == kind.value, col(RouteRow.target) == target)
    for row in (await session.scalars(select(RouteRow).where(*to))).all():
        await session.delete(row)
    await session.flush()
