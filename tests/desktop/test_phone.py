"""The phone in the page: a real browser and its sound, the real service, the real PBX."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from app.domain.calls import EndedBy
from app.domain.ids import OperatorId
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.facts import CallEnded, CallRecord
from app.floor.model import Operator
from app.pbx.realtime import softphones
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami
from tests.api.house import PASSWORD
from tests.pbx.fixtures import BENCH
from tests.running import Service, running_service, sqlite_url
from tests.sipua import Phone, Talk
from tests.tones import tone_packet
from tests.wire import Wire, wired

from .talking import CUSTOMER_SAYS, SETUP, browsing, crash, frozen, hears, is_heard
from .test_desktop import desk, fit

NUMBER = "3726000800"
ANNA = "37255500201"
BACK_S = 5.0
"""After a reload sound flows again before a customer would hear music, however busy the machine is."""
CUT_S = 1.0
"""The longest gap while the websocket is cut, on a machine that is busy; `make faults` measures 0.2 s."""
ONE_LINE_PX = 50
MUSIC_S, TAKEN_S = 5.0, 20.0
"""Within these, the customer of a page that died hears music, and rings the next phone."""


@dataclass
class Scene:
    """Mari at the page, Jaan at a desk phone with number 102, and Anna, a customer."""

    service: Service
    page: Page
    jaan: Phone
    anna: Phone
    ids: list[OperatorId]
    wire: Wire
    """Between the page and the PBX."""

    @property
    def mari(self) -> Operator:
        return self.service.house.runner.floor.operators[self.ids[0]]

    @property
    def talk_is_held(self) -> bool:
        """Whether a caller is on hold."""
        calls = self.service.house.runner.floor.calls.values()
        return any(call.talking is not None and call.talking.held_since is not None for call in calls)

    async def until(self, check: Callable[[], bool], what: str) -> None:
        """Wait until the floor is so."""
        await self.service.outcomes.until(check, what)

    async def calls(self) -> Talk:
        """Anna calls; the page rings."""
        call = await self.anna.dial(NUMBER)
        assert call.sound is not None
        call.sound.says = tone_packet(CUSTOMER_SAYS)
        await expect(self.page.get_by_role("button", name="Vasta", exact=True)).to_be_visible()
        return call

    async def hear_each_other(self, call: Talk) -> None:
        await is_heard(self.anna, call)
        await hears(self.page)

    def records(self) -> list[CallRecord]:
        facts = (fact for outcome in self.service.outcomes.all for fact in outcome.facts)
        return [fact.record for fact in facts if isinstance(fact, CallEnded)]


@asynccontextmanager
async def said(page: Page, text: str) -> AsyncIterator[None]:
    """Wait until the page's console has it; asking the page itself would count as a touch."""
    async with page.expect_console_message(lambda message: message.text == text):
        yield


async def make(service: Service, name: str, **said: Any) -> dict[str, Any]:
    user = {"username": name, "password": PASSWORD, "display_name": f"{name.title()} Maasikas"}
    made: dict[str, Any] = await service.ask("POST", "/operators", {"user": user} | said)
    return made


@asynccontextmanager
async def scene(sandbox: Sandbox, folder: Path) -> AsyncIterator[Scene]:
    async with (
        wired(sandbox.layout.websocket_url) as wire,
        running_service(sandbox, sqlite_url(folder), websocket_url=wire.url) as service,
        browsing(folder) as browser,
    ):
        queue = {"id": "abi", "title": "Klienditugi", "ring_s": 15, "wrap_up_s": 0}
        await service.ask("POST", "/queues", queue)
        await service.ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "abi"})
        customer = {"surname": "Kask", "given_name": "Anna", "phones": [{"number": ANNA}]}
        known = await service.ask("POST", "/contacts", customer)
        await service.ask(
            "POST", "/complaints", {"subject": "Ruuter", "text": "Ei tööta", "contact": known["id"]}
        )
        first = {"memberships": [{"queue": "abi"}], "browser": True, "number": "101"}
        mari = await make(service, "mari", **first)
        jaan = await make(service, "jaan", number="102", memberships=[{"queue": "abi"}])
        account = (jaan["endpoint"], jaan["sip"]["secret"])
        async with (
            Phone(sandbox.layout, *account, voice=0x32) as phone,
            Phone.customer(sandbox.layout, ANNA) as anna,
            desk(browser, service.house.url, "mari", setup=SETUP) as page,
        ):
            s = Scene(service, page, phone, anna, [OperatorId(one["id"]) for one in (mari, jaan)], wire)
            await s.until(lambda: s.mari.device is DeviceState.REGISTERED, "the page to register")
            yield s


