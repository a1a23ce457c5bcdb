"""A TCP peer that speaks AMI, and misbehaves on demand.

It stands in for the moments a real Asterisk cannot be asked for: a link that drops between an action and
its answer, a half-open connection, a letter split between two packets.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self

DEADLINE_S = 60.0  # for anything a test waits for; only a failing test ever waits so long

Headers = dict[str, str]


class Session(asyncio.Protocol):
    """One client's connection, as the PBX sees it."""

    def __init__(self, peer: "Peer") -> None:
        self.peer = peer
        self.transport: asyncio.Transport
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.peer.sessions.append(self)
        transport.write(self.peer.greeting)
        self.peer.changed()

    def data_received(self, data: bytes) -> None:
        self.peer.wire += data
        self._buffer += data
        *messages, self._buffer = self._buffer.split(b"\r\n\r\n")
        for message in messages:
            lines = [line.partition(": ") for line in message.decode().split("\r\n")]
            self.peer.take(self, {name: value for name, _, value in lines})

    def connection_lost(self, exc: Exception | None) -> None:
        self.peer.sessions.remove(self)
        self.peer.changed()

    def write(self, text: str) -> None:
        """Send messages written with plain line ends; a blank line ends each."""
        self.transport.write(text.replace("\n", "\r\n").encode())

    def answer(self, action: Headers, text: str) -> None:
        """Send `text` with the action's id as its second header."""
        first, _, rest = text.partition("\n")
        self.write(f"{first}\nActionID: {action['ActionID']}\n{rest}\n\n")

    def drop(self) -> None:
        """End the connection as a killed Asterisk does."""
        self.transport.close()


class Peer:
    """The listening side. What it does with an action is in `rules`, by the action's name.

    A rule is called with the session and the action's headers; `Peer.silent` answers nothing,
    `Peer.dropping` drops the connection. An action without a rule is a success.
    """

    def __init__(self) -> None:
        self.greeting = b"Asterisk Call Manager/11.0.0\r\n"
        self.secret = "amber"
        self.received: list[Headers] = []
        self.sessions: list[Session] = []
        self.wire = b""
        self.rules: dict[str, Callable[[Session, Headers], object]] = {"Login": self._login}
        self.port = 0
        self._server: asyncio.Server | None = None
        self._changed = asyncio.Event()

    @property
    def session(self) -> Session:
        """The latest connection."""
        return self.sessions[-1]

    def names(self) -> list[str]:
        """What was asked, in order, pings left out."""
        return [action["Action"] for action in self.received if action["Action"] != "Ping"]

    async def start(self) -> Self:
        """Listen, on the same port when started again."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        """Refuse new connections and drop those there are."""
        if self._server is not None:
            self._server.close()
            for session in list(self.sessions):
                session.transport.abort()
            await self.until(lambda: not self.sessions)
            await self._server.wait_closed()
            self._server = None

    def take(self, session: Session, action: Headers) -> None:
        self.received.append(action)
        rule = self.rules.get(action["Action"], self.accepting)
        rule(session, action)
        self.changed()

    def changed(self) -> None:
        self._changed.set()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until the peer's own state fulfils the condition."""
        async with asyncio.timeout(DEADLINE_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def asked(self, name: str, times: int = 1) -> Headers:
        """Wait until an action of this name has come so many times; give the latest."""
        await self.until(lambda: [action["Action"] for action in self.received].count(name) >= times)
        return [action for action in self.received if action["Action"] == name][-1]

    @staticmethod
    def accepting(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nMessage: done")

    @staticmethod
    def silent(session: Session, action: Headers) -> None:
        """Say nothing."""

    @staticmethod
    def dropping(session: Session, action: Headers) -> None:
        session.drop()

    def _login(self, session: Session, action: Headers) -> None:
        if action["Secret"] == self.secret:
            session.answer(action, "Response: Success\nMessage: Authentication accepted")
        else:
            session.answer(action, "Response: Error\nMessage: Authentication failed")
            session.drop()


@asynccontextmanager
async def listening_peer() -> AsyncIterator[Peer]:
    """A peer that listens for the length of the block."""
    peer = await Peer().start()
    try:
        yield peer
    finally:
        await peer.stop()
