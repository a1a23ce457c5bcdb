"""Strangers who speak HTTP badly, or not at all: nobody has logged in yet."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.serving.raw import Raw, connected

from .figures import HELD_BOUND_S
from .target import FULL, Target, open_target, scaled

GET = b"GET /healthz HTTP/1.1\r\nHost: keskus.test\r\n"
CHUNKED = b"POST /api/v1/session HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
MEMORY_MB = 60.0
"""What an attack may cost at most, in MiB."""
FLOODS = {
    "one header": (GET + b"a: ", b"b" * 65536),
    "many headers": (GET, b"a: b\r\n" * 10_000),
    "url": (b"GET /", b"a" * 65536),
    "line ends": (b"", b"\r\n" * 32768),
    "requests": (b"", (GET + b"\r\n") * 2000),
    "unread body": (GET + b"Content-Length: 200000000\r\n\r\n", b"a" * 65536),
    "chunks of one byte": (CHUNKED, b"1\r\na\r\n" * 10_000),
    "chunk extensions": (CHUNKED + b"1;", b"a" * 65536),
}


@pytest.mark.parametrize("name", FLOODS)
async def test_a_flood_before_log_in_is_cut_off(lasting_target: Target, name: str) -> None:
    target = lasting_target
    begin, more = FLOODS[name]
    pieces = scaled(160, 1600)  # 10 or 100 MB of most

    async def flood() -> int:
        sent = 0
        async with connected(target.url) as raw:
            await raw.send(begin)
            for _ in range(pieces):
                if not await raw.send(more):
                    break
                sent += 1
        return sent

    async with target.attack(f"flood: {name}") as attack:
        for _ in range(scaled(1, 3)):
            attack.sent += await flood()
    assert attack.figures.held_s <= HELD_BOUND_S
    assert sum(figures.memory_mb for figures in target.figures) < MEMORY_MB, "of all floods until now"
    assert attack.figures.own_read_s < 5.0


async def test_three_hundred_silent_sockets_do_not_shut_the_door(tmp_path: Path) -> None:
    async with (
        open_target(tmp_path, descriptors=256) as target,
        target.attack("silent sockets, 256 descriptors") as attack,
        sockets(target, 300, attack.count),
    ):
        async with target.client() as http:
            for _ in range(10):
                assert (await http.get("/healthz")).status_code == 200
        checks = await ready(target)
        assert checks["descriptors"]["ok"]
    assert "connections_turned_away" in target.log()
    assert attack.figures.descriptors < 230
    assert attack.figures.own_read_s < 5.0


async def ready(target: Target) -> dict[str, dict[str, object]]:
    async with target.client() as http:
        checks: dict[str, dict[str, object]] = (await http.get("/readyz")).json()["checks"]
    return checks


async def test_half_a_request_is_held_for_a_while_only(lasting_target: Target) -> None:
    target = lasting_target
    halves = [
        b"",
        b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: kes",
        b"POST /api/v1/session HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
    ]
    count = scaled(40, 800)
    async with target.attack("half requests") as attack, sockets(target, count, attack.count) as opened:
        for place, raw in enumerate(opened):
            await raw.send(halves[place % len(halves)])
        await asyncio.gather(*(raw.ended() for raw in opened))
    assert attack.figures.own_read_s < 5.0
    assert attack.figures.held_s <= HELD_BOUND_S


@pytest.mark.skipif(not FULL, reason="takes half a minute")
async def test_a_storm_of_connections(target: Target) -> None:
    async with target.attack("storm of connections") as attack:
        for _ in range(20):
            async with sockets(target, 500, attack.count):
                pass
    assert attack.figures.own_read_s < 10.0
    assert attack.figures.held_s <= HELD_BOUND_S


@asynccontextmanager
async def sockets(target: Target, count: int, opened: Callable[[], None]) -> AsyncIterator[list[Raw]]:
    """Open so many, and hold them."""
    lines: list[Raw] = []
    try:
        for _ in range(count):
            with contextlib.suppress(ConnectionError):
                reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
                lines.append(Raw(reader, writer))
            opened()
        yield lines
    finally:
        for raw in lines:
            raw.writer.close()
