"""How long a page's phone is lent a secret, and how often."""

from dataclasses import dataclass, field
from math import ceil
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

LASTS_S: Final = 15 * 60
"""Seconds that a lent secret is valid; the page renews it in time."""
PER_PHONE: Final[RateLimitItem] = RateLimitItemPerMinute(60, 1, "phone secret")
"""Secrets of one phone: a page asks with each reload, and every ten minutes."""


@dataclass(slots=True)
class PhoneLoans:
    """How often each phone's secret was asked for lately."""

    _limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    def wait_s(self, name: str, now_s: float) -> int:
        """Count a request for a phone's secret; give the seconds to wait, 0 where it may have one now."""
        if self._limiter.hit(PER_PHONE, name):
            return 0
        return max(1, ceil(self._limiter.get_window_stats(PER_PHONE, name).reset_time - now_s))
