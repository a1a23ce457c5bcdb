"""Requests go to public addresses alone, whatever a name says, and take neither long nor much."""

import asyncio
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from app.sandbox.certificates import own_certificate
from app.system import guarded_transport
from app.system.guarded_http import Answer, GuardedHttp, NotAnswered, Why
from app.system.networks import read_networks
from tests.receiver import BIG_BYTES, GOOD, big, receiving, redirect

LOOPBACK = read_networks(["127.0.0.0/8"])


async def ask(http: GuardedHttp, url: str, within_s: float = 20.0) -> Answer:
    try:
        return await http.ask("POST", url, headers={}, body=b"{}", within_s=within_s)
    finally:
        await http.close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0", "[::1]", "[::ffff:7f00:1]"]
)
async def test_nothing_inside_is_asked_in_whichever_form_it_is_written(host: str) -> None:
    async with receiving() as receiver:
        for scheme in ("https", "http"):
            with pytest.raises(NotAnswered) as refused:
                await ask(GuardedHttp(2048), f"{scheme}://{host}:{receiver.port}/")
            assert refused.value.why is Why.FORBIDDEN
        assert not receiver.requests


async def test_one_private_address_among_public_ones_is_enough() -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["93.184.216.34", "127.0.0.1"]

    with pytest.raises(NotAnswered, match="private"):
        await ask(GuardedHttp(2048, resolve=resolve), "https://hooks.example/")


async def test_the_address_that_was_checked_is_the_one_that_is_asked(tmp_path: Path) -> None:
    """A name that resolves to something else at each look is looked at once; TLS and Host keep the name."""
    asked: list[str] = []
    context, trusting = await certificate(tmp_path, "hooks.example")

    async def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    async with receiving(context=context) as receiver:
        http = GuardedHttp(2048, LOOPBACK, context=trusting, resolve=resolve)
        answer = await ask(http, f"https://hooks.example:{receiver.port}/a?b=1")
    assert (answer.status, answer.body, asked) == (200, b"ok", ["hooks.example"])
    assert receiver.requests[0].headers["host"] == f"hooks.example:{receiver.port}"
    assert receiver.requests[0].path == "/a?b=1"


async def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    context, trusting = await certificate(tmp_path, "hooks.example")
    async with receiving(context=context) as receiver:
        http = GuardedHttp(2048, LOOPBACK, context=trusting, resolve=resolve)
        with pytest.raises(NotAnswered, match="certificate"):
            await ask(http, f"https://other.example:{receiver.port}/")
    assert not receiver.requests


async def test_of_a_large_answer_only_the_first_bytes_are_taken() -> None:
    async with receiving(lambda _: big()) as receiver:
        answer = await ask(GuardedHttp(2048, LOOPBACK), receiver.url)
    assert (answer.status, len(answer.body)) == (200, 2048)
    assert receiver.sent_bytes < BIG_BYTES / 2  # what the system's buffers hold


async def test_a_redirect_is_an_answer_as_any_other() -> None:
    async with receiving() as inside, receiving(lambda _: redirect(inside.url)) as receiver:
        answer = await ask(GuardedHttp(2048, LOOPBACK), receiver.url)
        assert (answer.status, answer.headers["location"], inside.requests) == (302, inside.url, [])


async def test_who_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_transport, "BODY_S", 0.2)
    async with receiving(lambda _: None) as receiver:
        with pytest.raises(NotAnswered, match="no answer"):
            await ask(GuardedHttp(2048, LOOPBACK), receiver.url, within_s=0.2)
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"

    async with receiving(lambda _: half) as receiver:
        assert await ask(GuardedHttp(2048, LOOPBACK), receiver.url) == Answer(
            200, {"content-length": "10"}, b"half"
        )


