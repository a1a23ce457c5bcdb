import asyncio
import contextlib
import logging
import os
import signal

import pytest

from app.system.processes import send_signal

PROCESSES = 40


async def test_a_program_that_ends_as_it_is_killed_leaves_no_line(caplog: pytest.LogCaptureFixture) -> None:
    """Who asks first how it ended is chance; each time is another chance."""
    with caplog.at_level(logging.WARNING):
        for _ in range(PROCESSES):
            process = await asyncio.create_subprocess_exec("sleep", "600")
            os.kill(process.pid, signal.SIGTERM)
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # noqa: ASYNC222 - it was killed
            send_signal(process, signal.SIGKILL)
            assert await process.wait() == -signal.SIGTERM
            send_signal(process, signal.SIGKILL)
    assert not [record.getMessage() for record in caplog.records]
