"""Leads of campaigns: given, looked through, called back, stopped."""

from typing import Any

from app.compliance.eligibility import DialRule
from app.domain.ids import AttemptId, CampaignId
from app.outbound.lead_selection import begin_pick, pick_leads
from tests.records.lists import pick

from .campaigning import brought, do, ended, given, made
from .house import House


async def test_leads_are_given_once_for_each_key(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    leads: list[dict[str, Any]] = [{"numbers": ["5550 0001"], "external_id": "a"}, {"numbers": ["55500001"]}]
    said = {"leads": leads}
    url, headers = f"/api/v1/campaigns/{id_}/leads", {"Idempotency-Key": "k-1"}
    first = await supervisor.post(url, json=said, headers=headers)
    again = await supervisor.post(url, json=said, headers=headers)
    assert first.json() == again.json() == {"added": [1], "not_added": [{"index": 1, "why": "number"}]}
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await given(house, id_, *leads))["added"] == []


async def test_leads_are_looked_through(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    await given(house, id_, *({"numbers": [f"5550000{key}"], "priority": key} for key in range(5)))
    url, seen, cursor = f"/api/v1/campaigns/{id_}/leads", [], None
    while True:
        page = (
            await supervisor.get(
                url, params={"limit": 2, "state": "ready", **({"cursor": cursor} if cursor else {})}
            )
        ).json()
        seen += [lead["id"] for lead in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [1, 2, 3, 4, 5]
    found = (await supervisor.get(url, params={"number": "5550 0003"})).json()["items"]
    assert [(lead["id"], lead["priority"], lead["numbers"][0]["number"]) for lead in found] == [
        (4, 3, "+37255500003")
    ]
    assert (await supervisor.get(url, params={"state": "done"})).json()["items"] == []
    changed = await supervisor.patch("/api/v1/leads/1", json={"priority": 50})
    assert changed.json()["priority"] == 50
    (lead,) = await pick(house.services.engine, CampaignId(id_))
    assert lead.id == 1


async def test_contacts_become_leads(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    for key, phones in enumerate((["5550 0001", "201"], ["202"], ["5550 0003"])):
        said = {"surname": f"Kask{key}", "phones": [{"number": number} for number in phones]}
        assert (await supervisor.post("/api/v1/contacts", json=said)).status_code == 201
    url = f"/api/v1/campaigns/{id_}/leads/from-contacts"
    assert (await supervisor.post(url, json={"q": "kask"})).json() == {
        "found": 3, "added": 2, "duplicates": 0, "do_not_call": 0, "without_number": 1,
    }  # fmt: skip
    assert (await supervisor.post(url, json={"q": "kask"})).json()["duplicates"] == 2
    leads = (await supervisor.get(f"/api/v1/campaigns/{id_}/leads")).json()["items"]
    assert [(lead["contact"], lead["surname"]) for lead in leads] == [(3, "Kask2"), (1, "Kask0")]
    # A program's lead is known by its number.
    assert (await given(house, id_, {"numbers": ["5550 0001", "5550 0009"]}))["not_added"][0][
        "why"
    ] == "contact"


async def test_who_must_not_be_called_is_not_taken(house: House) -> None:
    supervisor = house.client("supervisor")
    id_ = await made(house)
    said = {"word": "do_not_call", "number": "5550 0001", "source": "call"}
    assert (await supervisor.post("/api/v1/consents", json=said)).status_code == 201
    told = await given(house, id_, {"numbers": ["55500001"]}, {"numbers": ["55500001", "55500002"]})
    assert told == {"added": [1], "not_added": [{"index": 0, "why": "do_not_call"}]}
    (lead,) = (await supervisor.get(f"/api/v1/campaigns/{id_}/leads")).json()["items"]
    assert [one["number"] for one in lead["numbers"]] == ["+37255500002"]
    job = (await brought(house, id_, b"55500001\n55500003\n"))["id"]
    for dry_run in (True, False):
        await do(house, job, "start", dry_run=dry_run)
        told = await ended(house, job)
        assert (told["added"], told["rejected"]) == (1, 1)
    rejected = await supervisor.get(f"/api/v1/imports/{job}/rejected")
    assert "1;selle numbrile ei tohi helistada;55500001" in rejected.text, "in the user's language"


async def test_callbacks_are_their_operators(house: House) -> None:
    supervisor, operator = house.client("supervisor"), house.client("operator")
    id_ = await made(house)
    await given(house, id_, {"numbers": ["55500001"]}, {"numbers": ["55500002"]})
    at = "2026-03-03T10:00:00Z"
    me = house.users["operator"]
    mine = {"at": at, "operator": me}
    nobody = await supervisor.put("/api/v1/leads/1/callback", json=mine)
    assert (nobody.status_code, nobody.json()["code"]) == (422, "reference.unknown"), "they are no operator"
    await house.make_operator("operator")
    assert (await supervisor.put("/api/v1/leads/1/callback", json=mine)).status_code == 200
    assert (await supervisor.put("/api/v1/leads/2/callback", json={"at": at})).json()["next_at"] == at
    assert [lead["id"] for lead in (await operator.get("/api/v1/callbacks")).json()["items"]] == [1]
    assert [lead["id"] for lead in (await supervisor.get("/api/v1/callbacks")).json()["items"]] == [1, 2]
    page = (await supervisor.get("/api/v1/callbacks?limit=1")).json()
    rest = (await supervisor.get("/api/v1/callbacks", params={"cursor": page["next"]})).json()
    assert [lead["id"] for lead in rest["items"]] == [2]
    later = {"at": "2026-03-03T11:00:00Z", "operator": me}
    assert (await operator.put("/api/v1/leads/1/callback", json=later)).status_code == 200
    assert (await operator.put("/api/v1/leads/2/callback", json=later)).status_code == 404
    other = later | {"operator": house.users["supervisor"]}
    assert (await operator.put("/api/v1/leads/1/callback", json=other)).status_code == 403
    assert (await supervisor.delete("/api/v1/leads/1/callback")).status_code == 204
    assert (await supervisor.delete("/api/v1/leads/1/callback")).status_code == 409
    (lead,) = await pick(house.services.engine, CampaignId(id_))
    assert lead.id == 1
    assert (await supervisor.put("/api/v1/leads/1/callback", json=later)).status_code == 409, "it is reserved"


async def test_which_rule_stops_how_many_leads_and_until_when(house: House) -> None:
    supervisor = house.client("supervisor")
    closed = [{"days": [(house.services.now().isoweekday() + 2) % 7 + 1], "from": "10:00", "to": "11:00"}]
    id_ = await made(house, hours=closed)
    people = [{"numbers": [f"5550000{n}"], "surname": f"Kask {n}"} for n in range(1, 4)]
    added = (await given(house, id_, *people))["added"]
    no = {"word": "do_not_call", "number": "55500003", "source": "letter"}
    assert (await supervisor.post("/api/v1/consents", json=no)).status_code == 201
    await supervisor.put(f"/api/v1/campaigns/{id_}/state", json={"state": "running"})
    assert (await supervisor.get(f"/api/v1/campaigns/{id_}/stopped")).json() == [], "nobody has looked yet"
    now = house.services.now()
    attempts = [AttemptId(f"kc-{n}") for n in range(3)]
    found = await pick_leads(house.services.engine, CampaignId(id_), attempts, runner="one", now=now)
    assert found is not None
    await begin_pick(house.services.engine, found, "one", now)
    told = (await supervisor.get(f"/api/v1/campaigns/{id_}/stopped")).json()
    assert [(one["rule"], one["leads"], one["waiting"]) for one in told] == [
        (DialRule.CALLING_HOURS, 2, 2),
        (DialRule.DO_NOT_CALL, 1, 0),
    ]
    assert told[0]["next_at"] > now.isoformat()
    assert told[1]["next_at"] is None
    path = f"/api/v1/campaigns/{id_}/leads"
    waiting = (await supervisor.get(path, params={"rule": "calling_hours"})).json()["items"]
    assert [(one["id"], one["stopped_by"], one["next_at"]) for one in waiting] == [
        (added[0], "calling_hours", told[0]["next_at"]),
        (added[1], "calling_hours", told[0]["next_at"]),
    ]
    page = (await supervisor.get(path, params={"rule": "calling_hours", "limit": 1})).json()
    after = (await supervisor.get(path, params={"rule": "calling_hours", "cursor": page["next"]})).json()
    assert [one["id"] for one in after["items"]] == [added[1]]
    assert (await supervisor.get(path, params={"rule": "weather"})).status_code == 422
    assert (await supervisor.get("/api/v1/campaigns/99/stopped")).status_code == 404
