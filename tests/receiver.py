"""A program outside that receives webhooks: it can answer well, fail, hang, answer very much, and redirect."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook

DEADLINE_S = 30.0
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
BROKEN = b"HTTP/1.1 503 Away\r\nContent-Length: 4\r\nConnection: close\r\n\r\naway"
GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
BIG_BYTES = 10_000_000


@dataclass
class Request:
    """What came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    def is_signed_by(self, secret: str) -> bool:
        """Whether the library of Standard Webhooks accepts the signature."""
        try:
            Webhook(secret).verify(self.body, self.headers)
        except Exception:  # noqa: BLE001 - the library has several
            return False
        return True


def redirect(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


def big() -> Iterable[bytes]:
    yield f"HTTP/1.1 200 OK\r\nContent-Length: {BIG_BYTES}\r\n\r\n".encode()
    for _ in range(BIG_BYTES // 10_000):
        yield b"x" * 10_000


@dataclass
class Receiver:
    """A server; `answer` gives the bytes of each answer, None to hang for ever."""

    answer: Callable[[Request], bytes | Iterable[bytes] | None] = lambda _: GOOD
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    sent_bytes: int = 0
    """The most bytes that one connection took of an answer."""
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    async def until(self, so: Callable[[], bool]) -> None:
        """Wait until something is so, which only requests can change."""
        async with asyncio.timeout(DEADLINE_S):
            while not so():
                self._came.clear()
                await self._came.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            request = Request(head[0].split()[1], headers, body)
            self.requests.append(request)
            answer = self.answer(request)
            self._came.set()
            if answer is None:
                await self._over.wait()
                answer = b""
            sent = 0
            for piece in [answer] if isinstance(answer, bytes) else answer:
                writer.write(piece)
                await writer.drain()
                sent += len(piece)
                self.sent_bytes = max(self.sent_bytes, sent)
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    def let_go(self) -> None:
        """Cut off all whom it lets hang."""
        self._over.set()


@asynccontextmanager
async def receiving(
    answer: Callable[[Request], bytes | Iterable[bytes] | None] = lambda _: GOOD,
    context: ssl.SSLContext | None = None,
    port: int = 0,
) -> AsyncIterator[Receiver]:
    """A receiver on loopback."""
    receiver = Receiver(answer)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", port, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        receiver.let_go()
        server.close()
        await server.wait_closed()
