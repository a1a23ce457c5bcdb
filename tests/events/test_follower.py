"""Who follows the stream is told each event once, in an order that never goes back."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.domain.actors import Actor, ActorKind
from app.events import follower as following
from app.events import retention
from app.events.follower import Follower
from app.events.queries import EventFilter, end_of_stream, page_events
from app.events.recorder import announce
from app.events.retention import Retention
from app.records.base import table_of
from app.records.engine import open_engine, reading, writing
from app.records.event_table import EventRow
from app.system.clock import utc_now
from tests.records.postgres import PostgresServer
from tests.records.stories import DAWN

MARI = Actor(ActorKind.USER, 12, "Mari Maasikas")


class Heard:
    """A follower and what it has told."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.ids: list[str] = []
        self._follower = Follower(engine, self._hear)

    def _hear(self, events: Sequence[EventRow]) -> None:
        self.ids += [one.subject_id for one in events]

    async def look(self) -> list[str]:
        self.ids.clear()
        await self._follower.look()
        return self.ids


async def write(engine: AsyncEngine, *ids: str) -> None:
    async with writing(engine, MARI) as session:
        for id_ in ids:
            announce(session, "call", id_, "ended", after={"title": id_})


async def test_it_begins_with_what_comes_after_its_first_look(engine: AsyncEngine) -> None:
    await write(engine, "before")
    heard = Heard(engine)
    assert await heard.look() == []
    await write(engine, "a", "b")
    await write(engine, "c")
    assert await heard.look() == ["a", "b", "c"]
    assert await heard.look() == []


async def test_it_hears_of_what_another_process_writes(engine: AsyncEngine, database_url: str) -> None:
    heard = Heard(engine)
    await heard.look()
    other = open_engine(database_url)
    await write(other, "theirs")
    await other.dispose()
    assert await heard.look() == ["theirs"]


async def test_more_than_fit_in_one_look_are_all_told(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "BATCH", 3)
    heard = Heard(engine)
    await heard.look()
    for first in range(0, 10, 2):
        await write(engine, str(first), str(first + 1))
    assert await heard.look() == [str(number) for number in range(10)]


@asynccontextmanager
async def _begun(engine: AsyncEngine, id_: str) -> AsyncIterator[AsyncSession]:
    """A transaction that has its event, and its id, and is not committed."""
    async with writing(engine, MARI) as session:
        said = {"at": utc_now(), "kind": "call.changed", "version": 1, "subject": "call", "subject_id": id_}
        who = {"actor": "user", "actor_name": "", "request_id": ""}
        await session.execute(insert(table_of(EventRow)).values(said | who))
        yield session


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_what_is_committed_late_is_not_passed_over(engine: AsyncEngine) -> None:
    """An id is given out before its commit: a later id is seen first, and the earlier one must still be told."""
    heard = Heard(engine)
    await heard.look()
    async with _begun(engine, "first"):
        await write(engine, "second")
        assert await heard.look() == []
    assert await heard.look() == ["first", "second"]
    async with _begun(engine, "given up") as session:
        await write(engine, "third")
        await session.rollback()
    assert await heard.look() == ["third"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_what_was_open_when_it_began_is_told(engine: AsyncEngine) -> None:
    heard = Heard(engine)
    async with _begun(engine, "open"):
        await heard.look()
    assert await heard.look() == ["open"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_transaction_of_another_database_holds_nothing_up(
    engine: AsyncEngine, postgres: PostgresServer
) -> None:
    """A server has other databases, too, and a transaction there may stay open for hours."""
    elsewhere, heard = open_engine(postgres.url()), Heard(engine)
    async with writing(elsewhere) as theirs:
        opened = (await theirs.execute(text("SELECT pg_current_xact_id()::text::bigint"))).scalar_one()
        await heard.look()
        await write(engine, "a")
        assert await heard.look() == ["a"]
        async with _begun(engine, "first"):
            await write(engine, "second")
            assert await heard.look() == []
        assert await heard.look() == ["first", "second"]
        async with reading(engine) as session:  # who may see no more of others than anybody
            await session.execute(text("SET LOCAL ROLE pg_signal_backend"))
            assert (await end_of_stream(session)).transaction > opened
    await elsewhere.dispose()


async def test_what_was_committed_and_not_told_is_in_the_audit(engine: AsyncEngine) -> None:
    """A process that dies between the commit and the telling."""
    await Heard(engine).look()
    await write(engine, "untold")
    assert await Heard(engine).look() == []
    async with reading(engine) as session:
        (row,) = await page_events(session, EventFilter(subject="call"))
    assert (row.subject_id, row.actor_name) == ("untold", "Mari Maasikas")


async def test_what_is_too_old_goes_slice_by_slice(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SLICE", 3)
    monkeypatch.setattr(retention, "PAUSE_S", 0.0)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    async with writing(engine) as session:
        for days in (800, 731, 731, 731, 730, 1):
            session.add(
                EventRow(
                    at=now - timedelta(days=days),
                    kind="call.changed",
                    subject="call",
                    subject_id=str(days),
                    actor="service",
                )
            )
    assert await Retention(engine, 730, lambda: now).remove() == 4
    async with reading(engine) as session:
        kept = await page_events(session, EventFilter())
    assert [row.subject_id for row in kept] == ["1", "730"]


async def test_a_page_of_a_subject_has_the_newest_of_all_its_kinds(engine: AsyncEngine) -> None:
    kinds = ("call.ended", "call.listened", "calls.other", "contact.changed", "call.ended")
    async with writing(engine) as session:
        for number in range(30):
            kind = kinds[number % len(kinds)]
            session.add(
                EventRow(
                    at=DAWN + timedelta(seconds=number // 4),
                    kind=kind,
                    subject=kind.partition(".")[0],
                    actor="service",
                )
            )
    seen: list[EventRow] = []
    async with reading(engine) as session:
        every = [row.id for row in await page_events(session, EventFilter()) if row.subject == "call"]
        while True:
            before = (seen[-1].at, seen[-1].id or 0) if seen else None
            page = await page_events(session, EventFilter(subject="call"), before=before, limit=4)
            if not page:
                break
            seen += page
        nothing = await page_events(session, EventFilter(subject="tag"))
        rare = await page_events(session, EventFilter(subject="call", kind="call.listened"))
    assert [row.id for row in seen] == every
    assert (len(every), len(nothing), len(rare)) == (18, 0, 6)
