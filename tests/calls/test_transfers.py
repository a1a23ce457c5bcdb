"""Blind transfers that operators do from their phones, on the real PBX."""

import pytest

from app.domain.calls import CallOutcome, EndedBy, TransferKind
from app.domain.ids import OperatorId
from app.domain.operators import Presence, RoutingState
from app.domain.queues import QueueSettings
from app.floor.errors import NotInTalk
from app.floor.events import PresenceAsked, TransferAsked
from app.floor.facts import CallQueued, CallTransferred, OfferMade, OperatorChanged
from app.sandbox.sandbox import Sandbox
from tests.calls.stage import HELP, HELP_NUMBER, OUTSIDE_NUMBER, assert_legs, stage
from tests.live_floor import LiveFloor
from tests.sipua import Phone
from tests.stillness import close


def assert_blind(live: LiveFloor, target: str) -> None:
    """One blind transfer was recorded, from operator 1 to this number."""
    (fact,) = live.of(CallTransferred)
    assert (fact.kind, fact.from_operator, fact.target) == (TransferKind.BLIND, OperatorId(1), target)


def reasons_to_queue(live: LiveFloor) -> list[str]:
    return [fact.cause for fact in live.of(CallQueued)]


def states(live: LiveFloor, operator: int) -> list[RoutingState]:
    """The routing states an operator went through, each once."""
    seen = [f.routing for f in live.of(OperatorChanged) if f.operator == operator]
    return [state for i, state in enumerate(seen) if i == 0 or state is not seen[i - 1]]


