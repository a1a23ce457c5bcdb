"""Calling hours where the called party is: whether they are open, and when they open next.

A place's time zone comes as a `tzinfo`, its holidays as dates; this module reads neither files nor clocks. Hours are
local wall-clock time. When clocks go back, an hour that comes twice is open, or closed, both times. When clocks go
forward over an opening, the place opens at the change.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from app.compliance.rules import Week

LOOK_AHEAD_DAYS = 400
"""How far ahead the next opening is searched; hours that do not open by then count as never open."""
_DAY = timedelta(days=1)


@dataclass(slots=True, frozen=True)
class Place:
    """Where a called party may be: all time zones of its number, and the country's public holidays."""

    zones: tuple[tzinfo, ...] = ()
    """Several if the number does not determine one; hours must then be open in each of them."""
    holidays: frozenset[date] = frozenset()


def is_open(week: Week, *, holidays: bool, place: Place, at: datetime) -> bool:
    """Whether calls may be made to a place at a moment.

    Args:
        week: the hours of each weekday.
        holidays: whether calls may be made on public holidays.
        place: the place, with at least one zone.
        at: the moment; aware.
    """
    return all(_is_open(week, () if holidays else place.holidays, zone, at) for zone in place.zones)


def next_open(week: Week, *, holidays: bool, place: Place, at: datetime) -> datetime | None:
    """The first moment, from `at` on, when calls may be made to a place; None: none within `LOOK_AHEAD_DAYS`.

    The arguments are those of `is_open`.
    """
    if not any(week):
        return None
    closed = () if holidays else place.holidays
    limit = at + timedelta(days=LOOK_AHEAD_DAYS)
    moment: datetime | None = at.astimezone(UTC)
    while moment is not None and moment <= limit:
        shut = [zone for zone in place.zones if not _is_open(week, closed, zone, moment)]
        if not shut:
            return moment
        moment = _next_open(week, closed, shut[0], moment)
    return None


def local_date(place: Place, at: datetime) -> date:
    """The date at a place, by its first zone; by UTC if no zone is known."""
    return at.astimezone(_first(place)).date()


def next_day(place: Place, at: datetime) -> datetime:
    """When the next day begins at a place, by its first zone; by UTC if no zone is known."""
    zone = _first(place)
    today = at.astimezone(zone).date()
    return _first_second(at, at + timedelta(hours=50), lambda moment: moment.astimezone(zone).date() > today)


def day_begins(place: Place, at: datetime) -> datetime:
    """When the present day began at a place, to the second, by its first zone; by UTC if no zone is known."""
    zone = _first(place)
    today = at.astimezone(zone).date()
    return _first_second(at - timedelta(hours=50), at, lambda moment: moment.astimezone(zone).date() == today)


def _first(place: Place) -> tzinfo:
    return place.zones[0] if place.zones else UTC


def _is_open(week: Week, closed: Container[date], zone: tzinfo, at: datetime) -> bool:
    local = at.astimezone(zone)
    hours = week[local.weekday()]
    if hours is None or local.date() in closed:
        return False
    return hours.opens <= local.hour * 60 + local.minute < hours.closes


def _next_open(week: Week, closed: Container[date], zone: tzinfo, after: datetime) -> datetime | None:
    """The first opening in one zone after a moment at which it is closed there."""
    for days in range(LOOK_AHEAD_DAYS + 1):
        begins = after + timedelta(days=days)
        for moment in sorted(_changes(week, zone, begins)):
            if moment > after and _is_open(week, closed, zone, moment):
                return moment
    return None


def _changes(week: Week, zone: tzinfo, begins: datetime) -> Iterator[datetime]:
    """Every moment within a day of `begins` at which a place may open: an opening time, or a change of clocks."""
    ends = begins + _DAY
    day = begins.astimezone(zone).date() - _DAY
    while day <= ends.astimezone(zone).date() + _DAY:
        hours = week[day.weekday()]
        if hours is not None:
            local = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=hours.opens)
            for moment in {local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}:
                if begins < moment <= ends:
                    yield moment
        day += _DAY
    offset = begins.astimezone(zone).utcoffset()
    if ends.astimezone(zone).utcoffset() != offset:
        yield _first_second(begins, ends, lambda moment: moment.astimezone(zone).utcoffset() != offset)


def _first_second(before: datetime, behind: datetime, so: Callable[[datetime], bool]) -> datetime:
    """The first whole second in UTC at which `so` is true; it is false at `before` and true at `behind`."""
    low, high = int(before.timestamp()), int(behind.timestamp()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if so(datetime.fromtimestamp(middle, UTC)):
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
