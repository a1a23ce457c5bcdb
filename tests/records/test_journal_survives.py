"""What is left of the record when a process, or the database's own server, dies in the midst of it."""

import asyncio
import sys
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from app.records.engine import open_engine, reading
from app.records.journal import Journal
from app.records.migrations import upgrade
from app.records.tables import CallEventRow, CallLegRow, CallRow
from tests.records.postgres import postgres_server
from tests.records.stories import call_story

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("calls", [1, 17, 60])
async def test_kill_9_loses_nothing_that_was_flushed(
    engine: AsyncEngine, database_url: str, calls: int
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.records.doomed", database_url, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        told = b"".join([await process.stdout.readline() for _ in range(calls)])
        process.kill()
        told += await process.stdout.read()
        await process.wait()
    assert process.returncode == -9
    flushed = told.decode().splitlines()
    assert len(flushed) >= calls
    async with reading(engine) as session:
        ended = await session.scalars(select(CallRow.id).where(col(CallRow.ended_at).is_not(None)))
        assert set(flushed) <= set(ended)
        for row in (CallEventRow, CallLegRow):
            by_call = select(row.call_id, func.count()).group_by(col(row.call_id))
            counts = dict(iter(await session.execute(by_call)))
            assert {counts[call] for call in flushed} == ({8} if row is CallEventRow else {1})


async def test_database_server_that_is_cut_off() -> None:
    """The server dies while batches are on their way; the journal goes on where it was."""
    with postgres_server() as server:
        engine = open_engine(server.url())
        await upgrade(engine)
        journal = Journal(engine, batch_facts=20, linger_s=0.0)
        numbers = count()
        calls: list[str] = []

        def tell(how_many: int) -> None:
            for _ in range(how_many):
                number = next(numbers)
                calls.append(f"call-{number}")
                for outcome in call_story(calls[-1], arrived=number * 100):
                    journal.record(outcome)

        async with asyncio.timeout(90), asyncio.TaskGroup() as group:
            run = group.create_task(journal.run())
            for _ in range(3):
                tell(100)
                before = journal.state.backlog
                while journal.state.backlog == before:  # noqa: ASYNC110 - a state has no event
                    await asyncio.sleep(0)
                await asyncio.to_thread(server.stop)
                tell(20)
                while journal.state.last_error is None:  # noqa: ASYNC110 - a state has no event
                    await asyncio.sleep(0)
                await asyncio.to_thread(server.start)
                await journal.flush()
            run.cancel()
        async with reading(engine) as session:
            ended = (
                select(CallRow.id).where(col(CallRow.ended_at).is_not(None)).order_by(col(CallRow.arrived_at))
            )
            assert list(await session.scalars(ended)) == calls
            events = await session.scalar(select(func.count()).select_from(CallEventRow))
            assert events == 8 * len(calls)
        await engine.dispose()
