"""The database: SQLite in a file on one machine, PostgreSQL when grown.

Whoever opens a transaction says whether it writes. SQLite takes its one write lock at the start of a transaction that
writes (BEGIN IMMEDIATE): a transaction that reads first and writes later fails with "database is locked", whatever the
busy time-out, when another transaction has written in between.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from sqlite3 import sqlite_version_info
from typing import Any

from sqlalchemy import AdaptedConnection, Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from app.domain.actors import SERVICE, Actor
from app.records.errors import DatabaseUnreachable, DatabaseUrlInvalid, SlowInTransaction
from app.records.revision import tell
from app.records.sessions import WritingSession
from app.system.away import is_unusable, reason
from app.system.sqlite import connect

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for others of this process, and SQLite for those of other processes."""
CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 30.0
"""How long one statement may take on PostgreSQL before the connection is given up."""
POOL_TIMEOUT_S = 5.0
"""How long to wait for a connection to PostgreSQL while all are busy."""
SQLITE_NEEDED = (3, 35, 0)
"""The first version with RETURNING."""

_writes: ContextVar[asyncio.Task[object] | None] = ContextVar("keskus_writes", default=None)
"""The task that has a transaction which writes open: tasks begun within it inherit the value, not the transaction."""
_READS = "keskus_reads"
_READ_ONLY = {_READS: True}
_dump_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def open_engine(url: str) -> AsyncEngine:
    """An engine for an address; nothing is connected yet.

    Args:
        url: `sqlite+aiosqlite:///relative/path`, `sqlite+aiosqlite:////absolute/path` or
            `postgresql+asyncpg://user:password@host/database`; the driver's name may be left out.

    Raises:
        DatabaseUrlInvalid: the address has another form, or names a SQLite file in a directory that does not exist.
    """
    address = _parse(url)
    if address.get_backend_name() == "postgresql":
        return create_async_engine(
            address,
            json_serializer=_dump_json,
            hide_parameters=True,  # an error's text goes to the log, and rows hold callers' numbers
            pool_pre_ping=True,
            pool_timeout=POOL_TIMEOUT_S,
            connect_args={"timeout": CONNECT_TIMEOUT_S, "command_timeout": COMMAND_TIMEOUT_S},
        )
    engine = create_async_engine(
        address,
        json_serializer=_dump_json,
        hide_parameters=True,
        connect_args={"async_creator_fn": connect},
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", partial(_begin_sqlite, asyncio.Lock()))
    return engine


def spool_beside(engine: AsyncEngine) -> Path:
    """The spool's path where none is set: each database has its own."""
    if engine.url.get_backend_name() == "sqlite":
        return Path(f"{engine.url.database}.spool")
    return Path("keskus.spool")


def imports_beside(engine: AsyncEngine) -> Path:
    """The folder in which files of leads wait where none is set."""
    if engine.url.get_backend_name() == "sqlite":
        return Path(f"{engine.url.database}.imports")
    return Path("keskus.imports")


def _parse(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlInvalid(
            "the database's address is not an address: expected sqlite+aiosqlite:///keskus.db or "
            "postgresql+asyncpg://user:password@host/database"
        ) from error
    shown = address.render_as_string(hide_password=True)
    match address.drivername:
        case "postgresql" | "postgres" | "postgresql+asyncpg":
            if not address.database:
                raise DatabaseUrlInvalid(f"{shown} names no database")
            return address.set(drivername="postgresql+asyncpg")
        case "sqlite" | "sqlite+aiosqlite":
            if sqlite_version_info < SQLITE_NEEDED:
                raise DatabaseUrlInvalid(f"SQLite {sqlite_version_info} is too old: 3.35 is needed")
            if not address.database or address.database == ":memory:":
                raise DatabaseUrlInvalid(f"{shown} names no file; a record of calls is not kept in memory")
            directory = Path(address.database).parent
            if not directory.is_dir():
                raise DatabaseUrlInvalid(f"{shown}: the directory {directory} does not exist")
            return address.set(drivername="sqlite+aiosqlite")
        case other:
            raise DatabaseUrlInvalid(
                f"{shown}: {other} is not supported, only sqlite+aiosqlite and postgresql+asyncpg"
            )


def _prepare_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:  # the DBAPI has no types
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",  # whoever is erased must not stay in free pages
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(turns: asyncio.Lock, connection: Connection) -> None:
    if connection.get_execution_options().get(_READS, False):
        connection.exec_driver_sql("BEGIN")
        return
    adapted: AdaptedConnection = connection.connection.dbapi_connection  # type: ignore[assignment]  # of an async engine
    adapted.run_async(lambda ours: ours.take_turn(turns, BUSY_TIMEOUT_MS / 1000))
    connection.exec_driver_sql("BEGIN IMMEDIATE")


async def check(engine: AsyncEngine) -> None:
    """Check that the database answers.

    Raises:
        DatabaseUnreachable: with the database's own reason; the password is not shown.
    """
    try:
        async with reading(engine) as session:
            await session.execute(text("SELECT 1"))
    except Exception as error:
        if not is_unusable(error):
            raise
        shown = engine.url.render_as_string(hide_password=True)
        raise DatabaseUnreachable(f"cannot use the database {shown}: {reason(error)}") from error


@asynccontextmanager
async def reading(engine: AsyncEngine, *, often: bool = False) -> AsyncIterator[AsyncSession]:
    """A session that only reads: it waits for no writer, and on SQLite it sees one moment.

    Args:
        engine: the database.
        often: it is asked for at each letter that people type. On PostgreSQL there is no transaction then, which saves
            two trips there and back: each statement sees a moment of its own in either case.
    """
    apart = {"isolation_level": "AUTOCOMMIT"} if often and engine.dialect.name == "postgresql" else {}
    async with AsyncSession(
        engine.execution_options(**_READ_ONLY, **apart), expire_on_commit=False, autoflush=False
    ) as session:
        yield session


@asynccontextmanager
async def reading_connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A bare connection that only reads, for the one query that every call waits for."""
    async with engine.execution_options(**_READ_ONLY).connect() as connection:
        yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine, actor: Actor = SERVICE) -> AsyncIterator[AsyncSession]:
    """A session that writes: committed when the block ends, rolled back when it raises.

    On SQLite all other writers wait for it: do slow work before or after it, see `refuse_in_transaction`.
    When rows of the configuration were changed, it raises their revision (`app.records.revision`).

    Args:
        engine: the database.
        actor: who changes something, for the events of the changes.
    """
    before = _writes.get()
    made = AsyncSession(
        engine, sync_session_class=WritingSession, expire_on_commit=False, info={WritingSession.ACTOR: actor}
    )
    try:
        async with made as session, session.begin():
            _writes.set(asyncio.current_task())
            try:
                yield session
            finally:
                _writes.set(before)
    finally:  # also when its task was cancelled, and nobody knows whether it was committed
        tell(engine, made)


def refuse_in_transaction(what: str) -> None:
    """Call this where slow work begins.

    Raises:
        SlowInTransaction: this task has an open transaction that writes.
    """
    task = _writes.get()
    if task is not None and task is asyncio.current_task():
        raise SlowInTransaction(f"{what} while others wait to write")
