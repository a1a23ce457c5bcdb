"""Requests that arrive together: some begin in each turn of the loop, in their order, and the loop goes on."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.api import turns
from app.api.turns import Turns


async def test_requests_that_come_together_begin_over_several_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s, turn = 0.0, 0
    begun: list[tuple[int, int]] = []
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(turns, "monotonic", lambda: now_s)

    def next_turn() -> None:
        nonlocal turn
        turn += 1
        if len(begun) < 20:
            loop.call_soon(next_turn)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal now_s
        now_s += 0.004  # it is routed
        begun.append((turn, scope["place"]))

    async def nothing() -> Message:
        raise AssertionError

    async def nowhere(_: Message) -> None:
        raise AssertionError

    layer = Turns(app)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        loop.call_soon(next_turn)
        for place in range(20):
            group.create_task(layer({"type": "http", "place": place}, nothing, nowhere))
    assert [place for _, place in begun] == list(range(20)), "first come, first served"
    at_once = [sum(one == each for one, _ in begun) for each in range(turn + 1)]
    assert max(at_once) == 3, "10 ms of them"
