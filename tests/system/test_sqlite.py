"""The thread of an SQLite connection says nothing to an event loop that is closed."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.pbx.realtime.database import open_realtime
from app.records.engine import open_engine
from app.system.sqlite import connect

_HELD_S = 0.1
"""How long a thread is held back for a loop to close; it goes on after that, as nothing may wait for it for ever."""
Open = Callable[[str], AsyncEngine]

both = pytest.mark.parametrize("opened", [open_engine, open_realtime])


class Threads:
    """Those of the connections: what they raised, and a gate that each passes before its next work."""

    def __init__(self) -> None:
        self.raised: list[str] = []
        self.closed = threading.Event()

    def hook(self, arguments: threading.ExceptHookArgs) -> None:
        self.raised.append(repr(arguments.exc_value))

    def run(self, work: Callable[[], Any]) -> None:
        """Do it on a loop of its own, close the loop, and see each thread to its end."""
        before = set(threading.enumerate())
        asyncio.run(work())
        self.closed.set()
        for thread in set(threading.enumerate()) - before:
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Threads]:
    made = Threads()
    monkeypatch.setattr(threading, "excepthook", made.hook)
    yield made
    assert made.raised == []


def hold_back(threads: Threads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each connection's thread gets its first work at once, and all further only when the loop is closed."""

    class Held(SimpleQueue[Any]):
        def __init__(self) -> None:
            self.given = count()

        def get(self, *_: Any) -> Any:
            work = super().get()
            if next(self.given):
                threads.closed.wait(_HELD_S)
            return work

    monkeypatch.setattr(aiosqlite.core, "SimpleQueue", Held)


@both
def test_a_refused_connection(
    opened: Open, threads: Threads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_back(threads, monkeypatch)
    folder = tmp_path / "gone"
    folder.mkdir()
    engine = opened(f"sqlite:///{folder / 'keskus.db'}")
    folder.rmdir()

    async def refused() -> None:
        with pytest.raises(Exception, match="unable to open database file"):
            await engine.connect()

    threads.run(refused)


@both
def test_a_connection_that_is_not_a_database(
    opened: Open, threads: Threads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_back(threads, monkeypatch)
    (tmp_path / "letter").write_text("Dear all, this is no database.")
    engine = opened(f"sqlite:///{tmp_path / 'letter'}")

    async def refused() -> None:
        with pytest.raises(Exception, match="file is not a database"):
            await engine.connect()

    threads.run(refused)


@both
@pytest.mark.parametrize("times", [1, 2])
def test_a_connection_given_up_while_it_is_opened(
    opened: Open, times: int, threads: Threads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keskus.db").touch()
    engine = opened(f"sqlite:///{tmp_path / 'keskus.db'}")
    connect, begun = sqlite3.connect, threading.Event()

    def slow(*arguments: Any, **options: Any) -> sqlite3.Connection:
        begun.set()
        threads.closed.wait(_HELD_S)
        made: sqlite3.Connection = connect(*arguments, **options)
        return made

    monkeypatch.setattr(sqlite3, "connect", slow)

    async def given_up() -> None:
        async with asyncio.TaskGroup() as group:
            opening = group.create_task(engine.connect().start())
            await asyncio.to_thread(begun.wait)
            for _ in range(times):
                opening.cancel()
                await asyncio.sleep(0)
        assert opening.cancelled()

    threads.run(given_up)


@both
def test_a_statement_given_up_and_the_closing_after_it_too(
    opened: Open, threads: Threads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is cancelled twice has the connection put away by force, and waits for nothing."""
    (tmp_path / "keskus.db").touch()
    engine = opened(f"sqlite:///{tmp_path / 'keskus.db'}")
    begun = threading.Event()

    def slow() -> None:
        begun.set()
        threads.closed.wait(_HELD_S)

    async def asked() -> None:
        async with engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert isinstance(driver, aiosqlite.Connection)
            await driver.create_function("slow", 0, slow)
            await connection.execute(text("SELECT slow()"))

    async def given_up() -> None:
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(asked())
            await asyncio.to_thread(begun.wait)
            for _ in range(2):
                asking.cancel()
                await asyncio.sleep(0)
        assert asking.cancelled()

    threads.run(given_up)


@both
def test_refused_again_and_again(opened: Open, threads: Threads, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    engine = opened(f"sqlite:///{folder / 'keskus.db'}")
    folder.rmdir()

    async def refused() -> None:
        with pytest.raises(Exception, match="unable to open database file"):
            await engine.connect()

    for _ in range(100):
        threads.run(refused)


async def test_a_closed_connection_holds_no_lock_whatever_statement_is_left(tmp_path: Path) -> None:
    """The cursor of a cancelled task is kept by its exception: nobody could write until both were gone."""
    file = tmp_path / "keskus.db"
    connection = await connect(file, isolation_level=None)
    await connection.execute("PRAGMA journal_mode = WAL")
    await connection.execute("CREATE TABLE row (number)")
    await connection.execute("BEGIN IMMEDIATE")
    await connection.execute("INSERT INTO row VALUES (1), (2)")
    left = await connection.execute("SELECT number FROM row")
    await connection.close()
    with contextlib.closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        other.execute("INSERT INTO row VALUES (3)")
        assert other.execute("SELECT number FROM row").fetchall() == [(3,)]
    del left
