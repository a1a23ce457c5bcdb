"""One moment, on the monotonic clock and on the wall clock."""

from datetime import datetime
from typing import NamedTuple


class Now(NamedTuple):
    """One moment on both clocks."""

    mono_s: float
    wall: datetime
