"""What counts as a database that is away, and what as a fault: by table, and as the real databases say it."""

import asyncio
import errno
import io
import socket
import sqlite3
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.records.engine import open_engine, reading, writing
from app.system.away import is_away, is_unusable, reason
from tests.records.postgres import PostgresServer, postgres_server


def sqlite(name: str, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind(f"said with {name}")
    error.sqlite_errorcode = getattr(sqlite3, name)
    error.sqlite_errorname = name
    return error


def wrapped(error: BaseException) -> exc.DBAPIError:
    return exc.OperationalError("SELECT 1", {}, error)


def state(code: str) -> Exception:
    made: Exception = asyncpg.PostgresError.new({"C": code, "M": "said so"})
    return made


AWAY: list[BaseException] = [
    *(sqlite(name) for name in ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_CANTOPEN")),
    *(sqlite(name) for name in ("SQLITE_BUSY_SNAPSHOT", "SQLITE_IOERR_WRITE", "SQLITE_READONLY_DBMOVED")),
    *(state(code) for code in ("08006", "08003", "08P01", "53100", "53300", "57P01", "57P02", "57P03")),
    *(state(code) for code in ("40001", "40P01", "25006", "55P03", "57014", "58030", "28P01", "3D000")),
    exc.TimeoutError("QueuePool limit of size 5 overflow 10 reached"),
    asyncpg.InterfaceError("connection is closed"),
    TimeoutError(),
    ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
    ConnectionResetError(),
    BrokenPipeError(),
    socket.gaierror(socket.EAI_AGAIN, "no such name now"),
    ssl.SSLError(1, "certificate verify failed"),
    OSError("Multiple exceptions: [Errno 111] Connect call failed, [Errno 111] Connect call failed"),
    FileNotFoundError(errno.ENOENT, "No such file or directory"),  # PostgreSQL's socket
    *(
        OSError(number, "", "/x")
        for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE)
    ),
]
FAULTS: list[BaseException] = [
    *(sqlite(name) for name in ("SQLITE_ERROR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_MISMATCH")),
    sqlite("SQLITE_CONSTRAINT_NOTNULL", sqlite3.IntegrityError),
    sqlite3.ProgrammingError("Incorrect number of bindings supplied"),
    *(
        state(code)
        for code in ("42P01", "42703", "42601", "23502", "23505", "22001", "25P02", "0A000", "XX000")
    ),
    asyncpg.InterfaceError("the server expects 2 arguments for this query, 1 was passed"),
    exc.InvalidRequestError("a transaction is already begun"),
    exc.StatementError("cannot bind", "INSERT", {}, ValueError("a NUL")),
    FileNotFoundError(errno.ENOENT, "No such file or directory", "/x"),
    PermissionError(errno.EACCES, "Permission denied", "/x"),
    IsADirectoryError(errno.EISDIR, "Is a directory", "/x"),
    io.UnsupportedOperation("not readable"),
    *(
        kind("ours")
        for kind in (AttributeError, KeyError, TypeError, ValueError, AssertionError, OverflowError)
    ),
    asyncio.CancelledError(),
]


@pytest.mark.parametrize("error", AWAY, ids=repr)
def test_it_is_away(error: BaseException) -> None:
    assert is_away(error)
    assert is_away(wrapped(error)), "as SQLAlchemy hands it on"
    assert is_unusable(error)


@pytest.mark.parametrize("error", FAULTS, ids=repr)
def test_it_is_a_fault(error: BaseException) -> None:
    assert not is_away(error)
    if not isinstance(error, exc.SQLAlchemyError):
        assert not is_away(wrapped(error)), "as SQLAlchemy hands it on"


def test_a_connection_that_was_lost_is_away_whatever_it_says() -> None:
    lost = exc.DBAPIError("SELECT 1", {}, sqlite("SQLITE_ERROR"), connection_invalidated=True)
    assert is_away(lost)


def test_a_command_tells_in_a_line_what_somebody_can_set_right() -> None:
    told = [
        sqlite("SQLITE_NOTADB"),
        sqlite("SQLITE_CORRUPT"),
        state("42501"),
        PermissionError(13, "no", "/x"),
    ]
    assert all(is_unusable(error) and not is_away(error) for error in told)
    assert not any(
        is_unusable(error) for error in (sqlite("SQLITE_ERROR"), state("42P01"), ValueError("ours"))
    )


def test_the_reason_holds_no_row() -> None:
    error = asyncpg.PostgresError.new(
        {"C": "23505", "M": "duplicate key", "D": "Key (number)=(+37255500001)"}
    )
    assert "+3725550" not in reason(wrapped(error))
    assert "duplicate key" in reason(wrapped(error))


async def caught(engine: AsyncEngine, *statements: str) -> Exception:
    try:
        async with writing(engine) as session:
            for statement in statements:
                await session.execute(text(statement))
    except Exception as error:  # noqa: BLE001 - any: it is looked at
        return error
    raise AssertionError("nothing went wrong")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM nothing",
        "SELECT nothing FROM queue",
        "SELEC",
        "INSERT INTO queue (id) VALUES ('sales')",
    ],
)
async def test_faults_of_a_real_database(engine: AsyncEngine, statement: str) -> None:
    assert not is_away(await caught(engine, statement))


async def test_sqlite_that_is_away(tmp_path: Path) -> None:
    file = tmp_path / "keskus.db"
    engine = open_engine(f"sqlite:///{file}")
    assert is_away(
        await caught(engine, "CREATE TABLE t (x)", "PRAGMA query_only = ON", "INSERT INTO t VALUES (1)")
    )
    await engine.dispose()
    engine = open_engine(f"sqlite:///{file}")
    full = await caught(
        engine,
        "CREATE TABLE big (x)",
        "PRAGMA max_page_count = 3",
        "INSERT INTO big VALUES (zeroblob(99999))",
    )
    assert "full" in str(full)
    assert is_away(full)
    async with engine.connect() as connection:
        await connection.execute(text("PRAGMA busy_timeout = 0"))
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert is_away(await caught(engine, "SELECT 1"))
    other.close()
    await engine.dispose()
    there = tmp_path / "gone"
    there.mkdir()
    engine = open_engine(f"sqlite:///{there / 'keskus.db'}")
    there.rmdir()
    assert is_away(await caught(engine, "SELECT 1"))
    await engine.dispose()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()


async def test_postgresql_that_is_away(postgres: PostgresServer) -> None:
    async with opened(postgres.url()) as engine:
        assert is_away(await caught(engine, "SET LOCAL statement_timeout = 1", "SELECT pg_sleep(20)"))
        assert is_away(await caught(engine, "SET TRANSACTION READ ONLY", "CREATE TABLE t (x int)"))
        assert is_away(await caught(engine, "SELECT pg_terminate_backend(pg_backend_pid())"))
        async with reading(engine) as session:
            assert await session.scalar(text("SELECT 1")) == 1
    async with opened(postgres.url("nothing")) as engine:
        assert is_away(await caught(engine, "SELECT 1"))
    async with opened("postgresql://keskus@127.0.0.1:1/keskus") as engine:
        assert is_away(await caught(engine, "SELECT 1"))


async def test_postgresql_that_is_stopped() -> None:
    with postgres_server(durable=False) as server:
        async with opened(server.url()) as engine, reading(engine) as session:
            await session.execute(text("SELECT 1"))
            server.stop()
            try:
                with pytest.raises(Exception) as raised:  # noqa: PT011 - any: it is looked at
                    await session.execute(text("SELECT 1"))
                assert is_away(raised.value)
                assert is_away(await caught(engine, "SELECT 1")), "its socket is gone"
            finally:
                server.start()
