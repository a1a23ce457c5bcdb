"""Imports in the service: files are taken in, looked at, and brought into their campaigns one after the other.

A file waits in a folder of the service's own until its import is forgotten. Two lines of work go on: looking at
files, which somebody waits for, and bringing them in. Neither reads a file itself: see `app.lists.reader`. What
a stop of the service cuts off is told when it starts again, and may then go on or be undone.
"""

import asyncio
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.campaigns.queries import get_campaign
from app.crm.campaigns.service import note_change
from app.crm.imports.again import look_again
from app.crm.imports.queries import add_job, cut_off, get_job, jobs_in, move_job, remove_job
from app.crm.imports.tables import ImportJobRow
from app.crm.imports.work import Source, run_import, undo_import
from app.domain.errors import WordedRefusal
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.lists.left_over import LeftOver
from app.lists.reader import Look, look_at
from app.lists.reading import UNREAD, Reading, ReadingUnfit, Wish
from app.lists.rows import FileUnreadable
from app.lists.uploads import Folder, Places
from app.records.engine import writing
from app.system.away import reason
from app.system.faults import report

log = structlog.get_logger(__name__)

RUNNER: Final = "service"
GLANCE_S: Final = 5.0
"""How long who brings a file waits for what it looks like; most have been looked at by then."""
_STARTED: Final = {
    False: (JobState.UPLOADED, JobState.CHECKED, JobState.CUT_OFF, JobState.CANCELLED, JobState.FAILED),
    True: (JobState.UPLOADED, JobState.CHECKED),
}
_UNDONE: Final = (JobState.DONE, JobState.CANCELLED, JobState.FAILED, JobState.CUT_OFF, JobState.UNDONE)
_BUSY: Final = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.UNDOING})


class ImportUnfit(WordedRefusal):
    """What is asked does not fit where the import is."""


@dataclass(slots=True, frozen=True)
class _Looking:
    """A file to be looked at."""

    job: int
    wish: Wish = field(default_factory=Wish)
    was: JobState | None = None
    """What its import was before; None for a file that nobody has looked at."""
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """Has the error, if it cannot be read so."""


