"""The rules of departments: hours in order, calls that reach somebody, and nothing removed that history names."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.accounts.errors import UserUnknown
from app.cases.reach import Goal, Loop, goal
from app.cases.working_time import Day, Week, is_hours, is_open
from app.crm.departments import queries
from app.crm.departments.errors import (
    DepartmentEndsNowhere,
    DepartmentInCategories,
    DepartmentLoops,
    DepartmentNotInUse,
    DepartmentTaken,
    DepartmentTargetUnknown,
    DepartmentTargetWithoutNumber,
    DepartmentUnknown,
    HolidaysUnknown,
    HoursUnfit,
    TooManyDepartments,
    ZoneUnknown,
)
from app.crm.departments.tables import DepartmentDayRow, DepartmentFields, DepartmentRow, ReachKind
from app.crm.departments.terms import calendar_of, load_holidays, stored_week, ways_of
from app.crm.inbound_routes.service import numbers_by_target
from app.crm.inbound_routes.tables import RouteKind
from app.crm.operators.queries import get_operator
from app.crm.queues.queries import get_queue
from app.crm.ways.service import is_kept
from app.domain.ids import OperatorId, QueueId
from app.domain.references import ReferenceUnknown, named
from app.numbers.facts import zone
from app.records.engine import reading
from app.records.versions import columns_of, raise_version
from app.system.holidays import public_holidays

MOST: Final = 300
"""The most departments of a centre."""
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(slots=True, frozen=True)
class DepartmentDraft:
    """A department's data, before it is saved."""

    fields: DepartmentFields
    week: Week
    allowed_minutes: Mapping[str, int]
    days: Mapping[date, tuple[Day, str]] = field(default_factory=dict)
    """Days with hours of their own, and why."""
    members: Collection[int] = ()
    reach: Goal | None = None
    fallback: Goal | None = None


@dataclass(slots=True, frozen=True)
class Department:
    """A department whole."""

    row: DepartmentRow
    members: Sequence[int]
    days: Sequence[DepartmentDayRow]


@dataclass(slots=True, frozen=True)
class Target:
    """Where a call for a department goes now."""

    goal: Goal
    number: str
    """What a phone dials."""


async def check_words(draft: DepartmentDraft, now: datetime) -> None:
    """Check what asks no database, and read the holidays, which takes a moment; call it outside a transaction.

    Raises:
        ZoneUnknown, HolidaysUnknown, HoursUnfit: see there.
    """
    name_of_zone, country = draft.fields.time_zone, draft.fields.country
    if zone(name_of_zone) is None:
        raise ZoneUnknown(zone=name_of_zone)
    for name, day in zip(WEEKDAYS, draft.week, strict=True):
        if not is_hours(day):
            raise HoursUnfit(day=name)
    for date_, (day, _) in draft.days.items():
        if not is_hours(day):
            raise HoursUnfit(day=date_.isoformat())
    if country:
        if not await asyncio.to_thread(public_holidays, country, (now.year,)):
            raise HolidaysUnknown(country=country)
        await asyncio.to_thread(load_holidays, [country], now)


async def warm_up(engine: AsyncEngine, now: datetime) -> None:
    """Read the holidays of every department's country, so that nobody waits for them later."""
    async with reading(engine) as session:
        countries = {row.country for row in await queries.list_departments(session) if row.country}
    await asyncio.to_thread(load_holidays, countries, now)


async def list_departments(session: AsyncSession) -> list[Department]:
    """Every department, by name; those out of use, too."""
    rows = await queries.list_departments(session)
    ids = [row.id or 0 for row in rows]
    members, days = await queries.members_of(session, ids), await queries.days_of(session, ids)
    return [Department(row, members[row.id or 0], days[row.id or 0]) for row in rows]


async def get_department(session: AsyncSession, id_: int) -> Department:
    """One department.

    Raises:
        DepartmentUnknown: there is no such department.
    """
    row = await queries.get_department(session, id_)
    if row is None:
        raise DepartmentUnknown(department=id_)
    members, days = await queries.members_of(session, [id_]), await queries.days_of(session, [id_])
    return Department(row, members[id_], days[id_])


