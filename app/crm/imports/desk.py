"""Imports in the service: files are taken in, guessed at, and brought into their campaigns one after the other.

A file waits in a folder of the service's own until its import is forgotten. What a stop of the service cuts off is told
when it starts again, and may then go on or be undone.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.imports.columns import ColumnRole
from app.crm.imports.drafts import Rejected, to_draft
from app.crm.imports.reading import SHOWN, Reading, guess, guess_with, rows_of
from app.crm.imports.rows import Row
from app.crm.imports.work import Source, run_import, undo_import
from app.floor.model import CampaignId
from app.records.engine import AWAY_ERRORS, writing
from app.records.errors import reason
from app.records.queries.campaigns import get_campaign, note_change
from app.records.queries.imports import add_job, cut_off, get_job, move_job, remove_job
from app.records.queries.lead_lists import LeadDraft
from app.records.tables import ImportJobRow, JobState

log = structlog.get_logger(__name__)

RUNNER: Final = "service"
_STARTED: Final = {
    False: (JobState.UPLOADED, JobState.CHECKED, JobState.CUT_OFF, JobState.CANCELLED, JobState.FAILED),
    True: (JobState.UPLOADED, JobState.CHECKED),
}
_UNDONE: Final = (JobState.DONE, JobState.CANCELLED, JobState.FAILED, JobState.CUT_OFF, JobState.UNDONE)
_BUSY: Final = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.UNDOING})


class UploadTooLarge(Exception):  # noqa: N818 - named for what is so
    """A file larger than may be brought."""


class ImportUnfit(Exception):  # noqa: N818 - named for what is so
    """What is asked does not fit where the import is."""


class Imports:
    """The desk where files are brought."""

    def __init__(
        self, engine: AsyncEngine, folder: Path, most_bytes: int, region: str, now: Callable[[], datetime]
    ) -> None:
        """A desk for this database.

        Args:
            engine: the database.
            folder: where files wait; made when it is not there.
            most_bytes: how large a file may be.
            region: country of numbers without a country code.
            now: the wall clock.
        """
        self.most_bytes = most_bytes
        self._engine = engine
        self._folder = folder
        self._region = region
        self._now = now
        self._mark = secrets.token_hex(4)  # files on their way to this desk, not to one that was here before
        self._line: asyncio.Queue[int] = asyncio.Queue()

    async def run(self) -> None:
        """Work on imports, one after the other, until cancelled."""
        try:
            await self._recover()
        except AWAY_ERRORS as error:
            log.warning("imports_unrecovered", reason=reason(error))
        while True:
            job = await self._line.get()
            try:
                await self._work(job)
            except Exception as error:
                log.exception("import_failed", job=job)
                await self._fail(job, reason(error))

    async def receive(
        self, campaign: CampaignId, name: str, pieces: AsyncIterable[bytes], user: int | None
    ) -> ImportJobRow:
        """Take a file in and guess how it is read.

        Args:
            campaign: where its leads are to go.
            name: what its owner calls it.
            pieces: its bytes.
            user: who brings it.

        Raises:
            UploadTooLarge: it has more than `most_bytes`.
            FileUnreadable: it is no table.
            sqlalchemy.exc.IntegrityError: there is no such campaign.
        """
        await asyncio.to_thread(self._folder.mkdir, 0o700, parents=True, exist_ok=True)
        coming = self._folder / f"coming-{self._mark}-{secrets.token_hex(8)}"
        try:
            size = await self._save(coming, pieces)
            reading, _ = await asyncio.to_thread(guess, coming, self._region)
            async with writing(self._engine) as session:
                row = await add_job(
                    session,
                    ImportJobRow(
                        campaign_id=campaign,
                        user_id=user,
                        name=name,
                        size=size,
                        state=JobState.UPLOADED.value,
                        reading=reading.as_json(),
                        runner=RUNNER,
                        created_at=self._now(),
                    ),
                )
                assert row.id is not None
                await asyncio.to_thread(coming.rename, self._file(row.id))
                await note_change(
                    session,
                    campaign,
                    "import_brought",
                    {"import": row.id, "name": name},
                    user=user,
                    at=self._now(),
                )
        finally:
            await asyncio.to_thread(coming.unlink, missing_ok=True)
        return row

    async def preview(self, row: ImportJobRow) -> list[tuple[Row, LeadDraft | Rejected]]:
        """The first rows of a file, as they would come in.

        Raises:
            ImportUnfit: the file is not here, as of one brought from the command line.
            FileUnreadable: it cannot be read so.
        """
        assert row.id is not None
        await self._need_file(row.id)
        how = Reading.from_json(row.reading)
        return await asyncio.to_thread(self._preview, self._file(row.id), how)

    async def read_as(
        self,
        row: ImportJobRow,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        columns: Sequence[ColumnRole] | None = None,
        header: bool | None = None,
    ) -> None:
        """Say otherwise how a file is read; what is None stays, or is guessed anew for what has changed.

        Raises:
            ImportUnfit: rows of it have come in already, or there are not as many columns.
            FileUnreadable: it cannot be read so.
        """
        assert row.id is not None
        await self._need_file(row.id)
        how = Reading.from_json(row.reading)
        if encoding is not None or delimiter is not None:
            how = replace(how, encoding=encoding or how.encoding, delimiter=delimiter or how.delimiter)
            how, _ = await asyncio.to_thread(guess_with, self._file(row.id), how, self._region)
        if header is not None and header != (how.header is not None):
            first = (await asyncio.to_thread(self._first, self._file(row.id), how)).cells
            how = replace(how, header=tuple(first) if header else None)
        if columns is not None:
            if len(columns) != len(how.columns):
                raise ImportUnfit(f"the file has {len(how.columns)} columns, not {len(columns)}")
            how = replace(how, columns=tuple(columns))
        if how == Reading.from_json(row.reading):
            return
        async with writing(self._engine) as session:
            state = (JobState.UPLOADED, JobState.CHECKED)
            if not await move_job(session, row.id, state, JobState.UPLOADED, reading=how.as_json()):
                raise ImportUnfit(
                    "rows of this file have been dealt with: it cannot be read otherwise any more"
                )

    async def start(self, row: ImportJobRow, *, dry_run: bool, user: int | None) -> None:
        """Put an import in the line: from its beginning, or from where it stopped.

        Raises:
            ImportUnfit: not from the state it is in.
        """
        assert row.id is not None
        await self._need_file(row.id)
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
        return self._folder / f"{job}-rejected.csv"

    def _file(self, job: int) -> Path:
        return self._folder / f"{job}-leads"

    async def _need_file(self, job: int) -> None:
        if not await asyncio.to_thread(self._file(job).is_file):
            raise ImportUnfit("the file is not here: bring it again")

    def _preview(self, path: Path, how: Reading) -> list[tuple[Row, LeadDraft | Rejected]]:
        return [(row, to_draft(row, how, self._region)) for row in islice(rows_of(path, how), SHOWN)]

    def _first(self, path: Path, how: Reading) -> Row:
        return next(rows_of(path, replace(how, header=None)))

    async def _save(self, path: Path, pieces: AsyncIterable[bytes]) -> int:
        size = 0
        file: BinaryIO = await asyncio.to_thread(_open_private, path)
        try:
            async for piece in pieces:
                size += len(piece)
                if size > self.most_bytes:
                    raise UploadTooLarge(f"a file has at most {self.most_bytes >> 20} MiB")
                await asyncio.to_thread(file.write, piece)
        finally:
            await asyncio.to_thread(file.close)
        return size

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
        except AWAY_ERRORS as error:
            log.warning("import_state_unwritten", job=job, reason=reason(error))

    async def _recover(self) -> None:
        async with writing(self._engine) as session:
            jobs = await cut_off(session, RUNNER, "the service was stopped meanwhile", self._now())
        for job in jobs:
            log.warning("import_cut_off", job=job)
        if await asyncio.to_thread(self._folder.is_dir):
            for path in await asyncio.to_thread(lambda: list(self._folder.glob("coming-*"))):
                if not path.name.startswith(f"coming-{self._mark}-"):
                    await asyncio.to_thread(path.unlink, missing_ok=True)


def _open_private(path: Path) -> BinaryIO:
    """A new file that nobody else of the machine may read: it holds telephone numbers."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
