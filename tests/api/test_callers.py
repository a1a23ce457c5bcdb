"""Who called: contacts made of calls, what an operator said of a call, numbers that do not work, stale entries."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.crm.answers.caller import Identifier
from app.crm.attempts.tables import AttemptRow
from app.crm.contacts.lookup import Lookup
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import CallId, QueueId
from app.floor.commands import IdentifyCaller
from app.floor.events import CallerIdentified, ChannelHungUp
from app.records.engine import writing
from app.system import clock

from .house import House
from .test_contacts import make

NUMBER = "+37255500161"


async def identified(house: House, call: CallId, *, adopted: bool) -> CallerIdentified:
    identifier = Identifier(Lookup(house.services.engine, "EE"), lambda _: None)
    return await identifier.from_database(IdentifyCaller(call, NUMBER, QueueId("sales"), adopted))


async def test_what_was_said_of_a_call_survives_a_restart(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    mari, jaan = [
        (await make(house, surname=name, phones=[{"number": NUMBER}]))["id"] for name in ("Õunapuu", "Tamm")
    ]
    call = await house.arrive("sales", NUMBER)
    await house.identify(call, "", mari, jaan)
    await house.answer(call)
    path, client = f"/api/v1/calls/{call}/contact", house.client("operator")
    assert (await identified(house, call, adopted=True)).matches == (mari, jaan)
    for said, matches in ((None, ()), (jaan, (jaan,))):
        assert (await client.post(path, json={"contact": said})).status_code == 204
        await house.journaled()
        again = await identified(house, call, adopted=True)
        assert (again.contact, again.matches) == (said, matches)
    assert again.name == "Tamm"
    assert (await identified(house, call, adopted=False)).matches == (mari, jaan), "a new call is looked up"


async def test_a_contact_is_made_or_completed_from_a_call(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    client = house.client("operator")
    call = await house.arrive("sales", NUMBER)
    await house.answer(call)
    path = f"/api/v1/calls/{call}/contacts"
    made = await client.post(
        path, json={"surname": "Kask", "phones": [{"number": "600 0162"}], "note": "uus"}
    )
    assert made.status_code == 201, made.text
    kask = made.json()
    assert [(one["number"], one["preferred"]) for one in kask["phones"]] == [
        (NUMBER, True),
        ("+3726000162", False),
    ]
    live: Any = house.runner.floor.calls[call]
    assert (live.contact, live.contact_name) == (kask["id"], "Kask")
    said = {
        "contact": kask["id"],
        "surname": "Teine",
        "given_name": "Kalle",
        "note": "helistas",
        "emails": [{"address": "k@example.com"}],
        "phones": [{"number": "55500161"}, {"number": "55500163", "preferred": True}],
    }
    told = await client.post(path, json=said)
    assert told.status_code == 200, told.text
    done = told.json()
    assert (done["surname"], done["given_name"], done["note"]) == ("Kask", "Kalle", "uus\nhelistas")
    assert [one["number"] for one in done["phones"]] == [NUMBER, "+3726000162", "+37255500163"]
    assert [one["preferred"] for one in done["phones"]] == [True, False, False]
    assert (done["version"], told.headers["etag"]) == (2, '"2"')
    await house.runner.post(ChannelHungUp(live.channel, 16, "Normal Clearing"))
    await house.journaled()
    assert call not in house.runner.floor.calls
    after = await client.post(path, json={"surname": "Saar"})
    assert after.status_code == 201, after.text
    assert [one["number"] for one in after.json()["phones"]] == [NUMBER]
    await house.journaled()
    assert (await client.get(f"/api/v1/calls/{call}")).json()["contact"] == after.json()["id"]
    other = await house.arrive("sales", NUMBER)
    assert (await client.post(f"/api/v1/calls/{other}/contacts", json={"surname": "X"})).status_code == 404
    refused = await client.post(path, json={})
    assert (refused.status_code, refused.json()["code"]) == (422, "contact.unnamed")


def attempt(place: int, outcome: AttemptOutcome, at: datetime, contact: int | None = None) -> AttemptRow:
    return AttemptRow(
        id=f"a-{place}",
        campaign_id=1,
        lead_id=1,
        contact_id=contact,
        position=0,
        number=NUMBER,
        mode="ratio",
        placed_at=at,
        outcome=outcome.value,
    )


async def test_a_number_that_never_works_is_marked_until_it_answers(house: House) -> None:
    begin = datetime(2026, 3, 2, 9, tzinfo=UTC)
    mari = await make(house, surname="Õunapuu", phones=[{"number": NUMBER}, {"number": "5550 0169"}])
    wrong, failed, answered = AttemptOutcome.WRONG_NUMBER, AttemptOutcome.FAILED, AttemptOutcome.MACHINE
    steps = (wrong, wrong, failed, AttemptOutcome.BUSY, wrong, answered, wrong, wrong, wrong)
    marked: list[str | None] = []
    for place, outcome in enumerate(steps):
        async with writing(house.services.engine) as session:
            session.add(attempt(place, outcome, begin + timedelta(hours=place)))
        contact = (await house.admin.get(f"/api/v1/contacts/{mari['id']}")).json()
        assert contact["phones"][1]["failing_since"] is None
        marked.append(contact["phones"][0]["failing_since"])
    first, again = "2026-03-02T09:00:00Z", "2026-03-02T15:00:00Z"
    assert marked == [None, None, None, None, first, None, None, None, again]


async def test_stale_contacts_are_listed(house: House) -> None:
    supervisor = house.client("supervisor")
    company = await make(house, kind="company", company_name="Põhjala OÜ")
    await make(house, surname="Kask", employer=company["id"])
    noted = await make(house, surname="Kuusk")
    called = await make(house, surname="Mänd")
    for surname in ("Pärn", "Saar"):
        await make(house, surname=surname)
    note = await supervisor.post(f"/api/v1/contacts/{noted['id']}/notes", json={"text": "oluline"})
    assert note.status_code == 201
    since = clock.utc_now() + timedelta(hours=1)
    async with writing(house.services.engine) as session:
        session.add(attempt(1, AttemptOutcome.NO_ANSWER, since + timedelta(hours=1), called["id"]))

    async def listed(at: datetime) -> list[str]:
        names, cursor = [], None
        while True:
            params = {"since": at.isoformat(), "limit": "2"} | ({"cursor": cursor} if cursor else {})
            answer = await supervisor.get("/api/v1/contacts/stale", params=params)
            assert answer.status_code == 200, answer.text
            names += [one["name"] for one in answer.json()["items"]]
            cursor = answer.json()["next"]
            if cursor is None:
                return names

    assert await listed(since) == ["Kask", "Pärn", "Saar"]
    assert await listed(since + timedelta(hours=2)) == ["Kask", "Mänd", "Pärn", "Saar"]
    assert await listed(since - timedelta(hours=2)) == []