class Imports:
    """The desk where files are brought."""

    def __init__(
        self, engine: AsyncEngine, folder: Path, most_bytes: int, now: Callable[[], datetime]
    ) -> None:
        """A desk for this database.

        Args:
            engine: the database.
            folder: where files wait; made when it is not there.
            most_bytes: how large a file may be.
            now: the wall clock.
        """
        self.most_bytes = most_bytes
        self._engine = engine
        self._folder = Folder(folder, most_bytes)
        self._places = Places()
        self._now = now
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
        self, campaign: CampaignId, name: str, pieces: AsyncIterable[bytes], user: int | None
    ) -> ImportJobRow:
        """Take a file in, and have it looked at. While a long look goes on, its state is `reading`.

        Args:
            campaign: where its leads are to go.
            name: what its owner calls it.
            pieces: its bytes.
            user: who brings it.

        Raises:
            UploadTooLarge: it has more than `most_bytes`.
            DiskFull: there is no room for it.
            TooManyFiles: others of this user's have not been looked at yet.
            FileUnreadable: it is no table; nothing of it is kept.
            sqlalchemy.exc.IntegrityError: there is no such campaign.
        """
        await self._left_over.seen_to()
        self._places.take(user)
        looking: _Looking | None = None
        try:
            row = await self._take_in(campaign, name, pieces, user)
            assert row.id is not None
            looking = _Looking(row.id)
            looking.done.add_done_callback(lambda _: self._places.leave(user))
        finally:
            if looking is None:
                self._places.leave(user)
        try:
            await self._wait_for(looking)
        except FileUnreadable:
            await self.forget(row)
            raise
        return await self._now_is(row)

    async def _take_in(
        self, campaign: CampaignId, name: str, pieces: AsyncIterable[bytes], user: int | None
    ) -> ImportJobRow:
        async with self._folder.receive(pieces) as (coming, size), writing(self._engine) as session:
            row = await add_job(
                session,
                ImportJobRow(
                    campaign_id=campaign,
                    user_id=user,
                    name=name,
                    size=size,
                    state=JobState.READING.value,
                    reading=UNREAD.as_json(),
                    runner=RUNNER,
                    created_at=self._now(),
                ),
            )
            assert row.id is not None
            await note_change(
                session,
                campaign,
                "import_brought",
                {"import": row.id, "name": name},
                user=user,
                at=self._now(),
            )
            await asyncio.to_thread(coming.rename, self._file(row.id))
        return row

    async def read_as(self, row: ImportJobRow, wish: Wish) -> ImportJobRow:
        """Say otherwise how a file is read; what the wish leaves out stays, or is guessed anew for what has changed.

        Raises:
            ImportUnfit: rows of it have come in already, or it cannot be read so.
            FileUnreadable: see there.
        """
        assert row.id is not None
        await self._left_over.seen_to()
        await self._need_file(row.id)
        if wish == Wish():
            return row
        async with writing(self._engine) as session:
            before = (JobState.UPLOADED, JobState.CHECKED)
            if not await move_job(session, row.id, before, JobState.READING, note=""):
                raise ImportUnfit(
                    "it is being looked at: ask again when it is uploaded"
                    if row.state == JobState.READING.value
                    else "rows of this file have been dealt with: it cannot be read otherwise any more"
                )
        await self._wait_for(_Looking(row.id, wish, JobState(row.state)))
        return await self._now_is(row)

    async def start(self, row: ImportJobRow, *, dry_run: bool, user: int | None) -> None:
        """Put an import in the line: from its beginning, or from where it stopped.

        Raises:
            ImportUnfit: not from the state it is in.
        """
        assert row.id is not None
        await self._left_over.seen_to()
        await self._need_file(row.id)
        if not Reading.from_json(row.reading).columns:
            raise ImportUnfit(row.note or "it is being looked at: start it when it is uploaded")
        fresh = JobState(row.state) in {JobState.UPLOADED, JobState.CHECKED} or row.dry_run
        values: dict[str, Any] = {"dry_run": dry_run, "runner": RUNNER, "ended_at": None, "note": ""}
        if fresh:
            values |= {
                "rows": 0,
                "added": 0,
                "duplicates": 0,
                "rejected": 0,
                "rejected_bytes": 0,
                "progress": 0.0,
            }
        allowed = _STARTED[dry_run] if not (dry_run and row.dry_run) else _STARTED[False]
        async with writing(self._engine) as session:
            if not await move_job(session, row.id, allowed, JobState.QUEUED, **values):
                raise ImportUnfit(f"an import that is {row.state} cannot be started")
            if not dry_run:
                await note_change(
                    session,
                    CampaignId(row.campaign_id),
                    "import_started",
                    {"import": row.id, "name": row.name},
                    user=user,
                    at=self._now(),
                )
        self._line.put_nowait(row.id)

    async def cancel(self, row: ImportJobRow) -> None:
        """Stop an import; what has come in stays until it is undone.

        Raises:
            ImportUnfit: it is not under way.
        """
        assert row.id is not None
        async with writing(self._engine) as session:
            before = (JobState.QUEUED, JobState.RUNNING)
            if not await move_job(session, row.id, before, JobState.CANCELLED, ended_at=self._now()):
                raise ImportUnfit(f"an import that is {row.state} is not under way")

    async def undo(self, row: ImportJobRow, user: int | None) -> None:
        """Take away what an import added and nobody has dialled.

        Raises:
            ImportUnfit: it is under way, or added nothing.
        """
        assert row.id is not None
        await self._left_over.seen_to()
        async with writing(self._engine) as session:
            if not row.added or not await move_job(
                session, row.id, _UNDONE, JobState.UNDOING, runner=RUNNER, note=""
            ):
                raise ImportUnfit(f"an import that is {row.state} has nothing to be undone")
            await note_change(
                session,
                CampaignId(row.campaign_id),
                "import_undone",
                {"import": row.id, "name": row.name},
                user=user,
                at=self._now(),
            )
        self._line.put_nowait(row.id)

    async def forget(self, row: ImportJobRow) -> None:
        """Forget an import and its files; the leads it added stay.

        Raises:
            ImportUnfit: it is under way.
        """
        assert row.id is not None
        if JobState(row.state) in _BUSY:
            raise ImportUnfit("an import that is under way cannot be forgotten: cancel it first")
        async with writing(self._engine) as session:
            kept = await get_job(session, row.id)
            if kept is not None:
                await remove_job(session, kept)
        for path in (self._file(row.id), self.rejected(row.id)):
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def rejected(self, job: int) -> Path:
        """Where an import's rejected rows are."""
        return self._folder.path / f"{job}-rejected.csv"

    def _file(self, job: int) -> Path:
        return self._folder.path / f"{job}-leads"

    async def _need_file(self, job: int) -> None:
        if not await asyncio.to_thread(self._file(job).is_file):
            raise ImportUnfit("the file is not here: bring it again")

    async def _now_is(self, row: ImportJobRow) -> ImportJobRow:
        assert row.id is not None
        async with writing(self._engine) as session:
            return await get_job(session, row.id) or row

    async def _wait_for(self, asked: _Looking) -> None:
        """Have a file looked at; come back when it has been, or when it takes long.

        Raises:
            FileUnreadable, ImportUnfit: it cannot be read so.
        """
        self._looks.put_nowait(asked)
        await asyncio.wait([asked.done], timeout=GLANCE_S)
        if asked.done.done() and (error := asked.done.exception()) is not None:
            raise ImportUnfit(str(error)) if isinstance(error, ReadingUnfit) else error

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
        """A file of rejected rows is read as the file was that they come from."""
        columns = await look_again(self._engine, CampaignId(row.campaign_id), looked.reading)
        if columns is None:
            return looked
        return await look_at(self._file(row.id or 0), country, Wish(columns=columns), looked.reading)

    async def _unlooked(self, asked: _Looking, note: str) -> None:
        """Write down that a file could not be looked at."""
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
        source = Source(self._file(job), self.rejected(job), campaign.country)
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
