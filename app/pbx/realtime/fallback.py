"""Asterisk's own queues, kept in step with the floor: they serve callers while the service is away.

app_queue reads the rows of `queues` and `queue_members` by realtime at each use. The rows outlive the service and a
restart of the PBX. At each look the wanted rows are computed from the floor, and only those that differ from the last
written ones are written: so a lost write is made good at the next look.
"""

import asyncio
from collections.abc import Mapping
from typing import Final, NamedTuple

import structlog
from sqlalchemy import delete, insert

from app.domain.ids import FIRST_NODE
from app.domain.operators import Presence
from app.floor.facts import OperatorChanged, OperatorGone, StepResult
from app.floor.floor import Floor
from app.pbx.realtime.database import member_table, metadata, open_realtime, queue_table
from app.system.faults import PAUSE_S, report

log = structlog.get_logger(__name__)

LOOK_S: Final = 2.0
"""Seconds between comparisons of the floor with the written rows; a change of presence is written at once."""
GATHER_S: Final = 0.05
LAST_S: Final = 1.0
"""Seconds that the last write may take when the service stops."""


class _Queue(NamedTuple):
    timeout: int
    wrapuptime: int
    servicelevel: int
    weight: int


class _Member(NamedTuple):
    membername: str
    penalty: int
    paused: int


_Queues = Mapping[str, _Queue]
_Members = Mapping[tuple[str, str], _Member]


class Fallback:
    """Keeps the rows in step. Give `note` to the runner as a sink, and call `run` in a task group.

    Args:
        url: the realtime database, as SQLAlchemy has it.
        floor: read between steps.
    """

    def __init__(self, url: str, floor: Floor) -> None:
        self._engine = open_realtime(url)
        self._floor = floor
        self._changed = asyncio.Event()
        self._written: tuple[_Queues, _Members] | None = None
        """The rows written last; None: unknown, so all are written."""
        self.in_step = False
        """Whether the rows agree with the floor as of the last look."""

    def note(self, outcome: StepResult) -> None:
        """Note whether an operator changed or was removed; takes microseconds."""
        for fact in outcome.facts:
            if isinstance(fact, OperatorChanged | OperatorGone):
                self._changed.set()

    async def run(self) -> None:
        """Keep the rows in step until cancelled. A database that is away is tried again at each look."""
        try:
            while True:
                try:
                    await self.write()
                    wait_s = LOOK_S
                except Exception as error:  # noqa: BLE001 - the fallback is no reason to stop answering callers
                    self.in_step, self._written = False, None
                    away = report(log, "fallback_not_in_step", error, part="fallback")
                    wait_s = LOOK_S if away else PAUSE_S
                self._changed.clear()
                try:
                    async with asyncio.timeout(wait_s):
                        await self._changed.wait()
                    await asyncio.sleep(GATHER_S)  # changes come in groups
                except TimeoutError:
                    pass
        finally:
            try:
                async with asyncio.timeout(LAST_S):
                    await self.write()  # from now on the PBX's own queues serve the callers
            except Exception as error:  # noqa: BLE001 - a stop goes on, whatever fails
                report(log, "fallback_not_in_step", error, part="fallback")
            await self.close()

    async def close(self) -> None:
        """Close every database connection."""
        await self._engine.dispose()

    async def write(self) -> None:
        """Write the rows that differ, in one transaction."""
        queues, members = _wanted(self._floor)
        old_queues, old_members = self._written or ({}, {})
        if (queues, members) != (old_queues, old_members) or self._written is None:
            gone_queues = [name for name in old_queues if queues.get(name) != old_queues[name]]
            gone = [key for key in old_members if members.get(key) != old_members[key]]
            async with self._engine.begin() as connection:
                if self._written is None:
                    await connection.run_sync(metadata.create_all)
                    await connection.execute(delete(member_table))
                    await connection.execute(delete(queue_table))
                for name in gone_queues:
                    await connection.execute(delete(queue_table).where(queue_table.c.name == name))
                for queue, interface in gone:
                    ours = (member_table.c.queue_name == queue) & (member_table.c.interface == interface)
                    await connection.execute(delete(member_table).where(ours))
                new_queues = [
                    _queue_row(name, row) for name, row in queues.items() if old_queues.get(name) != row
                ]
                new_members = [
                    _member_row(key, row) for key, row in members.items() if old_members.get(key) != row
                ]
                if new_queues:
                    await connection.execute(insert(queue_table), new_queues)
                if new_members:
                    await connection.execute(insert(member_table), new_members)
            self._written = queues, members
        self.in_step = True


def _wanted(floor: Floor) -> tuple[_Queues, _Members]:
    queues = {
        str(id_): _Queue(
            queue.settings.ring_s,
            round(queue.settings.wrap_up_s),
            round(queue.settings.target_s),
            queue.settings.priority,
        )
        for id_, queue in floor.queues.items()
    }
    members = {}
    for id_, queue in floor.queues.items():
        for operator_id, level in queue.members.items():
            operator = floor.operators[operator_id]
            if operator.node != FIRST_NODE:  # the database belongs to the first PBX
                continue
            paused = operator.presence is not Presence.AVAILABLE or operator.pending is not None
            key = (str(id_), f"PJSIP/{operator.settings.endpoint}")
            members[key] = _Member(operator.settings.name, level - 1, int(paused))
    return queues, members


def _queue_row(name: str, queue: _Queue) -> dict[str, object]:
    return {
        "name": name,
        "strategy": "leastrecent",  # app_queue's nearest to the longest idle operator
        "joinempty": "yes",  # callers may wait even when no operator is there
        "leavewhenempty": "no",
        "ringinuse": "no",
        "retry": 1,
        **queue._asdict(),
    }


def _member_row(key: tuple[str, str], member: _Member) -> dict[str, object]:
    queue, interface = key
    return {
        "queue_name": queue,
        "interface": interface,
        "state_interface": interface,
        **member._asdict(),
    }
