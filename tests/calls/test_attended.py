"""Attended transfers and consult calls from an operator's phone, on the real PBX."""

import pytest
from prometheus_client import generate_latest

from app.api.metrics import FloorMetrics
from app.domain.calls import CallOutcome, Direction, EndedBy, TransferKind
from app.domain.ids import OperatorId
from app.domain.operators import DeviceState, RoutingState
from app.domain.queues import QueueSettings
from app.floor.facts import CallHeld, CallRecord, CallTransferred, OfferMade, StepResult
from app.sandbox.sandbox import Sandbox
from tests.calls.stage import HELP, HELP_NUMBER, OUTSIDE_NUMBER, Stage, assert_legs, assert_same, stage
from tests.live_floor import NUMBER, QUEUE
from tests.own_pbx import FOLLOW_ME, FOLLOW_ME_KEPT
from tests.sipua import Phone, Talk


async def consult(s: Stage, talk: Talk, number: str, colleague: Phone) -> tuple[Talk, Talk]:
    """Operator 1 puts the customer on hold and talks with somebody else; give both ends of that."""
    await s.op1.hold(talk)
    await s.live.wait(CallHeld)
    second = await s.op1.dial(number)
    asked = await colleague.rings()
    colleague.answer(asked)
    await s.op1.connected(second)
    await s.hear_each_other((s.op1, second), (colleague, asked))
    return second, asked


@pytest.mark.parametrize("from_second", [False, True])
async def test_to_a_colleague(sandbox: Sandbox, from_second: bool) -> None:
    """A phone may send the REFER on either of its calls."""
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        second, asked = await consult(s, talk, "102", s.op2)
        await s.live.until(lambda: s.live.operator(2).device is DeviceState.IN_USE)
        assert not s.live.operator(2).offerable
        if from_second:
            await s.op1.refer(second, joining=talk)
        else:
            await s.op1.refer(talk, joining=second)
        joined_s = talk.ended_s
        await s.hear_each_other((s.anna, call), (s.op2, asked))
        await s.live.until(lambda: s.live.operator(1).offerable)
        assert s.live.operator(2).routing is RoutingState.TALKING
        await s.op2.hang_up(asked)
        record = await s.at_rest(call)
    (fact,) = s.live.of(CallTransferred)
    assert (fact.kind, fact.from_operator, fact.to_operator) == (TransferKind.ATTENDED, 1, 2)
    asked.answered_s = joined_s  # for the customer their talk began when they were joined
    assert_legs(record, (1, talk), (2, asked))
    assert (record.outcome, record.ended_by, record.operator) == (
        CallOutcome.ANSWERED,
        EndedBy.OPERATOR,
        OperatorId(2),
    )
    assert record.legs[0].held_s > 0


