"""When log-ins were used last: noted in memory, and written every few seconds.

Whoever asks does not wait for those who write: on SQLite, every transaction that writes has to wait for its turn.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import queries
from app.accounts.service import SEEN_AGAIN, LoggedIn
from app.records.engine import writing


class LastSeen:
    """The uses of log-ins that are still to be written."""

    def __init__(self) -> None:
        self._seen: dict[int, datetime] = {}

    def note(self, who: LoggedIn, at: datetime) -> None:
        """Note that a log-in is used, at most once in `SEEN_AGAIN`."""
        if who.session.id is not None and at - who.session.last_seen_at >= SEEN_AGAIN:
            self._seen[who.session.id] = at

    async def write(self, engine: AsyncEngine) -> None:
        """Write what was noted. What cannot be written is forgotten: the next use is noted again."""
        seen, self._seen = self._seen, {}
        if seen:
            async with writing(engine) as session:
                await queries.touch_sessions(session, seen)
