"""Carries out how long each kind of data is kept: each day, in small batches, and reports what went.

A rule is first counted by a dry run. Then the administrator lets it be carried out.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.privacy import retention_queries as queries
from app.crm.privacy.eraser import Eraser
from app.crm.privacy.errors import RetentionForEver, RetentionNotCounted
from app.crm.privacy.service import ask_erasure
from app.crm.privacy.states import ErasureCause, KeptKind
from app.crm.privacy.tables import RetentionDayRow, RetentionRow
from app.domain.actors import Actor
from app.domain.errors import Refusal
from app.domain.ids import ContactId
from app.events.queries import remove_events
from app.events.recorder import announce
from app.records.engine import reading, writing
from app.system.faults import report

LOOK_S: Final = 3600.0
EACH: Final = timedelta(days=1)
BATCH: Final = 500
"""How many rows one transaction deletes or clears: others write between."""
PAUSE_S: Final = 0.05
CONTACTS_MOST: Final = 1_000
"""The most contacts that one day erases."""
_log = structlog.get_logger(__name__)


async def rules(session: AsyncSession) -> list[RetentionRow]:
    """The rule of each kind; for ever where none was set."""
    return [await rule(session, kind) for kind in KeptKind]


async def rule(session: AsyncSession, kind: KeptKind) -> RetentionRow:
    """The rule of one kind."""
    return await session.get(RetentionRow, kind.value) or RetentionRow(kind=kind.value)


async def put_rule(session: AsyncSession, kind: KeptKind, *, days: int, active: bool) -> RetentionRow:
    """Set how long a kind is kept.

    Args:
        session: that writes.
        kind: of data.
        days: 0: for ever.
        active: whether it is carried out; a dry run for as many days must have counted first.

    Raises:
        RetentionForEver: it is to be carried out with 0 days.
        RetentionNotCounted: nobody has counted what would go.
    """
    row = await rule(session, kind)
    if active and not days:
        raise RetentionForEver
    if active and row.counted_days != days:
        raise RetentionNotCounted(days=days)
    if (row.days, row.active) != (days, active):
        row.days, row.active, row.version = days, active, row.version + 1
        session.add(row)
        await session.flush()
    return row


class Retention:
    """Call `run` in a task group.

    Args:
        engine: the database.
        eraser: erases contacts.
        files: the folder of files of imports.
        now: the wall clock.
    """

    def __init__(self, engine: AsyncEngine, eraser: Eraser, files: Path, now: Callable[[], datetime]) -> None:
        self._engine, self._eraser, self._files, self._now = engine, eraser, files, now

    async def run(self) -> None:
        """Carry out all rules, each once a day, until cancelled."""
        while True:
            try:
                await self.carry_out()
            except Exception as error:  # noqa: BLE001 - old data can wait for an hour
                report(_log, "retention_stopped", error, part="privacy")
            await asyncio.sleep(LOOK_S)

    async def count(self, kind: KeptKind, days: int, who: Actor) -> RetentionRow:
        """A dry run: count what would go, and note it at the rule.

        Raises:
            RetentionForEver: `days` is 0.
        """
        if not days:
            raise RetentionForEver
        at = self._now()
        before = at - timedelta(days=days)
        async with reading(self._engine) as session:
            found = await queries.count(session, kind, before)
        async with writing(self._engine, who) as session:
            row = await rule(session, kind)
            row.counted_days, row.counted_at, row.counted = days, at, found
            row.version += 1
            session.add(row)
            announce(session, "retention", kind.value, "counted", after={"days": days, "rows": found})
        return row

    async def carry_out(self) -> dict[KeptKind, int]:
        """Carry out each rule that is due; returns how many rows went."""
        async with reading(self._engine) as session:
            active = [row for row in await rules(session) if row.active and row.days]
            done = {row.kind: await queries.last_day(session, row.kind) for row in active}
        at, gone = self._now(), {}
        for row in active:
            last = done[row.kind]
            if last is not None and at < last + EACH:
                continue
            kind = KeptKind(row.kind)
            gone[kind] = await self._clear(kind, at - timedelta(days=row.days))
            async with writing(self._engine) as session:
                await session.merge(
                    RetentionDayRow(day=at.date(), kind=row.kind, rows=gone[kind], days=row.days, at=at)
                )
                announce(session, "retention", row.kind, "done", after={"rows": gone[kind], "days": row.days})
            _log.info("retention_done", kind=row.kind, rows=gone[kind], days=row.days)
        return gone

    async def _clear(self, kind: KeptKind, before: datetime) -> int:
        if kind is KeptKind.IMPORT_FILES:
            return await self._clear_files(before)
        if kind is KeptKind.CONTACTS:
            return await self._erase_contacts(before)
        cleared = 0
        last: queries.Place | None = None
        while True:
            if kind is KeptKind.EVENTS:
                async with writing(self._engine) as session:
                    some = await remove_events(session, before, BATCH)
            else:
                async with reading(self._engine) as session:
                    places = await queries.too_old(session, kind, before, last, BATCH)
                async with writing(self._engine) as session:
                    await queries.clear(session, kind, [one.id for one in places])
                some, last = len(places), places[-1] if places else None
            cleared += some
            if some < BATCH:
                return cleared
            await asyncio.sleep(PAUSE_S)

    async def _clear_files(self, before: datetime) -> int:
        async with writing(self._engine) as session:
            paths = await queries.clear_files(session, before)
        gone = 0
        for place, ids in paths.items():
            folder = self._files / place if place else self._files
            gone += await asyncio.to_thread(_delete, folder, ids)
        return gone

    async def _erase_contacts(self, before: datetime) -> int:
        asked, after = 0, 0
        while asked < CONTACTS_MOST:
            async with reading(self._engine) as session:
                some = await queries.idle_contacts(session, before, after, BATCH)
            if not some:
                break
            after = some[-1]
            for contact in some:
                try:
                    async with writing(self._engine) as session:
                        await ask_erasure(
                            session,
                            ContactId(contact),
                            user=None,
                            why=ErasureCause.RETENTION,
                            at=self._now(),
                        )
                    asked += 1
                except Refusal:
                    continue  # it is in use after all
        if asked:
            self._eraser.wake()
        return asked


def _delete(folder: Path, ids: list[int]) -> int:
    gone = 0
    for id_ in ids:
        for path in folder.glob(f"{id_}-*"):
            path.unlink(missing_ok=True)
            gone += 1
    return gone
