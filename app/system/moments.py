"""The range of moments that the service handles: years far from datetime's limits, in UTC."""

from datetime import UTC, datetime
from typing import Final

from app.system.errors import MomentOutOfRange, MomentUnzoned

YEARS: Final = range(2000, 2200)


def in_range(at: datetime) -> datetime:
    """A moment with a time zone, converted to UTC.

    Raises:
        MomentUnzoned: the moment has no time zone.
        MomentOutOfRange: its year is not in `YEARS`.
    """
    if at.tzinfo is None:
        raise MomentUnzoned
    return _counted(at).astimezone(UTC)


def of_this_machine(at: datetime) -> datetime:
    """A naive moment in this machine's time zone, converted to UTC.

    Raises:
        MomentOutOfRange: its year is not in `YEARS`.
    """
    return in_range(_counted(at).astimezone())


def _counted(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise MomentOutOfRange(first=YEARS[0], last=YEARS[-1])
    return at
