"""The page in a real browser, on the real service."""

import dataclasses
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from app.domain.campaigns import AttemptOutcome, CampaignSettings, DialMode
from app.domain.ids import CampaignId, LeadId, QueueId
from app.domain.operators import Presence
from app.floor.events import (
    AttemptFailed,
    CampaignSet,
    ChannelHeld,
    ChannelHungUp,
    ChannelResumed,
    LeadFound,
    LinkLost,
    PresenceAsked,
)
from app.live import hub as hub_module
from app.live.messages import SLOW_READER
from app.service.application import PAGE
from tests.api.house import PASSWORD, House, failing, open_house, served, until
from tests.provision import chromium_path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LISTEN = """
window.told = [];
document.addEventListener("keskus:message", (event) => window.told.push(event.detail));
"""
CUTS = 10


@asynccontextmanager
async def browsing(url: str, username: str, locale: str = "et") -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        context = await browser.new_context(locale=locale)
        page = await context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.add_init_script(LISTEN)
        await page.goto(url)
        await page.fill("#username", username)
        await page.fill("#password", PASSWORD)
        await page.click("#login-form button")
        await expect(page.locator("#line.live")).to_be_visible()
        yield page
        await browser.close()
        assert not faults


@asynccontextmanager
async def live_house(folder: Path) -> AsyncIterator[tuple[House, str]]:
    async with open_house(folder) as house, served(house) as url:
        yield house, url


def sessions(house: House) -> list[Any]:
    return list(house.services.hub._sessions)


