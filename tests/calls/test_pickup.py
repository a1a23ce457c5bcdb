"""A colleague picks up the phone that rings for an offer, on the real PBX."""

import pytest

from app.domain.calls import CallOutcome, EndedBy, OfferOutcome
from app.domain.ids import OperatorId
from app.domain.operators import RoutingState
from app.floor.facts import CallAnswered, OfferEnded
from app.sandbox.sandbox import Sandbox
from tests.calls.stage import Stage, assert_legs, stage
from tests.live_floor import NUMBER
from tests.sipua import Phone, Talk


async def picked_up(s: Stage, code: str) -> tuple[Talk, Talk]:
    """Anna calls, operator 1's phone rings, operator 2 picks it up; give her talk and his."""
    call = await s.anna.dial(NUMBER)
    rung = await s.op1.rings()
    await s.live.until(lambda: s.live.operator(1).routing is RoutingState.RINGING)
    talk = await s.op2.dial(code)
    await s.op2.connected(talk)
    await s.hear_each_other((s.anna, call), (s.op2, talk))
    await s.op1.until(lambda: bool(rung.ended_s))
    return call, talk


@pytest.mark.parametrize("code", ["**101", "*8"])
async def test_the_talk_is_theirs_who_picked_up(sandbox: Sandbox, code: str) -> None:
    async with stage(sandbox) as s:
        call, talk = await picked_up(s, code)
        await s.live.until(lambda: s.live.operator(1).offerable)
        assert (s.live.operator(1).misses, s.live.operator(2).routing) == (0, RoutingState.TALKING)
        await s.op2.hang_up(talk)
        record = await s.at_rest(call)
    (ended,) = s.live.of(OfferEnded)
    assert (ended.operator, ended.outcome, ended.cause) == (1, OfferOutcome.CANCELLED, "picked_up")
    assert [fact.cause for fact in s.live.of(CallAnswered)] == ["pickup"]
    assert_legs(record, (2, talk))
    assert (record.outcome, record.operator, record.ended_by) == (
        CallOutcome.ANSWERED,
        OperatorId(2),
        EndedBy.OPERATOR,
    )


async def test_the_first_takes_the_next_call(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.customer(s.live.layout, "37255500002", voice=0x44) as mari:
        call, talk = await picked_up(s, "**101")
        theirs = await mari.dial(NUMBER)
        again = await s.op1.rings()
        s.op1.answer(again)
        await s.hear_each_other((mari, theirs), (s.op1, again))
        await s.hear_each_other((s.anna, call), (s.op2, talk))
        await mari.hang_up(theirs)
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
    assert_legs(record, (2, talk))


async def test_of_a_phone_that_a_transfer_rings(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.refer(talk, "102")
        rung = await s.op2.rings()
        back = await s.op1.dial("**102")
        await s.op1.connected(back)
        await s.hear_each_other((s.anna, call), (s.op1, back))
        await s.op2.until(lambda: bool(rung.ended_s))
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (1, back))


async def test_nothing_rings(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        for code in ("**101", "*8"):
            talk = await s.op2.dial(code)
            await s.op2.until(lambda talk=talk: bool(talk.ended_s))  # type: ignore[misc]
            assert talk.status >= 400
        assert not s.live.floor.calls


@pytest.mark.parametrize("code", ["**102", "*8"])
async def test_a_customer_cannot(sandbox: Sandbox, code: str) -> None:
    """From outside it is no number; and by a transfer two customers are not joined."""
    async with (
        stage(sandbox) as s,
        Phone.customer(s.live.layout, "37255500002", voice=0x44) as mari,
        Phone.customer(s.live.layout, "37255500003") as prying,
    ):
        call, talk = await s.talk()
        theirs = await mari.dial(NUMBER)
        rung = await s.op2.rings()
        refused = await prying.dial(code)
        await prying.until(lambda: bool(refused.ended_s))
        assert refused.status >= 400
        if code == "*8":
            assert await s.op1.refer(talk, code) >= 400
            again = talk
        else:
            await s.op1.refer(talk, code)
            again = await s.op1.rings()
            s.op1.answer(again)
        await s.hear_each_other((s.anna, call), (s.op1, again))
        s.op2.answer(rung)
        await s.hear_each_other((mari, theirs), (s.op2, rung))
        await mari.hang_up(theirs)
        await s.anna.hang_up(call)
        await s.at_rest(call)
