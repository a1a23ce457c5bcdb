"""A file of leads brought from the command line, without the service."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.imports.desk import ImportUnfit
from app.crm.imports.reading import Reading, guess
from app.crm.imports.work import Source, run_import
from app.floor.campaign import CampaignState
from app.floor.model import CampaignId
from app.records.engine import reading, writing
from app.records.queries.campaigns import get_campaign, note_change
from app.records.queries.imports import Counts, add_job, get_job, move_job
from app.records.tables import ImportJobRow, JobState

RUNNER = "command"


async def bring_directly(
    engine: AsyncEngine,
    file: Path,
    campaign: CampaignId,
    *,
    dry_run: bool,
    now: Callable[[], datetime],
    shown: Callable[[Reading], None],
    told: Callable[[Counts], None],
) -> tuple[ImportJobRow, Path]:
    """Bring a file's rows into a campaign; a dry run only counts. Interrupted, it may be brought again.

    Args:
        engine: the database.
        file: CSV or XLSX.
        campaign: where its leads go.
        dry_run: add nothing.
        now: the wall clock.
        shown: is given how the file is read.
        told: hears how far it has come.

    Returns:
        How it came out, and where the rejected rows are.

    Raises:
        ImportUnfit: there is no such campaign, or it is finished.
        FileUnreadable: the file is no table.
        OSError: it cannot be read.
    """
    async with reading(engine) as session:
        row = await get_campaign(session, campaign)
    if row is None:
        raise ImportUnfit(f"there is no campaign {campaign}")
    if row.state == CampaignState.FINISHED.value:
        raise ImportUnfit("a campaign that is finished takes no more leads")
    how, _ = await asyncio.to_thread(guess, file, row.country)
    shown(how)
    size = (await asyncio.to_thread(file.stat)).st_size
    async with writing(engine) as session:
        job = await add_job(
            session,
            ImportJobRow(
                campaign_id=campaign,
                name=file.name,
                size=size,
                state=JobState.QUEUED.value,
                dry_run=dry_run,
                reading=how.as_json(),
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
        async with writing(engine) as session:
            before = (JobState.QUEUED, JobState.RUNNING)
            note = "the command was interrupted"
            await move_job(session, job.id, before, JobState.CANCELLED, ended_at=now(), note=note)
        raise
    async with reading(engine) as session:
        ended = await get_job(session, job.id)
    assert ended is not None
    return ended, source.rejected
