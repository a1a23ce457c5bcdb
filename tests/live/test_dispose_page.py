"""An operator says what a campaign's call came to, on the page in a real browser."""

from pathlib import Path

from playwright.async_api import expect

from app.crm.attempts.errors import CallbackUntimed
from app.domain.operators import RoutingState
from tests.api.house import until
from tests.api.test_dispositions import COLUMNS, talking
from tests.live.test_page import browsing, live_house


async def test_a_callback_is_promised_in_the_call_and_corrected_after_it(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        outbound = await talking(house)
        async with browsing(url, "operator") as page:
            await expect(page.locator("#dispose")).to_contain_text("Kask Kalle")
            await expect(page.locator("#save-disposition")).to_be_disabled()
            await expect(page.locator("#pop .columns-told dt")).to_have_text(list(COLUMNS))
            await expect(page.locator("#pop .columns-told dd")).to_have_text(list(COLUMNS.values()))
            await expect(page.locator("#dispose .columns-told")).to_have_count(0)
            await page.keyboard.press("2")
            await expect(page.locator("#callback-at")).to_be_focused()
            await page.click("#save-disposition")
            await expect(page.locator("#dispose .error")).to_have_text("Märgi, millal tagasi helistada.")
            await page.fill("#callback-at", "2020-01-02T10:00")
            await page.click("#save-disposition")
            await expect(page.locator("#dispose .error")).to_contain_text(CallbackUntimed.texts.et)
            await page.get_by_role("button", name="Homme kell 10:00").click()
            await expect(page.locator("#save-disposition")).to_be_focused()
            await page.fill("#disposition-note", "küsib hinda")
            await page.keyboard.press("Control+Enter")
            await expect(page.locator("#dispose .done")).to_contain_text("Callback")
            await outbound.hang_up()
            await expect(page.locator("#dispose .columns-told dd")).to_have_text(list(COLUMNS.values()))
            lead = await outbound.lead_now()
            assert (lead["reason"], lead["callback_operator"]) == ("callback", outbound.operator)
            await page.keyboard.press("1")
            await expect(page.locator("#save-disposition")).to_be_focused()
            await page.keyboard.press("Enter")
            await expect(page.locator("#dispose .done")).to_contain_text("Sale")
            lead = await outbound.lead_now()
            assert (lead["state"], lead["reason"], lead["callback_at"]) == ("done", "sale", None)
            await page.click("#end-wrap-up")
            await expect(page.locator("#dispose")).to_contain_text("Viimane kõne: Kask Kalle · Sale")
            await page.get_by_role("button", name="Paranda").click()
            await expect(page.locator("#disposition-note")).to_have_value("küsib hinda")


async def test_the_page_tells_that_the_wrap_up_waits(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url):
        outbound = await talking(house)
        said = {"title": "Müük", "wrap_up_s": 1}
        assert (await house.admin.put("/api/v1/queues/sales", json=said)).status_code == 200
        async with browsing(url, "operator", "ru") as page:
            await expect(page.locator("#dispose")).to_contain_text("Kask Kalle")
            await expect(page.locator("#dispose .choices")).to_contain_text("Не тот номер")
            await outbound.hang_up()
            await expect(page.locator("#end-wrap-up")).to_be_disabled()
            await expect(page.locator("#dispose.due")).to_contain_text("пока это не отмечено")
            assert outbound.routing is RoutingState.WRAP_UP
            await page.get_by_role("button", name="Never").click()
            await expect(page.locator("#dispose .hint")).to_contain_text("больше не звонят")
            await expect(page.locator("#save-disposition")).to_be_focused()
            await page.keyboard.press("Enter")
            await until(lambda: outbound.routing is RoutingState.IDLE, "the wrap-up to end")
            await expect(page.locator("#dispose")).to_contain_text("Never")
