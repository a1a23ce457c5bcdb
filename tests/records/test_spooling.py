"""The journal while its database is away: nothing lost, nothing twice, nothing out of order."""

import asyncio
import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.operators.queries import operator_states
from app.domain.ids import CallId, ContactId, OperatorId
from app.domain.operators import RoutingState
from app.floor.facts import CallerKnown, CallQueued, StepResult
from app.history.restore import last_presences
from app.records import spooled
from app.records.engine import reading
from app.records.journal import Journal
from app.records.journal_state import Keeping
from app.records.mapping import Batch, Mapper
from app.records.packing import Unpackable, pack, unpack
from app.records.spool import Spool, SpoolUnusable
from app.records.statements import Statements
from app.records.writer import Writer
from tests.records.outage import away, ended_calls, everything, running, until
from tests.records.stories import (
    CALLER,
    DAWN,
    SALES,
    at,
    call_arrived,
    call_story,
    operator_changed,
    step,
)

MB = 1 << 20
CALL = CallId("1700000000.1")


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    opened = Spool.open(tmp_path / "keskus.spool", MB)
    yield opened
    opened.close()


def day(calls: int, begin: int = 0) -> list[StepResult]:
    """Calls one after another, all of operator 7."""
    return [
        outcome
        for number in range(begin, begin + calls)
        for outcome in call_story(f"call-{number:04}", arrived=number * 100.0)
    ]


def names(calls: int) -> list[str]:
    return [f"call-{number:04}" for number in range(calls)]


def tell(journal: Journal, outcomes: list[StepResult]) -> None:
    for outcome in outcomes:
        journal.record(outcome)


async def test_a_batch_comes_back_as_the_same_rows(engine: AsyncEngine) -> None:
    odd = call_arrived("odd")._replace(caller_name="NUL\x00, half a \udcc3 letter,\r\n a line")
    story = [
        *day(3),
        step(400, call_arrived(CALL), CallQueued(CALL, SALES, "arrived")),
        step(401, CallerKnown(CALL, "", ContactId(5), (), "picked")),
        step(402, operator_changed(7)),
    ]
    for outcomes in (story[:7], story[7:], [step(500, odd)]):
        batch = Mapper().batch(outcomes)
        again = unpack(pack(batch))
        assert (again.oldest, again.facts) == (batch.oldest, batch.facts)
        assert pack(again) == pack(batch)
        for field in fields(Batch):
            assert type(getattr(again, field.name)) is type(getattr(batch, field.name))
    statements = Statements(engine.dialect)
    batch = Mapper().batch(story)
    async with engine.begin() as connection:
        for statement, rows in statements.of(batch):
            await statement.run(connection, rows)
    straight = await everything(engine)
    async with engine.begin() as connection:
        for name in straight:
            await connection.execute(text(f"DELETE FROM {name}"))
    await Writer(engine).write([unpack(pack(batch))])
    assert await everything(engine) == straight


def test_what_a_later_version_wrote_is_not_guessed_at() -> None:
    for record in (b'{"bookings":[]}', b"[]", b"nonsense"):
        with pytest.raises(Unpackable):
            unpack(record)


async def test_row_of_an_earlier_version_gets_its_columns(engine: AsyncEngine) -> None:
    batch = Mapper().batch(day(1)[:1])
    for name in ("hangup_text", "skills", "priority", "held_s"):
        del batch.arrived[CallId("call-0000")][name]
    await Writer(engine).write([batch])
    (row,) = (await everything(engine))["call"]
    assert "" in row


async def test_outage_is_spooled_and_written_in_order(
    engine: AsyncEngine, spool: Spool, tmp_path: Path
) -> None:
    told: list[Keeping] = []
    journal = Journal(engine, spool, batch_facts=5, linger_s=0.0, changed=told.append)
    async with running(journal):
        tell(journal, day(2))
        await journal.flush()
        async with away(engine):
            tell(journal, day(10, 2))
            await journal.secure()
            state = journal.state
            assert (state.keeping, state.in_memory, state.backlog) == (Keeping.KEPT, 0, 120)
            assert state.spooled_batches > 10
            assert state.spooled_bytes > 10_000
            assert state.last_error is not None
            assert CALLER not in state.last_error
            assert state.lag_s > 0
            assert len(await ended_calls_while_away(engine)) == 2
        tell(journal, day(3, 12))
        await journal.flush()
        state = journal.state
        assert (state.keeping, state.backlog, state.spooled_batches) == (Keeping.WRITTEN, 0, 0)
        assert (state.last_error, state.lag_s, state.refused, state.spoiled) == (None, 0.0, 0, 0)
    assert told == [Keeping.KEPT, Keeping.WRITTEN]
    assert await ended_calls(engine) == names(15)
    assert (tmp_path / "keskus.spool").stat().st_size < 100


