"""The subjects' routes come after the floor's: requests for them wait, and none is shadowed."""

import asyncio
import re

import httpx
from fastapi import FastAPI, Request, Response
from starlette.routing import Match, Route

from app.service.application import create_app
from app.service.subjects import Subjects
from tests.api.house import House


async def test_a_request_waits_for_the_routes_that_are_not_there_yet(house: House) -> None:
    api = create_app(house.services)
    subjects: Subjects = api.state.subjects
    headers = {"Authorization": f"Bearer {house.tokens['administrator']}"}
    transport = httpx.ASGITransport(api)
    async with (
        httpx.AsyncClient(transport=transport, base_url=house.url, headers=headers) as client,
        asyncio.TaskGroup() as group,
    ):
        asked = [
            group.create_task(client.get(path))
            for path in ("/api/v1/tags", "/api/v1/openapi.json", "/api/v1/nothing")
        ]
        assert (await client.get("/api/v1/floor")).status_code == 200
        assert (await client.get("/nothing")).status_code == 404
        assert not any(one.done() for one in asked)
        await subjects.run()
        async with asyncio.timeout(60):
            answers = await asyncio.gather(*asked)
    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert "/api/v1/tags" in answers[1].json()["paths"]


async def test_requests_that_waited_go_on_one_in_a_turn_of_the_loop(house: House) -> None:
    api = FastAPI()
    subjects = Subjects(api, house.services.engine)
    loop, turn, turns = asyncio.get_running_loop(), 0, list[int]()

    def next_turn() -> None:
        nonlocal turn
        turn += 1
        if len(turns) < 50:
            loop.call_soon(next_turn)

    async def served(_: Request) -> Response:
        turns.append(turn)
        return Response()

    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url=house.url) as client,
        asyncio.timeout(60),
        asyncio.TaskGroup() as group,
    ):
        for _ in range(50):
            group.create_task(client.get("/api/v1/later"))
        for _ in range(100):  # nothing but the routes keeps them from being served
            await asyncio.sleep(0)
        loop.call_soon(next_turn)
        subjects.add([Route("/api/v1/later", served)])
    assert len(set(turns)) == 50


def test_no_early_route_takes_what_is_meant_for_a_later_one(house: House) -> None:
    early = create_app(house.services)
    earlier = set(early.openapi()["paths"])
    later = [re.sub(r"{[^}]+}", "1", path) for path in house.api.openapi()["paths"] if path not in earlier]
    taken = [
        path
        for path in later
        for route in early.router.routes
        if route.matches({"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []})[0]
        is not Match.NONE
    ]
    assert earlier
    assert later
    assert not taken