async def test_an_operator_talks_in_the_page(sandbox: Sandbox, tmp_path: Path) -> None:
    async with scene(sandbox, tmp_path) as s:
        page = s.page
        await expect(page.get_by_text("Proovi mikrofoni ja kõlarit")).to_be_visible()
        await page.keyboard.press("Alt+1")
        await expect(page.get_by_text("Telefon on valmis")).to_be_visible()
        await s.until(lambda: s.mari.presence is Presence.AVAILABLE, "Mari to be available")
        await page.evaluate("document.hasFocus = () => false")
        call = await s.calls()
        await page.wait_for_function("() => notices.at(-1)?.endsWith('Kask Anna | Klienditugi')")
        await page.evaluate("delete document.hasFocus")
        await fit(page, "ring")
        await page.keyboard.press("Alt+A")
        await s.until(lambda: s.mari.routing is RoutingState.TALKING, "the talk")
        await s.hear_each_other(call)
        assert '"talks":true' in await page.evaluate("sessionStorage.getItem('keskus.phone.here')")
        await expect(page.get_by_title("kadu")).to_be_visible()
        bar = await page.get_by_role("region", name="Telefon", exact=True).bounding_box()
        assert bar is not None
        assert bar["height"] < ONE_LINE_PX, "the page below it does not jump"
        await fit(page, "phone")

        await page.keyboard.press("Alt+M")
        await is_heard(s.anna, call, heard=False)
        await page.keyboard.press("Alt+M")
        await is_heard(s.anna, call)
        await page.keyboard.press("Alt+P")
        await s.until(lambda: s.talk_is_held, "the hold")
        await page.keyboard.press("Alt+P")
        await s.hear_each_other(call)

        async with Ami(sandbox.layout.ami_port, BENCH.name, BENCH.secret) as pbx:
            await page.keyboard.press("Alt+K")
            for digit in "5#":
                await page.keyboard.press(digit)
                await pbx.wait("DTMFEnd", Digit=digit, Direction="Received")
            await page.keyboard.press("Escape")
        await page.evaluate("pull()")
        await is_heard(s.anna, call)
        await expect(page.get_by_text("Mikrofon eemaldati")).to_be_visible()
        await page.get_by_role("button", name="Selge").click()

        await page.keyboard.press("Alt+T")
        await page.get_by_label("Nimi või number").fill("jaan")
        await page.get_by_role("button", name="Jaan Maasikas").click()
        await fit(page, "transfer")
        await page.keyboard.press("Enter")
        talk = await s.jaan.rings()
        s.jaan.answer(talk)
        await page.get_by_role("button", name="Ühenda nad").click()
        await s.anna.hears(call, s.jaan.voice)
        await s.until(lambda: s.mari.routing is RoutingState.IDLE, "Mari to be free")
        await expect(page.get_by_role("button", name="Lõpeta kõne")).to_be_hidden()
        await s.jaan.hang_up(talk)

        call = await s.calls()
        await page.get_by_role("button", name="Vasta", exact=True).click()
        await s.hear_each_other(call)
        await page.keyboard.press("Alt+T")
        await page.get_by_label("Nimi või number").fill("102")
        await page.get_by_role("button", name="Suuna kohe").click()
        talk = await s.jaan.rings()
        s.jaan.answer(talk)
        await s.anna.hears(call, s.jaan.voice)
        await s.anna.hang_up(call)
        await s.service.outcomes.until_ended(2)
        assert [record.operator for record in s.records()] == [s.ids[1]] * 2


