"""Which moments are taken: far enough from the ends of time to count with, in UTC."""

from datetime import UTC, datetime
from typing import Final

YEARS: Final = range(2000, 2200)


def in_range(at: datetime) -> datetime:
    """A moment in UTC, if its zone is known and it lies in the years that are counted with.

    Raises:
        ValueError: it does not, in words.
    """
    if at.tzinfo is None:
        raise ValueError("this moment has no time zone")
    return _counted(at).astimezone(UTC)


def of_this_machine(at: datetime) -> datetime:
    """A naive moment in this machine's own time, likewise.

    Raises:
        ValueError: see there.
    """
    return in_range(_counted(at).astimezone())


def _counted(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise ValueError(f"this moment is out of range: years {YEARS[0]} to {YEARS[-1]}")
    return at
