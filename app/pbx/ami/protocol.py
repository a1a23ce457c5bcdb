"""The bytes of AMI: framing, events to the inbox, answers to their senders.

Theory of operation. Bytes are collected until a blank line, and only whole messages are decoded. A line end is
never part of a UTF-8 letter: so a letter split between two reads is decoded whole, and an invalid one spoils its
own value only. Only the first line of an event is looked at; an event that nobody wants costs one dictionary
look-up. A wanted event is handed to `on_event` inside the read that brought it, in the order of the wire.
`on_event` must only append to an inbox. Then the socket is always read at once, and Asterisk, which drops a
client that is some 3 MB behind, never drops the service.

It is built on panoramisk's AMIProtocol, as the `protocol_factory` of its Manager.
docs/decisions/0003-panoramisk-hardened.md says what is replaced and why.
"""

import asyncio
import socket
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from panoramisk.ami_protocol import AMIProtocol

from app.pbx.ami.asked import Asked, AskedList
from app.pbx.ami.errors import PbxLinkLost
from app.pbx.ami.message import Event, Response
from app.pbx.text import decoded

log = structlog.get_logger(__name__)

GREETING = b"Asterisk Call Manager/"
GREETING_MAX_BYTES = 1024
MESSAGE_MAX_BYTES = 16 * 1024 * 1024  # anything longer is a fault, not a message
UNSENT_MAX_BYTES = 1024 * 1024  # past this the PBX is not reading

_END = b"\r\n\r\n"


CLOSED_BY_US = "closed by the service"


@dataclass(slots=True)
class Counters:
    """Counts of the link's bytes, events and answers since the start, for /metrics."""

    bytes_read: int = 0
    handled: int = 0  # events given to the inbox or to a list
    ignored: int = 0  # events nobody wants
    dropped: int = 0  # events the inbox refused, and messages that are neither events nor answers
    unclaimed: int = 0  # answers that came after their sender gave up
    logins: int = 0
    login_failures: int = 0
    lost: int = 0  # links lost after a login
    missed_pongs: int = 0

    @property
    def seen(self) -> int:
        """All events, wanted or not."""
        return self.handled + self.ignored + self.dropped


