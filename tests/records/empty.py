"""An empty SQLite database with every table: the migrations run once a process, each test has a copy."""

import asyncio
from pathlib import Path

from app.records.engine import open_engine
from app.records.migrations import upgrade

_made: list[bytes] = []


async def put_empty_at(url: str) -> None:
    """Write one where a service is to find its database, unless there is one, or it is no SQLite's."""
    kind, _, path = url.partition(":///")
    if kind.startswith("sqlite") and not await asyncio.to_thread(Path(path).exists):
        await put_empty(Path(path))


async def put_empty(file: Path) -> str:
    """Write one to this file; give its address."""
    url = f"sqlite+aiosqlite:///{file}"
    if _made:
        await asyncio.to_thread(file.write_bytes, _made[0])
    else:
        engine = open_engine(url)
        try:
            await upgrade(engine)
        finally:
            await engine.dispose()
        _made.append(await asyncio.to_thread(file.read_bytes))
    return url
