"""A browser outside: an operator's desktop that comes through the front, and the phone in it."""

import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import Page, async_playwright, expect

from tests.browser import FLAGS
from tests.desktop.talking import PAGE_SAYS, SETUP
from tests.docker.network import Outside
from tests.provision import chromium_path
from tests.tones import write_bursts

WAIT_MS: Final = 60_000


@asynccontextmanager
async def desktop(outside: Outside, folder: Path, url: str, user: str, password: str) -> AsyncIterator[Page]:
    """The desktop, logged in and available, its phone registered; the microphone hears a tone."""
    chromium = folder / "chromium"
    chromium.write_text(f'#!/bin/sh\nexec {shlex.join(outside.command)} {chromium_path()} "$@"\n')
    chromium.chmod(0o755)
    write_bursts(folder / "voice.wav", PAGE_SAYS)
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={folder / 'voice.wav'}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=flags)
        context = await browser.new_context(locale="et-EE", ignore_https_errors=True)
        context.set_default_timeout(WAIT_MS)
        page = await context.new_page()
        await page.add_init_script(SETUP)
        await page.goto(f"{url}/desk")
        await page.fill("input[name=username]", user)
        await page.fill("input[name=password]", password)
        await page.click("button[type=submit]")
        await expect(page.get_by_text("Proovi mikrofoni ja kõlarit")).to_be_visible(timeout=WAIT_MS)
        await page.keyboard.press("Alt+1")
        await expect(page.get_by_text("Telefon on valmis")).to_be_visible(timeout=WAIT_MS)
        try:
            yield page
        finally:
            await browser.close()


async def answer(page: Page) -> None:
    """Answer the call that rings."""
    await page.get_by_role("button", name="Vasta", exact=True).click()
