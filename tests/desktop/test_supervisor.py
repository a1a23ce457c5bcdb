"""The supervisor's pages in a real browser: reports down to a call, and what may be done with live calls."""

from datetime import UTC, timedelta
from pathlib import Path

from playwright.async_api import FilePayload, expect

from app.domain.ids import CallId, QueueId
from app.domain.operators import Presence
from app.floor.events import ChannelHungUp, HangupRequested, PresenceAsked
from app.records.engine import writing
from app.records.tables import CallRow
from app.system import clock
from tests.api.house import House, until
from tests.desktop.test_desktop import browsing, desk, fit, furnish, make
from tests.live.test_page import live_house
from tests.own_rules import OWN_RULES

LEADS = "Nimi;Telefon\nKalle Kask;5550 0123\nMari Mets;5550 0124\nEi Ole;xyz\n"


async def hang_up(house: House, call: str) -> None:
    channel = house.runner.floor.calls[CallId(call)].channel
    await house.runner.post(HangupRequested(channel))
    await house.runner.post(ChannelHungUp(channel, 16))


async def some_calls(house: House) -> str:
    """A morning's calls: two are answered, one gives up; gives the first."""
    mari = await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "help")
    first = ""
    for number in ("+37255500101", "+37255500102"):
        call = await house.arrive("help", number, "Anu")
        await house.answer(call)
        await hang_up(house, call)
        await house.runner.post(PresenceAsked(mari, Presence.OFFLINE))
        await house.runner.post(PresenceAsked(mari, Presence.AVAILABLE))
        first = first or call
    await house.runner.post(PresenceAsked(mari, Presence.ON_BREAK, "lunch"))
    gone = await house.arrive("help", "+37255500103", "Kalle")
    await hang_up(house, gone)
    await house.journaled()
    return first


