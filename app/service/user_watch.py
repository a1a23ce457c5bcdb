"""What `keskus user` changes in the database while the service runs: desktops and the floor hear of it here.

What the interface changes is told at once; this looks for what nobody told.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.queries import sessions_that_hold
from app.crm.operators.queries import load_operator_settings
from app.domain.errors import NotPossible
from app.domain.ids import OperatorId
from app.floor.events import Event, OperatorRemoved, OperatorSet
from app.floor.floor import Floor
from app.live.hub import Hub
from app.records.engine import reading
from app.system.faults import PAUSE_S, report

log = structlog.get_logger(__name__)

LOOK_S: Final = 5.0


class UserWatch:
    """Compares desktops and operators with the database; call `run` in a task group.

    Args:
        engine: the records.
        floor: read between steps.
        hub: of the desktops.
        post: gives an event to the floor; raises NotPossible when the floor refuses it.
    """

    def __init__(
        self, engine: AsyncEngine, floor: Floor, hub: Hub, post: Callable[[Event], Awaitable[object]]
    ) -> None:
        self._engine, self._floor, self._hub, self._post = engine, floor, hub, post
        self._differed: frozenset[OperatorId] = frozenset()

    async def run(self) -> None:
        """Look again and again until cancelled; less often after a fault."""
        wait_s = LOOK_S
        while True:
            await asyncio.sleep(wait_s)
            wait_s = LOOK_S
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - users are no reason to stop answering callers
                if not report(log, "users_not_looked_at", error, part="user_watch"):
                    wait_s = PAUSE_S

    async def look(self) -> None:
        """Close desktops whose log-in is over; let operators on the floor, and off it, as the database has them."""
        logins = self._hub.logins()
        async with reading(self._engine) as session:
            hold = await sessions_that_hold(session, logins)
            operators = {one.id: one for one in await load_operator_settings(session)}
        for login in logins - hold:
            self._hub.end_login(login)
        differs = frozenset(operators.keys() ^ self._floor.operators.keys())
        # Seen twice: the interface may be about to tell the floor of it.
        certain, self._differed = differs & self._differed, differs
        for id_ in certain:
            settings = operators.get(id_)
            try:
                await self._post(OperatorRemoved(id_) if settings is None else OperatorSet(settings))
                self._differed -= {id_}
            except NotPossible as error:
                log.info("operator_not_changed_yet", operator_id=id_, reason=str(error))