async def test_a_wallboard_cut_off_ten_times_ends_with_the_exact_truth(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        await house.make_queue("sales", title="Müük")
        operators = [
            await house.make_operator({"username": f"op{index}", "display_name": f"Õnne {index}"}, "sales")
            for index in range(6)
        ]
        async with browsing(url, "supervisor") as page:
            numbers: list[int] = []
            hub = house.services.hub
            for cut in range(CUTS):
                for index, operator in enumerate(operators[3:]):
                    presence = Presence.ON_BREAK if (cut + index) % 2 else Presence.AVAILABLE
                    await house.runner.post(PresenceAsked(operator, presence, "lunch"))
                call = await house.arrive("sales", f"+3725550{cut:04}", f"Kalle {cut}")
                if house.runner.floor.calls[call].offer is not None:
                    await house.answer(call)
                (session,) = sessions(house)
                session.cut(SLOW_READER)  # with some of it not sent yet
                await until(lambda gone=session: gone not in sessions(house), "the cut")  # type: ignore[misc]
                first = next(iter(house.runner.floor.calls.values()))
                if cut % 3 == 2:
                    await house.runner.post(ChannelHungUp(first.channel, 16))
                await until(lambda: bool(sessions(house)), "the page to come back")
            hub.flush()
            await page.wait_for_function(
                "(last) => window.told.some((one) => (one.number ?? 0) >= last)", arg=hub.number
            )
            told = await page.evaluate("window.told")
            kinds = [message["type"] for message in told]
            assert kinds.count("snapshot") == 1
            assert kinds.count("resumed") == CUTS
            begun = told[0]["number"]
            numbers = [message["number"] for message in told if "prev" in message]
            assert numbers == list(range(begun + 1, hub.number + 1)), "every message, once, in order"
            floor = house.runner.floor
            waiting = [call for call in floor.calls.values() if call.talking is None]
            await expect(page.locator("#waiting > .row")).to_have_count(len(waiting))
            await expect(page.locator("#calls > .row")).to_have_count(len(floor.calls) - len(waiting))
            shown = await page.locator("#queues .big > b").inner_text()
            assert shown == str(len(waiting))
            on_break = [one for one in floor.operators.values() if one.presence is Presence.ON_BREAK]
            await expect(page.locator("#operators > .on_break")).to_have_count(
                sum(one.call is None for one in on_break)
            )


async def test_a_page_that_is_older_than_the_service_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live_house(tmp_path) as (house, url):
        await house.make_queue("sales", title="Müük")
        async with browsing(url, "supervisor") as page:
            await expect(page.locator("#line")).to_have_class("line live")
            monkeypatch.setattr(hub_module, "VERSION", 2)
            sessions(house)[0].cut(SLOW_READER)
            await expect(page.locator("#line")).to_have_class("line outdated")
            await expect(page.locator("#line-text")).to_have_text("Leht on teenusest vanem: laadi see uuesti")
            await until(lambda: not sessions(house), "the page to hang up")


async def test_a_campaign_says_in_three_languages_what_keeps_it_from_dialling_more(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        await house.make_queue("sales", title="Müük")
        mari = await house.make_operator({"username": "mari", "display_name": "Mari"}, "sales")
        settings = CampaignSettings(
            CampaignId(1), "Kevad", mode=DialMode.PREDICTIVE, queue=QueueId("sales"), running=True
        )
        await house.runner.post(CampaignSet(settings))
        async with browsing(url, "supervisor") as page:
            tile = page.locator("#campaigns > .campaign")
            await expect(tile).to_contain_text("Kevad")
            await expect(tile.locator(".facts dd").first).to_have_text(
                "1 (vabu 0)"
            )  # who is kept is not free
            await expect(tile.locator(".facts dd").nth(2)).to_have_text("1 + 0")
            for language, said in (
                ("et", "igale kõnele hoitakse üht vaba operaatorit"),
                ("ru", "для каждого набора держим свободного оператора"),
                ("en", "a free operator is kept for each dial"),
            ):
                await page.select_option("#language", language)
                await expect(tile.locator(".bound")).to_contain_text(said)
            await house.runner.post(PresenceAsked(mari, Presence.OFFLINE))
            await expect(tile.locator(".bound")).to_have_text("No operator is ready: nothing is dialled.")
            told = await house.admin.get("/api/v1/campaigns/1/pacing")
            assert (told.status_code, told.json()["pacing"]["bound"]) == (200, "nobody_ready")
            assert (await house.admin.get("/api/v1/campaigns/2/pacing")).status_code == 404
            await house.runner.post(CampaignSet(dataclasses.replace(settings, running=False)))
            await expect(tile.locator(".bound")).to_contain_text("Not dialling")


async def test_an_operator_sees_who_calls_picks_the_contact_and_takes_a_break(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        await house.make_queue("sales", title="Müük")
        operator = await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "sales")
        ids = []
        for given in ("Anu", "Peeter"):
            said = {"surname": "Saar", "given_name": given, "phones": [{"number": "5550 0102"}]}
            ids.append((await house.admin.post("/api/v1/contacts", json=said)).json()["id"])
        async with browsing(url, "mari") as page:
            await expect(page.locator("#my-state")).to_contain_text("Vaba")
            await expect(page.locator("#pop")).to_be_hidden()
            call = await house.arrive("sales", "+37255500102", "<b>Anu</b>")
            await house.identify(call, "", *ids)
            await expect(page.locator("#pop h2")).to_have_text("<b>Anu</b>")
            await expect(page.locator("#pop .number")).to_have_text("+372 5550 0102")
            await page.get_by_role("button", name="Anu").click()
            await expect(page.locator("#pop .picker")).to_have_count(0)
            await until(lambda: house.runner.floor.calls[call].contact == ids[0])
            await house.answer(call)
            await expect(page.locator("#pop.talking")).to_be_visible()
            await page.click("#be-on-break")
            await expect(page.locator("#my-state .then")).to_contain_text("Pausil: lõuna")
            await page.select_option("#language", "ru")
            await expect(page.locator("#my-state")).to_contain_text("Разговор")
            talking = house.runner.floor.calls[call].talking
            assert talking is not None
            assert talking.channel is not None
            await house.runner.post(ChannelHeld(talking.channel))
            await expect(page.locator("#pop.on_hold .kind")).to_have_text("На удержании")
            await expect(page.locator("#pop")).not_to_contain_text("Разговор")
            await house.runner.post(ChannelResumed(talking.channel))
            await expect(page.locator("#pop.talking .kind")).to_have_text("Разговор")
            await house.runner.post(ChannelHungUp(talking.channel, 16))
            await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
            await expect(page.locator("#end-wrap-up")).to_contain_text("(0:")
            await page.click("#end-wrap-up")
            await expect(page.locator("#my-state")).to_contain_text("Перерыв: обед")
            await expect(page.locator("#pop")).to_be_hidden()
            await house.journaled()
            await page.goto(f"{url}/pop/{call}")
            await expect(page.locator("#past h2")).to_have_text("Saar Anu")
            await page.click("#log-out")
            await expect(page.locator("#login-form")).to_be_visible()
            await expect(page.locator("#login-said")).to_have_text("Вы вышли. Новых звонков вам не будет.")
            assert house.runner.floor.operators[operator].presence is Presence.OFFLINE
            await until(lambda: not sessions(house), "the socket to be closed by logging out")
            assert operator in house.runner.floor.operators


async def test_an_empty_floor_says_so(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (_, url), browsing(url, "supervisor", "de") as page:
        await expect(page.locator("#waiting .empty")).to_have_text("Ühtegi kõnet ei oota")
        violations = await page.evaluate("document.querySelectorAll('[data-text]:empty').length")
        assert violations == 0


async def test_the_page_says_that_the_database_is_away(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        await house.make_queue("sales", title="Müük")
        await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "sales")
        async with browsing(url, "supervisor") as page:
            records = page.locator("#records")
            await expect(records).to_be_hidden()
            with failing(house, "begin"):
                await house.arrive("sales", "+37255500101")
                await expect(records).to_have_text("Andmebaas ei vasta, andmed hoitakse serveris alles")
                await expect(page.locator("#waiting > .row")).to_have_count(1)
                for language, said in (
                    ("ru", "База недоступна"),
                    ("en", "Database away"),
                ):
                    await page.select_option("#language", language)
                    await expect(records).to_contain_text(said)
                await page.select_option("#language", "et")
                house.services.hub.tell_records("refused")
                await expect(page.locator("#records.refused")).to_contain_text("läheb kaotsi")
            await expect(records).to_be_hidden()


async def test_an_operator_skips_a_lead_and_dials_the_next_with_keys(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        await house.make_queue("sales", title="Müük")
        mari = await house.make_operator({"username": "mari", "display_name": "Mari"}, "sales")
        settings = CampaignSettings(
            CampaignId(1),
            "Kevad",
            mode=DialMode.PREVIEW,
            queue=QueueId("sales"),
            running=True,
            preview_s=600.0,
        )
        await house.runner.post(CampaignSet(settings))
        floor = house.runner.floor

        async def show(lead: int, name: str) -> None:
            await until(
                lambda: mari in floor.previews and floor.previews[mari].lead is None, "a lead to be asked for"
            )
            asked = floor.previews[mari].id
            number = f"+3725550{lead:04}"
            columns = (("leping", f"A{lead}"),)
            await house.runner.post(
                LeadFound(
                    asked, CampaignId(1), lead=LeadId(lead), number=number, contact_name=name, columns=columns
                )
            )

        async with browsing(url, "mari") as page:
            await show(1, "Tamm Mari")
            card = page.locator("#preview")
            await expect(card).to_contain_text("Tamm Mari")
            await expect(card).to_contain_text("+372 5550 0001")
            await expect(card).to_contain_text("A1")
            await expect(page.locator("#preview-left")).to_have_text(re.compile(r"^(10:00|9:\d\d)$"))
            await page.select_option("#preview-why", index=1)
            await page.focus("#preview-why")
            await page.keyboard.press("s")  # while a reason is being chosen a letter is no order
            await expect(card).to_contain_text("Tamm Mari")
            assert floor.previews[mari].lead is not None
            await page.evaluate("document.activeElement.blur()")
            await page.keyboard.press("s")
            await expect(card).to_be_hidden()
            await show(2, "")
            await expect(card.locator("h2")).to_have_text("+372 5550 0002")
            await page.keyboard.press("d")
            await expect(card).to_contain_text("Helistan…")
            assert [attempt.operator for attempt in floor.attempts.values()] == [mari]
            await house.runner.post(AttemptFailed(next(iter(floor.attempts)), AttemptOutcome.BUSY))
            await expect(card).to_be_hidden()


async def test_clocks_have_24_hours_and_numbers_the_readers_own_signs(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (_, url), browsing(url, "supervisor", "en-US") as page:
        said = await page.evaluate(
            """async () => {
              const { when } = await import("/page/stopped.js");
              const texts = await import("/page/texts.js");
              const at = new Date(2026, 2, 2, 17, 5).getTime();
              return ["et", "ru", "en"].map((one) => {
                texts.speak(one);
                return [when(at), new Date(at).toLocaleTimeString(texts.locale), (0.5).toLocaleString(texts.locale)];
              });
            }"""
        )
        assert [("17:05" in day, clock, number) for day, clock, number in said] == [
            (True, "17:05:00", "0,5"),
            (True, "17:05:00", "0,5"),
            (True, "17:05:00", "0.5"),
        ]
        await expect(page.locator("#clock")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    sources = "".join(one.read_text() for one in PAGE.glob("*.js"))
    assert not re.findall(r"toLocale\w*String\((?!locale)", sources)


async def test_a_service_that_stops_says_nothing_of_the_pbx(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing(url, "supervisor", "en") as page:
        await house.runner.post(LinkLost("cut"))
        await expect(page.locator("#pbx-lost")).to_be_visible()
        house.services.hub.close()
        await expect(page.locator("#line.stale")).to_be_visible()
        await expect(page.locator("#pbx-lost")).to_be_hidden()


async def test_a_user_changes_the_own_password_in_three_languages(tmp_path: Path) -> None:
    fresh = "kevadine metsarada"
    async with live_house(tmp_path) as (house, url), browsing(url, "operator") as page:
        for language, mistake, wrong, unfit in (
            (
                "ru",
                "Новые пароли не совпадают.",
                "Нынешний пароль неверен.",
                "не подходит: этот пароль легко угадать",
            ),
            (
                "et",
                "Uued paroolid ei ole samad.",
                "Praegune parool on vale.",
                "ei sobi: see parool on kergesti ära arvatav",
            ),
            (
                "en",
                "The new passwords are not the same.",
                "The current password is wrong.",
                "cannot be used: this password is easily guessed",
            ),
        ):
            await page.select_option("#language", language)
            await page.click("#change-password")
            for current, new, again, said in (
                (PASSWORD, fresh, "another", mistake),
                ("wrong", fresh, fresh, wrong),
                (PASSWORD, "password2026", "password2026", unfit),
            ):
                await page.fill("#current-password", current)
                await page.fill("#new-password", new)
                await page.fill("#new-again", again)
                await page.click("#password-form button.primary")
                await expect(page.locator("#password-error")).to_contain_text(said)
            await page.click("#password-cancel")
            await expect(page.locator("#password-dialog")).to_be_hidden()
        await page.click("#change-password")
        await expect(page.locator("#password-error")).to_have_text("")
        await page.fill("#current-password", PASSWORD)
        await page.fill("#new-password", fresh)
        await page.fill("#new-again", fresh)
        await page.click("#password-form button.primary")
        await expect(page.locator("#account-said")).to_have_text("The password was changed.")
        await expect(page.locator("#line.live")).to_be_visible()
        assert [one.code for one in sessions(house)] == [0], "the own desktop stays"
        assert (await house.client("operator").get("/api/v1/me")).status_code == 401, "the token has ended"
        again_in = {"username": "operator", "password": fresh}
        assert (await house.client().post("/api/v1/session", json=again_in)).status_code == 200
