"""Real callers, real phones, the real floor: who is rung, who answers, what is recorded."""

import pytest

from app.demo.sipp import Callers, Softphones
from app.domain.calls import CallOutcome, EndedBy, OfferOutcome
from app.domain.ids import OperatorId
from app.domain.operators import Presence, RoutingState
from app.domain.queues import QueueSettings
from app.floor.events import PresenceAsked
from app.floor.facts import CallEnded, OfferEnded, OfferMade
from app.pbx.realtime.softphones import Route
from app.sandbox.sandbox import Sandbox
from tests.calls.stage import HELP, HELP_NUMBER, OUTSIDE_NUMBER, stage
from tests.live_floor import NUMBER, QUEUE, live_floor
from tests.sipua import Phone
from tests.stillness import close

RINGING = "3726000777"


async def test_a_caller_reaches_a_free_operator(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        account = await live.add_operator(1)
        async with Softphones(live.layout, [account], answer_ms=300, talk_ms=2000) as phones:
            await live.available(1)
            async with Callers(live.layout, NUMBER, calls=1) as callers:
                await callers.done()
            await live.until(lambda: live.operator(1).routing is RoutingState.IDLE)
        record = await live.one_record()
        assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.OPERATOR)
        assert record.caller_number == callers.of("dialled")[0].user
        assert record.dialed == NUMBER
        talked = phones.of("ended")[0].at_s - phones.of("answered")[0].at_s
        assert close(record.talked_s, talked)
        assert phones.of("ringing")[0].detail == record.call
        live.assert_no_double_assignment()


async def test_an_operator_who_does_not_answer_is_put_aside_and_the_caller_goes_on(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        lazy, keen = await live.add_operator(1), await live.add_operator(2, level=2)
        async with (
            Softphones(live.layout, [lazy], answer_ms=None),
            Softphones(live.layout, [keen], answer_ms=200, talk_ms=1000),
        ):
            await live.available(1, 2)
            async with Callers(live.layout, NUMBER, calls=1) as callers:
                await callers.done()
            await live.until(lambda: len(live.records()) == 1)
        assert [o.operator for o in live.of(OfferMade)] == [1, 2]
        assert [o.outcome for o in live.of(OfferEnded)] == [OfferOutcome.TIMED_OUT, OfferOutcome.ACCEPTED]
        assert live.operator(1).presence is Presence.ON_BREAK
        assert live.operator(1).break_reason == "missed_calls"
        assert live.records()[0].operator == 2


async def test_a_phone_that_says_busy_has_rejected_the_call(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        busy, keen = await live.add_operator(1), await live.add_operator(2, level=2)
        async with (
            Softphones(live.layout, [busy], busy=True),
            Softphones(live.layout, [keen], answer_ms=200, talk_ms=500),
        ):
            await live.available(1, 2)
            async with Callers(live.layout, NUMBER, calls=1) as callers:
                await callers.done()
            await live.until(lambda: len(live.records()) == 1)
        assert [o.outcome for o in live.of(OfferEnded)] == [OfferOutcome.REJECTED, OfferOutcome.ACCEPTED]


@pytest.mark.parametrize("status", [404, 408, 488, 500, 503])
async def test_a_phone_that_answers_with_errors_is_put_aside_after_the_third(
    sandbox: Sandbox, status: int
) -> None:
    async with stage(sandbox) as s:
        await s.live.runner.post(PresenceAsked(OperatorId(2), Presence.OFFLINE))
        s.op1.refuse = status
        call = await s.anna.dial(NUMBER)
        await s.live.until(lambda: s.live.operator(1).presence is Presence.ON_BREAK)
        assert s.live.operator(1).break_reason == "phone_failed"
        assert [o.outcome for o in s.live.of(OfferEnded)] == [OfferOutcome.FAILED] * 3
        await s.anna.hang_up(call)


@pytest.mark.parametrize("number", ["102", f"+{OUTSIDE_NUMBER}", HELP_NUMBER])
async def test_a_phone_that_dials_while_it_is_offered_a_call_and_refuses_it_has_missed_none(
    sandbox: Sandbox, number: str
) -> None:
    """A colleague, outside, or another queue: that the phone calls is told after it has refused."""
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        await s.live.add_queue(QueueSettings(HELP, "Abi"), HELP_NUMBER)
        await s.live.runner.post(PresenceAsked(OperatorId(2), Presence.OFFLINE))
        call = await s.anna.dial(NUMBER)
        rung = await s.op1.rings()
        own = await s.op1.dial(number)
        s.op1.decline(rung)
        if number != HELP_NUMBER:
            other = juku if number.startswith("+") else s.op2
            other.answer(await other.rings())
        await s.op1.connected(own)
        (ended,) = await s.live.wait(OfferEnded)
        assert ended.outcome is OfferOutcome.REJECTED
        await s.live.until(lambda: s.live.operator(1).missed is None)
        assert s.live.operator(1).presence is Presence.AVAILABLE
        await s.op1.hang_up(own)
        again = await s.op1.rings()
        s.op1.answer(again)
        await s.hear_each_other((s.anna, call), (s.op1, again))
        await s.anna.hang_up(call)


async def test_a_caller_who_hangs_up_while_it_rings_is_abandoned_and_the_operator_free(
    sandbox: Sandbox,
) -> None:
    async with live_floor(sandbox) as live:
        account = await live.add_operator(1)
        async with Softphones(live.layout, [account], answer_ms=None):
            await live.available(1)
            async with Callers(live.layout, NUMBER, calls=1, talk_ms=800) as callers:
                await callers.done()
            await live.until(lambda: live.operator(1).offerable)
        record = await live.one_record()
        assert (record.outcome, record.ended_by) == (CallOutcome.ABANDONED, EndedBy.CALLER)
        assert [o.outcome for o in live.of(OfferEnded)] == [OfferOutcome.CANCELLED]
        assert live.operator(1).presence is Presence.AVAILABLE


async def test_a_caller_waits_until_an_operator_becomes_free(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        account = await live.add_operator(1)
        async with Softphones(live.layout, [account], answer_ms=100, talk_ms=700):
            await live.available(1)
            async with Callers(live.layout, NUMBER, calls=3, rate=10) as callers:
                await callers.done()
            await live.until(lambda: len(live.records()) == 3)
        assert [o.call for o in live.of(OfferMade)] == [r.call for r in live.records()]
        assert all(record.outcome is CallOutcome.ANSWERED for record in live.records())
        live.assert_no_double_assignment()


async def test_a_caller_who_hangs_up_within_milliseconds_has_a_record(sandbox: Sandbox) -> None:
    """Most often the PBX has not come to tell of them by then."""
    async with stage(sandbox) as s:
        await s.live.store.put_route(Route(RINGING, "queue", target=QUEUE, answer=False))
        call = await s.anna.dial(RINGING)
        await s.anna.give_up(call)
        await s.anna.until(lambda: bool(call.ended_s))
        (ended,) = await s.live.wait(CallEnded)
        assert call.status == 487
        record = ended.record
        assert (record.outcome, record.ended_by) == (CallOutcome.ABANDONED, EndedBy.CALLER)
        rang = bool(
            s.op1.talks or s.op2.talks
        )  # on a busy machine a phone may be reached before the caller gives up
        assert all(leg.outcome is OfferOutcome.CANCELLED and (rang or not leg.rang_s) for leg in record.legs)
        assert close(record.duration_s, call.ended_s - call.began_s)
        assert not s.live.floor.calls
        assert not s.live.floor.by_channel
