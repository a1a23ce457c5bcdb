"""Which moments are taken: far enough from the ends of time to count with, in UTC."""

from datetime import UTC, datetime
from typing import Final

from app.system.errors import MomentOutOfRange, MomentUnzoned

YEARS: Final = range(2000, 2200)


def in_range(at: datetime) -> datetime:
    """A moment in UTC, if its zone is known and it lies in the years that are counted with.

    Raises:
        MomentUnzoned: its zone is not known.
        MomentOutOfRange: it lies in other years.
    """
    if at.tzinfo is None:
        raise MomentUnzoned
    return _counted(at).astimezone(UTC)


def of_this_machine(at: datetime) -> datetime:
    """A naive moment in this machine's own time, likewise.

    Raises:
        MomentOutOfRange: see there.
    """
    return in_range(_counted(at).astimezone())


def _counted(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise MomentOutOfRange(first=YEARS[0], last=YEARS[-1])
    return at
