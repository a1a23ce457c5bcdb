"""What an operator is shown besides their own call: who is parked, and whom they missed."""

import re
from pathlib import Path

from playwright.async_api import expect

from app.domain.calls import OfferOutcome
from app.domain.ids import ChannelId
from app.floor.events import CallParked, CallRetrieved, ChannelHungUp, OfferReturned, ParkingFilled
from tests.api.house import until
from tests.live.test_page import browsing, live_house

AT = re.compile(r"^\d\d:\d\d$")


async def test_a_parked_caller_is_shown_with_place_and_who_and_taken_off(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        await house.make_queue("sales", title="Müük")
        await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "sales")
        floor = house.runner.floor
        call = await house.arrive("sales", "+37255500102", "Anu Saar")
        await house.answer(call)
        await house.make_operator({"username": "jaan", "display_name": "Jaan Tamm"}, "sales")
        async with browsing(url, "jaan") as page:
            part = page.locator("#parked-part")
            await expect(part).to_be_hidden()
            leg = floor.calls[call].talking
            assert leg is not None
            assert leg.channel is not None
            await house.runner.post(CallParked(floor.calls[call].channel, "703"))
            await house.runner.post(ChannelHungUp(leg.channel, 16))
            row = part.locator(".row")
            for language, dial, by in (
                ("ru", "Наберите 703", "припарковал(а) Mari Maasikas"),
                ("en", "Dial 703", "parked by Mari Maasikas"),
                ("et", "Vali 703", "parkis Mari Maasikas"),
            ):
                await page.select_option("#language", language)
                await expect(row.get_by_role("link", name=dial)).to_have_attribute("href", "tel:703")
                await expect(row).to_contain_text(by)
            await expect(row).to_contain_text("Anu Saar")
            await expect(row).to_contain_text("+372 5550 0102")
            await expect(row.locator("time")).to_have_text(re.compile(r"^0:\d\d$"))
            jaan = next(one for one in floor.operators.values() if one.settings.name == "Jaan Tamm")
            taken = CallRetrieved(floor.calls[call].channel, ChannelId("9.9"), jaan.settings.endpoint)
            await house.runner.post(taken)
            await expect(part).to_be_hidden()
            await expect(page.locator("#pop.talking")).to_contain_text("Anu Saar")


async def test_that_all_parking_places_are_taken_is_told_in_all_languages(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        await house.make_queue("sales", title="Müük")
        await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "sales")
        async with browsing(url, "mari") as page:
            told = page.locator("#parking-full")
            await expect(told).to_be_hidden()
            await house.runner.post(ParkingFilled(full=True))
            for language, words in (
                ("ru", "Все места парковки заняты"),
                ("en", "All parking places are taken"),
                ("et", "Kõik parkimiskohad on hõivatud"),
            ):
                await page.select_option("#language", language)
                await expect(told).to_contain_text(words)
            await page.reload()
            await expect(told).to_be_visible()
            await house.runner.post(ParkingFilled(full=False))
            await expect(told).to_be_hidden()


async def test_a_missed_call_says_who_called(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        await house.make_queue("sales", title="Müük")
        await house.make_operator({"username": "mari", "display_name": "Mari"}, "sales")
        floor = house.runner.floor
        async with browsing(url, "mari") as page:
            part = page.locator("#missed-part")
            await expect(part).to_be_hidden()
            call = await house.arrive("sales", "+37255500102")
            await house.identify(call, "Saar Anu", 7)
            await until(lambda: floor.calls[call].offer is not None, "an offer")
            await house.ring(call)
            await expect(page.locator("#pop.ringing")).to_contain_text("Saar Anu")
            offer = floor.calls[call].offer
            assert offer is not None
            await house.runner.post(
                OfferReturned(floor.calls[call].channel, offer.id, OfferOutcome.TIMED_OUT, 19)
            )
            await expect(page.locator("#pop")).to_be_hidden()
            row = part.locator(".row")
            for language, said in (("ru", "без ответа"), ("en", "not answered"), ("et", "ei vastatud")):
                await page.select_option("#language", language)
                await expect(row).to_contain_text(said)
            await expect(row).to_contain_text("Saar Anu")
            await expect(row).to_contain_text("+372 5550 0102")
            await expect(row).to_contain_text("Müük")
            await expect(row.locator("time")).to_have_text(AT)
            await page.reload()
            await expect(row).to_contain_text("Saar Anu")
            await row.get_by_role("button", name="Sulge").click()
            await expect(part).to_be_hidden()
