"""A real softphone with an account that the service issued: what it is shown, how it talks, what its state does."""

import re

import pytest

from app.domain.calls import CallOutcome, EndedBy
from app.domain.ids import OperatorId
from app.domain.operators import DeviceState, RoutingState
from app.floor.facts import CallAnswered, CallHeld, CallResumed, OfferMade
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.baresip import VOICE, Baresip
from tests.live_floor import NUMBER, QUEUE, live_floor
from tests.pbx.fixtures import POP_URL
from tests.sipua import CLEARLY, Phone
from tests.stillness import close

KNOWN_AS = 'Mägi Õie "Tädi", Ülle'


def header(invite: str, name: str) -> list[str]:
    return re.findall(rf"^{name}: (.*?)\r?$", invite, re.MULTILINE)


async def test_it_shows_who_calls(sandbox: Sandbox) -> None:
    async with live_floor(sandbox, caller_name=KNOWN_AS) as live:
        account = await live.add_operator(1)
        async with (
            Baresip(live.layout, *account) as phone,
            Phone.customer(live.layout, "37255500001") as anna,
        ):
            await live.available(1)
            call = await anna.dial(NUMBER)
            invite = await phone.invite()
            (offer,) = live.of(OfferMade)
            assert header(invite, "Call-Info") == [f"<{POP_URL}/{offer.call}>;purpose=info"]
            assert header(invite, "X-Keskus-Call") == [offer.call]
            assert header(invite, "X-Keskus-Queue") == [QUEUE]
            assert not header(invite, "Alert-Info")
            (caller,) = header(invite, "From")
            assert caller.startswith('"Mägi Õie \\"Tädi\\", Ülle" <sip:37255500001@')
            await live.until(lambda: live.operator(1).device is DeviceState.IN_USE)
            assert not live.of(CallAnswered)

            await phone.told("CALL_INCOMING")
            await anna.hang_up(call)
            await phone.told("CALL_CLOSED")
            await live.until(lambda: live.operator(1).offerable)
        record = await live.one_record()
        assert record.ended_by is EndedBy.CALLER


async def test_it_picks_up_by_itself_when_the_operator_wishes(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        account = await live.add_operator(1, auto_answer=True)
        async with (
            Baresip(live.layout, *account) as phone,
            Phone.customer(live.layout, "37255500001") as anna,
        ):
            await live.available(1)
            call = await anna.dial(NUMBER)
            invite = await phone.invite()
            (offer,) = live.of(OfferMade)
            link = f"<{POP_URL}/{offer.call}>"
            assert header(invite, "Call-Info") == [f"{link};purpose=info", f"{link};answer-after=0"]
            assert header(invite, "Alert-Info") == [f"{link};info=alert-autoanswer;delay=0"]
            (answered,) = await live.wait(CallAnswered)
            assert answered.operator == OperatorId(1)
            await anna.hears(call, VOICE)
            await anna.hang_up(call)
            await live.until(lambda: live.operator(1).offerable)


@pytest.mark.parametrize("ended_by", [EndedBy.CALLER, EndedBy.OPERATOR])
async def test_it_talks(sandbox: Sandbox, ended_by: EndedBy) -> None:
    async with live_floor(sandbox) as live:
        account = await live.add_operator(1)
        async with (
            Baresip(live.layout, *account) as phone,
            Phone.customer(live.layout, "37255500001") as anna,
        ):
            await live.available(1)
            call = await anna.dial(NUMBER)
            await phone.accept()
            began_s = clock.monotonic()
            await live.wait(CallAnswered)
            assert live.operator(1).routing is RoutingState.TALKING
            assert live.operator(1).device is DeviceState.IN_USE
            await anna.hears(call, VOICE)
            sent, received = await phone.packets()
            assert min(sent, received) > CLEARLY / 2
            assert abs(sent - received) < CLEARLY

            if ended_by is EndedBy.CALLER:
                await anna.hang_up(call)
                await phone.told("CALL_CLOSED")
            else:
                await phone.order("hangup")
                await anna.until(lambda: bool(call.ended_s))
            talked_s = clock.monotonic() - began_s
            await live.until(lambda: live.operator(1).offerable)
            await live.until(lambda: live.operator(1).device is DeviceState.REGISTERED)
        record = await live.one_record()
    assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, ended_by)
    assert record.operator == OperatorId(1)
    assert close(record.talked_s, talked_s)


async def test_it_holds_and_resumes(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        account = await live.add_operator(1)
        async with (
            Baresip(live.layout, *account) as phone,
            Phone.customer(live.layout, "37255500001") as anna,
        ):
            await live.available(1)
            call = await anna.dial(NUMBER)
            await phone.accept()
            await anna.hears(call, VOICE)
            await phone.order("hold")
            await live.wait(CallHeld)
            assert live.operator(1).routing is RoutingState.ON_HOLD
            await phone.order("resume")
            await live.wait(CallResumed)
            await live.until(lambda: live.operator(1).routing is RoutingState.TALKING)
            await anna.hears(call, VOICE)
            await phone.order("hangup")
            await live.until(lambda: live.operator(1).offerable)
        record = await live.one_record()
    assert record.ended_by is EndedBy.OPERATOR
    # A question to the phone may cross its own word, which is then told again within milliseconds.
    assert record.held_s == sum(resumed.held_s for resumed in live.of(CallResumed)) > 0


async def test_a_phone_that_died_is_not_rung(sandbox: Sandbox) -> None:
    async with live_floor(sandbox) as live:
        account = await live.add_operator(1)
        other = await live.add_operator(2, level=2)
        async with (
            Baresip(live.layout, *account) as phone,
            Phone(live.layout, *other) as op2,
            Phone.customer(live.layout, "37255500001") as anna,
        ):
            await live.available(1, 2)
            phone.kill()
            await live.until(lambda: live.operator(1).device is DeviceState.UNREACHABLE, 45)
            call = await anna.dial(NUMBER)
            op2.answer(await op2.rings())
            await anna.connected(call)
            assert [offer.operator for offer in live.of(OfferMade)] == [2]
            await anna.hang_up(call)
            await live.until(lambda: live.operator(2).offerable)
            assert live.operator(1).routing is RoutingState.IDLE
