"""An operator's phone in the browser (WebRTC): it talks, dies with its browser in a talk, and comes back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.calls import CallOutcome, EndedBy
from app.domain.operators import DeviceState, RoutingState
from app.floor.facts import CallHeld, CallRecord
from app.pbx.phones.signs import MOVED_QUIET_S, MOVED_S
from app.sandbox.sandbox import Sandbox
from tests.browser import BrowserPhone, browser_phone
from tests.calls.stage import assert_same
from tests.calls.test_lost_phones import FREED_S, goes_on
from tests.live_floor import NUMBER, LiveFloor, live_floor
from tests.rtp import PACKET_S
from tests.running import running_service, sqlite_url
from tests.serving.test_proxies import proxied
from tests.sipua import CLEARLY, Phone, Talk


@dataclass
class Scene:
    """Operator 1 is at a browser and is asked first, operator 2 at another phone."""

    live: LiveFloor
    op1: BrowserPhone
    op2: Phone
    anna: Phone

    async def talk(self) -> Talk:
        """Anna calls, operator 1 answers, they hear each other; give her talk."""
        call = await self.anna.dial(NUMBER)
        await self.op1.answer()
        await self.anna.connected(call)
        await self.live.until(lambda: self.live.operator(1).routing is RoutingState.TALKING)
        await self.hear_each_other(call)
        return call

    async def hear_each_other(self, call: Talk) -> None:
        """Anna and operator 1."""
        await self.op1.hears()
        await self.goes_by(call, CLEARLY * PACKET_S)

    async def goes_by(self, call: Talk, seconds: float) -> None:
        """Wait while anna hears so many seconds of sound."""
        assert call.sound is not None
        sound, enough = call.sound, call.sound.packets + seconds / PACKET_S
        sound.on_heard = self.anna.touch
        await self.anna.until(lambda: sound.packets >= enough)

    async def record(self, call: Talk) -> CallRecord:
        """Anna hangs up: the one record, and the PBX's own log tells the same."""
        await self.anna.hang_up(call)
        record = await self.live.one_record()
        self.live.assert_no_double_assignment()
        assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.CALLER)
        assert_same(record, (await self.live.past(record.call)).record)
        return record


@asynccontextmanager
async def scene(sandbox: Sandbox, url: str = "") -> AsyncIterator[Scene]:
    """Everybody is there; operator 1's phone registers at this URL."""
    async with live_floor(sandbox) as live:
        first, second = await live.add_operator(1, browser=True), await live.add_operator(2, level=2)
        async with (
            browser_phone(url or live.layout.websocket_url, *first) as op1,
            Phone(live.layout, *second, voice=0x32) as op2,
            Phone.customer(live.layout, "37255500001") as anna,
        ):
            await live.available(1, 2)
            yield Scene(live, op1, op2, anna)


async def lost(s: Scene, call: Talk) -> None:
    """The customer hears music, is first in line, and operator 2 takes them; one record tells of both."""
    await goes_on(s.live, s.anna, call, 2, s.op2)
    assert call.sound is not None
    assert call.sound.longest_gap_s < FREED_S
    record = await s.record(call)
    talked = [leg for leg in record.legs if leg.answered_at is not None]
    assert [(leg.operator, leg.phone_lost) for leg in talked] == [(1, True), (2, False)]


@pytest.mark.parametrize(
    ("how", "held"),
    [("closed", False), ("crashed", False), ("killed", False), ("stopped", False), ("closed", True)],
)
async def test_its_browser_dies_in_a_talk(sandbox: Sandbox, how: str, held: bool) -> None:
    async with scene(sandbox) as s:
        call = await s.talk()
        if held:
            await s.op1.hold()
            await s.live.wait(CallHeld)
        await s.op1.dies(how)
        await lost(s, call)
        await s.live.until(lambda: s.live.operator(1).device is DeviceState.UNREACHABLE, FREED_S)
        assert not s.live.operator(1).offerable


async def test_its_page_is_loaded_anew_in_a_talk(sandbox: Sandbox) -> None:
    """It knows nothing of the talk; its operator is there for the next one."""
    async with scene(sandbox) as s:
        call = await s.talk()
        await s.op1.reload()
        await lost(s, call)
        await s.live.until(lambda: s.live.operator(1).offerable, FREED_S)
        await s.talk()
        await s.op1.hang_up()


@pytest.mark.parametrize("held", [False, True])
async def test_its_websocket_is_cut_in_a_talk(sandbox: Sandbox, held: bool) -> None:
    """The sound goes on without, and so does the talk, also when the phone comes back by another websocket."""
    async with scene(sandbox) as s:
        call = await s.talk()
        if held:
            await s.op1.hold()
            await s.live.wait(CallHeld)
        await s.op1.cut()
        await s.goes_by(call, MOVED_S)
        await s.op1.reconnect()
        await s.goes_by(call, 1 + (MOVED_QUIET_S if held else MOVED_S))
        await s.op1.renegotiate()
        await s.hear_each_other(call)
        await s.anna.hang_up(call)
        await s.op1.until("over")
        record = await s.live.one_record()
        assert [(leg.operator, leg.phone_lost) for leg in record.legs] == [(1, False)]
        await s.live.until(lambda: s.live.operator(1).offerable)


async def test_behind_a_proxy_by_an_encrypted_websocket(sandbox: Sandbox, tmp_path: Path) -> None:
    """Behind the front of docker-compose.yml."""
    phones = f"{sandbox.layout.host}:{sandbox.layout.http_port}"
    async with (
        proxied(tmp_path, "front", "http://127.0.0.1:8000", phones) as url,
        scene(sandbox, f"{url.replace('https', 'wss')}/phone/ws") as s,
    ):
        call = await s.talk()
        await s.op1.dies("closed")
        await lost(s, call)


async def test_an_operator_is_told_where_the_browser_registers(sandbox: Sandbox, tmp_path: Path) -> None:
    async with running_service(sandbox, sqlite_url(tmp_path)) as service:
        made = await service.ask(
            "POST",
            "/operators",
            {
                "user": {"username": "mari", "password": "xj4-tuul-kask-81", "display_name": "Mari Maasikas"},
                "browser": True,
            },
        )
        renewed = await service.ask("POST", f"/operators/{made['id']}/softphone-secret")
        for sip in (made["sip"], renewed):
            assert (sip["transport"], sip["srtp"]) == ("ws", True)
        async with browser_phone(renewed["address"], renewed["username"], renewed["secret"]):
            pass


async def test_its_browser_is_closed_while_it_rings(sandbox: Sandbox) -> None:
    """The next operator has the customer once the ring time is over, and nothing more is offered to the first."""
    async with scene(sandbox) as s:
        call = await s.anna.dial(NUMBER)
        await s.op1.until("rings")
        await s.op1.dies("closed")
        talk = await s.op2.rings()
        s.op2.answer(talk)
        await s.op2.hears(talk, s.anna.voice)
        await s.live.until(lambda: s.live.operator(1).device is DeviceState.UNREACHABLE)
        record = await s.record(call)
        assert [leg.operator for leg in record.legs] == [1, 2]
