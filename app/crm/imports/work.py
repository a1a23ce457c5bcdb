"""Runs an import: batches of rows, each committed with the import's progress."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.campaigns.queries import get_campaign
from app.crm.imports.errors import (
    LeadsStay,
    RowContactInCampaign,
    RowIdInCampaign,
    RowNumberInCampaign,
    RowNumberRefused,
)
from app.crm.imports.queries import JOBS, Counts, advance_job, get_job, move_job
from app.crm.imports.tables import ImportJobRow
from app.crm.leads.adding import Duplicate, add_leads, with_contacts, without_refused
from app.crm.leads.counts import count_imported
from app.crm.leads.inserts import Inserts
from app.crm.leads.queries import known_in_campaign, remove_imported
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.lists.draft import LeadDraft
from app.lists.drafts import Rejected
from app.lists.jobs import remark, run_job
from app.lists.reader import ReadRow, read
from app.lists.reading import Reading
from app.lists.rejects import Rejects
from app.lists.rows import BATCH, Row
from app.lists.seen import Seen
from app.records.engine import reading as reading_session
from app.records.engine import writing

T = TypeVar("T")
_WHY: Final = {
    "external_id": RowIdInCampaign(),
    "contact": RowContactInCampaign(),
    "number": RowNumberInCampaign(),
}


@dataclass(slots=True, frozen=True)
class Source:
    """A file to be imported, and where its rejected rows go."""

    file: Path
    rejected: Path
    region: str
    """The country of numbers without a country code, ISO 3166."""
    language: str = "en"
    """Of the reasons in the file of rejected rows, `en`, `et` or `ru`."""


class _Taken(NamedTuple):
    row: Row
    draft: LeadDraft


class _Batch(NamedTuple):
    rows: int
    progress: float
    taken: list[_Taken]
    rejected: list[Rejected]
    repeated: int
    """Among the rejected rows: those that repeat a row of the file."""


async def run_import(
    engine: AsyncEngine,
    job: int,
    source: Source,
    now: Callable[[], datetime],
    told: Callable[[Counts], None] = lambda _: None,
) -> JobState:
    """Bring a file's rows into its campaign, from where it stands; a dry run only counts.

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
    return await run_job(engine, JOBS, job, now, lambda row: _bring(engine, row, source, now, told))


async def undo_import(
    engine: AsyncEngine, job: int, now: Callable[[], datetime], told: Callable[[int], None] = lambda _: None
) -> int:
    """Remove the leads that an import added and nobody has dialled or reserved; returns how many stay."""
    removed = 0
    async with writing(engine) as session:
        row = await get_job(session, job)
        assert row is not None
        before = row.removed
    while True:
        async with writing(engine) as session:
            some = await remove_imported(session, job, BATCH)
            removed += some
            states = [JobState.UNDOING]
            if not some or not await move_job(
                session, job, states, JobState.UNDOING, removed=before + removed
            ):
                break
        told(removed)
    async with writing(engine) as session:
        left = await count_imported(session, job)
        why = LeadsStay(leads=left) if left else None
        await move_job(session, job, [JobState.UNDOING], JobState.UNDONE, ended_at=now(), **remark(why))
    return left


