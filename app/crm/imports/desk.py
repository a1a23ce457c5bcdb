"""What imports of every kind do: files are taken in, looked at, and brought in one after the other.

A file waits in a folder of the service's own until its import is forgotten. Two lines of work go on: looking at
files, which somebody waits for, and bringing them in. Neither reads a file itself: see `app.lists.reader`. What
a stop of the service cuts off is marked at its next start, and may then go on or be undone.
"""

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final, Generic, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.imports.errors import (
    ImportBeingRead,
    ImportDealtWith,
    ImportFileGone,
    ImportNeverRead,
    ImportNothingToUndo,
    ImportNotStartable,
)
from app.domain.actors import SERVICE, Actor
from app.domain.errors import Refusal
from app.domain.jobs import JobState
from app.lists.desk import GLANCE_S, FileDesk
from app.lists.errors import ImportFault, ReadingUnfit
from app.lists.file_errors import FileUnreadable
from app.lists.jobs import PreviewedRow, remark
from app.lists.left_over import LeftOver
from app.lists.reader import Look
from app.lists.reading import Reading, Wish
from app.records.engine import writing
from app.system.away import reason
from app.system.faults import report

log = structlog.get_logger(__name__)

RUNNER: Final = "service"
_STARTED: Final = {
    False: (JobState.UPLOADED, JobState.CHECKED, JobState.CUT_OFF, JobState.CANCELLED, JobState.FAILED),
    True: (JobState.UPLOADED, JobState.CHECKED),
}
_UNDONE: Final = (JobState.DONE, JobState.CANCELLED, JobState.FAILED, JobState.CUT_OFF, JobState.UNDONE)
_OPEN: Final = (JobState.QUEUED, JobState.RUNNING, JobState.UNDOING)


R = TypeVar("R", bound=PreviewedRow)


@dataclass(slots=True, frozen=True)
class _Looking:
    """A file to be looked at."""

    job: int
    wish: Wish = field(default_factory=Wish)
    was: JobState | None = None
    """The import's state before; None for a file that was not read yet."""
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """It carries the error when the file cannot be read in this way."""


