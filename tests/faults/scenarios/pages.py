"""The phone in a page, in a real browser: loaded anew, cut off, killed, frozen, without its microphone; and both its
service and its PBX gone for a while. Judged by what the customer hears.

A tone is said in the page, another by the customer. The longest time between two packets is the gap that they hear.
"""

import asyncio
import math
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import Page, expect

from app.domain.calls import Direction
from app.sandbox.sandbox import Sandbox
from app.system import clock
from tests.api.house import PASSWORD
from tests.desktop.talking import CUSTOMER_SAYS, SETUP, browsing, crash, frozen, hears, is_heard
from tests.desktop.test_desktop import desk
from tests.faults.centre import folder_of_a_centre
from tests.faults.oracle import Verdict, all_records
from tests.faults.report import Report, share_of
from tests.faults.service import PROGRAM, Service
from tests.sipua import Phone, Talk
from tests.stillness import Stillness, watched_for_stillness
from tests.tones import tone_packet
from tests.wire import Wire, wired

NUMBER: Final = "3726000900"
BACK_S: Final = 1.0
"""Within this, 95 of 100 times, sound is back after the page was loaded anew."""
GAP_S: Final = 0.2
"""The longest gap while the websocket is cut."""
MUSIC_S, TAKEN_S, MISSED_S, PLUGGED_S = 5.0, 20.0, 20.0, 2.0
WAIT_S: Final = 40.0
CUT_S: Final = (0.5, 20.0)
MOMENTS: Final = ("ringing", "talking", "held", "consulting")
AVAILABLE: Final = {"presence": "available"}


@dataclass
class Pages:
    """Mari at the page, Jaan at a desk phone, and Anna, a customer."""

    service: Service
    sandbox: Sandbox
    wire: Wire
    page: Page
    jaan: Phone
    anna: Phone
    mari: int
    measured: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    calls: int = 0
    others: int = 0
    """Calls that two operators had a part in."""
    asked: int = 0
    """Calls between colleagues."""

    async def until(self, check: Callable[[Any], bool], what: str) -> None:
        """Wait until the floor is shown so."""
        deadline_s = clock.monotonic() + WAIT_S
        while True:
            floor = await self.service.floor()
            if floor is not None and check(floor):
                return
            assert clock.monotonic() < deadline_s, what
            await asyncio.sleep(0.05)

    def me(self, floor: Any) -> Any:
        """Mari, as she is shown."""
        return next(one for one in floor["operators"] if one["id"] == self.mari)

    async def until_mari(self, what: str, **shown: str) -> None:
        """Wait until she is shown so."""
        await self.until(lambda floor: shown.items() <= self.me(floor).items(), what)

    async def press(self, keys: str) -> None:
        await self.page.keyboard.press(keys)

    async def dial(self) -> Talk:
        """Anna calls, and the page rings."""
        call = await self.anna.dial(NUMBER)
        assert call.sound is not None
        call.sound.says = tone_packet(CUSTOMER_SAYS)
        self.calls += 1
        await self.rings()
        return call

    async def rings(self) -> None:
        await expect(self.page.get_by_role("button", name="Vasta", exact=True)).to_be_visible(
            timeout=WAIT_S * 1000
        )

    async def talk(self) -> Talk:
        """They talk."""
        call = await self.dial()
        await self.press("Alt+A")
        await self.hear_each_other(call)
        return call

    async def hear_each_other(self, call: Talk) -> None:
        await hears(self.page)
        await is_heard(self.anna, call)

    async def hang_up(self, call: Talk) -> None:
        await self.anna.hang_up(call)
        await self.until_mari("Mari to be free", routing="idle", device="registered")

    def gap(self, call: Talk) -> float:
        """The longest gap that Anna heard since she was asked last."""
        assert call.sound is not None
        longest_s, call.sound.longest_gap_s = call.sound.longest_gap_s, 0.0
        return longest_s

    async def held(self, is_held: bool) -> None:
        """Wait until Mari's button says so, and the floor."""
        hold = self.page.get_by_role("button", name="Ootele", exact=True)
        await expect(hold).to_have_attribute("aria-pressed", str(is_held).lower(), timeout=WAIT_S * 1000)
        await self.until_mari("the hold", routing="on_hold" if is_held else "talking")

    async def open(self) -> None:
        """She becomes available."""
        await self.until_mari("the page to register", device="registered")
        await self.press("Alt+1")
        await self.until_mari("Mari to be available", presence="available")


