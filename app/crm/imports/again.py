"""A file of rejected rows that comes back: read as the file that its rows were in."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.imports.columns import ColumnRole
from app.crm.imports.reading import REJECTED_HEADER, Reading
from app.crm.imports.rejects import rejected_header
from app.floor.model import CampaignId
from app.records.engine import reading as reading_session
from app.records.queries.imports import list_jobs
from app.records.tables import ImportJobRow


async def look_again(
    engine: AsyncEngine, campaign: CampaignId, reading: Reading
) -> tuple[ColumnRole, ...] | None:
    """What its columns were in the campaign's last import that had them; None when there is none.

    Args:
        engine: the database.
        campaign: where it is brought.
        reading: how it would be read by itself.
    """
    if not reading.is_rejected:
        return None
    async with reading_session(engine) as session:
        jobs: Sequence[ImportJobRow] = await list_jobs(session, campaign)
    for job in jobs:
        before = Reading.from_json(job.reading)
        if not before.columns or rejected_header(before) != list(reading.header or ()):
            continue
        ignored = () if before.is_rejected else (ColumnRole.IGNORE,) * len(REJECTED_HEADER)
        return ignored + before.columns
    return None
