"""Talks that go through Local channels of an administrator's own dialplan, on the real PBX."""

import pytest

from app.domain.calls import EndedBy
from app.domain.ids import OperatorId
from app.domain.operators import RoutingState
from app.sandbox.sandbox import Sandbox
from tests.calls.stage import assert_legs, stage
from tests.own_pbx import FOLLOW_ME, FOLLOW_ME_KEPT, OTHER_DOOR


@pytest.mark.parametrize("by_caller", [False, True])
@pytest.mark.parametrize("number", [FOLLOW_ME, FOLLOW_ME_KEPT])
async def test_to_a_colleague(sandbox: Sandbox, number: str, by_caller: bool) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.refer(talk, number)
        other = await s.op2.rings()
        await s.live.until(lambda: s.live.operator(2).routing is RoutingState.RINGING)
        s.op2.answer(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.live.until(lambda: s.live.operator(1).offerable)
        assert s.live.operator(2).routing is RoutingState.TALKING
        if by_caller:
            await s.anna.hang_up(call)
        else:
            await s.op2.hang_up(other)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (2, other))
    assert record.operator == OperatorId(2)
    assert record.ended_by is (EndedBy.CALLER if by_caller else EndedBy.OPERATOR)
    assert not s.live.floor.locals


@pytest.mark.parametrize("number", [FOLLOW_ME, FOLLOW_ME_KEPT])
async def test_held_and_sent_on(sandbox: Sandbox, number: str) -> None:
    """Whom the Local channel reached does with the talk what anybody does."""
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.refer(talk, number)
        other = await s.op2.rings()
        s.op2.answer(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.op2.hold(other)
        await s.live.until(lambda: s.live.operator(2).routing is RoutingState.ON_HOLD)
        await s.op2.hold(other, resume=True)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.live.until(lambda: s.live.operator(1).offerable)
        await s.op2.refer(other, "101")
        again = await s.op1.rings()
        s.op1.answer(again)
        await s.hear_each_other((s.anna, call), (s.op1, again))
        await s.op1.hang_up(again)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (2, other), (1, again))


async def test_a_caller_who_comes_through_one(sandbox: Sandbox) -> None:
    """It is optimised away at the answer: the call goes on with the customer's own channel.

    The log has the call end with the Local channel.
    """
    async with stage(sandbox) as s:
        call = await s.anna.dial(OTHER_DOOR)
        talk = await s.op1.rings()
        s.op1.answer(talk)
        await s.hear_each_other((s.anna, call), (s.op1, talk))
        await s.op1.refer(talk, "102")
        other = await s.op2.rings()
        s.op2.answer(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.op2.hang_up(other)
        record = await s.at_rest(call, logged=False)
    assert_legs(record, (1, talk), (2, other))
