"""Records are completed and corrected from what the PBX's own log tells, and those heard whole are left alone."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.calls.queries import WholeCall, get_call
from app.crm.contacts.tables import ContactRow
from app.domain.calls import CallOutcome
from app.domain.ids import CallId, ContactId
from app.floor.facts import CallEnded, CallRecord, StepResult
from app.history.completion import ahead_of_records, close_unheard, complete
from app.records.changes import Change, Kind
from app.records.engine import reading, writing
from app.records.journal import Journal
from app.records.tables import CallSource
from tests.records.stories import at, call_arrived, call_record, call_story, step

CALL = "call-1"


def logged(**changes: Any) -> CallRecord:
    """The call of the stories, as the log has it: without its contact."""
    return call_record(CALL, 0, 64, operator=7, contact=None)._replace(**changes)


async def written(engine: AsyncEngine, outcomes: list[StepResult]) -> None:
    journal = Journal(engine, linger_s=0.0)
    for outcome in outcomes:
        journal.record(outcome)
    async with asyncio.TaskGroup() as group:
        run = group.create_task(journal.run())
        await journal.flush()
        run.cancel()


async def done(engine: AsyncEngine, *records: CallRecord, **how: Any) -> list[Change]:
    async with writing(engine) as session:
        return await complete(session, records, **how)


async def recorded(engine: AsyncEngine) -> WholeCall:
    async with reading(engine) as session:
        call = await get_call(session, CallId(CALL))
    assert call is not None
    return call


async def test_a_call_nobody_heard_is_added_once(engine: AsyncEngine) -> None:
    async with writing(engine) as session:
        session.add(
            ContactRow(id=3, kind="person", surname="Tamm", created_at=at(-9).wall, updated_at=at(-9).wall)
        )
    record = logged(contact=ContactId(3))
    assert [change.kind for change in await done(engine, record)] == [Kind.ADDED]
    first = await recorded(engine)
    assert (first.call.source, first.call.talked_s, len(first.legs)) == (CallSource.LOG, 60.0, 1)
    assert (first.call.language, first.call.skills, first.call.priority) == ("ru", ["lang:ru"], 5)
    assert await done(engine, record) == []
    again = await recorded(engine)
    assert (again.call, again.legs) == (first.call, first.legs)
    async with reading(engine) as session:
        contact = await session.get(ContactRow, 3)
    assert contact is not None
    assert contact.last_operator_id == record.operator


async def test_an_open_record_is_completed_and_keeps_what_was_heard(engine: AsyncEngine) -> None:
    await written(engine, call_story(CALL)[:2])
    (change,) = await done(engine, logged())
    assert change.kind is Kind.COMPLETED
    assert change.differences["outcome"] == (None, "answered")
    call = (await recorded(engine)).call
    assert (call.contact_id, call.outcome, call.source) == (3, "answered", CallSource.LOG)


async def test_a_record_partly_heard_is_replaced_by_the_log(engine: AsyncEngine) -> None:
    heard = logged(contact=ContactId(3), queue="other", talked_s=1.0, legs=(), unheard=True)
    await written(engine, [step(0, call_arrived(CALL)), step(64, CallEnded(heard.call, heard))])
    assert (await recorded(engine)).call.source == CallSource.UNHEARD
    await done(engine, logged())
    whole = await recorded(engine)
    assert (whole.call.talked_s, len(whole.legs), whole.call.source) == (60.0, 1, CallSource.LOG)
    assert (whole.call.contact_id, whole.call.queue) == (3, "other")  # the log does not know better


async def test_a_talk_whose_end_the_log_does_not_have_lasted_until_the_pbx_was_lost(
    engine: AsyncEngine,
) -> None:
    heard = logged(legs=(), talked_s=0.0, unheard=True)
    await written(engine, [step(0, call_arrived(CALL)), step(64, CallEnded(heard.call, heard))])
    whole = logged()
    (leg,) = whole.legs
    last = at(10).wall  # of the log's rows
    cut_s = (whole.ended_at - last).total_seconds()
    short = leg._replace(ended_at=last, talked_s=leg.talked_s - cut_s)
    open_ = whole._replace(
        ended_at=last,
        legs=(short,),
        talked_s=short.talked_s,
        duration_s=whole.duration_s - cut_s,
        unheard=True,
    )
    await done(engine, open_)
    found = await recorded(engine)
    assert (found.call.ended_at, found.call.talked_s) == (whole.ended_at, whole.talked_s)
    assert (found.call.duration_s, found.call.waited_s) == (whole.duration_s, whole.waited_s)
    assert [(one.talked_s, one.ended_at) for one in found.legs] == [(leg.talked_s, leg.ended_at)]
    await done(engine, open_)
    assert (await recorded(engine)).call.talked_s == whole.talked_s


async def test_a_record_heard_whole_is_left_alone_unless_asked(engine: AsyncEngine) -> None:
    await written(engine, call_story(CALL))
    otherwise = logged(outcome=CallOutcome.ABANDONED, talked_s=3.0)
    assert await done(engine, otherwise) == []
    assert (await recorded(engine)).call.outcome == "answered"
    (change,) = await done(engine, otherwise, correct=True)
    assert change.kind is Kind.CORRECTED
    assert change.differences["talked_s"] == (60.0, 3.0)
    call = (await recorded(engine)).call
    assert (call.outcome, call.contact_id, call.source) == ("abandoned", 3, CallSource.LOG)


async def test_a_second_off_is_no_difference(engine: AsyncEngine) -> None:
    await written(engine, call_story(CALL))
    assert await done(engine, logged(talked_s=60.9), correct=True) == []


@pytest.mark.parametrize("hours", [-25, 1, 24])
async def test_the_pbx_may_live_in_another_hour(engine: AsyncEngine, hours: int) -> None:
    ahead = timedelta(hours=hours)
    record = logged()
    theirs = record._replace(
        arrived_at=record.arrived_at + ahead,
        answered_at=at(4).wall + ahead,
        ended_at=record.ended_at + ahead,
        legs=tuple(
            leg._replace(began_at=leg.began_at + ahead, ended_at=leg.ended_at + ahead) for leg in record.legs
        ),
    )
    await done(engine, theirs, ahead_s=ahead.total_seconds())
    whole = await recorded(engine)
    assert (whole.call.arrived_at, whole.call.ended_at) == (record.arrived_at, record.ended_at)
    assert whole.legs[0].ended_at == record.legs[0].ended_at


async def test_a_clock_that_was_set_since_does_not_move_a_call_that_was_heard(engine: AsyncEngine) -> None:
    await written(engine, call_story(CALL)[:2])
    record = logged()
    late = timedelta(days=1)
    await done(engine, record._replace(arrived_at=at(0).wall + late, ended_at=at(64).wall + late))
    call = (await recorded(engine)).call
    assert (call.arrived_at, call.ended_at, call.duration_s) == (at(0).wall, at(64).wall, 64.0)


async def test_clocks_that_agree_on_the_end_are_not_apart(engine: AsyncEngine) -> None:
    """A call taken over by its channel's age may have entered the queue later: that is no difference of clocks."""
    heard = logged(arrived_at=at(-8).wall, duration_s=72.0, unheard=True)
    await written(engine, [step(0, call_arrived(CALL, arrived=-8)), step(64, CallEnded(heard.call, heard))])
    await done(engine, logged())
    call = (await recorded(engine)).call
    assert (call.arrived_at, call.ended_at, call.duration_s) == (at(0).wall, at(64).wall, 64.0)


