"""The description is made once, however long it takes and whoever gives up."""

import asyncio
import json
import threading

import httpx
import pytest

from app.api import middleware
from app.service.reference import page

from .house import House, served

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


async def test_while_it_is_made_the_line_is_kept_alive(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "BLANK_S", 0.01)
    go_on, blanks = threading.Event(), 0
    monkeypatch.setattr(house.api, "openapi", lambda: go_on.wait(60) and {"openapi": "3.1.0"})
    async with (
        served(house) as url,
        httpx.AsyncClient(base_url=url) as client,
        client.stream("GET", ADDRESS) as answer,
    ):
        body = b""
        async for piece in answer.aiter_bytes():
            body += piece
            blanks += piece.isspace()
            if blanks == 3:
                go_on.set()
    assert (answer.status_code, json.loads(body), body[:3]) == (200, {"openapi": "3.1.0"}, b"   ")


async def test_who_has_it_already_asks_whether_it_has_changed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("not made")

    made = house.api.openapi()
    monkeypatch.setattr(house.api, "openapi", broken)
    assert (await house.admin.get(ADDRESS)).content == b"", "it breaks off"
    monkeypatch.setattr(house.api, "openapi", lambda: made)
    assert (await house.admin.get(ADDRESS)).json() == made, "another try is made"
    plain = await house.admin.get(ADDRESS, headers={"Accept-Encoding": "identity"})
    packed = await house.admin.get(ADDRESS, headers={"Accept-Encoding": "gzip, br"})
    assert (plain.headers["Cache-Control"], plain.headers["Vary"]) == ("no-cache", "Accept-Encoding")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.json() == plain.json() == made
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 5
    known = {"If-None-Match": f'"other", {plain.headers["ETag"]}'}
    same = await house.admin.get(ADDRESS, headers=known)
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", plain.headers["ETag"])
    assert (await house.admin.get(ADDRESS, headers={"If-None-Match": '"other"'})).status_code == 200


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
