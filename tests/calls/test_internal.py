"""Calls between colleagues: dialled, transferred, as consultations; their records, and what routing makes of them."""

import pytest

from app.domain.calls import CallOutcome, CallState, Direction, EndedBy
from app.domain.ids import OperatorId
from app.domain.operators import Presence, RoutingState
from app.floor.commands import TakeSnapshot
from app.floor.events import LinkLost, PresenceAsked
from app.floor.facts import InternalEnded
from app.floor.internal.state import Internal
from app.sandbox.sandbox import Sandbox
from tests.calls.stage import Stage, assert_legs, assert_same, stage
from tests.live_floor import NUMBER
from tests.sipua import Phone, Talk
from tests.stillness import close


async def _talk(s: Stage) -> tuple[Talk, Talk]:
    """Operator 1 calls operator 2, and they hear each other."""
    call = await s.op1.dial("102")
    talk = await s.op2.rings()
    s.op2.answer(talk)
    await s.hear_each_other((s.op1, call), (s.op2, talk))
    return call, talk


async def test_a_call_to_a_colleague_has_one_record_and_both_are_seen_to_talk(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await _talk(s)
        internal = s.live.floor.internal
        await s.live.until(lambda: any(one.answered for one in internal.calls.values()))
        for number in (1, 2):
            operator = s.live.operator(number)
            assert internal.doing(operator.settings.id, operator.routing) is RoutingState.TALKING
            assert not operator.offerable
        customer = await s.anna.dial(NUMBER)
        await s.live.until(lambda: any(one.state is CallState.WAITING for one in s.live.floor.calls.values()))
        await s.op2.hang_up(talk)
        await s.op1.until(lambda: call.ended_by == "them")
        (ended,) = await s.live.wait(InternalEnded)
        offered = await s.op1.rings()
        assert offered.peer == s.anna.user, "there was no wrap-up"
        await s.anna.hang_up(customer)
        assert_same(ended.record, (await s.live.past(ended.record.call)).record)
    record = ended.record
    assert (record.direction, record.queue, record.cost) == (Direction.INTERNAL, "", None)
    assert (record.caller_operator, record.operator) == (OperatorId(1), OperatorId(2))
    assert (record.caller_number, record.dialed) == ("101", "102")
    assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.OPERATOR)
    assert not record.unheard
    (leg,) = record.legs
    assert (leg.operator, leg.endpoint, leg.outcome) == (OperatorId(2), "op2", None)
    assert close(record.talked_s, talk.talked_s)