async def require_department(session: AsyncSession, id_: int) -> DepartmentRow:
    """A department in use, which something else names.

    Raises:
        DepartmentNotInUse: there is none.
    """
    row = await queries.get_department(session, id_)
    if row is None or not row.active:
        raise DepartmentNotInUse(department=id_)
    return row


async def in_use(session: AsyncSession, id_: int | None) -> int | None:
    """A department if it is in use, else None."""
    row = await queries.get_department(session, id_) if id_ is not None else None
    return id_ if row is not None and row.active else None


async def make_department(session: AsyncSession, draft: DepartmentDraft) -> Department:
    """Make a department.

    Raises:
        TooManyDepartments: there are `MOST`.
        KEPT of `app.crm.departments.errors`: see there.
    """
    if await queries.count_departments(session) >= MOST:
        raise TooManyDepartments(most=MOST)
    row = DepartmentRow(title=draft.fields.title, time_zone=draft.fields.time_zone)
    return await _save(session, row, draft)


async def locked_department(session: AsyncSession, id_: int) -> DepartmentRow:
    """A department that nobody else changes until the transaction ends.

    Raises:
        DepartmentUnknown: there is no such department.
    """
    row = await queries.get_department(session, id_, lock=True)
    if row is None:
        raise DepartmentUnknown(department=id_)
    return row


async def change_department(session: AsyncSession, row: DepartmentRow, draft: DepartmentDraft) -> Department:
    """Change a department whole; `row` is locked.

    Raises:
        KEPT of `app.crm.departments.errors`: see there.
    """
    return await _save(session, row, draft)


async def retire_department(session: AsyncSession, row: DepartmentRow) -> None:
    """Put a department out of use; `row` is locked. Its complaints stay with it.

    Raises:
        DepartmentEndsNowhere: another department falls back on it, and would reach nobody.
        DepartmentInCategories: complaints of categories in use go to it.
    """
    await _refuse_named(session, row)
    row.active = False
    row.version += 1
    await queries.save_department(session, row)
    await _check_ways(session)


async def _refuse_named(session: AsyncSession, row: DepartmentRow) -> None:
    categories = await queries.categories_with(session, row.id) if row.id is not None else ()
    if categories:
        raise DepartmentInCategories(department=row.title, categories=categories)


async def target_now(session: AsyncSession, id_: int, at: datetime) -> Target:
    """Where a call goes now that is passed to a department.

    Raises:
        DepartmentNotInUse: there is no such department in use.
        DepartmentEndsNowhere: nothing is left that it could reach.
        DepartmentTargetWithoutNumber: no number leads there any more.
    """
    row = await require_department(session, id_)
    found = next((to for one, to in await goals_now(session, at) if one.id == id_), None)
    if found is None:
        raise DepartmentEndsNowhere(department=row.title)
    return Target(found, await _number_of(session, found))


async def goals_now(session: AsyncSession, at: datetime) -> list[tuple[DepartmentRow, Goal | None]]:
    """The departments in use, by name, each with where a call for it goes now; None: nowhere."""
    rows = [one for one in await queries.list_departments(session) if one.active]
    days = await queries.days_of(session, [one.id or 0 for one in rows])
    works = {one.id or 0 for one in rows if is_open(calendar_of(one, days[one.id or 0]), at)}
    ways = ways_of(rows)
    return [(row, goal(ways, row.id or 0, works)) for row in rows]


