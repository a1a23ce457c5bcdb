"""A CRM that answers as the test says, and remembers what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


Reply = tuple[int, object]
"""Status, and what is answered: bytes as they are, anything else as JSON."""


@dataclass
class FakeCrm:
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], Awaitable[Reply]] | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until_asked(self, times: int) -> None:
        async with asyncio.timeout(30):
            while len(self.asked) < times:
                self.changed.clear()
                await self.changed.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                method, target, _ = line.decode().split()
                headers: dict[str, str] = {}
                while (header := (await reader.readline()).decode().strip()) != "":
                    name, _, value = header.partition(": ")
                    headers[name.lower()] = value
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                parts = urlsplit(target)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                asked = Asked(method, parts.path, query, headers, body.decode())
                self.asked.append(asked)
                self.changed.set()
                status, said = await self.answer(asked) if self.answer is not None else (404, {})
                raw = said if isinstance(said, bytes) else json.dumps(said).encode()
                head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(raw)}\r\nLocation: {self.url}/elsewhere\r\n\r\n"
                writer.write(head.encode() + raw)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def fake_crm() -> AsyncIterator[FakeCrm]:
    crm = FakeCrm()
    server = await asyncio.start_server(crm.serve, "127.0.0.1", 0)
    crm.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield crm
    finally:
        server.close()
