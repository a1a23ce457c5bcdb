"""Hears of changes by other processes at once where the database is PostgreSQL (LISTEN)."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.records.revision import CHANNEL
from app.system.faults import PAUSE_S, report

log = structlog.get_logger(__name__)

AGAIN_S: Final = 5.0
"""Seconds until a lost connection is made anew; meanwhile the revision is looked at all the same."""
ALIVE_S: Final = 30.0
"""Seconds of silence after which the connection is checked."""


class Listening:
    """Call `run` in a task group; on SQLite, which tells nobody, it ends at once.

    Args:
        engine: the database; one connection of its pool is kept.
        told: called when the configuration was changed, and when it may have been while nobody listened.
    """

    def __init__(self, engine: AsyncEngine, told: Callable[[], None]) -> None:
        self._engine, self._told = engine, told

    async def run(self) -> None:
        """Listen until cancelled; a connection that is lost is made anew."""
        while self._engine.dialect.name == "postgresql":
            wait_s = AGAIN_S
            try:
                await self._listen()
            except Exception as error:  # noqa: BLE001 - the revision is looked at as well
                if not report(log, "configuration_not_heard", error, part="configuration"):
                    wait_s = PAUSE_S
            await asyncio.sleep(wait_s)

    async def _listen(self) -> None:
        """Listen until the connection is lost."""
        async with self._engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            lost = asyncio.Event()
            driver.add_termination_listener(lambda _: lost.set())
            try:
                await driver.add_listener(CHANNEL, lambda *_: self._told())
                self._told()
                while not lost.is_set():
                    try:
                        async with asyncio.timeout(ALIVE_S):
                            await lost.wait()
                    except TimeoutError:
                        await driver.execute("SELECT 1")
            finally:
                await connection.invalidate()  # it must not go back to the pool while it listens
