"""Calls nobody listens to end; a quiet caller is not a lost one, and a talk is never touched."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.domain.calls import CallOutcome, CallState, EndedBy
from app.domain.ids import CallId, QueueId
from app.domain.queues import QueueSettings
from app.pbx.realtime.softphones import Route, SoftphoneStore
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami
from tests.live_floor import NUMBER, LiveFloor, live_floor
from tests.sipua import Phone
from tests.stillness import close

SILENT_S = 4
ALONE = QueueSettings(QueueId("yksi"), "Nobody serves it")
ALONE_NUMBER = "3726000710"
RINGING = QueueId("heliseb")
RINGING_NUMBER = "3726000711"


@pytest.fixture
async def silence(ami: Ami) -> AsyncIterator[None]:
    await ami.action("Setvar", Variable="KESKUS_SILENT_S", Value=str(SILENT_S))
    yield
    await ami.action("Setvar", Variable="KESKUS_SILENT_S", Value="")


def waiting(live: LiveFloor, number: str) -> CallId:
    (found,) = [call.id for call in live.floor.calls.values() if call.caller_number == number]
    return found


async def test_a_line_that_went_silent_ends_the_call(sandbox: Sandbox, silence: None) -> None:
    async with live_floor(sandbox) as live:
        await live.add_queue(ALONE, ALONE_NUMBER)
        account = await live.add_operator(1)
        layout = live.layout
        async with (
            Phone(layout, *account) as op1,
            Phone.customer(layout, "37255500021") as anna,  # talks, and both are muted
            Phone.customer(layout, "37255500022") as bert,  # waits, and speaks
            Phone.customer(layout, "37255500023") as carl,  # waits, muted: only reports come
            Phone.customer(layout, "37255500024") as dora,  # waits, and nothing comes
            Phone.customer(layout, "37255500029") as elsa,  # waits, and has put us on hold
        ):
            await live.available(1)
            talk = await anna.dial(NUMBER)
            heard = await op1.rings()
            op1.answer(heard)
            await anna.hears(talk, op1.voice)
            for one in (talk, heard):
                assert one.sound is not None
                one.sound.mute()
            held = await elsa.dial(ALONE_NUMBER)
            await elsa.connected(held)
            await elsa.hold(held)
            waits = [await phone.dial(ALONE_NUMBER) for phone in (bert, carl, dora)]
            for phone, wait in zip((bert, carl, dora), waits, strict=True):
                await phone.connected(wait)
                assert wait.sound is not None
                wait.sound.on_heard = phone.touch
                await phone.until(lambda wait=wait: wait.sound.packets > 0)  # type: ignore[misc]
            for wait, does in zip(waits[1:], ("report", "mute"), strict=True):
                assert wait.sound is not None
                wait.sound.mute()
                if does == "report":
                    wait.sound.report()
            await live.until(lambda: bool(live.records()), timeout_s=30)
            await dora.until(lambda: bool(waits[2].ended_s))
            (record,) = live.records()
            assert record.caller_number == "37255500024"
            assert (record.outcome, record.ended_by, record.cause) == (CallOutcome.LOST, EndedBy.SERVICE, 102)
            assert not record.unheard
            assert record.waited_s >= SILENT_S
            past = await live.past(record.call)
            assert (past.record.outcome, past.record.ended_by) == (CallOutcome.LOST, EndedBy.SERVICE)
            assert close(past.record.waited_s, record.waited_s)
            states = {call.caller_number: call.state for call in live.floor.calls.values()}
            assert states == {
                "37255500021": CallState.TALKING,
                "37255500022": CallState.WAITING,
                "37255500023": CallState.WAITING,
                "37255500029": CallState.WAITING,
            }


async def test_forty_callers_whose_sockets_are_closed_do_not_wait_for_ever(
    sandbox: Sandbox, silence: None
) -> None:
    """They answered every request, and are gone; half of them the PBX has not even answered."""
    async with live_floor(sandbox) as live:
        await live.add_queue(ALONE, ALONE_NUMBER)
        phones = [Phone.customer(live.layout, f"372555003{place:02}") for place in range(40)]
        for phone in phones:
            await phone.open()
            talk = await phone.dial(ALONE_NUMBER)
            await phone.connected(talk)
            assert talk.sound is not None
            talk.sound.close()
            phone.close()
        await live.until(lambda: len(live.records()) == 40, timeout_s=60)
        assert {record.outcome for record in live.records()} == {CallOutcome.LOST}
        assert not live.floor.calls
        assert not live.floor.waiting_of


async def test_who_was_never_answered_may_ring_for_longer_but_not_for_ever(
    sandbox: Sandbox, ami: Ami, softphones: SoftphoneStore, silence: None
) -> None:
    async with live_floor(sandbox) as live, Phone.customer(live.layout, "37255500025") as anna:
        await live.add_queue(QueueSettings(RINGING, "Rings"), RINGING_NUMBER)
        await softphones.put_route(Route(RINGING_NUMBER, "queue", target=RINGING, answer=False))
        call = await anna.dial(RINGING_NUMBER)
        await live.until(lambda: len(live.floor.calls) == 1)
        channel = live.floor.calls[waiting(live, "37255500025")].channel_name

        async def quiet_s() -> int:
            answer = await ami.action("Getvar", Channel=channel, Variable="KESKUS_QUIET")
            return int(answer[0]["Value"] or 0)

        async with asyncio.timeout(20):
            while await quiet_s() <= SILENT_S:
                await live.until(lambda: not call.ended_s)
        assert live.floor.calls, "longer than a silent line"
        await ami.action("Setvar", Channel=channel, Variable="KESKUS_QUIET", Value="299")
        await anna.until(lambda: bool(call.ended_s))
        await live.until(lambda: bool(live.records()))
        assert live.records()[0].outcome is CallOutcome.LOST


@pytest.mark.parametrize("answer", [True, False])
async def test_one_too_many_of_a_number_hears_that_it_is_busy(
    sandbox: Sandbox, softphones: SoftphoneStore, answer: bool
) -> None:
    async with live_floor(sandbox) as live:
        live.floor.most_of_number = 2
        await live.add_queue(QueueSettings(RINGING, "Rings"), RINGING_NUMBER)
        await softphones.put_route(Route(RINGING_NUMBER, "queue", target=RINGING, answer=answer))
        async with Phone.customer(live.layout, "37255500026") as anna:
            calls = []
            for place in range(3):
                calls.append(await anna.dial(RINGING_NUMBER))
                await live.until(lambda place=place: len(live.floor.calls) > place or bool(live.records()))  # type: ignore[misc]
            await anna.until(lambda: bool(calls[2].ended_s))
            await live.until(lambda: bool(live.records()))
            (record,) = live.records()
            assert (record.outcome, record.ended_by) == (CallOutcome.TURNED_AWAY, EndedBy.SERVICE)
            assert record.cause == 17
            past = await live.past(record.call)
            assert (past.record.outcome, past.record.ended_by) == (CallOutcome.TURNED_AWAY, EndedBy.SERVICE)
            if not answer:
                assert calls[2].status == 486
            assert [bool(call.ended_s) for call in calls[:2]] == [False, False]
            for call in calls[:2]:
                await anna.hang_up(call)


async def test_while_the_service_is_away_the_pbx_refuses_by_itself(
    sandbox: Sandbox, ami: Ami, softphones: SoftphoneStore
) -> None:
    await ami.action("Setvar", Variable="KESKUS_BEAT", Value="0")
    await ami.action("Setvar", Variable="KESKUS_MOST_OF_NUMBER", Value="2")
    await softphones.put_route(Route(RINGING_NUMBER, "queue", target=RINGING, answer=False))
    try:
        async with (
            Phone.customer(sandbox.layout, "37255500027") as anna,
            Phone.customer(sandbox.layout, "37255500028") as bert,
        ):
            calls = []
            for place in range(3):
                calls.append(await anna.dial(RINGING_NUMBER))
                await ami.wait("UserEvent", place + 1, UserEvent="KeskusFellBack")
            await anna.until(lambda: calls[2].status == 486)
            other = await bert.dial(RINGING_NUMBER)
            await ami.wait("UserEvent", 4, UserEvent="KeskusFellBack")
            assert [bool(call.ended_s) for call in (*calls[:2], other)] == [False, False, False]
            for phone, call in ((anna, calls[0]), (anna, calls[1]), (bert, other)):
                await phone.hang_up(call)
    finally:
        await ami.action("Setvar", Variable="KESKUS_MOST_OF_NUMBER", Value="")
