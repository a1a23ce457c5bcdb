"""Files that people take away: a few at one time, and each reader has to take its file in good time.

A place is taken before the answer begins, so that whoever gets none is told by a refusal and not by a file that breaks
off. It is free again once the file is given, or its reader is gone or too slow.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import structlog
from fastapi.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from app.api.errors import TooManyExports, TooManyRequests
from app.api.files import Download
from app.system.clock import monotonic

MOST: Final = 10
"""The most files that are made or given at one time."""
OF_USER: Final = 2
"""The most of them for one user."""
PATIENCE_S: Final = 20.0
"""Seconds for which the service waits for a reader in all, beside a second for each `RATE` bytes that it has taken."""
RATE: Final = 64 * 1024
"""Bytes a second that a reader takes, on average."""
EXPORTS: Final = (TooManyExports, TooManyRequests)
"""The refusals of every operation that answers with such a file."""
_REFUSED: Final = 400
_log = structlog.get_logger(__name__)


class Place:
    """One of the files under way; `leave` may be called again."""

    def __init__(self, user: int, users: Counter[int]) -> None:
        self._user, self._users, self._left = user, users, False
        self.kept = False
        """An answer has taken it over, and leaves it."""

    def leave(self) -> None:
        """Make room for another file."""
        if not self._left:
            self._left = True
            self._users[self._user] -= 1
            if not self._users[self._user]:
                del self._users[self._user]


class ExportPlaces:
    """The files under way, of all kinds."""

    def __init__(self, most: int = MOST, of_user: int = OF_USER) -> None:
        self._most, self._of_user = most, of_user
        self._users: Counter[int] = Counter()

    @property
    def taken(self) -> int:
        """How many files are under way."""
        return self._users.total()

    @contextmanager
    def begin(self, user: int) -> Iterator[Place]:
        """A place, which is left unless an answer takes it over.

        Args:
            user: whose file it is.

        Raises:
            TooManyRequests: the user has as many files under way as one may.
            TooManyExports: all places are taken.
        """
        if self._users[user] >= self._of_user:
            raise TooManyRequests(requests=self._of_user)
        if self.taken >= self._most:
            raise TooManyExports(most=self._most, retry_after_s=5)
        self._users[user] += 1
        place = Place(user, self._users)
        try:
            yield place
        finally:
            if not place.kept:
                place.leave()


class _TooSlow(Exception):  # noqa: N818 - never leaves this module
    pass


class _Paced:
    """Sends a file, and gives up when its reader is too slow."""

    def __init__(self, send: Send) -> None:
        self._send, self._waited_s, self._taken = send, 0.0, 0
        self._refused = False
        self.given = False
        """All of it was sent."""

    async def __call__(self, message: Message) -> None:
        """Send a piece.

        Raises:
            _TooSlow: the reader is.
        """
        begun_s = monotonic()
        try:
            async with asyncio.timeout(PATIENCE_S + self._taken / RATE - self._waited_s):
                await self._send(message)
        except TimeoutError:
            raise _TooSlow from None
        self._waited_s += monotonic() - begun_s
        if message["type"] == "http.response.start":
            self._refused = message["status"] >= _REFUSED
            return
        self._taken += len(message.get("body", b""))
        self.given = not self._refused and not message.get("more_body", False)


class ExportStream(StreamingResponse):
    """A file that is sent as it is made.

    Args:
        pieces: of the file.
        place: which it takes over.
    """

    def __init__(
        self,
        pieces: AsyncGenerator[bytes] | AsyncGenerator[str],
        place: Place,
        *,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(pieces, media_type=media_type, headers=headers)
        self._pieces, self._place = pieces, place
        place.kept = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file; break off where its reader is too slow."""
        try:
            async with aclosing(self._pieces):
                await super().__call__(scope, receive, _Paced(send))
        except _TooSlow:
            _log.info("export_reader_too_slow", path=scope["path"])
        finally:
            self._place.leave()


class ExportFile(Download):
    """A file that was made before it is sent.

    Args:
        path: where it is.
        place: which it takes over.
        keep: whether the file is there for others, too; otherwise it is deleted.
        given: called once all that was asked for has been sent.
    """

    def __init__(
        self,
        path: Path,
        place: Place,
        *,
        keep: bool = False,
        given: Callable[[], Awaitable[None]] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(path, **settings)
        self._path, self._place, self._keep, self._given = path, place, keep, given
        place.kept = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file; break off where its reader is too slow."""
        paced = _Paced(send)
        try:
            await super().__call__(scope, receive, paced)
            if paced.given and self._given is not None:
                await self._given()
        except _TooSlow:
            _log.info("export_reader_too_slow", path=scope["path"])
        finally:
            self._place.leave()
            if not self._keep:
                with suppress(OSError):
                    self._path.unlink(missing_ok=True)
