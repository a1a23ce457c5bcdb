"""The stream of events over HTTP, after the standard of server-sent events (SSE).

Each reader reads the database by itself, from its own position; the follower only wakes readers. So no queue can
overflow, a slow reader holds up nobody, and a reader that comes back gets what it has missed. Before each batch the
log-in is looked at again: whoever may read no more is cut off.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final, NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.crm.audit.errors import TooManyStreams
from app.crm.audit.messages import encoded, message_of
from app.domain.errors import Refusal
from app.events.kinds import Kinds
from app.events.queries import END, Position, end_of_stream, events_after, place_of_event, position_of
from app.live.places import Places, SessionLimits, TooManySessions
from app.live.session import Viewer
from app.records.engine import reading
from app.records.event_table import EventRow
from app.system.faults import report

MEDIA_TYPE: Final = "text/event-stream"
BEAT_S: Final = 15.0
"""Seconds of silence after which a comment is sent: proxies cut lines that are silent."""
DRAIN_S: Final = 10.0
"""Seconds that a reader may take to make room for the next batch."""
RETRY_MS: Final = 3000
"""A reader that was cut off comes back after this time."""
BATCH: Final = 100
_log = structlog.get_logger(__name__)
READERS: Final = SessionLimits(total=100, per_user=5, per_address=100)


class Wanted(NamedTuple):
    """What a reader asks for."""

    kinds: Kinds
    values: bool
    follow: bool
    """Go on with new events; otherwise the answer ends with the last one there is."""


class EventStreams:
    """The readers of the stream; `hear` with the stream of events.

    Args:
        engine: the database.
        limits: how many readers there may be.
    """

    def __init__(self, engine: AsyncEngine, limits: SessionLimits = READERS) -> None:
        self.engine, self._limits, self._places = engine, limits, Places(limits)
        self._readers: set[asyncio.Event] = set()
        self.closed = False

    @property
    def readers(self) -> int:
        """How many readers there are."""
        return len(self._readers)

    def hear(self, events: Sequence[EventRow]) -> None:  # noqa: ARG002 - each reads them by itself
        """Wake all readers."""
        for reader in self._readers:
            reader.set()

    def close(self) -> None:
        """Send all readers away: the service ends."""
        self.closed = True
        self.hear(())

    @contextmanager
    def reader(self, viewer: Viewer) -> Iterator[asyncio.Event]:
        """A place for a reader; gives the event that wakes it.

        Raises:
            TooManyStreams: there is no place.
        """
        try:
            self._places.take(viewer)
        except TooManySessions:
            raise TooManyStreams(of_user=self._limits.per_user) from None
        awake = asyncio.Event()
        self._readers.add(awake)
        try:
            yield awake
        finally:
            self._readers.discard(awake)
            self._places.leave(viewer)


async def begin(engine: AsyncEngine, after: int | None) -> Position:
    """The position behind an event, by its number; at the end of the stream where there is no number."""
    async with reading(engine) as session:
        return await end_of_stream(session) if after is None else await place_of_event(session, after)


class StreamResponse(Response):
    """An answer that goes on for as long as its reader listens.

    Args:
        streams: where the reader takes its place.
        viewer: who reads.
        wanted: what is told.
        position: behind the last event that the reader has.
        allowed: raises a refusal once the user may not read any more.
    """

    media_type = MEDIA_TYPE

    def __init__(
        self,
        streams: EventStreams,
        viewer: Viewer,
        wanted: Wanted,
        position: Position,
        allowed: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._streams, self._viewer, self._wanted = streams, viewer, wanted
        self._position, self._allowed = position, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Serve the reader until it goes, may read no more, or takes nothing."""
        with self._streams.reader(self._viewer) as awake:
            start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            await send(start)
            async with asyncio.TaskGroup() as group:
                gone = group.create_task(_gone(receive, awake))
                await self._tell(send, awake, gone)
                gone.cancel()

    async def _tell(self, send: Send, awake: asyncio.Event, gone: asyncio.Task[None]) -> None:
        text = f"retry: {RETRY_MS}\n\n"
        try:
            while not gone.done() and not self._streams.closed:
                awake.clear()
                news, more = await self._next()
                if text or news:
                    await _send(send, text + news)
                    text = ""
                if more:
                    continue
                if not self._wanted.follow:
                    break
                if not await _woken(awake, BEAT_S):
                    await self._allowed()
                    text = self._beat()
        except TimeoutError:
            return  # the reader takes nothing; the server ends the connection
        except Refusal:
            _log.info("events_reader_may_read_no_more", user=self._viewer.user)
        except Exception as error:  # noqa: BLE001 - the reader comes back by itself, and goes on where it was
            report(_log, "events_not_streamed", error, part="events")
        with suppress(TimeoutError):
            await _send(send, "", more=False)

    def _beat(self) -> str:
        """A comment, with the number of the last event that was looked at."""
        number = "" if self._position.id >= END else f"id: {self._position.id}\n"
        return f": beat\n{number}\n"

    async def _next(self) -> tuple[str, bool]:
        """The next events as text, and whether there may be more at once."""
        async with reading(self._streams.engine) as session:
            events = await events_after(session, self._position, BATCH)
        if not events:
            return "", False
        await self._allowed()
        self._position = position_of(events[-1])
        wanted = [one for one in events if self._wanted.kinds.has(one.subject, one.kind)]
        return "".join(frame(one, values=self._wanted.values) for one in wanted), len(events) == BATCH


def frame(event: EventRow, *, values: bool) -> str:
    """One event as the standard has it."""
    return f"id: {event.id}\nevent: {event.kind}\ndata: {encoded(message_of(event, values=values))}\n\n"


async def _send(send: Send, text: str, *, more: bool = True) -> None:
    async with asyncio.timeout(DRAIN_S):
        await send({"type": "http.response.body", "body": text.encode(), "more_body": more})


async def _woken(awake: asyncio.Event, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            await awake.wait()
    except TimeoutError:
        return False
    return True


async def _gone(receive: Receive, awake: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    awake.set()
