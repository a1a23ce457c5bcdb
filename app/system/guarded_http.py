"""HTTP requests to addresses that people typed: bounded in time and size, and never to this machine or its network.

A name is resolved once, each of its addresses is checked, and the connection goes to an address that was checked. The
URL's host remains the name for `Host` and for TLS, so a name that resolves to something else a moment later (DNS
rebinding) changes nothing. Redirects are not followed; proxies of the environment are not used.
"""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from app.system.networks import Network, is_web_address

if TYPE_CHECKING:
    from app.system.guarded_transport import Transport

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Finds the addresses of a host, for a port.

Raises:
    OSError, UnicodeError: it has none.
"""


class Why(StrEnum):
    """Why a request had no answer."""

    URL = "url"
    """The address is none of `http` or `https`."""
    FORBIDDEN = "forbidden"
    """The host is, or resolves to, an address inside."""
    PLAIN = "plain"
    """The host is outside, and would be asked without TLS."""
    UNREACHABLE = "unreachable"
    LATE = "late"
    TOO_LARGE = "too_large"


class NotAnswered(Exception):  # noqa: N818 - it reads as what it says
    """No answer came, or none that fits; the text says why in one line, without the address."""

    def __init__(self, why: Why, text: str) -> None:
        super().__init__(text)
        self.why = why


class Answer(NamedTuple):
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name; of a name that came twice, the last."""
    body: bytes


class GuardedHttp:
    """Asks programs outside; `close` it. What it needs is loaded when it asks for the first time.

    Args:
        most_bytes: bytes of an answer's body that are read.
        networks: private networks that may be asked all the same; only these may be asked without TLS.
        connections: the most connections at one time.
        context: of TLS; None: certificates of the known authorities are trusted.
        resolve: finds the addresses of a host; None: the system's resolver, in threads of its own.
    """

    def __init__(
        self,
        most_bytes: int,
        networks: Sequence[Network] = (),
        *,
        connections: int = 100,
        context: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._most_bytes, self._connections = most_bytes, connections
        self.networks = tuple(networks)
        self._context, self._resolve = context, resolve
        self._transport: Transport | None = None
        self._loading = threading.Lock()

    async def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        within_s: float,
        whole: bool = False,
    ) -> Answer:
        """Ask once.

        Args:
            method: of HTTP.
            url: with `https`, or `http` for the allowed networks.
            headers: beside `Host` and `Content-Length`.
            body: of the request.
            within_s: seconds until the answer's headers are there; with `whole`, its body, too.
            whole: the answer must be complete. Otherwise the beginning of its body is enough.

        Raises:
            NotAnswered: no answer came, or it is larger than `most_bytes` and wanted whole.
        """
        if not is_web_address(url):
            raise NotAnswered(Why.URL, "the address is none of http or https")
        transport = self._transport
        if transport is None:
            transport = await asyncio.to_thread(self._load)
        return await transport.ask(method, url, headers, body, within_s=within_s, whole=whole)

    async def close(self) -> None:
        """Close all connections."""
        if self._transport is not None:
            await self._transport.close()

    def _load(self) -> "Transport":
        """Load the code of HTTP and all authorities, which reads files: not on the event loop."""
        from app.system.guarded_transport import Transport  # noqa: PLC0415 - slow to load, and few centres need it

        with self._loading:
            if self._transport is None:
                self._transport = Transport(
                    self._most_bytes,
                    self.networks,
                    connections=self._connections,
                    context=self._context,
                    resolve=self._resolve,
                )
            return self._transport
