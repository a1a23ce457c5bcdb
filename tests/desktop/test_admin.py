"""The administrator's pages in a real browser: from an empty installation to an answered call, and what follows."""

import json
from pathlib import Path

import httpx
from playwright.async_api import FilePayload, Locator, Page, expect

from app.domain.ids import OperatorId
from app.domain.operators import DeviceState, Presence
from app.floor.events import ChannelHungUp, DeviceChanged, PresenceAsked
from app.pbx.sounds import SoundFolder
from app.system import clock
from tests.api.house import ANY, House
from tests.api.test_sounds import wav
from tests.live.serving import live_house

from . import test_desktop
from .test_desktop import FIT, HELD_MS, browsing, desk, make, violations

FIVE_MINUTES_S = 300
MANY = 20


async def go(page: Page, link: str) -> None:
    await (
        page.get_by_role("navigation", name="Administration")
        .get_by_role("link", name=link, exact=True)
        .click()
    )
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def fit(page: Page, picture: str = "") -> None:
    """As of any page, from its top: what has gone below the bar is no text to be judged."""
    await page.evaluate("scrollTo(0, 0)")
    await test_desktop.fit(page, picture)


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


async def save(page: Page) -> None:
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Saved.")).to_be_visible()


async def undo(page: Page) -> None:
    await page.get_by_role("button", name="Undo", exact=True).click()
    await expect(page.get_by_text("Saved.")).to_have_count(0)


async def test_from_an_empty_installation_to_the_first_answered_call(tmp_path: Path) -> None:
    async with (
        live_house(tmp_path) as (house, url),
        browsing() as browser,
        desk(browser, url, "administrator", "en-GB") as page,
    ):
        began = clock.utc_now()
        await page.get_by_role("link", name="The first steps lead to the first call.").click()
        current = page.locator("[aria-current=step]")
        await expect(current).to_contain_text("A queue")
        await fit(page, "admin-first-steps")
        await current.get_by_role("link").click()
        await expect(box(page, "Name")).to_be_focused()
        await page.keyboard.type("Help desk")
        await box(page, "Id").fill("help desk")
        await page.keyboard.press("Enter")
        said = await box(page, "Id").evaluate("(field) => field.validationMessage")
        assert said == "This does not fit. Letters, digits and dashes. It never changes."
        await box(page, "Id").fill("help")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Made.")).to_be_visible()
        await page.get_by_role("link", name="To the next of the first steps").click()
        await expect(current).to_contain_text("A number")
        await current.get_by_role("link").click()
        await box(page, "Number").fill("3726000100")
        await page.get_by_role("combobox", name="Queue").select_option("Help desk")
        await page.get_by_role("button", name="Make", exact=True).click()
        await expect(page.get_by_text("Made.")).to_be_visible()
        await go(page, "First steps")
        await expect(current).to_contain_text("An operator")
        await current.get_by_role("link").click()
        user = page.get_by_role("group", name="New user")
        await user.get_by_role("textbox", name="Name", exact=True).fill("Mari Maasikas")
        await user.get_by_role("textbox", name="User name").fill("mari")
        await user.get_by_label("Password").fill("short")
        await box(page, "Skills").fill("lang:et")
        queue = page.get_by_role("group", name="Queues").get_by_role("combobox")
        await expect(queue).to_have_value("help")  # the only one there is
        await page.get_by_role("button", name="Make", exact=True).click()
        await expect(page.locator("[role=alert]:visible")).to_have_count(1)
        await expect(page.get_by_text("A password has at least 10 characters")).to_have_count(1)
        await expect(user.get_by_role("textbox", name="Name", exact=True)).to_have_value("Mari Maasikas")
        await fit(page)
        await user.get_by_label("Password").fill("kevadine metsarada 7")
        await page.get_by_label("Phone in the page").uncheck()
        await page.get_by_role("button", name="Make", exact=True).click()
        await expect(page.get_by_role("img", name="QR code of the account")).to_be_visible()
        await expect(page.get_by_text("the secret is not shown again")).to_be_visible()
        await fit(page, "admin-phone")

        (mari,) = (await house.admin.get("/api/v1/operators")).json()
        await house.runner.post(DeviceChanged(mari["endpoint"], DeviceState.REGISTERED))
        await house.runner.post(PresenceAsked(OperatorId(mari["id"]), Presence.AVAILABLE))
        await go(page, "First steps")
        await expect(current).to_contain_text("A test call")
        call = await house.arrive("help", "+37255500105")
        await house.answer(call)
        await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
        await house.journaled()
        await expect(page.get_by_text("The centre works")).to_be_visible()
        assert (clock.utc_now() - began).total_seconds() < FIVE_MINUTES_S
        await fit(page)


