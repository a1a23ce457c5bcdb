"""The one place that reads the clock.

Durations come from `monotonic()`, which no administrator can set back; records carry `utc_now()`.
"""

import time
from datetime import UTC, datetime

from app.domain.now import Now


def monotonic() -> float:
    """Seconds on a clock that only goes forward; its zero has no meaning."""
    return time.monotonic()  # noqa: TID251 - the place the ban points to


def utc_now() -> datetime:
    """The wall clock, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the place the ban points to


def now() -> Now:
    """Both clocks, read together."""
    return Now(monotonic(), utc_now())


def thread_cpu() -> float:
    """Seconds of processor time that the calling thread has used."""
    return time.thread_time()
