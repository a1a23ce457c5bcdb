"""Imports of contacts in the service: see `app.crm.imports.desk`."""

from collections.abc import AsyncIterable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.service import language_of
from app.crm.contact_imports.errors import ColumnOfNoField, ContactImportUnknown
from app.crm.contact_imports.queries import JOBS, Counts
from app.crm.contact_imports.tables import ContactImportRow, Same
from app.crm.contact_imports.work import run_contact_import, undo_contact_import
from app.crm.custom_fields.service import list_fields
from app.crm.imports.desk import RUNNER, ImportDesk
from app.crm.imports.work import Source
from app.domain.actors import SERVICE, Actor
from app.domain.jobs import JobState
from app.lists.contacts.roles import FIELD
from app.lists.reader import Look, look_at
from app.lists.reading import UNREAD, Reading, Wish
from app.lists.rejects import rejected_header
from app.records.engine import reading

log = structlog.get_logger(__name__)

LOOKED_AT: Final = 50
"""The newest imports that are searched for the file that rejected rows came from: they are corrected soon, or never."""
SAME_BY: Final = (Same.EXTERNAL_ID, Same.REGISTRY_CODE, Same.PHONE)
"""By what a row and a contact are the same, if nobody says otherwise."""


class ContactImports(ImportDesk[ContactImportRow]):
    """Takes in uploaded files of contacts and imports them."""

    jobs = JOBS
    unknown = ContactImportUnknown
    kept_as = "contacts"
    part = "contact_imports"
    counts = tuple(name for name in asdict(Counts()) if name != "progress")

    def __init__(
        self, engine: AsyncEngine, folder: Path, most_bytes: int, region: str, now: Callable[[], datetime]
    ) -> None:
        """A desk for this database.

        Args:
            engine: the database.
            folder: where files wait; made when it is not there.
            most_bytes: how large a file may be.
            region: ISO 3166 code of the country for numbers without a country code.
            now: the wall clock.
        """
        super().__init__(engine, folder, most_bytes, now)
        self._region = region

    async def receive(self, name: str, pieces: AsyncIterable[bytes], who: Actor) -> ContactImportRow:
        """Take a file in, and have it looked at; the arguments and refusals are those of `take`."""

        def new(size: int) -> ContactImportRow:
            return ContactImportRow(
                user_id=who.user,
                name=name,
                size=size,
                state=JobState.READING.value,
                reading=UNREAD.as_json(),
                runner=RUNNER,
                same_by=[one.value for one in SAME_BY],
                created_at=self._now(),
            )

        return await self.take(new, pieces, who)

    async def read_as(self, id_: int, wish: Wish, who: Actor = SERVICE) -> ContactImportRow:
        """Change how a file is read.

        Raises:
            ColumnOfNoField: a column is to hold a custom field that is not in use.
            and what `ImportDesk.read_as` raises.
        """
        fields = await self._titles()
        for role in wish.roles or ():
            if role.startswith(FIELD) and role.removeprefix(FIELD) not in fields:
                raise ColumnOfNoField(field=role.removeprefix(FIELD))
        return await super().read_as(id_, wish, who)

    async def page(self, *, before: int | None, limit: int) -> Sequence[ContactImportRow]:
        """Imports, the newest first; `before` is the id of the last one of the page before."""
        async with reading(self._engine) as session:
            return await JOBS.page(session, before=before, limit=limit)

    async def look_at(self, row: ContactImportRow, wish: Wish, before: Reading | None) -> Look | None:
        """How a file of contacts is read; one of rejected rows is read like the file that they came from."""
        file, fields = self._file(row.id or 0), await self._titles()
        looked = await look_at(file, self._region, wish, before, fields=fields)
        roles = await self._as_before(looked.reading) if before is None else None
        if roles is None:
            return looked
        return await look_at(file, self._region, Wish(roles=roles), looked.reading, fields=fields)

    async def bring_in(self, row: ContactImportRow) -> None:
        """Bring contacts in, or take away what an import brought."""
        job = row.id or 0
        if row.state == JobState.UNDOING.value:
            await undo_contact_import(self._engine, job, self._now)
            return
        async with reading(self._engine) as session:
            language = await language_of(session, row.user_id)
        source = Source(self._file(job), self._rejected(job), self._region, language)
        state = await run_contact_import(self._engine, job, source, self._now)
        log.info("contact_import_ended", job=job, state=state.value)

    def brought(self, row: ContactImportRow) -> int:
        """How many contacts an import has made or changed."""
        return row.added + row.updated + row.companies

    async def _titles(self) -> dict[str, list[str]]:
        async with reading(self._engine) as session:
            return {one.code: list(one.titles.values()) for one in await list_fields(session) if one.active}

    async def _as_before(self, how: Reading) -> tuple[str, ...] | None:
        if not how.is_rejected:
            return None
        for row in await self.page(before=None, limit=LOOKED_AT):
            before = Reading.from_json(row.reading)
            if before.roles and rejected_header(before) == list(how.header or ()):
                return (() if before.is_rejected else ("ignore", "ignore")) + before.roles
        return None
