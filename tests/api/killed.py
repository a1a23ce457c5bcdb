"""Makes a queue, and is killed right after the commit: `python -m tests.api.killed URL`."""

import asyncio
import os
import signal
import sys

from app.crm.queues.queries import save_queue
from app.domain.actors import COMMAND_LINE
from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.records.engine import open_engine, writing


async def _commit_and_die(url: str) -> None:
    async with writing(open_engine(url), COMMAND_LINE) as session:
        await save_queue(session, QueueSettings(QueueId("late"), "Hilja"))
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(_commit_and_die(sys.argv[1]))
