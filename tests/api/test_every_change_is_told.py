"""Every operation that changes the common database leaves an event with who did it, in its transaction."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import col

from app.crm.attempts.tables import AttemptRow
from app.crm.consent_lists.tables import ConsentListRow
from app.crm.contact_imports.tables import ContactImportRow
from app.crm.duplicates.service import Finder
from app.crm.duplicates.tables import DuplicateRow
from app.crm.imports.tables import ImportJobRow
from app.crm.webhooks.outbox import add_deliveries
from app.domain.jobs import JobState
from app.floor.events import ClockTicked
from app.lists.reading import UNREAD
from app.pbx.sounds import SoundFolder
from app.records.base import table_of
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.system import clock

from .campaigning import CAMPAIGN
from .house import ANY, PASSWORD, House, open_house
from .test_sounds import wav
from .told import Story

WITHOUT = {
    ("POST", "/api/v1/checks"): "a look at the installation; nothing changes",
    ("POST", "/api/v1/crm-lookup/try"): "a question to the CRM; nothing changes",
    ("POST", "/api/v1/crm-lookup/reports/{call}/retry"): "the list of reports shows it",
    ("POST", "/api/v1/session"): "a log-in; the log has it",
    ("DELETE", "/api/v1/session"): "a log-out; of a token it is told, as it is revoked",
    ("PUT", "/api/v1/me/state"): "one's own state: the records have it",
    ("POST", "/api/v1/me/wrap-up/end"): "one's own state",
    ("PUT", "/api/v1/me/pages/searches"): "what one's own pages keep; it means nothing to others",
    ("PUT", "/api/v1/me/pages/limits"): "what one's own pages keep",
    ("POST", "/api/v1/me/phone/secret"): "for a browser's session alone: test_my_phone looks at its event",
    ("POST", "/api/v1/me/preview/dial"): "the attempt is on record",
    ("POST", "/api/v1/me/preview/skip"): "the lead's rest has its reason",
    ("DELETE", "/api/v1/contacts/{id}/personal-data/{file}"): "a copy that would go within the hour",
}


async def test_every_operation_that_changes_something_leaves_an_event(tmp_path: Path) -> None:
    (tmp_path / "sounds").mkdir(0o755)
    async with open_house(tmp_path, sounds=SoundFolder(tmp_path / "sounds")) as house:
        story = Story(house)
        await _people(story)
        await _crm(story)
        await _contacts(story)
        await _orders(story)
        await _privacy(story)
        await _campaigns(story)
        await _complaints(story)
        await _surveys(story)
        await _lists(story)
        await _webhooks(story)
        await _floor(story)
        writes = {
            (method.upper(), path)
            for path, methods in house.api.openapi()["paths"].items()
            for method in methods
            if method in {"post", "put", "patch", "delete"}
        }
    assert not story.not_as_read, "what was read cannot be sent back, or changes something"
    assert story.done.isdisjoint(WITHOUT)
    assert writes - set(WITHOUT) == story.done


async def _people(story: Story) -> None:
    user = {"username": "uus", "password": PASSWORD, "display_name": "Uus Kasutaja"}
    id_ = (await story.do("POST", "/users", "user.created", json=user))["id"]
    await story.do("PATCH", "/users/{id}", "user.changed", [id_], json={"display_name": "Uuem"})
    role = {"title": "Audiitor", "permissions": ["own"]}
    await story.do("PUT", "/roles/{name}", "role.created", ["auditor"], json=role)
    await story.do("DELETE", "/roles/{name}", "role.removed", ["auditor"])
    token = (await story.do("POST", "/tokens", "token.created", json={"name": "CRM"}))["id"]
    await story.do("DELETE", "/tokens/{token_id}", "token.removed", [token])
    await story.do(
        "PUT", "/tariffs", "tariff.created", json={"items": [{"prefix": "+3725", "per_minute": 0.1}]}
    )
    await story.do("POST", "/sounds", "sound.created", params={"name": "tere"}, content=wav())
    await story.do("DELETE", "/sounds/{name}", "sound.removed", ["tere"])


async def _privacy(story: Story) -> None:
    said: dict[str, Any] = {"surname": "Kask", "phones": [{"number": "5550 0777"}]}
    id_ = (await story.do("POST", "/contacts", "contact.created", json=said))["id"]
    await story.do("POST", "/contacts/{id}/personal-data", "contact.export_begun", [id_])
    await story.do("POST", "/contacts/{id}/erasure", "erasure.created", [id_])
    said = {"open_orders": True, "open_complaints": True, "orders_days": 10}
    await story.do("PUT", "/privacy/rules", "privacy_rules.created", json=said, headers=ANY)
    dry, said = {"days": 10}, {"days": 10, "active": False}
    await story.do("POST", "/privacy/retention/{kept}/dry-run", "retention.counted", ["calls"], json=dry)
    await story.do("PUT", "/privacy/retention/{kept}", "retention.changed", ["calls"], json=said, headers=ANY)


async def _crm(story: Story) -> None:
    url = {"url": {"url": "https://crm.example/?q=[Number]"}}
    await story.do("PUT", "/crm-lookup", "crm_lookup.created", json=url, headers=ANY)
    await story.do("PATCH", "/crm-lookup", "crm_lookup.changed", json={"enabled": False}, headers=ANY)
    await story.do("DELETE", "/crm-lookup", "crm_lookup.removed", headers=ANY)


async def _contacts(story: Story) -> None:
    id_ = (await story.do("POST", "/contacts", "contact.created", json={"surname": "Kask"}))["id"]
    said = {"surname": "Tamm", "given_name": "Mari", "phones": [{"number": "5550 0123"}]}
    await story.do("PUT", "/contacts/{id}", "contact.changed", [id_], json=said, headers=ANY)
    tag = (await story.do("POST", "/tags", "tag.created", json={"name": "VIP"}))["id"]
    await story.do("PUT", "/tags/{id}", "tag.changed", [tag], json={"name": "Oluline"})
    await story.do("PUT", "/contacts/{id}/tags", "contact.changed", [id_], json={"tags": [tag]})
    await story.do("DELETE", "/tags/{id}", "tag.removed", [tag])
    await story.do("POST", "/contacts", "contact.created", json=said)
    engine = story.house.services.engine
    await Finder(engine, "EE", clock.utc_now).step()
    async with reading(engine) as session:
        pair = await session.scalar(select(col(DuplicateRow.id)))
    await story.do("POST", "/duplicates/{id}/dismissal", "duplicate.changed", [pair])
    other = (await story.do("POST", "/contacts", "contact.created", json=said))["id"]
    merged = await story.do(
        "POST", "/contacts/{id}/merge", "contact.merged", [id_], json={"other": other}, headers=ANY
    )
    await story.do("POST", "/merges/{id}/undo", "contact.unmerged", [merged["merge"]])
    offer = {"texts": {"et": {"title": "Sügis"}}, "from_at": "2026-09-01T00:00:00Z"}
    promotion = (await story.do("POST", "/promotions", "promotion.created", json=offer))["id"]
    await story.do(
        "PUT",
        "/promotions/{id}",
        "promotion.changed",
        [promotion],
        json=offer | {"active": False},
        headers=ANY,
    )
    changes = (await story.house.admin.get(f"/api/v1/contacts/{id_}/history?kind=change")).json()["items"]
    change = next(one["id"] for one in changes if "surname" in (one["data"]["before"] or {}))
    await story.do("POST", "/contacts/{id}/history/{change}/undo", "contact.changed", [id_, change])
    note = (await story.do("POST", "/contacts/{id}/notes", "note.created", [id_], json={"text": "x"}))["id"]
    path = "/contacts/{id}/notes/{note}"
    put: dict[str, Any] = {"json": {"text": "y"}, "headers": ANY}
    await story.do("PUT", path, "note.changed", [id_, note], **put)
    await story.do("DELETE", path, "note.changed", [id_, note], headers=ANY)
    await story.do("DELETE", "/contacts/{id}", "contact.removed", [id_], headers=ANY)
    field = {"kind": "text", "titles": {"en": "Size", "et": "Suurus", "ru": "Размер"}}
    new = field | {"code": "size"}
    await story.do("POST", "/contact-fields", "custom_field.created", json=new)
    put = {"json": field | {"position": 2}, "headers": ANY}
    await story.do("PUT", "/contact-fields/{code}", "custom_field.changed", ["size"], **put)
    await _articles(story)
    await _scripts(story)
    no = {"word": "do_not_call", "number": "5550 0199", "source": "call"}
    consent = (await story.do("POST", "/consents", "consent.created", json=no))["id"]
    await story.do("POST", "/consents/{id}/removal", "consent.changed", [consent], json={"reason": "asked"})


async def _complaints(story: Story) -> None:
    number = {"kind": "number", "target": "5550 0199"}
    money = {"title": "Raha", "time_zone": "Europe/Tallinn", "hours": [[]] * 7, "reach": number}
    department = (await story.do("POST", "/departments", "department.created", json=money))["id"]
    changed = money | {"title": "Arved"}
    await story.do("PUT", "/departments/{id}", "department.changed", [department], json=changed, headers=ANY)
    category = {"title": "Internet"}
    made = await story.do("POST", "/complaint-categories", "complaint_category.created", json=category)
    category["title"] = "Internet kodus"
    kind = "complaint_category.changed"
    await story.do("PUT", "/complaint-categories/{id}", kind, [made["id"]], json=category)
    said = {"subject": "Arve vale"}
    id_ = (await story.do("POST", "/complaints", "complaint.created", json=said))["id"]
    path, changed_ = "/complaints/{id}", "complaint.changed"
    whole = said | {"text": "", "wish": "uus arve", "category": None, "contact": None, "owner": None}
    await story.do("PUT", path, changed_, [id_], json=whole, headers=ANY)
    await story.do("POST", f"{path}/steps", changed_, [id_], json={"step": "started"})
    await story.do("PUT", f"{path}/owner", changed_, [id_], json={"owner": None}, headers=ANY)
    await story.do("POST", f"{path}/pass", changed_, [id_], json={"department": department})
    await story.do("POST", f"{path}/notes", "complaint_note.created", [id_], json={"text": "tere"})
    draft = str((await story.house.admin.post("/api/v1/orders", json={})).json()["id"])
    order = {"kind": "order", "ref": draft}
    await story.do("POST", f"{path}/links", "complaint_link.created", [id_], json=order)
    await story.do(
        "DELETE", f"{path}/links/{{kind}}/{{ref}}", "complaint_link.removed", [id_, "order", draft]
    )
    at = clock.utc_now().isoformat()
    for which in ("POST", "DELETE"):
        task = {"title": "Vaata", "due_at": at}
        made = await story.do("POST", f"{path}/tasks", "complaint_task.created", [id_], json=task)
        ids, kind = [id_, made["id"]], "complaint_task.changed"
        if which == "POST":
            await story.do("POST", f"{path}/tasks/{{task}}/done", kind, ids, json={})
        else:
            await story.do("DELETE", f"{path}/tasks/{{task}}", kind, ids)
    await story.do("POST", f"{path}/steps", changed_, [id_], json={"step": "solved", "why": "tehtud"})
    await story.do("PUT", f"{path}/satisfaction", changed_, [id_], json={"satisfaction": 4}, headers=ANY)
    await story.do("DELETE", "/departments/{id}", "department.changed", [department], headers=ANY)


async def _orders(story: Story) -> None:
    any_ = {"headers": {"If-Match": "*"}}
    contact = (await story.house.admin.post("/api/v1/contacts", json={"surname": "Vaher"})).json()["id"]
    said = {"code": "KB-100", "name_et": "Kaabel", "net_price": "2"}
    id_ = (await story.do("POST", "/products", "product.created", json=said))["id"]
    await story.do(
        "PUT", "/products/{id}", "product.changed", [id_], json=said | {"categories": ["kaablid"]}, **any_
    )
    counted = {"stock": "counted", "counted": "4"}
    await story.do("PUT", "/products/{id}/stock", "product_stock.created", [id_], json=counted)
    await story.do("POST", "/products/{id}/arrivals", "product_stock.changed", [id_], json={"quantity": "2"})
    rate = {"category": "standard", "valid_from": "2009-07-01", "percent": "20"}
    await story.do("PUT", "/vat-rates", "vat_rate.removed", json={"items": [rate]})
    prices = {"name": "Hulgi", "prices": [{"product": id_, "net_price": "1.5"}]}
    list_ = (await story.do("POST", "/price-lists", "price_list.created", json=prices))["id"]
    await story.do("PUT", "/price-lists/{id}", "price_list.changed", [list_], json={"name": "Hulgi"}, **any_)
    terms = {"discount": "5"}
    await story.do("PUT", "/contacts/{id}/terms", "contact_terms.created", [contact], json=terms, **any_)
    lines = {"contact": contact, "lines": [{"product": id_, "quantity": "2"}]}
    order = (await story.do("POST", "/orders", "order.created", json=lines))["id"]
    await story.do("PATCH", "/orders/{id}", "order.changed", [order], json={"comment": "x"}, **any_)
    for step in ("place", "confirm", "deliver"):
        await story.do("POST", f"/orders/{{id}}/{step}", "order.changed", [order], **any_)
    said = {"reason": "katki"}
    await story.do("POST", "/orders/{id}/return", "order.changed", [order], json=said, **any_)
    again = (await story.do("POST", "/orders/{id}/repeat", "order.created", [order], json={}))["id"]
    await story.house.admin.post(f"/api/v1/orders/{again}/place", headers=ANY)
    await story.do("POST", "/orders/{id}/cancel", "order.changed", [again], json=said, **any_)
    other = (await story.house.admin.post("/api/v1/orders", json={})).json()["id"]
    await story.do("DELETE", "/orders/{id}", "order.removed", [other], **any_)
    await story.do("DELETE", "/products/{id}", "product.changed", [id_], **any_)


async def _surveys(story: Story) -> None:
    texts = {"et": "Kas soovitaksite?"}
    said: dict[str, Any] = {"title": "Küsitlus", "languages": ["et"]}
    said["questions"] = [{"code": "nps", "kind": "nps", "texts": texts, "required": True}]
    id_ = (await story.do("POST", "/surveys", "survey.created", json=said))["id"]
    changed = {"json": said | {"title": "Pärast kõnet"}, "headers": ANY}
    await story.do("PUT", "/surveys/{id}", "survey.changed", [id_], **changed)
    out = {"json": {"state": "published"}, "headers": ANY}
    await story.do("PUT", "/surveys/{id}/state", "survey.changed", [id_], **out)
    for end, body in (("finish", None), ("refuse", {"reason": "kiire"})):
        path = "/surveys/{id}/responses"
        asked = (await story.do("POST", path, "survey_response.created", [id_], json={}))["id"]
        kind, path = "survey_response.changed", "/survey-responses/{id}"
        answers = {"json": {"answers": {"nps": 9}}, "headers": ANY}
        await story.do("PATCH", path, kind, [asked], **answers)
        await story.do("POST", f"{path}/{end}", kind, [asked], json=body, headers=ANY)
    await story.do("POST", "/survey-responses/{id}/reopen", kind, [asked], headers=ANY)


async def _articles(story: Story) -> None:
    text = {"texts": {"et": {"title": "Arve"}}}
    id_ = (await story.do("POST", "/articles", "article.created", json=text))["id"]
    more = text | {"tags": ["arve"]}
    await story.do("PUT", "/articles/{id}", "article.changed", [id_], json=more, headers=ANY)
    published = {"state": "published"}
    await story.do("PUT", "/articles/{id}/state", "article.changed", [id_], json=published, headers=ANY)
    back = "/articles/{id}/versions/{version}/restoration"
    await story.do("POST", back, "article.changed", [id_, 1], headers=ANY)
    await story.do("POST", "/articles/{id}/answers", "article_answer.created", [id_], json={"helped": True})
    lacks = {"question": "päike"}
    await story.do("POST", "/articles/unanswered", "article_unanswered.created", json=lacks)
    done = {"done": True, "article": id_}
    await story.do("PUT", "/articles/unanswered/{id}", "article_unanswered.changed", [1], json=done)
    words = {"code": "sun", "et": ["päike"]}
    sun = (await story.do("POST", "/synonyms", "synonyms.created", json=words))["id"]
    await story.do(
        "PUT", "/synonyms/{id}", "synonyms.changed", [sun], json=words | {"en": ["sun"]}, headers=ANY
    )


async def _scripts(story: Story) -> None:
    house = story.house
    said = {
        "title": "Tere",
        "queues": ["help"],
        "steps": [{"code": "hi", "texts": {"et": "Tere"}, "then": "end"}],
    }
    await house.make_queue("help")
    id_ = (await story.do("POST", "/scripts", "script.created", json=said))["id"]
    any_ = {"headers": ANY}
    await story.do("PUT", "/scripts/{id}", "script.changed", [id_], json=said | {"title": "Tervist"}, **any_)
    published = {"state": "published"}
    await story.do("PUT", "/scripts/{id}/state", "script.changed", [id_], json=published, **any_)
    call = await house.arrive("help")
    run = await story.do("PUT", "/calls/{id}/scripts/{script}", "script_run.created", [call, id_])
    path, kind = "/script-runs/{run}", "script_run.changed"
    await story.do("PUT", f"{path}/typed", kind, [run["id"]], json={"typed": {"hi": "x"}}, **any_)
    await house.admin.put(f"/api/v1/script-runs/{run['id']}/typed", json={"typed": {"hi": ""}}, headers=ANY)
    await story.do("PUT", f"{path}/next", kind, [run["id"]], json={"step": "hi"}, **any_)
    await story.do("PUT", f"{path}/back", kind, [run["id"]], json={"step": "hi"}, **any_)
    await story.do("PUT", f"{path}/state", kind, [run["id"]], json={"state": "broken_off"}, **any_)


async def _campaigns(story: Story) -> None:
    await story.do("POST", "/queues", "queue.created", json={"id": "sales", "title": "Müük"})
    await story.do("PUT", "/queues/{id}", "queue.changed", ["sales"], json={"title": "Müügid"})
    await story.house.admin.post(
        "/api/v1/contacts", json={"surname": "Kuusk", "phones": [{"number": "5550 0144"}]}
    )
    id_ = (await story.do("POST", "/campaigns", "campaign.created", json=CAMPAIGN))["id"]
    await story.do("PUT", "/campaigns/{id}", "campaign.changed", [id_], json=CAMPAIGN | {"title": "Sügis"})
    leads = {"leads": [{"numbers": ["5550 0111"]}, {"numbers": ["5550 0112"]}]}
    given = await story.do("POST", "/campaigns/{id}/leads", "campaign.leads_given", [id_], json=leads)
    await story.do(
        "POST", "/campaigns/{id}/leads/from-contacts", "campaign.leads_given", [id_], json={"q": "kuusk"}
    )
    lead, other = given["added"]
    await story.do("PATCH", "/leads/{id}", "lead.changed", [lead], json={"priority": 5})
    at = (clock.utc_now() + timedelta(days=1)).isoformat()
    await story.do("PUT", "/leads/{id}/callback", "lead.changed", [lead], json={"at": at})
    await story.do("DELETE", "/leads/{id}/callback", "lead.changed", [lead])
    await story.do("DELETE", "/leads/{id}", "lead.removed", [other])
    made = {"code": "tellimus", "title": "Tellimus", "sale": True}
    disposition = (await story.do("POST", "/dispositions", "disposition.created", json=made))["id"]
    await story.do(
        "PUT", "/dispositions/{id}", "disposition.changed", [disposition], json=made | {"title": "Ost"}
    )
    await _attempt(story.house, id_, lead)
    await story.do(
        "PUT", "/attempts/{id}/disposition", "attempt.changed", ["kc-1"], json={"disposition": "tellimus"}
    )
    state = {"state": "running", "reason": "algab"}
    await story.do("PUT", "/campaigns/{id}/state", "campaign.changed", [id_], json=state)
    empty = await story.house.admin.post("/api/v1/campaigns", json=CAMPAIGN | {"title": "Tühi"})
    await story.do("DELETE", "/campaigns/{id}", "campaign.removed", [empty.json()["id"]])


async def _attempt(house: House, campaign: int, lead: int) -> None:
    async with writing(house.services.engine) as session:
        await session.execute(
            insert(table_of(AttemptRow)).values(
                id="kc-1",
                campaign_id=campaign,
                lead_id=lead,
                position=0,
                number="+37255500111",
                mode="progressive",
                rule_set="",
                runner="",
                placed_at=clock.utc_now(),
                amd="",
                note="",
                operator_id=house.users["administrator"],
                outcome="answered",
            )
        )


async def _webhooks(story: Story) -> None:
    said = {"title": "ERP", "url": "https://erp.example/", "kinds": ["order.*"]}
    id_ = (await story.do("POST", "/webhooks", "webhook.created", json=said))["id"]
    path = "/webhooks/{id}"
    await story.do("PUT", path, "webhook.changed", [id_], json=said | {"title": "Arved"}, headers=ANY)
    await story.do("POST", f"{path}/secret", "webhook.changed", [id_], json={})
    await story.do("POST", f"{path}/ping", "webhook.pinged", [id_])
    period = {"from_at": "2026-01-01T00:00:00Z", "to_at": "2026-01-02T00:00:00Z"}
    await story.do("POST", f"{path}/resends", "webhook_resend.created", [id_], json=period)
    async with writing(story.house.services.engine) as session:
        event = await session.scalar(select(EventRow).where(col(EventRow.kind) == "webhook.pinged"))
        assert event is not None
        (delivery,) = await add_deliveries(session, [(id_, event)], clock.utc_now())
    again = f"{path}/deliveries/{{delivery}}/again"
    await story.do("POST", again, "webhook.sent_again", [id_, delivery])
    await story.do("DELETE", path, "webhook.removed", [id_], headers=ANY)


async def _lists(story: Story) -> None:
    house = story.house
    campaign = (await house.admin.get("/api/v1/campaigns")).json()[0]["id"]
    path = "/campaigns/{id}/imports"
    job = (await story.do("POST", path, "import.created", [campaign], content=b"Telefon\n5550 0131\n"))["id"]
    await _until_state(house, f"/api/v1/imports/{job}", "uploaded")
    await story.do("PUT", "/imports/{id}/reading", "import.reading", [job], json={"header": True})
    await _until_state(house, f"/api/v1/imports/{job}", "uploaded")
    await story.do("POST", "/imports/{id}/start", "import.queued", [job], json={})
    await _until_state(house, f"/api/v1/imports/{job}", "done")
    await story.do("POST", "/imports/{id}/undo", "import.undoing", [job])
    await _until_state(house, f"/api/v1/imports/{job}", "undone")
    await story.do("DELETE", "/imports/{id}", "import.removed", [job])
    under_way: dict[str, Any] = {"state": JobState.RUNNING.value, "size": 1, "created_at": clock.utc_now()}
    async with writing(house.services.engine) as session:
        waiting = ImportJobRow(
            campaign_id=campaign, name="x", runner="command", reading=UNREAD.as_json(), **under_way
        )
        numbers = ConsentListRow(word="do_not_call", source="x", **under_way)
        session.add_all([waiting, numbers])
    await story.do("POST", "/imports/{id}/cancel", "import.cancelled", [waiting.id])
    await _contact_imports(story)
    path = "/consents/imports"
    params = {"source": "register"}
    known = await story.do("POST", path, "consent_list.created", params=params, content=b"5550 0132\n")
    await _until_state(house, f"/api/v1/consents/imports/{known['id']}", "done")
    await story.do("DELETE", f"{path}/{{id}}", "consent_list.removed", [known["id"]])
    await story.do("POST", f"{path}/{{id}}/cancel", "consent_list.cancelled", [numbers.id])


async def _contact_imports(story: Story) -> None:
    house, path = story.house, "/contact-imports"
    content = b"surname;phone\nLepp;5550 0132\n"
    job = (await story.do("POST", path, "contact_import.created", content=content))["id"]
    at = f"/api/v1{path}/{job}"
    await _until_state(house, at, "uploaded")
    said: dict[str, Any] = {"header": True}
    await story.do("PUT", f"{path}/{{id}}/reading", "contact_import.reading", [job], json=said)
    await _until_state(house, at, "uploaded")
    await story.do("POST", f"{path}/{{id}}/start", "contact_import.queued", [job], json={})
    await _until_state(house, at, "done")
    await story.do("POST", f"{path}/{{id}}/undo", "contact_import.undoing", [job])
    await _until_state(house, at, "undone")
    await story.do("DELETE", f"{path}/{{id}}", "contact_import.removed", [job])
    waiting = ContactImportRow(
        name="waiting",
        size=1,
        state=JobState.QUEUED.value,
        reading=UNREAD.as_json(),
        created_at=clock.utc_now(),
    )
    async with writing(house.services.engine) as session:
        session.add(waiting)
    await story.do("POST", f"{path}/{{id}}/cancel", "contact_import.cancelled", [waiting.id])


async def _until_state(house: House, path: str, state: str) -> None:
    async with asyncio.timeout(60):
        while (await house.admin.get(path)).json()["state"] != state:  # noqa: ASYNC110 - another process's work
            await asyncio.sleep(0.01)


async def _floor(story: Story) -> None:
    house = story.house
    said = {"user": house.users["operator"], "memberships": [{"queue": "sales"}]}
    id_ = (await story.do("POST", "/operators", "operator.created", json=said))["id"]
    await story.do("PUT", "/operators/{id}", "operator.changed", [id_], json={"skills": ["lang:et"]})
    here = {"skills": ["lang:et"], "memberships": [{"queue": "sales"}]}
    assert (await house.admin.put(f"/api/v1/operators/{id_}", json=here, headers=ANY)).is_success
    place = "/operators/{id}/queues/{queue}"
    await story.do("PUT", place, "operator.changed", [id_, "sales"], json={"left": True})
    await story.do("PUT", "/operators/{id}/state", "operator.state_set", [id_], json={"presence": "on_break"})
    queue = {"id": "file", "title": "Of a file"}
    await story.do("PUT", "/configuration", "queue.created", json={"queues": [queue]})
    await story.do("POST", "/operators/{id}/softphone-secret", "operator.secret_renewed", [id_])
    mine = {"user": house.users["administrator"], "memberships": [{"queue": "sales"}]}
    me = (await house.admin.post("/api/v1/operators", json=mine)).json()["id"]
    await story.do("PUT", "/me/queues/{queue}", "operator.changed", ["sales"], json={"left": True})
    await story.do("PUT", "/me/phone", "operator.changed", json={"kind": "browser"})
    assert (await house.admin.delete(f"/api/v1/operators/{me}", headers=ANY)).status_code == 204
    route = {"kind": "queue", "target": "sales"}
    await story.do("PUT", "/routes/{number}", "route.created", ["6001000"], json=route)
    await story.do("DELETE", "/routes/{number}", "route.removed", ["6001000"])
    contact = (await house.admin.post("/api/v1/contacts", json={"surname": "Lepp"})).json()["id"]
    call = await house.arrive("sales")
    await house.identify(call)
    await house.runner.post(ClockTicked())
    picked = {"contact": contact}
    await story.do("POST", "/calls/{id}/contact", "call.contact_picked", [call], json=picked)
    path = "/calls/{id}/contacts"
    await story.do("POST", path, "contact.created", [call], json={"surname": "Saar"})
    await house.admin.post("/api/v1/queues", json={"id": "kiire", "title": "Kiire"})
    await story.do("POST", "/calls/{id}/queue", "call.moved", [call], json={"queue": "kiire"})
    await story.do("POST", "/calls/{id}/end", "call.cut", [call])
    await story.do("DELETE", "/operators/{id}", "operator.removed", [id_])
    await house.admin.post("/api/v1/queues", json={"id": "abi", "title": "Abi"})
    await story.do("PUT", "/queues/{id}/pause", "queue.changed", ["abi"], json={"paused": True})
    await story.do("DELETE", "/queues/{id}", "queue.removed", ["abi"])
    new = {"current": PASSWORD, "new": "sügisene metsarada 7"}
    await story.do("PUT", "/me/password", "user.changed", json=new)
