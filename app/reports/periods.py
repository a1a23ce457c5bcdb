"""Periods cut into parts: days, hours and quarters of an hour as a time zone's clock shows them. Pure.

The database counts in slots of a quarter of an hour, because since 1972 every zone's clock differs from UTC by a whole
number of quarters. So each slot lies in one local hour and one local day, and a day on which the clock is set has 23 or
25 hours by itself.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final, NamedTuple

SLOT_S: Final = 900
_SLOT: Final = timedelta(seconds=SLOT_S)


class Part(StrEnum):
    """What a period is cut into."""

    QUARTER = "15min"
    HALF_HOUR = "30min"
    HOUR = "60min"
    DAY = "day"
    HOUR_OF_WEEK = "hour_of_week"
    """Hours of the week, the same ones of all weeks together."""


_MINUTES: Final = {Part.QUARTER: 15, Part.HALF_HOUR: 30, Part.HOUR: 60}


class Span(NamedTuple):
    """A time from one moment up to, not including, another; both aware."""

    begins: datetime
    ends: datetime


def slot_of(at: datetime) -> int:
    """The number of the slot in which a moment lies, from the beginning of 1970.

    >>> slot_of(datetime(1970, 1, 1, 0, 44, tzinfo=UTC))
    2
    """
    return int(at.timestamp() // SLOT_S)


def begin_of(slot: int) -> datetime:
    """When a slot begins."""
    return datetime.fromtimestamp(slot * SLOT_S, UTC)


def key_of(slot: int, zone: tzinfo, part: Part) -> str:
    """The name of the part in which a slot lies.

    A part of a day is named by its local beginning with the offset from UTC: the hour that comes twice in autumn
    is two parts. A day is named by its date, an hour of the week by its day, 1 for Monday, and its hour.

    >>> from zoneinfo import ZoneInfo
    >>> at, tallinn = slot_of(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)), ZoneInfo("Europe/Tallinn")
    >>> [key_of(at + more, tallinn, Part.HOUR) for more in (-4, 0)]
    ['2026-10-25T03:00+03:00', '2026-10-25T03:00+02:00']
    >>> key_of(at, tallinn, Part.DAY), key_of(at, tallinn, Part.HOUR_OF_WEEK)
    ('2026-10-25', '7 03')
    """
    local = begin_of(slot).astimezone(zone)
    if part is Part.DAY:
        return local.date().isoformat()
    if part is Part.HOUR_OF_WEEK:
        return f"{local.isoweekday()} {local.hour:02}"
    minutes = _MINUTES[part]
    return local.replace(minute=local.minute // minutes * minutes).isoformat(timespec="minutes")


def cut(span: Span, zone: tzinfo, part: Part) -> dict[str, Span]:
    """The parts of a period in their order, each with its time within the period; hours of the week have all of it."""
    found: dict[str, Span] = {}
    for slot in slots(span):
        key = key_of(slot, zone, part)
        begins, ends = max(begin_of(slot), span.begins), min(begin_of(slot) + _SLOT, span.ends)
        if part is Part.HOUR_OF_WEEK:
            found[key] = span
        else:
            found[key] = Span(found[key].begins if key in found else begins, ends)
    return dict(sorted(found.items())) if part is Part.HOUR_OF_WEEK else found


def slots(span: Span) -> Iterator[int]:
    """The slots that a period touches."""
    return iter(range(slot_of(span.begins), slot_of(span.ends - timedelta(microseconds=1)) + 1))


def slots_in(span: Span, zone: tzinfo, key: str) -> list[int]:
    """The slots of a period that lie in one hour of the week."""
    return [slot for slot in slots(span) if key_of(slot, zone, Part.HOUR_OF_WEEK) == key]
