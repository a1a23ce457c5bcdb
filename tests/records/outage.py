"""A database that goes away and comes back, for tests: PostgreSQL stopped, SQLite's tables out of reach."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event, func
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from app.records.base import metadata
from app.records.engine import reading
from app.records.journal import Journal
from app.records.tables import CallEventRow, CallRow, OperatorStateRow

HISTORY = ("call", "call_leg", "call_event", "operator_state")
DEADLINE_S = 60.0


@asynccontextmanager
async def running(journal: Journal) -> AsyncIterator[Journal]:
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        task = group.create_task(journal.run())
        yield journal
        task.cancel()


@asynccontextmanager
async def away(engine: AsyncEngine) -> AsyncIterator[None]:
    """No fact can be written as long as it lasts."""

    def fail(_: Connection, __: object, statement: str, *___: object) -> None:
        if "call_event" in statement or "operator_state" in statement:
            raise OperationalError(statement, {}, ConnectionResetError("away"))

    event.listen(engine.sync_engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", fail)


async def until(so: Callable[[], bool], what: str) -> None:
    """Wait for a state of the journal, which has no event of its own."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not so():  # noqa: ASYNC110
                await asyncio.sleep(0.001)
    except TimeoutError:
        raise AssertionError(f"waited {DEADLINE_S} s for {what}") from None


async def everything(engine: AsyncEngine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of history."""
    async with engine.connect() as connection:
        return {
            name: sorted(map(tuple, await connection.execute(metadata.tables[name].select())), key=repr)
            for name in HISTORY
        }


async def ended_calls(engine: AsyncEngine) -> list[str]:
    """Ids of calls that are over, as they arrived; each with its whole timeline and nothing twice."""
    async with reading(engine) as session:
        ended = select(CallRow.id).where(col(CallRow.ended_at).is_not(None)).order_by(col(CallRow.arrived_at))
        calls = list(await session.scalars(ended))
        counted = await session.execute(
            select(CallEventRow.call_id, func.count()).group_by(col(CallEventRow.call_id))
        )
        events = dict(iter(counted))
        assert {events[call] for call in calls} <= {8}
        twice = await session.scalar(
            select(func.count()).select_from(OperatorStateRow).where(col(OperatorStateRow.to_at).is_(None))
        )
        assert twice is not None
        assert twice <= 1, "one operator has one open interval at most"
    return calls