async def test_a_call_that_was_adopted_late_arrived_when_it_did(engine: AsyncEngine) -> None:
    """Its arrival is written as of then: what completes it must not take the adoption for it."""
    await written(engine, [step(9, call_arrived(CALL, arrived=1.0))])
    assert (await recorded(engine)).call.arrived_at == at(1).wall
    await done(engine, logged())
    call = (await recorded(engine)).call
    assert (call.arrived_at, call.ended_at) == (at(0).wall, at(64).wall)


async def test_the_clocks_are_compared_by_calls_both_know(engine: AsyncEngine) -> None:
    await written(engine, call_story(CALL))
    record = logged(arrived_at=at(3600.2).wall)
    async with reading(engine) as session:
        assert await ahead_of_records(session, [record]) == 3600
        assert await ahead_of_records(session, []) == 0


@pytest.mark.parametrize(
    ("heard", "outcome", "talked_s", "ended_s"), [(1, "failed", 0.0, 0.0), (4, "answered", 0.0, 4.0)]
)
async def test_what_nobody_knows_the_end_of_ends_with_the_last_that_was_heard(
    engine: AsyncEngine, heard: int, outcome: str, talked_s: float, ended_s: float
) -> None:
    await written(engine, call_story(CALL)[:heard])
    async with writing(engine) as session:
        (change,) = await close_unheard(session, [CallId(CALL)])
    assert change.kind is Kind.COMPLETED
    call = (await recorded(engine)).call
    assert (call.outcome, call.ended_by, call.talked_s) == (outcome, "pbx", talked_s)
    assert (call.ended_at, call.source) == (at(ended_s).wall, CallSource.UNHEARD)
    async with writing(engine) as session:
        assert await close_unheard(session, [CallId(CALL)]) == []
    (later,) = await done(engine, logged())
    assert later.kind is Kind.COMPLETED
