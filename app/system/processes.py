"""Signals to programs that the service starts."""

import contextlib
import os
from asyncio.subprocess import Process


def send_signal(process: Process, number: int) -> None:
    """Send a signal to a program that may have ended just now.

    `Process.kill` and `Process.send_signal` poll first, and so take the exit status from the task that waits for it:
    asyncio then logs "Unknown child process pid" and gives 255 for the exit status.
    """
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
