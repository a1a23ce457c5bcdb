"""uvicorn's protocols with limits on the size of a request and on the time that a client may take to send it.

uvicorn's fast parser has no limit on headers, and none on the time of any part of a request. Here each phase of a
connection has a deadline, and `Connections` checks all connections twice a second.
"""

import json
from enum import Enum
from typing import Any, Final

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.domain.errors import PROBLEM, Refusal, problem_of
from app.serving.connections import Connections
from app.serving.errors import (
    HeadersTooLarge,
    NotHttp,
    RequestTooSlow,
    TooManyConnections,
    TooManyPipelined,
    UrlTooLong,
)

URL_MAX: Final = 8 * 1024
HEAD_MAX: Final = 32 * 1024
"""The most bytes of a request's line and headers, and of a chunked body's trailers."""
FIELDS_MAX: Final = 100
PIPELINED_MAX: Final = 8
"""How many requests may wait on one connection for the answer before theirs."""
HEAD_S: Final = 10.0
"""Seconds from a request's first byte, or from the start of the connection, until its headers are complete."""
BODY_S: Final = 20.0
"""Seconds for a request's body; each `BODY_RATE` bytes of it add another second."""
BODY_RATE: Final = 8 * 1024
"""Bytes a second at which a body must arrive, on average."""
PIECES_FREE: Final = 1000
PIECE_MIN: Final = 16
"""A body in more than `PIECES_FREE` pieces must have at least `PIECE_MIN` bytes a piece, on average."""
KEEP_ALIVE_S: Final = 5.0
"""Seconds that a connection may stay idle between two requests."""
LINGER_S: Final = 2.0
"""Seconds for the rest of a body after its request has been answered."""
DRAIN_S: Final = 20.0
"""Seconds that a client may take without reading any of its answer."""
HEARD_MAX: Final = 16 * 1024
"""Bytes that a desktop may send within `HEARD_S` seconds: pongs and some pings."""
HEARD_S: Final = 10.0


class BoundedConfig(Config):
    """uvicorn's configuration with the register of connections: the only way to hand it to uvicorn's protocols."""

    def __init__(self, app: Any, *, register: Connections, **settings: Any) -> None:
        super().__init__(app, http=BoundedHttp, ws=BoundedWebSocket, **settings)
        self.register = register


class _Phase(Enum):
    """The phase of a connection: which part of a request or answer is due."""

    IDLE = "idle"
    HEAD = "head"
    BODY = "body"
    ANSWER = "answer"
    LINGER = "linger"


_WHY: Final = {
    _Phase.IDLE: "said_nothing",
    _Phase.HEAD: "slow_head",
    _Phase.BODY: "slow_body",
    _Phase.LINGER: "sent_on",
}


class _Refusal(Exception):  # noqa: N818 - never leaves this module
    """Stops the parser; the status of the answer is in `BoundedHttp._refusal`."""


_REFUSALS: Final[dict[int, Refusal]] = {
    refusal.status: refusal
    for refusal in (
        NotHttp(),
        RequestTooSlow(),
        UrlTooLong(most_bytes=URL_MAX),
        TooManyPipelined(most=PIPELINED_MAX),
        HeadersTooLarge(most_bytes=HEAD_MAX, most_fields=FIELDS_MAX),
        TooManyConnections(),
    )
}


class _Draining:
    """Notices a client that does not read its answer: how many bytes are left to send, and since when."""

    def __init__(self) -> None:
        self._left, self._since_s = 0, 0.0

    def is_stuck(self, transport: Any, now_s: float, *, paused: bool) -> bool:
        """Whether a client has read nothing for `DRAIN_S` while bytes wait to be sent or the connection closes."""
        if not paused and not transport.is_closing():
            self._left = 0
            return False
        left = transport.get_write_buffer_size() + 1
        if not self._left or left < self._left:
            self._left, self._since_s = left, now_s
        return now_s - self._since_s >= DRAIN_S


