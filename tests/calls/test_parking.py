"""Customers parked by an operator, on the real PBX."""

import asyncio
from contextlib import AsyncExitStack

from app.domain.calls import CallState, EndedBy
from app.domain.ids import OperatorId
from app.domain.operators import RoutingState
from app.floor.facts import CallParked
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami
from tests.calls.stage import Stage, assert_legs, stage
from tests.live_floor import NUMBER, WAIT_S, live_floor
from tests.own_pbx import BRIEF_PARK, BRIEF_S
from tests.sipua import Phone, Talk
from tests.stillness import close

PLACES = 20


async def parked(s: Stage, number: str = "700") -> tuple[Talk, Talk]:
    """Anna talks with operator 1, who parks her; give her talk and his."""
    call, talk = await s.talk()
    await s.pass_on(talk, number)
    await s.live.wait(CallParked)
    await s.live.until(lambda: s.live.operator(1).offerable)
    return call, talk


async def test_taken_off_by_a_colleague(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await parked(s)
        (fact,) = s.live.of(CallParked)
        assert fact.operator == OperatorId(1)
        (live,) = s.live.floor.calls.values()
        assert (live.state, live.place) == (CallState.PARKED, fact.place)
        other = await s.op2.dial(fact.place)
        await s.op2.connected(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        assert s.live.operator(2).routing is RoutingState.TALKING
        await s.op2.hang_up(other)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (2, other))
    assert (record.operator, record.ended_by) == (OperatorId(2), EndedBy.OPERATOR)


async def test_nobody_takes_them_off_and_the_phone_rings_that_parked_them(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await parked(s, BRIEF_PARK)
        again = await s.op1.rings()
        assert close(again.began_s - talk.ended_s, BRIEF_S + 0.5, 1.5)
        await s.live.until(lambda: s.live.operator(1).routing is RoutingState.RINGING)
        s.op1.answer(again)
        await s.hear_each_other((s.anna, call), (s.op1, again))
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (1, again))
    assert record.ended_by is EndedBy.CALLER


async def test_who_parked_them_is_in_another_call_and_the_queue_has_them(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        call, talk = await parked(s, BRIEF_PARK)
        private = await s.op1.dial("37255500099")
        juku.answer(await juku.rings())
        await s.op1.connected(private)
        other = await s.op2.rings()
        s.op2.answer(other)
        await s.hear_each_other((s.anna, call), (s.op2, other))
        await s.op1.hang_up(private)
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (2, other))


async def test_the_customer_gives_up(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        call, talk = await parked(s)
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk))
    assert (record.operator, record.ended_by) == (OperatorId(1), EndedBy.CALLER)


