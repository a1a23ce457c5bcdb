"""Every transaction that changes configuration raises its revision, in whatever way it writes."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import col

from app.accounts.tables import UserRow
from app.crm.inbound_routes.tables import RouteRow
from app.crm.queues.queries import save_queue
from app.crm.queues.tables import QueueRow
from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.records.engine import reading, writing
from app.records.revision import on_change, read_revision
from app.records.tables import CallRow
from app.system import clock

SALES = QueueSettings(QueueId("sales"), "Müük")
Write = Callable[[AsyncSession], Awaitable[object]]


async def revision(engine: AsyncEngine) -> int:
    async with reading(engine) as session:
        return await read_revision(session)


async def _add(session: AsyncSession) -> None:
    session.add(QueueRow(id="help", title="Abi"))  # flushed with the commit


async def _change(session: AsyncSession) -> None:
    row = await session.get_one(QueueRow, "sales")
    row.title = "Müük ja müük"
    row.version += 1


async def _remove(session: AsyncSession) -> None:
    await session.delete(await session.get_one(QueueRow, "sales"))


async def _twice(engine: AsyncEngine) -> None:
    async with writing(engine) as session:
        await save_queue(session, SALES)
        await session.execute(insert(QueueRow).values(id="sales", title="Müük"))


async def _nested(session: AsyncSession) -> None:
    async with session.begin_nested():
        await _change(session)


WRITES: dict[str, Write] = {
    "a new row": _add,
    "a changed row": _change,
    "a removed row": _remove,
    "within a savepoint": _nested,
    "an update": lambda session: session.execute(update(QueueRow).values(title="Muu")),
    "a deletion": lambda session: session.execute(delete(QueueRow).where(col(QueueRow.id) == "none")),
    "an insertion": lambda session: session.execute(
        insert(RouteRow).values(
            number="600",
            kind="queue",
            target="sales",
            answer=True,
            music="",
            language="",
            skills=[],
            priority=0,
        )
    ),
}


@pytest.mark.parametrize("how", WRITES)
async def test_a_transaction_that_changes_configuration_raises_the_revision_once(
    engine: AsyncEngine, how: str
) -> None:
    async with writing(engine) as session:
        await save_queue(session, SALES)
    before, told = await revision(engine), []
    on_change(engine, lambda: told.append(True))
    async with writing(engine) as session:
        await WRITES[how](session)
    assert await revision(engine) == before + 1
    assert told == [True]


async def test_what_is_no_configuration_leaves_it(engine: AsyncEngine) -> None:
    before, told = await revision(engine), []
    on_change(engine, lambda: told.append(True))
    async with writing(engine) as session:
        await session.execute(delete(CallRow))
    async with writing(engine) as session:
        await session.get(QueueRow, "sales")
    assert (await revision(engine), told) == (before, [])


async def test_a_transaction_that_is_rolled_back_leaves_it_and_tells_all_the_same(
    engine: AsyncEngine,
) -> None:
    before, told = await revision(engine), []
    on_change(engine, lambda: told.append(True))
    with pytest.raises(IntegrityError):
        await _twice(engine)
    assert await revision(engine) == before
    assert told == [True], "whoever was cancelled while it committed does not know, and says so"


async def test_two_at_once_do_not_wait_for_each_other_but_to_commit(engine: AsyncEngine) -> None:
    """The second has written while the first is not through: on PostgreSQL; on SQLite writers come one by one."""
    if engine.dialect.name == "sqlite":
        return
    written = asyncio.Event()

    async def second() -> None:
        async with writing(engine) as session:
            await save_queue(session, QueueSettings(QueueId("help"), "Abi"))
            written.set()

    async with asyncio.TaskGroup() as group, writing(engine) as session:
        await save_queue(session, SALES)
        group.create_task(second())
        async with asyncio.timeout(30):
            await written.wait()
    assert await revision(engine) == 2


async def test_users_are_configuration(engine: AsyncEngine) -> None:
    before = await revision(engine)
    async with writing(engine) as session:
        session.add(
            UserRow(
                username="mari",
                password_hash="x",
                role="operator",
                display_name="Mari",
                created_at=clock.utc_now(),
            )
        )
    assert await revision(engine) == before + 1