class BoundedHttp(HttpToolsProtocol):
    """One HTTP connection."""

    def __init__(self, config: BoundedConfig, *args: Any, **named: Any) -> None:
        super().__init__(config, *args, **named)
        self._register = config.register
        self._phase = _Phase.IDLE
        self._since_s = self._register.now()
        self._taken = 0  # bytes of the head or body that have arrived of the present request
        self._fields = self._pieces = 0
        self._more_s = HEAD_S - KEEP_ALIVE_S  # a new connection has HEAD_S for its first byte
        self._refusal = 400
        self._over = False
        self._draining = _Draining()

    @property
    def peer(self) -> str:
        """The client's address."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: Any) -> None:
        """Take a place in the register, or answer 503."""
        super().connection_made(transport)
        if not self._register.admit(self):
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._register.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse the bytes; answer 431 when the head is too large."""
        if self._over:
            return
        if self._phase in {_Phase.IDLE, _Phase.HEAD}:
            self._taken += len(data)
        super().data_received(data)
        if self._phase in {_Phase.IDLE, _Phase.HEAD} and self._taken > HEAD_MAX:
            self._refuse(431)

    def on_message_begin(self) -> None:
        """Begin a request; refuse it when too many are waiting (429)."""
        if self._over or len(self.pipeline) >= PIPELINED_MAX:
            raise self._stop(429)
        super().on_message_begin()
        self._enter(_Phase.HEAD)
        self._fields = 0

    def on_url(self, url: bytes) -> None:
        """Take a piece of the URL; refuse a URL that is too long (414)."""
        super().on_url(url)
        if len(self.url) > URL_MAX:
            raise self._stop(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header or trailer; refuse too many (431)."""
        self._fields += 1
        if self._fields > FIELDS_MAX:
            raise self._stop(431)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Serve the request, unless its head is too large (431)."""
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEAD_MAX:
            raise self._stop(431)
        self._enter(_Phase.BODY)
        self._pieces = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body; refuse a body in too small pieces (400)."""
        self._taken += len(body)
        self._pieces += 1
        if self._pieces > PIECES_FREE and self._taken < self._pieces * PIECE_MIN:
            raise self._stop(400)  # chunks of one byte cost the server more than the client
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is complete."""
        super().on_message_complete()
        self._enter(_Phase.ANSWER if self._unanswered() else _Phase.IDLE)

    def on_response_complete(self) -> None:
        """Note that the answer is complete; the request's body may not be."""
        super().on_response_complete()
        if self._unanswered():
            return  # another request has arrived meanwhile
        if self._phase is _Phase.BODY:
            self._enter(_Phase.LINGER)
        elif self._phase is _Phase.ANSWER:
            self._enter(_Phase.IDLE)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to the websocket protocol, with its place in the register."""
        self._register.leave(self)
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own
        """Answer a request that the parser has refused."""
        self._refuse(self._refusal)

    def expire(self, now_s: float) -> str:
        """End the connection if its time is up; give the reason, or an empty string."""
        if self._draining.is_stuck(self.transport, now_s, paused=self.flow.write_paused):
            self.transport.abort()
            return "took_nothing"
        if self._over or self._phase is _Phase.ANSWER:
            return ""
        if self.flow.read_paused:
            self._since_s = now_s - min(
                now_s - self._since_s, BODY_S / 2
            )  # reading is paused on our side, so the time does not count against the client
            return ""
        if now_s - self._since_s < self._allowed_s():
            return ""
        phase = self._phase
        if phase in {_Phase.HEAD, _Phase.BODY}:
            self._refuse(408)
        else:
            self._over = True
            self.transport.close()
        if phase is _Phase.IDLE and self.cycle is not None:
            return ""  # an idle connection after an answer ends without being counted
        return _WHY[phase]

    def give_way(self) -> None:
        """End the connection in favour of another."""
        self._over = True
        self.transport.abort()

    def _allowed_s(self) -> float:
        match self._phase:
            case _Phase.IDLE:
                return KEEP_ALIVE_S + self._more_s
            case _Phase.HEAD:
                return HEAD_S
            case _Phase.BODY:
                return BODY_S + self._taken / BODY_RATE
            case _:
                return LINGER_S

    def _enter(self, phase: _Phase) -> None:
        if phase is not self._phase and not self._over:
            self._phase, self._since_s, self._taken, self._more_s = phase, self._register.now(), 0, 0.0
            if phase in {_Phase.IDLE, _Phase.HEAD, _Phase.LINGER}:
                self._register.waits(self)
            else:
                self._register.works(self)

    def _unanswered(self) -> bool:
        """Whether the present request, the last of several, has no complete answer yet."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _stop(self, status: int) -> _Refusal:
        self._refusal = status
        return _Refusal()

    def _refuse(self, status: int) -> None:
        if self._over:
            return
        self._over = True
        if status not in {408, 503}:  # the register has counted those already
            self._register.note(f"refused_{status}", self.peer)
        its_own = self._phase is _Phase.BODY and not self.pipeline
        if not self._unanswered() or (its_own and not self.cycle.response_started):
            refusal = _REFUSALS[status]
            said = json.dumps(problem_of(refusal)).encode()
            headers = {
                "content-type": PROBLEM,
                "connection": "close",
                **refusal.headers,
                "content-length": str(len(said)),
            }
            head = "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items())
            self.transport.write(STATUS_LINE[status] + head.encode() + b"\r\n" + said)
        self.transport.close()


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """The websocket of one desktop."""

    def __init__(self, config: BoundedConfig, *args: Any, **named: Any) -> None:
        super().__init__(config, *args, **named)
        self._register = config.register
        self._heard, self._since_s = 0, self._register.now()
        self._draining = _Draining()

    @property
    def peer(self) -> str:
        """The client's address."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: Any) -> None:
        """Take the place in the register that the handshake had."""
        super().connection_made(transport)
        self._register.admit(self)
        self._register.works(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._register.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a desktop's bytes; end the connection of one that sends too many."""
        now_s = self._register.now()
        if now_s - self._since_s >= HEARD_S:
            self._heard, self._since_s = 0, now_s
        if self.handshake_complete:
            self._heard += len(data)
        if self._heard > HEARD_MAX:
            self._register.note("talked_too_much", self.peer)
            self.transport.abort()
            return
        super().data_received(data)

    def expire(self, now_s: float) -> str:
        """End the connection when its client reads nothing; pings find a client that is gone."""
        if self._draining.is_stuck(self.transport, now_s, paused=not self.writable.is_set()):
            self.transport.abort()
            return "took_nothing"
        return ""

    def give_way(self) -> None:
        """Do nothing: a desktop is logged in and does not give way."""
