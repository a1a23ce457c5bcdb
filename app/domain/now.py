"""One moment, on the clock that only goes forward and on the wall."""

from datetime import datetime
from typing import NamedTuple


class Now(NamedTuple):
    """One moment on both clocks."""

    mono_s: float
    wall: datetime
