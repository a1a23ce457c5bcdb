"""Operators who dial each lead they are shown, over HTTP, as the desktop's key does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import httpx

from tests.calls.outbound import POLL_S, Desk
from tests.faults.service import ANSWER_S, Service

_ALLOWED: Final = frozenset({httpx.codes.NO_CONTENT, httpx.codes.CONFLICT, httpx.codes.SERVICE_UNAVAILABLE})
"""The lead may have been taken back in the moment of the key, and the link to the PBX may be down: asked again."""


@asynccontextmanager
async def dialling_operators(service: Service, desks: Sequence[Desk]) -> AsyncIterator[None]:
    """Log each operator in, and have them dial whatever they are shown until the end.

    A service that is away is asked again: their sessions outlive it.

    Raises:
        AssertionError: a log-in or a dial was refused.
    """
    async with AsyncExitStack() as stack:
        mine = {}
        for desk in desks:
            client = httpx.AsyncClient(
                base_url=f"{service.url}/api/v1", headers={"Origin": service.url}, timeout=ANSWER_S
            )
            mine[desk.id] = await stack.enter_async_context(client)
            said = {"username": desk.username, "password": desk.password}
            assert (await client.post("/session", json=said)).status_code == httpx.codes.OK
        async with asyncio.TaskGroup() as group:
            dialling = group.create_task(_dial(service, mine))
            yield
            dialling.cancel()


async def _dial(service: Service, mine: dict[int, httpx.AsyncClient]) -> None:
    while True:
        with contextlib.suppress(httpx.TransportError):
            for operator in await service.ask("GET", "/operators"):
                preview = operator["state"]["preview"]
                if preview is not None and not preview["dialled"]:
                    answer = await mine[operator["id"]].post("/me/preview/dial")
                    assert answer.status_code in _ALLOWED, answer.text
        await asyncio.sleep(POLL_S)
