"""The desktop in a real browser, on the real service: one operator's call, and a supervisor's wall."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page, async_playwright, expect

from app.domain.campaigns import CampaignSettings, DialMode
from app.domain.ids import CampaignId, QueueId
from app.domain.operators import Presence
from app.floor.events import CampaignSet, ChannelHungUp, LegAnswered, PresenceAsked
from app.live.messages import SLOW_READER
from app.service.desktop.page import BUILT
from tests.api.house import ANY, PASSWORD, House, until
from tests.browser import PLAIN
from tests.desktop.pictures import draw
from tests.live.serving import live_house, sessions
from tests.provision import chromium_path

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
JUDGE = """
async (rules) => {
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return violations.map((one) => [one.id, one.nodes[0].html]);
}
"""
FIT = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast"],  # all else is as in light
}
HELD_MS = 15_000
"""For what is held back for five seconds before it is sent."""
PICTURES = os.environ.get("PICTURES", "")


async def fit(page: Page, picture: str = "") -> None:
    """Everybody can use the page as it is now, in light and in dark colours.

    With `PICTURES=docs/images` in the environment, what is named here is drawn anew for the manual.
    """
    if PICTURES and picture:
        await draw(page, Path(PICTURES), picture)
    for scheme, rules in FIT.items():
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await expect(page.locator(f"html[data-mantine-color-scheme={scheme}]")).to_be_attached()
        moving = (
            "document.getAnimations().map((one) => [one.transitionProperty, one.effect.target.className])"
        )
        assert await page.evaluate(moving) == []  # colours that change slowly are judged half-way
        assert await violations(page, rules) == []


async def violations(page: Page, rules: list[str]) -> list[list[str]]:
    """What axe finds wrong, each with an element. What it found right stays in the browser: it is long."""
    if not await page.evaluate("'axe' in window"):
        # The page's policy lets no script in; the debugger's are none of its.
        await page.evaluate(AXE.read_text())
    found: list[list[str]] = await page.evaluate(JUDGE, rules)
    return found


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=PLAIN)
        yield browser
        await browser.close()


@asynccontextmanager
async def desk(
    browser: Browser, url: str, user: str, locale: str = "et-EE", *, setup: str = ""
) -> AsyncIterator[Page]:
    """A desktop in which somebody has logged in; nothing may go wrong in it that they do not see.

    Args:
        browser: where it opens.
        url: the service's.
        user: their name.
        locale: the browser's.
        setup: a script that runs before the page's own.
    """
    context = await browser.new_context(
        locale=locale,
        viewport={"width": 1280, "height": 720},
        reduced_motion="reduce",  # what fades in has not its colours yet
    )
    page = await context.new_page()
    if setup:
        await page.add_init_script(setup)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    await page.goto(f"{url}/desk")
    await page.fill("input[name=username]", user)
    await page.fill("input[name=password]", PASSWORD)
    await page.click("button[type=submit]")
    await expect(page.locator("header nav")).to_be_visible()
    yield page
    await context.close()
    assert faults == []


async def make(house: House, path: str, **said: object) -> int:
    answer = await house.admin.post(f"/api/v1{path}", json=said)
    assert answer.status_code == 201, answer.text
    made: int = answer.json()["id"]
    return made


async def furnish(house: House) -> list[int]:
    """A queue, an article, and two contacts with one number."""
    await house.make_queue("help", title="Klienditugi", target_s=30)
    phones = [{"number": "5550 0102"}]
    anu = await make(house, "/contacts", surname="Saar", given_name="Anu", phones=phones)
    peeter = await make(house, "/contacts", surname="Saar", given_name="Peeter", phones=phones)
    await make(house, "/complaints", subject="Ruuter", text="Ei tööta", contact=anu)
    text = {"title": "Arve saatmine", "body": "Vali **arved**."}
    article = await make(house, "/articles", texts={"et": text}, queues=["help"])
    published = await house.admin.put(
        f"/api/v1/articles/{article}/state", json={"state": "published"}, headers=ANY
    )
    assert published.status_code == 200, published.text
    return [anu, peeter]


async def test_an_operator_takes_a_call_writes_notes_and_loses_nothing(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        contacts = await furnish(house)
        mari = await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "help")
        await house.runner.post(PresenceAsked(mari, Presence.OFFLINE))
        async with desk(browser, url, "mari") as page:
            await expect(page.get_by_role("heading", name="Sa ei ole veel tööl")).to_be_visible()
            house.runner.floor.break_s = {"lunch": 1800}
            await page.keyboard.press("Alt+2")
            await expect(page.get_by_text("aega jäänud 29:").first).to_be_visible()
            await page.keyboard.press("Alt+1")
            await expect(page.get_by_role("heading", name="Ootad kõnet")).to_be_visible()
            await page.keyboard.press("Alt+q")
            place = page.get_by_role("menuitemcheckbox", name="Klienditugi")
            await expect(place).to_have_attribute("aria-checked", "true")
            await page.keyboard.press("ArrowDown")
            await page.keyboard.press("Enter")
            await expect(place).to_have_attribute("aria-checked", "false")
            await expect(place).to_contain_text("seal pole kedagi")
            await fit(page)
            assert mari not in house.runner.floor.queues[QueueId("help")].members
            await page.reload()
            await page.get_by_role("button", name="Minu järjekorrad: 0/1").click()
            await place.click()
            await expect(place).to_have_attribute("aria-checked", "true")
            await page.keyboard.press("Escape")
            assert mari in house.runner.floor.queues[QueueId("help")].members
            await fit(page)
            call = await house.arrive("help", "+37255500102", "Anu")
            await house.identify(call, "", *contacts)
            channel, leg, endpoint = await house.ring(call)
            await expect(page).to_have_title("Sissetulev kõne: Anu, Klienditugi")
            await expect(page.get_by_text("olid kõige kauem vaba")).to_be_visible()
            await expect(page.get_by_role("button", name="Saar Peeter")).to_be_visible()
            await expect(page.get_by_role("button", name="Arve saatmine")).to_be_visible()
            await fit(page)
            await house.runner.post(LegAnswered(channel, leg, endpoint))
            note = page.get_by_role("textbox", name="Märkmed")
            await note.fill("Arve kadus")
            await expect(page.get_by_text("Hoitud siin; salvestub")).to_be_visible()
            await page.get_by_role("button", name="Saar Anu").click()
            await until(lambda: house.runner.floor.calls[call].contact == contacts[0], "the pick")
            await expect(page.get_by_text("Salvestatud")).to_be_visible()
            await expect(page.get_by_text("#1 Ruuter")).to_be_visible()
            await expect(page.locator("#caller")).to_have_text("Saar Anu")
            await fit(page, "call")
            await page.get_by_role("button", name="Uus kaebus").click()
            await page.get_by_label("Mille kohta").fill("Vale arve")
            await page.reload()
            await expect(page.get_by_label("Mille kohta")).to_have_value("Vale arve")
            await fit(page)
            await page.get_by_role("button", name="Registreeri kaebus").click()
            await expect(page.get_by_text("#2 Vale arve")).to_be_visible()
            made = (await house.admin.get("/api/v1/complaints/2")).json()
            assert (made["contact"], made["call"]) == (contacts[0], call)

            await note.fill("Arve kadus, saatsin uuesti")
            sessions(house)[0].cut(SLOW_READER)
            await page.reload()
            await expect(note).to_have_value("Arve kadus, saatsin uuesti")
            await expect(page.get_by_text("Salvestatud")).to_be_visible()
            await until(lambda: bool(sessions(house)), "the page to come back")
            kept = (await house.admin.get(f"/api/v1/contacts/{contacts[0]}/notes")).json()["items"]
            assert [(one["text"], one["call"]) for one in kept] == [("Arve kadus, saatsin uuesti", call)]

            await page.get_by_role("button", name="Arve saatmine").click()
            await expect(page.locator("article strong, section strong")).to_have_text("arved")
            await page.get_by_role("button", name="Aitas", exact=True).click()
            await expect(page.get_by_text("Aitäh")).to_be_visible()
            await page.get_by_role("button", name="Konto: Mari Maasikas").click()
            await fit(page)
            await page.get_by_role("menuitem", name="Русский").click()
            await expect(page.get_by_role("menu")).to_have_count(0)
            await expect(page.get_by_role("button", name="Перерыв после звонка")).to_be_visible()
            await house.runner.post(ChannelHungUp(channel, 16))
            await expect(page.get_by_role("heading", name="Saar Anu").first).to_be_visible()
            await fit(page)
            await page.keyboard.press("Alt+w")
            await expect(page.get_by_role("heading", name="Ожидание звонка")).to_be_visible()


async def test_a_supervisor_sees_the_floor_and_steers_it(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        await furnish(house)
        await house.make_queue("sales", title="Müük", target_s=0)
        mari = await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "help")
        await house.make_operator({"username": "jaan", "display_name": "Jaan Tamm"}, "sales")
        settings = CampaignSettings(
            CampaignId(1), "Kevad", mode=DialMode.PREDICTIVE, queue=QueueId("sales"), running=True
        )
        await house.runner.post(CampaignSet(settings))
        async with desk(browser, url, "supervisor", "en-GB") as page:
            await expect(page.get_by_role("heading", name="Kevad")).to_be_visible()
            await expect(page.get_by_text("a free operator is kept for each dial")).to_be_visible()
            first = await house.arrive("help", "+37255500103", "Kalle")
            await house.answer(first)
            await house.arrive("help", "+37255500104", "Tiina")
            row = page.locator("section", has_text="Waiting callers").locator("li", has_text="Tiina")
            await expect(row).to_contain_text("Klienditugi")
            await expect(page.locator("li", has_text="Kalle")).to_contain_text("Mari Maasikas")
            await fit(page, "floor")
            await page.get_by_role("link", name="Müük", exact=True).click()
            await expect(row).to_have_count(0)
            await expect(page.locator("li", has_text="Mari Maasikas")).to_have_count(0)
            await page.get_by_role("link", name="show all queues").click()
            await page.get_by_role("button", name="Change the state of Mari Maasikas").click()
            await page.get_by_role("menuitem", name="training").click()
            await until(lambda: house.runner.floor.operators[mari].pending is not None, "the break")
            card = page.get_by_role("region", name="Operators").locator("li", has_text="Mari Maasikas")
            await expect(card).to_contain_text("then: On break: training")
            await page.get_by_role("button", name="Change the state of Mari Maasikas").click()
            await page.get_by_role("menuitem", name="Out of Klienditugi for now").click()
            await expect(card).to_contain_text("not in: Klienditugi")
            tile = page.get_by_role("article", name="Klienditugi")
            await expect(tile).to_contain_text("Nobody is there.")
            await fit(page)
            await page.get_by_role("button", name="Change the state of Mari Maasikas").click()
            await page.get_by_role("menuitem", name="Back into Klienditugi").click()
            await expect(card).not_to_contain_text("not in")


async def test_what_is_served_is_bound_to_its_page_and_kept_by_its_hash(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (_, url), httpx.AsyncClient(base_url=url) as client:
        pages = [await client.get(path) for path in ("/desk", "/desk/work", "/desk")]
        policies = [page.headers["content-security-policy"] for page in pages]
        assert len(set(policies)) == len(pages), "each answer has a nonce of its own"
        for page, policy in zip(pages, policies, strict=True):
            nonce = policy.partition("'nonce-")[2].partition("'")[0]
            assert (f'nonce="{nonce}"' in page.text, "{{nonce}}" in page.text) == (True, False)
            assert ("unsafe" in policy, page.headers["cache-control"]) == (False, "no-cache")
        script = pages[0].text.partition('src="')[2].partition('"')[0]
        file = BUILT / script.removeprefix("/desk/")
        plain = await client.get(script, headers={"Accept-Encoding": "identity"})
        assert plain.content == file.read_bytes()
        async with client.stream("GET", script, headers={"Accept-Encoding": "gzip, br;q=1"}) as small:
            raw = b"".join([piece async for piece in small.aiter_raw()])
        assert raw == file.with_name(f"{file.name}.br").read_bytes()
        assert (plain.headers.get("content-encoding"), small.headers["content-encoding"]) == (None, "br")
        assert small.headers["vary"] == "Accept-Encoding"
        assert "immutable" in small.headers["cache-control"]
        for missing in ("/desk/assets/none.js", "/desk/assets/..%2findex.html", "/desk/assets/x.js.br"):
            gone = await client.get(missing)
            assert (gone.status_code, "immutable" in gone.headers["cache-control"]) == (404, False)
