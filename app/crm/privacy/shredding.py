"""Takes what was erased out of the files of the database: SQLite leaves it in free pages, its log and its index.

Deleted rows are overwritten (`PRAGMA secure_delete`, `app.records.engine`). The full-text index keeps deleted terms
until its parts are merged, and the write-ahead log until it is cut. PostgreSQL does the like by itself (autovacuum).
"""

import asyncio
from typing import Final

import aiosqlite
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.records.engine import writing

PAGES: Final = 500
"""How many pages of the index one transaction merges: others write between."""
PAUSE_S: Final = 0.05
_UNMERGED: Final = 2
"""SQLite changes fewer rows than this when there is nothing left to merge."""


async def shred(engine: AsyncEngine) -> bool:
    """Leave nothing of deleted rows in the database's files; False: somebody reads an old state, try again later."""
    if engine.dialect.name != "sqlite":
        return True
    pages = -PAGES  # the first time all parts of the index are put together
    while await _merge(engine, pages) >= _UNMERGED:
        pages = PAGES
        await asyncio.sleep(PAUSE_S)
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, aiosqlite.Connection)
        (row,) = await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    return int(row[0]) == 0


async def _merge(engine: AsyncEngine, pages: int) -> int:
    async with writing(engine) as session:
        before = await session.scalar(text("SELECT total_changes()")) or 0
        await session.execute(
            text("INSERT INTO contact_term (contact_term, rank) VALUES ('merge', :pages)"), {"pages": pages}
        )
        return int(await session.scalar(text("SELECT total_changes()")) or 0) - before
