"""Transfers by a third party over AMI, such as an administrator's console, on the real PBX."""

import pytest

from app.domain.calls import EndedBy, TransferKind
from app.domain.ids import OperatorId
from app.domain.queues import QueueSettings
from app.floor.facts import CallQueued, CallTransferred, OutgoingEnded
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami
from tests.calls.stage import HELP, HELP_NUMBER, OUTSIDE_NUMBER, Stage, assert_legs, stage
from tests.own_pbx import CONSOLE, WITH_CODES
from tests.sipua import Phone

ACTIONS = ("Redirect", "BlindTransfer")


async def move(ami: Ami, action: str, channel: str, number: str, context: str = "keskus-internal") -> None:
    """Let the console send on whoever is at a channel, or, if it transfers, the other party."""
    more = {"Priority": "1"} if action == "Redirect" else {}
    reply = await ami.action(action, Channel=channel, Exten=number, Context=context, **more)
    assert reply[0]["Response"] == "Success", reply


@pytest.fixture(params=ACTIONS)
def action(request: pytest.FixtureRequest) -> str:
    assert isinstance(request.param, str)
    return request.param


def names(action: str, s: Stage) -> str:
    """The channel that the action must name: a Redirect the customer's, a transfer the operator's."""
    (call,) = s.live.floor.calls.values()
    return call.channel if action == "Redirect" else s.channel_of(1)


async def test_to_a_colleague(sandbox: Sandbox, ami: Ami, action: str) -> None:
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        await move(ami, action, names(action, s), "102")
        other = await s.op2.rings()
        await s.op1.until(lambda: bool(talk.ended_s))
        s.op2.answer(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.op2.hang_up(other)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (2, other))
    assert (record.operator, record.ended_by) == (OperatorId(2), EndedBy.OPERATOR)


async def test_to_a_queue(sandbox: Sandbox, ami: Ami, action: str) -> None:
    async with stage(sandbox) as s:
        await s.live.add_queue(QueueSettings(HELP, "Abi", ring_s=3, wrap_up_s=0.2), HELP_NUMBER)
        third = await s.live.add_operator(3, queue=HELP)
        async with Phone(s.live.layout, *third, voice=0x33) as op3:
            await s.live.available(3)
            call, talk = await s.talk()
            await move(ami, action, names(action, s), HELP_NUMBER)
            other = await op3.rings()
            op3.answer(other)
            await s.hear_each_other((s.anna, call), (op3, other))
            await s.anna.hang_up(call)
            record = await s.at_rest(call, 1, 2, 3)
            await op3.until(lambda: bool(other.ended_s))
    assert_legs(record, (1, talk), (3, other))
    assert [fact.cause for fact in s.live.of(CallQueued)] == ["arrived", "transferred"]
    assert (record.queue, record.ended_by) == (HELP, EndedBy.CALLER)


async def test_to_somebody_outside(sandbox: Sandbox, ami: Ami, action: str) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        call, talk = await s.talk()
        await move(ami, action, names(action, s), OUTSIDE_NUMBER)
        other = await juku.rings()
        assert other.invite.start.split()[1].startswith(f"sip:+{OUTSIDE_NUMBER}@")
        juku.answer(other)
        await s.hear_each_other((s.anna, call), (juku, other))
        await s.live.until(lambda: s.live.operator(1).offerable)
        await juku.hang_up(other)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (None, other))
    assert (record.operator, record.ended_by) == (OperatorId(1), EndedBy.OUTSIDE)
    (outgoing,) = s.live.of(OutgoingEnded)
    assert outgoing.record.operator == OperatorId(1)


async def test_the_wrong_party_moved(sandbox: Sandbox, ami: Ami) -> None:
    """The console names the customer's channel: so the operator's phone moves, and the customer's call is over.

    The log joins what the operator's phone then does to it.
    """
    async with stage(sandbox) as s:
        call, talk = await s.talk()
        (live,) = s.live.floor.calls.values()
        await move(ami, "BlindTransfer", live.channel, "102")
        asked = await s.op2.rings()
        await s.anna.until(lambda: bool(call.ended_s))
        assert not s.live.operator(1).offerable  # the phone is still in use
        await s.op1.hang_up(talk)
        await s.op2.until(lambda: bool(asked.ended_s))
        talk.ended_s = call.ended_s
        record = await s.at_rest(call, logged=False)
    assert_legs(record, (1, talk))
    assert not s.live.of(CallTransferred)


async def test_attended(sandbox: Sandbox, ami: Ami) -> None:
    """The PBX dials the third for the second; when the second hangs up the customer is joined to the third.

    The log has the second's part end where they began to ask: they left the bridge then, the customer on hold.
    """
    async with stage(sandbox) as s:
        third = await s.live.add_operator(3)
        async with Phone(s.live.layout, *third, voice=0x33) as op3:
            call, talk = await s.talk()
            await s.op1.refer(talk, WITH_CODES)
            other = await s.op2.rings()
            s.op2.answer(other)
            await s.hear_each_other((s.anna, call), (s.op2, other))
            await move(ami, "Atxfer", s.channel_of(2), "103", CONSOLE)
            asked = await op3.rings()
            op3.answer(asked)
            await s.hear_each_other((s.op2, other), (op3, asked))
            await s.op2.hang_up(other)
            asked.answered_s = other.ended_s
            await s.hear_each_other((s.anna, call), (op3, asked))
            await s.anna.hang_up(call)
            record = await s.at_rest(call, 1, 2, logged=False)
            await op3.until(lambda: bool(asked.ended_s))
    assert_legs(record, (1, talk), (2, other), (3, asked))
    assert record.operator == OperatorId(3)
    assert TransferKind.ATTENDED in [fact.kind for fact in s.live.of(CallTransferred)]
