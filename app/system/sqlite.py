"""Connections to SQLite that write in turn, end transactions at once, and whose threads may outlive the event loop.

SQLite lets writers poll for its one write lock, at longer and longer intervals, so whoever writes again and again keeps
it from all others. Here they wait for their turn, in the order in which they came.

SQLite closes a connection, and ends its transaction, once no statement of it is left. The statement of a cancelled task
may be left for long. So a connection is rolled back before it is closed: otherwise nobody could write meanwhile.

Each connection of aiosqlite has a thread. The library's thread reports each result to the event loop, even if nobody
waits for it any more: when the connection was refused, was given up while it opened, or was dropped. If the loop is
closed by then, that thread ends with an uncaught exception.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final

import aiosqlite

_ENDED: Final = object()
_ROWS_AT_A_TIME: Final = 64
"""How many rows an iteration fetches from the thread at a time: aiosqlite's own default."""
_Work = tuple[asyncio.Future[Any] | None, Callable[[], Any]]


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with a thread of our own."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, _ROWS_AT_A_TIME)
        self._thread = Thread(target=_work, args=(self._tx,), name="sqlite", daemon=True)
        self._ended: asyncio.Future[Any] | None = None
        self._turns: asyncio.Lock | None = None

    async def take_turn(self, turns: asyncio.Lock, within_s: float) -> None:
        """Wait until whoever asked earlier has written; keep the turn until the transaction ends.

        Args:
            turns: of all connections of this process to one database.
            within_s: seconds to wait at most.

        Raises:
            TimeoutError: the others did not end in time.
        """
        try:
            async with asyncio.timeout(within_s):
                await turns.acquire()
        except TimeoutError:
            raise TimeoutError(f"others have been writing for {within_s:g} s") from None
        self._turns = turns

    async def commit(self) -> None:
        """Commit, and let the next one write."""
        try:
            await super().commit()
        finally:
            self._end_turn()

    async def rollback(self) -> None:
        """Roll back, and let the next one write."""
        try:
            await super().rollback()
        finally:
            self._end_turn()

    def stop(self) -> asyncio.Future[Any] | None:
        """Close the connection and end the thread, after all work that was asked before.

        Returns:
            A future that is done then, the same at each call. None: the first call came from outside an event loop.
        """
        self._end_turn()
        if self._running:
            self._running = False
            try:
                self._ended = asyncio.get_running_loop().create_future()
            except RuntimeError:
                self._ended = None
            self._tx.put((self._ended, self._end))
        return self._ended

    async def close(self) -> None:
        """Close the connection and end the thread, after all work that was asked before.

        Raises:
            sqlite3.Error: it could not be closed.
        """
        ended = self.stop()
        if ended is not None:
            await asyncio.wait((ended,))
            ended.result()

    def _end_turn(self) -> None:
        if self._turns is not None:
            turns, self._turns = self._turns, None
            turns.release()

    def _end(self) -> object:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.rollback()
            self._connection.close()
            self._connection = None
        return _ENDED


async def connect(*arguments: Any, **options: Any) -> Connection:  # as SQLAlchemy hands them to the driver
    """Open a database. When that fails or is cancelled, the thread ends first.

    Args:
        arguments: positional arguments of `sqlite3.connect`.
        options: keyword arguments of `sqlite3.connect`.

    Raises:
        sqlite3.Error: the database cannot be opened.
    """
    connection = Connection(partial(sqlite3.connect, *arguments, **options))
    try:
        await connection
    except BaseException:
        ended = connection.stop()
        assert ended is not None
        await asyncio.wait((ended,))
        raise
    return connection


def _work(asked: "SimpleQueue[_Work]") -> None:
    ended = False
    while not ended:
        future, function = asked.get()
        try:
            done = function()
        except BaseException as error:  # noqa: BLE001 - whoever asked is told
            _tell(future, _fail, error)
        else:
            _tell(future, _finish, done)
            ended = done is _ENDED
            del done  # do not keep rows in memory while waiting
        del future, function


def _tell(
    future: asyncio.Future[Any] | None, how: Callable[[asyncio.Future[Any], Any], None], what: Any
) -> None:
    if future is not None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            future.get_loop().call_soon_threadsafe(how, future, what)


def _finish(future: asyncio.Future[Any], done: Any) -> None:
    if not future.done():
        future.set_result(done)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