class ImportDesk(FileDesk[R], Generic[R]):
    """Takes in uploaded files of one kind, shows how they would come in, and brings them in."""

    busy = _OPEN
    part: ClassVar[str]
    """The part of the service, as alarms and the log name it."""
    counts: ClassVar[tuple[str, ...]]
    """The columns that begin anew when an import starts from the beginning."""

    def __init__(
        self, engine: AsyncEngine, folder: Path, most_bytes: int, now: Callable[[], datetime]
    ) -> None:
        super().__init__(engine, folder, most_bytes, now)
        self._line: asyncio.Queue[int] = asyncio.Queue()
        self._looks: asyncio.Queue[_Looking] = asyncio.Queue()
        self._left_over = LeftOver(self._recover)

    @abstractmethod
    async def look_at(self, row: R, wish: Wish, before: Reading | None) -> Look | None:
        """How a file is read, with a preview; None: it is not wanted any more.

        Raises:
            FileUnreadable, ReadingUnfit: it cannot be read so.
        """

    @abstractmethod
    async def bring_in(self, row: R) -> None:
        """Bring a file in, from where it stands, or undo what it brought: the row's state says which."""

    async def note(self, session: AsyncSession, row: R, what: str, who: Actor) -> None:
        """Record elsewhere what was done with an import."""

    async def run(self) -> None:
        """Work on imports, one after the other, until cancelled."""
        await self._left_over.in_the_end()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_on())
            group.create_task(self._work_on())

    async def take(self, new: Callable[[int], R], pieces: AsyncIterable[bytes], who: Actor) -> R:
        """Take a file in, and have it looked at. While a long look goes on, its state is `reading`.

        Args:
            new: makes its row, in the state `reading`, of its size in bytes.
            pieces: its bytes.
            who: brings it.

        Raises:
            UploadTooLarge: it has more than `most_bytes`.
            DiskFull: there is no room for it.
            TooManyFiles: others of this user's have not been looked at yet.
            FileUnreadable: it is no table; nothing of it is kept.
        """
        await self._left_over.seen_to()
        self._places.take(who.user)
        looking: _Looking | None = None
        try:
            async with self._folder.receive(pieces) as (coming, size), writing(self._engine, who) as session:
                row: R = await self.jobs.add(session, new(size))
                assert row.id is not None
                await self.note(session, row, "import_brought", who)
                await asyncio.to_thread(coming.rename, self._file(row.id))
            looking = _Looking(row.id)
            looking.done.add_done_callback(lambda _: self._places.leave(who.user))
        finally:
            if looking is None:
                self._places.leave(who.user)
        try:
            await self._wait_for(looking)
        except FileUnreadable:
            await self.forget(row.id, who)
            raise
        return await self.known(row.id)

    async def read_as(self, id_: int, wish: Wish, who: Actor = SERVICE) -> R:
        """Change how a file is read; what the wish leaves out stays, or is guessed anew where it depends on a change.

        Raises:
            unknown: there is none with this id.
            ImportFileGone, ImportBeingRead, ImportDealtWith: see there.
            FileUnreadable, ReadingUnfit: it cannot be read so.
        """
        row = await self.known(id_)
        await self._left_over.seen_to()
        await self._need_file(id_)
        if wish == Wish():
            return row
        async with writing(self._engine, who) as session:
            before = (JobState.UPLOADED, JobState.CHECKED)
            if not await self.jobs.move(session, id_, before, JobState.READING, **remark(None)):
                raise ImportBeingRead if row.state == JobState.READING.value else ImportDealtWith
        await self._wait_for(_Looking(id_, wish, JobState(row.state)))
        return await self.known(id_)

    async def start(self, id_: int, *, dry_run: bool, who: Actor, **how: Any) -> R:
        """Put an import in the line: from its beginning, or from where it stopped.

        Args:
            id_: the import.
            dry_run: only count.
            who: starts it.
            how: columns of its row that say how it is to run; an import that goes on keeps them.

        Raises:
            unknown: there is none with this id.
            ImportFileGone, ImportBeingRead, ImportNeverRead, ImportNotStartable: see there.
        """
        row = await self.known(id_)
        await self._left_over.seen_to()
        await self._need_file(id_)
        if not Reading.from_json(row.reading).columns:
            raise ImportNeverRead if row.note else ImportBeingRead
        fresh = JobState(row.state) in {JobState.UPLOADED, JobState.CHECKED} or row.dry_run
        values: dict[str, Any] = {"dry_run": dry_run, "runner": RUNNER, "ended_at": None, **remark(None)}
        if fresh:
            values |= {**dict.fromkeys(self.counts, 0), "progress": 0.0, **how}
        allowed = _STARTED[dry_run] if not (dry_run and row.dry_run) else _STARTED[False]
        async with writing(self._engine, who) as session:
            if not await self.jobs.move(session, id_, allowed, JobState.QUEUED, **values):
                raise ImportNotStartable(state=row.state)
            if not dry_run:
                await self.note(session, row, "import_started", who)
        self._line.put_nowait(id_)
        return await self.known(id_)

    async def undo(self, id_: int, who: Actor) -> R:
        """Take away what an import brought and nobody has touched since.

        Raises:
            unknown: there is none with this id.
            ImportNothingToUndo: it is under way, or brought nothing.
        """
        row = await self.known(id_)
        await self._left_over.seen_to()
        async with writing(self._engine, who) as session:
            undone = {"runner": RUNNER, **remark(None)}
            if not self.brought(row) or not await self.jobs.move(
                session, id_, _UNDONE, JobState.UNDOING, **undone
            ):
                raise ImportNothingToUndo(state=row.state)
            await self.note(session, row, "import_undone", who)
        self._line.put_nowait(id_)
        return await self.known(id_)

    def brought(self, row: R) -> int:
        """How much an import has brought that can be undone."""
        return row.added

    async def _need_file(self, job: int) -> None:
        if not await asyncio.to_thread(self._file(job).is_file):
            raise ImportFileGone

    async def _wait_for(self, asked: _Looking) -> None:
        """Have a file read for its preview; return when that is done, or when it takes long.

        Raises:
            FileUnreadable, ReadingUnfit: it cannot be read so.
        """
        self._looks.put_nowait(asked)
        await asyncio.wait([asked.done], timeout=GLANCE_S)
        if asked.done.done() and (error := asked.done.exception()) is not None:
            raise error

    async def _look_on(self) -> None:
        while True:
            asked = await self._looks.get()
            try:
                await self._look(asked)
                asked.done.set_result(None)
            except (FileUnreadable, ReadingUnfit) as error:
                asked.done.set_exception(error)
            except Exception as error:  # noqa: BLE001 - told to whoever brought it
                report(log, "import_unlooked", error, part=self.part, job=asked.job)
                await self._unlooked(asked, ImportFault(why=reason(error)))
                asked.done.set_exception(error)
            if asked.done.exception() is not None:
                log.info("import_unreadable", job=asked.job)

    async def _look(self, asked: _Looking) -> None:
        async with writing(self._engine) as session:
            row: R | None = await self.jobs.get(session, asked.job)
        if row is None:
            return
        try:
            looked = await self.look_at(
                row, asked.wish, None if asked.was is None else Reading.from_json(row.reading)
            )
        except (FileUnreadable, ReadingUnfit) as error:
            await self._unlooked(asked, error)
            raise
        if looked is None:
            return
        async with writing(self._engine) as session:
            told: dict[str, Any] = {"reading": looked.reading.as_json(), "look": looked.shown}
            await self.jobs.move(session, asked.job, [JobState.READING], JobState.UPLOADED, **told)

    async def _unlooked(self, asked: _Looking, why: Refusal) -> None:
        """Record that a file could not be read for its preview."""
        try:
            async with writing(self._engine) as session:
                after = asked.was or JobState.FAILED
                await self.jobs.move(session, asked.job, [JobState.READING], after, **remark(why))
        except Exception as error:  # noqa: BLE001 - the next start looks at it again
            report(log, "import_state_unwritten", error, part=self.part, job=asked.job)

    async def _work_on(self) -> None:
        while True:
            job = await self._line.get()
            try:
                async with writing(self._engine) as session:
                    row: R | None = await self.jobs.get(session, job)
                if row is not None:
                    await self.bring_in(row)
            except Exception as error:  # noqa: BLE001 - told to whoever brought it, and the next one is taken in
                report(log, "import_failed", error, part=self.part, job=job)
                await self._fail(job, ImportFault(why=reason(error)))

    async def _fail(self, job: int, why: Refusal) -> None:
        try:
            async with writing(self._engine) as session:
                await self.jobs.move(
                    session, job, _OPEN, JobState.FAILED, ended_at=self._now(), **remark(why)
                )
        except Exception as error:  # noqa: BLE001 - the next start ends what is left open
            report(log, "import_state_unwritten", error, part=self.part, job=job)

    async def _recover(self) -> None:
        await self._folder.tidy()
        async with writing(self._engine) as session:
            jobs = await self.jobs.cut_off(session, RUNNER, self._now())
            reading = await self.jobs.in_states(session, [JobState.READING], self.jobs.of_runner(RUNNER))
        for job in jobs:
            log.warning("import_cut_off", job=job)
        for row in reading:
            was = JobState.UPLOADED if row.reading["columns"] else None
            self._looks.put_nowait(_Looking(row.id or 0, was=was))
