"""Leaves a CRM alone that fails: after several failures in a row it is not asked for a while, then once."""

from typing import Final

FAILURES: Final = 5
"""Failures in a row until the CRM is left alone."""
REST_S: Final = 30.0
"""Seconds for which it is left alone."""


class Breaker:
    """Open: the CRM is left alone."""

    def __init__(self) -> None:
        self._failures = 0
        self._open_until_s = 0.0

    def is_open(self, now_s: float) -> bool:
        """Whether the CRM is left alone now; the first question after a rest is let through.

        Args:
            now_s: the monotonic clock.
        """
        if self._failures < FAILURES:
            return False
        if now_s < self._open_until_s:
            return True
        self._open_until_s = now_s + REST_S  # one question tries; the others wait for how that ends
        return False

    def paused(self, now_s: float) -> bool:
        """Whether the CRM is left alone now; asking this changes nothing."""
        return self._failures >= FAILURES and now_s < self._open_until_s

    def note(self, *, failed: bool, now_s: float) -> None:
        """Count how a question ended."""
        self._failures = self._failures + 1 if failed else 0
        if self._failures >= FAILURES:
            self._open_until_s = now_s + REST_S