async def test_who_calls_a_colleague_may_give_up_and_may_end_the_talk(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call = await s.op1.dial("102")
        await s.op2.rings()
        await s.live.until(lambda: any(one.far for one in s.live.floor.internal.calls.values()))
        await s.op1.hang_up(call)
        await s.live.wait(InternalEnded)
        call, _ = await _talk(s)
        await s.op1.hang_up(call)
        await s.live.wait(InternalEnded, 2)
        gave_up, talked = [fact.record for fact in s.live.of(InternalEnded)]
        for record in (gave_up, talked):
            assert_same(record, (await s.live.past(record.call)).record)
    assert (gave_up.outcome, gave_up.ended_by, gave_up.talked_s) == (
        CallOutcome.ABANDONED,
        EndedBy.CALLER,
        0,
    )
    assert (gave_up.operator, gave_up.answered_at) == (OperatorId(2), None)
    assert (talked.outcome, talked.ended_by) == (CallOutcome.ANSWERED, EndedBy.CALLER)


@pytest.mark.parametrize("declines", [False, True])
async def test_a_colleague_who_is_busy_or_declines(sandbox: Sandbox, *, declines: bool) -> None:
    async with stage(sandbox) as s:
        if declines:
            s.op2.refuse = 486
        else:
            await s.live.runner.post(PresenceAsked(OperatorId(1), Presence.ON_BREAK, "lunch"))
            await s.anna.dial(NUMBER)
            s.op2.answer(await s.op2.rings())
            await s.live.until(lambda: s.live.operator(2).routing is RoutingState.TALKING)
        call = await s.op1.dial("102")
        (ended,) = await s.live.wait(InternalEnded)
        await s.op1.until(lambda: bool(call.ended_s))
        assert_same(ended.record, (await s.live.past(ended.record.call)).record)
    assert call.status == 486
    record = ended.record
    by = EndedBy.OPERATOR if declines else EndedBy.PBX
    assert (record.outcome, record.ended_by, record.cause) == (CallOutcome.BUSY, by, 17)
    assert (record.caller_operator, record.operator) == (OperatorId(1), OperatorId(2))
    assert len(record.legs) == declines


async def test_a_consultation_that_ends_in_a_transfer_is_part_of_the_customer_s_call(
    sandbox: Sandbox,
) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.hold(talk)
        second = await s.op1.dial("102")
        asked = await s.op2.rings()
        s.op2.answer(asked)
        await s.hear_each_other((s.op1, second), (s.op2, asked))
        await s.live.until(lambda: any(one.answered for one in s.live.floor.internal.calls.values()))
        assert s.live.operator(1).routing is RoutingState.ON_HOLD
        (consultation,) = s.live.floor.internal.calls
        await s.op1.refer(talk, joining=second)
        await s.hear_each_other((s.anna, call), (s.op2, asked))
        await s.live.until(lambda: s.live.operator(1).offerable)
        assert not s.live.floor.internal.calls
        await s.op2.hang_up(asked)
        record = await s.at_rest(call)
        log = await s.live.logged(consultation)
    assert not s.live.of(InternalEnded)
    assert [past.record.call for past in log] == [record.call], "nor does the log know another"
    assert [leg.operator for leg in record.legs if leg.answered_at is not None] == [1, 2]


async def test_a_consultation_that_is_given_up_is_a_call_of_its_own(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.hold(talk)
        second = await s.op1.dial("102")
        asked = await s.op2.rings()
        s.op2.answer(asked)
        await s.hear_each_other((s.op1, second), (s.op2, asked))
        await s.op1.hang_up(second)
        (ended,) = await s.live.wait(InternalEnded)
        await s.live.until(lambda: s.live.operator(2).offerable)
        await s.op1.hold(talk, resume=True)
        await s.hear_each_other((s.anna, call), (s.op1, talk))
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
        assert_same(ended.record, (await s.live.past(ended.record.call)).record)
    assert_legs(record, (1, talk))
    assert (ended.record.outcome, ended.record.ended_by) == (CallOutcome.ANSWERED, EndedBy.CALLER)
    assert close(ended.record.talked_s, asked.talked_s)


async def test_two_calls_with_colleagues_that_are_joined_are_two_records(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        account = await s.live.add_operator(3)
        async with Phone(s.live.layout, *account, voice=0x33) as op3:
            await s.live.available(3)
            call, talk = await _talk(s)
            second = await s.op1.dial("103")
            asked = await op3.rings()
            op3.answer(asked)
            await s.hear_each_other((s.op1, second), (op3, asked))
            await s.op1.refer(call, joining=second)
            await s.hear_each_other((s.op2, talk), (op3, asked))
            await s.live.until(lambda: s.live.operator(1).offerable)
            assert [s.live.floor.internal.holds(OperatorId(number)) for number in (1, 2, 3)] == [
                False,
                True,
                True,
            ]
            await op3.hang_up(asked)
            first, then = [fact.record for fact in await s.live.wait(InternalEnded, 2)]
            for record in (first, then):
                assert_same(record, (await s.live.past(record.call)).record)
    assert [(one.caller_operator, one.operator) for one in (first, then)] == [(1, 2), (1, 3)]
    assert (first.ended_by, then.ended_by) == (EndedBy.CALLER, EndedBy.OPERATOR)
    assert close(then.talked_s, asked.talked_s)


async def test_a_colleague_who_is_sent_on_to_another_is_in_a_call_of_their_own(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        account = await s.live.add_operator(3)
        async with Phone(s.live.layout, *account, voice=0x33) as op3:
            await s.live.available(3)
            call, talk = await _talk(s)
            await s.pass_on(call, "103")
            last = await op3.rings()
            op3.answer(last)
            await s.hear_each_other((s.op2, talk), (op3, last))
            await s.op2.hang_up(talk)
            first, then = [fact.record for fact in await s.live.wait(InternalEnded, 2)]
            for record in (first, then):
                assert_same(record, (await s.live.past(record.call)).record)
    assert [(one.caller_operator, one.operator) for one in (first, then)] == [(1, 2), (2, 3)]
    assert (first.ended_by, then.ended_by) == (EndedBy.CALLER, EndedBy.CALLER)


async def test_a_colleague_picks_up_what_rings_for_another(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        account = await s.live.add_operator(3)
        async with Phone(s.live.layout, *account, voice=0x33) as op3:
            await s.live.available(3)
            call = await s.op1.dial("102")
            await s.op2.rings()
            picked = await op3.dial("**102")
            await s.hear_each_other((s.op1, call), (op3, picked))
            await s.live.until(lambda: s.live.operator(2).offerable)
            await op3.hang_up(picked)
            (ended,) = await s.live.wait(InternalEnded)
            assert_same(ended.record, (await s.live.past(ended.record.call)).record)
    assert (ended.record.caller_operator, ended.record.operator) == (1, 3)


async def test_a_service_that_comes_back_into_the_talk_knows_it(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await _talk(s)
        (before,) = s.live.floor.internal.calls
        s.live.runner.put(LinkLost("a trial"))
        s.live.floor.internal = Internal()  # as a new service has it
        s.live.pbx.execute(TakeSnapshot("a trial"))
        await s.live.until(lambda: bool(s.live.floor.internal.calls))
        (found,) = s.live.floor.internal.calls.values()
        assert (found.id, found.caller, found.called) == (before, 1, 2)
        assert found.answered is not None
        await s.op1.hang_up(call)
        (ended,) = await s.live.wait(InternalEnded)
        past = await s.live.past(ended.record.call)
    assert ended.record.unheard, "the log completes it"
    assert (past.record.outcome, past.record.ended_by) == (CallOutcome.ANSWERED, EndedBy.CALLER)
    assert close(past.record.talked_s, talk.talked_s)
