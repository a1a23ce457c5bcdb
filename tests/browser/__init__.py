"""A phone in a real Chromium: SIP over the PBX's websocket, sound by WebRTC."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from playwright.async_api import Browser, Error, Page, Route, async_playwright

from tests.provision import chromium_path
from tests.sipline import WAIT_S
from tests.sipmessage import signed
from tests.sipua import CLEARLY

PLAIN: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""What Chromium is started with, wherever a page is tried."""
FLAGS: Final = (
    *PLAIN,
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--ignore-certificate-errors",
    "--autoplay-policy=no-user-gesture-required",
    # Addresses as they are; and a page that the test answers may speak to loopback.
    "--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
)
ADDRESS: Final = "http://localhost/"
"""Of the page; nothing listens there, the test answers. A browser lets this address use the microphone."""
_FILES: Final = Path(__file__).parent


class BrowserPhone:
    """One account's phone in a page of its own; registered from `open` on."""

    def __init__(self, browser: Browser, url: str, account: str, secret: str) -> None:
        """Name the phone.

        Args:
            browser: where its page is opened.
            url: the PBX's websocket.
            account: the softphone's name.
            secret: its secret, which the page never has.
        """
        self.told: list[str] = []
        """What the page told, the oldest first: `registered`, `rings`, `over`, ..."""
        self.page: Page
        self._browser = browser
        self._address = f"{ADDRESS}?{urlencode({'pbx': url, 'account': account})}"
        self._account, self._secret = account, secret
        self._answered = 0
        self._stopped: list[int] = []
        self._changed = asyncio.Event()

    async def open(self) -> None:
        """Open the page and wait until it is registered."""
        context = await self._browser.new_context(permissions=["microphone"])
        await context.route(f"{ADDRESS}**", _serve)
        await context.expose_function("sign", self._sign)
        await context.expose_function("tell", self._tell)
        self.page = await context.new_page()
        await self.page.goto(self._address)
        await self.until("registered")

    async def reload(self) -> None:
        """Load the page anew, as a person does; wait until it is registered again."""
        before = self.count("registered")
        await self.page.reload()
        await self.until("registered", before + 1)

    async def reconnect(self) -> None:
        """Open a new websocket and register there; a talk goes on."""
        before = self.count("registered")
        await self.page.evaluate("phone.connect()")
        await self.until("registered", before + 1)

    async def cut(self) -> None:
        """Lose the websocket."""
        before = self.count("cut")
        await self.page.evaluate("phone.socket.close()")
        await self.until("cut", before + 1)

    async def answer(self) -> None:
        """Wait until it rings; pick up."""
        self._answered += 1
        await self.until("rings", self._answered)
        await self.page.evaluate("phone.answer()")

    async def hold(self) -> None:
        """Put the other party on hold."""
        assert await self.page.evaluate("phone.renegotiate('sendonly')") == 200

    async def renegotiate(self) -> None:
        """Talk on, from hold or by a new websocket."""
        assert await self.page.evaluate("phone.renegotiate('sendrecv')") == 200

    async def hang_up(self) -> None:
        """End the talk."""
        assert await self.page.evaluate("phone.hangUp()") == 200

    async def dies(self, how: str) -> None:
        """End the browser (`closed`, `killed`) or its page (`crashed`), or let all of it stand still (`stopped`)."""
        if how == "closed":
            await self._browser.close()
        elif how == "crashed":
            await self._crash()
        else:
            session = await self._browser.new_browser_cdp_session()
            told = await session.send("SystemInfo.getProcessInfo")
            # Its own, and those of its pages, network and sound.
            processes = [int(one["id"]) for one in told["processInfo"]]
            self._stopped = processes if how == "stopped" else []
            _signal(processes, signal.SIGSTOP if self._stopped else signal.SIGKILL)

    async def close(self) -> None:
        """End the browser, whatever has become of it."""
        _signal(self._stopped, signal.SIGKILL)
        await self._browser.close()

    async def _crash(self) -> None:
        session = await self.page.context.new_cdp_session(self.page)

        async def ask() -> None:
            with suppress(Error):  # who crashes does not answer
                await session.send("Page.crash")

        async with asyncio.TaskGroup() as group:
            asked = group.create_task(ask())
            await self.page.wait_for_event("crash")
            asked.cancel()

    async def hears(self) -> None:
        """Wait until the other party is clearly heard, counted from now."""
        enough = await self.page.evaluate("phone.packets()") + CLEARLY
        await self.page.wait_for_function(
            "async (enough) => await phone.packets() >= enough", arg=enough, polling=50, timeout=WAIT_S * 1000
        )

    def count(self, what: str) -> int:
        """How often the page has told this."""
        return self.told.count(what)

    async def until(self, what: str, times: int = 1) -> None:
        """Wait until the page has told this so often."""
        try:
            async with asyncio.timeout(WAIT_S):
                while self.count(what) < times:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"the page of {self._account} told only {self.told}") from None

    def _sign(self, challenge: str, method: str, uri: str) -> str:
        return signed(challenge, method, uri, self._account, self._secret)

    def _tell(self, what: str) -> None:
        self.told.append(what)
        self._changed.set()


@asynccontextmanager
async def browser_phone(url: str, account: str, secret: str) -> AsyncIterator[BrowserPhone]:
    """A phone in a Chromium of its own; give it registered."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        phone = BrowserPhone(browser, url, account, secret)
        try:
            await phone.open()
            yield phone
        finally:
            await phone.close()


def _signal(processes: Iterable[int], number: int) -> None:
    for process in processes:
        with suppress(ProcessLookupError):  # it has ended with the one before
            os.kill(process, number)


async def _serve(route: Route) -> None:
    name = "phone.js" if route.request.url.endswith("phone.js") else "phone.html"
    await route.fulfill(path=_FILES / name)
