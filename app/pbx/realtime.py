"""The database that Asterisk reads at each use (realtime): the service writes, the PBX reads.

In the sandbox it is an SQLite file of the PBX's own, elsewhere PostgreSQL; never the service's own database file.
"""

from sqlalchemy import Column, Integer, MetaData, String, Table, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

metadata = MetaData()
"""Every table of it."""

# Here, and not beside what writes them: Asterisk makes a table that it misses at its start, and makes it unfit.
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
)


def open_realtime(url: str) -> AsyncEngine:
    """An engine for its address, `sqlite+aiosqlite:///<file>` or `postgresql+asyncpg://...`."""
    engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")  # the PBX reads while we write
    cursor.execute("PRAGMA busy_timeout=20000")  # two writers, and a disk that may stall for seconds
    cursor.close()
