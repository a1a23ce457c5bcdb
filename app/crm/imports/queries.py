"""Imports as rows: what was brought, how far it has come in."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.imports.tables import ImportJobRow
from app.crm.leads.tables import LeadRow
from app.domain.ids import CampaignId
from app.domain.jobs import JobState


@dataclass(slots=True)
class Counts:
    """How far a file has come in."""

    rows: int = 0
    added: int = 0
    duplicates: int = 0
    rejected: int = 0
    rejected_bytes: int = 0
    progress: float = 0.0


async def add_job(session: AsyncSession, row: ImportJobRow) -> ImportJobRow:
    """Keep a new import; the row comes back with its id.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when there is no such campaign.
    """
    session.add(row)
    await session.flush()
    return row


async def get_job(session: AsyncSession, job: int) -> ImportJobRow | None:
    """One import, or None."""
    return await session.get(ImportJobRow, job)


async def page_jobs(
    session: AsyncSession, campaign: CampaignId, *, before: int | None = None, limit: int = 50
) -> Sequence[ImportJobRow]:
    """A campaign's imports, the newest first; `before` is the id of the last of the page before."""
    id_ = col(ImportJobRow.id)
    query = select(ImportJobRow).where(col(ImportJobRow.campaign_id) == campaign)
    if before is not None:
        query = query.where(id_ < before)
    return (await session.scalars(query.order_by(id_.desc()).limit(limit))).all()


async def move_job(
    session: AsyncSession, job: int, before: Collection[JobState], after: JobState, **values: Any
) -> bool:
    """Take an import to another state; False when it was in none of those, and then it stays as it is."""
    moved = await session.scalars(
        update(ImportJobRow)
        .where(col(ImportJobRow.id) == job, col(ImportJobRow.state).in_([state.value for state in before]))
        .values(state=after.value, **values)
        .returning(col(ImportJobRow.id))
    )
    return moved.one_or_none() is not None


async def advance_job(session: AsyncSession, job: int, counts: Counts) -> bool:
    """Write down how far an import has come, with what it adds; False when it is to stop."""
    return await move_job(session, job, [JobState.RUNNING], JobState.RUNNING, **asdict(counts))


async def cut_off(session: AsyncSession, runner: str, note: str, now: datetime) -> Sequence[int]:
    """Mark what a runner was working on when it ended; those imports."""
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
    query = select(ImportJobRow).where(
        col(ImportJobRow.runner) == runner, col(ImportJobRow.state) == state.value
    )
    return (await session.scalars(query.order_by(col(ImportJobRow.id)))).all()


async def remove_job(session: AsyncSession, row: ImportJobRow) -> None:
    """Forget an import; the leads it added stay."""
    await session.delete(row)
    await session.flush()


async def count_imported(session: AsyncSession, job: int) -> int:
    """Leads of an import that are still in the campaign."""
    count = await session.scalar(
        select(func.count()).select_from(LeadRow).where(col(LeadRow.import_job_id) == job)
    )
    return count or 0
