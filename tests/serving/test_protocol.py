"""What one connection may send, and the time it has, on a real socket."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from app.serving import connections, protocol
from tests.api.house import House, open_house, served, until

from .raw import Raw, connected

GET = b"GET /healthz HTTP/1.1\r\nHost: keskus.test\r\n"


@pytest.fixture
async def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """A service whose patience is short."""
    monkeypatch.setattr(connections, "SWEEP_S", 0.02)
    async with open_house(tmp_path) as house, served(house):
        yield house


def turned_away(house: House) -> dict[str, int]:
    return dict(house.services.connections.turned_away)


@pytest.mark.parametrize(
    ("request_", "status", "why"),
    [
        (b"GET /healthz?" + b"a" * protocol.URL_MAX + b" HTTP/1.1\r\n\r\n", 414, "refused_414"),
        (GET + b"a: b\r\n" * protocol.FIELDS_MAX + b"\r\n", 431, "refused_431"),
        (GET + b"a: " + b"b" * protocol.HEAD_MAX + b"\r\n\r\n", 431, "refused_431"),
        (GET + b"a: " + b"b" * (1 << 20), 431, "refused_431"),
        (b"\r\n" * (1 << 19), 431, "refused_431"),
        (b"\x16\x03\x01 hello\r\n\r\n", 400, "refused_400"),
        (b"GET http://\xff/ HTTP/1.1\r\n\r\n", 400, "refused_400"),
        (GET * 2 + b"\r\n", 400, ""),
    ],
    ids=["url", "fields", "header", "endless header", "line ends", "tls", "no url", "twice"],
)
async def test_a_head_has_bounds(live: House, request_: bytes, status: int, why: str) -> None:
    async with connected(live.url) as raw:
        await raw.send(request_)
        said = await raw.ended()
    assert said.startswith(b"HTTP/1.1 %d " % status) or not said  # a reset may overtake it
    if why:
        assert turned_away(live) == {why: 1}
    async with connected(live.url) as raw:
        await raw.send(GET + b"\r\n")
        assert await raw.status() == 200


async def test_what_a_connection_refuses_is_a_problem_with_a_code(live: House) -> None:
    async with connected(live.url) as raw:
        await raw.send(b"\x16\x03\x01 hello\r\n\r\n")
        head, _, body = (await raw.ended()).partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body) == {
        "type": "urn:keskus:problem:connection.not_http",
        "title": "Bad Request",
        "status": 400,
        "detail": "this is no HTTP request",
        "code": "connection.not_http",
    }


@pytest.mark.parametrize("before", [b"", GET + b"\r\n"], ids=["first", "second"])
async def test_a_target_that_is_no_address_is_answered(live: House, before: bytes) -> None:
    async with connected(live.url) as raw:
        if before:
            await raw.send(before)
            assert await raw.status() == 200
        await raw.send(b"CONNECT keskus.test:443 HTTP/1.1\r\n\r\n")
        assert await raw.status() == 400
        assert not await raw.ended()


async def test_trailers_are_headers_too(live: House) -> None:
    async with connected(live.url) as raw:
        await raw.send(b"POST /api/v1/session HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
        await raw.send(b"a: b\r\n" * 1000)
        await raw.ended()
    assert turned_away(live) == {"refused_431": 1}


async def test_requests_in_one_piece_are_answered_in_order_and_so_many(live: House) -> None:
    async with connected(live.url) as raw:
        await raw.send((GET + b"\r\n") * protocol.PIPELINED_MAX)
        assert [await raw.status() for _ in range(protocol.PIPELINED_MAX)] == [200] * protocol.PIPELINED_MAX
        await raw.send((GET + b"\r\n") * 1000)
        await raw.ended()
    assert turned_away(live) == {"refused_429": 1}


@pytest.mark.parametrize(
    ("said", "patience", "why"),
    [
        (b"", "KEEP_ALIVE_S", "said_nothing"),
        (b"\r\n", "KEEP_ALIVE_S", "said_nothing"),
        (b"GET /healthz HTTP/1.1\r\nHost: kes", "HEAD_S", "slow_head"),
        (b"POST /api/v1/session HTTP/1.1\r\nContent-Length: 100\r\n\r\n{", "BODY_S", "slow_body"),
        (
            b"POST /api/v1/session HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
            "BODY_S",
            "slow_body",
        ),
        (GET + b"\r\n", "KEEP_ALIVE_S", ""),
        (GET + b"\r\n\r\n", "KEEP_ALIVE_S", ""),
        (GET + b"Content-Length: 1000\r\n\r\n", "LINGER_S", "sent_on"),
    ],
    ids=[
        "nothing",
        "line end",
        "half a head",
        "half a body",
        "half a chunked body",
        "keep-alive",
        "keep-alive and a line end",
        "unread body",
    ],
)
async def test_a_client_that_stops_is_let_go(
    live: House, monkeypatch: pytest.MonkeyPatch, said: bytes, patience: str, why: str
) -> None:
    monkeypatch.setattr(protocol, "KEEP_ALIVE_S", 30.0)
    # A new connection has the difference more, so that a slow machine's first bytes are in time.
    monkeypatch.setattr(protocol, "HEAD_S", 30.0 if why == "said_nothing" else 60.0)
    async with connected(live.url) as raw:
        await until(lambda: len(live.services.connections) == 1)
        monkeypatch.setattr(protocol, patience, 0.2)
        await raw.send(said)
        answer = await raw.ended()
    assert turned_away(live) == ({why: 1} if why else {})
    if why.startswith("slow"):
        assert answer.startswith(b"HTTP/1.1 408 ")
    await until(lambda: len(live.services.connections) == 0)


@pytest.mark.parametrize("part", [b"a", b"\r\n", b"1\r\nx\r\n"], ids=["head", "line ends", "chunks"])
async def test_one_that_trickles_is_let_go_as_well(
    live: House, monkeypatch: pytest.MonkeyPatch, part: bytes
) -> None:
    for name in ("HEAD_S", "BODY_S", "KEEP_ALIVE_S"):
        monkeypatch.setattr(protocol, name, 0.3)
    begin = {
        b"a": b"GET /healthz HTTP/1.1\r\na: ",
        b"\r\n": b"",
        b"1\r\nx\r\n": b"POST /api/v1/session HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    }[part]
    async with connected(live.url) as raw:
        await raw.send(begin)
        async with asyncio.timeout(20):
            while await raw.send(part) and not raw.reader.at_eof():  # noqa: ASYNC110 - it is the trickle
                await asyncio.sleep(0.02)
    assert sum(turned_away(live).values()) == 1


async def test_a_client_that_takes_nothing_is_let_go(live: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "DRAIN_S", 0.3)
    ask = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: keskus.test\r\n\r\n"
    with socket.socket() as narrow:
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.connect(("127.0.0.1", int(live.url.rpartition(":")[2])))
        narrow.sendall(ask)
        await until(lambda: bool(turned_away(live)))
    assert turned_away(live) == {"took_nothing": 1}


async def test_a_slow_upload_that_comes_is_waited_for(live: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "BODY_S", 0.3)
    monkeypatch.setattr(protocol, "BODY_RATE", 1)
    async with connected(live.url) as raw:
        body = b'{"username": "operator", "password": "wrong password"}'
        head = (
            b"POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        )
        await raw.send(head % len(body))
        for place in range(len(body)):
            await raw.send(body[place : place + 1])
            await asyncio.sleep(0.01)
        assert await raw.status() == 401


async def fill(house: House, count: int) -> list[Raw]:
    opened = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(house.url.rpartition(":")[2]))
        opened.append(Raw(reader, writer))
    return opened


async def test_who_says_nothing_gives_way_to_who_comes(tmp_path: Path) -> None:
    register = connections.Connections(connections.ConnectionLimits(total=8, per_address=8))
    async with open_house(tmp_path, connections=register) as house, served(house):
        idle = await fill(house, 30)
        for _ in range(10):
            assert (await asyncio.wait_for(ask(house), 20)) == 200
        await until(lambda: len(register) <= 8)
        assert register.turned_away["gave_way"] >= 22
        for raw in idle:
            raw.writer.close()


async def ask(house: House) -> int:
    async with connected(house.url) as raw:
        await raw.send(GET + b"\r\n")
        return await raw.status()


async def test_desktops_do_not_give_way_and_the_next_is_told(tmp_path: Path) -> None:
    register = connections.Connections(connections.ConnectionLimits(total=8, per_address=3))
    async with open_house(tmp_path, connections=register) as house, served(house):
        url = house.url.replace("http", "ws") + "/ws/desktop"
        headers = {"Authorization": f"Bearer {house.tokens['operator']}"}
        lines = [await connect(url, additional_headers=headers, proxy=None) for _ in range(3)]
        for line in lines:
            await line.recv()
        assert await ask(house) in {503, 0}
        assert register.turned_away == {"address_full": 1}
        await lines[0].close()
        await until(lambda: len(register) == 2)
        assert await ask(house) == 200
        for line in lines[1:]:
            assert line.close_code is None
            await line.close()


async def test_a_desktop_that_floods_is_cut_off(live: House) -> None:
    url = live.url.replace("http", "ws") + "/ws/desktop"
    headers = {"Authorization": f"Bearer {live.tokens['operator']}"}
    async with connect(url, additional_headers=headers, proxy=None) as line:
        await line.recv()
        async with asyncio.timeout(20):
            while "talked_too_much" not in turned_away(live):
                line.transport.write(b"\x89\x80\x00\x00\x00\x00" * 1000)  # pings without a word
                await asyncio.sleep(0.01)
    await until(lambda: live.services.hub.sessions == 0)
