"""Who may not read contacts sees no contact's name: in no answer, no file, and no message."""

import re
from typing import Any

from app.domain.roles import Permission
from app.floor.events import ChannelHungUp
from app.live.nameless import without_names
from app.live.session import Viewer

from .house import ANY, House

NAME = "Qvistberg"
ASKED = {
    "from_at": "2000-01-01T00:00:00Z",
    "to_at": "2100-01-01T00:00:00Z",
    "question": "why",
    "follow": "false",
    "word": "consent",
}
SURVEY = {
    "title": "Pärast kõnet",
    "languages": ["et"],
    "questions": [{"code": "why", "kind": "text", "texts": {"et": "Miks?"}}],
}
SCRIPT = {
    "title": "Tervitus",
    "queues": ["sales"],
    "steps": [{"code": "hello", "texts": {"et": "Tere, {contact.surname|klient}!"}, "then": "end"}],
}


async def ask(house: House, method: str, path: str, *, who: str = "administrator", **said: Any) -> Any:
    answer = await house.client(who).request(method, f"/api/v1{path}", headers=ANY, **said)
    assert answer.is_success, (method, path, answer.text)
    return answer.json() if answer.content else None


async def furnish(house: House) -> dict[str, str]:
    """A live call of a contact with all that can belong to one, and an earlier one; returns what paths name."""
    queue = {"pop_url": "https://crm.example/?name={name}"}
    await house.make_queue("sales", **queue)
    contact = (await ask(house, "POST", "/contacts", json={"surname": NAME, "given_name": "Kadri"}))["id"]
    await house.make_operator("operator", "sales")
    for kind, said in (("surveys", SURVEY), ("scripts", SCRIPT)):
        made = await ask(house, "POST", f"/{kind}", json=said)
        await ask(house, "PUT", f"/{kind}/{made['id']}/state", json={"state": "published"})
    said = {"code": "P1", "name_et": "Pliit", "net_price": "10"}
    product = await ask(house, "POST", "/products", json=said)
    calls = []
    for number in ("+37255500001", "+37255500002"):
        call = await house.arrive("sales", number)
        await house.identify(call, f"{NAME} Kadri", contact)
        await house.answer(call)
        calls.append(call)
        if len(calls) == 1:
            response = await ask(house, "POST", "/surveys/1/responses", json={"call": call})
            await ask(house, "PATCH", f"/survey-responses/{response['id']}", json={"answers": {"why": "Nii"}})
            lines = [{"product": product["id"], "quantity": "1"}]
            order = await ask(house, "POST", "/orders", json={"contact": contact, "lines": lines})
            await ask(house, "POST", f"/orders/{order['id']}/place")
            await ask(house, "POST", "/orders", json={"contact": contact, "lines": lines})
            await ask(house, "POST", "/complaints", json={"subject": "Pakk", "text": "Katki", "call": call})
            await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
            await ask(house, "POST", "/me/wrap-up/end", who="operator")
            await house.journaled()
    await ask(house, "PUT", f"/calls/{calls[-1]}/scripts/1")
    return {"call": calls[-1], "contact": str(contact), "operator": str(house.users["operator"])}


def paths(house: House, there: dict[str, str]) -> list[str]:
    """Every address that is read, about what there is."""
    found = []
    for path, methods in house.api.openapi()["paths"].items():
        if "get" not in methods or not path.startswith("/api/v1/"):
            continue
        ids = {"/api/v1/calls/{id}": there["call"], "/api/v1/operators/{id}": there["operator"]}
        id_ = next((value for begin, value in ids.items() if path.startswith(begin)), "1")
        found.append(re.sub(r"\{\w+\}", "1", path.replace("{id}", id_)))
    return found


async def naming(house: House, who: str, there: dict[str, str]) -> set[str]:
    """Addresses whose answers have the contact's name."""
    found = set()
    for path in paths(house, there):
        for said in (ASKED, ASKED | {"call": there["call"]}):
            answer = await house.client(who).get(path, params=said)
            if NAME in answer.text:
                found.add(path.removeprefix("/api/v1"))
    return found


async def test_names_of_contacts_are_only_for_who_may_read_contacts(house: House) -> None:
    there = await furnish(house)
    permissions = [
        one.value
        for one in Permission
        if not one.startswith("contacts.") and one is not Permission.AUDIT_READ
    ]
    role = {"title": "Ilma kontaktideta", "permissions": permissions, "phone": "operator"}
    await ask(house, "PUT", "/roles/nameless", json=role)
    user = house.users["supervisor"]
    await ask(house, "PATCH", f"/users/{user}", json={"role": "nameless"})
    assert {
        *("/calls", f"/calls/{there['call']}", f"/calls/{there['call']}/script", "/floor", "/script-runs/1"),
        *("/orders", "/orders/1", "/orders/export"),
        *("/survey-responses", "/survey-responses/1", "/surveys/1/texts", "/surveys/1/export"),
    } <= await naming(house, "administrator", there)
    assert not await naming(house, "supervisor", there)


def test_a_name_goes_with_the_address_that_has_it() -> None:
    call = {
        "contact": 7,
        "contact_name": "Kask Mari",
        "pop_url": "https://crm.example/?n=Kask%20Mari",
        "id": "1",
    }
    assert without_names({"calls": [call]}) == {
        "calls": [{"contact": 7, "contact_name": "", "pop_url": "", "id": "1"}]
    }
    lead = call | {"contact": None}
    assert without_names(lead) == lead  # the name is the lead's own


async def test_messages_have_no_names_for_who_may_not_read_contacts(house: House) -> None:
    seeing = Viewer(house.users["administrator"], "1", operator=None, sees_floor=True)
    blind = Viewer(house.users["supervisor"], "2", operator=None, sees_floor=True, sees_contacts=False)
    sessions = [house.services.hub.attach(one) for one in (seeing, blind)]
    await furnish(house)
    house.services.hub.flush()
    said, told = ("".join(one.frames) for one in sessions)
    assert NAME in said
    assert NAME not in told
    assert len(sessions[0].frames) == len(sessions[1].frames)