async def ended_calls_while_away(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT id FROM call WHERE ended_at IS NOT NULL"))
        return [id_ for (id_,) in found]


async def test_next_process_finds_what_was_left(engine: AsyncEngine, tmp_path: Path) -> None:
    """Intervals spooled by the dead process are closed like those it had written, and presences are found."""
    path = tmp_path / "keskus.spool"
    story = [step(0, operator_changed(8)), *day(3)]
    first = Spool.open(path, MB)
    journal = Journal(engine, first, linger_s=0.0, batch_facts=5)
    async with away(engine), running(journal):
        tell(journal, story)
        await journal.secure()
    first.close()

    second = Spool.open(path, MB)
    journal = Journal(engine, second)
    assert await journal.recover() > 5
    async with reading(engine) as session:
        assert [operator for operator, _, _ in await last_presences(session)] == [7, 8]
    assert await journal.close_open_intervals(at(1000).wall) == 2
    async with running(journal):
        tell(journal, [step(1001, operator_changed(8, RoutingState.IDLE, cause="service_restarted"))])
        await journal.flush()
    second.close()
    assert await ended_calls(engine) == names(3)
    async with reading(engine) as session:
        states = await operator_states(session, OperatorId(8), DAWN, DAWN + timedelta(days=1))
    assert [(row.from_at, row.to_at, row.end_cause) for row in states] == [
        (at(0).wall, at(1000).wall, "service_restarted"),
        (at(1001).wall, None, ""),
    ]


async def test_recovery_that_is_cut_off_goes_on(
    engine: AsyncEngine, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time after the commit and before the cut: the same chunk is written again."""
    monkeypatch.setattr(spooled, "CHUNK_BYTES", 3000)
    mapper = Mapper()
    for outcome in day(8):
        spool.append(pack(mapper.batch([outcome])))

    def cut_off(_: object) -> None:
        raise OSError(errno.EIO, "cut off")

    tries = 0
    while spool.batches:
        journal = Journal(engine, spool)
        with monkeypatch.context() as patched:
            patched.setattr(spool, "drop", cut_off)
            with pytest.raises(OSError, match="cut off"):
                await journal.recover()
        chunk = spool.read(3000)
        await Writer(engine).write([unpack(record) for record in chunk.records])
        spool.drop(chunk)
        tries += 1
    assert tries > 5
    assert await ended_calls(engine) == names(8)


async def test_spool_of_a_later_version_is_left_alone(engine: AsyncEngine, spool: Spool) -> None:
    spool.append(b'{"bookings":[]}')
    with pytest.raises(SpoolUnusable, match="of a later version"):
        await Journal(engine, spool).recover()
    assert spool.batches == 1


async def test_database_that_answers_slowly_loses_to_the_spool(
    engine: AsyncEngine, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that hangs: what it holds and what follows is on disk meanwhile, and its end does no harm."""
    journal = Journal(engine, spool, batch_facts=5, linger_s=0.0, patience_s=0.01)
    write, answers = journal._writer.write, asyncio.Event()
    order: list[str] = []

    async def slowly(batches: Any, **how: Any) -> None:
        order.append("begun")
        await answers.wait()
        await write(batches, **how)
        order.append("done")

    monkeypatch.setattr(journal._writer, "write", slowly)
    async with running(journal):
        tell(journal, day(4))
        await journal.secure()
        assert order == ["begun"]
        assert spool.batches > 4
        assert journal.state.last_error == "no answer within 0.01 s"
        answers.set()
        await journal.flush()
        assert order == ["begun", "done"] * (len(order) // 2)
    assert journal.state.keeping is Keeping.WRITTEN
    assert await ended_calls(engine) == names(4)


async def test_answer_that_is_lost_while_draining(
    engine: AsyncEngine, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooled, "CHUNK_BYTES", 4000)
    journal = Journal(engine, spool, batch_facts=5, linger_s=0.0)
    write, turn = journal._writer.write, 0

    async def lose_the_answer(batches: Any, **how: Any) -> None:
        nonlocal turn
        turn += 1
        await write(batches, **how)
        if turn % 2:
            raise OperationalError("COMMIT", {}, ConnectionResetError())

    async with running(journal):
        async with away(engine):
            tell(journal, day(5))
            await journal.secure()
        monkeypatch.setattr(journal._writer, "write", lose_the_answer)
        await journal.flush()
    assert turn > 4
    assert await ended_calls(engine) == names(5)


async def test_at_the_bound_memory_takes_over_then_facts_are_refused(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    told: list[Keeping] = []
    with ExitStack() as stack:
        spool = Spool.open(tmp_path / "small.spool", 20_000)
        stack.callback(spool.close)
        journal = Journal(engine, spool, capacity=60, batch_facts=5, linger_s=0.0, changed=told.append)
        async with running(journal):
            async with away(engine):
                number = 0
                while journal.state.spool_error is None:
                    tell(journal, day(1, number))
                    number += 1
                    await until(_settled(journal), "the spool to take it or not")
                assert journal.state.spool_error == "SpoolFull: the spool is at its bound of 0 MB"
                while not journal.state.refused:
                    tell(journal, day(1, number))
                    number += 1
                assert journal.state.keeping is Keeping.REFUSED
                tell(journal, day(5, number))  # all of them, even those that would fit
                assert journal.state.refused >= 60
                assert journal.state.spooled_bytes <= 20_000
                assert journal.state.in_memory <= 60
            await until(lambda: journal.state.keeping is Keeping.WRITTEN, "room again")
            late = number + 5
            tell(journal, day(2, late))
            await journal.flush()
            assert journal.state.spooled_batches == 0
        refused = journal.state.refused
    assert told == [Keeping.KEPT, Keeping.REFUSED, Keeping.WRITTEN]
    found = await ended_calls(engine)
    whole = number * 12 + 60 - refused  # facts that were taken before the gap
    assert found == [*names(whole // 12), f"call-{late:04}", f"call-{late + 1:04}"]


def _settled(journal: Journal) -> Callable[[], bool]:
    return lambda: journal.state.in_memory == 0 or journal.state.spool_error is not None


async def test_disk_that_fails_leaves_all_in_memory(
    engine: AsyncEngine, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    journal = Journal(engine, spool, batch_facts=5, linger_s=0.0)
    async with running(journal):
        async with away(engine):
            with monkeypatch.context() as patched:
                patched.setattr(os, "fsync", fail)
                tell(journal, day(3))
                await until(lambda: journal.state.spool_error is not None, "the spool to fail")
                assert (journal.state.in_memory, spool.batches) == (36, 0)
            await journal.secure()
            assert journal.state.spool_error is None
        await journal.flush()
    assert await ended_calls(engine) == names(3)


async def test_cancelled_while_spooling_loses_nothing(engine: AsyncEngine, spool: Spool) -> None:
    journal = Journal(engine, spool, batch_facts=1, linger_s=0.0)
    async with away(engine):
        tell(journal, day(10))
        for turns in (3, 10, 30, 90, 200):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(journal.run())
                for _ in range(turns):
                    await asyncio.sleep(0)
                task.cancel()
    async with running(journal):
        await journal.flush()
    assert journal.state.backlog == 0
    assert await ended_calls(engine) == names(10)


async def test_draining_reads_each_byte_once(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it takes time by the spool's length alone; and many small batches make few commits."""
    spool = Spool.open(tmp_path / "keskus.spool", 100 * MB)
    mapper = Mapper()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", lambda _: None)
        for outcome in day(200):
            spool.append(pack(mapper.batch([outcome])))
    size, read, pread = spool.size, 0, os.pread

    def counted(file: int, count: int, offset: int) -> bytes:
        nonlocal read
        found = pread(file, count, offset)
        read += len(found)
        return found

    commits = 0
    journal = Journal(engine, spool)
    write = journal._writer.write

    async def counting(batches: Sequence[Batch], **how: Any) -> None:
        nonlocal commits
        commits += 1
        await write(batches, **how)

    monkeypatch.setattr(os, "pread", counted)
    monkeypatch.setattr(journal._writer, "write", counting)
    assert await journal.recover() == 1000
    spool.close()
    assert await ended_calls(engine) == names(200)
    assert size <= read <= size * 1.2
    assert commits <= size / spooled.CHUNK_BYTES + 2
