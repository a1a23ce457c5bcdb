import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from app.accounts.tables import UserRow
from app.crm.queues.tables import QueueRow
from app.domain.roles import Role
from app.records import engine as records
from app.records.engine import check, open_engine, reading, writing
from app.records.errors import DatabaseUnreachable, DatabaseUrlInvalid
from tests.records import quick


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "not an address"),
        ("mysql://keskus:s3cret@db/keskus", "mysql is not supported"),
        ("postgresql+psycopg2://db/keskus", "only sqlite"),
        ("postgresql://db", "names no database"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:////nowhere/at/all/keskus.db", "/nowhere/at/all does not exist"),
    ],
)
async def test_bad_url_is_explained(url: str, says: str) -> None:
    with pytest.raises(DatabaseUrlInvalid, match=says) as caught:
        open_engine(url)
    assert "s3cret" not in str(caught.value)


async def test_unreachable_database_is_explained(tmp_path: Path) -> None:
    no_server = open_engine("postgresql://keskus:s3cret@127.0.0.1:1/keskus")
    with pytest.raises(DatabaseUnreachable) as caught:
        await check(no_server)
    assert "s3cret" not in str(caught.value)
    await no_server.dispose()

    (tmp_path / "no.db").write_text("this is no database, however long one looks at it" * 99)
    no_database = open_engine(f"sqlite:///{tmp_path / 'no.db'}")
    with pytest.raises(DatabaseUnreachable, match="not a database"):
        await check(no_database)
    await no_database.dispose()


async def test_reachable_database_passes(engine: AsyncEngine) -> None:
    await check(engine)


async def test_sqlite_is_durable_and_strict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_prepare_sqlite", quick.REAL[records])
    engine = open_engine(f"sqlite:///{tmp_path / 'keskus.db'}")
    async with engine.connect() as connection:
        pragmas = [
            await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    await engine.dispose()
    assert pragmas == ["wal", 2, 1, 10_000]


async def test_writers_wait_for_each_other(engine: AsyncEngine) -> None:
    """Read then write, ten at once: with a deferred BEGIN, SQLite says "database is locked"."""

    async def add_one() -> None:
        async with writing(engine) as session:
            count = await session.scalar(select(func.count()).select_from(QueueRow))
            session.add(QueueRow(id=f"q{count}-{id(session)}", title="x"))

    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(add_one())
    async with reading(engine) as session:
        assert await session.scalar(select(func.count()).select_from(QueueRow)) == 10


async def test_whoever_writes_on_and_on_lets_others_write_in_turn(tmp_path: Path) -> None:
    """SQLite's writers poll, and one that begins again at once got the lock each time."""
    engine = open_engine(f"sqlite:///{tmp_path / 'keskus.db'}")
    batches, over, begun = 0, False, asyncio.Event()

    async def write_on_and_on() -> None:
        nonlocal batches
        while not over:
            async with writing(engine) as session:
                batches += 1
                rows = [{"batch": batches, "row": row} for row in range(5_000)]
                await session.execute(text("INSERT INTO written VALUES (:batch, :row)"), rows)
            begun.set()

    async with writing(engine) as session:
        await session.execute(text("CREATE TABLE written (batch INTEGER, row INTEGER)"))
    waited = []
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(write_on_and_on())
        await begun.wait()
        for _ in range(10):
            before = batches
            async with writing(engine) as session:
                await session.execute(text("INSERT INTO written VALUES (0, 0)"))
                waited.append(batches - before)
        over = True
    await engine.dispose()
    assert max(waited) <= 2, "it waits for the batch under way, and no more than the next has begun since"


async def test_a_turn_ends_with_its_transaction_however_it_ends(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'keskus.db'}")
    asked = asyncio.Event()

    async def write() -> None:
        async with writing(engine) as session:
            await session.execute(text("CREATE TABLE IF NOT EXISTS written (row INTEGER)"))

    async def fail() -> None:
        async with writing(engine) as session:
            await session.execute(text("INSERT INTO written VALUES (1)"))
            raise LookupError

    async def hang() -> None:
        async with writing(engine) as session:
            await session.execute(text("INSERT INTO written VALUES (1)"))
            asked.set()
            await asyncio.Event().wait()

    await write()
    with pytest.raises(LookupError):
        await fail()
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        hanging = group.create_task(hang())
        await asked.wait()
        waiting = [group.create_task(write()) for _ in range(2)]
        await asyncio.sleep(0)  # both ask
        waiting[0].cancel()
        hanging.cancel()
        await waiting[1]
        await write()
    await engine.dispose()


async def test_reader_does_not_wait_for_a_writer(engine: AsyncEngine) -> None:
    async with writing(engine) as writer:
        writer.add(QueueRow(id="sales", title="Müük"))
        await writer.flush()
        async with asyncio.timeout(20), reading(engine) as reader:
            assert (await reader.scalars(select(QueueRow))).all() == []


async def test_failed_block_writes_nothing(engine: AsyncEngine) -> None:
    async def add_two() -> None:
        async with writing(engine) as session:
            session.add(QueueRow(id="sales", title="Müük"))
            await session.flush()
            session.add(QueueRow(id="support", title="Abi", overflow_queue="nowhere"))

    with pytest.raises(IntegrityError):
        await add_two()
    async with reading(engine) as session:
        assert (await session.scalars(select(QueueRow))).all() == []


async def test_time_comes_back_aware_and_the_same(engine: AsyncEngine) -> None:
    tallinn = timezone(timedelta(hours=3))
    at = datetime(2025, 6, 1, 12, 30, 15, 123456, tallinn)
    async with writing(engine) as session:
        session.add(_user("a", at))
        session.add(_user("b", at.replace(microsecond=0)))
        session.add(_user("c", at + timedelta(hours=1)))
    async with reading(engine) as session:
        rows = (await session.scalars(select(UserRow).order_by(col(UserRow.created_at)))).all()
        later = await session.scalars(select(UserRow.username).where(col(UserRow.created_at) > at))
        assert list(later) == ["c"]
    assert [row.username for row in rows] == ["b", "a", "c"]
    assert rows[1].created_at == at
    assert rows[1].created_at.tzinfo is UTC


async def test_naive_time_is_refused(engine: AsyncEngine) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        async with writing(engine) as session:
            session.add(_user("a", datetime(2025, 6, 1)))  # noqa: DTZ001 - the mistake under test


async def test_sqlite_reads_our_time(tmp_path: Path) -> None:
    stored = "2025-06-01 09:30:15.123456+00:00"
    with sqlite3.connect(":memory:") as connection:
        assert connection.execute("SELECT strftime('%H:%M', ?)", (stored,)).fetchone() == ("09:30",)
    connection.close()


def _user(username: str, at: datetime) -> UserRow:
    return UserRow(
        username=username, password_hash="-", role=Role.OPERATOR.value, display_name=username, created_at=at
    )
