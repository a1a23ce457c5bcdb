"""Brings queues and operators from the rows onto the floor."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.operators.service import list_operators
from app.crm.queues.service import list_queues
from app.domain.errors import NotPossible
from app.domain.ids import OperatorId
from app.domain.operators import Presence
from app.floor.events import Event, OperatorRemoved, OperatorSet, PresenceAsked, QueueRemoved, QueueSet
from app.floor.facts import OperatorChanged, StepResult
from app.floor.floor import Floor
from app.records.engine import reading

log = structlog.get_logger(__name__)

REMOVED: Final = "removed"
"""The cause for which an operator without a row goes offline."""


class People:
    """A part of the configuration; give `note` to the runner as a sink.

    An operator whose row was removed while a call was offered to them leaves the floor after the call, and is offered
    no other. A queue whose row was removed as a caller came stays until nobody waits in it.

    Args:
        engine: the rows.
        floor: read between steps.
        post: gives the floor an event and waits for its outcome; raises NotPossible.
        wake: called when an operator who could not leave before may be able to.
    """

    name = "people"

    def __init__(
        self,
        engine: AsyncEngine,
        floor: Floor,
        post: Callable[[Event], Coroutine[Any, Any, StepResult]],
        wake: Callable[[], None],
    ) -> None:
        self._engine, self._floor, self._post, self._wake = engine, floor, post, wake
        self._leaving: set[OperatorId] = set()

    def note(self, outcome: StepResult) -> None:
        """See whether an operator who is to leave may have come out of their call; takes microseconds."""
        if self._leaving and any(
            isinstance(fact, OperatorChanged) and fact.operator in self._leaving for fact in outcome.facts
        ):
            self._wake()

    async def bring(self) -> bool:
        """Post what differs: first queues, then operators, then what was removed."""
        async with reading(self._engine) as session:
            queues = {one.id: one for one in await list_queues(session)}
            operators = {one.id: one for one in await list_operators(session)}
        floor, waits = self._floor, False
        for queue in queues.values():
            known = floor.queues.get(queue.id)
            if known is None or known.settings != queue:
                waits |= not await self._told(QueueSet(queue))
        for operator in operators.values():
            there = floor.operators.get(operator.id)
            if there is None or there.settings != operator:
                waits |= not await self._told(OperatorSet(operator))
        for id_ in floor.operators.keys() - operators.keys():
            waits |= not await self._take_off(id_)
        for gone in floor.queues.keys() - queues.keys():
            waits |= not await self._told(QueueRemoved(gone))
        self._leaving &= floor.operators.keys() - operators.keys()
        return waits

    async def _take_off(self, id_: OperatorId) -> bool:
        if await self._told(OperatorRemoved(id_)):
            return True
        if id_ not in self._leaving:
            self._leaving.add(id_)
            await self._told(PresenceAsked(id_, Presence.OFFLINE, "", REMOVED))
        return id_ not in self._floor.operators

    async def _told(self, event: Event) -> bool:
        """Post an event; return whether the floor has taken it."""
        try:
            await self._post(event)
        except NotPossible as error:
            log.info("configuration_waits", floor_event=type(event).__name__, reason=str(error))
            return False
        return True
