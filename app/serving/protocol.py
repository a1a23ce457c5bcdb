"""uvicorn's protocols with bounds: on what a client may send before its request is whole, and on the time for it.

uvicorn has no bound on headers with its fast parser, and none on the time of any part of a request. Here each phase of
a connection has a deadline, and `Connections` looks at all of them twice a second.
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
"""Bytes of a request's line and headers, and of a chunked body's trailers."""
FIELDS_MAX: Final = 100
PIPELINED_MAX: Final = 8
"""Requests that may wait on one connection for the one before."""
HEAD_S: Final = 10.0
"""From the first byte of a request, or from the connection's beginning, until its headers are whole."""
BODY_S: Final = 20.0
"""For a body's first bytes; each `BODY_RATE` of them gives another second."""
BODY_RATE: Final = 8 * 1024
"""Bytes a second that a body must come at, on average."""
PIECES_FREE: Final = 1000
PIECE_MIN: Final = 16
"""A body in more pieces than that has so many bytes in each, on average."""
KEEP_ALIVE_S: Final = 5.0
"""Between two requests."""
LINGER_S: Final = 2.0
"""For the rest of a body that nobody wants any more."""
DRAIN_S: Final = 20.0
"""How long a client may take nothing of what it is sent."""
HEARD_MAX: Final = 16 * 1024
"""Bytes that a desktop may send in `HEARD_S`; pongs and some pings."""
HEARD_S: Final = 10.0


class BoundedConfig(Config):
    """uvicorn's configuration with the register of connections, which its protocols are given by nothing else."""

    def __init__(self, app: Any, *, register: Connections, **settings: Any) -> None:
        super().__init__(app, http=BoundedHttp, ws=BoundedWebSocket, **settings)
        self.register = register


class _Phase(Enum):
    """Of a connection; what a client owes us, or we a client."""

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
    """Stops the parser; what is answered is in `BoundedHttp._refusal`."""


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
    """When a client stopped taking what it is sent: what is left to send, and since when it has not grown less."""

    def __init__(self) -> None:
        self._left, self._since_s = 0, 0.0

    def is_stuck(self, transport: Any, now_s: float, *, paused: bool) -> bool:
        """Whether a client that has something to take, or a connection to let go, has done nothing for `DRAIN_S`."""
        if not paused and not transport.is_closing():
            self._left = 0
            return False
        left = transport.get_write_buffer_size() + 1
        if not self._left or left < self._left:
            self._left, self._since_s = left, now_s
        return now_s - self._since_s >= DRAIN_S


class BoundedHttp(HttpToolsProtocol):
    """One connection with HTTP."""

    def __init__(self, config: BoundedConfig, *args: Any, **named: Any) -> None:
        super().__init__(config, *args, **named)
        self._register = config.register
        self._phase = _Phase.IDLE
        self._since_s = self._register.now()
        self._taken = 0  # bytes of the head, or of the body, of the request that comes
        self._fields = self._pieces = 0
        self._more_s = HEAD_S - KEEP_ALIVE_S  # a new connection has the time of a head
        self._refusal = 400
        self._over = False
        self._draining = _Draining()

    @property
    def peer(self) -> str:
        """The address it comes from."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: Any) -> None:
        """Take a place, or answer 503."""
        super().connection_made(transport)
        if not self._register.admit(self):
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._register.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, unless what has come is too much."""
        if self._over:
            return
        if self._phase in {_Phase.IDLE, _Phase.HEAD}:
            self._taken += len(data)
        super().data_received(data)
        if self._phase in {_Phase.IDLE, _Phase.HEAD} and self._taken > HEAD_MAX:
            self._refuse(431)

    def on_message_begin(self) -> None:
        """A request's first byte."""
        if self._over or len(self.pipeline) >= PIPELINED_MAX:
            raise self._stop(429)
        super().on_message_begin()
        self._enter(_Phase.HEAD)
        self._fields = 0

    def on_url(self, url: bytes) -> None:
        """A piece of the URL."""
        super().on_url(url)
        if len(self.url) > URL_MAX:
            raise self._stop(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer."""
        self._fields += 1
        if self._fields > FIELDS_MAX:
            raise self._stop(431)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A request that may be served."""
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEAD_MAX:
            raise self._stop(431)
        self._enter(_Phase.BODY)
        self._pieces = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._taken += len(body)
        self._pieces += 1
        if self._pieces > PIECES_FREE and self._taken < self._pieces * PIECE_MIN:
            raise self._stop(400)  # chunks of a byte each are work for nothing
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        super().on_message_complete()
        self._enter(_Phase.ANSWER if self._unanswered() else _Phase.IDLE)

    def on_response_complete(self) -> None:
        """The answer is whole; the body may not be."""
        super().on_response_complete()
        if self._unanswered():
            return  # another request has come meanwhile
        if self._phase is _Phase.BODY:
            self._enter(_Phase.LINGER)
        elif self._phase is _Phase.ANSWER:
            self._enter(_Phase.IDLE)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over, with its place."""
        self._register.leave(self)
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own
        """Answer what the parser did not take."""
        self._refuse(self._refusal)

    def expire(self, now_s: float) -> str:
        """End it if its time is up; why, or nothing."""
        if self._draining.is_stuck(self.transport, now_s, paused=self.flow.write_paused):
            self.transport.abort()
            return "took_nothing"
        if self._over or self._phase is _Phase.ANSWER:
            return ""
        if self.flow.read_paused:
            self._since_s = now_s - min(
                now_s - self._since_s, BODY_S / 2
            )  # we do not listen: no fault of theirs
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
            return ""  # as is usual after an answer
        return _WHY[phase]

    def give_way(self) -> None:
        """End it for another."""
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
        """Whether a request that came is not answered yet; of several, the last."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _stop(self, status: int) -> _Refusal:
        self._refusal = status
        return _Refusal()

    def _refuse(self, status: int) -> None:
        if self._over:
            return
        self._over = True
        if status not in {408, 503}:  # those are counted where they are found
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
    """One desktop's connection."""

    def __init__(self, config: BoundedConfig, *args: Any, **named: Any) -> None:
        super().__init__(config, *args, **named)
        self._register = config.register
        self._heard, self._since_s = 0, self._register.now()
        self._draining = _Draining()

    @property
    def peer(self) -> str:
        """The address it comes from."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: Any) -> None:
        """Take the place that the handshake had."""
        super().connection_made(transport)
        self._register.admit(self)
        self._register.works(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._register.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hear a desktop, which has next to nothing to say."""
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
        """End it when its client takes nothing; pings find a client that is gone."""
        if self._draining.is_stuck(self.transport, now_s, paused=not self.writable.is_set()):
            self.transport.abort()
            return "took_nothing"
        return ""

    def give_way(self) -> None:
        """A desktop has logged in, and does not give way."""
