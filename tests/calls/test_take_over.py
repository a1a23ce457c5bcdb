"""A phone takes another's place in a call (INVITE with Replaces), on the real PBX."""

import pytest

from app.domain.calls import EndedBy
from app.domain.ids import OperatorId
from app.domain.operators import Presence, RoutingState
from app.domain.queues import QueueSettings
from app.floor.events import PresenceAsked
from app.floor.facts import CallAnswered
from app.sandbox.sandbox import Sandbox
from tests.calls.stage import assert_legs, assert_same, stage
from tests.live_floor import NUMBER, QUEUE
from tests.sipua import Phone
from tests.stillness import close

PATIENT = QueueSettings(QUEUE, "Klienditugi", ring_s=20, wrap_up_s=0.2)
"""A phone rings on until the caller has been replaced, however slow the machine is."""


@pytest.mark.parametrize("by_caller", [False, True])
async def test_of_a_talk(sandbox: Sandbox, by_caller: bool) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        other = await s.op2.dial("101", replacing=talk)
        await s.op2.connected(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.live.until(lambda: s.live.operator(1).offerable)
        assert s.live.operator(2).routing is RoutingState.TALKING
        if by_caller:
            await s.anna.hang_up(call)
        else:
            await s.op2.hang_up(other)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (2, other))
    assert [fact.cause for fact in s.live.of(CallAnswered)] == ["offer", "taken_over"]
    assert record.ended_by is (EndedBy.CALLER if by_caller else EndedBy.OPERATOR)


async def test_of_a_phone_that_rings(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call = await s.anna.dial(NUMBER)
        rung = await s.op1.rings()
        other = await s.op2.dial("101", replacing=rung)
        await s.op2.connected(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.op2.hang_up(other)
        record = await s.at_rest(call)
    assert_legs(record, (2, other))
    assert record.operator == OperatorId(2)


async def test_of_the_callers_part(sandbox: Sandbox) -> None:
    """A colleague calls the queue; another phone goes on with the talk in their place."""
    async with stage(sandbox) as s:
        third = await s.live.add_operator(3)
        async with Phone(s.live.layout, *third, voice=0x33) as op3:
            call = await op3.dial(NUMBER)
            talk = await s.op1.rings()
            s.op1.answer(talk)
            await s.hear_each_other((op3, call), (s.op1, talk))
            instead = await s.op2.dial(NUMBER, replacing=call)
            await s.op2.connected(instead)
            await s.hear_each_other((s.op2, instead), (s.op1, talk))
            assert s.live.operator(1).routing is RoutingState.TALKING
            await s.op1.hang_up(talk)
            await s.live.until(lambda: not s.live.floor.calls)
            await s.live.until(lambda: s.live.operator(1).offerable and s.live.operator(2).offerable)
    (record,) = s.live.records()
    assert_legs(record, (1, talk))
    assert close(record.duration_s, talk.ended_s - call.began_s)
    assert record.ended_by is EndedBy.OPERATOR
    assert not s.live.floor.by_channel


@pytest.mark.parametrize("rings", [False, True])
async def test_of_a_caller_who_waits(sandbox: Sandbox, rings: bool) -> None:
    """Who waits on in their place has the music, and the call; also while a phone rings for it already."""
    async with stage(sandbox, PATIENT) as s:
        third = await s.live.add_operator(3)
        async with Phone(s.live.layout, *third, voice=0x33) as op3:
            for number in (1, 2):
                await s.live.runner.post(PresenceAsked(OperatorId(number), Presence.ON_BREAK))
            call = await op3.dial(NUMBER)
            await op3.connected(call)
            await s.live.until(lambda: len(s.live.floor.calls) == 1)
            (known,) = s.live.floor.calls
            if rings:
                await s.live.available(1)
                talk = await s.op1.rings()
            instead = await s.op2.dial(NUMBER, replacing=call)
            await s.op2.connected(instead)
            await op3.until(lambda: bool(call.ended_s))
            await s.live.until(lambda: str(s.live.floor.calls[known].channel) != str(known))
            if not rings:
                await s.live.available(1)
                talk = await s.op1.rings()
            assert talk.invite.get("X-Keskus-Call") == known
            s.op1.answer(talk)
            await s.hear_each_other((s.op2, instead), (s.op1, talk))
            await s.op1.hang_up(talk)
            await s.live.until(lambda: not s.live.floor.calls and s.live.operator(1).offerable)
    (record,) = s.live.records()
    assert str(record.call) != str(record.channel)
    assert_legs(record, (1, talk))
    assert close(record.duration_s, talk.ended_s - call.began_s)
    logged = (await s.live.past(record.call, record.channel)).record
    assert_same(record._replace(channel_name=logged.channel_name), logged)
    assert not s.live.floor.by_channel


async def test_a_plain_call_is_told_in_no_event_more(sandbox: Sandbox) -> None:
    """Who enters a bridge is told only where they take another's place there."""
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await s.op1.hang_up(talk)
        await s.at_rest(call)
    told = [event.name for _, event in s.live.heard if event.name != "DeviceStateChange"]
    music = ["MusicOnHoldStart", "MusicOnHoldStop"]  # while the phone rings
    assert sorted(told) == ["DialBegin", "DialEnd", "Hangup", "Hangup", "HangupRequest", *music, "UserEvent"]
