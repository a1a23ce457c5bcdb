"""Headers of trusted proxies: address, scheme and host of a request become what the client used.

These headers are ignored from anybody else: whoever may write `X-Forwarded-For` could pose as a new client with each
guess at a password.
"""

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.serving.addresses import Proxies

_HOST: Final = re.compile(r"[A-Za-z0-9.\-\[\]:]{1,255}")
_SECURE: Final = {"http": "https", "ws": "wss"}


class Forwarded:
    """An ASGI layer that applies the headers of trusted proxies."""

    def __init__(self, app: ASGIApp, *, proxies: Proxies) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] in {"http", "websocket"}:
            client = scope.get("client")
            if client is not None and client[0] in self._proxies:
                scope = self._as_the_client_sent_it(scope, client[0])
        await self._app(scope, receive, send)

    def _as_the_client_sent_it(self, scope: Scope, peer: str) -> Scope:
        headers = Headers(scope=scope)
        known = dict(scope)
        known["client"] = (self._proxies.client_of(peer, headers.getlist("x-forwarded-for")), 0)
        if _last(headers.getlist("x-forwarded-proto")).lower() in {"https", "wss"}:
            known["scheme"] = _SECURE.get(scope["scheme"], scope["scheme"])
        host = _last(headers.getlist("x-forwarded-host"))
        if _HOST.fullmatch(host):
            others = [pair for pair in scope["headers"] if pair[0] != b"host"]
            known["headers"] = [*others, (b"host", host.encode())]
        return known


def _last(values: list[str]) -> str:
    """The value that the nearest proxy added; empty for none."""
    return values[-1].rpartition(",")[2].strip() if values else ""
