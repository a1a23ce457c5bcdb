"""Asterisk dies, stops, stands still, comes back, under load."""

import contextlib
import os
import signal
from collections.abc import Awaitable, Callable

from app.sandbox.packages import SandboxError
from app.system import clock
from tests.faults.centre import Centre
from tests.faults.oracle import Window

RIGHT_S = 5.0
"""After the PBX takes calls again."""


async def kill_pbx(centre: Centre, times: int) -> int:
    """`kill -9` and a new start, `times` times; the callers of the dead PBX never hear an end."""
    for _ in range(times):
        await _restart(centre, centre.sandbox.kill, "Asterisk: kill -9")
    return times


async def stop_pbx(centre: Centre, times: int) -> int:
    """`core stop now` and a new start, `times` times."""

    async def stop_now() -> None:
        with contextlib.suppress(SandboxError):  # it goes without an answer
            await centre.sandbox.cli("core stop now")
        await centre.sandbox.stop()  # and is waited for

    for _ in range(times):
        await _restart(centre, stop_now, "Asterisk: core stop now")
    return times


async def _restart(centre: Centre, end: Callable[[], Awaitable[None]], what: str) -> None:
    await centre.some_moment()
    died_s = clock.utc_now().timestamp()
    await end()
    await centre.load.abandon()
    centre.seen.cut(died_s)
    await centre.sandbox.start()
    back_s = clock.utc_now().timestamp()
    centre.excuses.outages.append(Window(died_s, back_s))
    await centre.until_right(back_s, RIGHT_S, what)
    await centre.fill()


async def freeze_pbx(centre: Centre, times: int, frozen_s: float) -> int:
    """SIGSTOP for so long, `times` times."""
    for _ in range(times):
        await centre.some_moment()
        pid = (await centre.sandbox.status()).pid
        assert pid is not None
        from_s = clock.utc_now().timestamp()
        os.kill(pid, signal.SIGSTOP)
        try:
            await centre.stand_still(frozen_s)
        finally:
            os.kill(pid, signal.SIGCONT)
        to_s = clock.utc_now().timestamp()
        centre.excuses.stalls.append(Window(from_s, to_s))
        await centre.until_right(to_s, RIGHT_S, "Asterisk: SIGSTOP")
        await centre.seen.more_answers(centre.operators)
    return times
