"""One token, as many websockets as it can get; desktops that flood, and that say nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from .figures import HELD_BOUND_S
from .target import Target, scaled

PER_USER, TRY_LATER = 10, 1013


async def test_one_token_gets_so_many_and_supervisors_keep_theirs(target: Target) -> None:
    count = scaled(60, 2200)
    async with (
        target.attack("websockets of one token") as attack,
        desktops(target, "operator", count, attack.count) as lines,
    ):
        open_ = [line for line in lines if await greeted(line)]
        assert len(open_) == PER_USER
        refused = next(line for line in lines if line not in open_)
        assert refused.close_code == TRY_LATER
        assert "at most 10" in (refused.close_reason or "")
        async with desktops(target, "supervisor", 1, attack.count) as others:
            assert await greeted(others[0])
    assert attack.figures.held_s <= HELD_BOUND_S


async def test_desktops_that_flood_are_cut_off(target: Target) -> None:
    async with (
        target.attack("pings without end") as attack,
        desktops(target, "operator", PER_USER, lambda: None) as lines,
    ):
        for line in lines:
            assert await greeted(line)
        async with asyncio.timeout(60):
            for line in lines:
                while line.close_code is None:
                    line.transport.write(b"\x89\x80\x00\x00\x00\x00" * 5000)
                    attack.count()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.01):
                            await line.wait_closed()
    log = target.log()
    assert "talked_too_much" in log
    assert not [role for role, token in target.tokens.items() if token in log], "a log holds no secret"
    assert attack.figures.memory_mb < 60
    assert attack.figures.held_s <= HELD_BOUND_S


@asynccontextmanager
async def desktops(
    target: Target, role: str, count: int, opened: Callable[[], None]
) -> AsyncIterator[list[ClientConnection]]:
    url = target.url.replace("http", "ws") + "/ws/desktop"
    headers = {"Authorization": f"Bearer {target.tokens[role]}"}
    lines = []
    try:
        for _ in range(count):
            lines.append(await connect(url, additional_headers=headers, proxy=None))
            opened()
        yield lines
    finally:
        for line in lines:
            line.transport.abort()


async def greeted(line: ClientConnection) -> bool:
    """Whether it was told the floor."""
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(20):
            return "snapshot" in str(await line.recv())
    return False
