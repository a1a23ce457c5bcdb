"""One reader of the hub: who it is, what it may see, and what it has not been sent yet."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.domain.ids import OperatorId
from app.live.messages import SLOW_READER, Change

_NOBODY: frozenset[OperatorId] = frozenset()


class Viewer(NamedTuple):
    """Whose eyes a session has."""

    user: int
    login: str
    """What ends together: one log-in, or one program's token."""
    operator: OperatorId | None
    sees_floor: bool
    """Supervisors and administrators see all; others their own calls and their queues' numbers."""
    expires: datetime | None = None
    address: str = ""
    """Where it comes from, as limits count."""
    changes: frozenset[str] = frozenset()
    """The subjects whose changes it asked for and may read."""


class Told(NamedTuple):
    """One message and its audience."""

    message: Change
    to_floor: bool = True
    everyone: bool = False
    operators: frozenset[OperatorId] = _NOBODY
    at: datetime | None = None
    """When it happened; None: with what was last heard of the floor."""
    change: str = ""
    """Of which subject it tells a change; then it is for those who asked for them."""


class Due(NamedTuple):
    """A numbered message, serialized once, with those who are due it."""

    number: int
    rest: str
    """Its JSON without the opening brace, `number` and `prev`, which differs by reader."""
    to_floor: bool
    everyone: bool
    operators: frozenset[OperatorId]
    change: str

    def is_for(self, viewer: Viewer) -> bool:
        """Whether this viewer is due it."""
        if self.change:
            return self.change in viewer.changes
        if viewer.sees_floor:
            return self.to_floor
        return self.everyone or viewer.operator in self.operators


@dataclass(slots=True, eq=False)
class Session:
    """What stands between the hub and one socket.

    The hub only appends; the socket's writer takes. When `limit` frames are waiting, the reader is cut off
    rather than waited for.
    """

    viewer: Viewer
    limit: int
    last: int = 0
    """Number of the last message the viewer was due."""
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
        self.frames.append(f'{{"number":{due.number},"prev":{self.last},{due.rest}')
        self.last = due.number
        self.awake.set()

    def cut(self, code: int) -> None:
        """End the session; what it has not been sent, it gets on resuming. The first code stays."""
        self.code = self.code or code
        self.awake.set()