async def reload(s: Pages, moment: str) -> None:
    """Load the page anew at this moment of a call."""
    if moment == "ringing":
        call = await s.dial()
        began_s = clock.monotonic()
        await s.page.reload()
        await s.rings()
        s.measured["loaded anew: rings again"].append(clock.monotonic() - began_s)
        await s.press("Alt+A")
        await s.hear_each_other(call)
    else:
        call = await s.talk()
    if moment == "held":
        await s.press("Alt+P")
        await s.held(True)
    if moment == "consulting":
        await s.jaan.register_again()  # it does not by itself, and this takes longer than it lasts
        await s.press("Alt+T")
        await s.page.get_by_label("Nimi või number").fill("102")
        await s.page.get_by_label("Nimi või number").press("Enter")
        s.jaan.answer(await s.jaan.rings())
        s.asked += 1
        await expect(s.page.get_by_role("button", name="Ühenda nad")).to_be_enabled()
    s.gap(call)
    if moment == "held":
        await s.page.reload()
    elif moment != "ringing":
        began_ms = clock.utc_now().timestamp() * 1000
        await s.page.reload()
        await s.page.wait_for_function("() => window.sounded", timeout=WAIT_S * 1000)
        heard_ms = await s.page.evaluate("window.sounded")
        s.measured[f"loaded anew, {moment}: Mari hears"].append((heard_ms - began_ms) / 1000)
    if moment == "talking":
        await s.hear_each_other(call)
        s.measured["loaded anew, talking: Anna hears nothing for"].append(s.gap(call))
    if moment == "held":
        await s.held(True)
        await s.press("Alt+P")
        await s.held(False)
        await s.hear_each_other(call)
    if moment == "consulting":
        await s.page.get_by_role("button", name="Ühenda nad").click()
        await s.anna.hears(call, s.jaan.voice)
        s.others += 1
    await s.hang_up(call)


async def cut(s: Pages, cut_s: float, *, hangs_up: bool) -> None:
    """Cut the websocket in a talk."""
    call = await s.talk()
    s.gap(call)
    s.wire.cut()
    await asyncio.sleep(cut_s)
    s.wire.mend()
    await expect(s.page.get_by_text("Telefon ühendub")).to_be_hidden(timeout=WAIT_S * 1000)
    await s.hear_each_other(call)
    s.measured["cut off: Anna hears nothing for"].append(s.gap(call))
    if not hangs_up:
        await s.hang_up(call)
        return
    await s.press("Alt+H")
    await s.anna.until(lambda: bool(call.ended_s))
    await s.until_mari("Mari to be free", routing="idle")


async def pull(s: Pages) -> None:
    """Unplug the microphone in a talk."""
    call = await s.talk()
    await s.page.evaluate("pull()")
    began_s = clock.monotonic()
    await is_heard(s.anna, call)
    s.measured["microphone pulled: Anna hears Mari after"].append(clock.monotonic() - began_s)
    await s.page.get_by_role("button", name="Selge").click()
    await s.hang_up(call)


async def restart_service(s: Pages) -> None:
    """Kill the service in a talk, and start it."""
    call = await s.talk()
    s.gap(call)
    await s.service.kill()
    await s.service.start()
    await s.service.ready()
    await s.until_mari("the talk", routing="talking")
    await s.hear_each_other(call)
    s.measured["service killed: Anna hears nothing for"].append(s.gap(call))
    await s.press("Alt+H")
    await s.anna.until(lambda: bool(call.ended_s))
    await s.until_mari("Mari to be free", routing="idle")


async def restart_pbx(s: Pages) -> None:
    """Kill the PBX, and start it."""
    await s.sandbox.kill()
    await s.sandbox.start()
    began_s = clock.monotonic()
    await s.until_mari("the page to register", device="registered")
    s.measured["PBX killed: registered after"].append(clock.monotonic() - began_s)
    await s.hang_up(await s.talk())


async def freeze(s: Pages) -> None:
    """Let the tab stand still, as browsers do with those that nobody looks at."""
    async with frozen(s.page):
        began_s = clock.monotonic()
        await s.until_mari("the frozen page to be missed", device="unreachable")
        s.measured["frozen: shown unreachable after"].append(clock.monotonic() - began_s)
    began_s = clock.monotonic()
    await s.until_mari("the page to be back", device="registered")
    s.measured["frozen: back after"].append(clock.monotonic() - began_s)
    await s.hang_up(await s.talk())


async def kill_page(s: Pages, jaan: int) -> None:
    """Let the page's process die in a talk."""
    call = await s.talk()
    await s.jaan.register_again()
    await s.service.ask("PUT", f"/operators/{jaan}/state", AVAILABLE)
    s.gap(call)
    await crash(s.page)
    began_s = clock.monotonic()
    talk = await s.jaan.rings(WAIT_S)
    s.measured["page killed: the next phone rings after"].append(clock.monotonic() - began_s)
    s.measured["page killed: Anna hears nothing for"].append(s.gap(call))
    s.jaan.answer(talk)
    await s.anna.hears(call, s.jaan.voice)
    s.others += 1
    await s.anna.hang_up(call)


LIMITS: Final = {
    "loaded anew, talking: Anna hears nothing for": (0.95, BACK_S),
    "loaded anew, talking: Mari hears": (0.95, BACK_S),
    "loaded anew, consulting: Mari hears": (0.95, BACK_S),
    "cut off: Anna hears nothing for": (1.0, GAP_S),
    "service killed: Anna hears nothing for": (1.0, GAP_S),
    "microphone pulled: Anna hears Mari after": (1.0, PLUGGED_S),
    "frozen: shown unreachable after": (1.0, MISSED_S),
    "page killed: Anna hears nothing for": (1.0, MUSIC_S),
    "page killed: the next phone rings after": (1.0, TAKEN_S),
}
"""The share of the times, and within how many seconds."""


