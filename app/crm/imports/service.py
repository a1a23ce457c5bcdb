"""Imports of leads in the service: see `app.crm.imports.desk`."""

from collections.abc import AsyncIterable
from dataclasses import asdict

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import language_of
from app.crm.campaigns.queries import get_campaign
from app.crm.campaigns.service import note_change, open_campaign
from app.crm.campaigns.tables import CampaignRow
from app.crm.imports.again import look_again
from app.crm.imports.desk import RUNNER, ImportDesk
from app.crm.imports.errors import ImportUnknown
from app.crm.imports.queries import JOBS, Counts
from app.crm.imports.tables import ImportJobRow
from app.crm.imports.work import Source, run_import, undo_import
from app.domain.actors import Actor
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.lists.reader import Look, look_at
from app.lists.reading import UNREAD, Reading, Wish
from app.records.engine import reading as reading_session

log = structlog.get_logger(__name__)


class Imports(ImportDesk[ImportJobRow]):
    """Takes in uploaded files of leads and imports them."""

    jobs = JOBS
    unknown = ImportUnknown
    kept_as = "leads"
    part = "imports"
    counts = tuple(name for name in asdict(Counts()) if name != "progress")

    async def receive(
        self, campaign: CampaignId, name: str, pieces: AsyncIterable[bytes], who: Actor
    ) -> ImportJobRow:
        """Take a file in, and have it looked at; the arguments are those of `take`.

        Raises:
            CampaignUnknown, CampaignFinished: the campaign takes no leads.
            and what `take` raises.
        """
        await self._left_over.seen_to()
        async with reading_session(self._engine) as session:
            await open_campaign(session, campaign)

        def new(size: int) -> ImportJobRow:
            return ImportJobRow(
                campaign_id=campaign,
                user_id=who.user,
                name=name,
                size=size,
                state=JobState.READING.value,
                reading=UNREAD.as_json(),
                runner=RUNNER,
                created_at=self._now(),
            )

        return await self.take(new, pieces, who)

    async def look_at(self, row: ImportJobRow, wish: Wish, before: Reading | None) -> Look | None:
        """How a file of leads is read; one of rejected rows is read like the file that they came from."""
        campaign = await self._campaign(row)
        if campaign is None:
            return None
        file = self._file(row.id or 0)
        looked = await look_at(file, campaign.country, wish, before)
        if before is not None:
            return looked
        columns = await look_again(self._engine, CampaignId(row.campaign_id), looked.reading)
        if columns is None:
            return looked
        return await look_at(file, campaign.country, Wish(columns=columns), looked.reading)

    async def bring_in(self, row: ImportJobRow) -> None:
        """Bring leads into their campaign, or take them away again."""
        campaign, job = await self._campaign(row), row.id or 0
        if campaign is None:
            return
        if row.state == JobState.UNDOING.value:
            await undo_import(self._engine, job, self._now)
            return
        async with reading_session(self._engine) as session:
            language = await language_of(session, row.user_id)
        source = Source(self._file(job), self._rejected(job), campaign.country, language)
        state = await run_import(self._engine, job, source, self._now)
        log.info("import_ended", job=job, state=state.value)

    async def note(self, session: AsyncSession, row: ImportJobRow, what: str, who: Actor) -> None:
        """Record in the campaign's changes what was done with an import."""
        said = {"import": row.id, "name": row.name}
        await note_change(session, CampaignId(row.campaign_id), what, said, user=who.user, at=self._now())

    async def _campaign(self, row: ImportJobRow) -> CampaignRow | None:
        async with reading_session(self._engine) as session:
            return await get_campaign(session, CampaignId(row.campaign_id))
