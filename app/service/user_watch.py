"""Closes desktops whose log-in was ended in the database alone, as by `keskus user password`. Ends the secrets that
phones in the page were lent in log-ins that are over, however they ended. Writes when log-ins were used last.

The desktops of log-ins that the interface ends are closed at once; this finds all others.
"""

import asyncio
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.last_seen import LastSeen
from app.accounts.queries import sessions_that_hold
from app.api.services import Softphones
from app.live.hub import Hub
from app.records.engine import reading
from app.system.faults import PAUSE_S, report

log = structlog.get_logger(__name__)

LOOK_S: Final = 5.0


class UserWatch:
    """Compares desktops with the database; call `run` in a task group.

    Args:
        engine: the records.
        hub: of the desktops.
        last_seen: of the log-ins.
        softphones: where secrets are lent; None: nowhere.
    """

    def __init__(
        self, engine: AsyncEngine, hub: Hub, last_seen: LastSeen, softphones: Softphones | None = None
    ) -> None:
        self._engine, self._hub, self._last_seen, self._softphones = engine, hub, last_seen, softphones

    async def run(self) -> None:
        """Look again and again until cancelled; less often after a fault."""
        wait_s = LOOK_S
        while True:
            await asyncio.sleep(wait_s)
            wait_s = LOOK_S
            try:
                await self.look()
                await self._last_seen.write(self._engine)
            except Exception as error:  # noqa: BLE001 - users are no reason to stop answering callers
                if not report(log, "users_not_looked_at", error, part="user_watch"):
                    wait_s = PAUSE_S

    async def look(self) -> None:
        """Close desktops, and end lent secrets, whose log-in is over."""
        logins = self._hub.logins()
        async with reading(self._engine) as session:
            hold = await sessions_that_hold(session, logins)
        for login in logins - hold:
            self._hub.end_login(login)
        if self._softphones is None:
            return
        lent = {str(one) for one in await self._softphones.lent_in()}
        async with reading(self._engine) as session:
            hold = await sessions_that_hold(session, lent)
        for login in lent - hold:
            await self._softphones.take_back(int(login))