async def test_two_parked_at_once_are_told_apart(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.customer(s.live.layout, "37255500002", voice=0x44) as mari:
        call, talk = await parked(s)
        theirs = await mari.dial("3726000500")
        second = await s.op1.rings()
        s.op1.answer(second)
        await s.hear_each_other((mari, theirs), (s.op1, second))
        await s.pass_on(second, "700")
        anna_at, mari_at = [fact.place for fact in await s.live.wait(CallParked, 2)]
        hers = await s.op2.dial(mari_at)
        await s.hear_each_other((mari, theirs), (s.op2, hers))
        await s.live.until(lambda: s.live.operator(1).offerable)
        again = await s.op1.dial(anna_at)
        await s.hear_each_other((s.anna, call), (s.op1, again))
        await mari.hang_up(theirs)
        await s.anna.hang_up(call)
        record = await s.at_rest(call)
    assert_legs(record, (1, talk), (1, again))
    other = next(r for r in s.live.records() if r is not record)
    assert_legs(other, (1, second), (2, hers))


async def test_a_customer_cannot_take_another_off(sandbox: Sandbox) -> None:
    """Sent to a place, they go back into the queue."""
    async with stage(sandbox) as s, Phone.customer(s.live.layout, "37255500002", voice=0x44) as mari:
        call, _ = await parked(s)
        (fact,) = s.live.of(CallParked)
        theirs = await mari.dial("3726000500")
        second = await s.op1.rings()
        s.op1.answer(second)
        await s.hear_each_other((mari, theirs), (s.op1, second))
        await s.op1.refer(second, fact.place)
        other = await s.op2.rings()
        s.op2.answer(other)
        await s.hear_each_other((mari, theirs), (s.op2, other))
        refused = await mari.dial(fact.place)
        await mari.until(lambda: bool(refused.ended_s))
        assert refused.status >= 400
        await mari.hang_up(theirs)
        await s.anna.hang_up(call)
        await s.at_rest(call)


async def test_all_places_are_taken_and_the_talk_goes_on(sandbox: Sandbox, ami: Ami) -> None:
    """The phone is told that it cannot park; once a place is free it can."""
    async with stage(sandbox) as s:
        await fill(ami, PLACES)
        await told_as_full(ami)
        call, talk = await s.talk()
        assert await s.op1.refer(talk, "700") == 404
        await s.hear_each_other((s.anna, call), (s.op1, talk))
        assert s.live.operator(1).routing is RoutingState.TALKING
        assert s.live.floor.parking_full
        assert await freed(ami) == ""
        await s.pass_on(talk, "700")
        (fact,) = await s.live.wait(CallParked)
        again = await s.op2.dial(fact.place)
        await s.hear_each_other((s.anna, call), (s.op2, again))
        await s.op2.hang_up(again)
        await s.anna.until(lambda: bool(call.ended_s))


async def test_the_last_place_was_taken_a_moment_ago_and_the_customer_is_not_cut(
    sandbox: Sandbox, ami: Ami
) -> None:
    """The PBX tells the phone that all went well, and it hangs up: the customer goes back into the queue."""
    async with stage(sandbox) as s:
        await fill(ami, PLACES)
        await told_as_full(ami)
        call, talk = await s.talk()
        await ami.action("Setvar", Variable="TRANSFER_CONTEXT", Value="")  # as if it were not known yet
        assert await s.op1.refer(talk, "700") == 200
        other = await next_phone(s)
        await s.hear_each_other((s.anna, call), other)
        await s.anna.hang_up(call)
        await s.live.until(lambda: bool(s.live.records()))
        record = next(one for one in s.live.records() if one.caller_number == s.anna.user)
        assert record.ended_by is EndedBy.CALLER


async def test_they_fill_while_the_service_is_away_and_the_customer_is_not_cut(
    sandbox: Sandbox, ami: Ami
) -> None:
    """Even one who was parked before, and taken off: the PBX's own queue has them."""
    async with AsyncExitStack() as stack:
        async with live_floor(sandbox) as live:
            account = await live.add_operator(1)
            op1 = await stack.enter_async_context(Phone(live.layout, *account, voice=0x31))
            anna = await stack.enter_async_context(Phone.customer(live.layout, "37255500001"))
            await live.available(1)
            await live.pbx.hand_over()
        call = await anna.dial(NUMBER)
        talk = await op1.rings()
        op1.answer(talk)
        await anna.hears(call, op1.voice)
        await op1.refer(talk, "700")
        place = (await ami.action("ParkedCalls", last="ParkedCallsComplete", ParkingLot="default"))[1]
        taken = await op1.dial(place["ParkingSpace"])
        await anna.hears(call, op1.voice)
        await fill(ami, PLACES, before=1)
        assert await op1.refer(taken, "700") == 200
        again = await op1.rings()
        op1.answer(again)
        await anna.hears(call, op1.voice)
        await op1.hang_up(again)
        await anna.until(lambda: bool(call.ended_s))


async def next_phone(s: Stage) -> tuple[Phone, Talk]:
    """Whoever is rung next picks up."""
    await s.live.until(
        lambda: any(call.offer is not None and call.offer.leg.channel for call in s.live.floor.calls.values())
    )
    phone = s.op1 if any(talk.rings for talk in s.op1.talks) else s.op2
    talk = await phone.rings()
    phone.answer(talk)
    return phone, talk


async def fill(ami: Ami, places: int, *, before: int = 0) -> None:
    """Let so many be parked, when so many have been before."""
    for _ in range(places):
        await ami.action(
            "Originate", Channel="Local/700@keskus-internal", Application="Wait", Data="120", Async="true"
        )
    await ami.wait("ParkedCall", before + places)


async def told_as_full(ami: Ami) -> None:
    await until_transfers_land(ami, "keskus-full")


async def freed(ami: Ami) -> str:
    """One of those is gone."""
    listed = await ami.action("ParkedCalls", last="ParkedCallsComplete", ParkingLot="default")
    first = listed[1]
    await ami.action("Hangup", Channel=first["ParkeeChannel"])
    return await until_transfers_land(ami, "")


async def until_transfers_land(ami: Ami, context: str) -> str:
    """The PBX knows that transfers are to land there."""
    async with asyncio.timeout(WAIT_S):
        while True:
            answer = await ami.action("Getvar", Variable="TRANSFER_CONTEXT")
            if answer[0]["Value"] == context:
                return context
