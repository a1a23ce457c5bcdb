"""Imports as rows: what was uploaded, and how far it has been imported."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

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
