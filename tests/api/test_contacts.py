"""People, companies, e-mail addresses and custom fields of contacts."""

from typing import Any

import httpx

from .house import ANY, House

SIZE: dict[str, Any] = {
    "code": "size",
    "kind": "choice",
    "titles": {"en": "Size", "et": "Suurus", "ru": "Размер"},
    "choices": [
        {"code": one, "titles": {"en": one, "et": one, "ru": one}} for one in ("small", "medium", "large")
    ],
    "position": 2,
}
SINCE: dict[str, Any] = {
    "code": "since",
    "kind": "date",
    "titles": {"en": "Since", "et": "Alates", "ru": "С"},
    "required": True,
    "position": 1,
}


async def make(house: House, **said: Any) -> Any:
    answer = await house.client("operator").post("/api/v1/contacts", json=said)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def put(house: House, contact: int, **said: Any) -> httpx.Response:
    return await house.client("operator").put(f"/api/v1/contacts/{contact}", json=said, headers=ANY)


async def test_people_work_for_companies(house: House) -> None:
    company = await make(house, kind="company", company_name="Põhjala OÜ", registry_code="12345678")
    assert (company["registry_code"], company["employer"]) == ("12345678", None)
    works = {"employer": company["id"], "job_title": "juhataja", "owner": house.users["supervisor"]}
    mari = await make(house, surname="Õunapuu", company_name="Põhjala", **works)
    await make(house, surname="Aas", employer=company["id"])
    told = (mari["employer_name"], mari["job_title"], mari["owner_name"], mari["company_name"])
    assert told == ("Põhjala OÜ", "juhataja", "Tiina Supervisor", "Põhjala")
    path, names, cursor = f"/api/v1/contacts/{company['id']}/people", [], None
    while True:
        params = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await house.client("operator").get(path, params=params)).json()
        names += [one["name"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert names == ["Aas", "Õunapuu"]
    for wrong, code in (
        ({"employer": mari["id"]}, "contact.employer_unfit"),
        ({"employer": 999}, "reference.unknown"),
        ({"kind": "company", "company_name": "X", "employer": company["id"]}, "contact.employer_unfit"),
        ({"owner": 999}, "reference.unknown"),
        ({"phones": [{"number": "5550 0123", "preferred": True}] * 2}, None),
        (
            {"phones": [{"number": f"5550 012{one}", "preferred": True} for one in (3, 4)]},
            "contact.preferred_twice",
        ),
        ({"emails": [{"address": "two words@example.com"}]}, "request.unfit"),
    ):
        answer = await put(house, mari["id"], **({"surname": "Õunapuu"} | wrong))
        assert answer.json().get("code") == code, wrong
    person = await put(house, company["id"], surname="Põhjala")
    assert (person.status_code, person.json()["code"]) == (409, "contact.has_people")
    gone = await house.admin.delete(f"/api/v1/contacts/{company['id']}", headers=ANY)
    assert gone.status_code == 204
    (left,) = (await house.admin.get("/api/v1/contacts", params={"q": "aas"})).json()["items"]
    assert (left["employer"], left["employer_name"]) == (None, "")


async def test_one_number_and_one_address_come_first(house: House) -> None:
    emails = [{"address": "Mari@Example.com", "label": "kodu"}, {"address": "mari@example.com"}]
    phones = [{"number": "5550 0123"}, {"number": "5550 0124", "preferred": True}]
    mari = await make(house, surname="Õunapuu", emails=emails, phones=phones)
    assert mari["emails"] == [{"address": "Mari@Example.com", "label": "kodu", "preferred": True}]
    assert [one["preferred"] for one in mari["phones"]] == [False, True]
    changed = await put(house, mari["id"], surname="Õunapuu", phones=phones[:1])
    assert (changed.json()["emails"], changed.json()["phones"][0]["preferred"]) == ([], True)
    events = (await house.admin.get("/api/v1/audit", params={"subject": f"contact:{mari['id']}"})).json()
    gone = events["items"][0]["before"]["emails"]
    assert gone == [{"address": "Mari@Example.com", "label": "kodu", "preferred": True}]


async def test_custom_fields_are_declared_filled_in_and_put_out_of_use(house: House) -> None:
    path = "/api/v1/contact-fields"
    for one in (SIZE, SINCE):
        assert (await house.admin.post(path, json=one)).status_code == 201
    again = await house.admin.post(path, json=SIZE)
    assert (again.status_code, again.json()["params"]) == (409, {"field": "size"})
    listed = (await house.client("operator").get(path)).json()
    assert [one["code"] for one in listed] == ["since", "size"]
    mari = await make(house, surname="Õunapuu", fields={"size": "small", "since": "2026-03-02"})
    assert list(mari["fields"].items()) == [("since", "2026-03-02"), ("size", "small")]
    wrong = await put(house, mari["id"], surname="Õunapuu", fields={"size": "huge", "other": "1"})
    told = {one["where"]: one["code"] for one in wrong.json()["errors"]}
    assert (wrong.status_code, told) == (
        422,
        {
            "body.fields.other": "custom_field.none_such",
            "body.fields.since": "custom_field.value_missing",
            "body.fields.size": "custom_field.value_unfit",
        },
    )

    async def field(code: str, said: dict[str, Any], **changed: Any) -> httpx.Response:
        body = {name: value for name, value in (said | changed).items() if name != "code"}
        return await house.admin.put(f"{path}/{code}", json=body, headers=ANY)

    kind = await field("since", SINCE, kind="text")
    assert (kind.status_code, kind.json()["code"]) == (409, "custom_field.has_values")
    assert (await field("since", SINCE, active=False)).json()["active"] is False
    assert (await field("size", SIZE, choices=SIZE["choices"][1:])).status_code == 200
    kept = await put(house, mari["id"], surname="Õunapuu", fields={"size": "small"})
    assert kept.json()["fields"] == {"size": "small"}, "a value stays although it is no choice any more"
    await field("since", SINCE)
    client = house.client("operator")
    back = (await client.get(f"/api/v1/contacts/{mari['id']}")).json()
    assert back["fields"] == {"since": "2026-03-02", "size": "small"}
    cleared = await put(house, mari["id"], surname="Õunapuu", fields={"since": "2026-03-03", "size": " "})
    assert cleared.json()["fields"] == {"since": "2026-03-03"}
    events = (await house.admin.get("/api/v1/audit", params={"subject": f"contact:{mari['id']}"})).json()
    assert events["items"][0]["before"]["fields"] == [
        {"code": "since", "value": "2026-03-02"},
        {"code": "size", "value": "small"},
    ]
    unfits: list[dict[str, Any]] = [{"choices": []}, {"kind": "text"}, {"choices": SIZE["choices"][:1] * 2}]
    for unfit in unfits:
        refused = await house.admin.post(path, json=SIZE | {"code": "other"} | unfit)
        assert (refused.status_code, refused.json()["code"]) == (422, "custom_field.choices_unfit")


async def test_none_of_the_candidates_is_a_decision_that_stays(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    mari, jaan = [(await make(house, surname=name))["id"] for name in ("Õunapuu", "Tamm")]
    call = await house.arrive("sales")
    await house.identify(call, "", mari, jaan)
    await house.answer(call)
    live: Any = house.runner.floor.calls[call]
    assert live.matches == (mari, jaan)
    path = f"/api/v1/calls/{call}/contact"
    client = house.client("operator")
    assert (await client.post(path, json={"contact": None})).status_code == 204
    assert (live.contact, live.matches) == (None, ())
    await house.identify(call, "", mari, jaan)
    assert (live.contact, live.matches) == (None, ()), "it is not asked again"
    assert (await client.post(path, json={"contact": jaan})).status_code == 204
    assert (live.contact, live.contact_name) == (jaan, "Tamm")
    await house.journaled()
    assert (await client.get(f"/api/v1/calls/{call}")).json()["contact"] == jaan
