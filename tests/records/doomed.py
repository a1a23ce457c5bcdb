"""Writes calls through the journal until it is killed: `python -m tests.records.doomed URL [SPOOL FIRST]`.

Prints the id of each call that is safe: committed, or with a spool in the spool. With one, it begins like the
service with what the last process left there; its calls are numbered from FIRST on. While there is a file SPOOL.away
its database takes no facts.
"""

import asyncio
import sys
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.records.engine import open_engine
from app.records.journal import Journal
from app.records.spool import Spool
from app.system import logs
from tests.records.stories import at, call_story


async def _write(url: str, path: str = "", first: str = "0") -> None:
    spool = Spool.open(Path(path), 1 << 30) if path else None
    engine = open_engine(url)
    if path:
        _fail_while(engine, Path(f"{path}.away"))
    journal = Journal(engine, spool, batch_facts=20, linger_s=0.0)
    await journal.recover()
    if spool is not None:
        await journal.close_open_intervals(at(int(first) * 100).wall)

    async def tell() -> None:
        for number in count(int(first)):
            call = f"call-{number}"
            for outcome in call_story(call, arrived=number * 100):
                journal.record(outcome)
            await journal.secure()
            sys.stdout.write(call + "\n")
            sys.stdout.flush()

    async with asyncio.TaskGroup() as group:
        group.create_task(journal.run())
        group.create_task(tell())


def _fail_while(engine: AsyncEngine, there: Path) -> None:
    def fail(_: Connection, __: object, statement: str, *___: object) -> None:
        if "INSERT" in statement and there.exists():
            raise OperationalError(statement, {}, ConnectionResetError("away"))

    event.listen(engine.sync_engine, "before_cursor_execute", fail)


if __name__ == "__main__":
    logs.configure("ERROR")
    asyncio.run(_write(*sys.argv[1:]))
