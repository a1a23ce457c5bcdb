"""Two people change queues at one moment: neither overwrites the other, and together they close no circle."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.queues.queries import get_queue, save_queue
from app.crm.queues.service import change_queue, pause_queue
from app.crm.queues.tables import QueueRow
from app.crm.ways.errors import QueuesGoRound
from app.domain.ids import QueueId
from app.domain.queues import MaxWait, QueueSettings
from app.records.engine import reading, writing
from app.records.versions import version_of

A, B = QueueId("a"), QueueId("b")
DEADLINE_S = 30.0


@pytest.fixture
async def queues(engine: AsyncEngine) -> None:
    async with writing(engine) as session:
        for queue in (A, B):
            await save_queue(session, QueueSettings(queue, queue))


def over(queue: QueueId, into: QueueId) -> QueueSettings:
    return QueueSettings(queue, queue, max_wait_s=60, max_wait_then=MaxWait.QUEUE, overflow_queue=into)


async def until_it_waits(engine: AsyncEngine, task: "asyncio.Task[None]") -> None:
    """Wait until the task's transaction waits for another; on SQLite it waits before it begins."""
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    async with asyncio.timeout(DEADLINE_S):
        while engine.dialect.name == "postgresql" and not task.done():
            async with reading(engine) as session:
                if await session.scalar(waits):
                    return
            await asyncio.sleep(0.01)  # another process's lock has no event


@pytest.mark.usefixtures("queues")
async def test_together_they_close_no_circle(engine: AsyncEngine) -> None:
    async def the_other() -> None:
        with pytest.raises(QueuesGoRound):
            async with writing(engine) as session:
                await change_queue(session, over(B, A))

    async with asyncio.TaskGroup() as group, writing(engine) as session:
        await change_queue(session, over(A, B))
        await until_it_waits(engine, group.create_task(the_other()))


@pytest.mark.usefixtures("queues")
async def test_a_pause_leaves_what_another_changed(engine: AsyncEngine) -> None:
    async def the_other() -> None:
        async with writing(engine) as session:
            await pause_queue(session, A, "Õppus")

    async with asyncio.TaskGroup() as group, writing(engine) as session:
        await change_queue(session, QueueSettings(A, "Uus"))
        await until_it_waits(engine, group.create_task(the_other()))
    async with reading(engine) as session:
        now = await get_queue(session, A)
        assert now is not None
        assert (now.title, now.paused) == ("Uus", "Õppus")
        assert await version_of(session, QueueRow, A) == 3, "each change has a number of its own"
