"""The dead-man's switch: callers are answered while the service is away."""

import contextlib

from app.demo.sipp import Callers, Softphones
from app.domain.calls import CallOutcome, CallState
from app.domain.ids import OperatorId
from app.domain.operators import Presence, RoutingState
from app.floor.events import PresenceAsked
from app.floor.facts import CallAnswered, CallQueued
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.live_floor import NUMBER, live_floor
from tests.stillness import close, watched_for_stillness

UNHEARD_S = 12.0
"""Six seconds of silence, one turn of the hold loop, and a ring, with room."""


async def test_who_waits_when_the_service_dies_is_answered_by_the_pbx(sandbox: Sandbox) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with live_floor(sandbox) as live:
            free, away = await live.add_operator(1), await live.add_operator(2)
            # The free one's phone is not there yet, so that the caller waits; the other is on a break.
            away_phone = await stack.enter_async_context(Softphones(sandbox.layout, [away], answer_ms=100))
            await live.runner.post(PresenceAsked(OperatorId(1), Presence.AVAILABLE))
            await live.runner.post(PresenceAsked(OperatorId(2), Presence.ON_BREAK, "lunch"))
            caller = await stack.enter_async_context(Callers(sandbox.layout, NUMBER))
            await live.wait(CallQueued)
            await live.fallback.write()
        await stack.enter_async_context(watched_for_stillness(sandbox))
        phone = await stack.enter_async_context(
            Softphones(sandbox.layout, [free], answer_ms=100, talk_ms=500)
        )
        there_s = clock.utc_now().timestamp()
        (answered,) = await phone.wait("answered")
        assert close(answered.at_s, there_s, UNHEARD_S)
        await caller.done()
        assert not away_phone.of("ringing")


async def test_who_calls_while_the_service_is_away_is_answered_at_once(sandbox: Sandbox) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with live_floor(sandbox) as live:
            account = await live.add_operator(1)
            phone = await stack.enter_async_context(
                Softphones(sandbox.layout, [account], answer_ms=100, talk_ms=500)
            )
            await live.available(1)
            await live.fallback.write()
            await live.pbx.hand_over()
        async with Callers(sandbox.layout, NUMBER) as caller:
            (dialled,) = await caller.wait("dialled")
            (rang,) = await phone.wait("ringing")
            assert close(rang.at_s, dialled.at_s, 2.0)
            await caller.done()


async def test_free_operators_are_rung_side_by_side(sandbox: Sandbox) -> None:
    """Without autofill app_queue takes one waiting caller a second, however many operators are free."""
    async with contextlib.AsyncExitStack() as stack:
        async with live_floor(sandbox) as live:
            accounts = [await live.add_operator(number) for number in range(1, 5)]
            phones = await stack.enter_async_context(
                Softphones(sandbox.layout, accounts, answer_ms=100, talk_ms=500)
            )
            for number in range(1, 5):
                await live.available(number)
            await live.fallback.write()
            await live.pbx.hand_over()
        async with Callers(sandbox.layout, NUMBER, calls=4, rate=50.0) as callers:
            rang = [event.at_s for event in await phones.wait("ringing", 4)]
            assert close(max(rang), min(rang))
            await callers.done()


async def test_on_return_it_takes_over_who_waits_and_leaves_talks_alone(sandbox: Sandbox) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with live_floor(sandbox) as before:
            account = await before.add_operator(1)
            phone = await stack.enter_async_context(Softphones(sandbox.layout, [account], answer_ms=100))
            await before.available(1)
            await before.fallback.write()
            await before.pbx.hand_over()
        talker = await stack.enter_async_context(Callers(sandbox.layout, NUMBER, first=1))
        await phone.wait("answered")
        waiter = await stack.enter_async_context(Callers(sandbox.layout, NUMBER, first=2))
        await waiter.wait("answered")
        async with live_floor(sandbox, operators=(1,)) as after:
            states = {call.caller_number[-1]: call.state for call in after.floor.calls.values()}
            assert states == {"1": CallState.TALKING, "2": CallState.WAITING}
            assert after.operator(1).routing is RoutingState.TALKING
            assert [fact.cause for fact in after.of(CallAnswered)] == ["adopted"]
            colleague = await after.add_operator(2)
            async with Softphones(sandbox.layout, [colleague], answer_ms=100, talk_ms=300):
                await after.available(2)
                await waiter.done()
                await after.until(lambda: len(after.records()) == 1)
            (record,) = after.records()
            assert (record.outcome, record.operator) == (CallOutcome.ANSWERED, 2)
            assert not talker.of("ended")


async def test_the_members_outlive_a_restart_of_the_pbx(sandbox: Sandbox) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with live_floor(sandbox) as live:
            account = await live.add_operator(1)
            await live.runner.post(PresenceAsked(OperatorId(1), Presence.AVAILABLE))
            await live.fallback.write()
        await sandbox.kill()
        await sandbox.start()
        phone = await stack.enter_async_context(
            Softphones(sandbox.layout, [account], answer_ms=100, talk_ms=300)
        )
        async with Callers(sandbox.layout, NUMBER) as caller:
            await phone.wait("answered")
            await caller.done()
