"""The journal: the floor's facts, written to the database off the live path.

    runner -> record() -> queue in memory -> run(): batch -> one commit -> flush() returns

`record` never waits. `run` takes what has gathered, in order, and commits it; while the database is away
it tries the same batch again, ever more slowly. A batch whose commit was cut off may or may not be there:
its rows have keys of their own, so writing it again changes nothing.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from app import clock
from app.floor.facts import Outcome
from app.records.engine import AWAY_ERRORS
from app.records.errors import reason
from app.records.mapping import Batch, Mapper
from app.records.spoiled import clean, is_spoiled
from app.records.statements import Statement, Statements
from app.records.tables import OperatorStateRow

CAPACITY_FACTS = 100_000
BATCH_FACTS = 300
"""About how many facts go into one commit; no outcome is split."""
LINGER_S = 0.1
"""How long facts gather before a batch is taken, so that a busy floor does not commit each step."""
RETRY_MIN_S, RETRY_MAX_S = 0.1, 5.0
SERVICE_RESTARTED = "service_restarted"

_log = structlog.get_logger(__name__)


@dataclass(slots=True, frozen=True)
class JournalState:
    """How the journal stands."""

    backlog: int
    """Facts recorded but not committed."""
    lag_s: float
    """Age of the oldest of them; 0 when there are none."""
    last_commit_at: datetime | None
    last_error: str | None
    """Why the last attempt failed; None once one has succeeded."""
    refused: int
    """Facts not taken because the journal was full, since the start."""
    spoiled: int
    """Rows the database would not take in any form, since the start."""


class Journal:
    """Keeps every fact, in order, once.

    Memory is bounded. At the bound new outcomes are refused, counted and logged, and those already taken
    are kept: what is missing is then one stretch of time with known ends, which is completed from the
    PBX's own history as after an outage, and not holes in calls that had been whole.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        capacity: int = CAPACITY_FACTS,
        *,
        batch_facts: int = BATCH_FACTS,
        linger_s: float = LINGER_S,
    ) -> None:
        """An empty journal.

        Args:
            engine: where to write.
            capacity: how many facts are held in memory at most.
            batch_facts: about how many facts go into one commit.
            linger_s: how long facts gather before a batch is taken.
        """
        self._engine = engine
        self._statements = Statements(engine.dialect)
        self._mapper = Mapper()
        self._capacity = capacity
        self._batch_facts = batch_facts
        self._linger_s = linger_s
        self._queue: deque[Outcome] = deque()
        self._batch: Batch | None = None
        """Taken from the queue and not known to be committed. Outlives a cancelled `run`."""
        self._backlog = 0
        self._taken = 0
        self._written = 0
        self._refused = 0
        self._full = False
        self._spoiled = 0
        self._last_commit_at: datetime | None = None
        self._last_error: str | None = None
        self._waiting = asyncio.Event()
        """Something is in the queue."""
        self._hurry = asyncio.Event()
        """Somebody waits in `flush`, or a whole batch is there: do not linger."""
        self._progress = asyncio.Condition()

    @property
    def state(self) -> JournalState:
        """How it stands now; cheap."""
        oldest = self._batch.oldest if self._batch else self._queue[0].at if self._queue else None
        return JournalState(
            backlog=self._backlog,
            lag_s=max(0.0, clock.monotonic() - oldest.mono_s) if oldest else 0.0,
            last_commit_at=self._last_commit_at,
            last_error=self._last_error,
            refused=self._refused,
            spoiled=self._spoiled,
        )

    def record(self, outcome: Outcome) -> None:
        """Take a step's facts. Never waits and never raises; see the class for what happens at the bound."""
        count = len(outcome.facts)
        if not count:
            return
        if self._backlog + count > self._capacity:
            self._refuse(outcome)
            return
        if self._full:
            self._full = False
            _log.warning("journal_takes_again", refused=self._refused, at=outcome.at.wall.isoformat())
        self._queue.append(outcome)
        self._backlog += count
        self._taken += count
        self._waiting.set()
        if self._backlog >= self._batch_facts:
            self._hurry.set()

    def _refuse(self, outcome: Outcome) -> None:
        self._refused += len(outcome.facts)
        if not self._full:
            self._full = True
            _log.error(
                "journal_full",
                capacity=self._capacity,
                at=outcome.at.wall.isoformat(),
                error=self._last_error,
            )

    async def flush(self) -> None:
        """Wait until everything recorded so far is committed.

        It lasts as long as the database is away, and needs `run` to be running: give it a time-out.
        """
        target = self._taken
        self._hurry.set()
        async with self._progress:
            await self._progress.wait_for(lambda: self._written >= target)

    async def close_open_intervals(self, at: datetime) -> int:
        """Close operators' intervals that a dead process left open. Call it before the first `record`.

        Args:
            at: the start of this process, aware UTC. How long the states truly lasted is not known, so
                their `duration_s` stays empty.

        Returns:
            How many there were.

        Raises:
            SQLAlchemyError, OSError: when the database is away.
        """
        async with self._engine.begin() as connection:
            closed = await connection.execute(
                update(OperatorStateRow)
                .where(col(OperatorStateRow.to_at).is_(None))
                .values(to_at=at, end_cause=SERVICE_RESTARTED)
            )
        return closed.rowcount

    async def run(self) -> None:
        """Write until cancelled. What is not written then stays, for a `flush` during another `run`."""
        while True:
            if self._batch is None:
                await self._gather()
            await self._write_until_done()

    async def _gather(self) -> None:
        await self._waiting.wait()
        if len(self._queue) == 0:
            self._waiting.clear()
            return
        try:
            async with asyncio.timeout(self._linger_s):
                await self._hurry.wait()
        except TimeoutError:
            pass
        taken: list[Outcome] = []
        facts = 0
        while self._queue and facts < self._batch_facts:
            outcome = self._queue.popleft()
            facts += len(outcome.facts)
            taken.append(outcome)
        if not self._queue:
            self._waiting.clear()
            self._hurry.clear()
        self._batch = self._mapper.batch(taken)

    async def _write_until_done(self) -> None:
        retry_s = RETRY_MIN_S
        one_by_one = False
        while (batch := self._batch) is not None:
            try:
                if one_by_one:
                    await self._write_one_by_one(batch)
                else:
                    await self._write(batch)
            except (*AWAY_ERRORS, ValueError) as error:
                if not one_by_one and is_spoiled(error):
                    one_by_one = True
                    continue
                if self._last_error is None:
                    _log.warning("journal_cannot_write", error=reason(error), backlog=self._backlog)
                self._last_error = reason(error)
                await asyncio.sleep(retry_s)
                retry_s = min(RETRY_MAX_S, retry_s * 2)
            else:
                await self._written_down(batch)

    async def _written_down(self, batch: Batch) -> None:
        if self._last_error is not None:
            _log.info("journal_writes_again", backlog=self._backlog)
        self._batch = None
        self._last_error = None
        self._last_commit_at = clock.utc_now()
        self._backlog -= batch.facts
        self._written += batch.facts
        async with self._progress:
            self._progress.notify_all()

    async def _write(self, batch: Batch) -> None:
        async with self._engine.begin() as connection:
            for statement, rows in self._statements.of(batch):
                await statement.run(connection, rows)

    async def _write_one_by_one(self, batch: Batch) -> None:
        """Write a batch that holds a row the database will not take: that row cleaned, or left out."""
        spoiled = 0
        async with self._engine.begin() as connection:
            for statement, rows in self._statements.of(batch):
                for row in rows:
                    spoiled += not await self._write_row(connection, statement, clean(row))
        self._spoiled += spoiled

    async def _write_row(
        self, connection: AsyncConnection, statement: Statement, row: dict[str, Any]
    ) -> bool:
        try:
            async with connection.begin_nested():
                await statement.run(connection, [row])
        except (*AWAY_ERRORS, ValueError) as error:
            if not is_spoiled(error):
                raise
            _log.error("journal_row_spoiled", call_id=row.get("call_id", row.get("id")), error=reason(error))
            return False
        return True
