"""The directory: names, ids and numbers of whom work can be given to, and whether somebody is free there."""

from typing import Any

from app.accounts.tables import UserRow
from app.domain.operators import DeviceState, Presence
from app.floor.events import DeviceChanged, PresenceAsked
from app.records.engine import writing
from tests.holding import HELD_BOUND_S, Holding

from .house import ANY, PASSWORD, House
from .test_complaints import department


async def listed(house: House, query: str = "", who: str = "operator") -> list[dict[str, Any]]:
    answer = await house.client(who).get(f"/api/v1/directory?{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def names(house: House, query: str) -> list[str]:
    return [one["name"] for one in await listed(house, query)]


async def state(house: House, query: str) -> str | None:
    (one,) = await listed(house, query)
    told: str | None = one["state"]
    return told


async def make(house: House) -> int:
    """A queue with a number, an operator with a number, a department with hours, a user without a phone."""
    admin = house.admin
    await house.make_queue("sales", title="Müük")
    made = await house.make_operator(
        {"username": "julia", "display_name": "Юлия Королёва", "role": "operator"}, "sales"
    )
    for number, kind, target in (("6001000", "queue", "sales"), ("101", "operator", str(made))):
        said = {"kind": kind, "target": target}
        assert (await admin.put(f"/api/v1/routes/{number}", json=said, headers=ANY)).status_code == 200
    said = department("Õiguskaitse", reach={"kind": "queue", "target": "sales"})
    assert (await admin.post("/api/v1/departments", json=said)).status_code == 201
    return made


async def test_an_operator_finds_colleagues_queues_and_departments_with_what_a_phone_dials(
    house: House,
) -> None:
    julia = await make(house)
    entries = await listed(house)
    assert [(one["kind"], one["name"], one["number"], one["state"]) for one in entries] == [
        ("queue", "Müük", "6001000", "free"),
        ("department", "Õiguskaitse", "6001000", "free"),
        ("person", "Tiina Administrator", None, None),
        ("person", "Tiina Operator", None, None),
        ("person", "Tiina Supervisor", None, None),
        ("person", "Юлия Королёва", "101", "free"),
    ]
    assert entries[-1] == {
        "kind": "person",
        "id": julia,
        "name": "Юлия Королёва",
        "number": "101",
        "state": "free",
    }
    assert await names(house, "q=koroleva+julia") == await names(house, "q=101") == ["Юлия Королёва"]
    assert await names(house, "q=oigus") == await names(house, "kind=department") == ["Õiguskaitse"]
    assert await names(house, "q=sales") == ["Müük"]
    assert await names(house, "q=!") == []
    assert len(await names(house, "with_number=true")) == 3
    assert len(await names(house, "kind=queue&kind=department")) == 2


async def test_it_says_whether_somebody_is_free(house: House) -> None:
    julia = await make(house)
    call = await house.arrive("sales")
    assert await state(house, "q=julia") == "busy"
    await house.answer(call)
    assert await state(house, "q=julia") == "talking"
    assert await state(house, "q=sales") == await state(house, "q=oigus") == "busy"
    await house.arrive("sales", "+37255500002")
    assert (await listed(house, "q=sales"))[0]["waiting"] == 1
    other = await house.make_operator("operator")
    assert await state(house, "q=tiina+oper") == "free"
    await house.runner.post(PresenceAsked(other, Presence.ON_BREAK, "lunch"))
    assert await state(house, "q=tiina+oper") == "away"
    await house.runner.post(PresenceAsked(other, Presence.AVAILABLE))
    await house.runner.post(DeviceChanged(f"op{other}", DeviceState.UNREACHABLE))
    assert await state(house, "q=tiina+oper") == "away"
    assert julia != other


async def test_it_comes_in_pages_and_without_those_who_may_not_log_in(house: House) -> None:
    await make(house)
    gone = {"username": "gone", "password": PASSWORD, "display_name": "Gone Away", "role": "operator"}
    user = (await house.admin.post("/api/v1/users", json=gone)).json()["id"]
    assert "Gone Away" in await names(house, "")
    changed = {"active": False, "display_name": "Gone Away", "role": "operator"}
    assert (await house.admin.patch(f"/api/v1/users/{user}", json=changed, headers=ANY)).status_code == 200
    whole, seen, cursor = await names(house, ""), [], ""
    assert "Gone Away" not in whole
    while True:
        page = (await house.client("operator").get(f"/api/v1/directory?limit=2{cursor}")).json()
        seen += [one["name"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == whole
    refused = await house.client("operator").get("/api/v1/directory?cursor=x")
    assert (refused.status_code, refused.json()["code"]) == (422, "request.cursor_unknown")


async def test_many_colleagues_do_not_hold_the_event_loop(house: House) -> None:
    async with writing(house.services.engine) as session:
        session.add_all(
            UserRow(
                username=f"u{number}",
                password_hash="",
                role="operator",
                display_name=f"Юлия{number} Õunapuu-Шевчук{number}",
                created_at=house.services.now(),
            )
            for number in range(2_000)
        )
    async with Holding() as holding:
        assert len(await listed(house, "q=ounapuu+shevchuk1&limit=5")) == 5
    assert holding.longest_s <= HELD_BOUND_S
