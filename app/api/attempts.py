"""Log-in attempts: so many wrong ones for a name, so many from an address, so many checked at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.api.problems import Problem
from app.clock import utc_now

PER_NAME = RateLimitItemPerMinute(10, 5)
"""Wrong passwords for one name."""
PER_ADDRESS = RateLimitItemPerMinute(50, 5)
"""Wrong log-ins from one address: a whole centre may share one."""
_AT_ONCE = 4
_WINDOW_S = 300


class Attempts:
    """Counts wrong log-ins.

    Only so many passwords are checked at a time: each is work, and no more than those can slip past a limit.
    """

    def __init__(self, per_name: RateLimitItem = PER_NAME, per_address: RateLimitItem = PER_ADDRESS) -> None:
        self._per_name, self._per_address = per_name, per_address
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._turn = asyncio.Semaphore(_AT_ONCE)

    @asynccontextmanager
    async def turn(self, username: str, address: str) -> AsyncIterator[None]:
        """Wait for a turn to check a password.

        Raises:
            Problem: 429 with Retry-After.
        """
        async with self._turn:
            for item, who in self._limits(username, address):
                if not self._limiter.test(item, who):
                    raise Problem(
                        429,
                        "too many wrong log-ins; wait a while",
                        {"Retry-After": str(self._wait_s(item, who))},
                    )
            yield

    def wrong(self, username: str, address: str) -> None:
        """A password was wrong."""
        for item, who in self._limits(username, address):
            self._limiter.hit(item, who)

    def right(self, username: str) -> None:
        """A user came in: earlier slips of the finger are forgiven."""
        self._limiter.clear(self._per_name, f"name:{username.casefold()}")

    def _limits(self, username: str, address: str) -> tuple[tuple[RateLimitItem, str], ...]:
        return (
            (self._per_name, f"name:{username.casefold()}"),
            (self._per_address, f"address:{address}"),
        )

    def _wait_s(self, item: RateLimitItem, who: str) -> int:
        from_now_s = self._limiter.get_window_stats(item, who).reset_time - _epoch_s()
        return min(_WINDOW_S, max(1, ceil(from_now_s)))


def _epoch_s() -> float:
    return utc_now().timestamp()