async def _save(session: AsyncSession, row: DepartmentRow, draft: DepartmentDraft) -> Department:
    said = draft.fields
    if row.active and not said.active:
        await _refuse_named(session, row)
    if said.active and await queries.title_taken(session, said.title, but=row.id):
        raise DepartmentTaken(title=said.title)
    await _check_named(session, draft)
    was = columns_of(row)
    for name in DepartmentFields.model_fields:
        setattr(row, name, getattr(said, name))
    row.week = stored_week(draft.week)
    row.allowed_minutes = dict(draft.allowed_minutes)
    row.reach_kind, row.reach_target = _stored(draft.reach)
    row.fallback_kind, row.fallback_target = _stored(draft.fallback)
    days = {day: ([list(one) for one in hours], why) for day, (hours, why) in draft.days.items()}
    raise_version(row, was, parts=await _has_other_parts(session, row, draft, days))
    await queries.save_department(session, row)
    assert row.id is not None
    await queries.set_members(session, row.id, set(draft.members))
    await queries.set_days(
        session,
        row.id,
        [
            DepartmentDayRow(department_id=row.id, day=day, hours=hours, why=why)
            for day, (hours, why) in days.items()
        ],
    )
    await _check_ways(session)
    return await get_department(session, row.id)


async def _check_named(session: AsyncSession, draft: DepartmentDraft) -> None:
    """Whether the people and targets are there that a department names."""
    deputy = draft.fields.deputy
    people = {*draft.members, *({deputy} if deputy is not None else ())}
    there = await queries.users_among(session, people)
    for place, member in enumerate(draft.members):
        if member not in there:
            raise ReferenceUnknown(f"members.{place}", UserUnknown())
    if deputy is not None and deputy not in there:
        raise ReferenceUnknown("deputy", UserUnknown())
    for name, one in (("reach", draft.reach), ("fallback", draft.fallback)):
        if one is not None and one.kind != ReachKind.DEPARTMENT.value:
            try:
                await _number_of(session, one)
            except DepartmentTargetUnknown as unknown:
                raise ReferenceUnknown(f"{name}.target", unknown) from unknown
    if draft.fallback is not None and draft.fallback.kind == ReachKind.DEPARTMENT.value:
        with named("fallback.target"):
            await require_department(session, int(draft.fallback.target))


async def _has_other_parts(
    session: AsyncSession,
    row: DepartmentRow,
    draft: DepartmentDraft,
    days: Mapping[date, tuple[list[list[int]], str]],
) -> bool:
    """Whether a department has other members or days than a draft says."""
    if row.id is None:
        return True
    known = (await queries.days_of(session, [row.id]))[row.id]
    if {one.day: (one.hours, one.why) for one in known} != days:
        return True
    members = (await queries.members_of(session, [row.id]))[row.id]
    return set(members) != set(draft.members)


async def _check_ways(session: AsyncSession) -> None:
    """Check that calls to each department in use reach somebody, by day and at night; where nothing judges all ways."""
    if is_kept(session):
        return
    rows = [one for one in await queries.list_departments(session) if one.active]
    ways, titles = ways_of(rows), {row.id: row.title for row in rows}
    for row in rows:
        assert row.id is not None
        own = ways[row.id]
        if own.fallback is not None and own.fallback.kind == ReachKind.DEPARTMENT.value:
            target = int(own.fallback.target)
            if target not in ways:
                raise DepartmentEndsNowhere(department=row.title)
        try:
            found = goal(ways, row.id, ())
        except Loop as loop:
            raise DepartmentLoops(departments=[titles[one] for one in loop.departments]) from None
        if found is None:
            raise DepartmentEndsNowhere(department=row.title)


async def _number_of(session: AsyncSession, to: Goal) -> str:
    """What a phone dials to get there.

    Raises:
        DepartmentTargetUnknown, DepartmentTargetWithoutNumber: see there.
    """
    kind = ReachKind(to.kind)
    if kind is ReachKind.NUMBER:
        return to.target
    if kind is ReachKind.QUEUE:
        there = await get_queue(session, QueueId(to.target)) is not None
        route = RouteKind.QUEUE
    else:
        there = await get_operator(session, OperatorId(int(to.target))) is not None
        route = RouteKind.OPERATOR
    if not there:
        raise DepartmentTargetUnknown(kind=to.kind, target=to.target)
    numbers = (await numbers_by_target(session, route)).get(to.target)
    if not numbers:
        raise DepartmentTargetWithoutNumber(kind=to.kind, target=to.target)
    return numbers[0]


def _stored(to: Goal | None) -> tuple[str, str]:
    return (to.kind, to.target) if to is not None else (ReachKind.NONE.value, "")
