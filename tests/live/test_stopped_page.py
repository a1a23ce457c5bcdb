"""A campaign's tile tells what the campaign lacks and which rules stop how many leads, and lists them."""

from pathlib import Path

from playwright.async_api import expect

from app.crm.campaigns.queries import get_campaign
from app.domain.campaigns import CampaignSettings, DialMode
from app.domain.ids import AttemptId, CampaignId, QueueId
from app.floor.events import CampaignSet
from app.outbound.lead_selection import begin_pick, pick_leads
from app.records.engine import writing
from app.service.campaign_watch import CampaignWatch
from tests.api.campaigning import given, made
from tests.api.house import until
from tests.live.test_page import browsing, live_house


async def test_the_tile_tells_which_rules_stop_whom(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        services, hub = house.services, house.services.hub
        closed = [{"days": [(services.now().isoweekday() + 2) % 7 + 1], "from": "10:00", "to": "11:00"}]
        id_ = CampaignId(await made(house, hours=closed))
        people = [
            {"numbers": [f"5550{n:04}"], "surname": "Kask", "given_name": f"Kalle {n}"} for n in range(60)
        ]
        await given(house, id_, *people)
        no = {"word": "do_not_call", "number": "55500003", "source": "letter"}
        assert (await house.admin.post("/api/v1/consents", json=no)).status_code == 201
        await house.admin.put(f"/api/v1/campaigns/{id_}/state", json={"state": "running"})
        for turn in range(2):  # one pick looks at fifty, at most
            attempts = [AttemptId(f"kc-{turn}-{n}") for n in range(50)]
            found = await pick_leads(services.engine, id_, attempts, runner="one", now=services.now())
            assert found is not None
            await begin_pick(services.engine, found, "one", services.now())
        async with writing(services.engine) as session:
            row = await get_campaign(session, id_)
            assert row is not None
            row.legal_basis = ""  # made by an older version
        settings = CampaignSettings(
            id_, "Kevad", mode=DialMode.PREDICTIVE, queue=QueueId("sales"), running=True
        )
        await house.runner.post(CampaignSet(settings))
        watch = CampaignWatch(
            services.engine, house.runner.floor, watched=lambda: hub.watched, tell=hub.tell_standings
        )
        async with browsing(url, "supervisor") as page:
            await until(lambda: hub.watched, "the page to look")
            await watch.look()
            tile = page.locator("#campaigns > .campaign")
            await expect(tile.locator(".lacks")).to_have_text("Puudu on: õiguslik alus")
            for language, said in (
                ("ru", "вне часов звонков"),
                ("en", "outside calling hours"),
                ("et", "helistamisaeg läbi"),
            ):
                await page.select_option("#language", language)
                await expect(tile.locator(".stops li").first).to_contain_text(said)
            await expect(tile.locator(".stops li b")).to_have_text(["59", "1"])
            told = (await house.admin.get(f"/api/v1/campaigns/{id_}/pacing")).json()
            assert [(one["rule"], one["leads"]) for one in told["stopped"]] == [
                ("calling_hours", 59),
                ("do_not_call", 1),
            ]
            await tile.get_by_role("button", name="helistamisaeg läbi").click()
            rows = page.locator("#stopped .row")
            await expect(rows).to_have_count(50)
            await expect(rows.first).to_contain_text("Kask Kalle 0")
            await page.get_by_role("button", name="Veel").click()
            await expect(rows).to_have_count(59)
            await tile.get_by_role("button", name="keelas helistada").focus()
            await page.keyboard.press("Enter")
            await expect(rows).to_have_count(1)
            await expect(rows.first).to_contain_text("jääb nii")
            (lead,) = (await house.admin.get(f"/api/v1/campaigns/{id_}/leads?rule=do_not_call")).json()[
                "items"
            ]
            assert (await house.admin.delete(f"/api/v1/leads/{lead['id']}")).status_code == 204
            await watch.look()
            await expect(page.locator("#stopped .empty")).to_be_visible()
            await page.get_by_role("button", name="Sulge").click()
            await expect(page.locator("#stopped")).to_be_hidden()
