"""Imports in the service: files are taken in, looked at, and brought into their campaigns one after the other.

A file waits in a folder of the service's own until its import is forgotten. Two lines of work go on: looking at
files, which somebody waits for, and bringing them in. Neither reads a file itself: see `app.lists.reader`. What
a stop of the service cuts off is marked at its next start, and may then go on or be undone.
"""

import asyncio
from collections.abc import AsyncIterable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.campaigns.queries import get_campaign
from app.crm.campaigns.service import note_change, open_campaign
from app.crm.imports.again import look_again
from app.crm.imports.errors import (
    ImportBeingRead,
    ImportDealtWith,
    ImportFileGone,
    ImportNeverRead,
    ImportNothingToUndo,
    ImportNotStartable,
    ImportUnknown,
)
from app.crm.imports.queries import JOBS, Counts, add_job, cut_off, get_job, jobs_in, move_job
from app.crm.imports.tables import ImportJobRow
from app.crm.imports.work import Source, run_import, undo_import
from app.domain.actors import SERVICE, Actor
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.lists.desk import GLANCE_S, FileDesk
from app.lists.errors import FileUnreadable, ReadingUnfit
from app.lists.left_over import LeftOver
from app.lists.reader import Look, look_at
from app.lists.reading import UNREAD, Reading, Wish
from app.records.engine import reading as reading_session
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


@dataclass(slots=True, frozen=True)
class _Looking:
    """A file to be looked at."""

    job: int
    wish: Wish = field(default_factory=Wish)
    was: JobState | None = None
    """The import's state before; None for a file that was not read yet."""
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """It carries the error when the file cannot be read in this way."""