async def test_to_a_colleague_who_answers(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.refer(talk, "102")
        other = await s.op2.rings()
        await s.live.until(lambda: s.live.operator(2).routing is RoutingState.RINGING)
        await s.live.until(lambda: s.live.operator(1).offerable)  # wrapped up while the other rings
        s.op2.answer(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.op2.hang_up(other)
        record = await s.at_rest(call)
    assert_blind(s.live, "102")
    assert_legs(record, (1, talk), (2, other))
    assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.OPERATOR)
    assert record.operator == OperatorId(2)
    for operator in (1, 2):
        assert RoutingState.WRAP_UP in states(s.live, operator)


async def test_by_the_service_at_the_operators_request(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        (live,) = s.live.floor.calls.values()
        with pytest.raises(NotInTalk):
            await s.live.runner.post(TransferAsked(live.id, OperatorId(2), "102"))
        await s.live.runner.post(TransferAsked(live.id, OperatorId(1), "102"))
        other = await s.op2.rings()
        s.op2.answer(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.op2.hang_up(other)
        record = await s.at_rest(call)
    assert_blind(s.live, "102")
    assert_legs(record, (1, talk), (2, other))


async def test_to_a_colleague_who_lets_it_ring_and_the_caller_is_served_by_the_queue(
    sandbox: Sandbox,
) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.refer(talk, "102")
        other = await s.op2.rings()
        await s.live.until(lambda: s.live.operator(1).offerable)
        await s.live.until(lambda: "transferred" in reasons_to_queue(s.live), 45)
        again = await s.op1.rings()
        s.op1.answer(again)
        await s.hear_each_other((s.anna, call), (s.op1, again))
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
        await s.op2.until(lambda: other.ended_by == "them")
    assert_blind(s.live, "102")
    assert_legs(record, (1, talk), (1, again))
    assert (record.ended_by, record.operator) == (EndedBy.CALLER, OperatorId(1))
    assert [leg.operator for leg in record.legs] == [1, 2, 1]
    assert record.legs[1].rang_s > 19
    assert close(record.legs[1].rang_s, 20.0, 2.0)


async def test_to_a_colleague_who_declines(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.refer(talk, "102")
        s.op2.decline(await s.op2.rings(), 603)
        await s.live.until(lambda: "transferred" in reasons_to_queue(s.live))
        again = await s.op2.rings()  # operator 1 wraps up: it is the other's after all
        s.op2.answer(again)
        await s.hear_each_other((s.anna, call), (s.op2, again))
        await s.op2.hang_up(again)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (2, again))
    assert record.ended_by is EndedBy.OPERATOR


async def test_to_a_colleague_who_is_busy(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.customer(s.live.layout, "37255500002", voice=0x44) as mari:
        call, talk = await s.talk()
        theirs = await mari.dial("3726000500")
        other = await s.op2.rings()
        s.op2.answer(other)
        await s.hear_each_other((mari, theirs), (s.op2, other))
        await s.op1.refer(talk, "102")
        await s.live.until(lambda: "transferred" in reasons_to_queue(s.live))
        again = await s.op1.rings()
        s.op1.answer(again)
        await s.hear_each_other((s.anna, call), (s.op1, again))
        await s.hear_each_other((mari, theirs), (s.op2, other))
        await s.op1.hang_up(again)
        await mari.hang_up(theirs)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (1, again))
    assert len(s.live.records()) == 2


async def test_to_another_queue(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        await s.live.add_queue(QueueSettings(HELP, "Abi", ring_s=3, wrap_up_s=0.2), HELP_NUMBER)
        third = await s.live.add_operator(3, queue=HELP)
        async with Phone(s.live.layout, *third, voice=0x33) as op3:
            await s.live.available(3)
            call, talk = await s.talk()
            await s.op1.refer(talk, HELP_NUMBER)
            other = await op3.rings()
            op3.answer(other)
            await s.hear_each_other((s.anna, call), (op3, other))
            await s.anna.hang_up(call)
            record = await s.at_rest(call, 1, 2, 3)
    assert_blind(s.live, HELP_NUMBER)
    assert_legs(record, (1, talk), (3, other))
    assert [offer.operator for offer in s.live.of(OfferMade)] == [1, 3]
    assert (record.first_queue, record.queue) == ("tugi", HELP)
    assert record.ended_by is EndedBy.CALLER


async def test_to_another_queue_where_nobody_is(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        await s.live.add_queue(QueueSettings(HELP, "Abi", ring_s=3, wrap_up_s=0.2), HELP_NUMBER)
        call, talk = await s.talk()
        await s.op1.refer(talk, HELP_NUMBER)
        await s.live.until(lambda: "transferred" in reasons_to_queue(s.live))
        await s.live.until(lambda: s.live.operator(1).offerable)
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk))
    assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.CALLER)


async def test_to_a_number_outside(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        call, talk = await s.talk()
        await s.op1.refer(talk, OUTSIDE_NUMBER)
        other = await juku.rings()
        assert OUTSIDE_NUMBER in other.invite.start
        await s.live.until(lambda: s.live.operator(1).offerable)
        juku.answer(other)
        await s.hear_each_other((s.anna, call), (juku, other))
        await juku.hang_up(other)
        record = await s.at_rest(call)
    assert_blind(s.live, OUTSIDE_NUMBER)
    assert_legs(record, (1, talk), (None, other))
    assert record.legs[-1].endpoint == "trunk"
    assert (record.operator, record.ended_by) == (OperatorId(1), EndedBy.OUTSIDE)


async def test_to_a_number_outside_that_is_busy(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        juku.refuse = 486
        call, talk = await s.talk()
        await s.op1.refer(talk, OUTSIDE_NUMBER)
        await s.live.until(lambda: "transferred" in reasons_to_queue(s.live))
        again = await s.op2.rings()
        s.op2.answer(again)
        await s.hear_each_other((s.anna, call), (s.op2, again))
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (2, again))


async def test_to_a_number_nobody_has(sandbox: Sandbox) -> None:
    """A number that is too short for the carrier is refused there; the caller is not lost by a slip."""
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        juku.refuse = 404
        call, talk = await s.talk()
        await s.op1.refer(talk, "999")
        again = await s.op2.rings()
        s.op2.answer(again)
        await s.hear_each_other((s.anna, call), (s.op2, again))
        await s.op2.hang_up(again)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (2, again))


async def test_a_caller_who_hangs_up_while_the_colleague_rings(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.refer(talk, "102")
        await s.op2.rings()
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk))
    assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.CALLER)


async def test_a_break_asked_for_in_the_talk_begins_with_the_transfer(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.live.runner.post(PresenceAsked(OperatorId(1), Presence.ON_BREAK, "lunch"))
        await s.op1.refer(talk, "102")
        other = await s.op2.rings()
        await s.live.until(lambda: s.live.operator(1).presence is Presence.ON_BREAK)
        s.op2.answer(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.op2.hang_up(other)
        await s.at_rest(call, 2)
    assert s.live.operator(1).routing is RoutingState.IDLE
