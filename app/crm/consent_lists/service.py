"""Lists of consents and do-not-calls: taken in, read as lists of leads are, and written down batch by batch.

Each batch is committed with how far the list has come, and holds from that moment. What a stop of the service cuts off
goes on by itself at its next start: a no must not wait for somebody to notice. Sent again, a list adds nothing twice.
"""

import asyncio
from collections.abc import AsyncIterable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.service import language_of
from app.compliance.dial_facts import ConsentKind
from app.crm.consent_lists.errors import ConsentListUnknown
from app.crm.consent_lists.queries import LISTS
from app.crm.consent_lists.tables import ConsentListRow
from app.crm.consents.service import BATCH, ConsentDraft, check, write_down_many
from app.domain.actors import Actor
from app.domain.campaigns import Purpose
from app.domain.errors import Refusal
from app.domain.ids import CampaignId
from app.domain.jobs import JobState
from app.lists.desk import GLANCE_S, FileDesk
from app.lists.drafts import Rejected
from app.lists.errors import ImportFault
from app.lists.file_errors import FileUnreadable
from app.lists.jobs import remark
from app.lists.left_over import LeftOver
from app.lists.reader import NumbersRow, look_at, read_numbers_of
from app.lists.reading import Reading
from app.lists.rejects import Rejects
from app.lists.row_errors import stored
from app.records.engine import reading, writing
from app.system.away import reason
from app.system.faults import report

log = structlog.get_logger(__name__)

MOST_BYTES: Final = 64 << 20
"""The most bytes of one file."""
REJECTIONS_SHOWN: Final = 1000
SAID_SHOWN: Final = 100
_OPEN: Final = (JobState.QUEUED, JobState.RUNNING)


class _Batch(NamedTuple):
    """What a batch of rows says."""

    numbers: list[str]
    """In E.164, each once."""
    repeated: int
    rejected: list[Rejected]


