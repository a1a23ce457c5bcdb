"""A line between a browser and the PBX's websocket that can be cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlsplit, urlunsplit

CHUNK: Final = 65536


class Wire:
    """Passes on whatever comes, in both directions; `url` leads through it."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        self._open = True
        self._ends: set[asyncio.StreamWriter] = set()
        self.url = ""

    async def listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        self.url = urlunsplit(self._to._replace(netloc=f"127.0.0.1:{port}"))
        return server

    def cut(self) -> None:
        """Cut every connection, and let none come until `mend`."""
        self._open = False
        for end in list(self._ends):
            end.transport.abort()

    def mend(self) -> None:
        """Let connections come again."""
        self._open = True

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection(self._to.hostname, self._to.port)
        ends = {writer, back}
        self._ends |= ends
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pass(reader, back))
                group.create_task(_pass(there, writer))
        finally:
            self._ends -= ends


async def _pass(from_: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await from_.read(CHUNK):
            to.write(data)
            await to.drain()
    to.close()


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[Wire]:
    """A line to the websocket at this address."""
    wire = Wire(url)
    server = await wire.listen()
    try:
        yield wire
    finally:
        wire.cut()
        server.close()
