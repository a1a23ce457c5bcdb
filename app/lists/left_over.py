"""Work that a stop of the service left half done: it is finished or cleaned up once, before new work begins."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from app.system.faults import report

log = structlog.get_logger(__name__)

RETRY_S: Final = 1.0


class LeftOver:
    """A desk's work from before a stop. It is settled before new work begins, so that new work is not taken for it."""

    def __init__(self, see_to: Callable[[], Awaitable[None]]) -> None:
        """Begin with nothing settled.

        Args:
            see_to: settles the work; it is called again if it fails.
        """
        self._see_to = see_to
        self._lock = asyncio.Lock()
        self._seen_to = False

    async def seen_to(self) -> None:
        """Settle the work, if that has not been done.

        Raises:
            SQLAlchemyError, OSError: the database cannot be asked.
        """
        async with self._lock:
            if not self._seen_to:
                await self._see_to()
                self._seen_to = True

    async def in_the_end(self) -> None:
        """Settle the work, as soon as the database can be asked.

        After a bug it is not tried again here: the next new work meets the same error.
        """
        while True:
            try:
                return await self.seen_to()
            except Exception as error:  # noqa: BLE001 - such a failure must not stop the service from taking calls
                if not report(log, "left_over_unseen", error, part="imports"):
                    return None
            await asyncio.sleep(RETRY_S)
