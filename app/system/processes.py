"""Programs that the service starts."""

import contextlib
import os
from asyncio.subprocess import Process


def send_signal(process: Process, number: int) -> None:
    """Send a signal to a program that may just have ended.

    `Process.kill` and `Process.send_signal` look first whether it has, and so take its end from whoever waits for it:
    asyncio logs an "Unknown child process pid", and tells 255 for the exit status.
    """
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
