"""A line between Asterisk's AMI and the service that breaks on demand.

It knows of AMI only that messages end with a blank line, and their first lines. Every fault is counted when it has
happened, so that a test can tell a fault that was survived from one that never came.
"""

import asyncio
import contextlib
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

END: Final = b"\r\n\r\n"
CHUNK: Final = 65536
STEP_S: Final = 0.05


class Cut(StrEnum):
    """Where, within an action and its answer, the line is cut."""

    BEFORE = "before"
    MIDDLE = "middle"
    AFTER = "after"
    """The PBX has carried it out and the answer does not arrive."""
    ANSWERED = "answered"


class Proxy:
    """Listens on `port` of the loopback address and passes everything on to Asterisk, as long as nothing is asked."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._group = asyncio.TaskGroup()
        self._lines: set[_Line] = set()
        self.port = 0
        self.happened: Counter[str] = Counter()
        """How often each fault has struck."""
        self.passed: Counter[str] = Counter()
        """Events and actions that went through, by name."""
        self._deleted: dict[str, int] = {}
        self._cut: tuple[str, Cut] | None = None
        self._cut_bytes: int | None = None
        self._open = True
        self._bytes_per_s = 0.0
        self._told = asyncio.Event()

    # ---- faults

    def reset(self) -> None:
        """Cut every connection with a RST."""
        for line in list(self._lines):
            line.cut()
            self.strike("reset")

    def silence(self) -> None:
        """Half-open: connections stay and nothing passes either way. New ones work."""
        for line in self._lines:
            line.silent = True
            self.strike("silence")

    def close(self) -> None:
        """Take no new connections either, until `open`."""
        self._open = False
        self.reset()

    def open(self) -> None:
        """Take connections again."""
        self._open = True

    def slow(self, bytes_per_s: float) -> None:
        """Let only so much through towards the service; 0 takes the brake off."""
        self._bytes_per_s = bytes_per_s
        if bytes_per_s:
            self.strike("slow")

    def cut_at(self, action: str, where: Cut) -> None:
        """Cut the connection at the next action of this name."""
        self._cut = (action, where)

    def cut_after(self, count: int) -> None:
        """Cut the connection when so many more bytes have come from the PBX, within a message or not."""
        self._cut_bytes = count

    def delete(self, event: str, times: int = 2**31) -> None:
        """Let the next `times` events of a name vanish; a user event is `UserEvent` or `UserEvent:Name`."""
        self._deleted[event] = times

    def restore(self) -> None:
        """Take back every fault that has not struck yet."""
        self._deleted.clear()
        self._cut = self._cut_bytes = None
        self._bytes_per_s = 0.0
        self._open = True

    async def until(self, fault: str, count: int = 1, timeout_s: float = 30.0) -> None:
        """Wait until a fault has struck so often since the start."""
        async with asyncio.timeout(timeout_s):
            while self.happened[fault] < count:
                self._told.clear()
                await self._told.wait()

    # ---- asked by the lines

    def strike(self, fault: str) -> None:
        """Count a fault that struck."""
        self.happened[fault] += 1
        self._told.set()

    def swallows(self, head: bytes, frame: bytes) -> bool:
        """Whether this event must vanish."""
        name = head.removeprefix(b"Event: ").decode()
        names = [name]
        if name == "UserEvent":
            names.append(f"UserEvent:{_header(frame, b'UserEvent')}")
        for known in names:
            if self._deleted.get(known, 0) > 0:
                self._deleted[known] -= 1
                self.strike(known)
                return True
        self.passed[names[-1]] += 1
        return False

    def cut_of(self, action: str) -> Cut | None:
        """Where this action's connection must be cut, if it must; it is asked once."""
        self.passed[action] += 1
        if self._cut is not None and self._cut[0] == action:
            where, self._cut = self._cut[1], None
            return where
        return None

    def bytes_left(self, count: int) -> int | None:
        """How many of these bytes may still pass; None: all."""
        if self._cut_bytes is None:
            return None
        left, self._cut_bytes = self._cut_bytes, self._cut_bytes - count
        if self._cut_bytes <= 0:
            self._cut_bytes = None
            return max(left, 0)
        return None

    @property
    def bytes_per_s(self) -> float:
        return self._bytes_per_s

    # ---- living

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        self._server.close()
        for line in list(self._lines):
            line.cut()
        await self._group.__aexit__(None, None, None)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._group.create_task(self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open:
            _abort(writer)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            _abort(writer)
            return
        line = _Line(self, writer, far_writer)
        self._lines.add(line)
        try:
            await line.run(reader, far_reader)
        finally:
            self._lines.discard(line)


class _Line:
    """One connection of the service, and ours to Asterisk."""

    def __init__(self, proxy: Proxy, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.silent = False
        self._proxy = proxy
        self._near = near
        self._far = far
        self._cut_at_answer: tuple[str, Cut] | None = None

    def cut(self) -> None:
        """End both connections with a RST."""
        _abort(self._near)
        _abort(self._far)

    async def run(self, near: asyncio.StreamReader, far: asyncio.StreamReader) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pump(near, self._from_service))
            group.create_task(self._pump(far, self._from_pbx))

    async def _pump(self, reader: asyncio.StreamReader, take: Callable[[bytes], Awaitable[bool]]) -> None:
        """Pass messages on until either side is gone; an end is passed on as an end, unless the line is dead."""
        buffer = bytearray()
        greeted = take == self._from_service
        try:
            while data := await reader.read(CHUNK):
                buffer += data
                if not greeted:  # Asterisk's greeting is a line without a blank one
                    end = buffer.find(b"\r\n")
                    if end < 0:
                        continue
                    greeted = True
                    await self._write_slowly(bytes(buffer[: end + 2]))
                    del buffer[: end + 2]
                while (end := buffer.find(END)) >= 0:
                    frame = bytes(buffer[: end + len(END)])
                    del buffer[: end + len(END)]
                    if not self.silent and not await take(frame):
                        self.cut()
                        return
        except OSError:
            pass
        if not self.silent:
            self._near.close()
            self._far.close()

    async def _from_service(self, frame: bytes) -> bool:
        where = self._proxy.cut_of(_header(frame, b"Action"))
        if where is Cut.BEFORE:
            self._proxy.strike("cut before")
            return False
        if where is Cut.MIDDLE:
            self._far.write(frame[: len(frame) // 2])
            await self._far.drain()
            self._proxy.strike("cut middle")
            return False
        if where is not None:
            self._cut_at_answer = (_header(frame, b"ActionID"), where)
        self._far.write(frame)
        await self._far.drain()
        return True

    async def _from_pbx(self, frame: bytes) -> bool:
        head = frame.partition(b"\r\n")[0]
        # What has an ActionID is an item of a list, and no event.
        event = head.startswith(b"Event: ") and not _header(frame, b"ActionID")
        if event and self._proxy.swallows(head, frame):
            return True
        cut = False
        if self._cut_at_answer is not None and head.startswith(b"Response: "):
            action_id, where = self._cut_at_answer
            if _header(frame, b"ActionID") == action_id:
                self._proxy.strike(f"cut {where}")
                if where is Cut.AFTER:
                    return False
                cut = True
        left = self._proxy.bytes_left(len(frame))
        if left is not None:
            frame, cut = frame[:left], True
            self._proxy.strike("cut bytes")
        await self._write_slowly(frame)
        return not cut

    async def _write_slowly(self, frame: bytes) -> None:
        while (rate := self._proxy.bytes_per_s) and frame:
            if self._near.transport.is_closing():
                raise ConnectionResetError
            count = max(1, int(rate * STEP_S))
            self._near.write(frame[:count])
            frame = frame[count:]
            await asyncio.sleep(STEP_S)  # the fault itself: a line of so many bytes a second
        self._near.write(frame)
        await self._near.drain()


def _header(frame: bytes, name: bytes) -> str:
    for line in frame.split(b"\r\n"):
        key, _, value = line.partition(b":")
        if key.strip().lower() == name.lower():
            return value.strip().decode(errors="replace")
    return ""


def _abort(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):  # gone already
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
