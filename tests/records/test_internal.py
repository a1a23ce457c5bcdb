"""Calls between colleagues on record, on SQLite and PostgreSQL: as they were heard, from the spool, from the log."""

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.calls.queries import CallFilter, get_call, open_calls, page_calls
from app.crm.tallies.queries import spent_by_operators
from app.domain.calls import CallOutcome, Direction, EndedBy
from app.domain.ids import CallId, ChannelId, OperatorId
from app.floor.facts import CallRecord, InternalEnded
from app.floor.internal.records import record_of
from app.floor.internal.state import InternalCall
from app.floor.model import Leg
from app.history.completion import complete
from app.records.changes import Kind
from app.records.engine import reading, writing
from app.records.mapping import Mapper
from app.records.packing import pack, unpack
from app.records.writer import Writer
from app.staffing.days import day_on_file
from tests.records.stories import DAWN, at, step

CALL = CallId("k-1.7:1")


def record(*, unheard: bool = False, call: CallId = CALL) -> CallRecord:
    """Operator 1 called operator 2, who answered after 4 s; they talked for a minute."""
    one, other = OperatorId(1), OperatorId(2)
    near = Leg(one, "op1", began=at(1), channel=ChannelId("k-1.7"))
    told = InternalCall(
        call,
        "PJSIP/op1-1",
        caller_number="101",
        caller_name="Op 1",
        dialled="102",
        began=at(1),
        caller=one,
        called=other,
        endpoint="op2",
        near=near,
    )
    told.far = Leg(other, "op2", began=at(1), channel=ChannelId("k-1.8"), rang=at(1), answered=at(5))
    told.answered, told.hung_up_first, told.unheard = at(5), EndedBy.OPERATOR, unheard
    return record_of(told, at(65), cause=16)


async def test_a_call_is_on_record_once_and_found_by_both_who_talked(engine: AsyncEngine) -> None:
    writer, mapper = Writer(engine), Mapper()
    batch = unpack(
        pack(mapper.batch([step(65, InternalEnded(CALL, record()))]))
    )  # as the spool gives it back
    await writer.write([batch])
    await writer.write([batch])
    async with reading(engine) as session:
        whole = await get_call(session, CALL)
        assert whole is not None
        assert (whole.call.direction, whole.call.outcome, whole.call.queue) == ("internal", "answered", "")
        assert (whole.call.caller_operator_id, whole.call.operator_id, whole.call.cost) == (1, 2, None)
        assert [(leg.operator_id, leg.talked_s, leg.outcome) for leg in whole.legs] == [(2, 60, None)]
        assert [event.kind for event in whole.events] == ["InternalEnded"]
        assert not await open_calls(session)
        for operator, count in ((1, 1), (2, 1), (3, 0)):
            page = await page_calls(session, CallFilter(operator=OperatorId(operator)))
            assert len(page.calls) == count
        page = await page_calls(
            session, CallFilter(direction=Direction.INTERNAL, outcome=CallOutcome.ANSWERED)
        )
        assert [row.id for row in page.calls] == [CALL]


async def test_it_is_in_no_day_s_figures_and_costs_nobody_anything(engine: AsyncEngine) -> None:
    await Writer(engine).write([Mapper().batch([step(65, InternalEnded(CALL, record()))])])
    async with reading(engine) as session:
        day = await day_on_file(session, DAWN, at(3600).wall)
        assert (day.calls, day.offers, day.pick_ups_s) == ([], 0, [])
        assert await spent_by_operators(session, DAWN) == {}


async def test_what_was_not_heard_whole_is_completed_from_the_log(engine: AsyncEngine) -> None:
    heard, missed = record(unheard=True), CallId("k-1.9:1")
    await Writer(engine).write([Mapper().batch([step(65, InternalEnded(CALL, heard))])])
    logged = [record(), record(call=missed)]
    async with writing(engine) as session:
        changes = await complete(session, logged)
    assert {change.call: change.kind for change in changes} == {CALL: Kind.COMPLETED, missed: Kind.ADDED}
    async with writing(engine) as session:
        assert await complete(session, logged) == []
    async with reading(engine) as session:
        page = await page_calls(session, CallFilter(operator=OperatorId(1)))
    assert [(row.source, row.caller_operator_id) for row in page.calls] == [("log", 1), ("log", 1)]
