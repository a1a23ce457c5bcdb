"""How long the event loop is held by its own work, whatever neighbours on the machine do."""

import asyncio
import gc
from types import TracebackType
from typing import Final, Self

from app.system import clock

HELD_BOUND_S: Final = 0.05
"""How long any one thing may hold the event loop, in seconds of its thread's processor time."""


class Holding:
    """Measures while the context lasts."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        """The longest turn of the loop so far, in seconds of processor time."""

    async def __aenter__(self) -> Self:
        gc.collect()
        gc.freeze()  # as the service does: the tests' own heap is not its work
        self._turning = asyncio.get_running_loop().create_task(self._turn())
        await asyncio.sleep(0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.sleep(0)
        self._turning.cancel()
        gc.unfreeze()

    async def _turn(self) -> None:
        while True:
            before_s = clock.thread_cpu()
            await asyncio.sleep(0)
            self.longest_s = max(self.longest_s, clock.thread_cpu() - before_s)
