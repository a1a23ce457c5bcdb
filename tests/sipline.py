"""SIP over UDP for the tests' own phones: what is sent, what is answered, and waiting for either.

On loopback, too, a datagram is lost when its reader's buffer is full. So a request is repeated until it is answered, an
answer to INVITE until it is acknowledged (RFC 3261, 17.1 and 13.3.1.4), and what the PBX repeats is answered as before.
"""

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

from app.sandbox.sandbox import Layout
from tests.sipmessage import SipMessage

WAIT_S: Final = 30.0
T1_S: Final = 0.5
"""When a datagram is first repeated; each wait after it is twice as long."""
T2_S: Final = 4.0
REPEATED_S: Final = 32.0
"""How long it is repeated at most."""


class SipLine(asyncio.DatagramProtocol, ABC):
    """One SIP port that speaks with the PBX."""

    def __init__(self, layout: Layout, user: str, host: str, port: int) -> None:
        self.user = user
        self.host = host
        self.pbx = f"{layout.host}:{layout.sip_port}"
        self._peer = (layout.host, layout.sip_port)
        self._port = port
        self._changed = asyncio.Event()
        self._said: dict[tuple[str, str, int], SipMessage] = {}
        self._answers: dict[tuple[str, str], SipMessage] = {}
        self._heard: set[tuple[str, str]] = set()
        """Requests of ours that the PBX has answered, if only in part, and answers that it has acknowledged."""
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def port(self) -> int:
        return self._port

    @property
    def contact(self) -> str:
        return f"<sip:{self.user}@{self.host}:{self._port}>"

    async def open(self) -> None:
        """Listen, on any port if none was wished for."""
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, local_addr=(self.host, self._port)
        )
        self._port = int(self._transport.get_extra_info("sockname")[1])

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    @abstractmethod
    def asked(self, request: SipMessage) -> None:
        """Take a request; `say` answers it."""

    @abstractmethod
    def replied(self, reply: SipMessage) -> None:
        """Take a response, provisional ones too."""

    def via(self) -> tuple[str, str]:
        """A Via of a new transaction."""
        return "Via", f"SIP/2.0/UDP {self.host}:{self._port};branch=z9hG4bK{secrets.token_hex(8)};rport"

    def send(self, message: SipMessage) -> SipMessage:
        """Send a request until it is answered, anything else once."""
        assert self._transport is not None
        self._transport.sendto(bytes(message), self._peer)
        if not message.is_response and message.method != "ACK":
            self._repeat(bytes(message), (message.branch, message.method))
        return message

    def say(self, reply: SipMessage, request: SipMessage) -> None:
        """Answer, and answer the same when asked again."""
        self._said[(request.branch, request.method, request.number)] = self.send(reply)
        if request.method == "INVITE" and 200 <= reply.status < 300:
            self._repeat(bytes(reply), _acknowledged(request))

    def _repeat(
        self, data: bytes, until: tuple[str, str], wait_s: float = T1_S, lasted_s: float = 0.0
    ) -> None:
        def again() -> None:
            if self._transport is None or self._transport.is_closing() or until in self._heard:
                return
            self._transport.sendto(data, self._peer)
            if lasted_s + wait_s < REPEATED_S:
                self._repeat(data, until, min(2 * wait_s, T2_S), lasted_s + wait_s)

        asyncio.get_running_loop().call_later(wait_s, again)

    def is_heard_of(self, request: SipMessage) -> bool:
        """Whether any response to a request has come."""
        return (request.branch, request.method) in self._heard

    async def final(self, request: SipMessage) -> SipMessage:
        """Wait for a request's final response."""
        key = (request.branch, request.method)
        await self.until(lambda: key in self._answers)
        return self._answers[key]

    async def until(self, condition: Callable[[], bool], timeout_s: float = WAIT_S) -> None:
        """Wait until something is so at this phone; looked at after each message."""
        try:
            async with asyncio.timeout(timeout_s):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"{self!r}: not so within {timeout_s:g} s") from None

    def touch(self) -> None:
        """Look again at what is waited for."""
        self._changed.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        pass

    def datagram_received(self, data: bytes, addr: object) -> None:
        if not data.strip():
            return  # a keep-alive
        message = SipMessage.parse(data)
        if message.is_response:
            self._heard.add((message.branch, message.method))
            if message.status >= 200:
                self._answers[(message.branch, message.method)] = message
            self.replied(message)
        elif (known := self._said.get((message.branch, message.method, message.number))) is not None:
            self.send(known)
        else:
            if message.method == "ACK":
                self._heard.add(_acknowledged(message))
            self.asked(message)
        self.touch()


def _acknowledged(request: SipMessage) -> tuple[str, str]:
    """What an INVITE and the ACK of its answer have in common."""
    return request.get("Call-ID"), str(request.number)
