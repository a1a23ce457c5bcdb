"""Imports as rows: what was uploaded, and how far it has been imported."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crm.imports.tables import ImportJobRow
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.lists.jobs import FileJobs


@dataclass(slots=True)
class Counts:
    """The progress of an import."""

    rows: int = 0
    added: int = 0
    duplicates: int = 0
    rejected: int = 0
    rejected_bytes: int = 0
    progress: float = 0.0


JOBS: Final = FileJobs(ImportJobRow)
get_job, add_job, move_job = JOBS.get, JOBS.add, JOBS.move


async def page_jobs(
    session: AsyncSession, campaign: CampaignId, *, before: int | None = None, limit: int = 50
) -> Sequence[ImportJobRow]:
    """A campaign's imports, the newest first; `before` is the id of the last of the page before."""
    return await JOBS.page(session, col(ImportJobRow.campaign_id) == campaign, before=before, limit=limit)


async def advance_job(session: AsyncSession, job: int, counts: Counts) -> bool:
    """Record an import's progress with the leads it adds; False when it is to stop."""
    return await move_job(session, job, [JobState.RUNNING], JobState.RUNNING, **asdict(counts))


async def cut_off(session: AsyncSession, runner: str, note: str, now: datetime) -> Sequence[int]:
    """Mark the imports that a runner was working on when it ended; returns them."""
    open_ = [state.value for state in (JobState.QUEUED, JobState.RUNNING, JobState.UNDOING)]
    jobs = await session.scalars(
        update(ImportJobRow)
        .where(col(ImportJobRow.runner) == runner, col(ImportJobRow.state).in_(open_))
        .values(state=JobState.CUT_OFF.value, note=note, ended_at=now)
        .returning(col(ImportJobRow.id))
    )
    return [job for job in jobs if job is not None]


async def jobs_in(session: AsyncSession, runner: str, state: JobState) -> Sequence[ImportJobRow]:
    """A runner's imports that are in this state, the oldest first."""
    return await JOBS.in_states(session, [state], col(ImportJobRow.runner) == runner)
