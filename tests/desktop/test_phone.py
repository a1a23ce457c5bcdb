"""The phone in the page: a real browser and its sound, the real service, the real PBX."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright, expect

from app.domain.calls import EndedBy
from app.domain.ids import OperatorId
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.facts import CallEnded, CallRecord
from app.floor.model import Operator
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.api.house import PASSWORD
from tests.browser import FLAGS
from tests.provision import chromium_path
from tests.running import Service, running_service, sqlite_url
from tests.sipua import Phone, Talk
from tests.tones import loudness, tone_packet, write_bursts

from .test_desktop import desk, fit

NUMBER = "3726000800"
MARI_SAYS, ANNA_SAYS = 1000, 400
"""The tones that are said into the page's microphone and by the customer, in hertz."""
HEARD = 0.02
BACK_S = 5.0
"""After a reload sound flows again before a customer would hear music, however busy the machine is."""
QUIET = "--autoplay-policy=document-user-activation-required"
LISTEN = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }; // a tone is noise to them
navigator.mediaDevices.getUserMedia = ({ audio }) => ask({ audio: { ...audio, ...plain } });
window.lines = [];
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...all) { super(...all); window.lines.push(this); }
};
window.loudest = async () => {
  const line = window.lines.findLast((one) => one.connectionState === "connected");
  if (!line) return 0;
  const context = new AudioContext();
  const meter = new AnalyserNode(context, { fftSize: 4096 });
  context.createMediaStreamSource(new MediaStream([line.getReceivers()[0].track])).connect(meter);
  await new Promise((resolve) => setTimeout(resolve, 250));
  const bins = new Float32Array(meter.frequencyBinCount);
  meter.getFloatFrequencyData(bins);
  const at = bins.indexOf(Math.max(...bins));
  await context.close();
  return bins[at] > -60 ? (at * context.sampleRate) / meter.fftSize : 0;
};
"""


@dataclass
class Scene:
    """Mari at the page, Jaan at a desk phone with number 102, and Anna, a customer."""

    service: Service
    page: Page
    jaan: Phone
    anna: Phone
    ids: list[OperatorId]

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
        deadline_s = clock.monotonic() + 20
        while not check():
            assert clock.monotonic() < deadline_s, what
            await self.service.outcomes.until_next(0.1)

    async def calls(self) -> Talk:
        """Anna calls; the page rings."""
        call = await self.anna.dial(NUMBER)
        assert call.sound is not None
        call.sound.says = tone_packet(ANNA_SAYS)
        await expect(self.page.get_by_role("button", name="Vasta", exact=True)).to_be_visible()
        return call

    async def hear_each_other(self, call: Talk) -> None:
        await self.is_heard(call)
        await self.page.wait_for_function(
            "async (hertz) => Math.abs(await window.loudest() - hertz) < 30", arg=ANNA_SAYS
        )

    async def is_heard(self, call: Talk, *, hertz: int = MARI_SAYS, heard: bool = True) -> None:
        """Wait until a tone is heard at the phone of the customer, or is not for a second."""
        assert call.sound is not None
        sound, since_s = call.sound, clock.monotonic()
        sound.lately.clear()
        sound.on_heard = self.anna.touch

        def told() -> bool:
            nonlocal since_s
            loud = loudness(sound.lately, hertz) > HEARD
            if loud and not heard:
                since_s = clock.monotonic()
            return loud if heard else clock.monotonic() - since_s > 1

        await self.anna.until(told)

    def records(self) -> list[CallRecord]:
        facts = (fact for outcome in self.service.outcomes.all for fact in outcome.facts)
        return [fact.record for fact in facts if isinstance(fact, CallEnded)]


@asynccontextmanager
async def browsing(folder: Path) -> AsyncIterator[Browser]:
    write_bursts(folder / "mari.wav", MARI_SAYS)
    flags = [*(flag for flag in FLAGS if "autoplay" not in flag), QUIET]
    flags.append(f"--use-file-for-fake-audio-capture={folder / 'mari.wav'}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=flags)
        yield browser
        await browser.close()


async def make(service: Service, name: str, **said: Any) -> dict[str, Any]:
    user = {"username": name, "password": PASSWORD, "display_name": f"{name.title()} Maasikas"}
    made: dict[str, Any] = await service.ask("POST", "/operators", {"user": user} | said)
    return made


@asynccontextmanager
async def scene(sandbox: Sandbox, folder: Path) -> AsyncIterator[Scene]:
    async with running_service(sandbox, sqlite_url(folder)) as service, browsing(folder) as browser:
        queue = {"id": "abi", "title": "Klienditugi", "ring_s": 15, "wrap_up_s": 0}
        await service.ask("POST", "/queues", queue)
        await service.ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "abi"})
        first = {"memberships": [{"queue": "abi"}], "browser": True, "number": "101"}
        mari = await make(service, "mari", **first)
        jaan = await make(service, "jaan", number="102")
        account = (jaan["endpoint"], jaan["sip"]["secret"])
        async with (
            Phone(sandbox.layout, *account, voice=0x32) as phone,
            Phone.customer(sandbox.layout, "37255500201") as anna,
            desk(browser, service.house.url, "mari", setup=LISTEN) as page,
        ):
            s = Scene(service, page, phone, anna, [OperatorId(one["id"]) for one in (mari, jaan)])
            await s.until(lambda: s.mari.device is DeviceState.REGISTERED, "the page to register")
            yield s


async def test_an_operator_talks_in_the_page(sandbox: Sandbox, tmp_path: Path) -> None:
    async with scene(sandbox, tmp_path) as s:
        page = s.page
        await expect(page.get_by_text("Proovi mikrofoni ja kõlarit")).to_be_visible()
        await page.keyboard.press("Alt+1")
        await expect(page.get_by_text("Telefon on valmis")).to_be_visible()
        await s.until(lambda: s.mari.presence is Presence.AVAILABLE, "Mari to be available")
        call = await s.calls()
        await fit(page)
        await page.keyboard.press("Alt+A")
        await s.until(lambda: s.mari.routing is RoutingState.TALKING, "the talk")
        await s.hear_each_other(call)
        await expect(page.get_by_text("kadu")).to_be_visible()
        await fit(page, "phone")

        await page.keyboard.press("Alt+M")
        await s.is_heard(call, heard=False)
        await page.keyboard.press("Alt+M")
        await s.is_heard(call)
        await page.keyboard.press("Alt+P")
        await s.until(lambda: s.talk_is_held, "the hold")
        await page.keyboard.press("Alt+P")
        await s.hear_each_other(call)

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
        await page.reload()
        await expect(page.get_by_role("button", name="Vasta", exact=True)).to_be_visible()
        await page.keyboard.press("Alt+A")
        await s.hear_each_other(call)
        for held in (False, True):
            if held:
                await page.keyboard.press("Alt+P")
                await s.until(lambda: s.talk_is_held, "the hold")
            assert call.sound is not None
            call.sound.longest_gap_s = 0
            await page.reload()
            hold = page.get_by_role("button", name="Ootele", exact=True)
            await expect(hold).to_have_attribute("aria-pressed", str(held).lower())
            if held:
                await s.until(lambda: s.talk_is_held, "the hold after the reload")
                await page.keyboard.press("Alt+P")
            await s.hear_each_other(call)
            assert held or call.sound.longest_gap_s < BACK_S
        await page.keyboard.press("Alt+H")
        await s.service.outcomes.until_ended(1)
        (record,) = s.records()
        assert (record.ended_by, len(record.legs)) == (EndedBy.OPERATOR, 1)
