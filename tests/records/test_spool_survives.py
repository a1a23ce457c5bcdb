"""The database goes away under a stream of calls, and the service is killed before it is back."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from app.records.engine import open_engine
from app.records.journal import Journal
from app.records.journal_state import Keeping
from app.records.migrations import upgrade
from app.records.spool import Spool
from tests.records.outage import DEADLINE_S, ended_calls, running, until
from tests.records.postgres import postgres_server
from tests.records.stories import call_story

ROOT = Path(__file__).parents[2]
LIVES = 3
SPOOLED = 5_000  # bytes: many facts
MB = 1 << 20


class Doomed:
    """A process that writes calls until it is killed."""

    def __init__(self, process: asyncio.subprocess.Process, spool: Path) -> None:
        self._process = process
        self._spool = spool
        self.told: list[str] = []

    async def tell(self, calls: int) -> None:
        """Read so many calls that it says are safe."""
        assert self._process.stdout is not None
        for _ in range(calls):
            line = await self._process.stdout.readline()
            assert line, "it died by itself"
            self.told.append(line.decode().strip())

    @contextmanager
    def away(self) -> Iterator[None]:
        """Its database takes no facts meanwhile; they are in its spool."""
        flag = Path(f"{self._spool}.away")
        flag.touch()
        try:
            yield
            assert self._spool.stat().st_size > SPOOLED
        finally:
            flag.unlink()

    async def kill(self) -> list[str]:
        """`kill -9`; gives all that it had said."""
        assert self._process.stdout is not None
        self._process.kill()
        rest = await self._process.stdout.read()
        assert await self._process.wait() == -9
        whole = rest.decode().splitlines(keepends=True)
        return self.told + [line.strip() for line in whole if line.endswith("\n")]


@asynccontextmanager
async def doomed(url: str, spool: Path, first: int) -> AsyncIterator[Doomed]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.records.doomed", url, str(spool), str(first)),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            yield Doomed(process, spool)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def recovered(engine: AsyncEngine, path: Path) -> list[str]:
    """What is in the database once the next start has written what was left."""
    spool = Spool.open(path, MB)
    await Journal(engine, spool).recover()
    spool.close()
    return await ended_calls(engine)


async def test_kill_9_in_an_outage_loses_nothing_that_was_spooled(
    engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    path, told = tmp_path / "keskus.spool", []
    for life in range(2):
        async with doomed(database_url, path, life * 1_000_000) as process:
            await process.tell(25)
            with process.away():
                await process.tell(50)
                told += await process.kill()
    found = await recovered(engine, path)
    assert len(told) >= 150
    assert [call for call in found if call in set(told)] == told


async def test_kill_9_while_postgresql_is_stopped(tmp_path: Path) -> None:
    """PostgreSQL dies under the stream, the service dies, both come back; and that three times over."""
    path, told = tmp_path / "keskus.spool", []
    with postgres_server() as server:
        url = server.url()
        engine = open_engine(url)
        await upgrade(engine)
        for life in range(LIVES):
            async with doomed(url, path, life * 1_000_000) as process:
                await process.tell(50)
                await asyncio.to_thread(server.stop)
                await process.tell(100)
                told += await process.kill()
            assert path.stat().st_size > 50_000
            await asyncio.to_thread(server.start)
        found = await recovered(engine, path)
        await engine.dispose()
    assert len(told) >= 150 * LIVES
    assert [call for call in found if call in set(told)] == told


async def test_kill_9_while_the_spool_is_written_to_the_database(
    engine: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    path, told = tmp_path / "keskus.spool", []
    async with doomed(database_url, path, 0) as process:
        await process.tell(1)
        with process.away():
            await process.tell(200)
        await process.tell(20)  # the database is back, and is written to from behind
        told += await process.kill()
    assert [call for call in await recovered(engine, path) if call in set(told)] == told


async def test_postgresql_that_is_stopped_and_comes_back(tmp_path: Path) -> None:
    """The service lives on; it need not be told of either."""
    told: list[Keeping] = []
    with postgres_server() as server:
        engine = open_engine(server.url())
        await upgrade(engine)
        spool = Spool.open(tmp_path / "keskus.spool", 10 * MB)
        journal = Journal(engine, spool, batch_facts=20, linger_s=0.0, changed=told.append)
        calls: list[str] = []

        def tell(how_many: int) -> None:
            for _ in range(how_many):
                calls.append(f"call-{len(calls)}")
                for outcome in call_story(calls[-1], arrived=len(calls) * 100):
                    journal.record(outcome)

        async with running(journal):
            for _ in range(3):
                tell(50)
                await asyncio.to_thread(server.stop)
                tell(50)
                await journal.secure()
                assert journal.state.keeping is Keeping.KEPT
                await asyncio.to_thread(server.start)
                tell(10)
                await until(lambda: journal.state.keeping is Keeping.WRITTEN, "the spool to be empty")
                await journal.flush()
        assert await ended_calls(engine) == calls
        spool.close()
        await engine.dispose()
    assert told == [Keeping.KEPT, Keeping.WRITTEN] * 3
