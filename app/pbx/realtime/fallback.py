"""Asterisk's own queues, kept in step with the floor: they serve callers while the service is away.

app_queue reads the rows of `queues` and `queue_members` by realtime at each use. The rows outlive the service and a
restart of the PBX. At each look the wanted rows are computed from the floor. If others were written last, the rows that
differ are written: so a lost write is made good at the next look.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import structlog
from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.ids import FIRST_NODE, QueueId
from app.domain.operators import Presence
from app.domain.queues import QueueSettings
from app.floor.facts import OperatorChanged, OperatorGone, StepResult
from app.floor.floor import Floor
from app.floor.model import Operator
from app.pbx.realtime.database import make_tables, member_table, open_realtime, queue_table
from app.system.faults import PAUSE_S, report

log = structlog.get_logger(__name__)

LOOK_S: Final = 2.0
"""Seconds between comparisons of the floor with the written rows; a change of presence is written at once."""
GATHER_S: Final = 0.05
LAST_S: Final = 1.0
"""Seconds that the last write may take when the service stops."""


_Row = Mapping[str, object]
_Rows = Mapping[tuple[object, ...], _Row]
"""Rows by the columns that tell one from another."""

_QUEUE: Final = ("name",)
_MEMBER: Final = ("queue_name", "interface", "membername")
"""app_queue remembers a member by `uniqueid`. Of a row that it knows it reads anew all columns but these."""


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
        self._writing = asyncio.Lock()
        self._written: tuple[_Rows, _Rows] | None = None
        """The rows written last; None: unknown."""
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
        async with self._writing:
            wanted = _wanted(self._floor)
            if wanted != self._written:
                known, self._written = self._written is not None, None
                async with self._engine.begin() as connection:
                    if not known:
                        await connection.run_sync(make_tables)
                    await _bring(connection, queue_table, _QUEUE, wanted[0])
                    await _bring(connection, member_table, _MEMBER, wanted[1])
                self._written = wanted
            self.in_step = True


async def _bring(connection: AsyncConnection, table: Table, named_by: Sequence[str], wanted: _Rows) -> None:
    """Make the rows of a table these; a row that is there keeps its primary key."""
    (primary,) = table.primary_key
    there: set[tuple[object, ...]] = set()
    gone: list[_Row] = []
    changed: list[_Row] = []
    for row in (await connection.execute(select(table))).mappings():
        name, which = tuple(row[column] for column in named_by), {"which": row[primary.name]}
        if name not in wanted or name in there:
            gone.append(which)
        elif any(row[column] != value for column, value in wanted[name].items()):
            changed.append({**which, **wanted[name]})
        there.add(name)
    new = [row for name, row in wanted.items() if name not in there]
    this_row = primary == bindparam("which")
    for statement, rows in (
        (delete(table).where(this_row), gone),
        (update(table).where(this_row), changed),
        (insert(table), new),
    ):
        if rows:
            await connection.execute(statement, rows)


def _wanted(floor: Floor) -> tuple[_Rows, _Rows]:
    queues: dict[tuple[object, ...], _Row] = {}
    members: dict[tuple[object, ...], _Row] = {}
    for id_, queue in floor.queues.items():
        row = _queue_row(queue.settings)
        queues[tuple(row[column] for column in _QUEUE)] = row
        for operator_id, level in queue.members.items():
            operator = floor.operators[operator_id]
            if operator.node == FIRST_NODE:  # the database belongs to the first PBX
                row = _member_row(id_, operator, level)
                members[tuple(row[column] for column in _MEMBER)] = row
    return queues, members


def _queue_row(queue: QueueSettings) -> _Row:
    return {
        "name": queue.id,
        "strategy": "leastrecent",  # app_queue's nearest to the longest idle operator
        "joinempty": "yes",  # callers may wait even when no operator is there
        "leavewhenempty": "no",
        "ringinuse": "no",
        "timeout": queue.ring_s,
        "retry": 1,
        "wrapuptime": round(queue.wrap_up_s),
        "servicelevel": round(queue.target_s),
        "weight": queue.priority,
    }


def _member_row(queue: QueueId, operator: Operator, level: int) -> _Row:
    interface = f"PJSIP/{operator.settings.endpoint}"
    return {
        "queue_name": queue,
        "interface": interface,
        "membername": operator.settings.name,
        "state_interface": interface,
        "penalty": level - 1,
        "paused": int(operator.presence is not Presence.AVAILABLE or operator.pending is not None),
    }
