"""Every route for every role, from one table; a route that is not in the table fails the test."""

from typing import Any

import pytest

from app.domain.roles import PERMISSIONS, Permission, Role

from .house import ROLES, House
from .rights import ENDLESS, FILLED, RIGHT, SAID, TABLE


def test_the_table_has_every_route(house: House) -> None:
    told = {
        (method.upper(), path) for path, methods in house.api.openapi()["paths"].items() for method in methods
    }
    assert {(method, path) for method, path, _ in TABLE} == told


def needs(operation: dict[str, Any]) -> set[Permission]:
    """By every way to log in the same."""
    (needed,) = {tuple(scopes) for way in operation.get("security", []) for scopes in way.values()} or {()}
    return {Permission(one) for one in needed}


def test_each_operation_needs_a_permission_of_the_roles_it_is_for(house: House) -> None:
    paths = house.api.openapi()["paths"]
    for method, path, least in TABLE:
        needed = needs(paths[path][method.lower()])
        assert len(needed) == (1 if least else 0), (method, path)
        may = [role for role in ROLES if needed and needed <= PERMISSIONS[Role(role)]]
        assert may == (list(ROLES[ROLES.index(least) :]) if least else []), (method, path)


def test_every_permission_is_some_operation_s_or_decides_what_one_shows(house: House) -> None:
    needed = {
        permission
        for operations in house.api.openapi()["paths"].values()
        for operation in operations.values()
        for permission in needs(operation)
    }
    shown = {
        Permission.FLOOR_WATCH,
        Permission.CALLS_READ_ALL,
        Permission.ATTEMPTS_DISPOSE_ALL,
        Permission.CALLBACKS_WRITE_ALL,
    }
    assert needed == set(Permission) - shown


@pytest.mark.parametrize("role", ["", *ROLES])
async def test_each_role_may_do_what_is_its_own(house: House, role: str) -> None:
    wrong = []
    for method, path, least in TABLE:
        if (method, path) == ("DELETE", "/api/v1/session") and role:
            continue  # would log out the rest of the test
        filled = path.format(**FILLED) + ("?follow=false" if path == ENDLESS else "")
        answer = await house.client(role).request(method, filled, json=SAID.get(path))
        if not least:
            expected = answer.status_code not in {401, 403} or answer.status_code in RIGHT.get(path, ())
        elif not role:
            expected = answer.status_code == 401
        elif ROLES.index(role) < ROLES.index(least):
            expected = answer.status_code == 403
        else:
            expected = answer.status_code not in {401, 403} or answer.status_code in RIGHT.get(path, ())
        if not expected or answer.status_code >= 500:
            wrong.append((method, path, answer.status_code, answer.text))
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", (method, path)
            assert answer.json()["status"] == answer.status_code
    assert not wrong
