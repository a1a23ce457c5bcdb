"""The reference in a real browser: the service alone serves it, under its strict policy."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import async_playwright, expect

from app.service.reference import page as reference
from tests.browser import PLAIN
from tests.live.serving import live_house
from tests.provision import chromium_path

UI = Path(reference.__file__).parent / "ui"


@pytest.mark.timeout(120)
async def test_the_reference_is_rendered_from_this_service_alone(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (_, url), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=PLAIN)
        page = await (await browser.new_context()).new_page()
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        answer = await page.goto(f"{url}/reference")
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        await expect(page.locator(".opblock").first).to_be_visible(timeout=60_000)
        await expect(page.locator(".info")).to_contain_text("number.ambiguous")
        await page.locator(".operation-filter-input").fill(
            "floor"
        )  # of many operations, those in sight are drawn
        socket = page.locator(".opblock", has_text="/ws/desktop")
        await socket.locator(".opblock-summary-control").click()
        await expect(socket).to_contain_text("from here on each frame is a message")
        await expect(socket).to_contain_text("where the line was cut")
        await expect(page.get_by_role("button", name="Try it out")).to_have_count(0)
        assert {urlsplit(one).netloc for one in asked if not one.startswith("data:")} == {
            urlsplit(url).netloc
        }
        assert not complaints
        await browser.close()


def test_the_renderer_is_the_one_that_was_published() -> None:
    listed = [
        line.split() for line in (UI / "README.md").read_text().splitlines() if line.endswith((".js", ".css"))
    ]
    assert len(listed) == 2
    for digest, name in listed:
        assert hashlib.sha256((UI / name).read_bytes()).hexdigest() == digest, name
