"""Contacts over the interface: searched, compared, merged, and parted again."""

from typing import Any

from app.crm.duplicates.service import Finder
from app.system import clock

from .house import ANY, House


async def made(house: House, **said: Any) -> int:
    answer = await house.client("operator").post("/api/v1/contacts", json=said)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def test_contacts_are_found_compared_merged_and_parted(house: House) -> None:
    phones = [{"number": "5550 0123"}]
    anna = await made(house, surname="Иванова", given_name="Анна", phones=phones)
    again = await made(house, surname="Ivanova", given_name="Anna", note="helista õhtul", phones=phones)
    tamm = await made(house, surname="Tamm", given_name="Jaan", phones=phones)
    operator, supervisor = house.client("operator"), house.client("supervisor")

    hits = (await operator.get("/api/v1/contacts/search", params={"q": "ivanova an"})).json()
    assert {hit["contact"]["id"] for hit in hits} == {anna, again}
    assert [one["field"] for one in hits[0]["reasons"]] == ["surname", "given_name"]
    paged = (await operator.get("/api/v1/contacts", params={"q": "0123", "limit": 2})).json()
    rest = await operator.get("/api/v1/contacts", params={"q": "0123", "cursor": paged["next"]})
    found = [*paged["items"], *rest.json()["items"]]
    assert [one["id"] for one in found] == [tamm, again, anna]
    by_name = (await operator.get("/api/v1/contacts", params={"limit": 1})).json()
    wrong = await operator.get("/api/v1/contacts", params={"q": "0123", "cursor": by_name["next"]})
    assert wrong.json()["code"] == "request.cursor_unknown"

    await Finder(house.services.engine, "EE", clock.utc_now).step()
    (pair,) = (await operator.get("/api/v1/duplicates")).json()["items"]
    assert [one["id"] for one in pair["contacts"]] == [anna, again]
    assert pair["reasons"] == [
        {"what": "phone", "value": "+37255500123"},
        {"what": "name", "value": "alphabet"},
    ]

    before = [(await operator.get(f"/api/v1/contacts/{id_}")).text for id_ in (anna, again)]
    shown = await operator.get(f"/api/v1/contacts/{anna}/merge-preview", params={"other": again})
    assert {one["field"]: one["wins"] for one in shown.json()}["note"] == "helista õhtul"
    path, said = f"/api/v1/contacts/{anna}/merge", {"other": again, "take": ["surname"]}
    assert (await supervisor.post(path, json=said)).status_code == 428
    merged = (await supervisor.post(path, json=said, headers=ANY)).json()
    assert merged["contact"]["surname"] == "Ivanova"
    assert merged["set_aside"] == {"surname": "Иванова", "given_name": "Anna"}
    gone = await operator.get(f"/api/v1/contacts/{again}")
    assert (gone.status_code, gone.json()["code"], gone.json()["params"]) == (
        410,
        "contact.merged",
        {"merged_into": anna},
    )
    (listed,) = (await operator.get(f"/api/v1/contacts/{anna}/merges")).json()
    assert (listed["id"], listed["merged"]) == (merged["merge"], again)
    parted = await supervisor.post(f"/api/v1/merges/{merged['merge']}/undo")
    assert [one["id"] for one in parted.json()["contacts"]] == [anna, again]
    assert [(await operator.get(f"/api/v1/contacts/{id_}")).text for id_ in (anna, again)] == before
    assert (await supervisor.post(f"/api/v1/merges/{merged['merge']}/undo")).json()["code"] == "merge.undone"


async def test_pairs_and_merges_that_are_not_there(house: House) -> None:
    supervisor = house.client("supervisor")
    kask = await made(house, surname="Kask")
    for path, said, code in (
        ("/api/v1/duplicates/99/dismissal", None, "duplicate.unknown"),
        ("/api/v1/merges/99/undo", None, "merge.unknown"),
        (f"/api/v1/contacts/{kask}/merge", {"other": kask}, "merge.same_contact"),
        (f"/api/v1/contacts/{kask}/merge", {"other": 999}, "reference.unknown"),
        (f"/api/v1/contacts/{kask}/merge", {"other": 0}, "request.unfit"),
    ):
        assert (await supervisor.post(path, json=said, headers=ANY)).json()["code"] == code
