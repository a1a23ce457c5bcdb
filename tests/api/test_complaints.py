"""Departments and complaints over HTTP: made, worked on, passed on, told of in time; a few steps in each house."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.api.paging import write_cursor
from app.crm.complaints.desk import ComplaintDesk
from app.crm.inbound_routes.queries import remove_route
from app.domain.ids import ContactId
from app.events.follower import Follower
from app.floor.events import CallerIdentified
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.service.complaint_watch import ComplaintWatch

from .campaigning import CAMPAIGN
from .house import ANY, House, open_house

OFFICE = [[{"opens": "09:00", "closes": "17:00"}]] * 5 + [[], []]
ALWAYS = [[{"opens": "00:00", "closes": "24:00"}]] * 7
NUMBER = {"kind": "number", "target": "5550 0199"}


def department(title: str, **said: Any) -> dict[str, Any]:
    return {
        "title": title,
        "time_zone": "Europe/Tallinn",
        "country": "EE",
        "hours": ALWAYS,
        "reach": NUMBER,
    } | said


async def ask(
    house: House,
    method: str,
    path: str,
    said: Any = None,
    *,
    status: int = 200,
    who: str = "operator",
    headers: dict[str, str] | None = None,
) -> Any:
    answer = await house.client(who).request(method, f"/api/v1{path}", json=said, headers=headers)
    assert answer.status_code == status, (method, path, answer.text)
    return answer.json() if answer.content else None


async def refused(
    house: House,
    method: str,
    path: str,
    said: Any = None,
    *,
    who: str = "operator",
    headers: dict[str, str] | None = None,
) -> str:
    answer = await house.client(who).request(method, f"/api/v1{path}", json=said, headers=headers)
    assert answer.status_code >= 400, (method, path, answer.text)
    return str(answer.json()["code"])


async def make(house: House, title: str, **said: Any) -> int:
    made = await ask(
        house, "POST", "/departments", department(title, **said), status=201, who="administrator"
    )
    return int(made["id"])


async def complain(house: House, **said: Any) -> dict[str, Any]:
    told: dict[str, Any] = await ask(
        house, "POST", "/complaints", {"subject": "Pakk hilines"} | said, status=201
    )
    return told


async def step(house: House, id_: int, step: str, why: str = "nii on", **said: Any) -> dict[str, Any]:
    told: dict[str, Any] = await ask(
        house, "POST", f"/complaints/{id_}/steps", {"step": step, "why": why} | said
    )
    return told


async def told_number(house: House, id_: int) -> None:
    """Link an order by the number that the customer was told, find the complaint by it, and take the order off."""
    product = {"code": "KAABEL", "name_et": "Kaabel", "net_price": "8"}
    made = await ask(house, "POST", "/products", product, status=201, who="administrator")
    lines = [{"product": made["id"], "quantity": "1"}]
    draft = await ask(house, "POST", "/orders", {"lines": lines}, status=201)
    order = await ask(house, "POST", f"/orders/{draft['id']}/place", headers=ANY)
    number = order["number"]
    assert await ask(house, "GET", f"/orders/{number}") == await ask(house, "GET", f"/orders/{order['id']}")
    unknown = {"kind": "order", "ref": f"{number[:4]}-99999"}
    assert await refused(house, "POST", f"/complaints/{id_}/links", unknown) == "reference.unknown"
    assert await refused(house, "GET", f"/orders/{unknown['ref']}") == "order.unknown"
    path, link = f"/complaints/{id_}/links", {"kind": "order", "ref": number}
    links = await ask(house, "POST", path, link, status=201)
    assert str(order["id"]) in {one["ref"] for one in links}
    assert await ask(house, "POST", path, link, status=201) == links, "it belongs to it already"
    assert await listed(house, f"order={number}") == [id_]
    await ask(house, "DELETE", f"{path}/order/{number}", status=204)
    assert await listed(house, f"order={number}") == []


async def listed(house: House, query: str, who: str = "operator") -> list[int]:
    return [one["id"] for one in (await ask(house, "GET", f"/complaints?{query}", who=who))["items"]]


async def kinds(house: House, subject: str) -> Sequence[str]:
    async with reading(house.services.engine) as session:
        query = select(col(EventRow.kind)).where(col(EventRow.subject) == subject).order_by(col(EventRow.id))
        return (await session.scalars(query)).all()


async def test_a_complaint_from_a_call_to_the_customers_word(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    customer = (await ask(house, "POST", "/contacts", {"surname": "Tamm"}, status=201))["id"]
    call = await house.arrive("sales")
    await house.identify(call, "Tamm", customer)
    await house.answer(call)
    text = "Õun\u202e 🙂\n" + "x" * 10_000
    told = await complain(house, call=call, text=text, wish="raha tagasi", severity="high")
    id_ = told["id"]
    assert (told["contact"], told["state"], told["text"]) == (customer, "open", text)
    assert [one["ref"] for one in told["links"]] == [call]
    assert [one["id"] for one in await ask(house, "GET", f"/calls/{call}/complaints")] == [id_]
    note = await ask(
        house, "POST", f"/complaints/{id_}/notes", {"text": "helistas ise", "call": call}, status=201
    )
    assert note["by_name"]
    assert (await step(house, id_, "started"))["owner"] == house.users["operator"]
    assert (await step(house, id_, "held"))["due_at"] is None
    assert (
        await refused(house, "POST", f"/complaints/{id_}/steps", {"step": "started"})
        == "complaint.step_unfit"
    )
    assert (await step(house, id_, "resumed"))["due_at"] is not None
    assert (
        await refused(house, "POST", f"/complaints/{id_}/steps", {"step": "solved"})
        == "complaint.reason_missing"
    )
    happy = {"satisfaction": 5, "note": "aitäh"}
    path = f"/complaints/{id_}/satisfaction"
    assert await refused(house, "PUT", path, happy, headers=ANY) == "complaint.not_ended"
    assert (await step(house, id_, "solved", "Raha tagastatud."))["may"] == ["reopened"]
    assert (await ask(house, "PUT", path, happy, headers=ANY))["satisfaction"] == 5
    again = await step(house, id_, "reopened", "ei jõudnud")
    assert (again["state"], again["satisfaction"], again["solution"]) == (
        "reopened",
        None,
        "Raha tagastatud.",
    )
    whole = await ask(house, "GET", f"/complaints/{id_}")
    assert [one["kind"] for one in whole["history"]] == [
        *("opened", "started", "assigned", "held", "resumed", "solved", "reopened")
    ]
    assert [one["text"] for one in whole["notes"]] == ["helistas ise"]
    async with reading(house.services.engine) as session:
        query = select(col(EventRow.contact_id)).where(col(EventRow.subject).startswith("complaint"))
        assert set(await session.scalars(query)) == {customer}
    await ask(house, "DELETE", f"/contacts/{customer}", status=204, who="supervisor", headers=ANY)
    left = await ask(house, "GET", f"/complaints/{id_}")
    assert (left["contact"], left["text"]) == (None, text)
    await ask(house, "DELETE", f"/complaints/{id_}/links/call/{call}", status=204)


async def test_the_open_complaints_of_a_caller_are_a_mark_on_the_live_call(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    customer, other = [
        (await ask(house, "POST", "/contacts", {"surname": name}, status=201))["id"]
        for name in ("Tamm", "Kuusk")
    ]
    mine = await complain(house, contact=customer)
    hub, told = house.services.hub, asyncio.Queue[dict[ContactId, int]]()

    def tell(counts: Mapping[ContactId, int]) -> None:
        hub.tell_complaints(counts)
        told.put_nowait(dict(counts))

    watch = ComplaintWatch(house.services.engine, house.runner.floor, tell)
    follower = Follower(house.services.engine, watch.hear)
    await follower.look()
    call = await house.arrive("sales")

    async def mark() -> tuple[int | None, dict[ContactId, int]]:
        async with asyncio.timeout(60):
            counts = await told.get()
        return (await ask(house, "GET", f"/calls/{call}"))["live"]["complaints"], counts

    async with asyncio.TaskGroup() as group:
        running = group.create_task(watch.run())
        watch.note(await house.runner.post(CallerIdentified(call, "Tamm", customer, (customer,))))
        await house.answer(call)
        assert await mark() == (1, {customer: 1})
        await complain(house, call=call)
        await complain(house, contact=other)
        await follower.look()
        assert await mark() == (2, {customer: 2})
        await step(house, mine["id"], "rejected")
        await follower.look()
        assert await mark() == (1, {customer: 1})
        path, said = f"/contacts/{customer}/merge", {"other": other}
        merged = await ask(house, "POST", path, said, who="supervisor", headers=ANY)
        await follower.look()
        assert await mark() == (2, {customer: 2}), "the caller has the complaints of both"
        await ask(house, "POST", f"/merges/{merged['merge']}/undo", who="supervisor")
        await follower.look()
        assert await mark() == (1, {customer: 1})
        running.cancel()


async def test_nobody_overwrites_a_complaint_unseen(house: House) -> None:
    made = await house.client("operator").post("/api/v1/complaints", json={"subject": "Arve vale"})
    id_, tag = made.json()["id"], made.headers["ETag"]
    short = {"subject": "Arve vale", "text": "kaks korda", "severity": "critical"}
    missing = await ask(
        house, "PUT", f"/complaints/{id_}", short, status=422, who="supervisor", headers={"If-Match": tag}
    )
    wants = {one["where"] for one in missing["errors"]}
    assert wants == {"body.wish", "body.category", "body.contact", "body.owner"}, "nothing is emptied unseen"
    said = short | {"wish": "", "category": None, "contact": None, "owner": None}
    told = await ask(house, "PUT", f"/complaints/{id_}", said, who="supervisor", headers={"If-Match": tag})
    assert told["severity"] == "critical"
    answer = await house.client("operator").put(
        f"/api/v1/complaints/{id_}", json=said, headers={"If-Match": tag}
    )
    assert answer.status_code == 412
    assert {one["params"]["field"] for one in answer.json()["errors"]} >= {"text", "severity"}
    given = {"owner": house.users["supervisor"], "why": "sinu klient"}
    owned = await ask(house, "PUT", f"/complaints/{id_}/owner", given, headers=ANY)
    assert owned["owner"] == house.users["supervisor"]
    unknown = {"owner": 999}
    assert (
        await refused(house, "PUT", f"/complaints/{id_}/owner", unknown, headers=ANY) == "reference.unknown"
    )


async def test_departments_that_calls_cannot_reach_are_refused(house: House) -> None:
    async def wrong(**said: Any) -> str:
        return await refused(house, "POST", "/departments", department("Abi", **said), who="administrator")

    none = {"kind": "none"}
    assert await wrong(reach=none) == "department.ends_nowhere"
    assert await wrong(reach={"kind": "queue", "target": "sales"}) == "reference.unknown"
    assert await wrong(reach={"kind": "operator", "target": "x"}) == "reference.unknown"
    assert await wrong(time_zone="Europe/Nowhere") == "department.zone_unknown"
    assert await wrong(country="XX") == "department.holidays_unknown"
    assert await wrong(members=[999]) == "reference.unknown"
    overlapping = [{"opens": "09:00", "closes": "12:00"}, {"opens": "11:00", "closes": "13:00"}]
    assert await wrong(hours=[overlapping] * 7) == "department.hours_unfit"
    await house.make_queue()
    assert await wrong(reach={"kind": "queue", "target": "sales"}) == "department.target_without_number"
    await ask(
        house,
        "PUT",
        "/routes/6001000",
        {"kind": "queue", "target": "sales"},
        who="administrator",
        headers=ANY,
    )
    first = await make(house, "Abi", reach={"kind": "queue", "target": "sales"})
    assert await wrong() == "department.taken"
    second = await make(house, "Raha", reach=none, fallback={"kind": "department", "target": str(first)})
    target = await ask(house, "GET", f"/departments/{second}/target")
    assert target == {"kind": "queue", "target": "sales", "number": "6001000"}
    circle = department("Abi", reach=none, fallback={"kind": "department", "target": str(second)})
    code = await refused(house, "PUT", f"/departments/{first}", circle, who="administrator", headers=ANY)
    assert code == "department.loops"
    code = await refused(house, "DELETE", f"/departments/{first}", who="administrator", headers=ANY)
    assert code == "department.ends_nowhere"
    code = await refused(house, "DELETE", "/routes/6001000", who="administrator", headers=ANY)
    assert code == "ways.end_nowhere"
    async with writing(house.services.engine) as session:
        assert await remove_route(session, "6001000")  # as it was let pass once
    assert await refused(house, "GET", f"/departments/{first}/target") == "department.target_without_number"
    code = await refused(house, "DELETE", "/queues/sales", who="administrator", headers=ANY)
    assert code == "queue.used_by_departments"
    await ask(
        house,
        "PUT",
        "/routes/6001000",
        {"kind": "queue", "target": "sales"},
        who="administrator",
        headers=ANY,
    )
    shut = department(
        "Raha", hours=[[]] * 7, reach=NUMBER, fallback={"kind": "department", "target": str(first)}
    )
    told = await ask(house, "PUT", f"/departments/{second}", shut, who="administrator", headers=ANY)
    assert told["reach"]["target"] == "+37255500199"
    assert (await ask(house, "GET", f"/departments/{second}/target"))["target"] == "sales"
    await ask(house, "DELETE", f"/departments/{second}", status=204, who="administrator", headers=ANY)
    assert [one["id"] for one in await ask(house, "GET", "/departments?active=true")] == [first]


async def test_a_department_that_a_category_names_stays_in_use(house: House) -> None:
    money, who = await make(house, "Raha"), "administrator"
    kind = {"title": "Makse", "department": money}
    category = (await ask(house, "POST", "/complaint-categories", kind, status=201, who=who))["id"]
    path = f"/departments/{money}"
    for method, said in (("DELETE", None), ("PUT", department("Raha", active=False))):
        told = await ask(house, method, path, said, status=409, who=who, headers=ANY)
        assert (told["code"], told["params"]["categories"]) == ("department.in_categories", ["Makse"])
    of_category = f"/complaint-categories/{category}"
    await ask(house, "PUT", of_category, kind | {"active": False}, who=who, headers=ANY)
    await ask(house, "DELETE", path, status=204, who=who, headers=ANY)
    assert await refused(house, "PUT", of_category, kind, who=who, headers=ANY) == "reference.unknown"
    await ask(house, "PUT", of_category, kind | {"department": None}, who=who, headers=ANY)
    assert (await complain(house, category=category))["department"] is None


async def test_a_complaint_is_passed_on_and_found_by_those_who_have_it(house: House) -> None:
    await house.make_queue()
    await house.make_operator("operator", "sales")
    money = await make(house, "Raha", members=[house.users["supervisor"]])
    category = await ask(
        house,
        "POST",
        "/complaint-categories",
        {"title": "Raha", "titles": {"en": "Money"}, "severity": "low", "department": money},
        status=201,
        who="supervisor",
    )
    titles = [one["title"] for one in await ask(house, "GET", "/complaint-categories")]
    assert "Tarne" in titles
    by_category = await complain(house, category=category["id"])
    assert (by_category["department"], by_category["severity"]) == (money, "low")
    own = await complain(house, owner=house.users["operator"])
    call = await house.arrive("sales")
    await house.answer(call)
    said = {"department": money, "why": "teie töö", "call": call}
    path = f"/complaints/{own['id']}/pass"
    assert await refused(house, "POST", path, said, who="supervisor") == "call.not_in_talk"
    assert await listed(house, "mine=true") == [own["id"]]
    passed = await ask(
        house, "POST", f"/complaints/{own['id']}/pass", {"department": money, "why": "teie töö", "call": call}
    )
    assert passed["target"]["number"] == "+37255500199"
    assert (passed["complaint"]["department"], passed["complaint"]["owner"]) == (money, None)
    assert await listed(house, f"call={call}", "supervisor") == [own["id"]]
    assert await listed(house, "my_departments=true&open=true", "supervisor") == [
        own["id"],
        by_category["id"],
    ]
    assert await listed(house, "my_departments=true") == []
    assert await listed(house, "mine=true") == []
    assert await listed(house, "by_due=true&limit=1") == [own["id"]]
    page = await ask(house, "GET", "/complaints?by_due=true&limit=1")
    assert [
        one["id"]
        for one in (await ask(house, "GET", f"/complaints?by_due=true&cursor={page['next']}"))["items"]
    ] == [by_category["id"]]
    assert await listed(house, "state=open&severity=low") == [by_category["id"]]
    counts = await ask(house, "GET", "/complaints/counts", who="supervisor")
    assert (counts["open"], counts["my_departments"], counts["unowned"], counts["late"]) == (2, 2, 2, 0)
    assert counts["states"]["open"] == 2
    order = {"kind": "order", "ref": "999"}
    assert await refused(house, "POST", f"/complaints/{own['id']}/links", order) == "reference.unknown"
    order["ref"] = str((await ask(house, "POST", "/orders", {}, status=201))["id"])
    await ask(house, "POST", f"/complaints/{own['id']}/links", order, status=201)
    assert await listed(house, f"order={order['ref']}") == [own["id"]]
    await told_number(house, own["id"])
    blank = {"text": " \u200b\n "}
    assert await refused(house, "POST", f"/complaints/{own['id']}/notes", blank) == "request.unfit"
    same: dict[str, object] = {"title": "UKSEKELL"}
    for status, kind in ((201, {"title": "Uksekell"}), (409, same), (201, same | {"active": False})):
        await ask(house, "POST", "/complaint-categories", kind, status=status, who="supervisor")
    far = write_cursor(("2026-03-02T09:00:00+00:00", 2**70))
    assert await refused(house, "GET", f"/complaints?by_due=true&cursor={far}") == "request.cursor_unknown"
    gone = {"department": 999}
    assert await refused(house, "POST", f"/complaints/{own['id']}/pass", gone) == "reference.unknown"
    assert (
        await refused(house, "POST", f"/complaints/{own['id']}/pass", {"department": money, "call": "1.1"})
        == "reference.unknown"
    )


async def test_tasks_and_callbacks(house: House) -> None:
    await house.make_queue()
    operator = await house.make_operator("operator", "sales")
    answer = await house.client("supervisor").post("/api/v1/campaigns", json=CAMPAIGN)
    campaign = answer.json()["id"]
    nobody = await complain(house)
    at = (house.services.now() + timedelta(days=1)).isoformat()
    task = {"title": "Helista tagasi", "assignee": operator, "due_at": at, "campaign": campaign}
    path = f"/complaints/{nobody['id']}/tasks"
    assert await refused(house, "POST", path, task) == "complaint.callback_without_contact"
    customer = await ask(
        house, "POST", "/contacts", {"surname": "Tamm", "phones": [{"number": "5550 0123"}]}, status=201
    )
    id_ = (await complain(house, contact=customer["id"]))["id"]
    path = f"/complaints/{id_}/tasks"
    made = await ask(house, "POST", path, task, status=201)
    (callback,) = (await ask(house, "GET", "/callbacks"))["items"]
    assert (callback["id"], callback["callback_operator"]) == (made["lead"], operator)
    assert [one["id"] for one in (await ask(house, "GET", "/complaint-tasks?mine=true"))["items"]] == [
        made["id"]
    ]
    done = await ask(house, "POST", f"{path}/{made['id']}/done", {"outcome": "rahul"})
    assert done["done_at"]
    assert await refused(house, "POST", f"{path}/{made['id']}/done", {}) == "complaint.task_over"
    again = await ask(house, "POST", path, task, status=201)
    assert again["lead"] == made["lead"]
    await ask(house, "DELETE", f"{path}/{again['id']}", status=204)
    assert (await ask(house, "GET", "/callbacks"))["items"] == []
    assert (await ask(house, "GET", "/complaint-tasks?mine=true&late=true"))["items"] == []
    assert await refused(house, "DELETE", f"{path}/999") == "complaint.task_unknown"


async def test_what_is_late_is_told_once_and_in_order(
    tmp_path: Path, backend: str, database_url: str
) -> None:
    async with open_house(tmp_path, database_url if backend == "postgresql" else "") as house:
        await _late(house)


async def _late(house: House) -> None:
    fallback = await make(house, "Juhatus", members=[house.users["administrator"]])
    own = await make(
        house,
        "Tugi",
        members=[house.users["operator"]],
        deputy=house.users["supervisor"],
        fallback={"kind": "department", "target": str(fallback)},
        allowed_minutes={"low": 600, "normal": 300, "high": 120, "critical": 60},
        warning_minutes=30,
        patience_minutes=120,
    )
    told = await complain(house, department=own)
    task = {"title": "Vaata üle", "assignee": house.users["operator"], "due_at": told["opened_at"]}
    await ask(house, "POST", f"/complaints/{told['id']}/tasks", task, status=201)
    opened = datetime.fromisoformat(told["opened_at"])
    now = opened
    desks = [ComplaintDesk(house.services.engine, lambda: now) for _ in range(2)]
    assert await desks[0].work() == opened + timedelta(minutes=270)
    now = opened + timedelta(minutes=271)
    assert set(await asyncio.gather(*(desk.work() for desk in desks))) <= {
        opened + timedelta(minutes=270),  # the other has the row
        opened + timedelta(minutes=300),
    }
    now = opened + timedelta(minutes=301)
    for desk in desks:
        assert await desk.work() == opened + timedelta(minutes=420)
    assert await listed(house, "mine=true", "supervisor") == [told["id"]]
    now = opened + timedelta(minutes=421)
    for desk in desks:
        assert await desk.work() is None
    assert await listed(house, "my_departments=true", "administrator") == [told["id"]]
    whole = await ask(house, "GET", f"/complaints/{told['id']}")
    assert [one["kind"] for one in whole["history"]] == ["opened", "warned", "late", "escalated"]
    assert await kinds(house, "complaint") == [
        *("complaint.created", "complaint.warned", "complaint.late", "complaint.escalated")
    ]
    assert await kinds(house, "complaint_task") == ["complaint_task.created", "complaint_task.late"]
    # A calendar that changes, changes what is due from the beginning: it is no longer late, and will be told again.
    closed = {"hours": [[]] * 7, "fallback": {"kind": "department", "target": str(fallback)}}
    await ask(
        house,
        "PUT",
        f"/departments/{own}",
        department("Tugi") | closed,
        who="administrator",
        headers=ANY,
    )
    for desk in desks:
        assert await desk.work() is None
    row = await ask(house, "GET", f"/complaints/{told['id']}")
    assert (row["alarm"], row["due_at"], row["late"]) == ("none", None, False)
    assert await listed(house, "mine=true", "supervisor") == []
