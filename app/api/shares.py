"""Each user's share of the service: a few requests at one time, the user's others wait for them.

All requests share the database's connections and one processor. Without shares, a program with forty connections that
asks for something slow would let everybody else wait for all forty.
"""

import asyncio
import re
from collections.abc import Hashable, Iterable
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.errors import TooManyRequests
from app.api.problems import refused
from app.api.security import whose

AT_ONCE: Final = 4
"""Requests of one user that are served at one time; the database has 15 connections."""
WAITING_MOST: Final = 200
"""Further requests of one user that may wait for their turn."""
PATIENCE_S: Final = 9.0
"""Seconds for which one waits; an answer has to begin within ten in any case."""
_KEPT: Final = 1000


class Share:
    """A request that is served; `leave` may be called again."""

    def __init__(self, line: "_Line") -> None:
        self._line: _Line | None = line

    def leave(self) -> None:
        """Let the user's next request begin."""
        if self._line is not None:
            self._line.places.release()
            self._line.requests -= 1
            self._line = None


class _Line:
    def __init__(self, most: int) -> None:
        self.places = asyncio.Semaphore(most)
        self.requests = 0
        """Those that are served, and those that wait."""


class Shares:
    """The requests of all users.

    Args:
        at_once: of one user.
        waiting: the most others of the same user.
    """

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING_MOST) -> None:
        self._at_once, self._waiting = at_once, waiting
        self._lines: dict[Hashable, _Line] = {}

    async def take(self, who: Hashable) -> Share:
        """Wait for the user's turn; first come, first served.

        Raises:
            TooManyRequests: too many wait, or the turn has not come in `PATIENCE_S`.
        """
        line = self._lines.get(who)
        if line is None:
            self._tidy()
            line = self._lines[who] = _Line(self._at_once)
        if line.requests >= self._at_once + self._waiting:
            raise TooManyRequests(requests=self._at_once)
        line.requests += 1
        try:
            async with asyncio.timeout(PATIENCE_S):
                await line.places.acquire()
        except TimeoutError:
            line.requests -= 1
            raise TooManyRequests(requests=self._at_once) from None
        except BaseException:
            line.requests -= 1
            raise
        return Share(line)

    def _tidy(self) -> None:
        """Forget users who ask nothing now, once there are many."""
        if len(self._lines) >= _KEPT:
            self._lines = {who: line for who, line in self._lines.items() if line.requests}


class FairShares:
    """An ASGI layer in which each user's requests wait for their share; a share is left when the answer begins.

    Args:
        app: the application.
        uploads: regular expressions for whole paths to which files are sent: senders are slow, and wait for nobody.
    """

    def __init__(self, app: ASGIApp, *, uploads: Iterable[str]) -> None:
        self._app, self._shares = app, Shares()
        self._uploads = [re.compile(path) for path in uploads]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        upload = scope["type"] == "http" and any(like.fullmatch(scope["path"]) for like in self._uploads)
        who = "" if scope["type"] != "http" or upload else whose(HTTPConnection(scope))
        if not who:
            await self._app(scope, receive, send)
            return
        try:
            share = await self._shares.take(who)
        except TooManyRequests as refusal:
            await refused(refusal)(scope, receive, send)
            return

        async def begun(message: Message) -> None:
            share.leave()  # what follows is the reader's time
            await send(message)

        try:
            await self._app(scope, receive, begun)
        finally:
            share.leave()