async def test_a_page_that_is_loaded_anew_keeps_its_call(sandbox: Sandbox, tmp_path: Path) -> None:
    async with scene(sandbox, tmp_path) as s:
        page = s.page
        await page.keyboard.press("Alt+1")
        await s.until(lambda: s.mari.presence is Presence.AVAILABLE, "Mari to be available")
        call = await s.calls()
        async with said(page, "play untouched"), said(page, "resume untouched"):  # it rings aloud, unclicked
            await page.reload(wait_until="commit")
        await expect(page.get_by_role("button", name="Vasta", exact=True)).to_be_visible()
        await page.keyboard.press("Alt+A")
        await s.hear_each_other(call)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.rpartition("/api/v1")[2]))
        for held in (False, True):
            if held:
                await page.keyboard.press("Alt+P")
                await s.until(lambda: s.talk_is_held, "the hold")
            assert call.sound is not None
            call.sound.longest_gap_s = 0
            asked.clear()
            await page.reload()
            hold = page.get_by_role("button", name="Ootele", exact=True)
            await expect(hold).to_have_attribute("aria-pressed", str(held).lower())
            if held:
                await s.until(lambda: s.talk_is_held, "the hold after the reload")
                await page.keyboard.press("Alt+P")
            await s.hear_each_other(call)
            assert held or call.sound.longest_gap_s < BACK_S
            assert asked.index("/me/phone/secret") < asked.index("/me")  # the talk comes before the page
        for hangs_up in (False, True):
            assert call.sound is not None
            call.sound.longest_gap_s = 0
            s.wire.cut()
            await expect(page.get_by_text("Telefon ühendub")).to_be_visible()
            await page.keyboard.press("Alt+H" if hangs_up else "Alt+P")
            await is_heard(s.anna, call, heard=not hangs_up)
            s.wire.mend()
            if not hangs_up:
                await s.until(lambda: s.talk_is_held, "the hold that was asked for meanwhile")
                assert call.sound.longest_gap_s < CUT_S
                await expect(page.get_by_text("Telefon ühendub")).to_be_hidden()
                await page.keyboard.press("Alt+P")
                await s.hear_each_other(call)
        await s.service.outcomes.until_ended(1)
        (record,) = s.records()
        assert (record.ended_by, len(record.legs)) == (EndedBy.OPERATOR, 1)


async def test_who_is_not_there_loses_no_customer(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page dies in a talk; another freezes, as browsers do with tabs that are not looked at."""
    monkeypatch.setattr(
        softphones, "QUALIFY_S", 3
    )  # the time is the PBX's own: what follows from it is looked at
    async with scene(sandbox, tmp_path) as s:
        await s.page.keyboard.press("Alt+1")
        await s.until(lambda: s.mari.presence is Presence.AVAILABLE, "Mari to be available")
        call = await s.calls()
        await s.page.keyboard.press("Alt+A")
        await s.hear_each_other(call)
        await s.service.ask("PUT", f"/operators/{s.ids[1]}/state", {"presence": "available"})
        await crash(s.page)
        talk = await s.jaan.rings(TAKEN_S)
        assert call.sound is not None
        assert call.sound.longest_gap_s < MUSIC_S
        s.jaan.answer(talk)
        await s.anna.hears(call, s.jaan.voice)
        await s.anna.hang_up(call)
        await s.service.outcomes.until_ended(1)

        browser = s.page.context.browser
        assert browser is not None
        async with desk(browser, s.service.house.url, "mari", setup=SETUP) as page:
            await s.until(lambda: s.mari.device is DeviceState.REGISTERED, "the page to register")
            await page.keyboard.press("Alt+1")
            await expect(page.get_by_text("Telefon on valmis")).to_be_visible()
            async with frozen(page):
                await s.until(
                    lambda: s.mari.device is DeviceState.UNREACHABLE, "the frozen page to be missed"
                )
                await s.service.ask("PUT", f"/operators/{s.ids[1]}/state", {"presence": "offline"})
                call = await s.anna.dial(NUMBER)
                await s.until(lambda: bool(s.service.house.runner.floor.calls), "the call")
                assert s.mari.routing is RoutingState.IDLE
            await expect(page.get_by_role("button", name="Vasta", exact=True)).to_be_visible()
            await page.keyboard.press("Alt+A")
            await is_heard(s.anna, call)
            await s.anna.hang_up(call)
        await s.service.outcomes.until_ended(2)
