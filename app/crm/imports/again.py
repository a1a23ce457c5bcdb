"""Reads a corrected file of rejected rows like the file that its rows came from."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.imports.queries import page_jobs
from app.domain.ids import CampaignId
from app.lists.columns import ColumnRole
from app.lists.reading import REJECTED_HEADER, Reading
from app.lists.rejects import rejected_header
from app.records.engine import reading as reading_session

LOOKED_AT: Final = 200
"""The newest imports of the campaign that are searched: rejected rows are corrected soon, or never."""


async def look_again(
    engine: AsyncEngine, campaign: CampaignId, reading: Reading
) -> tuple[ColumnRole, ...] | None:
    """The column roles of the campaign's last import with the same columns; None when there is none.

    Args:
        engine: the database.
        campaign: where it is brought.
        reading: how it would be read by itself.
    """
    if not reading.is_rejected:
        return None
    async with reading_session(engine) as session:
        jobs = await page_jobs(session, campaign, limit=LOOKED_AT)
    for job in jobs:
        before = Reading.from_json(job.reading)
        if not before.columns or rejected_header(before) != list(reading.header or ()):
            continue
        ignored = () if before.is_rejected else (ColumnRole.IGNORE,) * len(REJECTED_HEADER)
        return ignored + before.columns
    return None
