"""Roles that an administrator makes: what their users may do, from when, and what nobody may give away."""

from typing import Any

import httpx
import pytest

from app.domain.ids import OperatorId
from app.domain.roles import PERMISSIONS, Permission

from .house import ANY, House

LEAD = {
    "title": "Meeskonnajuht",
    "permissions": ["own", "floor.read", "operators.read"],
    "phone": "supervisor",
}


async def made(house: House, name: str = "team_lead", **said: Any) -> dict[str, Any]:
    answer = await house.admin.put(f"/api/v1/roles/{name}", json=LEAD | said, headers=ANY)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def give(house: House, who: str, role: str) -> httpx.Response:
    return await house.admin.patch(f"/api/v1/users/{house.users[who]}", json={"role": role}, headers=ANY)


async def test_those_that_are_always_there_stay_as_they_are(house: House) -> None:
    told = (await house.admin.get("/api/v1/roles")).json()
    assert {one["name"]: set(one["permissions"]) for one in told} == {
        role.value: {one.value for one in has} for role, has in PERMISSIONS.items()
    }
    for answer in (
        await house.admin.put("/api/v1/roles/operator", json=LEAD, headers=ANY),
        await house.admin.delete("/api/v1/roles/operator", headers=ANY),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "role.built_in")


async def test_a_user_may_do_what_the_role_says_from_then_on(house: House) -> None:
    assert (await made(house))["built_in"] is False
    client = house.client("operator")
    assert (await client.get("/api/v1/operators")).status_code == 403
    assert (await give(house, "operator", "team_lead")).json()["role"] == "team_lead"
    assert (await client.get("/api/v1/operators")).status_code == 200
    refused = await client.get("/api/v1/contacts")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission.missing")
    assert (await client.get("/api/v1/me")).json()["permissions"] == sorted(LEAD["permissions"])
    await made(house, permissions=["own", "contacts.read"])
    assert (await client.get("/api/v1/operators")).status_code == 403
    assert (await client.get("/api/v1/contacts")).status_code == 200


async def test_the_phone_keeps_the_limits_of_the_role_it_is_told(house: House) -> None:
    await made(house, phone="supervisor")
    await house.admin.post("/api/v1/operators", json={"user": house.users["operator"]})
    operator = house.services.runner.floor.operators[OperatorId(house.users["operator"])]
    assert operator.settings.role == "operator"
    await give(house, "operator", "team_lead")
    assert operator.settings.role == "supervisor"
    await made(house, phone="administrator")
    assert operator.settings.role == "administrator"


async def test_a_role_that_users_have_stays(house: House) -> None:
    await made(house)
    await give(house, "operator", "team_lead")
    kept = await house.admin.delete("/api/v1/roles/team_lead", headers=ANY)
    assert (kept.status_code, kept.json()["code"]) == (409, "role.in_use")
    await give(house, "operator", "operator")
    assert (await house.admin.delete("/api/v1/roles/team_lead", headers=ANY)).status_code == 204
    assert (await house.admin.delete("/api/v1/roles/team_lead", headers=ANY)).status_code == 404
    unknown = await give(house, "operator", "team_lead")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "reference.unknown")


@pytest.mark.parametrize("has", [{"users.manage"}, {"users.manage", "operators.write", "contacts.read"}])
async def test_nobody_gives_what_they_do_not_have(house: House, has: set[str]) -> None:
    await made(house, permissions=["own", *has])
    await made(house, "higher", permissions=["audit.read"])
    await give(house, "supervisor", "team_lead")
    client = house.client("supervisor")
    new = {"username": "x", "password": "kevadine metsarada", "display_name": "X", "role": "administrator"}
    tries = [
        await client.patch(
            f"/api/v1/users/{house.users['supervisor']}", json={"role": "administrator"}, headers=ANY
        ),
        await client.post("/api/v1/users", json=new),
        await client.put(
            "/api/v1/roles/other", json=LEAD | {"permissions": [one.value for one in Permission]}, headers=ANY
        ),
    ]
    tries += [
        await client.patch(f"/api/v1/users/{house.users['administrator']}", json=change, headers=ANY)
        for change in ({"password": "kevadine metsarada"}, {"active": False}, {"role": "team_lead"})
    ]
    if "operators.write" in has:
        tries.append(await client.post("/api/v1/operators", json={"user": new}))
    tries.append(await client.delete("/api/v1/roles/higher", headers=ANY))
    for answer in tries:
        assert (answer.status_code, answer.json()["code"]) == (403, "role.more_than_own"), answer.text
    lesser = await client.put("/api/v1/roles/other", json=LEAD | {"permissions": ["own"]}, headers=ANY)
    assert lesser.status_code == 200


async def test_nobody_gives_a_phone_more_than_their_own_may_call(house: House) -> None:
    await made(house, permissions=["own", "users.manage", "operators.write"], phone="operator")
    await made(house, "far", permissions=["own"], phone="administrator")
    await give(house, "supervisor", "team_lead")
    client, chief = house.client("supervisor"), house.users["administrator"]
    new = {"username": "x", "password": "kevadine metsarada", "display_name": "X", "role": "far"}
    tries = [
        await client.put(
            "/api/v1/roles/other", json=LEAD | {"permissions": ["own"], "phone": "administrator"}, headers=ANY
        ),
        await client.put(
            "/api/v1/roles/far", json=LEAD | {"permissions": ["own"], "phone": "operator"}, headers=ANY
        ),
        await client.delete("/api/v1/roles/far", headers=ANY),
        await client.post("/api/v1/users", json=new),
        await client.post("/api/v1/operators", json={"user": new}),
        await client.post("/api/v1/operators", json={"user": chief}),
    ]
    await house.make_operator("administrator")
    tries.append(await client.post(f"/api/v1/operators/{chief}/softphone-secret"))
    tries.append(await client.delete(f"/api/v1/operators/{chief}", headers=ANY))
    for answer in tries:
        assert (answer.status_code, answer.json()["code"]) == (403, "role.more_than_own"), answer.text
    like_mine = LEAD | {"permissions": ["own"], "phone": "operator"}
    assert (await client.put("/api/v1/roles/other", json=like_mine, headers=ANY)).status_code == 200
    made_now = await client.post("/api/v1/operators", json={"user": house.users["operator"]})
    assert made_now.status_code == 201
    path = f"/api/v1/operators/{house.users['operator']}/softphone-secret"
    assert (await client.post(path)).status_code == 200


async def test_a_permission_that_there_is_none_of_is_refused(house: House) -> None:
    answer = await house.admin.put("/api/v1/roles/x", json=LEAD | {"permissions": ["no.such"]}, headers=ANY)
    assert answer.status_code == 422