class Imports(FileDesk[ImportJobRow]):
    """Takes in uploaded files of leads and imports them."""

    jobs = JOBS
    unknown = ImportUnknown
    busy = (JobState.QUEUED, JobState.RUNNING, JobState.UNDOING)
    kept_as = "leads"

    def __init__(
        self, engine: AsyncEngine, folder: Path, most_bytes: int, now: Callable[[], datetime]
    ) -> None:
        super().__init__(engine, folder, most_bytes, now)
        self._line: asyncio.Queue[int] = asyncio.Queue()
        self._looks: asyncio.Queue[_Looking] = asyncio.Queue()
        self._left_over = LeftOver(self._recover)

    async def run(self) -> None:
        """Work on imports, one after the other, until cancelled."""
        await self._left_over.in_the_end()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_on())
            group.create_task(self._work_on())

    async def receive(
        self, campaign: CampaignId, name: str, pieces: AsyncIterable[bytes], who: Actor
    ) -> ImportJobRow:
        """Take a file in, and have it looked at. While a long look goes on, its state is `reading`.

        Args:
            campaign: where its leads are to go.
            name: what its owner calls it.
            pieces: its bytes.
            who: brings it.

        Raises:
            UploadTooLarge: it has more than `most_bytes`.
            DiskFull: there is no room for it.
            TooManyFiles: others of this user's have not been looked at yet.
            FileUnreadable: it is no table; nothing of it is kept.
            CampaignUnknown, CampaignFinished: it takes no leads.
        """
        await self._left_over.seen_to()
        async with reading_session(self._engine) as session:
            await open_campaign(session, campaign)
        self._places.take(who.user)
        looking: _Looking | None = None
        try:
            row = await self._take_in(campaign, name, pieces, who)
            assert row.id is not None
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

    async def _take_in(
        self, campaign: CampaignId, name: str, pieces: AsyncIterable[bytes], who: Actor
    ) -> ImportJobRow:
        async with self._folder.receive(pieces) as (coming, size), writing(self._engine, who) as session:
            row = await add_job(
                session,
                ImportJobRow(
                    campaign_id=campaign,
                    user_id=who.user,
                    name=name,
                    size=size,
                    state=JobState.READING.value,
                    reading=UNREAD.as_json(),
                    runner=RUNNER,
                    created_at=self._now(),
                ),
            )
            assert row.id is not None
            await self._note(session, row, "import_brought", who)
            await asyncio.to_thread(coming.rename, self._file(row.id))
        return row

    async def read_as(self, id_: int, wish: Wish, who: Actor = SERVICE) -> ImportJobRow:
        """Change how a file is read; what the wish leaves out stays, or is guessed anew where it depends on a change.

        Raises:
            ImportUnknown: there is none with this id.
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
            if not await move_job(session, id_, before, JobState.READING, note=""):
                raise ImportBeingRead if row.state == JobState.READING.value else ImportDealtWith
        await self._wait_for(_Looking(id_, wish, JobState(row.state)))
        return await self.known(id_)

    async def start(self, id_: int, *, dry_run: bool, who: Actor) -> ImportJobRow:
        """Put an import in the line: from its beginning, or from where it stopped.

        Raises:
            ImportUnknown: there is none with this id.
            ImportFileGone, ImportBeingRead, ImportNeverRead, ImportNotStartable: see there.
        """
        row = await self.known(id_)
        await self._left_over.seen_to()
        await self._need_file(id_)
        if not Reading.from_json(row.reading).columns:
            raise ImportNeverRead if row.note else ImportBeingRead
        fresh = JobState(row.state) in {JobState.UPLOADED, JobState.CHECKED} or row.dry_run
        values: dict[str, Any] = {"dry_run": dry_run, "runner": RUNNER, "ended_at": None, "note": ""}
        if fresh:
            values |= asdict(Counts())
        allowed = _STARTED[dry_run] if not (dry_run and row.dry_run) else _STARTED[False]
        async with writing(self._engine, who) as session:
            if not await move_job(session, id_, allowed, JobState.QUEUED, **values):
                raise ImportNotStartable(state=row.state)
            if not dry_run:
                await self._note(session, row, "import_started", who)
        self._line.put_nowait(id_)
        return await self.known(id_)

    async def undo(self, id_: int, who: Actor) -> ImportJobRow:
        """Take away what an import added and nobody has dialled.

        Raises:
            ImportUnknown: there is none with this id.
            ImportNothingToUndo: it is under way, or added nothing.
        """
        row = await self.known(id_)
        await self._left_over.seen_to()
        async with writing(self._engine, who) as session:
            undone = {"runner": RUNNER, "note": ""}
            if not row.added or not await move_job(session, id_, _UNDONE, JobState.UNDOING, **undone):
                raise ImportNothingToUndo(state=row.state)
            await self._note(session, row, "import_undone", who)
        self._line.put_nowait(id_)
        return await self.known(id_)

    async def _note(self, session: AsyncSession, row: ImportJobRow, what: str, who: Actor) -> None:
        """Record in the campaign's changes what was done with an import."""
        said = {"import": row.id, "name": row.name}
        await note_change(session, CampaignId(row.campaign_id), what, said, user=who.user, at=self._now())

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
                report(log, "import_unlooked", error, part="imports", job=asked.job)
                await self._unlooked(asked, reason(error))
                asked.done.set_exception(error)
            if asked.done.exception() is not None:
                log.info("import_unreadable", job=asked.job)

    async def _look(self, asked: _Looking) -> None:
        async with writing(self._engine) as session:
            row = await get_job(session, asked.job)
            campaign = await get_campaign(session, CampaignId(row.campaign_id)) if row is not None else None
        if row is None or campaign is None:
            return
        before = None if asked.was is None else Reading.from_json(row.reading)
        try:
            looked = await look_at(self._file(asked.job), campaign.country, asked.wish, before)
            if before is None:
                looked = await self._as_before(row, looked, campaign.country)
        except (FileUnreadable, ReadingUnfit) as error:
            await self._unlooked(asked, str(error))
            raise
        async with writing(self._engine) as session:
            told: dict[str, Any] = {"reading": looked.reading.as_json(), "look": looked.shown}
            await move_job(session, asked.job, [JobState.READING], JobState.UPLOADED, **told)

    async def _as_before(self, row: ImportJobRow, looked: Look, country: str) -> Look:
        """Read a file of rejected rows like the file that they came from."""
        columns = await look_again(self._engine, CampaignId(row.campaign_id), looked.reading)
        if columns is None:
            return looked
        return await look_at(self._file(row.id or 0), country, Wish(columns=columns), looked.reading)

    async def _unlooked(self, asked: _Looking, note: str) -> None:
        """Record that a file could not be read for its preview."""
        try:
            async with writing(self._engine) as session:
                after = asked.was or JobState.FAILED
                await move_job(session, asked.job, [JobState.READING], after, note=note)
        except Exception as error:  # noqa: BLE001 - the next start looks at it again
            report(log, "import_state_unwritten", error, part="imports", job=asked.job)

    async def _work_on(self) -> None:
        while True:
            job = await self._line.get()
            try:
                await self._work(job)
            except Exception as error:  # noqa: BLE001 - told to whoever brought it, and the next one is taken in
                report(log, "import_failed", error, part="imports", job=job)
                await self._fail(job, reason(error))

    async def _work(self, job: int) -> None:
        async with writing(self._engine) as session:
            row = await get_job(session, job)
            campaign = await get_campaign(session, CampaignId(row.campaign_id)) if row is not None else None
        if row is None or campaign is None:
            return
        if row.state == JobState.UNDOING.value:
            await undo_import(self._engine, job, self._now)
            return
        source = Source(self._file(job), self._rejected(job), campaign.country)
        state = await run_import(self._engine, job, source, self._now)
        log.info("import_ended", job=job, state=state.value)

    async def _fail(self, job: int, note: str) -> None:
        try:
            async with writing(self._engine) as session:
                before = (JobState.QUEUED, JobState.RUNNING, JobState.UNDOING)
                await move_job(session, job, before, JobState.FAILED, note=note, ended_at=self._now())
        except Exception as error:  # noqa: BLE001 - the next start ends what is left open
            report(log, "import_state_unwritten", error, part="imports", job=job)

    async def _recover(self) -> None:
        await self._folder.tidy()
        async with writing(self._engine) as session:
            jobs = await cut_off(session, RUNNER, "the service was stopped meanwhile", self._now())
            reading = await jobs_in(session, RUNNER, JobState.READING)
        for job in jobs:
            log.warning("import_cut_off", job=job)
        for row in reading:
            was = JobState.UPLOADED if row.reading["columns"] else None
            self._looks.put_nowait(_Looking(row.id or 0, was=was))
