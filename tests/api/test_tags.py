"""Tags of contacts: made once, given whole, gone with the tag or the contact."""

from typing import Any

import pytest

from app.crm.tags.service import MOST

from .house import ANY, House


async def tag(house: House, name: str, **said: Any) -> int:
    answer = await house.client("operator").post("/api/v1/tags", json={"name": name, **said})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def contact(house: House, surname: str) -> int:
    answer = await house.client("operator").post("/api/v1/contacts", json={"surname": surname})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def give(house: House, contact: int, *tags: int) -> list[str]:
    answer = await house.client("operator").put(f"/api/v1/contacts/{contact}/tags", json={"tags": tags})
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()]


async def test_a_contact_has_the_tags_it_was_given_last(house: House) -> None:
    vip, wholesale = await tag(house, "VIP", colour="red"), await tag(house, "Hulgiklient")
    mari, jaan = await contact(house, "Õunapuu"), await contact(house, "Tamm")
    assert await give(house, mari, vip, wholesale, vip) == ["Hulgiklient", "VIP"]
    assert await give(house, jaan, wholesale) == ["Hulgiklient"]
    assert await give(house, mari, vip) == ["VIP"]
    client = house.client("operator")
    told = (await client.get(f"/api/v1/contacts/{mari}/tags")).json()
    assert told == [{"id": vip, "version": 1, "name": "VIP", "colour": "red"}]
    listed = (await client.get("/api/v1/tags")).json()
    assert [(one["name"], one["contacts"]) for one in listed] == [("Hulgiklient", 1), ("VIP", 1)]


async def test_contacts_of_a_tag_come_in_pages(house: House) -> None:
    vip = await tag(house, "VIP")
    made = [await contact(house, f"Tamm {place}") for place in range(5)]
    for one in made:
        await give(house, one, vip)
    seen, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await house.client("operator").get(f"/api/v1/tags/{vip}/contacts", params=params)).json()
        assert len(page["items"]) <= 2
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == made


async def test_a_name_counts_once_whatever_its_case(house: House) -> None:
    first = await tag(house, "Võlgnik")
    again = await house.client("operator").post("/api/v1/tags", json={"name": "VÕLGNIK  "})
    assert (again.status_code, again.json()["code"]) == (409, "tag.taken")
    await tag(house, "Võlgnik+")
    other = await tag(house, "Muu")
    renamed = await house.client("supervisor").put(
        f"/api/v1/tags/{other}", json={"name": "võlgnik"}, headers=ANY
    )
    assert (renamed.status_code, renamed.json()["params"]) == (409, {"name": "võlgnik"})
    kept = await house.client("supervisor").put(
        f"/api/v1/tags/{first}", json={"name": "võlgnik", "colour": "red"}, headers=ANY
    )
    assert kept.json() == {"id": first, "version": 2, "name": "võlgnik", "colour": "red"}


async def test_it_goes_with_the_tag_and_with_the_contact(house: House) -> None:
    vip, old = await tag(house, "VIP"), await tag(house, "Vana")
    mari, jaan = await contact(house, "Õunapuu"), await contact(house, "Tamm")
    await give(house, mari, vip, old)
    await give(house, jaan, vip)
    supervisor = house.client("supervisor")
    assert (await supervisor.delete(f"/api/v1/tags/{old}", headers=ANY)).status_code == 204
    assert await give(house, mari, vip) == ["VIP"]
    assert (await supervisor.delete(f"/api/v1/contacts/{jaan}", headers=ANY)).status_code == 204
    (left,) = (await supervisor.get("/api/v1/tags")).json()
    assert left["contacts"] == 1


@pytest.mark.parametrize(
    ("method", "path", "said", "code"),
    [
        ("PUT", "/api/v1/contacts/{contact}/tags", {"tags": [999]}, "reference.unknown"),
        ("PUT", "/api/v1/contacts/999/tags", {"tags": []}, "contact.unknown"),
        ("GET", "/api/v1/contacts/999/tags", None, "contact.unknown"),
        ("GET", "/api/v1/tags/999/contacts", None, "tag.unknown"),
        ("PUT", "/api/v1/tags/999", {"name": "X"}, "tag.unknown"),
        ("DELETE", "/api/v1/tags/999", None, "tag.unknown"),
        ("POST", "/api/v1/tags", {"name": " "}, "request.unfit"),
        ("POST", "/api/v1/tags", {"name": "X", "colour": "pink"}, "request.unfit"),
        ("POST", "/api/v1/tags", {"name": "X\u0000"}, "request.unfit"),
        ("PUT", "/api/v1/contacts/{contact}/tags", {"tags": list(range(1, 52))}, "request.unfit"),
    ],
)
async def test_what_does_not_fit_is_refused_and_changes_nothing(
    house: House, method: str, path: str, said: Any, code: str
) -> None:
    vip, mari = await tag(house, "VIP"), await contact(house, "Õunapuu")
    await give(house, mari, vip)
    answer = await house.client("supervisor").request(
        method, path.format(contact=mari), json=said, headers=ANY
    )
    assert (answer.json()["code"], answer.json()["type"]) == (code, f"urn:keskus:problem:{code}")
    (kept,) = (await house.client("operator").get("/api/v1/tags")).json()
    assert (kept["name"], kept["contacts"]) == ("VIP", 1)


async def test_there_is_an_end_to_them(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.crm.tags.service.MOST", 2)
    await tag(house, "Üks")
    await tag(house, "Kaks")
    refused = await house.client("operator").post("/api/v1/tags", json={"name": "Kolm"})
    assert (refused.status_code, refused.json()["params"]) == (409, {"most": 2})
    assert MOST == 500
