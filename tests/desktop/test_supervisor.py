"""The supervisor's pages in a real browser: reports down to a call, and what may be done with live calls."""

import calendar
from datetime import UTC, timedelta
from pathlib import Path

from playwright.async_api import FilePayload, Page, expect

from app.domain.campaigns import CampaignSettings, DialMode
from app.domain.ids import AttemptId, CallId, CampaignId, QueueId
from app.domain.operators import Presence
from app.floor.events import CampaignSet, ChannelHungUp, HangupRequested, PresenceAsked
from app.outbound.lead_selection import begin_pick, pick_leads
from app.records.engine import writing
from app.records.tables import CallRow
from app.service.campaign_watch import CampaignWatch
from app.system import clock
from tests.api.house import House, until
from tests.desktop.test_desktop import HELD_MS, browsing, desk, fit, furnish
from tests.live.serving import live_house

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


async def a_campaign_is_made(house: House, page: Page) -> int:
    """By the page; what its rule set asks for is said before it may be made."""
    await page.get_by_role("link", name="Campaigns").click()
    await expect(page.get_by_text("There is no campaign yet")).to_be_visible()
    await page.get_by_role("link", name="New campaign").click()
    await page.get_by_role("textbox", name="Name", exact=True).fill("Kevad")
    await page.get_by_role("combobox", name="Queue whose operators talk").select_option("Klienditugi")
    await page.get_by_role("combobox", name="What it calls for").select_option("a survey")
    rules = page.get_by_role("combobox", name="Rule set")
    await rules.select_option("The campaign's own settings alone")
    await expect(page.get_by_role("note")).to_contain_text("It has no hours: set them below.")
    await page.get_by_role("button", name="Make", exact=True).click()
    await expect(page.locator("[role=alert]:visible").last).to_contain_text("Say the calling hours")
    closed = calendar.day_name[(house.services.now().isoweekday() + 2) % 7]
    await page.get_by_role("button", name=f"{closed}: add hours").click()
    await page.get_by_role("button", name="Another outcome").click()
    await page.get_by_role("combobox", name="Outcome", exact=True).select_option("busy")
    await page.get_by_role("spinbutton", name="After, minutes").fill("10")
    await page.evaluate("scrollTo(0, 0)")
    await fit(page, "campaign-settings")
    await page.get_by_role("button", name="Make", exact=True).click()
    await page.get_by_role("link", name="Open it").click()
    await expect(page.get_by_role("heading", name="Kevad")).to_be_visible()
    (made,) = (await house.admin.get("/api/v1/campaigns")).json()
    assert (made["state"], made["purpose"], made["rule_set"]) == ("draft", "survey", "own")
    assert made["recycling"]["again"] == {"busy": {"gap_s": 600, "other_number": True}}
    return int(made["id"])


async def leads_come_from_a_file_and_go_again(page: Page) -> None:
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


async def who_wants_no_calls_is_written_down(page: Page) -> None:
    await page.get_by_role("link", name="Administration").click()
    await page.get_by_role("link", name="Do-not-call and consents").click()
    said = page.get_by_role("region", name="Write down what somebody said")
    await said.get_by_label("Number").fill("5550 0124")
    await said.get_by_label("Where it comes from").fill("letter")
    await said.get_by_role("button", name="Write it down").click()
    await expect(said.get_by_role("status")).to_contain_text("+372 5550 0124")
    lists = page.get_by_role("region", name="Lists of numbers")
    file = FilePayload(name="register.csv", mimeType="text/csv", buffer=b"5550 0198\n5550 0199\nxyz\n")
    await page.set_input_files("input[type=file]", file)
    await lists.get_by_label("Where it comes from").fill("register")
    await lists.get_by_role("button", name="Take it in").click()
    await expect(lists.get_by_role("listitem")).to_contain_text("new 2, known 0, not readable 1")
    kept = page.get_by_role("region", name="What holds", exact=True)
    await expect(kept.get_by_role("listitem")).to_have_count(3)
    await page.evaluate("scrollTo(0, 0)")
    await fit(page, "do-not-call")
    await kept.get_by_label("Of the number").fill("5550 0199")
    await expect(kept.get_by_role("listitem")).to_have_count(1)
    await kept.get_by_role("button", name="End it…").click()
    await kept.get_by_label("Why; it stays on file").fill("asked for an offer")
    await kept.get_by_role("button", name="End it", exact=True).click()
    await expect(kept.get_by_text("Nothing is on file for this number.")).to_be_visible()