async def test_the_caller_ends_it_after_the_transfer(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        second, asked = await consult(s, talk, "102", s.op2)
        await s.op1.refer(talk, joining=second)
        await s.hear_each_other((s.anna, call), (s.op2, asked))
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
        await s.op2.until(lambda: asked.ended_by == "them")
    assert (record.ended_by, record.operator) == (EndedBy.CALLER, OperatorId(2))


async def test_a_colleague_who_is_consulted_is_offered_no_call(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.customer(s.live.layout, "37255500002", voice=0x44) as mari:
        call, talk = await s.talk()
        second, asked = await consult(s, talk, "102", s.op2)
        await s.live.until(lambda: s.live.operator(2).device is DeviceState.IN_USE)
        theirs = await mari.dial(NUMBER)
        await s.live.until(lambda: len(s.live.floor.calls) == 2)
        await s.op1.refer(talk, joining=second)
        await s.hear_each_other((s.anna, call), (s.op2, asked))
        again = await s.op1.rings()  # the one who is free
        s.op1.answer(again)
        await s.hear_each_other((mari, theirs), (s.op1, again))
        await s.anna.hang_up(call)
        await mari.hang_up(theirs)
        await s.at_rest(call)
    assert [offer.operator for offer in s.live.of(OfferMade)] == [1, 1]
    assert len(s.op2.talks) == 1


async def test_a_colleague_who_declines_to_be_consulted(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.hold(talk)
        s.op2.refuse = 486
        second = await s.op1.dial("102")
        await s.op1.until(lambda: bool(second.ended_s))
        assert second.status in (486, 480, 603)
        await s.op1.hold(talk, resume=True)
        await s.hear_each_other((s.anna, call), (s.op1, talk))
        await s.op1.hang_up(talk)
        record = await s.at_rest(call)
    assert not s.live.of(CallTransferred)
    assert_legs(record, (1, talk))
    assert (record.ended_by, len(record.legs)) == (EndedBy.OPERATOR, 1)


async def test_a_consultation_that_ends_without_a_transfer(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        second, asked = await consult(s, talk, "102", s.op2)
        await s.op2.hang_up(asked)
        await s.op1.until(lambda: bool(second.ended_s))
        await s.live.until(lambda: s.live.operator(2).offerable)
        await s.op1.hold(talk, resume=True)
        await s.hear_each_other((s.anna, call), (s.op1, talk))
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
    assert not s.live.of(CallTransferred)
    assert_legs(record, (1, talk))
    assert record.ended_by is EndedBy.CALLER


async def test_a_caller_who_hangs_up_during_the_consultation(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        second, asked = await consult(s, talk, "102", s.op2)
        await s.anna.hang_up(call)
        await s.op1.until(lambda: bool(talk.ended_s))
        assert not second.ended_s  # the colleagues may go on
        await s.live.until(lambda: not s.live.floor.calls)
        assert not s.live.operator(1).offerable
        await s.op1.hang_up(second)
        record = await s.at_rest(call)
        await s.op2.until(lambda: asked.ended_by == "them")
    assert_legs(record, (1, talk))
    assert record.ended_by is EndedBy.CALLER


@pytest.mark.parametrize("number", [FOLLOW_ME, FOLLOW_ME_KEPT])
@pytest.mark.parametrize("from_second", [False, True])
async def test_to_a_colleague_found_through_a_local_channel(
    sandbox: Sandbox, number: str, from_second: bool
) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        second, asked = await consult(s, talk, number, s.op2)
        if from_second:
            await s.op1.refer(second, joining=talk)
        else:
            await s.op1.refer(talk, joining=second)
        joined_s = talk.ended_s
        await s.hear_each_other((s.anna, call), (s.op2, asked))
        assert s.live.operator(2).routing is RoutingState.TALKING
        await s.op2.hang_up(asked)
        record = await s.at_rest(call)
    (fact,) = s.live.of(CallTransferred)
    assert (fact.from_operator, fact.to_operator, fact.target) == (OperatorId(1), OperatorId(2), "op2")
    asked.answered_s = joined_s
    assert_legs(record, (1, talk), (2, asked))
    assert (record.operator, record.ended_by) == (OperatorId(2), EndedBy.OPERATOR)
    assert not s.live.floor.locals


async def test_to_somebody_outside(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        call, talk = await s.talk()
        second, asked = await consult(s, talk, OUTSIDE_NUMBER, juku)
        await s.op1.refer(talk, joining=second)
        joined_s = talk.ended_s
        await s.hear_each_other((s.anna, call), (juku, asked))
        await juku.hang_up(asked)
        record = await s.at_rest(call)
    (fact,) = s.live.of(CallTransferred)
    assert (fact.from_operator, fact.to_operator, fact.target) == (OperatorId(1), None, "trunk")
    asked.answered_s = joined_s
    assert_legs(record, (1, talk), (None, asked))
    assert (record.operator, record.ended_by) == (OperatorId(1), EndedBy.OUTSIDE)


@pytest.mark.parametrize("from_second", [False, True])
async def test_to_a_colleague_found_through_a_queue(sandbox: Sandbox, from_second: bool) -> None:
    """The operator asks in another queue: that is a call of its own until the two are joined."""
    async with stage(sandbox) as s:
        await s.live.add_queue(QueueSettings(HELP, "Abi", ring_s=3, wrap_up_s=0.2), HELP_NUMBER)
        third = await s.live.add_operator(3, queue=HELP)
        async with Phone(s.live.layout, *third, voice=0x33) as op3:
            await s.live.available(3)
            call, talk = await s.talk()
            second, asked = await consult(s, talk, HELP_NUMBER, op3)
            if from_second:
                await s.op1.refer(second, joining=talk)
            else:
                await s.op1.refer(talk, joining=second)
            joined_s = talk.ended_s
            await s.hear_each_other((s.anna, call), (op3, asked))
            await s.live.until(lambda: s.live.operator(1).offerable)
            assert s.live.operator(3).routing is RoutingState.TALKING
            await s.anna.hang_up(call)
            record = await s.at_rest(call, 1, 2, 3)
        consultation = await one_truth(s, record)
    asked.answered_s = joined_s
    assert_legs(record, (1, talk), (3, asked))
    assert (record.operator, record.ended_by) == (OperatorId(3), EndedBy.CALLER)
    assert (consultation.outcome, consultation.operator) == (CallOutcome.ANSWERED, OperatorId(3))
    assert consultation.ended_by is EndedBy.CALLER


@pytest.mark.parametrize("offered", [False, True])
async def test_to_a_queue_where_the_operator_waits_on_the_second_line(
    sandbox: Sandbox, offered: bool
) -> None:
    """The operator does not wait for the other queue to answer but joins the customer to the music."""
    async with stage(sandbox) as s:
        await s.live.add_queue(QueueSettings(HELP, "Abi", ring_s=9, wrap_up_s=0.2), HELP_NUMBER)
        third = await s.live.add_operator(3, queue=HELP)
        async with Phone(s.live.layout, *third, voice=0x33) as op3:
            call, talk = await s.talk()
            await s.op1.hold(talk)
            if offered:
                await s.live.available(3)
            second = await s.op1.dial(HELP_NUMBER)
            await s.op1.connected(second)
            if offered:
                rung = await op3.rings()
                await s.op1.refer(talk, joining=second, waits=True)
                await op3.until(lambda: bool(rung.ended_s))
            else:
                await s.live.until(lambda: len(s.live.floor.calls) == 2)
                await s.op1.refer(talk, joining=second, waits=True)
                await s.live.wait(CallTransferred)  # else the operator's own call may be offered first
                await s.live.available(3)
            asked = await op3.rings()
            assert asked.peer == s.anna.user
            op3.answer(asked)
            await s.hear_each_other((s.anna, call), (op3, asked))
            await op3.hang_up(asked)
            record = await s.at_rest(call, 1, 2, 3)
            consultation = await one_truth(s, record)
    assert_legs(record, (1, talk), (3, asked))
    (fact,) = s.live.of(CallTransferred)
    assert (fact.kind, fact.target) == (TransferKind.ATTENDED, HELP)
    assert (consultation.outcome, consultation.ended_by) == (CallOutcome.HANDED_OVER, EndedBy.CALLER)


async def test_a_consultation_that_is_given_up_is_no_lost_customer(sandbox: Sandbox) -> None:
    """The operator goes on with the customer: the queue has neither an arrival nor a caller who gave up."""
    async with stage(sandbox) as s:
        await s.live.add_queue(QueueSettings(HELP, "Abi", wrap_up_s=0.2), HELP_NUMBER)
        metrics = FloorMetrics(s.live.floor)
        call, talk = await s.talk()
        await s.op1.hold(talk)
        second = await s.op1.dial(HELP_NUMBER)
        await s.op1.connected(second)
        await s.live.until(lambda: len(s.live.floor.calls) == 2)
        assert [one.internal for one in s.live.floor.calls.values()] == [False, True]
        await s.op1.hang_up(second)
        await s.op1.hold(talk, resume=True)
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
        consultation = await one_truth(s, record)
        for now, fact in s.live.facts:
            metrics.note(StepResult(now, [], [fact]))
    assert consultation.outcome is CallOutcome.ABANDONED
    counted = generate_latest(metrics.registry).decode()
    assert f'queue="{QUEUE}"' in counted
    assert f'queue="{HELP}"' not in counted.partition("keskus_calls_total")[2].partition("# HELP")[0]
    assert s.live.floor.queues[HELP].arrivals.calls == 0


async def one_truth(s: Stage, customers: CallRecord) -> CallRecord:
    """The record of the operator's own call to the queue: no customer's, and the PBX's own log tells the same.

    Where the floor knows that it has not heard everything, as of a phone whose ringing is told after the end of the
    call, the record is that of the log.
    """
    (record,) = [one for one in s.live.records() if one.call != customers.call]
    assert (customers.direction, record.direction) == (None, Direction.INTERNAL)
    logged = (await s.live.past(record.call, customers.channel)).record
    if record.unheard:
        return logged
    assert_same(record, logged)
    return record


async def test_to_a_colleague_who_still_rings_is_refused_and_nobody_is_lost(sandbox: Sandbox) -> None:
    """The PBX joins only what was answered: the operator goes on with the customer."""
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.hold(talk)
        second = await s.op1.dial("102")
        asked = await s.op2.rings()
        assert await s.op1.refer(talk, joining=second) >= 400
        await s.op1.hang_up(second)
        await s.op2.until(lambda: bool(asked.ended_s))
        await s.op1.hold(talk, resume=True)
        await s.hear_each_other((s.anna, call), (s.op1, talk))
        await s.op1.hang_up(talk)
        record = await s.at_rest(call)
    assert not s.live.of(CallTransferred)
    assert_legs(record, (1, talk))