class ConsentLists(FileDesk[ConsentListRow]):
    """Takes in uploaded lists of numbers, one after the other."""

    jobs = LISTS
    unknown = ConsentListUnknown
    cancellable = busy = _OPEN
    kept_as = "numbers"

    def __init__(self, engine: AsyncEngine, folder: Path, region: str, now: Callable[[], datetime]) -> None:
        """A desk for this database.

        Args:
            engine: the database.
            folder: where files wait; made when it is not there.
            region: ISO 3166 code of the country for numbers without a country code.
            now: the wall clock.
        """
        super().__init__(engine, folder, MOST_BYTES, now)
        self._region = region
        self._line: asyncio.Queue[int] = asyncio.Queue()
        self._waiting: dict[int, asyncio.Event] = {}
        self._unreadable: dict[int, FileUnreadable] = {}
        """Errors of lists whose upload still waits for an answer."""
        self._left_over = LeftOver(self._recover)
        self._users: dict[int, int | None] = {}
        """For each list that waits or is being taken in, the user whose place it takes."""

    async def run(self) -> None:
        """Take lists in, one after the other, until cancelled."""
        await self._left_over.in_the_end()
        while True:
            id_ = await self._line.get()
            try:
                await self._work(id_)
            except Exception as error:  # noqa: BLE001 - told to whoever brought it, and the next list is taken in
                report(log, "consent_list_failed", error, part="consent_lists", list=id_)
                await self._end(id_, JobState.FAILED, ImportFault(why=reason(error)))
            if id_ in self._users:
                self._places.leave(self._users.pop(id_))
            if (waiting := self._waiting.get(id_)) is not None:
                waiting.set()

    async def receive(self, draft: ConsentDraft, pieces: AsyncIterable[bytes], who: Actor) -> ConsentListRow:
        """Take a list in. A long one is still on its way when this comes back.

        Args:
            draft: what holds for each number; without a number or contact of its own.
            pieces: the file's bytes.
            who: brings it.

        Raises:
            ConsentUnfit: it is over before it begins.
            UploadTooLarge: the file has more bytes than may be.
            DiskFull: there is no room for it.
            TooManyFiles: others of this user's have not come in yet.
            FileUnreadable: it is no list; nothing of it is kept.
        """
        check(draft, self._now())
        await self._left_over.seen_to()
        self._places.take(who.user)
        row: ConsentListRow | None = None
        try:
            row = await self._take_in(draft, pieces, who)
        finally:
            if row is None:
                self._places.leave(who.user)
        assert row.id is not None
        self._users[row.id] = who.user
        ended = self._waiting[row.id] = asyncio.Event()
        self._line.put_nowait(row.id)
        try:
            async with asyncio.timeout(GLANCE_S):
                await ended.wait()
        except TimeoutError:
            pass
        finally:
            del self._waiting[row.id]
            unreadable = self._unreadable.pop(row.id, None)
        if unreadable is not None:
            await self.forget(row.id, who)
            raise unreadable
        return await self.known(row.id)

    async def page(self, *, before: int | None, limit: int) -> Sequence[ConsentListRow]:
        """Lists, the newest first; `before` is the id of the last list of the page before."""
        async with reading(self._engine) as session:
            return await LISTS.page(session, before=before, limit=limit)

    async def _recover(self) -> None:
        await self._folder.tidy()
        async with reading(self._engine) as session:
            for row in await LISTS.in_states(session, _OPEN):
                self._line.put_nowait(row.id or 0)

    async def _take_in(self, draft: ConsentDraft, pieces: AsyncIterable[bytes], who: Actor) -> ConsentListRow:
        async with self._folder.receive(pieces) as (coming, size), writing(self._engine, who) as session:
            row = await LISTS.add(session, self._new(draft, size, who.user))
            assert row.id is not None
            await asyncio.to_thread(coming.rename, self._file(row.id))
        return row

    def _new(self, draft: ConsentDraft, size: int, user: int | None) -> ConsentListRow:
        return ConsentListRow(
            user_id=user,
            word=draft.word.value,
            purpose=draft.purpose.value if draft.purpose is not None else None,
            campaign_id=draft.campaign,
            source=draft.source,
            until=draft.until,
            size=size,
            state=JobState.QUEUED.value,
            created_at=self._now(),
        )

    async def _work(self, id_: int) -> None:
        async with writing(self._engine) as session:
            if not await LISTS.move(session, id_, _OPEN, JobState.RUNNING, began_at=self._now()):
                return
            row = await LISTS.get(session, id_)
        assert row is not None
        try:
            if not row.reading:
                looked = await look_at(self._file(id_), self._region, numbers_only=True)
                row.reading = looked.reading.as_json()
            going_on = await self._take(row)
        except FileUnreadable as error:
            await self._end(id_, JobState.FAILED, error)
            if id_ in self._waiting and not row.rows and not row.reading:
                self._unreadable[id_] = error
            return
        if going_on:
            await self._end(id_, JobState.DONE)
        await asyncio.to_thread(self._file(id_).unlink, missing_ok=True)
        log.info("consent_list_ended", list=id_)

    async def _take(self, row: ConsentListRow) -> bool:
        """Take in the rest of a list; False when a user has cancelled it."""
        assert row.id is not None
        how = Reading.from_json(row.reading)
        draft = ConsentDraft(
            word=ConsentKind(row.word),
            source=row.source,
            purpose=Purpose(row.purpose) if row.purpose is not None else None,
            campaign=CampaignId(row.campaign_id) if row.campaign_id is not None else None,
            given_at=row.created_at,
            until=row.until,
        )
        counts: dict[str, Any] = {
            name: getattr(row, name) for name in ("rows", "added", "known", "rejected", "rejected_bytes")
        }
        shown = list(row.rejections)
        async with reading(self._engine) as session:
            language = await language_of(session, row.user_id)
        skip = row.rows
        async with AsyncExitStack() as open_:
            rejects = open_.enter_context(Rejects(self._rejected(row.id), how, row.rejected_bytes, language))
            batches = await open_.enter_async_context(
                aclosing(read_numbers_of(self._file(row.id), how, self._region))
            )
            async for rows, progress in batches:
                old, fresh = rows[:skip], rows[skip:]
                skip -= len(old)
                if not fresh:
                    continue
                batch = _sort(fresh)
                more = [_rejection(one) for one in batch.rejected[: REJECTIONS_SHOWN - len(shown)]]
                async with writing(self._engine) as session:
                    added = 0
                    for first in range(0, len(batch.numbers), BATCH):
                        some = batch.numbers[first : first + BATCH]
                        added += await write_down_many(
                            session, draft, some, user=row.user_id, at=row.created_at
                        )
                    counts["rows"] += len(fresh)
                    counts["added"] += added
                    counts["known"] += len(batch.numbers) - added + batch.repeated
                    counts["rejected"] += len(batch.rejected)
                    counts["rejected_bytes"] = await asyncio.to_thread(rejects.write, batch.rejected)
                    said = counts | {"progress": progress, "reading": row.reading}
                    if more:
                        shown += more
                        said["rejections"] = shown
                    if not await LISTS.move(session, row.id, [JobState.RUNNING], JobState.RUNNING, **said):
                        await session.rollback()
                        return False
        return True

    async def _end(self, id_: int, state: JobState, why: Refusal | None = None) -> None:
        told: dict[str, Any] = {"ended_at": self._now(), **remark(why)}
        if state is JobState.DONE:
            told["progress"] = 1.0
        try:
            async with writing(self._engine) as session:
                await LISTS.move(session, id_, _OPEN, state, **told)
        except Exception as error:  # noqa: BLE001 - the next start ends what is left open
            report(log, "consent_list_state_unwritten", error, part="consent_lists", list=id_)


def _rejection(one: Rejected) -> dict[str, Any]:
    """The form that the list's row keeps."""
    return {
        "line": one.row.number,
        "said": " ".join(filter(None, one.row.cells))[:SAID_SHOWN],
        "why": one.why(),
        "faults": list(map(stored, one.faults)),
    }


def _sort(rows: list[NumbersRow]) -> _Batch:
    numbers: dict[str, None] = {}
    repeated = 0
    rejected: list[Rejected] = []
    for row, said, faults in rows:
        for number in said:
            repeated += number in numbers
            numbers[number] = None
        if faults:
            rejected.append(Rejected(row, faults))
    return _Batch(list(numbers), repeated, rejected)
