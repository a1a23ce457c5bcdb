"""A contact's history in one list, notes, and changes undone from there."""

from typing import Any

from sqlalchemy import insert

from app.crm.contact_history.sources import SOURCES
from app.records.base import table_of
from app.records.engine import writing
from app.records.tables import CallRow
from app.system import clock

from .house import ANY, House
from .test_contacts import SIZE, make, put

PHONES = [
    {"number": "5550 0123", "label": "kodu"},
    {"number": "+372 5550 0124", "label": "töö", "preferred": True},
    {"number": "5550 0125"},
]
LONG = "pikk märge " * 1000


async def history(house: House, contact: int, role: str = "operator", **asked: Any) -> list[Any]:
    path, items, cursor = f"/api/v1/contacts/{contact}/history", [], None
    while True:
        params = {"limit": 2, **asked} | ({"cursor": cursor} if cursor else {})
        answer = await house.client(role).get(path, params=params)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return items


async def undo(house: House, contact: int, entry: Any, role: str = "operator") -> Any:
    return await house.client(role).post(f"/api/v1/contacts/{contact}/history/{entry['id']}/undo")


def shown(answer: Any) -> Any:
    told = answer.json() if hasattr(answer, "json") else answer
    return {name: one for name, one in told.items() if name not in {"version", "updated_at"}}


async def test_calls_notes_and_changes_come_in_one_list(house: House) -> None:
    await house.make_queue()
    mari = (await make(house, surname="Õunapuu"))["id"]
    other = (await make(house, surname="Muu"))["id"]
    operator = await house.make_operator("operator", "sales")
    call = await house.arrive("sales")
    await house.identify(call, "Õunapuu", mari)
    await house.answer(call)
    await house.journaled()
    path = f"/api/v1/contacts/{mari}/notes"
    client = house.client("operator")
    note = await client.post(path, json={"text": LONG, "call": call})
    assert (note.status_code, note.json()["author_name"], note.json()["call"]) == (
        201,
        "Tiina Operator",
        call,
    )
    unknown = await client.post(path, json={"text": "x", "call": "keskus-1.1"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "reference.unknown")
    await client.post(f"/api/v1/contacts/{other}/notes", json={"text": "muu"})
    seen = await history(house, mari)
    whats = [one["data"].get("what", one["kind"]) for one in seen]
    assert sorted(whats) == ["call", "contact.created", "note", "note.created"]
    assert [one["at"] for one in seen] == sorted((one["at"] for one in seen), reverse=True)
    (told,) = [one for one in seen if one["kind"] == "call"]
    assert (told["id"], told["data"]["queue"], operator) == (call, "sales", house.users["operator"])
    assert [one["kind"] for one in await history(house, mari, kind="call")] == ["call"]
    wrong = await client.get(f"/api/v1/contacts/{mari}/history", params={"kind": "poem"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "history.kind_unknown")
    one = f"{path}/{note.json()['id']}"
    assert (await client.put(one, json={"text": "lühem"}, headers=ANY)).json()["version"] == 2
    assert (await house.admin.put(one, json={"text": "muu"}, headers={"If-Match": '"1"'})).status_code == 412
    written = (await house.admin.post(path, json={"text": "juhilt"})).json()["id"]
    refused = await client.delete(f"{path}/{written}", headers=ANY)
    assert (refused.status_code, refused.json()["code"]) == (403, "note.of_other")
    assert (await house.admin.delete(one, headers=ANY)).status_code == 204
    assert (await client.put(one, json={"text": "x"}, headers=ANY)).json()["code"] == "note.unknown"
    assert [one["text"] for one in (await client.get(path)).json()["items"]] == ["juhilt"]
    assert {"call", "attempt", "promise", "note"} <= set(SOURCES)


async def test_entries_of_one_moment_come_each_once(house: House) -> None:
    mari = (await make(house, surname="Õunapuu"))["id"]
    at = clock.utc_now()
    async with writing(house.services.engine) as session:
        for number in range(5):
            row = CallRow(id=f"keskus-1.{number}", caller_number="", arrived_at=at, contact_id=mari)
            await session.execute(insert(table_of(CallRow)).values(**row.model_dump()))
    ids = [one["id"] for one in await history(house, mari, kind="call")]
    assert ids == [f"keskus-1.{number}" for number in (4, 3, 2, 1, 0)]


async def test_a_change_is_undone_exactly_and_the_undo_too(house: House) -> None:
    await house.admin.post("/api/v1/contact-fields", json=SIZE)
    emails = [{"address": "Mari@Example.com", "label": "kodu"}]
    first = {"note": LONG, "phones": PHONES, "emails": emails, "fields": {"size": "small"}}
    company = await make(house, kind="company", company_name="Põhjala")
    works = {"employer": company["id"], "owner": house.users["supervisor"]}
    mari = await make(house, surname="Õunapuu", external_id="crm-1", **first, **works)
    await put(house, mari["id"], surname="Tamm", given_name="Mari", phones=PHONES[1:2])
    tag = (await house.admin.post("/api/v1/tags", json={"name": "VIP"})).json()["id"]
    await house.admin.put(f"/api/v1/contacts/{mari['id']}/tags", json={"tags": [tag]})
    tagged, changed, created = await history(house, mari["id"], kind="change")
    assert [one["undoable"] for one in (tagged, changed, created)] == [True, True, False]
    back = await undo(house, mari["id"], changed)
    assert (back.status_code, shown(back)) == (200, shown(mari))
    assert back.headers["etag"] == '"3"'
    again = await undo(house, mari["id"], changed)
    assert (again.status_code, again.json()["code"]) == (409, "history.changed_since")
    redo = (await history(house, mari["id"], kind="change"))[0]
    gone = (await undo(house, mari["id"], redo)).json()
    assert (gone["name"], gone["emails"], gone["fields"]) == ("Tamm Mari", [], {})
    assert [one["raw"] for one in gone["phones"]] == ["+372 5550 0124"]
    assert (await undo(house, mari["id"], tagged)).status_code == 200
    assert (await house.admin.get(f"/api/v1/contacts/{mari['id']}/tags")).json() == []
    await put(house, mari["id"], surname="Kask", given_name="Mari", phones=PHONES[1:2])
    refused = await undo(house, mari["id"], changed)
    assert "surname" in refused.json()["params"]["fields"]
    for entry, code in ((created, "history.change_kept"), ({"id": 10**9}, "history.change_unknown")):
        assert (await undo(house, mari["id"], entry)).json()["code"] == code


async def test_an_undo_that_another_contact_forbids_is_refused(house: House) -> None:
    mari = await make(house, surname="Õunapuu", external_id="crm-1")
    await put(house, mari["id"], surname="Õunapuu")
    await make(house, surname="Tamm", external_id="crm-1")
    changed = (await history(house, mari["id"], kind="change"))[0]
    refused = await undo(house, mari["id"], changed)
    assert (refused.status_code, refused.json()["code"]) == (409, "contact.external_id_taken")
