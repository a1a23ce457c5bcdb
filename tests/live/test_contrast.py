"""Text can be read: its contrast is at least 4.5:1 (WCAG 2.2, 1.4.3), in light and in dark, and while it is stale."""

import re
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from app.compliance.lawful import Lack
from app.domain.campaigns import CampaignSettings, DialMode
from app.domain.ids import CampaignId, QueueId
from app.domain.operators import DeviceState, Presence
from app.floor.events import CampaignSet, ChannelHeld, DeviceChanged, PresenceAsked
from app.live.campaign_view import Standing, StoppedLeads
from app.service.application import PAGE
from tests.api.house import PASSWORD, open_house, served
from tests.live.test_page import FLAGS
from tests.provision import chromium_path

LEAST = 4.5
Colour = tuple[float, float, float]
BACKGROUNDS = ("page", "card", "bad-soft", "ring-soft")
NO_INKS = (*BACKGROUNDS, "edge", "on-accent", "accent")
THEMES = ("light", "dark")
SEEN = """() => {
  const parse = (said) => { const n = said.match(/[\\d.]+/g).map(Number); return [...n.slice(0, 3), n[3] ?? 1]; };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = (one) => {
    if (!one) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(one).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(one.parentElement));
  };
  const opacity = (one) => (one ? Number(getComputedStyle(one).opacity) * opacity(one.parentElement) : 1);
  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    const shown = one.checkVisibility() && !one.closest(".unseen, option, script, noscript");
    if (!shown || !walker.currentNode.data.trim()) continue;
    const under = ground(one);
    const ink = parse(getComputedStyle(one).color);
    ink[3] *= opacity(one);
    seen.push([walker.currentNode.data.trim(), over(ink, under).slice(0, 3), under.slice(0, 3)]);
  }
  return seen;
}"""


def themes() -> list[dict[str, Colour]]:
    """The colours of each theme by name, 0..1 each."""
    css = (PAGE / "floor.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    return [
        {name: _colour(said) for name, said in re.findall(r"--([\w-]+): (#\w+)", block)} for block in blocks
    ]


def _colour(said: str) -> Colour:
    digits = said[1:] if len(said) == 7 else "".join(one * 2 for one in said[1:])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """By WCAG's formula, 1..21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def stale(colour: Colour, amount: float = 0.75) -> Colour:
    """As `grayscale()` of Filter Effects shows it."""
    grey = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
    red, green, blue = (amount * grey + (1 - amount) * part for part in colour)
    return red, green, blue


def test_every_colour_of_text_can_be_read_on_every_background() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    found = themes()
    assert len(found) == len(THEMES)
    poor = []
    for theme, colours in zip(THEMES, found, strict=True):
        pairs = [(ink, ground) for ink in colours if ink not in NO_INKS for ground in BACKGROUNDS]
        pairs += [("accent", "page"), ("accent", "card"), ("on-accent", "accent")]
        for ink, ground in pairs:
            one, other = colours[ink], colours[ground]
            worst = min(contrast(one, other), contrast(stale(one), stale(other)))
            if worst < LEAST:
                poor.append((theme, ink, ground, round(worst, 2)))
    assert not poor


def test_colours_have_names() -> None:
    """So that the test above sees each."""
    css = re.sub(r":root \{.*?\}", "", (PAGE / "floor.css").read_text(), flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-f]{3,8}\b(?=[;, ])|\brgba?\(|\bhsl", css)
    assert "opacity" not in re.sub(r"@keyframes.*", "", css), "it makes text paler than its colour"


async def test_what_the_page_shows_can_be_read(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house, served(house) as url:
        await house.make_queue("sales", title="Müük", wrap_up_s=600)
        people = [
            await house.make_operator({"username": f"op{n}", "display_name": f"Õnne {n}"}, "sales")
            for n in range(6)
        ]
        for held in (False, True):
            call = await house.arrive("sales", "+37255500101", "Anu")
            await house.answer(call)
            talking = house.runner.floor.calls[call].talking
            assert talking is not None
            assert talking.channel is not None
            if held:
                await house.runner.post(ChannelHeld(talking.channel))
        await house.runner.post(PresenceAsked(people[2], Presence.ON_BREAK, "lunch"))
        await house.runner.post(PresenceAsked(people[3], Presence.OFFLINE))
        phone = house.runner.floor.operators[people[4]].settings.endpoint
        await house.runner.post(DeviceChanged(phone, DeviceState.UNREACHABLE))
        settings = CampaignSettings(
            CampaignId(1), "Kevad", mode=DialMode.PREDICTIVE, queue=QueueId("sales"), running=True
        )
        await house.runner.post(CampaignSet(settings))
        standing = Standing((Lack.HOURS,), (StoppedLeads("do_not_call", 3, None),))
        house.services.hub.tell_standings({CampaignId(1): standing})
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            for theme in THEMES:
                context = await browser.new_context(locale="et", color_scheme=theme)  # type: ignore[arg-type]
                page = await context.new_page()
                await page.goto(url)
                await page.fill("#username", "supervisor")
                seen = await page.evaluate(SEEN)
                await page.fill("#password", PASSWORD)
                await page.click("#login-form button")
                await expect(page.locator("#operators > .operator")).to_have_count(len(people))
                await expect(page.locator("#campaigns .lacks")).to_be_visible()
                seen += await page.evaluate(SEEN)
                assert len(seen) > 60, "it looks at what is there"
                poor = [(theme, said) for said, ink, ground in seen if _seen_contrast(ink, ground) < LEAST]
                assert not poor
                await context.close()
            await browser.close()


def _seen_contrast(ink: list[float], ground: list[float]) -> float:
    one, other = ((r / 255, g / 255, b / 255) for r, g, b in (ink, ground))
    return contrast(one, other)
