"""Answers the floor's question who is calling, from the contact base.

A few workers look up side by side. A question that finds the line full is dropped: the call is then routed
unidentified once the floor's patience (`Floor.identify_s`) is over, as it is when the database is away.
"""

import asyncio
from collections.abc import Callable

import structlog

from app.crm.lookup import Lookup
from app.floor.commands import IdentifyCaller
from app.floor.events import CallerIdentified
from app.records.engine import AWAY_ERRORS

log = structlog.get_logger(__name__)

WORKERS = 4
LOOKUP_S = 2.0
"""How long a look-up may take: a database that hangs must not keep the workers from the next callers."""
LINE = 1000  # questions; a second's worth at ten times any load measured


class Identifier:
    """Takes `IdentifyCaller` commands and puts `CallerIdentified` events.

    Args:
        lookup: the contact base.
        put: takes the answers; must return at once.
    """

    def __init__(self, lookup: Lookup, put: Callable[[CallerIdentified], None]) -> None:
        self.dropped = 0
        self._lookup = lookup
        self._put = put
        self._line: asyncio.Queue[IdentifyCaller] = asyncio.Queue(LINE)

    def ask(self, command: IdentifyCaller) -> None:
        """Take a question; never waits."""
        try:
            self._line.put_nowait(command)
        except asyncio.QueueFull:
            self.dropped += 1
            log.warning("identify_line_full", call_id=command.call, dropped=self.dropped)

    async def run(self) -> None:
        """Answer questions until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(WORKERS):
                group.create_task(self._work())

    async def _work(self) -> None:
        while True:
            command = await self._line.get()
            self._put(await self._answer(command))

    async def _answer(self, command: IdentifyCaller) -> CallerIdentified:
        try:
            async with asyncio.timeout(LOOKUP_S):
                matches = await self._lookup.identify(command.number)
        except AWAY_ERRORS as error:
            log.warning("identify_failed", call_id=command.call, reason=type(error).__name__)
            return CallerIdentified(command.call)
        except Exception:  # the contact base is no reason to keep a caller waiting
            log.exception("identify_failed", call_id=command.call)
            return CallerIdentified(command.call)
        ids = tuple(match.contact for match in matches)
        if len(matches) != 1:
            return CallerIdentified(command.call, matches=ids)
        (match,) = matches
        return CallerIdentified(command.call, match.name, match.contact, ids, match.last_operator)