async def test_nobody_there_and_no_such_name() -> None:
    async def nowhere(_host: str, _port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    with pytest.raises(NotAnswered, match="does not resolve"):
        await ask(GuardedHttp(2048, resolve=nowhere), "https://hooks.invalid/")
    async with receiving() as receiver:
        url = receiver.url
    with pytest.raises(NotAnswered):
        await ask(GuardedHttp(2048, LOOPBACK), url)


async def test_a_whole_answer_is_complete_in_time_and_not_too_large() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"

    async def why(answer: bytes | Iterable[bytes] | None, within_s: float = 20.0) -> Why | bytes:
        async with receiving(lambda _: answer) as receiver:
            http = GuardedHttp(2048, LOOPBACK)
            try:
                told = await http.ask("GET", receiver.url, headers={}, within_s=within_s, whole=True)
            except NotAnswered as error:
                return error.why
            finally:
                await http.close()
        return told.body

    assert await why(GOOD) == b"ok"
    assert await why(big()) is Why.TOO_LARGE
    assert await why(half) is Why.UNREACHABLE
    assert await why(half_and_no_end(), within_s=0.2) is Why.LATE


def half_and_no_end() -> Iterable[bytes]:
    """An answer of which the next piece always comes soon."""
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    while True:
        yield b"1\r\nx\r\n"


@pytest.mark.parametrize(
    "piece", [b"HTTP/1.1 103 Early Hints\r\n\r\n", b"X-More: more\r\n"], ids=["interim", "headers"]
)
async def test_what_comes_before_a_body_has_an_end(piece: bytes) -> None:
    """Interim answers, and headers, could come without end: each is read, and none of them is a body."""

    def without_end() -> Iterable[bytes]:
        if piece.startswith(b"X"):
            yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield piece * 100

    async with receiving(lambda _: without_end()) as receiver:
        with pytest.raises(NotAnswered) as failed:
            await ask(GuardedHttp(2048, LOOPBACK), receiver.url)
    assert failed.value.why in {Why.TOO_LARGE, Why.UNREACHABLE}


async def test_tiny_chunks_do_not_hold_the_event_loop() -> None:
    """Thousands of them fit into what a system hands over at once; others have their turn between."""
    turns_s: list[float] = []

    async def others() -> None:
        before_s = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now_s = time.thread_time()
            turns_s.append(now_s - before_s)
            before_s = now_s

    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 60_000
    async with receiving(lambda _: chunks) as receiver, asyncio.TaskGroup() as group:
        http = GuardedHttp(256 * 1024, LOOPBACK)
        with pytest.raises(NotAnswered):  # what is loaded once is not counted
            await http.ask("GET", receiver.url, headers={}, within_s=20.0, whole=True)
        busy = group.create_task(others())
        with pytest.raises(NotAnswered) as failed:
            await http.ask("GET", receiver.url, headers={}, within_s=20.0, whole=True)
        busy.cancel()
        await http.close()
    assert failed.value.why is Why.TOO_LARGE
    assert max(turns_s) < 0.05  # processor time


async def test_who_takes_a_connection_and_nothing_more_is_left() -> None:
    """No TLS is begun, or the request is not read."""

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    over = asyncio.Event()
    server = await asyncio.start_server(silent, "127.0.0.1", 0, limit=1)
    port = server.sockets[0].getsockname()[1]
    for url in (f"https://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/"):
        http = GuardedHttp(2048, LOOPBACK)
        with pytest.raises(NotAnswered) as failed:
            await http.ask("POST", url, headers={}, body=bytes(10_000_000), within_s=0.2)
        assert failed.value.why is Why.LATE
        await http.close()
    over.set()
    server.close()


async def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as proxy, receiving() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert (await ask(GuardedHttp(2048, LOOPBACK), receiver.url)).status == 200
        assert not proxy.requests


def test_a_service_that_asks_nobody_does_not_load_what_asks() -> None:
    """It takes a twentieth of a second, which a service that comes back does not have."""
    program = "import sys, app.crm.webhooks.courier; sys.exit('httpcore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


async def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of a server of this name, and of a client that trusts it."""
    made = await own_certificate(folder, name)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made.certificate, made.key)
    return context, ssl.create_default_context(cafile=str(made.certificate))
