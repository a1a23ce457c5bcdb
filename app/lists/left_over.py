"""What a stop of the service left half done: seen to once, before anything new begins."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from app.system.faults import report

log = structlog.get_logger(__name__)

RETRY_S: Final = 1.0


class LeftOver:
    """A desk's work of before. Who would begin something new sees to it first, or new work is taken for old."""

    def __init__(self, see_to: Callable[[], Awaitable[None]]) -> None:
        """Nothing has been seen to yet.

        Args:
            see_to: does it; done again from its beginning if it fails.
        """
        self._see_to = see_to
        self._lock = asyncio.Lock()
        self._seen_to = False

    async def seen_to(self) -> None:
        """See to it, if nobody has.

        Raises:
            SQLAlchemyError, OSError: the database cannot be asked.
        """
        async with self._lock:
            if not self._seen_to:
                await self._see_to()
                self._seen_to = True

    async def in_the_end(self) -> None:
        """See to it, as soon as the database can be asked.

        After a fault nothing is tried again here: who begins something new meets it, too.
        """
        while True:
            try:
                return await self.seen_to()
            except Exception as error:  # noqa: BLE001 - what is left over is no reason to stop answering callers
                if not report(log, "left_over_unseen", error, part="imports"):
                    return None
            await asyncio.sleep(RETRY_S)
