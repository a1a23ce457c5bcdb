"""Departments as the rules of cases see them: calendars with holidays, and what each promises."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from app.cases.case import Severity
from app.cases.deadline import Terms
from app.cases.reach import Goal, Ways
from app.cases.working_time import ALWAYS, Calendar, Day, Hours, Week
from app.crm.departments import queries
from app.crm.departments.tables import DepartmentDayRow, DepartmentRow, ReachKind
from app.system.holidays import public_holidays

ALLOWED: Final = {
    Severity.LOW: timedelta(hours=40),
    Severity.NORMAL: timedelta(hours=16),
    Severity.HIGH: timedelta(hours=8),
    Severity.CRITICAL: timedelta(hours=2),
}
"""The working time of complaints that no department has; it runs day and night."""
NOBODYS: Final = Terms(Calendar(), ALLOWED, timedelta(hours=1), timedelta(hours=4))
YEARS_AHEAD: Final = 5
TermsOf = Callable[[int | None], Terms]


def calendar_of(row: DepartmentRow, days: Iterable[DepartmentDayRow]) -> Calendar:
    """When a department works."""
    return Calendar(
        ZoneInfo(row.time_zone),
        week_of(row.week),
        partial(_is_holiday, row.country),
        {one.day: day_of(one.hours) for one in days},
    )


def terms_of(row: DepartmentRow, days: Iterable[DepartmentDayRow]) -> Terms:
    """What a department promises."""
    return Terms(
        calendar_of(row, days),
        {severity: timedelta(minutes=row.allowed_minutes[severity.value]) for severity in Severity},
        timedelta(minutes=row.warning_minutes),
        timedelta(minutes=row.patience_minutes),
    )


def ways_of(rows: Iterable[DepartmentRow]) -> dict[int, Ways]:
    """How departments are reached."""
    return {
        row.id or 0: Ways(
            _goal(row.reach_kind, row.reach_target), _goal(row.fallback_kind, row.fallback_target)
        )
        for row in rows
    }


async def load_terms(session: AsyncSession) -> TermsOf:
    """The terms of every department, as they are now; also of departments out of use, whose cases are history."""
    rows = await queries.list_departments(session)
    days = await queries.days_of(session, [row.id or 0 for row in rows])
    found = {row.id: terms_of(row, days[row.id or 0]) for row in rows}
    return lambda department: found.get(department, NOBODYS)


def week_of(stored: Sequence[Sequence[Sequence[int]]]) -> Week:
    """A week as it is stored."""
    days = [day_of(day) for day in stored]
    return (days[0], days[1], days[2], days[3], days[4], days[5], days[6]) if len(days) == 7 else ALWAYS


def stored_week(week: Week) -> list[list[list[int]]]:
    """A week as it is to be stored."""
    return [[list(hours) for hours in day] for day in week]


def day_of(stored: Sequence[Sequence[int]]) -> Day:
    """A day's hours as they are stored."""
    return tuple(Hours(opens, closes) for opens, closes in stored)


def load_holidays(countries: Iterable[str], now: datetime) -> None:
    """Read the public holidays that will be asked for. It takes tenths of a second: call it on a thread."""
    years = range(now.year - 1, now.year + YEARS_AHEAD)
    for country in set(countries):
        public_holidays(country, years)


def _goal(kind: str, target: str) -> Goal | None:
    return Goal(kind, target) if kind != ReachKind.NONE.value else None


def _is_holiday(country: str, day: date) -> bool:
    return bool(country) and day in public_holidays(country, (day.year,))