async def test_a_supervisor_goes_from_a_figure_to_the_call_behind_it(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        await furnish(house)
        await some_calls(house)
        async with desk(browser, url, "supervisor", "en-GB") as page:
            tile = page.get_by_role("article", name="Klienditugi")
            await expect(tile.get_by_role("link", name="hung up today: 1")).to_be_visible()
            await page.get_by_role("link", name="Reports").click()
            await expect(page.get_by_role("rowheader", name="Klienditugi")).to_be_visible()
            await expect(page.locator("dl", has_text="Service level").first).to_contain_text("66.7%")
            await fit(page, "reports")
            await page.get_by_role("link", name="Klienditugi: Hung up waiting: 1").click()
            rows = page.get_by_role("region", name="Hung up waiting: Klienditugi")
            await expect(rows.get_by_role("listitem")).to_have_count(1)
            await fit(page)
            await page.get_by_label("Lines").select_option("hour_of_week")
            await expect(page.get_by_role("region", name="Figures by hour")).to_be_visible()
            await fit(page, "heat-map")
            await page.get_by_text("Operators", exact=True).click()
            await expect(page.get_by_text("Occupancy").first).to_be_visible()
            await page.get_by_text("Orders", exact=True).click()
            await expect(page.get_by_text("Nothing of that kind happened")).to_be_visible()
            await fit(page)
            await page.get_by_role("link", name="Calls", exact=True).click()
            await expect(page.get_by_role("link", name="Anu")).to_have_count(2)
            await fit(page)
            await page.get_by_label("Outcome").select_option("abandoned")
            await page.get_by_label("Name of the search").fill("Given up")
            await page.get_by_role("button", name="Save this search").click()
            await page.get_by_role("link", name="Kalle").click()
            await expect(page.get_by_role("heading", name="Kalle")).to_be_visible()
            await page.get_by_role("link", name="All calls").click()
            await page.get_by_role("link", name="Given up").click()
            await expect(page.get_by_role("link", name="Anu")).to_have_count(0)
            await page.get_by_label("Outcome").select_option("")
            await page.get_by_role("link", name="Anu").last.click()
            await expect(page.get_by_text("Mari Maasikas").first).to_be_visible()
            await expect(page.get_by_text("idle, 1 waiting")).to_be_visible()
            await expect(page.get_by_text("Nothing was entered in this call.")).to_be_visible()
            await fit(page, "one-call")
            await weeks_before(house)
            await page.get_by_role("link", name="Reports").click()
            await page.get_by_role("link", name="Tomorrow").click()
            await expect(page.get_by_role("row", name="09:30")).to_contain_text("30")
            await expect(page.get_by_text("between")).to_contain_text("answered in time (simulated")
            await fit(page, "needs")


async def weeks_before(house: House) -> None:
    """Calls of a morning, on the weekday of tomorrow, in each of four weeks."""
    tomorrow = clock.utc_now().astimezone() + timedelta(days=1)
    async with writing(house.services.engine) as session:
        for number in range(4 * 120):
            week, minute = number // 120 + 1, number % 120
            at = tomorrow.replace(hour=9, minute=0) + timedelta(weeks=-week, minutes=minute)
            session.add(
                CallRow(
                    id=f"before-{number}",
                    queue="help",
                    arrived_at=at.astimezone(UTC),
                    ended_at=at.astimezone(UTC) + timedelta(minutes=5),
                    waited_s=8.0,
                    talked_s=200.0 if number % 9 else 0.0,
                    outcome="answered" if number % 9 else "abandoned",
                    direction="inbound",
                )
            )


async def test_a_supervisor_brings_leads_and_takes_them_out_again(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        await furnish(house)
        said = OWN_RULES | {"purpose": "survey", "mode": "progressive", "queue": "help"}
        await make(house, "/campaigns", title="Kevad", **said)
        async with desk(browser, url, "supervisor", "en-GB") as page:
            await page.get_by_role("link", name="Campaigns").click()
            await fit(page)
            await page.get_by_role("link", name="Kevad").click()
            await expect(page.get_by_text("No file has been brought yet.")).to_be_visible()
            file = FilePayload(name="kliendid.csv", mimeType="text/csv", buffer=LEADS.encode())
            await page.set_input_files("input[type=file]", file)
            card = page.get_by_role("listitem", name="kliendid.csv")
            await expect(card.get_by_role("rowheader", name="2")).to_be_visible()
            await fit(page, "import")
            await card.get_by_role("button", name="Try it: only count").click()
            await expect(card).to_contain_text("Would come in2")
            await expect(card.get_by_role("link", name="Rejected rows as a file")).to_be_visible()
            await card.get_by_role("button", name="Bring the leads in").click()
            await expect(card).to_contain_text("Came in2")
            await card.get_by_role("button", name="Undo").click()
            await expect(card).to_contain_text("Taken out again2")
            await page.get_by_label("Reason, kept on file").fill("spring begins")
            await page.get_by_role("button", name="Run", exact=True).first.click()
            await expect(page.get_by_text("(spring begins)")).to_be_visible()
            await fit(page)
            await page.get_by_role("link", name="Due").click()
            await expect(page.get_by_text("No complaint is late.")).to_be_visible()
            await fit(page)


async def test_a_supervisor_moves_and_ends_calls(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        await furnish(house)
        await house.make_queue("sales", title="Müük")
        async with desk(browser, url, "supervisor", "ru-RU") as page:
            await page.get_by_role("button", name="Пределы").click()
            limits = page.get_by_role("group", name="Klienditugi")
            await limits.get_by_label("Ждущих не больше").fill("0")
            await fit(page)
            await page.get_by_role("button", name="Сохранить пределы").click()
            await expect(page.get_by_role("dialog")).to_have_count(0)
            call = await house.arrive("help", "+37255500104", "Maarja")
            passed = page.get_by_text("Klienditugi: ждущих больше вашего предела.")
            await expect(passed).to_be_visible()
            await page.get_by_role("button", name="Видел").click()
            await expect(passed).to_have_count(0)
            await page.get_by_role("button", name="Maarja").click()
            await fit(page)
            await page.get_by_role("menuitem", name="Müük").click()
            await until(lambda: house.runner.floor.calls[call].queue == "sales", "the move")
            await page.keyboard.press("Escape")
            await page.get_by_role("button", name="Maarja").click()
            await page.get_by_role("menuitem", name="Завершить звонок").click()
            await page.get_by_role("button", name="Вернуть").click()
            assert house.runner.floor.calls[call].leaving is None
            await page.get_by_role("button", name="Maarja").click()
            await page.get_by_role("menuitem", name="Завершить звонок").click()
            await page.get_by_role("button", name="Приостановить очередь Klienditugi").click()
            await page.get_by_label("Почему, для коллег").fill("учения")
            await fit(page)
            await page.get_by_role("button", name="Приостановить", exact=True).last.click()
            await expect(page.get_by_role("article", name="Klienditugi")).to_contain_text(
                "Приостановлена: учения"
            )
            await until(lambda: house.runner.floor.calls[call].leaving is not None, "the end")
            await fit(page)
            await page.get_by_role("button", name="Открыть снова: Klienditugi").click()
            await until(
                lambda: house.runner.floor.queues[QueueId("help")].settings.paused is None, "it opens"
            )