async def rules_stop_leads(house: House, campaign: int) -> None:
    """As the dialer's look at the leads does, and the floor's at the rows."""
    services, id_ = house.services, CampaignId(campaign)
    found = await pick_leads(
        services.engine, id_, [AttemptId(f"kc-{n}") for n in range(9)], runner="one", now=services.now()
    )
    assert found is not None
    await begin_pick(services.engine, found, "one", services.now())
    settings = CampaignSettings(id_, "Kevad", mode=DialMode.PROGRESSIVE, queue=QueueId("help"), running=True)
    await house.runner.post(CampaignSet(settings))
    watch = CampaignWatch(
        services.engine,
        house.runner.floor,
        watched=lambda: services.hub.watched,
        tell=services.hub.tell_standings,
    )
    await watch.look()


async def test_a_supervisor_makes_a_campaign_and_runs_it_up_to_its_evidence(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        await furnish(house)
        async with desk(browser, url, "supervisor", "en-GB") as page:
            campaign = await a_campaign_is_made(house, page)
            await leads_come_from_a_file_and_go_again(page)
            given = page.get_by_role("region", name="Leads without a file")
            for number in ("5550 0123", "5550 0124"):
                await given.get_by_label("Number").fill(number)
                await given.get_by_role("button", name="Give it").click()
                await expect(given.get_by_text("It was given.")).to_be_visible()
                await expect(given.get_by_label("Number")).to_have_value("")
            await given.get_by_label("Number").fill("5550 0124")
            await given.get_by_role("button", name="Give it").click()
            await expect(given.get_by_text("the campaign has this number already")).to_be_visible()
            await given.get_by_role("button", name="Make leads of them").click()
            await expect(given.get_by_text("Found 2: 1 came in, 1 were there")).to_be_visible()
            await who_wants_no_calls_is_written_down(page)
            await page.get_by_role("link", name="Campaigns").click()
            await fit(page)
            await page.get_by_role("link", name="Kevad").click()
            await page.get_by_label("Reason, kept on file").fill("spring begins")
            await page.get_by_role("button", name="Run", exact=True).first.click()
            await expect(page.get_by_text("(spring begins)").first).to_be_visible()

            await page.get_by_role("link", name="Floor").click()
            await rules_stop_leads(house, campaign)
            tile = page.get_by_role("article", name="Kevad")
            await tile.get_by_role("link", name="do not call").click()
            leads = page.get_by_role("region", name="Leads", exact=True)
            await expect(leads.get_by_role("link", name="+372 5550 0124")).to_be_visible()
            await expect(leads.locator("ol > li")).to_contain_text("stays so")
            stopped = page.get_by_role("region", name="Not called now")
            await stopped.get_by_role("link", name="outside calling hours").click()
            await expect(leads.locator("ol > li")).to_have_count(2)
            await page.evaluate("scrollTo(0, 0)")
            await fit(page, "campaign")
            await leads.get_by_role("button", name="Take out").first.click()
            await leads.get_by_role("button", name="Undo").click()
            await expect(leads.get_by_role("button", name="Take out")).to_have_count(2)
            await leads.get_by_role("button", name="Take out").first.click()
            await expect(leads.locator("ol > li")).to_have_count(1, timeout=HELD_MS)

            ahead = (house.services.now() + timedelta(days=3)).isoformat()
            (lead,) = (
                await house.admin.get(f"/api/v1/campaigns/{campaign}/leads?rule=calling_hours")
            ).json()["items"]
            asked = await house.admin.put(f"/api/v1/leads/{lead['id']}/callback", json={"at": ahead})
            assert asked.status_code == 200, asked.text
            await page.reload()
            callbacks = page.get_by_role("region", name="Callbacks")
            await callbacks.get_by_role("button", name="Take back").click()
            nobody = callbacks.get_by_text("Nobody has asked to be called back.")
            await expect(nobody).to_be_visible(timeout=HELD_MS)
            async with page.expect_download() as saved:
                await page.get_by_role("link", name="All attempts as a file").click()
            assert (await saved.value).suggested_filename == f"campaign-{campaign}-attempts.csv"
            await page.get_by_role("button", name="Finish").click()
            await expect(page.get_by_text("It finishes, for good.")).to_be_visible()
            done = page.get_by_role("region", name="What was done")
            await expect(done.get_by_role("listitem").first).to_contain_text("finished", timeout=HELD_MS)
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
            await expect(page.get_by_role("button", name="Приостановить очередь Klienditugi")).to_be_visible()
            assert house.runner.floor.queues[QueueId("help")].settings.paused is None
