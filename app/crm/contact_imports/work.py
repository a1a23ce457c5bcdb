"""Runs an import of contacts: batches of rows, each committed with the import's progress; and undoes one."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.contact_imports import queries
from app.crm.contact_imports.errors import ContactsStay
from app.crm.contact_imports.matching import look_up
from app.crm.contact_imports.placing import Placing
from app.crm.contact_imports.queries import JOBS, Counts, Inserts
from app.crm.contact_imports.tables import ContactImportRow, Did, ImportedContactRow, Same
from app.crm.contacts.errors import ContactUnnamed, ExternalIdTaken
from app.crm.contacts.service import restore_contact
from app.crm.custom_fields.service import restore_values
from app.crm.imports.work import Source
from app.crm.merging.references import referred
from app.crm.tags.service import set_tags, tags_of
from app.domain.ids import ContactId
from app.domain.jobs import JobState
from app.lists.contacts.lines import ContactLine
from app.lists.drafts import Rejected
from app.lists.jobs import remark, run_job
from app.lists.reader import ContactsRow, read_contacts
from app.lists.reading import Reading
from app.lists.rejects import Rejects
from app.lists.seen import Seen
from app.records.engine import writing

BATCH: Final = 100
"""How many rows one transaction takes: so many contacts have an event each when they are changed."""
PARTS: Final = frozenset(
    {"phone", "email", "custom_value", "contact_tag", "imported_contact", "duplicate_pair", "contact_merge"}
)
"""Tables with what belongs to a contact itself: that they refer to it is no use of it."""


async def run_contact_import(
    engine: AsyncEngine,
    job: int,
    source: Source,
    now: Callable[[], datetime],
    told: Callable[[Counts], None] = lambda _: None,
) -> JobState:
    """Bring a file's contacts in, from where it stands; a dry run only counts.

    Args:
        engine: the database.
        job: an import that is queued.
        source: its file.
        now: the wall clock.
        told: called after each batch with the progress.

    Returns:
        How it ended. An import that somebody cancelled stops after the batch it is at.

    Raises:
        SQLAlchemyError, OSError: the database or the disk is away; the import may go on later.
    """
    return await run_job(engine, JOBS, job, now, lambda row: _Bringing(engine, row, source, now).run(told))


class _Bringing:
    """One run of an import."""

    def __init__(
        self, engine: AsyncEngine, row: ContactImportRow, source: Source, now: Callable[[], datetime]
    ) -> None:
        self._engine, self._row, self._source, self._now = engine, row, source, now
        self._job = row.id or 0
        self._how = Reading.from_json(row.reading)
        self._counts = Counts(**{name: getattr(row, name) for name in asdict(Counts())})
        self._inserts = Inserts(engine.dialect)

    async def run(self, told: Callable[[Counts], None]) -> bool:
        """Bring the rows in; False when the import was cancelled."""
        counts, skipped = self._counts, self._counts.rows
        async with AsyncExitStack() as open_:
            seen = open_.enter_context(Seen())
            rejects = await asyncio.to_thread(
                Rejects,
                self._source.rejected,
                self._how,
                counts.rejected_bytes,
                self._source.language,
            )
            open_.enter_context(rejects)
            reading = read_contacts(self._source.file, self._how, self._source.region)
            async for read, progress in await open_.enter_async_context(aclosing(reading)):
                rows = read[skipped:]
                skipped -= len(read) - len(rows)
                for start in range(0, len(rows), BATCH):
                    if not await self._some(rows[start : start + BATCH], rejects, seen):
                        return False
                    told(counts)
                counts.progress = progress
        counts.progress = 1.0
        async with writing(self._engine) as session:
            return await _advance(session, self._job, counts)

    async def _some(self, rows: Sequence[ContactsRow], rejects: Rejects, seen: Seen) -> bool:
        """Bring one batch in; False when the import was cancelled."""
        row, counts = self._row, self._counts
        lines = {one.row.number: one.made for one in rows if isinstance(one.made, ContactLine)}
        async with writing(self._engine) as session:
            known = await look_up(session, self._job, list(lines.values()), row.same_by)
            placing = Placing(session, row, self._inserts, known, self._now())
            placed = await placing.place(list(lines.items()))
            again = 0
            if row.dry_run:
                await session.rollback()
                again = sum(_seen_before(seen, number, line, row.same_by) for number, line in placed.keys)
            back = [one.made for one in rows if isinstance(one.made, Rejected)]
            unfit = placed.rejected
            back += [Rejected(one.row, (unfit[one.row.number],)) for one in rows if one.row.number in unfit]
            counts.rows += len(rows)
            counts.added += placed.created - again
            counts.updated += placed.updated + again
            counts.unchanged += placed.unchanged
            counts.companies += placed.companies
            counts.rejected += len(back)
            back.sort(key=lambda one: one.row.number)
            counts.rejected_bytes = await asyncio.to_thread(rejects.write, back)
            if not row.dry_run and not await _advance(session, self._job, counts):
                await session.rollback()
                return False
        if row.dry_run:
            async with writing(self._engine) as session:
                return await _advance(session, self._job, counts)
        return True


def _seen_before(seen: Seen, number: int, line: ContactLine, same_by: Sequence[str]) -> bool:
    """Whether an earlier row of the file would have made the contact: a dry run makes none."""
    keys = [f"{same}:{line.said[same]}" for same in same_by if same in line.said]
    keys += [f"{Same.PHONE}:{line.is_company}:{one.e164}" for one in line.phones if Same.PHONE in same_by]
    keys += [
        f"{Same.EMAIL}:{line.is_company}:{one.address.casefold()}"
        for one in line.emails
        if Same.EMAIL in same_by
    ]
    before = [seen.first(key, number) for key in keys]  # each key is noted, also after one that was seen
    return any(one is not None for one in before)


async def _advance(session: AsyncSession, job: int, counts: Counts) -> bool:
    """Record an import's progress; False when it is to stop."""
    return await JOBS.move(session, job, [JobState.RUNNING], JobState.RUNNING, **asdict(counts))


