"""The ways of callers as the rows have them."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.cases.dead_ends import Centre
from app.cases.reach import Goal
from app.crm.departments.tables import DepartmentRow
from app.crm.departments.terms import ways_of
from app.crm.inbound_routes.queries import list_routes
from app.crm.operators.queries import load_operator_settings
from app.crm.operators.tables import OperatorRow
from app.crm.queues.queries import load_queue_settings
from app.domain.queues import MaxWait, QueueSettings

_TURN: Final = 0x77617973
"""The key of a lock that whoever changes ways takes."""


async def wait_for_turn(session: AsyncSession) -> None:
    """Wait until nobody else changes ways; until the commit, nobody does then. SQLite has one writer anyhow."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN})


async def read_ways(session: AsyncSession) -> Centre:
    """All ways of callers, as this transaction sees them."""
    departments = await session.scalars(select(DepartmentRow).where(col(DepartmentRow.active)))
    return Centre(
        numbers={one.number: Goal(one.kind, one.target) for one in await list_routes(session)},
        queues={one.id: _overflow(one) for one in await load_queue_settings(session)},
        users={str(id_) for id_ in await session.scalars(select(OperatorRow.id))},
        operators={str(one.id) for one in await load_operator_settings(session)},
        departments=ways_of(departments.all()),
    )


async def titles_of(session: AsyncSession, departments: list[int]) -> list[str]:
    """The names of departments."""
    return list(
        await session.scalars(select(DepartmentRow.title).where(col(DepartmentRow.id).in_(departments)))
    )


def _overflow(queue: QueueSettings) -> str | None:
    """Where calls go after the longest wait; empty: to a queue that is not named."""
    if queue.max_wait_s <= 0 or queue.max_wait_then is not MaxWait.QUEUE:
        return None
    return queue.overflow_queue or ""
