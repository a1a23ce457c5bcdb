"""Operators leave their queues for now, and join them again; callers are not lost, whoever leaves last."""

from typing import Any

from app.crm.operators.queries import load_operator_settings
from app.domain.calls import CallState
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Membership
from app.records.engine import reading

from .house import ANY, House

SALES = QueueId("sales")


async def place(house: House, role: str, path: str, *, left: bool) -> dict[str, Any]:
    answer = await house.client(role).put(f"/api/v1{path}", json={"left": left})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def at_work(house: House) -> tuple[OperatorId, str]:
    """An operator in two queues, and the path of the place in one of them."""
    for queue in ("sales", "help"):
        await house.make_queue(queue)
    mari = await house.make_operator("operator", "sales", "help")
    return mari, f"/operators/{mari}/queues/sales"


async def test_who_has_left_a_queue_is_offered_none_of_its_calls_until_they_join_again(house: House) -> None:
    mari, _ = await at_work(house)
    floor = house.runner.floor
    told = await place(house, "operator", "/me/queues/sales", left=True)
    assert told == {"queue": "sales", "left": True, "members": 0}  # nobody is there
    call = await house.arrive("sales")
    assert floor.calls[call].state is CallState.WAITING
    assert list(floor.queues[SALES].waiting_calls) == [call]
    view = (await house.client("supervisor").get("/api/v1/floor")).json()
    (shown,) = (one for one in view["operators"] if one["id"] == mari)
    assert (shown["queues"], shown["left"]) == (["help"], ["sales"])
    (queue,) = (one for one in view["queues"] if one["id"] == "sales")
    assert (queue["members"], queue["waiting"]) == (0, 1)
    assert await place(house, "operator", "/me/queues/sales", left=False) == {
        "queue": "sales",
        "left": False,
        "members": 1,
    }
    offer = floor.calls[call].offer
    assert offer is not None
    assert offer.operator == mari


async def test_other_queues_go_on_ringing(house: House) -> None:
    mari, _ = await at_work(house)
    await place(house, "operator", "/me/queues/sales", left=True)
    offer = house.runner.floor.calls[await house.arrive("help")].offer
    assert offer is not None
    assert offer.operator == mari


async def test_a_call_that_rings_goes_on(house: House) -> None:
    mari, _ = await at_work(house)
    call = await house.arrive("sales")
    await place(house, "operator", "/me/queues/sales", left=True)
    offer = house.runner.floor.calls[call].offer
    assert offer is not None
    assert offer.operator == mari


async def test_it_outlives_a_restart_and_what_an_administrator_saves(house: House) -> None:
    mari, path = await at_work(house)
    await place(house, "supervisor", path, left=True)
    said = (await house.admin.get(f"/api/v1/operators/{mari}")).json()
    assert ([one["queue"] for one in said["memberships"]], said["left"]) == (["help", "sales"], ["sales"])
    body = {"memberships": [{"queue": "sales", "level": 2}, {"queue": "help"}]}
    assert (await house.admin.put(f"/api/v1/operators/{mari}", json=body, headers=ANY)).status_code == 200
    async with reading(house.services.engine) as session:
        (settings,) = await load_operator_settings(session)
    assert settings.memberships == (Membership(QueueId("help")),)
    assert settings.left == (Membership(SALES, 2),)


async def test_the_audit_log_says_who_let_whom_leave(house: House) -> None:
    mari, path = await at_work(house)
    await place(house, "supervisor", path, left=True)
    await place(house, "supervisor", path, left=True)  # once more changes nothing
    asked = await house.admin.get("/api/v1/audit", params={"kind": "operator.changed"})
    (event,) = asked.json()["items"]
    assert (event["subject"]["id"], event["who"]["user"]) == (str(mari), house.users["supervisor"])
    assert [(one["queue"], one["left"]) for one in event["before"]["queues"]] == [("sales", False)]
    assert [(one["queue"], one["left"]) for one in event["after"]["queues"]] == [("sales", True)]


async def test_a_queue_of_others_is_refused(house: House) -> None:
    await at_work(house)
    await house.make_queue("vip")
    answer = await house.client("operator").put("/api/v1/me/queues/vip", json={"left": True})
    assert (answer.status_code, answer.json()["code"]) == (404, "operator.not_in_queue")
