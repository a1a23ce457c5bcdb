"""How long after its phone began to ring an operator sees who calls, at 50 calls a second.

The centre is that of `bench routing`: a real Asterisk, the service, 100 phones by SIPp. Some operators look at their
pages in Chromium. A time is from `DialBegin`, as Asterisk stamped it when the INVITE left for the phone, to the end of
the picture in which that caller's number or name stood in the page first.
"""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Browser, Page, async_playwright, expect
from sqlalchemy import update
from sqlmodel import col

from app.accounts.hashing import hash_password
from app.accounts.tables import UserRow
from app.pbx.words import endpoint_of
from app.records.engine import open_engine
from bench.centre import CALLER, RULER, Centre, QueuePlan, open_centre
from bench.observer import Observer, Seen
from bench.routing import ANSWER_MS, OPERATORS, TALK_MS, Bench
from bench.table import Row, print_table
from tests.browser import PLAIN
from tests.provision import chromium_path

RATE: Final = 50
CALLS: Final = 3000
PAGES: Final = 2
"""Operators whose pages are looked at: each gets every hundredth call."""
NUMBER: Final = "3726001100"
AIM_MS: Final = 150
SHOWN_MS: Final = 5_000
"""What is shown later is no pop: the call stands in a list of the operator's day."""
PASSWORD: Final = "kevadine metsarada"
WAIT_MS: Final = 60_000
WATCHES: Final = """
(() => {
  window.popped = {}; // the last four digits of a caller, or the number of a contact: when it was drawn first
  const after = new MessageChannel();
  let found = [];
  after.port1.onmessage = () => {
    for (const one of found) window.popped[one] ??= Date.now();
    found = [];
  };
  const look = () => {
    const texts = document.createTreeWalker(document.querySelector("main") ?? document.head, NodeFilter.SHOW_TEXT);
    const seen = [];
    while (texts.nextNode())
      for (const [one] of texts.currentNode.data.matchAll(/Mari \\d+|5550\\s?\\d{4}/g))
        seen.push(one.replace(/\\s/, " "));
    const fresh = seen.filter((one) => !(one in window.popped) && !found.includes(one));
    if (!fresh.length) return;
    found.push(...fresh);
    requestAnimationFrame(() => after.port2.postMessage(null));
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
})();
"""


@asynccontextmanager
async def pages(centre: Centre) -> AsyncIterator[list[Page]]:
    """The first operators at their pages."""
    engine = open_engine(centre.settings.database.url.get_secret_value())
    hashed = await hash_password(PASSWORD)
    async with engine.begin() as connection:
        await connection.execute(update(UserRow).where(col(UserRow.id) <= PAGES).values(password_hash=hashed))
    await engine.dispose()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=PLAIN)
        url = f"http://127.0.0.1:{centre.settings.http.port}/desk"
        yield [await logged_in(browser, url, f"op{at}") for at in range(1, PAGES + 1)]
        await browser.close()


async def logged_in(browser: Browser, url: str, user: str) -> Page:
    """A page of one operator."""
    page = await (await browser.new_context()).new_page()
    page.set_default_timeout(WAIT_MS)
    await page.add_init_script(WATCHES)
    await page.goto(url)
    await page.fill("input[name=username]", user)
    await page.fill("input[name=password]", PASSWORD)
    await page.click("button[type=submit]")
    await expect(page.locator("header nav")).to_be_visible(timeout=WAIT_MS)
    return page


def names(caller: str) -> list[str]:
    """How a page may show a caller: their number, or the name of the contact that has it."""
    last = int(caller[-4:])
    shown = [f"5550 {last:04}"]
    return [*shown, f"Mari {(last + 1) // 2}"] if last % 2 else shown


def times_ms(events: list[Seen], popped: dict[str, dict[str, float]]) -> tuple[list[float], int]:
    """Each pop's time in order of size, and how many calls rang that no page showed."""
    times, missed = [], 0
    for seen in events:
        phone = endpoint_of(seen.event.get("DestChannel"))
        caller = re.sub(r"\D", "", seen.event.get("CallerIDNum"))
        if seen.event.name != "DialBegin" or phone not in popped or not caller.startswith(CALLER):
            continue
        shown = [popped[phone][name] for name in names(caller) if name in popped[phone]]
        if shown and min(shown) - seen.at_s * 1000 < SHOWN_MS:
            times.append(min(shown) - seen.at_s * 1000)
        else:
            missed += 1
    return sorted(times), missed


async def measure() -> list[Row]:
    """Measure."""
    async with open_centre([QueuePlan("bench-100", NUMBER, OPERATORS)], OPERATORS) as centre:
        await centre.phones("op", OPERATORS, answer_ms=ANSWER_MS, talk_ms=TALK_MS)
        await centre.service.idle(OPERATORS)
        async with (
            Observer(centre.layout.ami_port, RULER.name, RULER.secret) as observer,
            pages(centre) as shown,
        ):
            await observer.quiet()
            bench = Bench(centre, observer)
            await bench.calls(NUMBER, 20, 200)  # warm up
            for page in shown:
                await page.evaluate("window.popped = {}")
            await bench.calls(NUMBER, RATE, CALLS)
            popped = {
                f"op{at}": json.loads(await page.evaluate("JSON.stringify(window.popped)"))
                for at, page in enumerate(shown, 1)
            }
            times, missed = times_ms(observer.events(), popped)
    what = f"from the ring to the caller on the page, {RATE} calls/s, {len(times)} pops, {missed} not shown"
    load = os.getloadavg()[0]
    return [
        Row(
            f"{what}, load {load:.0f}: p{share * 100:.0f}",
            f"{at:.0f} ms",
            f"{AIM_MS} ms",
            at / AIM_MS,
            "<= 1" if share == 0.99 else "",
        )
        for share in (0.5, 0.95, 0.99)
        for at in (times[min(len(times) - 1, int(len(times) * share))],)
    ]


def run() -> list[Row]:
    """Measure."""
    return asyncio.run(measure())


def main() -> None:
    """Print the table."""
    print_table("The pop", run())


if __name__ == "__main__":
    main()
