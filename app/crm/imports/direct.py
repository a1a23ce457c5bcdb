"""A file of leads brought from the command line, without the service."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.campaigns.service import note_change, open_campaign
from app.crm.imports.again import look_again
from app.crm.imports.queries import Counts, add_job, get_job, move_job
from app.crm.imports.tables import ImportJobRow
from app.crm.imports.work import Source, run_import
from app.domain.actors import COMMAND_LINE
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.lists.errors import ImportInterrupted
from app.lists.jobs import remark
from app.lists.reader import Look, look_at
from app.lists.reading import Wish
from app.records.engine import reading, writing

RUNNER = "command"


async def bring_directly(
    engine: AsyncEngine,
    file: Path,
    campaign: CampaignId,
    *,
    sheet: str | None,
    dry_run: bool,
    now: Callable[[], datetime],
    shown: Callable[[Look], None],
    told: Callable[[Counts], None],
) -> tuple[ImportJobRow, Path]:
    """Bring a file's rows into a campaign; a dry run only counts. Interrupted, it may be brought again.

    Args:
        engine: the database.
        file: of any kind that is read.
        campaign: where its leads go.
        sheet: which of a workbook; None takes the first that has telephones.
        dry_run: add nothing.
        now: the wall clock.
        shown: is given how the file is read, and what else is in it.
        told: hears how far it has come.

    Returns:
        The result, and the path of the file of rejected rows.

    Raises:
        CampaignUnknown, CampaignFinished: it takes no leads.
        FileUnreadable, ReadingUnfit: the file is no table, or has no such sheet.
        OSError: it cannot be read.
    """
    async with reading(engine) as session:
        row = await open_campaign(session, campaign)
    looked = await look_at(file, row.country, Wish(sheet=sheet))
    size = (await asyncio.to_thread(file.stat)).st_size
    columns = await look_again(engine, campaign, looked.reading)
    if columns is not None:
        looked = await look_at(file, row.country, Wish(columns=columns), looked.reading)
    shown(looked)
    async with writing(engine, COMMAND_LINE) as session:
        job = await add_job(
            session,
            ImportJobRow(
                campaign_id=campaign,
                name=file.name,
                size=size,
                state=JobState.QUEUED.value,
                dry_run=dry_run,
                reading=looked.reading.as_json(),
                look=looked.shown,
                runner=RUNNER,
                created_at=now(),
            ),
        )
        assert job.id is not None
        if not dry_run:
            detail = {"import": job.id, "name": file.name}
            await note_change(session, campaign, "import_started", detail, user=None, at=now())
    source = Source(file, file.with_name(f"{file.stem}-rejected.csv"), row.country)
    try:
        await run_import(engine, job.id, source, now, told)
    except BaseException:
        async with writing(engine, COMMAND_LINE) as session:
            before = (JobState.QUEUED, JobState.RUNNING)
            why = remark(ImportInterrupted())
            await move_job(session, job.id, before, JobState.CANCELLED, ended_at=now(), **why)
        raise
    async with reading(engine) as session:
        ended = await get_job(session, job.id)
    assert ended is not None
    return ended, source.rejected
