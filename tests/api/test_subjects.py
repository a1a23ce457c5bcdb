"""The subjects' routes come after the floor's: requests for them wait, and none is shadowed."""

import asyncio
import re

import httpx
from starlette.routing import Match

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
