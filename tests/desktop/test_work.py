"""An operator's work in a real browser, on the real service: order, survey, complaint, search; a call by keys alone."""

import re
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

from app.domain.ids import CallId, ChannelId, QueueId
from app.floor.events import BlindTransferred, CallEntered, ChannelHungUp, LegAnswered
from tests.api.house import ANY, House
from tests.api.test_dispositions import talking
from tests.desktop.test_desktop import browsing, desk, fit, make
from tests.live.serving import live_house

ALWAYS = [[{"opens": "00:00", "closes": "24:00"}]] * 7
RECOMMEND = {
    "code": "recommend",
    "kind": "nps",
    "texts": {"et": "Kui tõenäoliselt soovitaksite meid?"},
    "required": True,
    "branches": [{"at_least": 9, "to": "like"}],
}
WHY = {"code": "why", "kind": "text", "texts": {"et": "Mida peaksime parandama?"}, "then": "end"}
LIKE = {
    "code": "like",
    "kind": "choice",
    "texts": {"et": "Mis meeldis?"},
    "options": [
        {"code": "speed", "texts": {"et": "kiirus"}},
        {"code": "price", "texts": {"et": "hind"}},
    ],
}
MOST_KEYS = 25


class Keys:
    """The keyboard of somebody without a mouse, who counts the keys that are no text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += 1
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)


async def furnish(house: House) -> int:
    """Two queues, a department, two products of which one is counted, a survey, and a contact."""
    await house.make_queue("help", title="Klienditugi", wrap_up_s=600)
    await house.make_queue("returns", title="Tagastused")
    routed = {"kind": "queue", "target": "returns"}
    assert (await house.admin.put("/api/v1/routes/6002", json=routed, headers=ANY)).is_success
    reach = {"kind": "queue", "target": "returns"}
    said = {"time_zone": "Europe/Tallinn", "country": "EE", "hours": ALWAYS, "reach": reach}
    await make(house, "/departments", title="Tagastused", **said)
    cable = await make(house, "/products", code="KB-100", name_et="Kaabel, 1 m", net_price="8.0565")
    counted = {"stock": "counted", "counted": "3"}
    answer = await house.admin.put(f"/api/v1/products/{cable}/stock", json=counted)
    assert answer.is_success, answer.text
    await make(house, "/products", code="PG-1", name_et="Paigaldus", unit="h", net_price="40")
    questions = [RECOMMEND, WHY, LIKE]
    survey = await make(house, "/surveys", title="Pärast kõnet", languages=["et"], questions=questions)
    published = await house.admin.put(
        f"/api/v1/surveys/{survey}/state", json={"state": "published"}, headers=ANY
    )
    assert published.is_success, published.text
    titles = {"et": "Kliendinumber", "ru": "Номер клиента", "en": "Customer number"}
    field = {"code": "customer_number", "kind": "text", "titles": titles}
    assert (await house.admin.post("/api/v1/contact-fields", json=field)).is_success
    phones, fields = [{"number": "5550 0102"}], {"customer_number": "K-7"}
    return await make(house, "/contacts", surname="Saar", given_name="Anu", phones=phones, fields=fields)


async def talk(house: House, contact: int) -> tuple[CallId, ChannelId]:
    """A call of a contact that was answered, and the channel of the phone."""
    call = await house.arrive("help", "+37255500102", "Anu")
    await house.identify(call, "Saar Anu", contact)
    channel, leg, endpoint = await house.ring(call)
    await house.runner.post(LegAnswered(channel, leg, endpoint))
    return call, leg


async def told(house: House, path: str) -> Any:
    answer = await house.admin.get(f"/api/v1{path}")
    assert answer.is_success, answer.text
    return answer.json()


async def orders_are_typed_kept_and_placed_once(house: House, page: Page, call: str) -> None:
    await page.get_by_role("button", name="Uus tellimus").click()
    finder = page.get_by_role("combobox", name="Leia toode")
    await expect(finder).to_be_focused()
    await finder.fill("kaab")
    await expect(page.get_by_role("option", name="Kaabel, 1 m")).to_contain_text("3 laos")
    await fit(page)
    await finder.press("Enter")
    quantity = page.get_by_role("textbox", name="Kogus: Kaabel, 1 m")
    await quantity.fill("5")
    order = page.get_by_role("region", name="Tellimus", exact=True)
    await expect(order).to_contain_text("KB-100 on 3, soovitakse 5")
    await order.get_by_label("Kuhu").fill("Tamme 1, Tartu")
    await order.get_by_role("button", name="Esita tellimus").click()
    await expect(order.get_by_role("alert").last).to_contain_text("mustand on alles")
    await page.reload()
    await expect(quantity).to_have_value("5")
    await expect(order.get_by_label("Kuhu")).to_have_value("Tamme 1, Tartu")
    await fit(page, "order")
    await quantity.fill("2")
    await expect(order).to_contain_text("19,98")
    await expect(order.get_by_text("Salvestatud")).to_be_visible()
    await order.get_by_role("button", name="Esita tellimus").dblclick()
    await expect(page.get_by_text("2026-00001").first).to_be_visible()
    (placed,) = (await told(house, "/orders"))["items"]
    assert (placed["state"], placed["gross"], placed["call"]) == ("placed", "19.98", call)
    placed_order = page.get_by_role("region", name="Tellimus 2026-00001")
    await placed_order.get_by_role("button", name="Tühista tellimus").click()
    await placed_order.get_by_label("Miks tühistatakse").fill("klient loobus")
    await placed_order.get_by_role("button", name="Tühista tellimus").click()
    await expect(placed_order).to_contain_text("klient loobus")
    await placed_order.get_by_role("button", name="Korda").click()
    await expect(quantity).to_have_value("2")
    await order.get_by_role("button", name="Viska ära").click()
    await page.get_by_role("button", name="Võta tagasi").click()
    await expect(quantity).to_have_value("2")
    await order.get_by_role("button", name="Viska ära").click()
    await expect(order).to_have_count(0)


async def a_survey_is_asked_by_keys(house: House, page: Page) -> None:
    await expect(page.get_by_role("button", name="Küsi")).to_be_visible()
    await page.keyboard.press("Alt+u")
    await expect(page.get_by_text("Kui tõenäoliselt")).to_be_visible()
    await fit(page)
    await page.keyboard.press("+")
    await expect(page.get_by_text("Mis meeldis?")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Mis meeldis?")).to_be_visible()
    await page.get_by_role("button", name="Paranda: Kui").click()
    await page.keyboard.press("3")
    answer = page.get_by_role("textbox", name="Vastus")
    await answer.fill("ooteaeg")
    await answer.press("Tab")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Lõpeta küsitlus").press("Enter")
    await expect(page.get_by_text("Täna klienti")).to_be_visible()
    (asked,) = (await told(house, "/survey-responses"))["items"]
    whole = await told(house, f"/survey-responses/{asked['id']}")
    given = [(one["question"], one["value"]) for one in whole["answers"] if one["counts"]]
    assert (whole["state"], given) == ("finished", [("recommend", 3), ("why", "ooteaeg")])


async def what_two_have_changed_stands_side_by_side(house: House, page: Page, contact: int) -> None:
    note = page.get_by_role("textbox", name="Märkmed")
    await note.fill("Arve kadus")
    await expect(page.get_by_role("region", name="Märkmed").get_by_text("Salvestatud")).to_be_visible()
    (kept,) = (await told(house, f"/contacts/{contact}/notes"))["items"]
    path = f"/api/v1/contacts/{contact}/notes/{kept['id']}"
    assert (await house.admin.put(path, json={"text": "Arve leitud"}, headers=ANY)).is_success
    await note.fill("Arve kadus, saatsin")
    await expect(page.get_by_text("Keegi teine on seda vahepeal muutnud")).to_be_visible()
    await page.get_by_role("button", name="Jäta mõlemad").click()
    await expect(note).to_have_value("Arve leitud\nArve kadus, saatsin")
    await expect(page.get_by_role("region", name="Märkmed").get_by_text("Salvestatud")).to_be_visible()
    await page.get_by_role("button", name="Muuda kontakti").click()
    known = page.get_by_label("Mida kõik peaksid teadma")
    await known.fill("Helista õhtul")
    whole = await told(house, f"/contacts/{contact}")
    changed = {**whole, "note": "Kirjuta", "phones": [{"number": "5550 0102", "label": "tööl"}]}
    out = {"id", "name", "employer_name", "owner_name", "last_operator", "last_served_at", "version"}
    body = {name: value for name, value in changed.items() if name not in out | {"created_at", "updated_at"}}
    answer = await house.admin.put(f"/api/v1/contacts/{contact}", json=body, headers=ANY)
    assert answer.is_success, answer.text
    card = page.get_by_role("region", name="Kontakt")
    await card.get_by_role("button", name="Salvesta").click()
    await expect(card.get_by_role("button", name="Jäta enda oma")).to_be_visible()
    await fit(page)
    await card.get_by_role("button", name="Jäta mõlemad").click()
    await card.get_by_role("button", name="Salvesta").click()
    await expect(card.get_by_text("Kontakt on muudetud")).to_be_visible()
    now = await told(house, f"/contacts/{contact}")
    assert (now["note"], now["phones"][0]["label"]) == ("Kirjuta\nHelista õhtul", "tööl")
    await card.get_by_role("button", name="Võta tagasi").click()
    await expect(card).not_to_contain_text("Helista õhtul")


async def test_an_operator_orders_asks_and_passes_a_complaint_on_with_the_call(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        contact = await furnish(house)
        mari = await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "help")
        await house.make_operator({"username": "jaan", "display_name": "Jaan Tamm"}, "returns")
        async with desk(browser, url, "mari") as page, desk(browser, url, "jaan") as other:
            call, leg = await talk(house, contact)
            await expect(page.locator("#caller")).to_have_text("Saar Anu")
            await expect(page.get_by_role("term").filter(has_text="Kliendinumber")).to_be_visible()
            await orders_are_typed_kept_and_placed_once(house, page, call)
            await a_survey_is_asked_by_keys(house, page)
            await what_two_have_changed_stands_side_by_side(house, page, contact)
            await page.keyboard.press("Alt+c")
            await expect(page.get_by_label("Mille kohta")).to_be_focused()
            await page.keyboard.type("Katkine ruuter")
            await page.keyboard.press("Control+Enter")
            await expect(page.get_by_role("button", name="#1 Katkine ruuter")).to_be_focused()
            await page.get_by_role("textbox", name="Märge kaebuse juurde").fill("Ostetud mais")
            await page.get_by_role("button", name="Lisa", exact=True).click()
            await page.get_by_role("button", name="Anna edasi").click()
            await page.get_by_label("Millisele osakonnale").select_option("Tagastused")
            await page.get_by_label("Sõnum neile").fill("Raha tagasi")
            await fit(page, "pass")
            await page.get_by_role("button", name="Anna edasi").click()
            await expect(page.get_by_text("Kõne läheb neile koos kaebusega")).to_be_visible()
            await enter_again(house, call, leg)
            await page.reload()
            await expect(page.get_by_role("region", name="Kaebused")).to_contain_text("Katkine ruuter")
            await expect(page.locator("[role=alert]:visible")).to_have_count(
                0
            )  # whoever passed it on works on
            await house.ring(call)
            passed = other.get_by_role("region", name="Kaebused")
            await expect(passed).to_contain_text("Edasi andis Mari Maasikas")
            await expect(passed).to_contain_text("Raha tagasi")
            await expect(passed).to_contain_text("Ostetud mais")
            assert house.runner.floor.operators[mari].call is None
            await fit(other)


async def a_campaigns_result_is_chosen_by_keys_and_outlives_a_reload(
    house: House, browser: Browser, url: str
) -> None:
    outbound = await talking(house)
    async with desk(browser, url, "operator") as page:
        result = page.get_by_role("region", name="Mis kõnest sai?")
        await expect(result.get_by_role("button", name="Callback")).to_be_visible()
        await page.keyboard.press("2")
        when = result.get_by_label("Millal tagasi helistada")
        await expect(when).to_be_focused()
        await result.get_by_role("button", name="Homme kell 10.00").click()
        note = result.get_by_label("Märkus tulemuse kohta")
        await note.fill("küsib hinda")
        await page.reload()
        await expect(note).to_have_value("küsib hinda")
        await expect(when).to_have_value(re.compile("T10:00$"))
        await note.press("Control+Enter")
        await expect(result.get_by_role("status")).to_contain_text("Callback")
        await outbound.hang_up()
        lead = await outbound.lead_now()
        assert (lead["reason"], lead["callback_operator"]) == ("callback", outbound.operator)
        await note.press("Tab")
        await page.keyboard.press("1")
        await expect(result.get_by_role("button", name="Salvesta parandus")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(result.get_by_role("status")).to_contain_text("Sale")
        await fit(page)


async def enter_again(house: House, call: CallId, leg: ChannelId) -> None:
    """What the PBX tells of a call that was sent to another queue's number."""
    channel = house.runner.floor.calls[call].channel
    await house.runner.post(BlindTransferred(leg, channel, "6002"))
    await house.runner.post(ChannelHungUp(leg, 16))
    await house.runner.post(
        CallEntered(
            channel,
            "PJSIP/trunk-1",
            caller_number="+37255500102",
            caller_name="Anu",
            dialed="6002",
            queue=QueueId("returns"),
            language="et",
        )
    )


