"""The database that Asterisk reads at each use (realtime): the service writes, the PBX reads.

In the sandbox it is an SQLite file of the PBX's own, elsewhere PostgreSQL; never the service's own database file.
"""

from sqlalchemy import MetaData, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

metadata = MetaData()
"""Every table of it."""


def open_realtime(url: str) -> AsyncEngine:
    """An engine for its address, `sqlite+aiosqlite:///<file>` or `postgresql+asyncpg://...`."""
    engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")  # the PBX reads while we write
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
