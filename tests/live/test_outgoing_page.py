"""Calls outside on the page: who is in one, why a number was not called, and alarms for those who see the floor."""

import os
from dataclasses import replace
from pathlib import Path

from playwright.async_api import expect

from app.crm.answers.dialled import read_dialled
from app.domain.ids import CallId, ChannelId, OperatorId
from app.domain.operators import DeviceState, Presence
from app.floor.events import DeviceChanged, NumberRead, OutgoingAsked, PresenceAsked
from app.service.outgoing import limits_of
from app.service.settings import OutgoingSettings
from tests.api.house import House
from tests.live.test_page import browsing, live_house

SHOTS = os.environ.get("SCREENSHOTS", "")
"""A folder for pictures of the page."""


async def dial(house: House, operator: OperatorId, number: str, turn: int = 1) -> None:
    """What the PBX tells of a phone that dials outside, and what the number is read as."""
    endpoint = house.runner.floor.operators[operator].settings.endpoint
    name = f"PJSIP/{endpoint}-{turn:08x}"
    channel = f"k-9.{operator}{turn}"
    call = CallId(f"{channel}:1")
    await house.runner.post(
        OutgoingAsked(call, ChannelId(channel), channel_name=name, number=number, endpoint=endpoint)
    )
    await house.runner.post(NumberRead(call, read_dialled(number, "EE")))


async def test_a_supervisor_sees_calls_outside_and_is_alarmed(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        house.runner.floor.outgoing.limits = limits_of(OutgoingSettings(), "EE")
        await house.make_queue("sales", title="Müük")
        mari = await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "sales")
        await house.runner.post(PresenceAsked(mari, Presence.AVAILABLE))
        async with browsing(url, "supervisor") as page:
            await dial(house, mari, "+37255500123")
            endpoint = house.runner.floor.operators[mari].settings.endpoint
            await house.runner.post(DeviceChanged(endpoint, DeviceState.IN_USE))
            card = page.locator(".operator", has_text="Mari Maasikas")
            await expect(card).to_contain_text("Helistab välja")
            await expect(card).to_contain_text("+372 5550 0123")
            for turn in range(2, 7):
                await dial(house, mari, "9001234", turn)
            alarm = page.locator("#alarms li")
            await expect(alarm).to_contain_text("Mari Maasikas: 5 keelatud väljakõne katset")
            if SHOTS:
                await page.screenshot(path=f"{SHOTS}/alarm.png")
            await page.reload()
            await expect(alarm).to_be_visible()  # who comes later sees it, too
            await alarm.locator("button").click()
            await expect(page.locator("#alarms")).to_be_hidden()


async def test_an_operator_is_told_why_a_number_is_not_called(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        house.runner.floor.outgoing.limits = replace(limits_of(OutgoingSettings(), "EE"), alarm_refusals=1)
        await house.make_queue("sales", title="Müük")
        mari = await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "sales")
        async with browsing(url, "mari", "en") as page:
            await dial(house, mari, "9001234")
            told = page.locator("#outgoing-refused")
            await expect(told).to_have_text(
                "The number is not called: numbers of this kind may not be called"
            )
            await expect(page.locator("#alarms li")).to_have_count(1)  # the empty one
            await expect(page.locator("#alarms")).to_be_hidden()
            if SHOTS:
                await page.screenshot(path=f"{SHOTS}/refused.png")
            await dial(house, mari, "+37255500123", 2)
            await expect(page.locator("#my-state")).to_contain_text("Calling outside")
            await expect(told).to_have_text("")
            if SHOTS:
                await page.screenshot(path=f"{SHOTS}/calling.png")
