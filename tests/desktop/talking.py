"""People who talk by the phone in the page: a browser that says a tone, and ears for what is said."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Page, async_playwright

from app.system import clock
from tests.browser import FLAGS
from tests.provision import chromium_path
from tests.sipua import Phone, Talk
from tests.tones import loudness, write_bursts

PAGE_SAYS: Final = 1000
CUSTOMER_SAYS: Final = 400
"""The tones that are said into the page's microphone and by the customer, in hertz."""
HEARD: Final = 0.02
QUIET: Final = "--autoplay-policy=document-user-activation-required"
SETUP: Final = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }; // a tone is noise to them
const microphones = [];
navigator.mediaDevices.getUserMedia = async ({ audio }) => {
  const stream = await ask({ audio: { ...audio, ...plain } });
  microphones.push(stream);
  return stream;
};
window.lines = [];
window.RTCPeerConnection = class extends window.RTCPeerConnection {
  constructor(...all) {
    super(...all);
    window.lines.push(this);
    this.addEventListener("track", ({ track }) =>
      track.addEventListener("unmute", () => (window.sounded ??= Date.now())));
  }
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
window.pull = () => { // what a browser does when the microphone is unplugged
  const pulled = microphones.flatMap((one) => one.getTracks());
  const said = window.lines.flatMap((line) => line.getSenders().flatMap(({ track }) => track ?? []));
  for (const track of [...pulled, ...said]) track.stop();
  for (const track of pulled) track.dispatchEvent(new Event("ended"));
  navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
};
for (const [kind, what] of [[HTMLMediaElement, "play"], [AudioContext, "resume"]]) {
  const real = kind.prototype[what];
  kind.prototype[what] = async function () {
    await real.call(this);
    console.log(what, navigator.userActivation.hasBeenActive ? "touched" : "untouched");
  };
}
window.notices = [];
window.Notification = class {
  static permission = "default";
  static async requestPermission() { return (this.permission = "granted"); }
  constructor(title, { body }) { window.notices.push(`${title} | ${body}`); }
  close() { window.notices.push("closed"); }
};
"""


@asynccontextmanager
async def browsing(folder: Path) -> AsyncIterator[Browser]:
    """A browser that says a tone, and lets no page sound in which nobody has clicked."""
    write_bursts(folder / "page.wav", PAGE_SAYS)
    flags = [*(flag for flag in FLAGS if "autoplay" not in flag), QUIET]
    flags.append(f"--use-file-for-fake-audio-capture={folder / 'page.wav'}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=flags)
        yield browser
        await browser.close()


@asynccontextmanager
async def frozen(page: Page) -> AsyncIterator[None]:
    """Nothing of the page runs, as in a tab that the browser has frozen. (Only one that is hidden can be frozen, and
    a browser without a screen hides none.)"""
    session = await page.context.new_cdp_session(page)
    await session.send("Debugger.enable")
    await session.send("Debugger.pause")
    yield
    await session.send("Debugger.resume")
    await session.detach()


async def crash(page: Page) -> None:
    """Let the page's process die."""
    session = await page.context.new_cdp_session(page)
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(session.send("Page.crash"))
        await page.wait_for_event("crash")
        asking.cancel()  # who crashes does not answer


async def hears(page: Page, hertz: int = CUSTOMER_SAYS) -> None:
    """Wait until a tone is heard in the page."""
    await page.wait_for_function("async (hertz) => Math.abs(await window.loudest() - hertz) < 30", arg=hertz)


async def is_heard(phone: Phone, call: Talk, *, hertz: int = PAGE_SAYS, heard: bool = True) -> None:
    """Wait until a tone is heard at a phone, or is not for a second."""
    assert call.sound is not None
    sound, since_s = call.sound, clock.monotonic()
    sound.lately.clear()
    sound.on_heard = phone.touch

    def told() -> bool:
        nonlocal since_s
        loud = loudness(sound.lately, hertz) > HEARD
        if loud and not heard:
            since_s = clock.monotonic()
        return loud if heard else clock.monotonic() - since_s > 1

    await phone.until(told)
