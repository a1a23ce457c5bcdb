"""Hold, done from the phone: the customer hears music, the record says how long."""

import pytest

from app.domain.calls import EndedBy
from app.domain.ids import OperatorId
from app.domain.operators import RoutingState
from app.floor.facts import CallHeld, CallResumed, OperatorChanged
from app.pbx import parse
from app.sandbox.sandbox import Sandbox
from tests.live_floor import NUMBER, live_floor
from tests.sipua import Phone
from tests.stillness import close


@pytest.mark.parametrize("lost", ["", "Hold", "Unhold", "MusicOnHoldStart", "MusicOnHoldStop"])
async def test_a_talk_on_hold(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    monkeypatch.delitem(parse._PARSERS, lost, raising=False)
    async with live_floor(sandbox) as live:
        account = await live.add_operator(1)
        async with (
            Phone(live.layout, *account, voice=0x31) as op1,
            Phone.customer(live.layout, "37255500001") as anna,
        ):
            await live.available(1)
            call = await anna.dial(NUMBER)
            talk = await op1.rings()
            op1.answer(talk)
            await anna.hears(call, op1.voice)
            await op1.hears(talk, anna.voice)

            music = live.told_by_pbx("MusicOnHoldStart")
            await op1.hold(talk)
            (held,) = await live.wait(CallHeld)
            assert held.operator == OperatorId(1)
            assert live.operator(1).routing is RoutingState.ON_HOLD
            # Heard after the end of the hold it would tell of a hold that is over.
            await live.until(lambda: live.told_by_pbx("MusicOnHoldStart") > music)
            await op1.hold(talk, resume=True)
            (resumed,) = await live.wait(CallResumed)
            assert live.operator(1).routing is RoutingState.TALKING
            await anna.hears(call, op1.voice)

            await op1.hold(talk)
            await live.wait(CallHeld, 2)
            await anna.hang_up(call)
            await live.until(lambda: live.operator(1).offerable)
        record = await live.one_record()
        assert record.ended_by is EndedBy.CALLER
        assert record.held_s > resumed.held_s
        assert close(record.talked_s, talk.talked_s)
        states = [f.routing for f in live.of(OperatorChanged)]
        assert RoutingState.WRAP_UP in states
        live.assert_no_double_assignment()
