"""The layer around every request: it bounds the body, adds protecting headers and answers each failure.

Each request has an id. The answer carries it as `X-Request-Id`, and the log names it with each failure.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import BodyOfTooManyParts, BodyTooLarge
from app.api.problems import SAFE_METHODS, failure, refused

ANSWER_S: Final = 10.0
"""Seconds until an answer has to begin; only a database that hangs takes as long."""
LARGE_ANSWER_S: Final = 60.0
"""The same where a large body is put: each of its thousands of entries is judged."""
BODY_LIMIT: Final = 256 * 1024
"""Bytes; the largest request is a contact with a long note."""
PARTS_MOST: Final = 40_000
"""Brackets, braces and commas in a body, its texts' included; 2,000 tariffs or 500 leads with 50 columns have fewer.

Each is about one value, and reading a value costs up to 0.3 microseconds, on the event loop."""

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_REFERENCE_POLICY: Final = _PAGE_POLICY.replace("img-src 'self'", "img-src 'self' data:")
"""Swagger UI's style sheet embeds its pictures as `data:` addresses."""
_DESKTOP_POLICY: Final = _PAGE_POLICY.replace(
    "style-src 'self'", "style-src 'self' 'nonce-{nonce}'; font-src 'self'; media-src 'self'"
).replace("connect-src 'self'", "connect-src 'self' {phones}")
"""The desktop makes style sheets as it runs; they carry the nonce of the page. Its phone speaks with the PBX."""
_DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"


_ASSETS: Final = "/desk/assets/"
"""Files whose names have their hashes in them: what a name stands for never changes."""
_FOUND: Final = frozenset({200, 206, 304})


def _policy_of(path: str, nonce: str, phones: str) -> str:
    """The content security policy of a path; an answer that is no page may load nothing."""
    if nonce:
        return _DESKTOP_POLICY.format(nonce=nonce, phones=phones)
    return _REFERENCE_POLICY if path == "/reference" or path.startswith("/reference/") else _DATA_POLICY


class _BodyTooLarge(Exception):  # noqa: N818 - never leaves this module
    pass


class _TooManyParts(Exception):  # noqa: N818 - never leaves this module
    pass


class Guards:
    """An ASGI layer that bounds bodies, adds protecting headers and answers failures."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        https: bool,
        uploads: Mapping[str, int],
        large: Mapping[str, int] | None = None,
        phones: str = "",
    ) -> None:
        """Guard an application.

        Args:
            app: the application.
            https: browsers use HTTPS, whatever the scheme of a request.
            uploads: the most bytes of an upload, by a regular expression for its whole path.
            large: the most bytes of a body that is put whole, by its path, and that the route reads on a thread.
            phones: the origin of the websocket that the desktop's phone speaks with; empty: it has none.
        """
        self._phones = phones
        self._app = app
        self._uploads = [(re.compile(path), most) for path, most in uploads.items()]
        self._large = large or {}
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        request_id = scope.setdefault("state", {})["request_id"] = str(uuid4())
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                https = self._https or scope["scheme"] == "https"
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                self._protect(scope, message["status"], headers, https=https)
            await send(message)

        large = self._large.get(scope["path"]) if scope["method"] == "PUT" else None
        limit = large or self._limit(scope["method"], scope["path"])
        upload = large is None and limit != BODY_LIMIT
        try:
            parts = PARTS_MOST if large is None else large
            bounded = await _bound(scope, receive, limit, parts, whole=not upload)
        except _BodyTooLarge:
            await refused(BodyTooLarge(most_bytes=limit))(scope, receive, guarded)
            return
        except _TooManyParts:
            await refused(BodyOfTooManyParts(most=PARTS_MOST))(scope, receive, guarded)
            return
        try:
            within_s = ANSWER_S if large is None else LARGE_ANSWER_S
            await self._begin_in_time(scope, bounded, guarded, within_s, upload=upload)
        except ClientDisconnect:
            structlog.get_logger(__name__).debug("upload_broken_off", path=scope["path"])
        except Exception as error:
            answer = failure(error, scope["path"], request_id)
            if started:
                raise
            await answer(scope, receive, guarded)

    async def _begin_in_time(
        self, scope: Scope, receive: Receive, send: Send, within_s: float, *, upload: bool
    ) -> None:
        async with asyncio.timeout(within_s) as deadline:

            async def piece() -> Message:
                """Stop the deadline while the next piece of a file is awaited: its sender may be slow."""
                deadline.reschedule(None)
                message = await receive()
                deadline.reschedule(asyncio.get_running_loop().time() + within_s)
                return message

            async def in_time(message: Message) -> None:
                if message["type"] == "http.response.start":
                    deadline.reschedule(None)
                await send(message)

            await self._app(scope, piece if upload else receive, in_time)

    def _limit(self, method: str, path: str) -> int:
        if method != "POST":
            return BODY_LIMIT
        return next((most for like, most in self._uploads if like.fullmatch(path)), BODY_LIMIT)

    def _protect(self, scope: Scope, status: int, headers: MutableHeaders, *, https: bool) -> None:
        for name, value in _ALWAYS.items():
            headers[name] = value
        policy = _policy_of(scope["path"], scope["state"].get("nonce", ""), self._phones)
        headers["Content-Security-Policy"] = policy
        if scope["path"].startswith(_ASSETS) and status in _FOUND:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            headers.setdefault("Cache-Control", "no-store" if policy is _DATA_POLICY else "no-cache")
        if https:
            headers["Strict-Transport-Security"] = "max-age=31536000"


async def _bound(scope: Scope, receive: Receive, limit: int, parts: int, *, whole: bool) -> Receive:
    """Take a body into memory if `whole`, and hold it to its bounds; the route that takes a file counts its bytes."""
    headers = Headers(scope=scope)
    length = headers.get("content-length")
    if length is not None and (not length.isascii() or not length.isdigit() or int(length) > limit):
        raise _BodyTooLarge
    has_body = length is not None or "transfer-encoding" in headers
    if not (whole and has_body) or scope["method"] in SAFE_METHODS:
        return receive
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return _replay(message, receive)
        body += message.get("body", b"")
        if len(body) > limit:
            raise _BodyTooLarge
        if not message.get("more_body", False):
            if sum(map(body.count, b"[{,")) > parts:
                raise _TooManyParts
            return _replay({"type": "http.request", "body": bytes(body), "more_body": False}, receive)


def _replay(first: Message, receive: Receive) -> Receive:
    kept: list[Message] = [first]

    async def again() -> Message:
        return kept.pop() if kept else await receive()

    return again
