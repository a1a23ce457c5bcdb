"""A client that speaks as badly as it likes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

DEADLINE_S = 30.0


class Raw:
    """One connection, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, data: bytes) -> bool:
        """Send; False when the other side has closed."""
        try:
            self.writer.write(data)
            async with asyncio.timeout(DEADLINE_S):
                await self.writer.drain()
        except (ConnectionError, TimeoutError):
            return False
        return not self.writer.is_closing()

    async def status(self) -> int:
        """The status of the next answer, whose body is read; 0 when the connection ended instead."""
        try:
            async with asyncio.timeout(DEADLINE_S):
                head = await self.reader.readuntil(b"\r\n\r\n")
                length = next(
                    (
                        int(line[15:])
                        for line in head.lower().split(b"\r\n")
                        if line.startswith(b"content-length:")
                    ),
                    0,
                )
                await self.reader.readexactly(length)
        except (ConnectionError, asyncio.IncompleteReadError):
            return 0
        return int(head.split(b" ", 2)[1])

    async def ended(self) -> bytes:
        """Wait until the other side closes; give what it said."""
        said = b""
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(DEADLINE_S):
                while piece := await self.reader.read(65536):
                    said += piece
        return said


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Raw]:
    """A connection to a service."""
    address = urlsplit(url)
    assert address.hostname is not None
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield Raw(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
