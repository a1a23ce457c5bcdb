"""Queries of departments."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import UserRow
from app.crm.complaints.tables import CategoryRow
from app.crm.departments.tables import DepartmentDayRow, DepartmentMemberRow, DepartmentRow, ReachKind


async def list_departments(session: AsyncSession) -> Sequence[DepartmentRow]:
    """Every department, by its name."""
    query = select(DepartmentRow).order_by(col(DepartmentRow.title), col(DepartmentRow.id))
    return (await session.scalars(query)).all()


async def count_departments(session: AsyncSession) -> int:
    """How many departments there are."""
    return await session.scalar(select(func.count()).select_from(DepartmentRow)) or 0


async def get_department(session: AsyncSession, id_: int, *, lock: bool = False) -> DepartmentRow | None:
    """One department, or None; with a lock, nobody else changes it until the transaction ends."""
    return await session.get(DepartmentRow, id_, with_for_update=lock or None, populate_existing=lock)


async def save_department(session: AsyncSession, row: DepartmentRow) -> None:
    """Save a department; the row comes back with its id."""
    session.add(row)
    await session.flush()


async def title_taken(session: AsyncSession, title: str, *, but: int | None) -> bool:
    """Whether another department in use has this name, whatever its case."""
    query = select(DepartmentRow.id, DepartmentRow.title).where(col(DepartmentRow.active))
    return any(
        id_ != but and other.casefold() == title.casefold() for id_, other in await session.execute(query)
    )


async def members_of(session: AsyncSession, departments: Collection[int]) -> dict[int, list[int]]:
    """The members of departments, by id; those who may not log in are left out."""
    query = (
        select(DepartmentMemberRow.department_id, DepartmentMemberRow.user_id)
        .join(UserRow, col(UserRow.id) == col(DepartmentMemberRow.user_id))
        .where(col(DepartmentMemberRow.department_id).in_(departments), col(UserRow.active))
        .order_by(col(DepartmentMemberRow.user_id))
    )
    found: dict[int, list[int]] = {one: [] for one in departments}
    for department, user in await session.execute(query):
        found[department].append(user)
    return found


async def departments_of(session: AsyncSession, user: int) -> list[int]:
    """The departments that a user belongs to, or is the deputy of."""
    members = select(DepartmentMemberRow.department_id).where(col(DepartmentMemberRow.user_id) == user)
    deputies = select(DepartmentRow.id).where(col(DepartmentRow.deputy) == user)
    return sorted({id_ for query in (members, deputies) for id_ in await session.scalars(query) if id_})


async def set_members(session: AsyncSession, department: int, users: Collection[int]) -> None:
    """Replace the members of a department."""
    query = select(DepartmentMemberRow).where(col(DepartmentMemberRow.department_id) == department)
    known = {row.user_id: row for row in await session.scalars(query)}
    for user, row in known.items():
        if user not in users:
            await session.delete(row)
    session.add_all(
        DepartmentMemberRow(department_id=department, user_id=user)
        for user in sorted(users)
        if user not in known
    )
    await session.flush()


async def days_of(session: AsyncSession, departments: Collection[int]) -> dict[int, list[DepartmentDayRow]]:
    """The days with hours of their own of departments, in order."""
    query = (
        select(DepartmentDayRow)
        .where(col(DepartmentDayRow.department_id).in_(departments))
        .order_by(col(DepartmentDayRow.day))
    )
    found: dict[int, list[DepartmentDayRow]] = {one: [] for one in departments}
    for row in await session.scalars(query):
        found[row.department_id].append(row)
    return found


async def set_days(session: AsyncSession, department: int, rows: Sequence[DepartmentDayRow]) -> None:
    """Replace the days with hours of their own; those that are as they were stay."""
    known = {row.day: row for row in (await days_of(session, [department]))[department]}
    wanted: dict[date, DepartmentDayRow] = {row.day: row for row in rows}
    for day, row in known.items():
        new = wanted.pop(day, None)
        if new is None or (new.hours, new.why) != (row.hours, row.why):
            await session.delete(row)
            if new is not None:
                wanted[day] = new
    await session.flush()
    session.add_all(wanted.values())
    await session.flush()


async def users_among(session: AsyncSession, users: Collection[int]) -> set[int]:
    """Those of the given ids that are users who may log in."""
    query = select(UserRow.id).where(col(UserRow.id).in_(users), col(UserRow.active))
    return {id_ for id_ in await session.scalars(query) if id_ is not None}


async def categories_with(session: AsyncSession, department: int) -> Sequence[str]:
    """Titles of categories of complaints in use that name a department."""
    query = select(col(CategoryRow.title)).where(
        CategoryRow.department == department, col(CategoryRow.active)
    )
    return (await session.scalars(query.order_by(col(CategoryRow.position), col(CategoryRow.id)))).all()


async def titles_of_queue(session: AsyncSession, queue: str) -> Sequence[str]:
    """Names of departments in use whose calls go to a queue."""
    to_queue = (col(DepartmentRow.reach_kind) == ReachKind.QUEUE.value) & (
        col(DepartmentRow.reach_target) == queue
    )
    or_else = (col(DepartmentRow.fallback_kind) == ReachKind.QUEUE.value) & (
        col(DepartmentRow.fallback_target) == queue
    )
    query = (
        select(DepartmentRow.title)
        .where(col(DepartmentRow.active), to_queue | or_else)
        .order_by(col(DepartmentRow.title))
    )
    return (await session.scalars(query)).all()
