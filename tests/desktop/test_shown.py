"""What the desktop shows of what happens around its user: colleagues, parked and missed calls, outages; results."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from app.crm.answers.dialled import read_dialled
from app.crm.attempts.errors import CallbackUntimed
from app.domain.calls import OfferOutcome
from app.domain.campaigns import AttemptOutcome, CampaignSettings, DialMode
from app.domain.ids import CallId, CampaignId, ChannelId, LeadId, OperatorId, QueueId
from app.domain.operators import Presence, RoutingState
from app.floor.events import (
    AttemptFailed,
    CallParked,
    CallRetrieved,
    CampaignSet,
    ChannelHungUp,
    ColleagueCalled,
    ColleagueRang,
    LeadFound,
    LegAnswered,
    LinkLost,
    NumberRead,
    OfferReturned,
    OutgoingAsked,
    ParkingFilled,
    PresenceAsked,
)
from app.live import hub as hub_module
from app.live.messages import SLOW_READER
from app.service.outgoing import limits_of
from app.service.settings import OutgoingSettings
from tests.api.house import ANY, PASSWORD, House, failing, until
from tests.api.test_dispositions import COLUMNS, talking
from tests.desktop.test_desktop import browsing, desk, fit
from tests.live.serving import live_house, sessions

CUTS = 3
FRESH = "kevadine metsarada"


def endpoint(house: House, operator: OperatorId) -> str:
    return house.runner.floor.operators[operator].settings.endpoint


async def dial(house: House, operator: OperatorId, number: str, turn: int = 1) -> None:
    """What the PBX tells of a phone that dials outside, and what the number is read as."""
    line = endpoint(house, operator)
    channel = f"k-9.{operator}{turn}"
    call = CallId(f"{channel}:1")
    asked = OutgoingAsked(
        call, ChannelId(channel), channel_name=f"PJSIP/{line}-{turn:08x}", number=number, endpoint=line
    )
    await house.runner.post(asked)
    await house.runner.post(NumberRead(call, read_dialled(number, "EE")))


async def who_talks_with_a_colleague_is_shown_so(
    house: House, page: Page, wall: Page, mari: OperatorId, jaan: OperatorId
) -> None:
    near, leg = ChannelId("k-9.1"), ChannelId("k-9.2")
    called = ColleagueCalled(
        CallId("k-9.1:1"),
        near,
        channel_name=f"PJSIP/{endpoint(house, jaan)}-00000001",
        caller_number="101",
        caller_name="",
        number="102",
        endpoint=endpoint(house, mari),
        line=endpoint(house, jaan),
    )
    mine = page.locator("header [role=status]").first
    card = wall.get_by_role("region", name="Operaatorid").locator(
        "li", has=wall.locator("b", has_text="Mari")
    )
    await house.runner.post(called)
    await expect(mine).to_contain_text("Ringing")
    await expect(mine).to_contain_text("with a colleague: Mari Maasikas")
    await house.runner.post(ColleagueRang(called.call, leg, called))
    await expect(card).to_contain_text("Heliseb")
    await house.runner.post(LegAnswered(near, leg, endpoint(house, mari)))
    await expect(mine).to_contain_text("Talking")
    await expect(card).to_contain_text("kolleegiga: Jaan Tamm")
    await house.runner.post(ChannelHungUp(leg, 16))
    await expect(mine).not_to_contain_text("Mari Maasikas")
    await expect(card).not_to_contain_text("Jaan Tamm")


async def a_parked_caller_is_shown_with_place_and_taken_off(
    house: House, page: Page, jaan: OperatorId
) -> None:
    floor = house.runner.floor
    await house.runner.post(PresenceAsked(jaan, Presence.ON_BREAK, "rest"))
    call = await house.arrive("sales", "+37255500102", "Anu Saar")
    await house.answer(call)
    talk = floor.calls[call].talking
    assert talk is not None
    assert talk.channel is not None
    await house.runner.post(CallParked(floor.calls[call].channel, "703"))
    await house.runner.post(ChannelHungUp(talk.channel, 16))
    await house.runner.post(PresenceAsked(jaan, Presence.AVAILABLE))
    row = page.get_by_role("region", name="Parked callers").get_by_role("listitem")
    await expect(row.get_by_role("link", name="Dial 703")).to_have_attribute("href", "tel:703")
    await expect(row).to_contain_text("parked by Mari Maasikas")
    await expect(row).to_contain_text("Anu Saar")
    await house.runner.post(ParkingFilled(full=True))
    full = page.get_by_text("All parking places are taken")
    await expect(full).to_be_visible()
    await fit(page)
    await house.runner.post(CallRetrieved(floor.calls[call].channel, ChannelId("9.9"), endpoint(house, jaan)))
    await expect(page.locator("#caller")).to_have_text("Anu Saar")
    await expect(full).to_be_visible()  # whoever talks may want to park
    await house.runner.post(ParkingFilled(full=False))
    await expect(full).to_have_count(0)
    await house.runner.post(ChannelHungUp(floor.calls[call].channel, 16))
    await expect(page.get_by_text("The call is over")).to_be_visible()
    await page.keyboard.press("Alt+w")
    await expect(page.get_by_role("heading", name="Waiting for a call")).to_be_visible()
    await house.journaled()
    await page.goto(f"{urlsplit(page.url)._replace(path='', query='').geturl()}/pop/{call}")
    await expect(page.get_by_role("region", name="Call", exact=True)).to_contain_text("Anu Saar")


async def a_missed_call_says_who_called(house: House, page: Page, mari: OperatorId) -> None:
    floor = house.runner.floor
    await house.runner.post(PresenceAsked(mari, Presence.OFFLINE))
    call = await house.arrive("sales", "+37255500103")
    await house.identify(call, "Saar Anu", 7)
    await until(lambda: floor.calls[call].offer is not None, "an offer")
    await house.ring(call)
    await expect(page.locator("#caller")).to_have_text("Saar Anu")
    offer = floor.calls[call].offer
    assert offer is not None
    await house.runner.post(OfferReturned(floor.calls[call].channel, offer.id, OfferOutcome.TIMED_OUT, 19))
    row = page.get_by_role("region", name="Missed calls").get_by_role("listitem")
    await expect(row).to_contain_text("not answered")
    await page.reload()
    await expect(row).to_contain_text("Saar Anu")
    await expect(row).to_contain_text("+372 5550 0103")
    await expect(row.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    await row.get_by_role("button", name="Put away").click()
    await expect(row).to_have_count(0)
    await house.runner.post(ChannelHungUp(floor.calls[call].channel, 16))


async def calls_outside_are_refused_and_alarm(house: House, page: Page, wall: Page, jaan: OperatorId) -> None:
    house.runner.floor.outgoing.limits = replace(limits_of(OutgoingSettings(), "EE"), alarm_refusals=1)
    await house.runner.post(PresenceAsked(jaan, Presence.AVAILABLE))
    await dial(house, jaan, "9001234")
    told = page.get_by_text("The number is not called: numbers of this kind may not be called.")
    await expect(told).to_be_visible()
    alarm = wall.get_by_role("alert").get_by_role("listitem")
    await expect(alarm).to_contain_text("Jaan Tamm: keelatud väljakõnede katseid 1")
    await wall.reload()
    await expect(alarm).to_be_visible()  # who comes later sees it, too
    await alarm.get_by_role("button").click()
    await expect(alarm).to_have_count(0)
    await dial(house, jaan, "+37255500123", 2)
    await expect(page.locator("header [role=status]").first).to_contain_text("Calling outside")
    await expect(told).to_be_hidden()
    card = wall.get_by_role("region", name="Operaatorid").locator(
        "li", has=wall.locator("b", has_text="Jaan")
    )
    await expect(card).to_contain_text("väljas: +372 5550 0123")


async def what_is_away_is_said(house: House, wall: Page) -> None:
    kept = wall.get_by_text("Andmed hoitakse serveris alles")
    with failing(house, "begin"):
        call = await house.arrive("sales", "+37255500101")
        await expect(kept).to_be_visible()
        house.services.hub.tell_records("refused")
        await expect(wall.get_by_text("uusi andmeid läheb kaotsi")).to_be_visible()
    await expect(wall.get_by_text("Andmebaas ei vasta")).to_have_count(0)
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
    await house.runner.post(LinkLost("cut"))
    await expect(wall.get_by_text("Keskjaam ei vasta")).to_be_visible()


async def a_cut_line_ends_with_the_truth(house: House, wall: Page) -> None:
    waiting = wall.get_by_role("region", name="Ootavad helistajad").get_by_role("listitem")
    for cut in range(CUTS):
        await house.arrive("sales", f"+3725551{cut:04}", f"Kalle {cut}")
        gone = [one for one in sessions(house) if one.viewer.sees_floor]
        for session in gone:
            session.cut(SLOW_READER)  # with some of it not sent yet
        await until(lambda gone=gone: not [one for one in gone if one in sessions(house)], "the cut")  # type: ignore[misc]
    await until(lambda: any(one.viewer.sees_floor for one in sessions(house)), "the page to come back")
    await expect(waiting).to_have_count(CUTS)


async def the_own_password_is_changed(house: House, page: Page) -> None:
    await page.get_by_role("button", name="Account of Jaan Tamm").click()
    await page.get_by_role("menuitem", name="Change password").click()
    asked = page.get_by_role("dialog")
    for current, fresh, again, said in (
        (PASSWORD, FRESH, "another one", "The new passwords are not the same."),
        ("wrong", FRESH, FRESH, "The current password is wrong."),
        (PASSWORD, "password2026", "password2026", "This password is easily guessed"),
        (PASSWORD, FRESH, FRESH, "The password was changed."),
    ):
        await asked.locator("input[name=current]").fill(current)
        await asked.locator("input[name=new]").fill(fresh)
        await asked.locator("input[name=again]").fill(again)
        await asked.get_by_role("button", name="Change password").click()
        await expect(asked.get_by_text(said)).to_be_visible()
    await asked.get_by_role("button", name="Close").last.click()
    again_in = {"username": "jaan", "password": FRESH}
    assert (await house.client().post("/api/v1/session", json=again_in)).status_code == 200


async def test_what_happens_around_an_operator_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        await house.make_queue("sales", title="Müük", wrap_up_s=600)
        mari = await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "sales")
        jaan = await house.make_operator({"username": "jaan", "display_name": "Jaan Tamm"}, "sales")
        async with (
            desk(browser, url, "jaan", "en-GB") as page,
            desk(browser, url, "supervisor", "et-EE") as wall,
        ):
            await who_talks_with_a_colleague_is_shown_so(house, page, wall, mari, jaan)
            await a_parked_caller_is_shown_with_place_and_taken_off(house, page, jaan)
            await a_missed_call_says_who_called(house, page, mari)
            await the_own_password_is_changed(house, page)
            await calls_outside_are_refused_and_alarm(house, page, wall, jaan)
            await a_cut_line_ends_with_the_truth(house, wall)
            await what_is_away_is_said(house, wall)
            monkeypatch.setattr(hub_module, "VERSION", 2)
            for session in sessions(house):
                session.cut(SLOW_READER)
            await expect(wall.get_by_role("dialog")).to_contain_text("See leht on teenusest vanem.")
            await fit(wall)


async def show_lead(house: House, mari: OperatorId, lead: int, name: str) -> None:
    floor = house.runner.floor
    await until(
        lambda: mari in floor.previews and floor.previews[mari].lead is None, "a lead to be asked for"
    )
    found = LeadFound(
        floor.previews[mari].id,
        CampaignId(9),
        lead=LeadId(lead),
        number=f"+3725550{lead:04}",
        contact_name=name,
        columns=(("leping", f"A{lead}"),),
    )
    await house.runner.post(found)


async def leads_are_skipped_and_dialled_by_keys(house: House, page: Page, operator: OperatorId) -> None:
    settings = CampaignSettings(
        CampaignId(9),
        "Sügis",
        mode=DialMode.PREVIEW,
        queue=QueueId("sales"),
        running=True,
        preview_s=600.0,
    )
    await house.runner.post(CampaignSet(settings))
    floor = house.runner.floor
    await show_lead(house, operator, 1, "Tamm Mari")
    card = page.get_by_role("region", name="Tamm Mari")
    await expect(card).to_contain_text("A1")
    await expect(card).to_contain_text("+372 5550 0001")
    await fit(page)
    await card.get_by_role("button", name="Jäta vahele").click()
    await page.get_by_role("menuitem").nth(1).click()
    await expect(card).to_have_count(0)
    await show_lead(house, operator, 2, "")
    await expect(page.locator("#preview-title")).to_have_text("+372 5550 0002")
    await page.keyboard.press("Alt+d")
    await until(lambda: bool(floor.attempts), "the dial")
    assert [attempt.operator for attempt in floor.attempts.values()] == [operator]
    await house.runner.post(CampaignSet(replace(settings, running=False)))
    await house.runner.post(AttemptFailed(next(iter(floor.attempts)), AttemptOutcome.BUSY))
    await expect(page.locator("#preview-title")).to_have_count(0)


async def test_a_campaigns_result_is_said_by_keys_and_corrected(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        outbound = await talking(house)
        said = {"title": "Müük", "wrap_up_s": 1}
        assert (await house.admin.put("/api/v1/queues/sales", json=said, headers=ANY)).status_code == 200
        async with desk(browser, url, "operator", "et-EE") as page:
            await expect(page.locator("#caller")).to_have_text("Kask Kalle")
            columns = page.locator("section", has=page.locator("#caller"))
            await expect(columns.locator("dt")).to_have_text(list(COLUMNS))
            await expect(columns.locator("dd")).to_have_text(list(COLUMNS.values()))
            result = page.get_by_role("region", name="Mis kõnest sai?")
            await expect(result.get_by_role("button", name="Callback")).to_be_visible()
            await page.keyboard.press("2")
            when = result.get_by_label("Millal tagasi helistada")
            await expect(when).to_be_focused()
            save = result.get_by_role("button", name="Salvesta", exact=True)
            await expect(save).to_be_disabled()
            await when.fill("2020-01-02T10:00")
            await save.click()
            await expect(result.get_by_role("alert")).to_contain_text(
                CallbackUntimed.texts.et, ignore_case=True
            )
            await result.get_by_role("button", name="Homme kell 10.00").click()
            note = result.get_by_label("Märkus tulemuse kohta")
            await note.fill("küsib hinda")
            await note.press("Control+Enter")
            await expect(result.get_by_role("status")).to_contain_text("Callback")
            await fit(page)
            await outbound.hang_up()
            await until(lambda: outbound.routing is RoutingState.IDLE, "the wrap-up to end")
            lead = await outbound.lead_now()
            assert (lead["reason"], lead["callback_operator"]) == ("callback", outbound.operator)
            await expect(page.get_by_text("Viimane kampaania kõne: Kask Kalle")).to_be_visible()
            await page.get_by_role("button", name="Paranda").click()
            await expect(note).to_have_value("küsib hinda")
            await page.keyboard.press("1")
            await page.keyboard.press("Enter")
            await expect(result.get_by_role("status")).to_contain_text("Sale")
            lead = await outbound.lead_now()
            assert (lead["state"], lead["reason"], lead["callback_at"]) == ("done", "sale", None)
            await page.get_by_role("button", name="Never").click()
            await expect(result).to_contain_text("ei helistata enam")
            await page.keyboard.press("Enter")
            await expect(result.get_by_role("status")).to_contain_text("Never")
            await leads_are_skipped_and_dialled_by_keys(house, page, outbound.operator)
