"""Working time: how much of it lies between two moments, and when so much of it has passed.

A calendar has the hours of each weekday in its own zone, holidays, and single days with hours of their own. Working
time is what a clock on the wall shows while the place is open, measured as it passes: when clocks go back, an hour that
comes twice counts twice; when they go forward, an hour that is skipped does not count. So a minute counts when the
local time at its beginning lies within the day's hours.

    day -> its hours in local minutes -> spans in UTC, one for each offset that the day has -> sums of spans
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final, NamedTuple

DAY_MINUTES: Final = 1440
AHEAD_DAYS: Final = 1500
"""How many days are looked through for working time; what has not passed by then never will."""
_DAY = timedelta(days=1)
_AROUND = timedelta(hours=15)
"""More than any zone differs from UTC."""
_NONE = timedelta()


class Hours(NamedTuple):
    """Working hours in minutes after local midnight: from `opens` up to, not including, `closes`."""

    opens: int
    closes: int


Day = tuple[Hours, ...]
"""One day's hours, in order and apart; empty: closed."""
Week = tuple[Day, Day, Day, Day, Day, Day, Day]
"""Monday to Sunday."""
ALWAYS: Final[Week] = ((Hours(0, DAY_MINUTES),),) * 7
Span = tuple[datetime, datetime]
"""From the first moment up to, not including, the second; both in UTC."""


def _no_holidays(_day: date) -> bool:
    return False


@dataclass(slots=True, frozen=True)
class Calendar:
    """When a place works."""

    zone: tzinfo = UTC
    week: Week = ALWAYS
    holiday: Callable[[date], bool] = _no_holidays
    """Whether a day is a public holiday, on which nobody works."""
    exceptions: Mapping[date, Day] = field(default_factory=dict)
    """Days with hours of their own, holidays among them; empty hours: closed."""

    def hours(self, day: date) -> Day:
        """The hours of one day."""
        own = self.exceptions.get(day)
        if own is not None:
            return own
        return () if self.holiday(day) else self.week[day.weekday()]


def is_hours(day: Day) -> bool:
    """Whether hours are in order, apart and within one day."""
    last = 0
    for opens, closes in day:
        if not last <= opens < closes <= DAY_MINUTES:
            return False
        last = closes
    return True


def spans_from(calendar: Calendar, at: datetime) -> Iterator[Span]:
    """The spans of working time from a moment on, in order, `AHEAD_DAYS` far.

    Args:
        calendar: says when.
        at: aware; a span under way begins here.
    """
    at = at.astimezone(UTC)
    day = at.astimezone(calendar.zone).date() - _DAY
    held: list[Span] = []
    for _ in range(AHEAD_DAYS):
        spans = list(_spans_of_day(calendar, day))
        if held and spans and spans[0] < held[-1]:
            held = sorted(held + spans)  # clocks went back over midnight: the days are in each other
        else:
            yield from _rest(held, at)
            held = spans
        day += _DAY
    yield from _rest(held, at)


def _rest(spans: list[Span], at: datetime) -> Iterator[Span]:
    for begins, ends in spans:
        if ends > at:
            yield max(begins, at), ends


def worked(calendar: Calendar, begins: datetime, ends: datetime) -> timedelta:
    """The working time from one moment to another; both aware, and no more than `AHEAD_DAYS` apart."""
    total = _NONE
    for opens, closes in spans_from(calendar, begins):
        if opens >= ends:
            break
        total += min(closes, ends) - opens
    return total


def after(calendar: Calendar, begins: datetime, amount: timedelta) -> datetime | None:
    """The first moment by which so much working time has passed; None: that takes longer than `AHEAD_DAYS`.

    Args:
        calendar: says what is working time.
        begins: aware; counted from here.
        amount: 0 or more; with 0 the moment is `begins`.
    """
    if amount <= _NONE:
        return begins.astimezone(UTC)
    for opens, closes in spans_from(calendar, begins):
        if closes - opens >= amount:
            return opens + amount
        amount -= closes - opens
    return None


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether a place works at a moment."""
    local = at.astimezone(calendar.zone)
    minute = local.hour * 60 + local.minute
    return any(opens <= minute < closes for opens, closes in calendar.hours(local.date()))


def _spans_of_day(calendar: Calendar, day: date) -> Iterator[Span]:
    """One local day's hours in UTC. Where the offset changes, each offset has its own part of them."""
    hours = calendar.hours(day)
    if not hours:
        return
    before, after_, change = _offsets(calendar.zone, day)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if change is None:
        for opens, closes in hours:
            yield midnight + timedelta(minutes=opens) - before, midnight + timedelta(minutes=closes) - before
        return
    for opens, closes in hours:
        begins, ends = (
            midnight + timedelta(minutes=opens) - before,
            midnight + timedelta(minutes=closes) - before,
        )
        if begins < change:
            yield begins, min(ends, change)
    for opens, closes in hours:
        begins, ends = (
            midnight + timedelta(minutes=opens) - after_,
            midnight + timedelta(minutes=closes) - after_,
        )
        if ends > change:
            yield max(begins, change), ends


@lru_cache(maxsize=16_384)
def _offsets(zone: tzinfo, day: date) -> tuple[timedelta, timedelta, datetime | None]:
    """The zone's offset before and after the change near a day, and when in UTC it changes; None: it does not."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    low, high = midnight - _AROUND, midnight + _DAY + _AROUND
    before, behind = _offset(zone, low), _offset(zone, high)
    if before == behind:
        return before, behind, None
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return before, behind, high


def _offset(zone: tzinfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or _NONE
