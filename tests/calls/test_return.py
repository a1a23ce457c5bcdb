"""The service comes back to a PBX with calls in it."""

from app.demo.sipp import Callers, Softphones
from app.domain.calls import CallOutcome, CallState
from app.domain.operators import Presence, RoutingState
from app.floor.facts import CallAnswered, CallQueued
from app.sandbox.sandbox import Sandbox
from tests.live_floor import NUMBER, live_floor
from tests.stillness import close


async def test_a_caller_who_waited_through_a_restart_is_taken_over_and_served(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as before:
        callers = Callers(sandbox.layout, NUMBER, calls=1)
        await callers.__aenter__()
        await before.wait(CallQueued)
        (call,) = before.floor.calls.values()
    try:
        async with live_floor(sandbox) as after:
            account = await after.add_operator(1)
            (adopted,) = after.floor.calls.values()
            assert (adopted.id, adopted.state) == (call.id, CallState.WAITING)
            assert adopted.caller_number == call.caller_number
            assert close(adopted.arrived.wall.timestamp(), call.arrived.wall.timestamp())
            async with Softphones(sandbox.layout, [account], answer_ms=100, talk_ms=500):
                await after.available(1)
                await callers.done()
                await after.until(lambda: len(after.records()) == 1)
            (record,) = after.records()
            assert record.outcome is CallOutcome.ANSWERED
            assert record.operator == 1
    finally:
        await callers.__aexit__(None, None, None)


async def test_a_talk_that_went_on_through_a_restart_keeps_its_operator_busy(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as before:
        account = await before.add_operator(1)
        phones = Softphones(sandbox.layout, [account], answer_ms=100)
        await phones.__aenter__()
        await before.available(1)
        callers = Callers(sandbox.layout, NUMBER, calls=1)
        await callers.__aenter__()
        await before.wait(CallAnswered)
        (call,) = before.floor.calls.values()
    try:
        async with live_floor(sandbox, operators=(1,)) as after:
            (adopted,) = after.floor.calls.values()
            assert (adopted.id, adopted.state) == (call.id, CallState.TALKING)
            assert after.operator(1).routing is RoutingState.TALKING
            assert after.operator(1).presence is Presence.OFFLINE
            await callers.__aexit__(None, None, None)
    finally:
        await phones.__aexit__(None, None, None)
