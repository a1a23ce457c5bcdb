"""Writes calls through the journal until it is killed: `python -m tests.records.doomed URL`.

Prints the id of each call that `flush` said is committed.
"""

import asyncio
import sys
from itertools import count

from app.records.engine import open_engine
from app.records.journal import Journal
from tests.records.stories import call_story


async def _write(url: str) -> None:
    journal = Journal(open_engine(url), batch_facts=20, linger_s=0.0)

    async def tell() -> None:
        for number in count():
            call = f"call-{number}"
            for outcome in call_story(call, arrived=number * 100):
                journal.record(outcome)
            await journal.flush()
            sys.stdout.write(call + "\n")
            sys.stdout.flush()

    async with asyncio.TaskGroup() as group:
        group.create_task(journal.run())
        group.create_task(tell())


if __name__ == "__main__":
    asyncio.run(_write(sys.argv[1]))
