"""Queries of complaints and of what belongs to them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import UserRow
from app.cases.case import ENDED
from app.crm.complaints.tables import (
    CategoryRow,
    ComplaintEventRow,
    ComplaintRow,
    LinkKind,
    LinkRow,
    NoteRow,
    TaskRow,
)
from app.records.base import BigInt, Row, UtcDateTime, table_of

_COMPLAINT = table_of(ComplaintRow)
_OPEN: ColumnElement[bool] = col(ComplaintRow.state).not_in([state.value for state in ENDED])


@dataclass(slots=True, frozen=True)
class ComplaintFilter:
    """Which complaints are wanted; None wants all."""

    states: Collection[str] = ()
    open: bool | None = None
    category: int | None = None
    severity: str | None = None
    owner: int | None = None
    departments: Collection[int] | None = None
    """That have it, or were told that it stays late."""
    contact: int | None = None
    call: str | None = None
    order: str | None = None
    mine: int | None = None
    """A user who owns it, or was told that it is late."""
    due_before: datetime | None = None
    due_from: datetime | None = None


def _conditions(wanted: ComplaintFilter) -> list[ColumnElement[bool]]:  # noqa: C901 - one filter after another
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (ComplaintRow.category, wanted.category),
        (ComplaintRow.severity, wanted.severity),
        (ComplaintRow.owner, wanted.owner),
        (ComplaintRow.contact_id, wanted.contact),
    ):
        if value is not None:
            found.append(col(column) == value)
    if wanted.states:
        found.append(col(ComplaintRow.state).in_(wanted.states))
    if wanted.open is not None:
        found.append(_OPEN if wanted.open else ~_OPEN)
    if wanted.departments is not None:
        found.append(
            or_(
                col(ComplaintRow.department).in_(wanted.departments),
                col(ComplaintRow.told_department).in_(wanted.departments),
            )
        )
    if wanted.mine is not None:
        found.append(or_(col(ComplaintRow.owner) == wanted.mine, col(ComplaintRow.told_user) == wanted.mine))
    if wanted.due_before is not None:
        found += [_OPEN, col(ComplaintRow.due_at) < wanted.due_before]
    if wanted.due_from is not None:
        found += [_OPEN, col(ComplaintRow.due_at) >= wanted.due_from]
    for kind, ref in ((LinkKind.CALL, wanted.call), (LinkKind.ORDER, wanted.order)):
        if ref is not None:
            found.append(_linked(kind, ref))
    return found


def _linked(kind: LinkKind, ref: str) -> ColumnElement[bool]:
    return exists().where(
        col(LinkRow.complaint_id) == col(ComplaintRow.id),
        col(LinkRow.kind) == kind.value,
        col(LinkRow.ref) == ref,
    )


async def page_newest(
    session: AsyncSession, wanted: ComplaintFilter, *, before: int | None, limit: int
) -> Sequence[ComplaintRow]:
    """Complaints that match, the newest first; `before` is the last id of the page before."""
    query = (
        select(ComplaintRow).where(*_conditions(wanted)).order_by(col(ComplaintRow.id).desc()).limit(limit)
    )
    if before is not None:
        query = query.where(col(ComplaintRow.id) < before)
    return (await session.scalars(query)).all()


async def page_by_due(
    session: AsyncSession, wanted: ComplaintFilter, *, after: tuple[datetime, int] | None, limit: int
) -> Sequence[ComplaintRow]:
    """Open complaints that match and have a due time, the earliest first; `after` ended the page before."""
    due, id_ = col(ComplaintRow.due_at), col(ComplaintRow.id)
    query = (
        select(ComplaintRow)
        .where(due.is_not(None), _OPEN, *_conditions(wanted))
        .order_by(due, id_)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(due, id_) > tuple_(*after, types=(UtcDateTime(), BigInt)))
    return (await session.scalars(query)).all()


async def count(
    session: AsyncSession, *, user: int, departments: Collection[int], now: datetime, soon: datetime
) -> dict[str, int]:
    """Counts of complaints by name: see `CountsOut`."""
    due = col(ComplaintRow.due_at)
    mine = or_(col(ComplaintRow.owner) == user, col(ComplaintRow.told_user) == user)
    ours = or_(
        col(ComplaintRow.department).in_(departments), col(ComplaintRow.told_department).in_(departments)
    )
    late, near = due < now, and_(due >= now, due < soon)
    sums = {
        "open": func.count(),
        "mine": func.count().filter(mine),
        "my_departments": func.count().filter(ours),
        "unowned": func.count().filter(col(ComplaintRow.owner).is_(None)),
        "late": func.count().filter(late),
        "due_soon": func.count().filter(near),
        "mine_late": func.count().filter(mine, late),
        "mine_due_soon": func.count().filter(mine, near),
        "my_departments_late": func.count().filter(ours, late),
    }
    row = (await session.execute(select(*sums.values()).select_from(_COMPLAINT).where(_OPEN))).one()
    return dict(zip(sums, row, strict=True))


async def count_open(session: AsyncSession, contacts: Collection[int]) -> dict[int, int]:
    """How many complaints of each contact are not over; contacts without any are left out."""
    contact = col(ComplaintRow.contact_id)
    query = select(contact, func.count()).where(contact.in_(contacts), _OPEN).group_by(contact)
    return {id_: number for id_, number in (await session.execute(query)).all() if id_ is not None}


async def count_states(session: AsyncSession) -> dict[str, int]:
    """How many complaints are in each state; states of none are left out."""
    query = select(ComplaintRow.state, func.count()).group_by(col(ComplaintRow.state))
    return dict((await session.execute(query)).all())


async def get_complaint(session: AsyncSession, id_: int, *, lock: bool = False) -> ComplaintRow | None:
    """One complaint, or None; with a lock, nobody else changes it until the transaction ends."""
    return await session.get(ComplaintRow, id_, with_for_update=lock or None, populate_existing=lock)


async def events_of(session: AsyncSession, complaints: Collection[int]) -> dict[int, list[ComplaintEventRow]]:
    """The events of complaints, in their order."""
    query = (
        select(ComplaintEventRow)
        .where(col(ComplaintEventRow.complaint_id).in_(complaints))
        .order_by(col(ComplaintEventRow.id))
    )
    found: dict[int, list[ComplaintEventRow]] = {one: [] for one in complaints}
    for row in await session.scalars(query):
        found[row.complaint_id].append(row)
    return found


async def save(session: AsyncSession, rows: Iterable[Row]) -> None:
    """Save rows; new ones come back with their ids."""
    session.add_all(rows)
    await session.flush()


async def recheck(session: AsyncSession, at: datetime) -> None:
    """Let the due times of all complaints that are not over be looked at from this moment on."""
    await session.execute(update(ComplaintRow).where(_OPEN).values(next_at=at))


async def lock_next(session: AsyncSession, at: datetime, limit: int) -> Sequence[ComplaintRow]:
    """Complaints to be looked at by now, locked; those that another process has are left out."""
    query = (
        select(ComplaintRow)
        .where(col(ComplaintRow.next_at) <= at)
        .order_by(col(ComplaintRow.next_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


_TASK_OPEN = and_(
    col(TaskRow.done_at).is_(None), col(TaskRow.withdrawn_at).is_(None), ~col(TaskRow.told_late)
)


async def lock_late_tasks(session: AsyncSession, at: datetime, limit: int) -> Sequence[TaskRow]:
    """Tasks that have become late and are not told of, locked."""
    query = (
        select(TaskRow)
        .where(_TASK_OPEN, col(TaskRow.due_at) <= at)
        .order_by(col(TaskRow.due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def next_moment(session: AsyncSession) -> datetime | None:
    """When the next complaint or task is to be looked at; None: none is."""
    complaint = await session.scalar(select(func.min(ComplaintRow.next_at)))
    task = await session.scalar(select(func.min(TaskRow.due_at)).where(_TASK_OPEN))
    return min((moment for moment in (complaint, task) if moment is not None), default=None)


async def notes_of(
    session: AsyncSession, complaint: int, *, before: int | None, limit: int
) -> Sequence[NoteRow]:
    """Notes on a complaint, the newest first."""
    query = select(NoteRow).where(col(NoteRow.complaint_id) == complaint)
    if before is not None:
        query = query.where(col(NoteRow.id) < before)
    return (await session.scalars(query.order_by(col(NoteRow.id).desc()).limit(limit))).all()


async def links_of(session: AsyncSession, complaint: int) -> Sequence[LinkRow]:
    """Calls and orders of a complaint, in the order in which they came to it."""
    query = select(LinkRow).where(col(LinkRow.complaint_id) == complaint)
    return (await session.scalars(query.order_by(col(LinkRow.at), col(LinkRow.ref)))).all()


async def get_link(session: AsyncSession, complaint: int, kind: LinkKind, ref: str) -> LinkRow | None:
    """A call or an order of a complaint, or None."""
    return await session.get(LinkRow, (complaint, kind.value, ref))


async def remove_link(session: AsyncSession, row: LinkRow) -> None:
    """Take a call or an order off a complaint."""
    await session.delete(row)
    await session.flush()


async def tasks_of(session: AsyncSession, complaint: int) -> Sequence[TaskRow]:
    """Tasks of a complaint, in the order in which they were made."""
    query = select(TaskRow).where(col(TaskRow.complaint_id) == complaint).order_by(col(TaskRow.id))
    return (await session.scalars(query)).all()


async def get_task(session: AsyncSession, complaint: int, task: int) -> TaskRow | None:
    """One task of a complaint, locked, or None."""
    query = select(TaskRow).where(col(TaskRow.complaint_id) == complaint, col(TaskRow.id) == task)
    found: TaskRow | None = await session.scalar(query.with_for_update())
    return found


async def page_tasks(
    session: AsyncSession,
    *,
    assignee: int | None,
    late_at: datetime | None,
    after: tuple[datetime, int] | None,
    limit: int,
) -> Sequence[TaskRow]:
    """Open tasks, the next due first; `after` ended the page before."""
    due, id_ = col(TaskRow.due_at), col(TaskRow.id)
    query = select(TaskRow).where(col(TaskRow.done_at).is_(None), col(TaskRow.withdrawn_at).is_(None))
    if assignee is not None:
        query = query.where(col(TaskRow.assignee) == assignee)
    if late_at is not None:
        query = query.where(due <= late_at)
    if after is not None:
        query = query.where(tuple_(due, id_) > tuple_(*after, types=(UtcDateTime(), BigInt)))
    return (await session.scalars(query.order_by(due, id_).limit(limit))).all()


async def count_items(session: AsyncSession, kind: type[Row], complaint: int) -> int:
    """How many rows of a kind a complaint has."""
    table = table_of(kind)
    query = select(func.count()).select_from(table).where(table.c.complaint_id == complaint)
    return await session.scalar(query) or 0


async def of_call(
    session: AsyncSession, call: str, contact: int | None, limit: int
) -> Sequence[ComplaintRow]:
    """Complaints that a call belongs to, and open ones of its contact; the newest first."""
    theirs: Any = and_(col(ComplaintRow.contact_id) == contact, _OPEN) if contact is not None else False
    query = (
        select(ComplaintRow)
        .where(or_(_linked(LinkKind.CALL, call), theirs))
        .order_by(col(ComplaintRow.id).desc())
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def linked_to_call(session: AsyncSession, call: str) -> set[int]:
    """The ids of complaints that a call belongs to."""
    query = select(LinkRow.complaint_id).where(
        col(LinkRow.kind) == LinkKind.CALL.value, col(LinkRow.ref) == call
    )
    return set(await session.scalars(query))


async def list_categories(session: AsyncSession) -> Sequence[CategoryRow]:
    """Every category, in the order of the list."""
    query = select(CategoryRow).order_by(col(CategoryRow.position), col(CategoryRow.id))
    return (await session.scalars(query)).all()


async def get_category(session: AsyncSession, id_: int) -> CategoryRow | None:
    """One category, or None."""
    return await session.get(CategoryRow, id_)


async def get_user(session: AsyncSession, id_: int) -> UserRow | None:
    """One user, or None."""
    return await session.get(UserRow, id_)
