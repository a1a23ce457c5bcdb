"""Limits on log-ins: wrong passwords, right passwords, and passwords checked at a time.

A log-in from an unknown place is counted by the user's name and by the address. A log-in from a place where this user
has logged in before is counted there alone, so that wrong passwords from anywhere else lock nobody out.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.accounts.hashing import THREADS
from app.accounts.known_places import Applicant
from app.api.errors import LogInsBusy, TooManyLogIns, TooManyWrongPasswords
from app.system.clock import utc_now

PER_NAME: Final = RateLimitItemPerMinute(10, 5, "name")
"""Wrong passwords for one name, from unknown places."""
PER_PLACE: Final = RateLimitItemPerMinute(10, 5, "known")
"""Wrong passwords for one name, from one known place."""
PER_ADDRESS: Final = RateLimitItemPerMinute(50, 5, "address")
"""Wrong log-ins from one address: a whole centre may share one."""
RIGHT_PER_NAME: Final = RateLimitItemPerMinute(20, 5, "right name")
"""Right passwords for one name: a person logs in a few times a day."""
RIGHT_PER_ADDRESS: Final = RateLimitItemPerMinute(300, 5, "right address")
IN_LINE: Final = 50
"""The most log-ins that may wait at one place."""
WAIT_S: Final = 5.0
"""Seconds that a log-in may wait for its turn at one place."""
_WINDOW_S: Final = 300


@dataclass(slots=True)
class _Line:
    waiting: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class LoginLimits:
    """Counts log-ins.

    Each place has one password checked at a time, and all places together have `THREADS`. So no more than `THREADS`
    can slip past a limit, and one place does not keep the others waiting.
    """

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._turn = asyncio.Semaphore(THREADS)
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def turn(self, who: Applicant) -> AsyncIterator[None]:
        """Wait for a turn to check a password.

        Raises:
            TooManyWrongPasswords, TooManyLogIns: wait as long as they say.
            LogInsBusy: too many log-ins wait.
        """
        self._refuse_if_too_many(who)
        async with self._in_line(who.known if who.known_device else who.place):
            self._refuse_if_too_many(who)
            yield

    def wrong(self, who: Applicant) -> None:
        """Count a wrong password."""
        for item, key in self._wrong(who):
            self._limiter.hit(item, key)

    def right(self, who: Applicant) -> None:
        """Count a log-in, and forget the user's wrong passwords at this place, or at all unknown places."""
        for item, key in self._right(who):
            self._limiter.hit(item, key)
        item, key = self._wrong(who)[0]
        self._limiter.clear(item, key)

    def _refuse_if_too_many(self, who: Applicant) -> None:
        for item, key in self._wrong(who):
            # A user at a known place counts towards the address, but is not refused by it: others share the address.
            if not (who.known and item is PER_ADDRESS) and not self._limiter.test(item, key):
                raise TooManyWrongPasswords(retry_after_s=self._wait_s(item, key))
        for item, key in self._right(who):
            if not self._limiter.test(item, key):
                raise TooManyLogIns(retry_after_s=self._wait_s(item, key))

    @asynccontextmanager
    async def _in_line(self, place: str) -> AsyncIterator[None]:
        line = self._lines.setdefault(place, _Line())
        if line.waiting >= IN_LINE:
            raise LogInsBusy
        line.waiting += 1
        try:
            try:
                async with asyncio.timeout(WAIT_S):
                    await line.turn.acquire()
            except TimeoutError:
                raise LogInsBusy from None
            try:
                async with self._turn:
                    yield
            finally:
                line.turn.release()
        finally:
            line.waiting -= 1
            if not line.waiting:
                self._lines.pop(place, None)

    def _wrong(self, who: Applicant) -> tuple[tuple[RateLimitItem, str], ...]:
        if who.known_device:
            return ((PER_PLACE, f"{who.name} {who.known}"),)
        if who.known:
            return ((PER_PLACE, f"{who.name} {who.known}"), (PER_ADDRESS, who.place))
        return ((PER_NAME, who.name), (PER_ADDRESS, who.place))

    def _right(self, who: Applicant) -> tuple[tuple[RateLimitItem, str], ...]:
        return ((RIGHT_PER_NAME, who.name), (RIGHT_PER_ADDRESS, who.place))

    def _wait_s(self, item: RateLimitItem, key: str) -> int:
        from_now_s = self._limiter.get_window_stats(item, key).reset_time - utc_now().timestamp()
        return min(_WINDOW_S, max(1, ceil(from_now_s)))