async def furnish(house: House) -> None:
    await house.make_queue("help", title="Help desk")
    await house.make_queue("sales", title="Sales")
    await house.admin.put("/api/v1/routes/3726000100", json={"kind": "queue", "target": "help"}, headers=ANY)
    await make(house, "/tags", name="Wholesale")
    texts = {"en": {"title": "Spring"}}
    await make(house, "/promotions", texts=texts, from_at="2026-03-01T00:00:00Z", queues=["help"])
    phones = [{"number": "5550 0106"}]
    await make(house, "/contacts", surname="Saar", given_name="Anu", phones=phones)
    await make(house, "/contacts", surname="Saar", given_name="Anu M", phones=phones)


async def test_changes_are_seen_before_saved_and_undone_after(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        await furnish(house)
        async with desk(browser, url, "administrator", "en-GB") as page:
            await page.get_by_role("link", name="Administration").click()
            await go(page, "Queues")
            await page.get_by_role("searchbox").fill("help")
            await expect(page.get_by_role("row")).to_have_count(2)
            await fit(page, "admin-queues")
            await page.get_by_role("link", name="Help desk").click()
            touched = page.get_by_role("region", name="A change touches")
            await expect(touched.get_by_role("link", name="3726000100")).to_be_visible()
            await expect(touched.get_by_role("link", name="Spring")).to_be_visible()
            name = box(page, "Name")
            await name.fill("Support")
            await page.reload()
            await expect(name).to_have_value("Support")  # what was typed outlives a reload
            await fit(page, "admin-queue")
            await save(page)
            assert (await house.admin.get("/api/v1/queues/help")).json()["title"] == "Support"
            await undo(page)
            assert (await house.admin.get("/api/v1/queues/help")).json()["title"] == "Help desk"
            await page.get_by_role("textbox", name="Address that opens").fill("ftp://x")
            await page.get_by_role("button", name="Save", exact=True).click()
            await expect(page.locator("[role=alert]:visible")).to_be_visible()
            await page.get_by_role("button", name="Give up").click()

            await page.get_by_role("textbox", name="Address that opens").fill("")
            circle = {"max_wait_s": 60, "max_wait_then": "queue", "overflow_queue": "help"}
            assert (
                await house.admin.put("/api/v1/queues/sales", json={"title": "Sales"} | circle, headers=ANY)
            ).is_success
            await page.get_by_label("The longest wait, seconds").fill("60")
            await page.get_by_role("combobox", name="After the longest wait").select_option("queue")
            await page.get_by_role("combobox", name="The other queue").select_option("Sales")
            await page.get_by_role("button", name="Save", exact=True).click()
            await expect(page.get_by_text("a caller would go round in a circle", exact=False)).to_be_visible()
            await page.get_by_role("button", name="Give up").click()

            await go(page, "Promotions")
            await page.get_by_role("link", name="Spring").click()
            title = box(page, "Title")
            await title.fill("Summer")
            theirs = {"texts": {"en": {"title": "Autumn"}}, "from_at": "2026-03-01T00:00:00Z"}
            changed = await house.admin.put("/api/v1/promotions/1", json=theirs, headers=ANY)
            assert changed.status_code == 200
            await page.get_by_role("button", name="Save", exact=True).click()
            await expect(page.get_by_text("it was changed meanwhile", exact=False)).to_be_visible()
            await fit(page)
            await page.get_by_role("button", name="Save mine all the same").click()
            await expect(page.get_by_text("Saved.")).to_be_visible()
            assert (await house.admin.get("/api/v1/promotions/1")).json()["texts"]["en"]["title"] == "Summer"

            await go(page, "Audit log")
            await box(page, "What").fill("queue:help")
            entry = page.get_by_role("button", name="queue.changed help").first
            await entry.click()
            await expect(page.get_by_role("row", name="title Support Help desk")).to_be_visible()
            await fit(page, "admin-audit")
            await page.get_by_role("button", name="Undo this change").click()
            await expect(page.get_by_role("button", name="queue.changed help")).to_have_count(3)
            assert (await house.admin.get("/api/v1/queues/help")).json()["title"] == "Support"

            await go(page, "Health and settings")
            await expect(page.get_by_text("Records of calls are safe")).to_be_visible()
            await fit(page)

            await go(page, "Configuration as a file")
            async with page.expect_download() as saved:
                await page.get_by_role("button", name="Save the configuration as a file").click()
            file = json.loads((await (await saved.value).path()).read_text())
            file["queues"][0]["title"] = "First line"
            changed_file = FilePayload(
                name="centre.json", mimeType="application/json", buffer=json.dumps(file).encode()
            )
            await page.locator("input[type=file]").set_input_files(changed_file)
            await expect(page.get_by_role("row", name="help Queues title")).to_be_visible()
            await fit(page, "admin-file")
            await page.get_by_role("button", name="Bring it in").click()
            await expect(page.get_by_text("It was brought in.")).to_be_visible()
            assert (await house.admin.get("/api/v1/queues/help")).json()["title"] == "First line"


async def test_what_programs_and_callers_are_given(tmp_path: Path) -> None:
    (tmp_path / "sounds").mkdir()
    async with (
        live_house(tmp_path, sounds=SoundFolder(tmp_path / "sounds")) as (house, url),
        browsing() as browser,
    ):
        await furnish(house)
        lack = {"question": "päikesepaneel", "queue": "help"}
        assert (await house.admin.post("/api/v1/articles/unanswered", json=lack)).is_success
        async with desk(browser, url, "administrator", "en-GB") as page:
            await page.get_by_role("link", name="Administration").click()
            await go(page, "API tokens")
            await page.get_by_role("link", name="New token").click()
            await box(page, "Program").fill("CRM")
            await page.get_by_role("button", name="Make", exact=True).click()
            told = page.get_by_role("region", name="The new token").locator("code")
            program = {"Authorization": f"Bearer {await told.inner_text()}"}
            async with httpx.AsyncClient(base_url=url, headers=program) as client:
                assert (await client.get("/api/v1/queues")).status_code == 200
                await fit(page)
                await page.get_by_role("link", name="Open it").click()
                await page.get_by_role("button", name="Take away").click()
                await expect(page.get_by_text("“CRM” is taken away.")).to_be_visible()
                await expect(page.get_by_role("button", name="Undo")).to_be_focused()
                await page.keyboard.press("Enter")
                await expect(page.get_by_role("button", name="Take away")).to_be_focused()
                await page.keyboard.press("Enter")
                tokens = page.get_by_role("heading", level=1, name="API tokens")
                await expect(tokens).to_be_visible(timeout=HELD_MS)
                assert (await client.get("/api/v1/queues")).status_code == 401

            await go(page, "Sounds")
            await expect(page.get_by_text("No sound was brought in yet", exact=False)).to_be_visible()
            heard = FilePayload(
                name="Palun oodake.wav", mimeType="audio/wav", buffer=wav(rate=44_100, channels=2)
            )
            await page.locator("input[type=file]").set_input_files(heard)
            await expect(box(page, "Name")).to_have_value("Palun-oodake")
            await box(page, "What is said in it").fill("Palun oodake")
            await page.get_by_role("button", name="Bring it in").click()
            row = page.get_by_role("row", name="Palun oodake")
            player = row.locator("audio")
            await player.evaluate("(audio) => audio.play()")
            await player.evaluate(
                "(audio) => new Promise((ended) => { audio.ended ? ended() : audio.onended = ended; })"
            )
            await fit(page, "admin-sounds")
            await row.get_by_role("button", name="Take away").click()
            await expect(row).to_have_count(0)
            await page.get_by_role("button", name="Undo").click()
            await expect(row).to_be_visible()
            (sound,) = (await house.admin.get("/api/v1/sounds")).json()
            assert (sound["name"], sound["title"], sound["seconds"]) == ("Palun-oodake", "Palun oodake", 0.5)

            await go(page, "Search of articles")
            lacking = page.get_by_role("row", name="päikesepaneel")
            await lacking.get_by_role("button", name="Dealt with").click()
            await expect(lacking).to_have_count(0)
            await page.get_by_role("button", name="Undo").click()
            await expect(lacking).to_be_visible()
            await page.get_by_role("button", name="Switch off").first.click()
            await expect(page.get_by_role("row", name="out of use")).to_be_visible()
            await fit(page)

            await go(page, "CRM")
            await page.get_by_role("link", name="Ask a CRM").click()
            await page.get_by_role("combobox", name="Described by").select_option("url")
            await box(page, "Address that is asked").fill("http://127.0.0.1:9/people?phone=[Number]")
            await page.get_by_role("button", name="Make", exact=True).click()
            await page.get_by_role("link", name="Open it").click()
            await box(page, "Number to try").fill("5550 0107")
            await page.get_by_role("button", name="Ask the CRM").click()
            await expect(page.get_by_text("no answer: nothing answers there")).to_be_visible()
            await fit(page)


async def test_every_page_is_fit_for_everybody(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        await furnish(house)
        async with desk(browser, url, "administrator", "ru-RU") as page:
            await page.get_by_role("link", name="Управление").click()
            nav = page.get_by_role("navigation", name="Управление")
            await expect(nav).to_be_visible()
            await expect(nav.get_by_role("link").first).to_be_visible()
            places = await nav.get_by_role("link").all()
            assert len(places) > MANY
            for at, place in enumerate(places):
                await page.emulate_media(color_scheme=("light", "dark")[at % 2])
                await place.click()
                await expect(place).to_have_attribute("data-status", "active")
                # The page before stands until this one's code is there.
                name = (await place.inner_text()).strip()
                await expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()
                await expect(page.locator("[aria-busy]")).to_have_count(0)
                await expect(page.locator("[role=alert]:visible")).to_have_count(0)
                assert (name, await violations(page, FIT["light"])) == (name, [])
            for form in ("departments", "articles", "scripts", "surveys"):
                await page.goto(f"{url}/desk/admin/{form}/new")
                await expect(page.get_by_role("heading", level=1)).to_be_visible()
                await fit(page)