async def test_a_whole_call_needs_no_mouse_and_few_keys(tmp_path: Path) -> None:
    async with live_house(tmp_path) as (house, url), browsing() as browser:
        contact = await furnish(house)
        await house.make_operator({"username": "mari", "display_name": "Mari Maasikas"}, "help")
        async with desk(browser, url, "mari") as page:
            await page.evaluate(
                "window.mice = 0;"
                "for (const kind of ['mousedown', 'click', 'pointerdown'])"
                "  document.addEventListener(kind, (event) => { window.mice += event.detail > 0 }, true)"
            )
            keys = Keys(page)
            call, _ = await talk(house, contact)
            await expect(page.locator("#caller")).to_have_text("Saar Anu")
            await keys.press("Alt+o")
            await expect(page.get_by_role("combobox", name="Leia toode")).to_be_focused()
            await keys.type("kaabel")
            await keys.press("Enter")
            await expect(page.get_by_role("textbox", name="Kogus: Kaabel, 1 m")).to_be_visible()
            await keys.type("paigaldus")
            await keys.press("Enter")
            await expect(page.get_by_role("textbox", name="Kogus: Paigaldus")).to_be_visible()
            await keys.press("Control+Enter")
            await expect(page.get_by_text("2026-00001").first).to_be_visible()
            await keys.press("Alt+c")
            await expect(page.get_by_label("Mille kohta")).to_be_focused()
            await keys.type("Vale arve")
            await keys.press("Tab")
            await keys.type("Arvel on kaks korda sama rida")
            await keys.press("Control+Enter")
            await expect(page.get_by_text("#1 Vale arve")).to_be_visible()
            await keys.press("Alt+n")
            await keys.type("Lubasin uue arve")
            await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
            await expect(page.get_by_text("Kõne on läbi")).to_be_visible()
            await keys.press("Control+k")
            await expect(page.get_by_role("combobox", name="Otsi kõike")).to_be_focused()
            await keys.type("lopeta jarel")
            await expect(page.get_by_role("option").first).to_have_text("Lõpeta järeltööAlt W")
            await fit(page, "search")
            await keys.press("Enter")
            await expect(page.get_by_role("heading", name="Ootad kõnet")).to_be_visible()
            await expect(page.get_by_role("region", name="Mis mind ootab")).to_be_visible()
            await fit(page)
            assert await page.evaluate("window.mice") == 0
            assert keys.pressed <= MOST_KEYS
            await keys.press("Control+k")
            await expect(page.get_by_role("combobox", name="Otsi kõike")).to_be_focused()
            await keys.type("saar")
            await expect(page.get_by_role("option", name="Saar Anu")).to_be_visible()
            await keys.press("Enter")
            await expect(page.get_by_role("heading", name="Saar Anu")).to_be_visible()
            await expect(page.get_by_role("link", name="2026-00001")).to_be_visible()
            await fit(page)
            (placed,) = (await told(house, "/orders"))["items"]
            complaint = await told(house, "/complaints/1")
            (note,) = (await told(house, f"/contacts/{contact}/notes"))["items"]
            assert (placed["state"], placed["call"]) == ("placed", call)
            assert (complaint["call"], complaint["contact"]) == (call, contact)
            assert (note["text"], note["call"]) == ("Lubasin uue arve", call)
        await a_campaigns_result_is_chosen_by_keys_and_outlives_a_reload(house, browser, url)
