"""One reader of the hub: the user, what the user may see, and the messages not sent yet."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.domain.ids import OperatorId
from app.live.messages import SLOW_READER, Change
from app.live.nameless import nameless

_NOBODY: frozenset[OperatorId] = frozenset()


class Viewer(NamedTuple):
    """The user behind a session, and what the user may see."""

    user: int
    login: str
    """The log-in or the program's token: its sessions end together."""
    operator: OperatorId | None
    sees_floor: bool
    """Supervisors and administrators see all; others their own calls and their queues' numbers."""
    expires: datetime | None = None
    address: str = ""
    """The address it connects from, as `SessionLimits` counts it."""
    changes: frozenset[str] = frozenset()
    """The subjects whose changes the reader asked for and may read."""
    sees_contacts: bool = True
    """The names of contacts are shown."""


class Told(NamedTuple):
    """One message and its audience."""

    message: Change
    to_floor: bool = True
    everyone: bool = False
    operators: frozenset[OperatorId] = _NOBODY
    at: datetime | None = None
    """When it happened; None: at the time of the floor's last outcome."""
    change: str = ""
    """The subject whose change it tells, to readers who asked for that; empty: it tells of the floor."""


class Due(NamedTuple):
    """A numbered message, serialized once, with its audience."""

    number: int
    rest: str
    """Its JSON without the opening brace, `number` and `prev`: `prev` differs by reader."""
    to_floor: bool
    everyone: bool
    operators: frozenset[OperatorId]
    change: str

    def is_for(self, viewer: Viewer) -> bool:
        """Whether the message is due to this viewer."""
        if self.change:
            return self.change in viewer.changes
        if viewer.sees_floor:
            return self.to_floor
        return self.everyone or viewer.operator in self.operators


@dataclass(slots=True, eq=False)
class Session:
    """The queue of frames between the hub and one socket.

    The hub only appends; the socket's writer takes. When `limit` frames are waiting, the reader is cut off
    rather than waited for.
    """

    viewer: Viewer
    limit: int
    last: int = 0
    """Number of the last message that was due to the viewer."""
    frames: deque[str] = field(default_factory=deque)
    code: int = 0
    """Close code, once the session is over."""
    awake: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, due: Due) -> None:
        """Put a message into the outgoing queue; never waits."""
        if self.code:
            return
        if len(self.frames) >= self.limit:
            self.cut(SLOW_READER)
            return
        rest = due.rest if self.viewer.sees_contacts else nameless(due.rest)
        self.frames.append(f'{{"number":{due.number},"prev":{self.last},{rest}')
        self.last = due.number
        self.awake.set()

    def cut(self, code: int) -> None:
        """End the session with a close code; the first code stays. On resuming, the reader gets the unsent messages."""
        self.code = self.code or code
        self.awake.set()
