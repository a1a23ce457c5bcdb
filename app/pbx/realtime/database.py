"""The database that Asterisk reads at each use (realtime): the service writes, the PBX reads.

In the sandbox it is an SQLite file of the PBX's own, elsewhere PostgreSQL; never the service's own database file. An
SQLite file must exist already: no PBX would read a file that was made under a wrong name.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from app.system.sqlite import connect

metadata = MetaData()
"""All tables of the realtime database."""

# Defined here, not in the module that writes them, so that they are always made before Asterisk starts: Asterisk makes
# a missing table itself, with columns that do not fit.
queue_table = Table(
    "queues",
    metadata,
    Column("name", String(128), primary_key=True),
    *(Column(name, String(40)) for name in ("strategy", "joinempty", "leavewhenempty", "ringinuse")),
    *(Column(name, Integer) for name in ("timeout", "retry", "wrapuptime", "servicelevel", "weight")),
)
member_table = Table(
    "queue_members",
    metadata,
    Column("uniqueid", Integer, primary_key=True, autoincrement=True),
    Column("queue_name", String(128), index=True, nullable=False),
    *(Column(name, String(128)) for name in ("interface", "membername", "state_interface", "reason_paused")),
    *(Column(name, Integer) for name in ("penalty", "paused")),
    # A number is never given again: Asterisk would take the row for the member that had the number before, and would
    # ring that member's phone.
    sqlite_autoincrement=True,
)


def make_tables(connection: Connection) -> None:
    """Create the tables that are missing. The members' table, as an older version made it in SQLite, is made anew."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT sql FROM sqlite_master WHERE name = 'queue_members'")
        made = connection.execute(query).scalar()
        if made is not None and "AUTOINCREMENT" not in made:
            member_table.drop(connection)
    metadata.create_all(connection)


CHANGE_S: Final = 5.0
"""Seconds that a change of the PBX's database may take; then it is rolled back."""

_OF_ASTERISK: Final = ("ps_", "cel", "queues", "queue_members", "keskus_")
"""The beginnings of names of tables that Asterisk reads or writes."""


class RealtimeUnfit(ValueError):  # noqa: N818 - named for what is so
    """The address or database is not one that a PBX reads or writes; the message says what to do."""


def open_realtime(url: str) -> AsyncEngine:
    """An engine for the database at an address; it connects at first use, and never makes an SQLite file.

    Args:
        url: `sqlite+aiosqlite:///<file>` or `postgresql+asyncpg://user:password@host/database`; the driver's name may
            be left out.

    Raises:
        RealtimeUnfit: `url` has another form.
    """
    address = _parse(url)
    if address.get_backend_name() == "postgresql":
        return create_async_engine(address, hide_parameters=True)  # rows hold phones' secrets
    engine = create_async_engine(address, hide_parameters=True, connect_args={"async_creator_fn": connect})
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def require_file(url: str) -> None:
    """Check that the file of an SQLite address exists; blocks.

    Raises:
        RealtimeUnfit: the file does not exist, or the address cannot be used.
    """
    address = make_url(url) if _parse(url).get_backend_name() == "sqlite" else None
    if address is not None and not Path(address.database or "").is_file():
        raise RealtimeUnfit(
            f"there is no file {address.database}: name the one that Asterisk uses ('keskus pbx up' tells its own); to "
            f"begin with a new one, make it empty, readable and writable for both"
        )


def require_own_tables(connection: Connection) -> None:
    """Check that a database is empty or Asterisk's.

    Raises:
        RealtimeUnfit: it has tables, but none of Asterisk's.
    """
    names = inspect(connection).get_table_names()
    if names and not any(name.startswith(_OF_ASTERISK) for name in names):
        shown = ", ".join(sorted(names)[:3])
        raise RealtimeUnfit(
            f"this database is another's, with tables such as {shown}: name the one that Asterisk reads accounts from"
        )


def _parse(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise RealtimeUnfit(
            "this is no database's address: expected sqlite+aiosqlite:////file or "
            "postgresql+asyncpg://user:password@host/database"
        ) from None
    match address.drivername:
        case "postgresql" | "postgres" | "postgresql+asyncpg" if address.database:
            return address.set(drivername="postgresql+asyncpg")
        case "sqlite" | "sqlite+aiosqlite" if address.database and address.database != ":memory:":
            # mode=rw: SQLite would make a file that is not there.
            return URL.create(
                "sqlite+aiosqlite",
                database=f"file:{quote(address.database)}",
                query={"mode": "rw", "uri": "true"},
            )
        case _:
            shown = address.render_as_string(hide_password=True)
            raise RealtimeUnfit(
                f"{shown} cannot be used: expected sqlite+aiosqlite:////file or "
                f"postgresql+asyncpg://user:password@host/database"
            )


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")  # the PBX reads while we write
    cursor.execute("PRAGMA busy_timeout=20000")  # two writers, and a disk that may stall for seconds
    cursor.close()


@asynccontextmanager
async def changing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction of at most `CHANGE_S` seconds: the service's own transaction may wait for it, and others for
    that one.
    """
    async with asyncio.timeout(CHANGE_S), engine.begin() as connection:
        yield connection


@asynccontextmanager
async def looking(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A look of at most `CHANGE_S` seconds, before a change."""
    async with asyncio.timeout(CHANGE_S), engine.connect() as connection:
        yield connection
