"""Transfers that operators do from their phones, blind and attended, on the real PBX."""

from app.floor.facts import CallRecord, CallTransferred
from app.floor.model import CallOutcome, EndedBy, OperatorId, RoutingState, TransferKind
from app.pbx.sandbox import Sandbox
from tests.live import NUMBER, LiveFloor, live_floor
from tests.sipua import Phone, Talk


def close(measured_s: float, logged_s: float) -> bool:
    """True to a second."""
    return abs(measured_s - logged_s) < 1


async def at_rest(live: LiveFloor, *operators: int) -> CallRecord:
    """Wait until the call is over and its operators are free again; give its one record."""
    await live.until(lambda: all(live.operator(n).offerable for n in operators))
    (record,) = live.records()
    assert not live.floor.calls
    assert not live.floor.by_channel
    live.assert_no_double_assignment()
    return record


def assert_legs(record: CallRecord, *legs: tuple[int | None, Talk]) -> None:
    """The legs that talked are these, each as long as its phone's own log says."""
    talked = [leg for leg in record.legs if leg.answered_at is not None]
    assert [leg.operator for leg in talked] == [operator for operator, _ in legs]
    for leg, (_, talk) in zip(talked, legs, strict=True):
        assert close(leg.talked_s, talk.talked_s), (leg, talk)
    assert abs(record.talked_s - sum(leg.talked_s for leg in talked)) < 0.001
    assert record.waited_s + record.talked_s <= record.duration_s + 0.001


async def answered(live: LiveFloor, anna: Phone, op: Phone) -> tuple[Talk, Talk]:
    """Anna calls, the operator answers, they hear each other."""
    call = await anna.dial(NUMBER)
    talk = await op.rings()
    op.answer(talk)
    await anna.hears(call, op.voice)
    await op.hears(talk, anna.voice)
    return call, talk


async def test_blind_to_a_colleague_who_answers(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        first, second = await live.add_operator(1), await live.add_operator(2, level=2)
        async with (
            Phone(live.layout, *first, voice=0x31) as op1,
            Phone(live.layout, *second, voice=0x32) as op2,
            Phone.customer(live.layout, "37255500001") as anna,
        ):
            await live.available(1, 2)
            call, talk = await answered(live, anna, op1)
            await op1.refer(talk, "102")
            other = await op2.rings()
            await live.until(lambda: live.operator(2).routing is RoutingState.RINGING)
            await live.until(lambda: live.operator(1).offerable)  # wrapped up while the other rings
            op2.answer(other)
            await anna.hears(call, op2.voice)
            await op2.hears(other, anna.voice)
            await op2.hang_up(other)
            await anna.until(lambda: bool(call.ended_s))
            record = await at_rest(live, 1, 2)
        (fact,) = live.of(CallTransferred)
        assert (fact.kind, fact.from_operator, fact.target) == (TransferKind.BLIND, OperatorId(1), "102")
        assert_legs(record, (1, talk), (2, other))
        assert (record.outcome, record.ended_by, record.operator) == (
            CallOutcome.ANSWERED,
            EndedBy.OPERATOR,
            OperatorId(2),
        )
