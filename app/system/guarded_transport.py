"""The connections of `guarded_http`, which loads this module when it needs it."""

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import httpcore

from app.system.guarded_http import Answer, NotAnswered, Resolve, Why
from app.system.names import Resolver
from app.system.networks import Network, is_among, is_public

CONNECT_S: Final = 5.0
"""Seconds for one connection, TLS aside."""
BODY_S: Final = 2.0
"""Seconds for the beginning of the answer's body, where it need not be whole."""
HEAD_BYTES: Final = 64 * 1024
"""Bytes that may come before the answer's body. Without a bound, interim answers (1xx) may come without end."""
PIECE_BYTES: Final = 4096
"""So much is read at a time: what is in one piece, such as hundreds of answers or chunks, is taken in one turn of the
event loop."""
_TRIED: Final = 3
"""Addresses of one host that are connected to, one after the other."""
_KEPT: Final = 50
_KEPT_S: Final = 15.0
_FAILURES: Final = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    OSError,
    ValueError,
)
"""`ValueError`: TLS cannot name such a host."""


class Transport:
    """Asks; its arguments are those of `GuardedHttp`. Made in a thread: it reads all authorities from a file."""

    def __init__(
        self,
        most_bytes: int,
        networks: Sequence[Network],
        *,
        connections: int,
        context: ssl.SSLContext | None,
        resolve: Resolve | None,
    ) -> None:
        self._most_bytes = most_bytes
        context = context or httpcore.default_ssl_context()
        resolve = resolve or Resolver()
        self._pools = {
            scheme: httpcore.AsyncConnectionPool(
                ssl_context=context,
                max_connections=connections,
                max_keepalive_connections=_KEPT,
                keepalive_expiry=_KEPT_S,
                network_backend=_Guard(networks, resolve, HEAD_BYTES + most_bytes, tls=scheme == "https"),
            )
            for scheme in ("http", "https")
        }

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, within_s: float, whole: bool
    ) -> Answer:
        """Ask once; see `GuardedHttp.ask`."""
        sent = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
        sent.append((b"Accept-Encoding", b"identity"))  # nothing is unpacked
        timeout = {"connect": min(CONNECT_S, within_s)} | dict.fromkeys(("read", "write", "pool"), within_s)
        pool = self._pools[url.partition(":")[0].lower()]
        try:
            async with (
                asyncio.timeout(within_s) as deadline,
                pool.stream(
                    method, url, headers=sent, content=body or None, extensions={"timeout": timeout}
                ) as answer,
            ):
                if not whole:
                    deadline.reschedule(None)  # the beginning of a body has a deadline of its own
                read = await (self._whole(answer) if whole else self._beginning(answer))
                return Answer(answer.status, _names(answer.headers), read)
        except TimeoutError as error:
            raise NotAnswered(Why.LATE, f"no answer within {within_s:g} s") from error
        except httpcore.ConnectTimeout as error:
            raise NotAnswered(Why.LATE, "no connection in time") from error
        except httpcore.TimeoutException as error:
            raise NotAnswered(Why.LATE, "no answer in time") from error
        except _FAILURES as error:
            raise NotAnswered(Why.UNREACHABLE, _line(error)) from error

    async def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()

    async def _beginning(self, answer: httpcore.Response) -> bytes:
        """The first bytes of a body; the rest is not read, and a body that stops coming is taken as it is."""
        body = bytearray()
        with contextlib.suppress(TimeoutError, NotAnswered, *_FAILURES):
            async with asyncio.timeout(BODY_S):
                async for piece in answer.aiter_stream():
                    body += piece
                    if len(body) >= self._most_bytes:
                        break
        return bytes(body[: self._most_bytes])

    async def _whole(self, answer: httpcore.Response) -> bytes:
        body = bytearray()
        async for piece in answer.aiter_stream():
            body += piece
            if len(body) > self._most_bytes:
                raise NotAnswered(Why.TOO_LARGE, f"the answer is larger than {self._most_bytes} bytes")
        return bytes(body)


class _Guard(httpcore.AsyncNetworkBackend):
    """Connects to addresses that may be connected to, and to nothing else."""

    def __init__(self, networks: Sequence[Network], resolve: Resolve, most_bytes: int, *, tls: bool) -> None:
        self._networks, self._resolve, self._most_bytes, self._tls = networks, resolve, most_bytes, tls
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check, and connect to the first checked address that answers."""
        failed: Exception | None = None
        for address in (await self._checked(host, port))[:_TRIED]:
            try:
                stream = await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Bounded(stream, self._most_bytes)
        assert failed is not None
        raise failed

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name does not resolve") from error
        if not found:
            raise httpcore.ConnectError("the name has no address")
        for address in map(ipaddress.ip_address, found):
            allowed, public = is_among(address, self._networks), is_public(address)
            if not (allowed or public):
                raise NotAnswered(Why.FORBIDDEN, "the host is at a private or local address")
            if not (allowed or self._tls):
                raise NotAnswered(
                    Why.PLAIN, "only addresses of the allowed networks may be asked without TLS"
                )
        return found


class _Bounded(httpcore.AsyncNetworkStream):
    """A connection on which no answer may be longer than a number of bytes, whatever it consists of."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, most_bytes: int) -> None:
        self._inner, self._most_bytes, self._read = inner, most_bytes, 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read a piece of an answer."""
        if self._read > self._most_bytes:
            raise NotAnswered(Why.TOO_LARGE, "the answer is too large")
        piece = await self._inner.read(min(max_bytes, PIECE_BYTES), timeout)
        self._read += len(piece)
        return piece

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write a piece of a request: what is read from here on is its answer."""
        self._read = 0
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Begin TLS."""
        try:
            inner = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except asyncio.CancelledError:  # the time is over in mid-handshake: nobody else closes the connection
            await self._inner.aclose()
            raise
        return _Bounded(inner, self._most_bytes)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._inner.get_extra_info(info)


def _names(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _line(error: BaseException) -> str:
    """The reason in one line, without the address."""
    cause = str(error).splitlines()
    return (cause[0] if cause else type(error).__name__)[:200]
