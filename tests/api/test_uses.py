"""Where things that are set up are used, and the first steps of a centre."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.ids import CallId
from app.floor.events import ChannelHungUp

from .house import ANY, PASSWORD, House, open_house


async def uses(house: House, kind: str, id_: object, role: str = "administrator") -> list[tuple[str, str]]:
    answer = await house.client(role).get("/api/v1/uses", params={"kind": kind, "id": str(id_)})
    assert answer.status_code == 200, answer.text
    return [(one["kind"], one["title"]) for one in answer.json()]


async def made(house: House, path: str, **said: Any) -> Any:
    answer = await house.admin.post(f"/api/v1{path}", json=said)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_all_that_names_a_thing_is_told(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.make_queue("help", title="Help")
        assert await uses(house, "queue", "help") == []
        await house.make_queue(
            "sales", title="Sales", max_wait_s=60, max_wait_then="queue", overflow_queue="help"
        )
        await house.admin.put("/api/v1/routes/6001000", json={"kind": "queue", "target": "help"}, headers=ANY)
        mari = await house.make_operator({"username": "mari", "display_name": "Mari"}, "help")
        tariff = await made(house, "/products", code="NET", name_en="Internet", net_price="10.00")
        week: list[list[Any]] = [[] for _ in range(7)]
        reach = {"kind": "queue", "target": "help"}
        department = await made(
            house,
            "/departments",
            title="Repairs",
            time_zone="Europe/Tallinn",
            hours=week,
            reach=reach,
            members=[mari],
        )
        category = await made(
            house, "/complaint-categories", title="Slow", code="net.slow", department=department["id"]
        )
        await made(
            house,
            "/articles",
            texts={"en": {"title": "Slow lines"}},
            queues=["help"],
            topics=["net.slow"],
            products=["NET"],
            owner=mari,
        )
        await made(
            house,
            "/promotions",
            texts={"en": {"title": "Spring"}},
            from_at="2026-03-01T00:00:00Z",
            queues=["help"],
            products=["NET"],
        )
        price = [{"product": tariff["id"], "net_price": "9.00"}]
        await made(house, "/price-lists", name="Wholesale", prices=price)
        await made(house, "/scripts", title="Greeting", queues=["help"], steps=[])
        await made(house, "/surveys", title="How was it", languages=["en"], queues=["help"], questions=[])

        assert await uses(house, "queue", "help") == [
            ("route", "6001000"),
            ("queue", "Sales"),
            ("operator", "Mari"),
            ("department", "Repairs"),
            ("article", "Slow lines"),
            ("promotion", "Spring"),
            ("script", "Greeting"),
            ("survey", "How was it"),
        ]
        assert await uses(house, "user", mari) == [
            ("operator", "Mari"),
            ("department", "Repairs"),
            ("article", "Slow lines"),
        ]
        assert await uses(house, "operator", mari) == []
        assert ("user", "Mari") in await uses(house, "role", "operator")
        assert await uses(house, "department", department["id"]) == [("complaint_category", "Slow")]
        assert await uses(house, "complaint_category", category["id"]) == [("article", "Slow lines")]
        assert await uses(house, "product", tariff["id"]) == [
            ("price_list", "Wholesale"),
            ("promotion", "Spring"),
            ("article", "Slow lines"),
        ]
        assert await uses(house, "product", "99999999999999999999") == []

        refused = await house.client("supervisor").get("/api/v1/uses", params={"kind": "queue", "id": "help"})
        assert (refused.status_code, refused.json()["code"]) == (403, "permission.missing")


async def test_told_is_only_what_the_user_may_read(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.make_queue("help")
        await made(house, "/scripts", title="Greeting", queues=["help"], steps=[])
        await house.admin.put("/api/v1/routes/6001000", json={"kind": "queue", "target": "help"}, headers=ANY)
        role = {"title": "Telephony", "permissions": ["own", "queues.read", "queues.write", "routes.read"]}
        await house.admin.put("/api/v1/roles/telephony", json=role, headers=ANY)
        moved = await house.admin.patch(
            f"/api/v1/users/{house.users['supervisor']}", json={"role": "telephony"}, headers=ANY
        )
        assert moved.status_code == 200, moved.text
        said = {"username": "supervisor", "password": PASSWORD}
        logged_in = await house.client("").post("/api/v1/session", json=said)
        assert logged_in.status_code == 200, logged_in.text
        told = await house.client("").get("/api/v1/uses", params={"kind": "queue", "id": "help"})
        assert [(one["kind"], one["title"]) for one in told.json()] == [("route", "6001000")]


@pytest.fixture
def steps() -> list[str]:
    return ["pbx", "trunk", "queue", "number", "operator", "phone", "call"]


async def test_the_first_steps_are_ticked_as_they_are_taken(tmp_path: Path, steps: list[str]) -> None:
    async with open_house(tmp_path) as house:

        async def done() -> list[str]:
            answer = (await house.admin.get("/api/v1/setup")).json()
            assert [one["name"] for one in answer["steps"]] == steps
            assert answer["done"] == all(one["done"] for one in answer["steps"])
            return [one["name"] for one in answer["steps"] if one["done"]]

        assert await done() == ["pbx"]
        await house.make_queue("help", title="Help")
        assert await done() == ["pbx", "queue"]
        mari = await house.make_operator({"username": "mari", "display_name": "Mari"}, "help")
        assert await done() == ["pbx", "queue"], "no number leads to the operator's queue"
        await house.admin.put("/api/v1/routes/6001000", json={"kind": "queue", "target": "help"}, headers=ANY)
        assert await done() == ["pbx", "queue", "number", "operator", "phone"]
        call = await house.arrive("help")
        assert mari in house.runner.floor.operators
        await house.answer(call)
        await house.runner.post(ChannelHungUp(house.runner.floor.calls[CallId(call)].channel, 16))
        await house.journaled()
        assert await done() == steps
