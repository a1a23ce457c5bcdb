import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from app.crm.calls.queries import get_call, open_calls
from app.crm.contacts.tables import ContactKind, ContactRow
from app.crm.operators.queries import operator_states
from app.domain.ids import CallId, ContactId, OperatorId
from app.domain.operators import RoutingState
from app.floor.facts import CallEnded, CallerKnown, CallQueued, FaultSeen, OperatorGone, StepResult
from app.records.base import metadata
from app.records.engine import reading, writing
from app.records.journal import Journal
from app.records.mapping import Mapper
from app.records.statements import Statements
from app.records.tables import CallRow, OperatorStateRow
from tests.records.outage import away
from tests.records.stories import (
    CALLER,
    DAWN,
    SALES,
    at,
    call_arrived,
    call_record,
    call_story,
    operator_changed,
    step,
)

CALL = CallId("1700000000.1")
SEVEN = OperatorId(7)
NEXT_DAY = DAWN + timedelta(days=1)


@asynccontextmanager
async def running(journal: Journal) -> AsyncIterator[Journal]:
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        task = group.create_task(journal.run())
        yield journal
        task.cancel()


async def write(engine: AsyncEngine, outcomes: Sequence[StepResult], **options: Any) -> Journal:
    journal = Journal(engine, **options)
    for outcome in outcomes:
        journal.record(outcome)
    async with running(journal):
        await journal.flush()
    return journal


