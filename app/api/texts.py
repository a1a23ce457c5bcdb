"""Checks that text can be stored and sent on: PostgreSQL takes no NUL, and half a surrogate pair has no encoding."""

from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.errors import AddressWithNul
from app.api.problems import refused

_NUL = "\0"


def storable(said: object) -> bool:
    """Whether every text in a JSON value can be stored, names of fields included."""
    waiting = [said]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if _NUL in one or not (one.isascii() or _encodes(one)):
                return False
        elif isinstance(one, dict):
            waiting += one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return True


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class StorableAddresses:
    """An ASGI layer that refuses addresses with NUL characters."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and (
            _NUL in scope["path"] or b"\0" in unquote_to_bytes(scope["query_string"])
        ):
            await refused(AddressWithNul())(scope, receive, send)
            return
        await self._app(scope, receive, send)
