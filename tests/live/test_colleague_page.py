"""Calls between colleagues on the page: both are shown as in a talk, and with whom."""

import os
from pathlib import Path

from playwright.async_api import expect

from app.domain.ids import CallId, ChannelId
from app.domain.operators import Presence
from app.floor.events import ChannelHungUp, ColleagueCalled, ColleagueRang, LegAnswered, PresenceAsked
from tests.live.test_page import browsing, live_house

SHOTS = os.environ.get("SCREENSHOTS", "")
"""A folder for pictures of the page."""


async def test_who_talks_with_a_colleague_is_shown_so(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        await house.make_queue("sales", title="Müük")
        mari = await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "sales")
        jaan = await house.make_operator({"username": "jaan", "display_name": "Jaan Tamm"}, "sales")
        floor = house.runner.floor
        for one in (mari, jaan):
            await house.runner.post(PresenceAsked(one, Presence.AVAILABLE))
        endpoints = [floor.operators[one].settings.endpoint for one in (mari, jaan)]
        near, leg = ChannelId("k-9.1"), ChannelId("k-9.2")
        called = ColleagueCalled(
            CallId("k-9.1:1"),
            near,
            channel_name=f"PJSIP/{endpoints[0]}-00000001",
            caller_number="101",
            caller_name="",
            number="102",
            endpoint=endpoints[1],
            line=endpoints[0],
        )
        async with browsing(url, "mari", "en") as page, browsing(url, "supervisor") as watcher:
            mine, card = page.locator("#my-state"), watcher.locator(f".operator[data-key='{jaan}']")
            await house.runner.post(called)
            await expect(mine).to_contain_text("Ringing")
            await expect(mine).to_contain_text("with a colleague: Jaan Tamm")
            await house.runner.post(ColleagueRang(called.call, leg, called))
            await expect(card).to_contain_text("Heliseb")
            await house.runner.post(LegAnswered(near, leg, endpoints[1]))
            await expect(mine).to_contain_text("Talking")
            await expect(card).to_contain_text("Kõnes")
            await expect(card).to_contain_text("kolleegiga: Mari Maasikas")
            await expect(page.locator("#pop")).to_be_hidden()
            if SHOTS:
                await page.screenshot(path=f"{SHOTS}/mine.png")
                await watcher.screenshot(path=f"{SHOTS}/floor.png")
            await page.select_option("#language", "ru")
            await expect(mine).to_contain_text("с коллегой: Jaan Tamm")
            await house.runner.post(ChannelHungUp(leg, 16))
            await expect(mine).not_to_contain_text("Jaan Tamm")
            await expect(card).not_to_contain_text("Mari Maasikas")