async def undo_contact_import(engine: AsyncEngine, job: int, now: Callable[[], datetime]) -> int:
    """Take away the contacts that an import made, and put back what it changed; returns how many stay.

    A contact that anybody changed since, or that anything refers to by now, stays as it is.
    """
    before: int | None = None
    while True:
        async with writing(engine) as session:
            some = await queries.imported_before(session, job, before, BATCH)
            if not some:
                break
            before = some[-1].id
            removed = await _take_away(session, some, now())
            row = await JOBS.get(session, job)
            assert row is not None
            removed += row.removed
            if not await JOBS.move(session, job, [JobState.UNDOING], JobState.UNDOING, removed=removed):
                await session.rollback()
                break
    async with writing(engine) as session:
        left = await queries.count_imported(session, job)
        why = ContactsStay(contacts=left) if left else None
        await JOBS.move(session, job, [JobState.UNDOING], JobState.UNDONE, ended_at=now(), **remark(why))
    return left


async def _take_away(session: AsyncSession, some: Sequence[ImportedContactRow], at: datetime) -> int:
    versions = await queries.versions_of(session, [one.contact_id for one in some])
    untouched = [
        one for one in some if one.contact_id == one.made_id and versions.get(one.made_id) == one.version
    ]
    done = 0
    for one in untouched:
        if one.did == Did.UPDATED.value and await _put_back(session, one, at):
            await session.delete(one)
            done += 1
    await session.flush()
    made = {one.made_id for one in untouched if one.did == Did.CREATED.value}
    while in_use := await _in_use(session, made):  # of a company, too, whose people stay
        made -= in_use
    for one in [one for one in some if one.made_id in made]:
        session.expunge(one)
    if made:
        await queries.remove_contacts(session, made)
    return done + len(made)


async def _in_use(session: AsyncSession, made: set[int]) -> set[int]:
    if not made:
        return set()
    used = await referred(session, made, PARTS | {"contact", "event"})
    return used | await queries.employers(session, made) | await queries.changed_by_people(session, made)


async def _put_back(session: AsyncSession, one: ImportedContactRow, at: datetime) -> bool:
    contact, before = ContactId(one.made_id), dict(one.before)
    fields: dict[str, Any] = before.pop("fields", {})
    tags = set(before.pop("tags", ()))
    try:
        async with session.begin_nested():
            if fields:
                gone = [code for code, value in fields.items() if value is None]
                back = {code: value for code, value in fields.items() if value is not None}
                await restore_values(session, contact, gone, back)
            if tags:
                kept = {tag.id for tag in await tags_of(session, contact) if tag.id is not None}
                await set_tags(session, contact, kept - tags)
            if before or fields:
                await restore_contact(session, contact, before, at)
    except (ExternalIdTaken, ContactUnnamed):
        return False
    return True
