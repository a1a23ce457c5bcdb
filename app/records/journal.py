"""The journal: the floor's facts, written to the database off the live path.

    runner -> record() -> queue in memory -> batch -> one commit
                                               `-> spool, while the database is away -> commits, in order

`record` never waits. `run` takes the facts that have gathered, in order, and commits them. When a commit fails, or
takes long, its batch goes to the spool on this machine's disk, and all later batches go behind it until the spool is
empty again. A batch whose commit was cut off may or may not be in the database: its rows have keys of their own, so
writing it again changes nothing.

A fault is not an outage. A row that is refused, and a fact that cannot be made a row, are set aside with the reason
(`set_aside`), and all others go on. When the database answers but takes no row at all, the batch is tried a few times,
a minute apart, with all later batches behind it in the spool; then it is set aside, too. So nothing is lost, and
nothing is tried for ever.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from app.floor.facts import PersonActed, StepResult
from app.records.journal_state import JournalState, Keeping
from app.records.mapping import Batch, Mapper
from app.records.set_aside import FACT, Refused, SetAside, SetAsideFull
from app.records.spool import Spool
from app.records.spooled import Spooled
from app.records.tables import OperatorStateRow
from app.records.timeline import KINDS
from app.records.writer import Writer
from app.system import clock
from app.system.away import is_away, reason
from app.system.faults import PAUSE_S, report

CAPACITY_FACTS = 100_000
BATCH_FACTS = 300
"""About how many facts go into one commit; no outcome is split."""
LINGER_S = 0.1
"""How long facts gather before a batch is taken, so that a busy floor does not commit each step."""
PATIENCE_S = 1.0
"""How long a commit may take before its batch goes to the spool too."""
RETRY_MIN_S, RETRY_MAX_S = 0.1, 5.0
FAULT_TRIES = 10
"""How often in a row a batch is tried when the database answers but takes none of its rows."""
SERVICE_RESTARTED = "service_restarted"

_log = structlog.get_logger(__name__)


class Journal:
    """Keeps every fact, in order, once.

    Spool and memory are bounded. Batches that the spool does not take stay in memory. At memory's bound new outcomes
    are refused, counted and logged, until half of it is free; those already taken are kept. So what is missing is one
    stretch of time with known ends, which is completed from the PBX's own history as after an outage, and not holes in
    calls that had been whole.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        spool: Spool | None = None,
        capacity: int = CAPACITY_FACTS,
        *,
        aside: SetAside | None = None,
        batch_facts: int = BATCH_FACTS,
        linger_s: float = LINGER_S,
        patience_s: float = PATIENCE_S,
        changed: Callable[[Keeping], None] = lambda _: None,
    ) -> None:
        """Make an empty journal.

        Args:
            engine: the database.
            spool: where facts go while the database is away; without one they stay in memory.
            capacity: how many facts are held in memory at most.
            aside: takes rows that meet a fault; without it their batch is tried again and again.
            batch_facts: about how many facts go into one commit.
            linger_s: how long facts gather before a batch is taken.
            patience_s: how long a commit may take before its batch goes to the spool.
            changed: called when new facts go elsewhere than before; must return at once.
        """
        self._engine = engine
        self._writer = Writer(engine, aside)
        self._aside = aside
        self._spooled = Spooled(spool) if spool is not None else None
        self._mapper = Mapper()
        self._unmapped = 0
        """Facts that could not be made rows and are in the log, but in no file yet."""
        self._capacity = capacity
        self._batch_facts = batch_facts
        self._linger_s = linger_s
        self._patience_s = patience_s
        self._changed = changed
        self._queue: deque[StepResult] = deque()
        self._batch: Batch | None = None
        """Taken from the queue and not known to be committed or spooled. Outlives a cancelled `run`."""
        self._late: asyncio.Task[bool] | None = None
        """A commit that takes long: of `_batch` while the spool is empty, else of the spool's first batches."""
        self._taken = 0
        self._in_memory = 0
        self._written = 0
        self._refused = 0
        self._full = False
        self._last_commit_at: datetime | None = None
        self._last_error: str | None = None
        self._faults = 0
        """Attempts in a row that met a fault."""
        self._told = Keeping.WRITTEN
        self._waiting = asyncio.Event()
        """Set while something is in the queue."""
        self._hurry = asyncio.Event()
        """Set when somebody waits in `flush`, or a whole batch is there: do not linger."""
        self._progress = asyncio.Condition()

    @property
    def state(self) -> JournalState:
        """The state now; cheap."""
        spooled = self._spooled
        oldest = (
            (spooled.oldest if spooled else None)
            or (self._batch.oldest if self._batch else None)
            or (self._queue[0].at if self._queue else None)
        )
        return JournalState(
            keeping=self._keeping(),
            backlog=self._backlog(),
            in_memory=self._in_memory,
            lag_s=max(0.0, clock.monotonic() - oldest.mono_s) if oldest else 0.0,
            last_commit_at=self._last_commit_at,
            last_error=self._last_error,
            refused=self._refused,
            spoiled=self._writer.spoiled,
            fault=self._faults > 0,
            set_aside=self._aside.rows if self._aside else 0,
            spooled_batches=spooled.batches if spooled else 0,
            spooled_bytes=spooled.size if spooled else 0,
            spool_error=spooled.error if spooled else None,
        )

    def record(self, outcome: StepResult) -> None:
        """Take a step's facts. Never waits and never raises; see the class for what happens at the bound."""
        count = len(outcome.facts)
        if not count:
            return
        if self._full or self._in_memory + count > self._capacity:
            self._refuse(outcome)
            return
        self._queue.append(outcome)
        self._in_memory += count
        self._taken += count
        self._waiting.set()
        if self._in_memory >= self._batch_facts:
            self._hurry.set()

    def note(self, action: PersonActed) -> None:
        """Take a person's action on the floor, as `record` takes facts."""
        self.record(StepResult(clock.now(), [], [action]))

    async def flush(self) -> None:
        """Wait until everything recorded so far is committed.

        It waits as long as the database is away, and needs `run` to be running: give it a time-out.
        """
        target = self._taken
        self._hurry.set()
        async with self._progress:
            await self._progress.wait_for(lambda: self._written >= target)

    async def secure(self) -> None:
        """Wait until everything recorded so far is committed, or in the spool for the next start.

        It needs `run` to be running, and waits as long as neither takes the facts: give it a time-out.
        """
        target = self._taken
        self._hurry.set()
        async with self._progress:
            await self._progress.wait_for(lambda: self._taken - self._in_memory >= target)

    async def recover(self) -> int:
        """Write the batches that a dead process left in the spool, and try rows that were set aside once more.

        Call it before the first `record`, and before anything is read that the floor is to begin with: the
        operators' last states may be in these batches.

        Returns:
            How many batches there were.

        Raises:
            Exception: the database is away (`is_away`), or the spool's disk fails; what is left stays.
            SpoolUnusable: a later version of the service left it.
        """
        await self._writer.write_set_aside()
        return await self._spooled.recover(self._writer) if self._spooled else 0

    async def close_open_intervals(self, at: datetime) -> int:
        """Close operators' intervals that a dead process left open. Call it before the first `record`.

        Args:
            at: the start of this process, aware UTC. How long the states truly lasted is not known, so
                their `duration_s` stays empty.

        Returns:
            How many intervals there were.

        Raises:
            SQLAlchemyError, OSError: the database is away.
        """
        async with self._engine.begin() as connection:
            closed = await connection.execute(
                update(OperatorStateRow)
                .where(col(OperatorStateRow.to_at).is_(None))
                .values(to_at=at, end_cause=SERVICE_RESTARTED)
            )
        return closed.rowcount

    async def run(self) -> None:
        """Write until cancelled. Facts that are not written then stay, for a `flush` during another `run`."""
        self._late = None
        async with asyncio.TaskGroup() as group:
            group.create_task(self._take(group))
            if self._spooled is not None:
                group.create_task(self._drain(self._spooled))

    async def _take(self, group: asyncio.TaskGroup) -> None:
        """Move batches from the queue to the database or the spool."""
        spooled = self._spooled
        while True:
            if self._batch is None:
                await self._gather()
            await self._set_facts_aside()
            retry_s = RETRY_MIN_S
            while (batch := self._batch) is not None:
                # Nothing overtakes what is in the spool.
                if (spooled is None or not spooled.batches) and await self._commit(batch, group):
                    self._written += batch.facts
                elif spooled is None or not await spooled.append(batch):
                    retry_s = await self._rest(retry_s)
                    continue
                self._batch = None
                self._leave_memory(batch.facts)
                await self._notify()

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
        taken: list[StepResult] = []
        facts = 0
        while self._queue and facts < self._batch_facts:
            outcome = self._queue.popleft()
            facts += len(outcome.facts)
            taken.append(outcome)
        if not self._queue:
            self._waiting.clear()
            self._hurry.clear()
        self._batch = self._mapper.batch(taken)

    async def _commit(self, batch: Batch, group: asyncio.TaskGroup) -> bool:
        """Commit; return whether it was done in good time. A longer commit goes on: to cancel it may take as long."""
        if self._late is None:
            self._late = group.create_task(self._attempt([batch]))
        done, _ = await asyncio.wait([self._late], timeout=self._patience_s if self._spooled else None)
        if not done:
            self._failed(f"no answer within {self._patience_s:g} s")
            return False
        attempt, self._late = self._late, None
        return attempt.result()

    async def _drain(self, spooled: Spooled) -> None:
        """Move batches from the spool to the database."""
        while True:
            await spooled.some.wait()
            if self._late is not None:
                await asyncio.wait([self._late])  # its batch is written again here, which changes nothing
                self._late = None
            batches = await spooled.first()
            retry_s = RETRY_MIN_S
            while not await self._attempt(batches):
                retry_s = await self._rest(retry_s)
            self._written += await spooled.drop_first()
            self._tell()
            await self._notify()

    async def _attempt(self, batches: list[Batch]) -> bool:
        try:
            await self._writer.write(batches, give_up=self._faults >= FAULT_TRIES)
        except Exception as error:  # noqa: BLE001 - told apart and logged
            if is_away(error):
                self._failed(reason(error))
            else:
                self._faults += 1
                report(
                    _log, "journal_fault", error, part="journal", tries=self._faults, backlog=self._backlog()
                )
                self._failed(f"a fault of the service: {type(error).__name__}")
            return False
        self._faults = 0
        if self._last_error is not None:
            _log.info("journal_writes_again", backlog=self._backlog())
        self._last_error = None
        self._last_commit_at = clock.utc_now()
        self._tell()
        return True

    async def _rest(self, retry_s: float) -> float:
        """Wait before the next attempt; return how long to wait before the one after it, if that fails, too."""
        await asyncio.sleep(PAUSE_S if self._faults else retry_s)
        return min(RETRY_MAX_S, retry_s * 2)

    async def _set_facts_aside(self) -> None:
        """Keep facts that could not be made rows in a file, for people to read; while the disk fails they wait."""
        unmapped = self._mapper.unmapped
        if not unmapped:
            return
        refused = [
            Refused(
                FACT, {"at": one.at.wall, "kind": KINDS[type(one.fact)], "fact": repr(one.fact)}, one.error
            )
            for one in unmapped
        ]
        for fault in refused[self._unmapped :]:
            report(_log, "journal_fact_set_aside", fault.error, part="journal", kind=fault.row["kind"])
        self._unmapped = len(unmapped)
        if self._aside is None:
            return
        try:
            await self._aside.keep(refused)
        except (OSError, SetAsideFull) as error:
            report(_log, "facts_not_set_aside", error, part="journal", facts=len(refused))
        else:
            unmapped.clear()
            self._unmapped = 0

    def _failed(self, why: str) -> None:
        if self._last_error is None:
            _log.warning("journal_cannot_write", error=why, backlog=self._backlog())
        self._last_error = why
        self._tell()

    def _refuse(self, outcome: StepResult) -> None:
        self._refused += len(outcome.facts)
        if not self._full:
            self._full = True
            _log.error(
                "journal_full",
                capacity=self._capacity,
                at=outcome.at.wall.isoformat(),
                error=self._last_error,
                spool_error=self._spooled.error if self._spooled else None,
            )
            self._tell()

    def _leave_memory(self, facts: int) -> None:
        self._in_memory -= facts
        if self._full and self._in_memory <= self._capacity // 2:
            self._full = False
            _log.warning("journal_takes_again", refused=self._refused, at=clock.utc_now().isoformat())
        self._tell()

    def _keeping(self) -> Keeping:
        if self._full:
            return Keeping.REFUSED
        if self._last_error is not None or (self._spooled is not None and self._spooled.batches):
            return Keeping.KEPT
        return Keeping.WRITTEN

    def _tell(self) -> None:
        keeping = self._keeping()
        if keeping is not self._told:
            self._told = keeping
            self._changed(keeping)

    def _backlog(self) -> int:
        return self._in_memory + (self._spooled.facts if self._spooled else 0)

    async def _notify(self) -> None:
        async with self._progress:
            self._progress.notify_all()
