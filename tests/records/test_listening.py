"""Another process's configuration is heard of at once on PostgreSQL, again after the connection was lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.queues.queries import save_queue
from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.records.engine import open_engine, writing
from app.service.configuration import listening
from app.service.configuration.listening import Listening

DEADLINE_S = 60.0


class Told:
    """How often it was told of a change."""

    def __init__(self) -> None:
        self.times = 0
        self._more = asyncio.Event()

    def note(self) -> None:
        self.times += 1
        self._more.set()

    async def until(self, times: int) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while self.times < times:
                await self._more.wait()
                self._more.clear()


@asynccontextmanager
async def heard(engine: AsyncEngine) -> AsyncIterator[Told]:
    told = Told()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(Listening(engine, told.note).run())
        yield told
        task.cancel()


async def test_what_another_process_commits_is_heard(engine: AsyncEngine, database_url: str) -> None:
    if engine.dialect.name == "sqlite":
        async with asyncio.timeout(DEADLINE_S):
            await Listening(engine, lambda: None).run()  # it tells nobody: back at once
        return
    elsewhere = open_engine(database_url)
    async with heard(engine) as told:
        await told.until(1)  # it listens from here on
        async with writing(elsewhere) as session:
            await save_queue(session, QueueSettings(QueueId("sales"), "Müük"))
        await told.until(2)
        async with writing(elsewhere) as session:
            await session.execute(text("SELECT 1"))
        async with writing(elsewhere) as session:
            await save_queue(session, QueueSettings(QueueId("help"), "Abi"))
        await told.until(3)
        assert told.times == 3, "what is no configuration tells nothing"
    await elsewhere.dispose()


async def test_a_lost_connection_is_made_anew(
    engine: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name == "sqlite":
        return
    monkeypatch.setattr(listening, "AGAIN_S", 0.01)
    elsewhere = open_engine(database_url)
    end = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"
    )
    async with heard(engine) as told:
        await told.until(1)
        async with elsewhere.connect() as connection:
            assert (await connection.execute(end)).scalars().all() == [True]
        await told.until(2)
        async with writing(elsewhere) as session:
            await save_queue(session, QueueSettings(QueueId("sales"), "Müük"))
        await told.until(3)
    await elsewhere.dispose()
