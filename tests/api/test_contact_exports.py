"""Contacts as files: what is exported is imported again without loss."""

from typing import Any

from .house import ANY, House
from .test_contact_imports import SIZE, counts, run, upload

PATH = "/api/v1/contacts/export"
FORMATS = ("csv", "xlsx", "vcard")
LOST = {"id", "employer", "owner", "created_at", "updated_at", "version", "last_operator", "last_served_at"}
"""What another database has its own of."""


async def make(house: House, **said: Any) -> int:
    tags = said.pop("tags", ())
    answer = await house.admin.post("/api/v1/contacts", json=said)
    assert answer.status_code == 201, answer.text
    ids = []
    for name in tags:
        made = await house.admin.post("/api/v1/tags", json={"name": name})
        known = {one["name"]: one["id"] for one in (await house.admin.get("/api/v1/tags")).json()}
        ids.append(made.json()["id"] if made.status_code == 201 else known[name])
    contact = int(answer.json()["id"])
    assert (await house.admin.put(f"/api/v1/contacts/{contact}/tags", json={"tags": ids})).status_code == 200
    return contact


async def furnish(house: House) -> list[int]:
    """Contacts with what files have trouble with."""
    fields = [SIZE, SIZE | {"code": "says", "kind": "text"}]
    for one in fields:
        assert (await house.admin.post("/api/v1/contact-fields", json=one)).status_code == 201
    company = await make(
        house,
        kind="company",
        company_name="Põhjala OÜ",
        registry_code="012345678901",
        phones=[{"number": "600 0151", "label": 'keskjaam; 2. korrus, "uks"'}],
        language="et",
    )
    other = await make(house, kind="company", company_name="Põhjala OÜ", note="'=1+1")
    works = {"employer": company, "job_title": "=cmd|' /C calc'!A0", "owner": house.users["supervisor"]}
    phones = [
        {"number": "5550 0152", "label": "mobile"},
        {"number": "+372 5550 0153", "label": "* Mobile", "preferred": True},
        {"number": "201", "label": "sise"},
    ]
    emails = [
        {"address": "Mari@Example.com"},
        {"address": "=1@example.com", "label": "work", "preferred": True},
    ]
    mari = await make(
        house,
        surname="Õunapuu-Иванова",
        given_name="Mari",
        patronymic="👩\u200d👧",
        note='  +372 "x";\n\tteine rida\\n, \u202eמ  \n\n',
        external_id="'00017",
        phones=phones,
        emails=emails,
        fields={"size": "-0.5", "says": "@SUM(1)\r\n'=2"},
        tags=["VIP; eri", "Püsi, klient", "=1"],
        **works,
    )
    jaan = await make(house, surname="_x000D_", company_name="Metsa", employer=other, fields={"says": "0012"})
    return [company, other, mari, jaan]


async def told(house: House) -> list[dict[str, Any]]:
    items = (await house.admin.get("/api/v1/contacts", params={"limit": 100})).json()["items"]
    for one in items:
        tags = await house.admin.get(f"/api/v1/contacts/{one['id']}/tags")
        one["tags"] = [tag["name"] for tag in tags.json()]
    told = [{name: value for name, value in one.items() if name not in LOST} for one in items]
    return sorted(told, key=lambda one: (one["name"], one["registry_code"]))


def differences(those: list[dict[str, Any]], these: list[dict[str, Any]]) -> list[Any]:
    """The fields in which contacts differ."""
    return [
        (one["name"], name, value, other[name])
        for one, other in zip(those, these, strict=True)
        for name, value in one.items()
        if value != other[name]
    ]


def without_returns(contacts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Line ends as cards have them."""
    for one in contacts:
        one["fields"] = {name: value.replace("\r\n", "\n") for name, value in one["fields"].items()}
    return contacts


async def test_what_is_exported_is_imported_again_without_loss(house: House) -> None:
    contacts = await furnish(house)
    supervisor = house.client("supervisor")
    before, files = await told(house), dict[str, bytes]()
    for form in FORMATS:
        answer = await supervisor.get(PATH, params={"format": form})
        assert answer.status_code == 200, answer.text
        files[form] = answer.content
        job = (await upload(house, answer.content))["id"]
        done = await run(house, job, same_by=["contact_id"])
        returns = form == "vcard"  # a card has no carriage returns
        assert counts(done) == (4, 0, returns, 4 - returns, 0, 0), (form, done)
    lines = files["csv"].decode("utf-8-sig").splitlines()
    assert not any(cell.startswith(("=", "+", "@", "-")) for line in lines for cell in line.split(";"))
    for form in FORMATS:
        for contact in (await house.admin.get("/api/v1/contacts", params={"limit": 100})).json()["items"]:
            assert (
                await house.admin.delete(f"/api/v1/contacts/{contact['id']}", headers=ANY)
            ).status_code == 204
        job = (await upload(house, files[form]))["id"]
        done = await run(house, job)
        assert (done["added"] + done["companies"], done["rejected"]) == (len(contacts), 0), (form, done)
        again = await told(house)
        if form == "vcard":
            again, before = without_returns(again), without_returns(before)
        assert len(again) == len(before)
        assert not differences(again, before), form


async def test_a_search_is_exported_and_told_in_the_audit_trail(house: House) -> None:
    await furnish(house)
    supervisor = house.client("supervisor")
    cards = (await supervisor.get(PATH, params={"format": "vcard", "q": "ivanova", "kind": "person"})).text
    assert cards.count("BEGIN:VCARD") == 1
    assert 'TEL;VALUE=uri;X-KESKUS-RAW="5550 0152";TYPE=cell:tel:+37255500152' in cards.replace("\r\n ", "")
    none = (await supervisor.get(PATH, params={"q": "puudub"})).text
    assert none.count("\r\n") == 1, "the header alone"
    assert (await house.client("operator").get(PATH)).status_code == 403
    events = (await house.admin.get("/api/v1/audit", params={"subject": "contact"})).json()["items"]
    exported = [(one["kind"], one["after"]) for one in events if "export" in one["kind"]]
    assert exported == [
        (kind, {"format": form, "all": False})
        for form in ("csv", "vcard")
        for kind in ("contact.exported", "contact.export_begun")
    ]
