"""An AMI connection that only listens, with which the benches measure times.

Asterisk stamps each event itself (`timestampevents`), so it does not matter when this process reads it.
"""

import asyncio
from collections import Counter
from types import TracebackType
from typing import NamedTuple, Self

from app.pbx.ami.encode import encode
from app.pbx.ami.message import Event

QUIET_S = 0.7


class Seen(NamedTuple):
    """An event, and Asterisk's time stamp on it, in seconds since 1970."""

    at_s: float
    event: Event


class Observer:
    """Keeps every byte, and parses none until it is asked for events."""

    def __init__(self, port: int, username: str, secret: str) -> None:
        self._port = port
        self._login = {"Action": "Login", "Username": username, "Secret": secret}
        self._heard = asyncio.Event()
        self._bytes = bytearray()

    @property
    def size(self) -> int:
        """Bytes received since the last `clear`."""
        return len(self._bytes)

    def clear(self) -> None:
        """Delete what was received."""
        self._bytes.clear()

    def events(self) -> list[Seen]:
        """The events received since the last `clear`, in order."""
        raw_events = self._bytes.decode("utf-8", "replace").split("\r\n\r\n")
        found = [Event.from_text(raw) for raw in raw_events if raw.startswith("Event: ")]
        return [Seen(float(event.get("Timestamp", "0")), event) for event in found]

    def names(self) -> Counter[str]:
        """How many events of each name were received."""
        return Counter(seen.event.name for seen in self.events())

    async def quiet(self, for_s: float = QUIET_S) -> None:
        """Wait until the PBX has sent nothing for `for_s` seconds."""
        while True:
            self._heard.clear()
            try:
                async with asyncio.timeout(for_s):
                    await self._heard.wait()
            except TimeoutError:
                return

    async def __aenter__(self) -> Self:
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**22)
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        self._reading = self._group.create_task(self._read(reader))
        self._writer.write(encode(self._login, "observer"))
        async with asyncio.timeout(5):
            while b"Response: " not in self._bytes:
                self._heard.clear()
                await self._heard.wait()
        if b"Response: Success" not in self._bytes:
            raise ConnectionError("the PBX refused the observer")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.cancel()
        await self._group.__aexit__(None, None, None)
        self._writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(2**18):
            self._bytes += data
            self._heard.set()
