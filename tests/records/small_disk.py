"""The journal on a disk that gets full: `python -m tests.records.small_disk CASE DISK OTHER`.

    database   SQLite's file is on the full disk, the spool is not
    spool      the spool is on the full disk, and the database is away
    both       both are on the full disk, as when nobody said otherwise
    limit      as `both`, with a limit on the size of files for a disk: nothing has to be mounted

Run by test_disk_full in a process of its own, which may mount a disk that nobody else sees.
"""

import asyncio
import contextlib
import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from app.records.engine import open_engine
from app.records.journal import Journal
from app.records.journal_state import Keeping
from app.records.spool import Spool
from app.system import logs
from tests.records.outage import away, ended_calls, running, until
from tests.records.stories import call_story

CAPACITY = 600


class Calls:
    """Calls told to a journal; 12 facts each."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.told: list[str] = []

    def tell(self, how_many: int) -> None:
        for _ in range(how_many):
            self.told.append(f"call-{len(self.told)}")
            for outcome in call_story(self.told[-1], arrived=len(self.told) * 100):
                self._journal.record(outcome)


@contextlib.contextmanager
def full(disk: Path) -> Iterator[None]:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 512):
            pass
    yield
    filler.unlink()


@contextlib.contextmanager
def no_file_may_grow() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def database_full(engine: AsyncEngine, journal: Journal, disk: Path) -> list[str]:
    calls = Calls(journal)
    async with running(journal):
        calls.tell(10)
        await journal.flush()
        with full(disk):
            for _ in range(4):
                calls.tell(25)
                await journal.secure()
            state = journal.state
            assert state.keeping is Keeping.KEPT
            assert state.last_error is not None
            assert "full" in state.last_error, state
            assert (state.spoiled, state.refused, state.spool_error) == (0, 0, None), state
            assert len(await ended_calls(engine)) >= 10, "what is there can still be read"
        calls.tell(10)
        await journal.flush()
        assert journal.state.keeping is Keeping.WRITTEN
    return calls.told


async def spool_full(engine: AsyncEngine, journal: Journal, disk: Path) -> list[str]:
    calls = Calls(journal)
    async with running(journal):
        async with away(engine):
            calls.tell(20)
            await journal.secure()
            with full(disk):
                while journal.state.spool_error is None:
                    calls.tell(1)
                    await until(
                        lambda: not journal.state.in_memory or bool(journal.state.spool_error), "disk"
                    )
                assert "No space left" in journal.state.spool_error
                _until_refused(journal, calls)
            await journal.secure()
            assert journal.state.keeping is Keeping.KEPT
        calls.tell(10)
        await journal.flush()
    return calls.told


async def nothing_written(journal: Journal, disk: contextlib.AbstractContextManager[None]) -> list[str]:
    calls = Calls(journal)
    async with running(journal):
        calls.tell(10)
        await journal.flush()
        with disk:
            calls.tell(10)
            await until(lambda: bool(journal.state.last_error and journal.state.spool_error), "both to fail")
            _until_refused(journal, calls)
        await journal.flush()
        calls.tell(10)
        await journal.flush()
        assert (journal.state.keeping, journal.state.spoiled) == (Keeping.WRITTEN, 0)
    return calls.told


def _until_refused(journal: Journal, calls: Calls) -> None:
    """Memory takes over up to its bound; of the call that passes it, and of one more, nothing is kept whole."""
    while not journal.state.refused:
        calls.tell(1)
    calls.told.pop()
    assert journal.state.keeping is Keeping.REFUSED
    assert journal.state.in_memory > CAPACITY - 12


async def _run(case: str, disk: Path, other: Path) -> None:
    database = (other if case == "spool" else disk) / "keskus.sqlite"
    shutil.copyfile(other / "empty.sqlite", database)
    engine = open_engine(f"sqlite+aiosqlite:///{database}")
    spool = Spool.open((other if case == "database" else disk) / "keskus.spool", 10 << 20)
    journal = Journal(engine, spool, CAPACITY, batch_facts=20, linger_s=0.0)
    match case:
        case "database":
            told = await database_full(engine, journal, disk)
        case "spool":
            told = await spool_full(engine, journal, disk)
        case "both":
            told = await nothing_written(journal, full(disk))
        case _:
            told = await nothing_written(journal, no_file_may_grow())
    found = await ended_calls(engine)
    assert found == told, (found, told)
    spool.close()
    await engine.dispose()


if __name__ == "__main__":
    logs.configure("INFO")
    asyncio.run(_run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