class LinkProtocol(AMIProtocol):  # type: ignore[misc]  # panoramisk has no types
    """The protocol of one connection. It ignores events until `listen`."""

    transport: asyncio.Transport
    responses: dict[str, Asked]
    version: str | None
    factory: Any

    def __init__(
        self, on_event: Callable[[Event], None], wanted: Collection[str], counters: Counters
    ) -> None:
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.connected = False
        self.closed = True
        self.factory = None
        self.reads = 0
        self.counters = counters
        self._on_event = on_event
        self._wanted = wanted
        self._names: dict[str, str] = {}  # first line of a wanted event -> its name
        self._lists: dict[str, AskedList] = {}
        self._generation = 0
        self._buffer = bytearray()
        self._reason = ""
        self._complained = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; without TCP_NODELAY small actions would wait for each other in the kernel."""
        super().connection_made(transport)
        self.connected = True
        connected_socket = transport.get_extra_info("socket")
        if connected_socket is not None:
            connected_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def listen(self, generation: int) -> None:
        """Let wanted events through from here on, also from the rest of the read being worked on."""
        self._generation = generation
        self._names.update({f"Event: {name}": name for name in self._wanted})

    # ---- reading

    def data_received(self, data: bytes) -> None:
        """Take what TCP brought, whole messages or not."""
        self.reads += 1
        self.counters.bytes_read += len(data)
        buffer = self._buffer
        buffer += data
        if self.version is None and not self._greet():
            return
        # The bytes that were there before hold no whole end mark; a new one begins at most three bytes back.
        end = buffer.rfind(_END, max(0, len(buffer) - len(data) - 3))
        if end < 0:
            if len(buffer) > MESSAGE_MAX_BYTES:
                self.close(f"a message longer than {MESSAGE_MAX_BYTES} bytes")
            return
        text = decoded(buffer[:end])
        del buffer[: end + len(_END)]
        self._deliver(text)

    def _greet(self) -> bool:
        # The greeting is one line with no blank line after it.
        line, found, _ = self._buffer.partition(b"\r\n")
        if not found and len(line) <= GREETING_MAX_BYTES:
            return False
        if not found or not line.startswith(GREETING):
            self.close(f"not an Asterisk manager interface: {bytes(line[:40])!r}")
            return False
        self.version = line[len(GREETING) :].decode("ascii", "replace").strip()
        del self._buffer[: len(line) + 2]
        return True

    def _deliver(self, text: str) -> None:
        name_of = self._names.get
        lists = self._lists
        on_event = self._on_event
        handled = ignored = 0
        for raw in text.split("\r\n\r\n"):
            head = raw.partition("\r\n")[0]
            name = name_of(head)
            if name is not None and not lists:
                try:
                    on_event(Event(name, self._generation, raw))
                    handled += 1
                except Exception as error:  # noqa: BLE001  # the link and the next event live on
                    self._refused_by_consumer(name, error)
            elif not lists and head.startswith("Event: "):
                ignored += 1
            else:
                self._deliver_other(raw)
        self.counters.handled += handled
        self.counters.ignored += ignored

    def _deliver_other(self, raw: str) -> None:
        # Answers, events while a list is being collected, and the blank lines that Asterisk sometimes puts between.
        raw = raw.strip("\r\n")
        head = raw.partition("\r\n")[0]
        if head.startswith("Response: "):
            self._answer(Response(raw))
        elif head.startswith("Event: "):
            event = Event(head[7:], self._generation, raw)
            action_id = event.get("ActionID") if self._lists else ""
            asked = self._lists.get(action_id)
            if asked is not None:
                self.counters.handled += 1
                if asked.take(event):
                    self.forget(action_id, asked)
            elif head not in self._names:
                self.counters.ignored += 1
            else:
                try:
                    self._on_event(event)
                    self.counters.handled += 1
                except Exception as error:  # noqa: BLE001  # as above
                    self._refused_by_consumer(event.name, error)
        elif raw:
            self.counters.dropped += 1
            log.warning("pbx_message_without_meaning", length=len(raw))

    def _answer(self, response: Response) -> None:
        action_id = response.get("ActionID")
        asked = self.responses.get(action_id)
        if asked is None:
            self.counters.unclaimed += 1
            log.info("pbx_answer_unclaimed", action_id=action_id, response=response.get("Response"))
        elif asked.answer(action_id, response):
            self.forget(action_id, asked)

    def _refused_by_consumer(self, name: str, error: Exception) -> None:
        self.counters.dropped += 1
        if not self._complained:  # once a connection: a broken consumer must not fill the disk
            self._complained = True
            log.error("pbx_event_consumer_failed", pbx_event=name, exc_info=error)

    # ---- writing

    def ask(self, asked: Mapping[str, Asked], wire: bytes) -> None:
        """Send actions in one piece and await their answers by ActionID.

        Raises PbxLinkLost (not sent) when the connection is gone or the PBX has stopped reading, and
        ValueError for an ActionID that is still awaited; in both cases nothing is sent.
        """
        if self.closed or self.transport.is_closing():
            raise PbxLinkLost(self._reason or "the link is down", sent=False)
        if self.transport.get_write_buffer_size() > UNSENT_MAX_BYTES:
            raise PbxLinkLost("the PBX is not reading", sent=False)
        for action_id, waiting in asked.items():
            if action_id in self.responses:
                raise ValueError(f"ActionID {action_id!r} is awaited already")
            if isinstance(waiting, AskedList):
                self._lists[action_id] = waiting
        self.responses.update(asked)
        self.transport.write(wire)

    def forget(self, action_id: str, asked: Asked) -> None:
        """Await this ActionID no longer; an answer that still comes is counted as unclaimed."""
        if self.responses.get(action_id) is asked:  # not a newer one under the same id
            del self.responses[action_id]
            self._lists.pop(action_id, None)

    # ---- the end

    def close(self, reason: str = CLOSED_BY_US) -> None:
        """Drop the connection now; an orderly close of a half-open connection would never finish."""
        if not self.closed:
            self.closed = True
            self._reason = reason
            self.transport.abort()

    async def part(self) -> None:
        """Drop the connection, if there ever was one, and wait until it is gone."""
        if self.connected:
            self.close()
            await self.lost

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail every awaited action. None is sent again: whether Asterisk carried it out is not known."""
        self.closed = True
        self._reason = self._reason or (f"connection lost: {exc}" if exc else "closed by the PBX")
        self._names.clear()
        waiting, self.responses = self.responses, {}
        self._lists.clear()
        for asked in waiting.values():
            asked.fail(PbxLinkLost(self._reason, sent=True))
        if not self.lost.done():
            self.lost.set_result(self._reason)
        if self.factory is not None:
            self.factory.connection_lost(self._reason)