async def _bring(
    engine: AsyncEngine,
    row: ImportJobRow,
    source: Source,
    now: Callable[[], datetime],
    told: Callable[[Counts], None],
) -> bool:
    """Import the rows; False when the import was cancelled."""
    assert row.id is not None
    campaign, how = CampaignId(row.campaign_id), Reading.from_json(row.reading)
    counts = Counts(
        rows=row.rows,
        added=row.added,
        duplicates=row.duplicates,
        rejected=row.rejected,
        rejected_bytes=row.rejected_bytes,
        progress=row.progress,
    )
    inserts = Inserts(engine.dialect)
    async with reading_session(engine) as session:
        into = await get_campaign(session, campaign)
    if into is None:
        return False
    async with AsyncExitStack() as open_:
        seen = open_.enter_context(Seen())
        rejects = open_.enter_context(Rejects(source.rejected, how, counts.rejected_bytes, source.language))
        read_on = await open_.enter_async_context(aclosing(read(source.file, how, source.region)))
        skipped = counts.rows
        async for read_rows in read_on:
            old, rows = read_rows.rows[:skipped], read_rows.rows[skipped:]
            skipped -= len(old)
            if old:  # what has come in is only remembered
                await _in_thread(_sort, old, 0.0, seen)
            if not rows:
                continue
            batch = await _in_thread(_sort, rows, read_rows.progress, seen)
            async with writing(engine) if not row.dry_run else reading_session(engine) as session:
                known = await with_contacts(session, [one.draft for one in batch.taken])
                allowed = await without_refused(session, into, known, now())
                refused = [
                    Rejected(one.row, (RowNumberRefused(),))
                    for one, draft in zip(batch.taken, allowed, strict=True)
                    if draft is None
                ]
                taken = [one for one, draft in zip(batch.taken, allowed, strict=True) if draft is not None]
                drafts = [draft for draft in allowed if draft is not None]
                results: Sequence[object]
                if row.dry_run:
                    results = await _would_add(session, campaign, drafts)
                else:
                    results = await add_leads(session, inserts, campaign, drafts, now=now(), job=row.id)
                doubles = [
                    Rejected(one.row, (_WHY[result.why],))
                    for one, result in zip(taken, results, strict=True)
                    if isinstance(result, Duplicate)
                ]
                counts.rows += batch.rows
                counts.added += len(results) - len(doubles)
                counts.duplicates += len(doubles) + batch.repeated
                counts.rejected += len(batch.rejected) - batch.repeated + len(refused)
                counts.progress = batch.progress
                back = sorted([*batch.rejected, *refused, *doubles], key=_number)
                counts.rejected_bytes = await _in_thread(rejects.write, back)
                if not row.dry_run and not await advance_job(session, row.id, counts):
                    await session.rollback()
                    return False
            if row.dry_run:
                async with writing(engine) as session:
                    if not await advance_job(session, row.id, counts):
                        return False
            told(counts)
        counts.progress = 1.0
        async with writing(engine) as session:
            return await advance_job(session, row.id, counts)


async def _in_thread(work: Callable[..., T], *given: object) -> T:
    """Run it in a thread, and wait for the thread even when cancelled: the thread's file is about to be closed."""
    doing = asyncio.get_running_loop().run_in_executor(None, work, *given)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


def _number(rejected: Rejected) -> int:
    return rejected.row.number


def _sort(rows: Sequence[ReadRow], progress: float, seen: Seen) -> _Batch:
    """Sort rows into leads, rejected rows and rows that the file had before; in a thread, because it uses the disk."""
    taken: list[_Taken] = []
    rejected: list[Rejected] = []
    repeated = 0
    for row, made in rows:
        if isinstance(made, Rejected):
            rejected.append(made)
        elif (why := seen.add(row.number, made)) is not None:
            rejected.append(Rejected(row, (why,)))
            repeated += 1
        else:
            taken.append(_Taken(row, made))
    return _Batch(len(rows), progress, taken, rejected, repeated)


async def _would_add(
    session: AsyncSession, campaign: CampaignId, drafts: Sequence[LeadDraft]
) -> list[Duplicate | None]:
    numbers, externals, contacts = await known_in_campaign(session, campaign, drafts)
    results: list[Duplicate | None] = []
    for draft in drafts:
        if draft.external_id is not None and draft.external_id in externals:
            results.append(Duplicate("external_id"))
        elif draft.contact is not None and draft.contact in contacts:
            results.append(Duplicate("contact"))
        elif all(one.e164 in numbers for one in draft.numbers):
            results.append(Duplicate("number"))
        else:
            results.append(None)
            if draft.contact is not None:
                contacts.add(draft.contact)
    return results
