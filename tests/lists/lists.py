"""Files of leads, and imports of them."""

from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.imports.queries import add_job, get_job
from app.crm.imports.tables import ImportJobRow
from app.crm.imports.work import Source
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.lists.reading import guess
from app.records.engine import reading, writing
from tests.records.stories import DAWN


def write_list(path: Path, rows: int, first: int = 0) -> Path:
    """So many rows with a number each."""
    with path.open("w", encoding="cp1257", newline="") as file:
        file.write("Kood;Perekonnanimi;Eesnimi;Telefon;Arve\r\n")
        for key in range(first, first + rows):
            file.write(f"c-{key};Õunapuu{key};Jānis;+3725{key:07};{key * 17 % 1000}\r\n")
    return path


async def bring(engine: AsyncEngine, campaign: CampaignId, file: Path, **said: Any) -> tuple[int, Source]:
    """An import of this file that is queued."""
    how, _ = guess(file, "EE")
    row = ImportJobRow(
        campaign_id=campaign,
        name=file.name,
        size=1,
        state=JobState.QUEUED.value,
        reading=how.as_json(),
        created_at=DAWN,
        **said,
    )
    async with writing(engine) as session:
        await add_job(session, row)
    assert row.id is not None
    return row.id, Source(file, file.with_name(f"{row.id}-rejected.csv"), "EE")


async def job_row(engine: AsyncEngine, job: int) -> ImportJobRow:
    async with reading(engine) as session:
        row = await get_job(session, job)
        assert row is not None
        return row
