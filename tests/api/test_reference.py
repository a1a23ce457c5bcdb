"""The description is made once, however long it takes and whoever gives up."""

import asyncio
import threading

import pytest

from app.api import middleware

from .house import House

ADDRESS = "/api/v1/openapi.json"
READY = "readyz_readyz_get"  # for machinery that looks at the status


async def test_a_description_that_takes_long_is_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "ANSWER_S", 0.01)
    go_on, made = threading.Event(), []

    def slowly() -> dict[str, str]:
        made.append(threading.get_ident())
        go_on.wait(60)
        return {"openapi": "3.1.0"}

    monkeypatch.setattr(house.api, "openapi", slowly)
    async with asyncio.TaskGroup() as group:
        first, second = (group.create_task(house.admin.get(ADDRESS)) for _ in range(2))
        answered, _ = await asyncio.wait({first, second}, timeout=0.1)
        assert not answered, "the bound of an answer has passed"
        first.cancel()
        await asyncio.wait({first})
        go_on.set()
        answer = await second
    assert (answer.status_code, answer.json()) == (200, {"openapi": "3.1.0"})
    assert answer.headers["content-type"] == "application/json"
    assert (await house.admin.get(ADDRESS)).json() == {"openapi": "3.1.0"}
    assert len(made) == 1
    assert threading.get_ident() not in made


async def test_errors_are_problems_and_nothing_else(house: House) -> None:
    paths = house.api.openapi()["paths"]
    kinds = {
        kind
        for operations in paths.values()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
        if int(status) >= 400 and operation["operationId"] != READY
        for kind in answer.get("content", {})
    }
    assert kinds == {"application/problem+json"}