async def everything(engine: AsyncEngine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of history, as the database has it."""
    names = ("call", "call_leg", "call_event", "operator_state", "contact")
    async with engine.connect() as connection:
        found = {}
        for name in names:
            rows = await connection.execute(metadata.tables[name].select())
            found[name] = sorted((tuple(row) for row in rows), key=repr)
        return found


async def test_call_is_kept_whole(engine: AsyncEngine) -> None:
    await write(engine, call_story(CALL))
    async with reading(engine) as session:
        whole = await get_call(session, CALL)
    assert whole is not None
    call = whole.call
    assert (call.outcome, call.ended_by, call.operator_id, call.contact_id) == ("answered", "caller", 7, 3)
    assert (call.language, call.skills, call.priority) == ("ru", ["lang:ru"], 5)
    assert (call.arrived_at, call.answered_at, call.ended_at) == (at(0).wall, at(4).wall, at(64).wall)
    assert (call.waited_s, call.rang_s, call.talked_s, call.duration_s) == (4.0, 3.0, 60.0, 64.0)
    assert [(leg.number, leg.operator_id, leg.outcome) for leg in whole.legs] == [(0, 7, "accepted")]
    assert [(event.kind, event.cause, event.operator_id) for event in whole.events] == [
        ("CallArrived", "", None),
        ("CallQueued", "arrived", None),
        ("CallerKnown", "lookup", None),
        ("OfferMade", "", 7),
        ("OfferRang", "", 7),
        ("OfferEnded", "answered", 7),
        ("CallAnswered", "offer", 7),
        ("CallEnded", "caller", 7),
    ]
    assert whole.events[3].at == at(1).wall
    assert whole.events[3].data["reason"] == {
        "rule": "longest_idle",
        "level": 1,
        "skills": ["lang:ru"],
        "idle_s": 12.5,
        "waited_s": 0.5,
        "urgency": 0.025,
        "idle_operators": 3,
        "waiting_calls": 1,
        "kept_operators": 0,
    }
    assert whole.events[2].data == {"name": "Иванова Анна", "contact": 3, "matches": [3]}


@pytest.mark.parametrize("batch_facts", [1, 1000])
async def test_operators_intervals_join_up(engine: AsyncEngine, batch_facts: int) -> None:
    gone = step(80, OperatorGone(SEVEN))
    await write(engine, [*call_story(CALL), gone], batch_facts=batch_facts)
    async with reading(engine) as session:
        states = await operator_states(session, SEVEN, DAWN, NEXT_DAY)
    assert [(row.routing, row.duration_s, row.cause, row.end_cause) for row in states] == [
        ("reserved", 1.0, "offer", "ringing"),
        ("ringing", 2.0, "ringing", "answered"),
        ("talking", 60.0, "answered", "call_ended"),
        ("wrap_up", 16.0, "call_ended", "operator_removed"),
    ]
    assert [row.to_at for row in states] == [row.from_at for row in states[1:]] + [at(80).wall]


@pytest.mark.parametrize("batch_facts", [1, 7, 1000])
async def test_batches_make_no_difference(engine: AsyncEngine, batch_facts: int) -> None:
    """Whatever the split, and each batch written twice, as when the answer to a commit was lost."""
    outcomes = [
        *call_story(CALL, contact=None),
        step(70, operator_changed(7)),
        *call_story("1700000000.2", arrived=80),
        step(150, call_arrived("1700000000.3"), CallQueued(CallId("1700000000.3"), SALES, "arrived")),
        step(151, CallerKnown(CallId("1700000000.3"), "", ContactId(5), (), "picked")),
        step(152, CallerKnown(CallId("1700000000.3"), "", ContactId(6), (), "picked")),
        step(153, FaultSeen("odd", "thing")),
    ]
    statements, mapper = Statements(engine.dialect), Mapper()
    for start in range(0, len(outcomes), batch_facts):
        batch = mapper.batch(outcomes[start : start + batch_facts])
        for _ in range(2):
            async with engine.begin() as connection:
                for statement, rows in statements.of(batch):
                    await statement.run(connection, rows)
    found = await everything(engine)
    assert [len(found[name]) for name in ("call", "call_leg", "call_event", "operator_state")] == [
        3,
        2,
        20,
        9,
    ]
    async with reading(engine) as session:
        assert [(row.id, row.contact_id) for row in await open_calls(session)] == [("1700000000.3", 6)]
        still_open = select(OperatorStateRow).where(col(OperatorStateRow.to_at).is_(None))
        assert [row.routing for row in await session.scalars(still_open)] == ["wrap_up"]
        assert len(await operator_states(session, SEVEN, DAWN, NEXT_DAY)) == 9


async def test_contact_remembers_who_served_last(engine: AsyncEngine) -> None:
    async with writing(engine) as session:
        session.add(
            ContactRow(id=3, kind=ContactKind.PERSON.value, surname="A", created_at=DAWN, updated_at=DAWN)
        )
    await write(engine, [*call_story("c1", 0, operator=7), *call_story("c2", 100, operator=8)])
    late = step(300, CallEnded(CallId("c0"), call_record("c0", 20, 60, operator=9, contact=3)))
    await write(engine, [late])  # a record completed afterwards does not undo a later call's
    async with reading(engine) as session:
        contact = await session.get(ContactRow, 3)
    assert contact is not None
    assert (contact.last_operator_id, contact.last_served_at) == (8, at(164).wall)


async def test_adopted_call_arrives_again(engine: AsyncEngine) -> None:
    """The process died during a call; the next one finds it in the PBX and tells of it anew."""
    story = call_story(CALL)
    await write(engine, story[:3])
    again = [step(30, call_arrived(CALL), CallQueued(CALL, SALES, "adopted"))]
    end = CallEnded(CALL, call_record(CALL, 29, 64, operator=7, contact=3))
    await write(engine, [*again, step(64, end)])
    async with reading(engine) as session:
        whole = await get_call(session, CALL)
        assert await open_calls(session) == []
    assert whole is not None
    assert whole.call.arrived_at == at(0).wall
    assert whole.call.outcome == "answered"
    kinds = [event.kind for event in whole.events]
    assert kinds == [
        *["CallArrived", "CallQueued", "CallerKnown", "OfferMade", "OfferRang"],
        *["CallArrived", "CallQueued", "CallEnded"],
    ]


async def test_intervals_of_a_dead_process_are_closed(engine: AsyncEngine) -> None:
    await write(engine, call_story(CALL)[:4])
    journal = Journal(engine)
    assert await journal.close_open_intervals(at(500).wall) == 1
    assert await journal.close_open_intervals(at(600).wall) == 0
    async with reading(engine) as session:
        last = (await operator_states(session, SEVEN, DAWN, NEXT_DAY))[-1]
        assert [row.id for row in await open_calls(session)] == [CALL]
    assert (last.to_at, last.duration_s, last.end_cause) == (at(500).wall, None, "service_restarted")


async def test_full_journal_refuses_and_says_so(engine: AsyncEngine) -> None:
    journal = Journal(engine, capacity=5)
    for outcome in call_story(CALL):
        journal.record(outcome)
    assert (journal.state.backlog, journal.state.refused) == (5, 7)
    async with running(journal):
        await journal.flush()
        journal.record(call_story("c2", 100)[0])
        await journal.flush()
    assert (journal.state.backlog, journal.state.refused) == (0, 7)
    async with reading(engine) as session:
        assert [row.id for row in await open_calls(session)] == [CALL, "c2"]


async def test_database_that_goes_away_and_comes_back(engine: AsyncEngine) -> None:
    journal = Journal(engine, batch_facts=3)
    async with running(journal):
        async with away(engine):
            for outcome in call_story(CALL):
                journal.record(outcome)
            while journal.state.last_error is None:  # noqa: ASYNC110 - a state has no event
                await asyncio.sleep(0)
            assert journal.state.backlog == 12
            assert CALLER not in journal.state.last_error
            assert not journal.state.fault
            assert journal.state.lag_s >= 0.0
        await journal.flush()
    state = journal.state
    assert (state.backlog, state.last_error, state.lag_s) == (0, None, 0.0)
    assert state.last_commit_at is not None
    found = await everything(engine)
    assert [len(found[name]) for name in ("call", "call_leg", "call_event", "operator_state")] == [1, 1, 8, 4]


async def test_answer_to_a_commit_that_is_lost(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(engine)
    write = journal._writer.write
    losses = iter([True, False])

    async def lose_the_answer(batches: Any, **how: Any) -> None:
        await write(batches, **how)
        if next(losses):
            raise OperationalError("COMMIT", {}, ConnectionResetError())

    monkeypatch.setattr(journal._writer, "write", lose_the_answer)
    for outcome in call_story(CALL):
        journal.record(outcome)
    async with running(journal):
        await journal.flush()
    found = await everything(engine)
    assert [len(found[name]) for name in ("call", "call_leg", "call_event", "operator_state")] == [1, 1, 8, 4]


async def test_cancelled_run_loses_nothing(engine: AsyncEngine) -> None:
    journal = Journal(engine, batch_facts=1, linger_s=0.0)
    for number in range(20):
        for outcome in call_story(f"c{number}", arrived=number * 100):
            journal.record(outcome)
    for turns in (3, 10, 30, 90):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(journal.run())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
    async with running(journal):
        await journal.flush()
    found = await everything(engine)
    assert [len(found[name]) for name in ("call", "call_leg", "call_event", "operator_state")] == [
        *[20, 20, 160, 80]
    ]


@pytest.mark.parametrize("name", ["NUL\x00 inside", "half a \udcc3 letter"])
async def test_text_that_is_no_text_does_not_stop_the_journal(engine: AsyncEngine, name: str) -> None:
    spoiled = call_arrived(CALL)._replace(caller_name=name)
    journal = await write(engine, [step(0, spoiled), *call_story("c2", 10)])
    assert journal.state.spoiled == 0
    async with reading(engine) as session:
        rows = (await session.scalars(select(CallRow).order_by(col(CallRow.arrived_at)))).all()
    assert [row.id for row in rows] == [CALL, "c2"]
    assert rows[0].caller_name.startswith(name[:3])


def test_seq_grows_when_the_clock_does_not() -> None:
    mapper = Mapper()
    back = step(-10, operator_changed(7, RoutingState.TALKING))
    batch = mapper.batch([step(0, operator_changed(7)), step(0, operator_changed(8)), back])
    seqs = [row["seq"] for row in batch.intervals]
    assert seqs == sorted(set(seqs))
