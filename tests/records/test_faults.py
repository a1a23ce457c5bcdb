"""The journal and a fault: nothing is lost, nothing waits for it, nothing is tried for ever."""

import asyncio
import errno
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select
from structlog.testing import capture_logs

from app.crm.calls.queries import get_call
from app.crm.contacts.tables import ContactKind, ContactRow
from app.crm.operators.queries import operator_states
from app.domain.ids import CallId, OperatorId
from app.floor.facts import CallEnded, StepResult
from app.records import journal as journal_module
from app.records.engine import reading, writing
from app.records.journal import FAULT_TRIES, Journal
from app.records.journal_state import Keeping
from app.records.set_aside import Refused, SetAside, SetAsideFull
from app.records.spool import Spool
from app.system.away import is_away
from app.system.faults import FAULTS
from tests.records.outage import ended_calls, running
from tests.records.stories import CALLER, DAWN, at, call_arrived, call_story, operator_changed, step

MB = 1 << 20
CALL = CallId("c1")
HUGE = step(0, call_arrived("huge")._replace(priority=2**70))
"""No database has numbers so large: a fault of ours."""


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    opened = Spool.open(tmp_path / "keskus.spool", MB)
    yield opened
    opened.close()


@pytest.fixture
def aside(tmp_path: Path) -> SetAside:
    return SetAside(tmp_path / "set-aside", MB)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute is too long for a test."""
    monkeypatch.setattr(journal_module, "PAUSE_S", 0.0)


def opened(engine: AsyncEngine, spool: Spool | None, aside: SetAside, **options: Any) -> Journal:
    """A journal that waits for a busy machine: what takes long is written twice, and then set aside twice."""
    return Journal(engine, spool, aside=aside, patience_s=60.0, **options)


def again(aside: SetAside) -> SetAside:
    """As the next start finds it."""
    return SetAside(aside.folder, MB)


async def said(engine: AsyncEngine, *statements: str) -> None:
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def record(journal: Journal, *outcomes: StepResult) -> None:
    async with running(journal):
        for outcome in outcomes:
            journal.record(outcome)
        await journal.flush()


def counted() -> float:
    return float(FAULTS.labels("journal")._value.get())


async def test_a_row_the_database_refuses_is_set_aside_and_all_others_go_on(
    engine: AsyncEngine, spool: Spool, aside: SetAside
) -> None:
    journal, before = opened(engine, spool, aside=aside), counted()
    with capture_logs() as logged:
        await record(journal, *call_story("c0"), HUGE, *call_story("c2", 100))
    assert await ended_calls(engine) == ["c0", "c2"]
    state = journal.state
    assert (state.keeping, state.fault, state.backlog) == (Keeping.WRITTEN, False, 0)
    assert (state.spoiled, state.set_aside, again(aside).rows) == (1, 1, 1), "in no table, and not lost"
    assert counted() == before + 1
    (told,) = [entry for entry in logged if entry["event"] == "journal_row_set_aside"]
    assert (told["call_id"], told["statement"]) == ("huge", "call_arrived")
    assert told["exc_info"], "with its traceback"
    (file,) = aside.folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    (kept,) = await aside.read(file)
    assert (kept["statement"], kept["row"]["id"], kept["row"]["caller_number"]) == (
        "call_arrived",
        "huge",
        CALLER,
    )
    assert kept["error"]
    assert any("statements.py" in line for line in kept["traceback"])


async def test_what_is_refused_alone_is_set_aside_at_once(
    engine: AsyncEngine, spool: Spool, aside: SetAside
) -> None:
    journal = opened(engine, spool, aside=aside, batch_facts=1, linger_s=0.0)
    huge = step(0, call_arrived("x" * 999)._replace(priority=2**70))
    with capture_logs() as logged:
        await record(journal, huge)
    refused = [entry["statement"] for entry in logged if entry["event"] == "journal_row_set_aside"]
    assert "call_arrived" in refused
    assert journal.state.keeping is Keeping.WRITTEN


async def test_a_statement_that_is_not_right_holds_up_no_other_and_its_rows_come_in_later(
    engine: AsyncEngine, spool: Spool, aside: SetAside
) -> None:
    async with writing(engine) as session:
        person = ContactKind.PERSON.value
        session.add(ContactRow(id=3, kind=person, surname="Maasikas", created_at=DAWN, updated_at=DAWN))
    await said(engine, "ALTER TABLE contact RENAME COLUMN last_served_at TO gone")
    journal = opened(engine, spool, aside=aside)
    await record(journal, *call_story(CALL))
    assert await ended_calls(engine) == [CALL]
    assert journal.state.set_aside == 1
    journal = opened(engine, spool, aside=again(aside))
    await journal.recover()
    assert journal.state.set_aside == 1, "the fault is still there"
    await said(engine, "ALTER TABLE contact RENAME COLUMN gone TO last_served_at")
    journal = opened(engine, spool, aside=again(aside))
    await journal.recover()
    assert journal.state.set_aside == 0
    assert list(aside.folder.iterdir()) == []
    async with reading(engine) as session:
        (contact,) = await session.scalars(select(ContactRow))
    assert (contact.last_operator_id, contact.last_served_at) == (7, at(64).wall)


async def test_when_no_row_is_taken_it_is_tried_a_few_times_and_then_set_aside(
    engine: AsyncEngine, spool: Spool, aside: SetAside, monkeypatch: pytest.MonkeyPatch
) -> None:
    await said(engine, "ALTER TABLE operator_state RENAME TO gone")
    told: list[Keeping] = []
    journal, before = opened(engine, spool, aside=aside, linger_s=0.0, changed=told.append), counted()
    with capture_logs() as logged:
        await record(journal, step(0, operator_changed(7)))
    tries = [entry["tries"] for entry in logged if entry["event"] == "journal_fault"]
    assert tries == list(range(1, FAULT_TRIES + 1))
    assert counted() == before + FAULT_TRIES + 1
    assert told == [Keeping.KEPT, Keeping.WRITTEN]
    assert (journal.state.fault, journal.state.set_aside) == (False, 1)
    await said(engine, "ALTER TABLE gone RENAME TO operator_state")
    await opened(engine, spool, aside=again(aside)).recover()
    async with reading(engine) as session:
        states = await operator_states(session, OperatorId(7), DAWN, DAWN + timedelta(days=1))
    assert [row.from_at for row in states] == [at(0).wall]


async def test_meanwhile_it_is_told_and_kept(
    engine: AsyncEngine, spool: Spool, aside: SetAside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "PAUSE_S", 3600.0)
    await said(engine, "ALTER TABLE operator_state RENAME TO gone")
    journal = opened(engine, spool, aside=aside, linger_s=0.0)
    async with running(journal):
        journal.record(step(0, operator_changed(7)))
        await journal.secure()
        while not journal.state.fault:  # noqa: ASYNC110 - a state has no event
            await asyncio.sleep(0.001)
        state = journal.state
    assert (state.keeping, state.in_memory) == (Keeping.KEPT, 0)
    assert state.last_error is not None
    assert state.last_error.startswith("a fault of the service: ")
    assert state.spooled_batches == 1


async def test_a_fact_that_cannot_be_made_a_row_is_set_aside(
    engine: AsyncEngine, spool: Spool, aside: SetAside
) -> None:
    journal = opened(engine, spool, aside=aside)
    broken = step(50, operator_changed(9), CallEnded(CallId("broken"), None), call_arrived("c3", 50))  # type: ignore[arg-type]
    with capture_logs() as logged:
        await record(journal, *call_story("c0"), broken)
    assert [entry["kind"] for entry in logged if entry["event"] == "journal_fact_set_aside"] == ["CallEnded"]
    async with reading(engine) as session:
        assert await get_call(session, CallId("c3")) is not None
        assert len(await operator_states(session, OperatorId(9), DAWN, DAWN + timedelta(days=1))) == 1
    (file,) = aside.folder.iterdir()
    (kept,) = await aside.read(file)
    assert (kept["statement"], kept["row"]["at"]) == ("fact", at(50).wall)
    assert "broken" in kept["row"]["fact"]
    await opened(engine, spool, aside=again(aside)).recover()
    assert again(aside).rows == 1, "nothing knows what to do with it: it stays for people to look at"


async def test_a_full_disk_loses_no_row_that_is_refused(
    engine: AsyncEngine, spool: Spool, aside: SetAside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits in the spool until there is room."""
    calls = 0

    def full(_: int) -> None:
        nonlocal calls
        calls += 1
        if calls < 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    journal = opened(engine, None, aside=aside, linger_s=0.0)
    await record(journal, *call_story("c0"), HUGE)
    assert calls > 3
    assert again(aside).rows == 1
    assert await ended_calls(engine) == ["c0"]


async def test_the_files_have_a_bound(tmp_path: Path) -> None:
    aside = SetAside(tmp_path / "aside", 1000)
    row = Refused("call_event", {"call_id": "c1"}, ValueError("ours"))
    await aside.keep([row])
    with pytest.raises(SetAsideFull, match="at its bound") as raised:
        await aside.keep([row] * 20)
    assert not is_away(raised.value)
    assert SetAside(aside.folder, 1000).rows == 1


async def test_a_file_nobody_can_read_is_left_as_it_is(engine: AsyncEngine, aside: SetAside) -> None:
    aside.folder.mkdir()
    for name, content in (("a.json", b"nonsense"), ("b.json", b'{"version": 99, "rows": [1]}')):
        (aside.folder / name).write_bytes(content)
    await opened(engine, None, aside=again(aside)).recover()
    assert sorted(path.name for path in aside.folder.iterdir()) == ["a.json", "b.json"]