async def break_pages(*, reloads: int, cuts: int, seed: int) -> Report:
    """Tell it, and judge.

    Args:
        reloads: how often the page is loaded anew, at moments of chance.
        cuts: how often its websocket is cut, for times of chance.
        seed: of the chance.
    """
    chance = random.Random(seed)
    shortest, longest = (math.log(one) for one in CUT_S)
    acts: list[Callable[[Pages], Awaitable[None]]] = [pull, restart_service, restart_pbx, freeze]
    moments = [chance.choice(MOMENTS) for _ in range(reloads)]
    acts += [lambda s, moment=moment: reload(s, moment) for moment in moments]  # type: ignore[misc]
    lengths = [math.exp(chance.uniform(shortest, longest)) for _ in range(cuts)]
    acts += [
        lambda s, cut_s=cut_s, hangs_up=at % 3 == 0: cut(s, cut_s, hangs_up=hangs_up)  # type: ignore[misc]
        for at, cut_s in enumerate(lengths)
    ]
    chance.shuffle(acts)
    async with pages() as (s, jaan, stillness):
        for act in acts:
            await act(s)
        await kill_page(s, jaan)
        verdict = await judged(s)
        measured = dict(sorted(s.measured.items()))
        broken = verdict.broken + [
            f"{what}: {share_of(measured[what], share):.2f} s, not {limit_s:g}"
            for what, (share, limit_s) in LIMITS.items()
            if what in measured and share_of(measured[what], share) > limit_s
        ]
        return Report(
            "the phone in the page",
            len(acts) + 1,
            verdict=verdict,
            right_s=0.0,
            broken=broken,
            disturbed=stillness.disturbed,
            measured=measured,
        )


async def judged(s: Pages) -> Verdict:
    """Hold the records against the calls that there were, of customers and between colleagues."""
    verdict = Verdict(calls=s.calls, talks=s.calls + s.others)
    deadline_s = clock.monotonic() + WAIT_S
    while True:
        ended = [one for one in await all_records(s.service.database_url) if one["ended_at"]]
        records = [one for one in ended if one["direction"] == Direction.INBOUND.value]
        asked = len(ended) - len(records)
        if (len(records) >= s.calls and asked >= s.asked) or clock.monotonic() > deadline_s:
            break
        await asyncio.sleep(0.2)
    talks = sum(leg["answered_at"] is not None for one in records for leg in one["legs"])
    for what, were, are in (("calls", s.calls, len(records)), ("calls between colleagues", s.asked, asked)):
        if are != were:
            (verdict.lost if are < were else verdict.twice).append(f"{were} {what} have {are} records")
    if talks != s.calls + s.others:
        verdict.untrue.append(f"{s.calls + s.others} talks are {talks} in the records")
    return verdict


@asynccontextmanager
async def pages() -> AsyncIterator[tuple[Pages, int, Stillness]]:
    """Everybody is there, and Mari is available; with Jaan's id."""
    async with AsyncExitStack() as stack:
        folder = folder_of_a_centre(stack)
        sandbox = Sandbox(folder / "pbx")
        stack.push_async_callback(sandbox.stop)
        layout = await sandbox.start()
        wire = await stack.enter_async_context(wired(layout.websocket_url))
        url = f"sqlite+aiosqlite:///{folder / 'keskus.sqlite'}"
        service = Service(folder, sandbox, layout.ami_port, url, {}, PROGRAM)
        service.environment["KESKUS__PBX__WEBSOCKET_URL"] = wire.url
        stack.push_async_callback(service.close)
        await service.start()
        await service.ready()
        await service.log_in()
        queue = {"id": "abi", "title": "Klienditugi", "ring_s": 20, "wrap_up_s": 0}
        await service.ask("POST", "/queues", queue)
        await service.ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "abi"})
        made = []
        for name, number, browser in (("mari", "101", True), ("jaan", "102", False)):
            user = {"username": name, "password": PASSWORD, "display_name": f"{name.title()} Maasikas"}
            said = {"user": user, "memberships": [{"queue": "abi"}], "browser": browser, "number": number}
            made.append(await service.ask("POST", "/operators", said))
        mari, jaan = made
        stillness = await stack.enter_async_context(watched_for_stillness(sandbox))
        account = (jaan["endpoint"], jaan["sip"]["secret"])
        phone = await stack.enter_async_context(Phone(layout, *account, voice=0x32))
        anna = await stack.enter_async_context(Phone.customer(layout, "37255500201"))
        expect.set_options(timeout=WAIT_S * 1000)
        chromium = await stack.enter_async_context(browsing(folder))
        page = await stack.enter_async_context(desk(chromium, service.url, "mari", setup=SETUP))
        s = Pages(service, sandbox, wire, page, phone, anna, mari["id"])
        await s.open()
        yield s, jaan["id"], stillness
