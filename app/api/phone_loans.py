"""Which session each page's phone was lent a secret in, and how often.

It is kept in memory: after a restart each page asks anew, and that is noted in the audit log once more.
"""

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
    """The loans that are not over."""

    _session: dict[str, int] = field(default_factory=dict)
    _limiter: MovingWindowRateLimiter = field(
        default_factory=lambda: MovingWindowRateLimiter(MemoryStorage())
    )

    def wait_s(self, name: str, now_s: float) -> int:
        """Count a request for a phone's secret; give the seconds to wait, 0 where it may have one now."""
        if self._limiter.hit(PER_PHONE, name):
            return 0
        return max(1, ceil(self._limiter.get_window_stats(PER_PHONE, name).reset_time - now_s))

    def lent(self, name: str, session: int) -> bool:
        """Note that a phone's secret was lent in this session; give whether the one before was lent in another."""
        before = self._session.get(name)
        self._session[name] = session
        return before != session

    def given_back(self, session: int) -> list[str]:
        """Forget the loans of a session that has ended; give the phones."""
        names = [name for name, one in self._session.items() if one == session]
        for name in names:
            del self._session[name]
        return names
