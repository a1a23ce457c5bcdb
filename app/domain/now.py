"""One moment, on the monotonic clock and on the wall clock."""

from datetime import datetime, timedelta
from typing import NamedTuple


class Now(NamedTuple):
    """One moment on both clocks."""

    mono_s: float
    wall: datetime

    def wall_of(self, moment: "Now") -> datetime:
        """Another moment by the wall clock as it stood at this one: setting the clock between them distorts nothing."""
        return self.wall + timedelta(seconds=moment.mono_s - self.mono_s)
